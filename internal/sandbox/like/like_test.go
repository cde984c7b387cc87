package like

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// kindOf returns what the doctor says of a value of a field.
func kindOf(t *testing.T, name string, value any) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, php.Encoding{}.Encode(&text, value))
	decoder := json.NewDecoder(&text)
	decoder.UseNumber()
	var v any
	require.NoError(t, decoder.Decode(&v))
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case json.Number:
		return report.NumberKind(name, v.String())
	case string:
		return report.StringKind(name, v)
	case []any:
		if len(v) == 0 {
			return "empty-array"
		}
		return "array"
	case map[string]any:
		if v["timezone_type"] != nil {
			return "carbon-time"
		}
		if len(v) == 0 {
			return "empty-object"
		}
	}
	return "object"
}

var kinds = []string{"null", "bool", "integer", "number", "string", "array", "object", "empty-string", "empty-array", "empty-object",
	"integer-in-string", "number-in-string", "digits-in-string", "bool-in-string", "json-in-string",
	"iso-time", "iso-time-no-zone", "sql-time", "date", "zero-time", "unix-time", "unix-time-in-string", "carbon-time"}

// An invented value is of its kind, whatever the field's name suggests.
func TestInventedValues(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"x", "id", "lat", "longitude", "harga", "total", "qty", "email", "alamat", "kota", "foto", "kode", "nama", "status",
		"catatan", "created_at", "date_order", "token", "outlet", "produk", "user_id", "jumlah_hari", "type"} {
		for _, kind := range kinds {
			if strings.HasPrefix(kind, "unix-time") && !report.IsTimeName(name) {
				continue
			}
			for n := range int64(300) {
				require.Equal(t, kind, kindOf(t, name, invent(name, kind, n*7919)), "%s %d", name, n)
			}
		}
	}
}

// What the sandbox holds is shown in a kind that can hold it, and in no other.
func TestCarriedValues(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC)
	for _, test := range []struct {
		held any
		want map[string]string // the JSON of each kind
	}{
		{int64(7), map[string]string{"integer": `7`, "integer-in-string": `"7"`, "number": `7.0`, "number-in-string": `"7.00"`}},
		{7.5, map[string]string{"number": `7.5`, "number-in-string": `"7.5"`}},
		{7000.0, map[string]string{"integer": `7000`, "integer-in-string": `"7000"`, "number": `7000.0`, "number-in-string": `"7000.00"`}},
		{"Toko", map[string]string{"string": `"Toko"`}},
		{"0812", map[string]string{"digits-in-string": `"0812"`}},
		{true, map[string]string{"bool": `true`, "bool-in-string": `"true"`}},
		{nil, map[string]string{"null": `null`}},
		{record.Document(`{"a":1}`), map[string]string{"json-in-string": `"{\"a\":1}"`, "object": `{"a":1}`}},
		{record.Document(`[ ]`), map[string]string{"json-in-string": `"[ ]"`, "empty-array": `[ ]`}},
		{record.Day("2026-02-02"), map[string]string{"date": `"2026-02-02"`, "iso-time": `"2026-02-01T17:00:00.000000Z"`, "iso-time-no-zone": `"2026-02-02T00:00:00"`, "sql-time": `"2026-02-02 00:00:00"`,
			"carbon-time": `{"date":"2026-02-02 00:00:00.000000","timezone_type":3,"timezone":"Asia\/Jakarta"}`}},
		{at, map[string]string{"date": `"2026-02-02"`, "iso-time": `"2026-02-02T01:15:30.000000Z"`, "iso-time-no-zone": `"2026-02-02T08:15:30"`, "sql-time": `"2026-02-02 08:15:30"`,
			"unix-time": `1769994930`, "unix-time-in-string": `"1769994930"`, "carbon-time": `{"date":"2026-02-02 08:15:30.000000","timezone_type":3,"timezone":"Asia\/Jakarta"}`}},
	} {
		got := make(map[string]string)
		for _, kind := range kinds {
			if shown, ok := carry(test.held, "created_at", kind); ok {
				var text bytes.Buffer
				require.NoError(t, php.Encoding{}.Encode(&text, shown))
				got[kind] = text.String()
				assert.Equal(t, kind, kindOf(t, "created_at", shown))
			}
		}
		if _, isDay := test.held.(record.Day); isDay {
			delete(got, "integer")
		}
		assert.Equal(t, test.want, got, "%v", test.held)
	}
}

// A report that was made to be large takes neither memory nor time without bound.
func TestLargeReports(t *testing.T) {
	t.Parallel()
	deep, wide := "a", report.Endpoint{Path: "order", Outcome: report.OK, Counted: 10}
	all := make(map[string]int)
	for _, kind := range kinds {
		all[kind] = 1
	}
	for range 15 {
		wide.Fields = append(wide.Fields, &report.Field{Name: deep, Count: 9, Kinds: all})
		deep += ".*"
	}
	for i := range 1900 {
		wide.Fields = append(wide.Fields, &report.Field{Name: fmt.Sprintf("%s.f%c%c%d", "b.*.c.*", 'a'+i/260, 'a'+i/10%26, i%10), Count: 9, Kinds: all})
	}
	looks := newSkeleton(&wide, false)
	assert.LessOrEqual(t, len(looks), mostLooks)
	for _, look := range looks {
		assert.LessOrEqual(t, countValues(look), mostValues*2)
	}
}

func countValues(v *value) int {
	n := 1
	for _, inner := range v.members {
		n += countValues(inner)
	}
	for _, inner := range v.elements {
		n += countValues(inner)
	}
	return n
}

func TestRows(t *testing.T) {
	t.Parallel()
	data := seed.New(100)
	r := &report.Report{Endpoints: []*report.Endpoint{
		{Path: "order", Outcome: report.OK, Records: 2000}, {Path: "visit", Outcome: report.OK}, {Path: "user/sales", Outcome: report.OK, Records: 1},
		{Path: "master/outlet", Outcome: "server error"}, {Path: "json/order/get/filter", Outcome: report.OK, Records: 3},
	}}
	assert.Equal(t, seed.Data{Users: 1, Outlets: 120, Orders: 100, JSONOrders: sampleJSONOrders}, Rows(r, data))
	assert.Equal(t, seed.Data{}, Rows(r, seed.Data{}))
	assert.Equal(t, data, Rows(&report.Report{}, data))
}

// A report of the first version has one word for all that a paginator says.
func TestPagesOfOldReports(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]paging{
		"{status:string,data:{paginator,data:[record]}}": byNumber, "{data:[record],paginator,status:string}": byNumber,
		"{data:[record],simple-paginator}": byNumber, "{data:{data:[record],cursor-paginator}}": byCursor, "{data:[record],total:integer}": noPages,
		"{page:integer,total:integer,limit:integer,data:[record]}": byNumber,
	} {
		s, err := report.ParseShape(text)
		require.NoError(t, err)
		assert.Equal(t, want, pagesOf(withPages(s)), text)
	}
}

// A field that is an object in some records and an array of objects in others: the
// elements are no members of the object.
func TestObjectsAndArrays(t *testing.T) {
	t.Parallel()
	e := &report.Endpoint{Counted: 10, Fields: []*report.Field{
		{Name: "x", Count: 10, Kinds: map[string]int{"object": 6, "array": 4}},
		{Name: "x.a", Count: 6, Kinds: map[string]int{"integer": 6}},
		{Name: "x.*.b", Count: 8, Kinds: map[string]int{"integer": 8}},
	}}
	members := make(map[string]bool)
	for _, look := range newSkeleton(e, false) {
		x := look.members[0]
		for _, m := range x.members {
			members[x.kind+"."+m.name] = true
		}
		for _, element := range x.elements {
			members[x.kind+".*."+element.members[0].name] = true
		}
	}
	assert.Equal(t, map[string]bool{"object.a": true, "array.*.b": true}, members)
}
