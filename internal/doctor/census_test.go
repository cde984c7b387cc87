package doctor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// count returns the fields of records, each with its kinds.
func count(t *testing.T, records ...string) []string {
	t.Helper()
	c := newCensus(1000)
	for _, record := range records {
		c.records([]node{read([]byte(record)).top})
	}
	return texts(c.result([]string{"id", "kode_order"}, nil))
}

func texts(fields []*report.Field) []string {
	var all []string
	for _, f := range fields {
		star := " "
		if !f.Named {
			star = "*"
		}
		all = append(all, fmt.Sprint(f.Name, star, f.Counts()))
	}
	return all
}

// Fields are told in the order in which a server sends them, whichever record lacks
// some, and those inside a field follow it.
func TestFieldsKeepTheServersOrder(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"uuid*string", "id integer", "outlet*object", "outlet.id*integer", "outlet.nama*string", "diskon*integer", "total*integer 2, string 1"},
		count(t,
			`{"id":1,"outlet":{"nama":"a"},"total":5}`,
			`{"uuid":"x","id":2,"outlet":{"id":3,"nama":"b"},"total":6}`,
			`{"id":2,"outlet":{"id":3,"nama":"b"},"diskon":7,"total":"-"}`))
	assert.Equal(t, []string{"ID integer", "kodeOrder string"}, count(t, `{"ID":1,"kodeOrder":"a"}`), "names whatever their case")
	assert.Equal(t, []*report.Field{}, newCensus(1).result(nil, nil), "none is no null")
}

// A wide table has hundreds of columns; more than a report holds are data.
func TestWideRecords(t *testing.T) {
	t.Parallel()
	wide := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"kolom_%c%c%c":%d`, 'a'+i/676, 'a'+i/26%26, 'a'+i%26, i)
		}
		return `{"id":1` + b.String() + `}`
	}
	assert.Len(t, count(t, wide(400), wide(400)), 401)
	assert.Equal(t, []string{"**integer"}, count(t, wide(600), wide(600)))
}

// Names that differ from record to record are data, however they look.
func TestKeysThatLookLikeFields(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		records []string
		want    string
	}{
		{"others in each record", []string{`{"x":{"budi_santoso":1,"ahmad12":2}}`, `{"x":{"budi_santoso":1,"hiv_positif":3}}`}, "x* x.**"},
		{"one in each record", []string{`{"x":{"budi_santoso":{"n":1}}}`, `{"x":{"ahmad12":{"n":2}}}`}, "x* x.** x.*.n*"},
		{"none in one record", []string{`{"x":{"budi":1}}`, `{"x":[]}`}, "x* x.**"},
		{"empty in one record", []string{`{"x":{"budi":1}}`, `{"x":{}}`}, "x* x.**"},
		{"a word that all have", []string{`{"x":{"total":1,"budi":1}}`, `{"x":{"total":1,"ahmad":1}}`}, "x* x.total* x.**"},
		{"a word and a name that all have", []string{`{"x":{"total":1,"budi":1}}`, `{"x":{"total":1,"budi":1,"ahmad":1}}`}, "x* x.**"},
		{"in an array", []string{`{"x":[{"budi":1},{"ahmad":1}]}`}, "x* x.*.**"},
		{"in what is keyed", []string{`{"x":{"OUT-1":{"budi":1},"OUT-2":{"ahmad":1}}}`}, "x* x.** x.*.**"},
		{"alike objects", []string{`{"x":{"wahyu":{"n":1},"ratna":{"n":2}}}`}, "x* x.** x.*.n*"},

		{"the same in all records", []string{`{"x":{"lat":1,"panjang":2}}`, `{"x":{"lat":1,"panjang":2}}`}, "x* x.lat* x.panjang*"},
		{"a field that some lack", []string{`{"x":[{"nama_produk":"a","qty":1},{"nama_produk":"b","qty":1,"diskon":2}]}`}, "x* x.*.nama_produk* x.*.qty* x.*.diskon*"},
		{"a relation that PHP has as an empty array", []string{`{"x":{"id":1,"nama_outlet":"a"}}`, `{"x":[]}`}, "x* x.id* x.nama_outlet*"},
		{"relations that are alike", []string{`{"x":{"outlet":{"id":1},"user":{"id":2}}}`}, "x* x.outlet* x.outlet.id* x.user* x.user.id*"},
		{"a relation that is not there", []string{`{"x":{"id":1}}`, `{"x":null}`}, "x* x.id*"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var names []string
			for _, field := range count(t, test.records...) {
				name, _, _ := strings.Cut(field, "*"+"integer")
				name, _, _ = strings.Cut(name, "*"+"string")
				name, _, _ = strings.Cut(name, "*"+"object")
				name, _, _ = strings.Cut(name, "*"+"array")
				name, _, _ = strings.Cut(name, "*"+"empty")
				name, _, _ = strings.Cut(name, "*"+"null")
				names = append(names, name+"*")
			}
			assert.Equal(t, test.want, strings.Join(names, " "))
		})
	}
}

// What is keyed at one endpoint is so at another, which sent it only once.
func TestKeysOfOtherEndpoints(t *testing.T) {
	t.Parallel()
	list, detail := newCensus(10), newCensus(10)
	list.records([]node{read([]byte(`{"x":{"budi":1}}`)).top, read([]byte(`{"x":{"ahmad":1}}`)).top})
	detail.records([]node{read([]byte(`{"x":{"budi":1},"y":{"z":1}}`)).top})
	keyed := make(map[string]bool)
	list.findKeyed(keyed)
	detail.findKeyed(keyed)
	assert.Equal(t, []string{"x*object", "x.**integer", "y*object", "y.z*integer"}, texts(detail.result(nil, keyed)))
}

// A server can't make a census grow without end.
func TestCensusIsBounded(t *testing.T) {
	t.Parallel()
	c := newCensus(1000)
	for i := range 300 {
		var record strings.Builder
		for j := range 150 {
			fmt.Fprintf(&record, `,"f%c%c%c":{"a":{"b":%d,"c%c":[1]}}`, 'a'+i%26, 'a'+j%26, 'a'+j/26, j, 'a'+i%26)
		}
		c.records([]node{read([]byte("{" + record.String()[1:] + "}")).top})
	}
	assert.LessOrEqual(t, c.nodes, maxTallies+1)
	assert.LessOrEqual(t, len(c.result(nil, nil)), maxFields)
}
