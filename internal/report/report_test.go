package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// one returns a report of one endpoint with members more.
func one(members string) string {
	return `{"pmpsmart_doctor":2,"date":"2026-02-02","version":"v0.1.0","max_records":2000,"endpoints":[{"path":"order","method":"ListOrders","outcome":"ok"` + members + `}]}`
}

func TestReadOldReports(t *testing.T) {
	t.Parallel()
	r, err := Read([]byte(`{"pmpsmart_doctor":1,"date":"2026-01-05","version":"v0.1.0","max_records":2000,"endpoints":[
		{"path":"order","method":"ListOrders","outcome":"ok","answers":[{"http":200,"content_type":"application/json","shape":"{status:string,data:[record]}","count":1}],"fields":null},
		{"path":"visit","method":"ListVisits","outcome":"not asked","why":"interrupted","answers":null,"fields":null}]}`))
	require.NoError(t, err)
	assert.Equal(t, []*Field{}, r.Of("order").Fields)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"fields":[]`)
	assert.NotContains(t, string(text), "null")
}

// A report is foreign input: what no doctor wrote is refused in one short line.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	field := func(text string) string { return one(`,"fields":[` + text + `]`) }
	answer := func(shape string) string {
		text, _ := json.Marshal(shape)
		return one(`,"answers":[{"http":200,"shape":` + string(text) + `}]`)
	}
	for name, text := range map[string]string{
		"nothing":              ``,
		"no JSON":              `{"pmpsmart_doctor":2,`,
		"no version":           `{"endpoints":[]}`,
		"a version below 1":    `{"pmpsmart_doctor":0}`,
		"an array":             `[{"pmpsmart_doctor":2}]`,
		"another type":         `{"pmpsmart_doctor":2,"endpoints":7}`,
		"an endpoint null":     `{"pmpsmart_doctor":2,"endpoints":[null]}`,
		"an endpoint twice":    `{"pmpsmart_doctor":2,"endpoints":[{"path":"a"},{"path":"a"}]}`,
		"too many endpoints":   `{"pmpsmart_doctor":2,"endpoints":[` + strings.Repeat(`{},`, maxEndpoints) + `{}]}`,
		"an answer null":       one(`,"answers":[null]`),
		"a status":             one(`,"answers":[{"http":7,"shape":"record"}]`),
		"a count below 0":      one(`,"records":-1`),
		"a huge count":         one(`,"requests":9007199254740993`),
		"a field null":         field(`null`),
		"a field twice":        field(`{"name":"a","kinds":{"null":1}},{"name":"a","kinds":{"null":1}}`),
		"a field of no kind":   field(`{"name":"a","count":1}`),
		"a field of odd kind":  field(`{"name":"a","kinds":{"Budi":1}}`),
		"a kind never met":     field(`{"name":"a","kinds":{"null":0}}`),
		"a name with a quote":  field(`{"name":"a\" + evil() + \"","kinds":{"null":1}}`),
		"a name with a tick":   field("{\"name\":\"a`\",\"kinds\":{\"null\":1}}"),
		"a name of a key":      field(`{"name":"OUT-001","kinds":{"null":1}}`),
		"a name without end":   field(`{"name":"` + strings.Repeat("a.", 100) + `a","kinds":{"null":1}}`),
		"an empty name":        field(`{"name":"a..b","kinds":{"null":1}}`),
		"a shape":              answer("{status:Budi}"),
		"a shape not closed":   answer("{status:string"),
		"a shape closed twice": answer("{status:string}}"),
		"a shape without end":  answer(strings.Repeat("[", 1000)),
		"a control character":  one(`,"why":"a\u001b[2J"`),
		"a long text":          one(`,"why":"` + strings.Repeat("x", 1000) + `"`),
	} {
		_, err := Read([]byte(text))
		require.ErrorContains(t, err, "is no report of the doctor", name)
		assert.NotContains(t, err.Error(), "\n", name)
		assert.Less(t, len(err.Error()), 200, name)
	}
	_, err := Read([]byte(`{"pmpsmart_doctor":3,"endpoints":"of a form to come"}`))
	assert.EqualError(t, err, "is a report of form 3; this program reads forms up to 2")
	_, err = Read([]byte(`{"pmpsmart_doctor":1}` + strings.Repeat(" ", maxBytes)))
	assert.EqualError(t, err, "is no report of the doctor: it has more than 16 MiB")
}

func TestParseShape(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"record", "[record]", "{*:record}", "[]", "{}", "string", "{status:string,data:[record,null]}",
		"{data:[record],cursor-paginator}", "{paginator,data:[record]}", "{data:{*:record,*:object}}",
		"{a:[{b:[integer,string]},null],page info:empty-object}", "{paginator:string}",
	} {
		s, err := ParseShape(text)
		require.NoError(t, err, text)
		assert.Equal(t, text, write(s))
	}
	s, err := ParseShape("{status:string,data:[record…")
	require.NoError(t, err)
	assert.True(t, s.Cut)
	assert.Equal(t, "{status:string,data:[record]}", write(s))
	s, err = ParseShape("{data:[record]}, " + IsTwo)
	require.NoError(t, err)
	assert.Equal(t, IsTwo, s.Problem)
	s, err = ParseShape(IsHTML)
	require.NoError(t, err)
	assert.Equal(t, Shape{Problem: IsHTML}, s)
}

// write writes a shape back.
func write(s Shape) string {
	var inner []string
	for _, i := range s.Inner {
		text := write(i)
		if i.Name != "" {
			text = i.Name + ":" + text
		}
		inner = append(inner, text)
	}
	switch s.Form {
	case Array:
		return "[" + strings.Join(inner, ",") + "]"
	case Object:
		return "{" + strings.Join(inner, ",") + "}"
	}
	return s.Form
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, shown := range map[string]bool{
		"id": true, "kode_order": true, "kodeOrder": true, "KODE_ORDER": true, "ID": true, "Total": true, "address2": true,
		"hiv_positif": true, // looks like a field's
		"kode-order":  true, "grand-total": true, "is-lunas": true, "budi-santoso": false, "Kode-Order": false, "OUT-01": false, "order-7": false, "-": false, "-id": false, "kode-": false,
		"OUT-001": false, "Budi": false, "BUDI_SANTOSO": false, "0812": false, "ORDER123456": false, "order1234": false, "a b": false, "": false,
	} {
		assert.Equal(t, shown, ShownName(name) == name, name)
	}
	assert.Equal(t, "data.*.user_id", ShownPath("data.7.user_id"))
}

func TestTree(t *testing.T) {
	t.Parallel()
	e := Endpoint{}
	for _, name := range []string{"id", "items", "items.*.qty", "items.*.harga", "stok.*", "outlet.id"} {
		e.Fields = append(e.Fields, &Field{Name: name, Kinds: map[string]int{"integer": 1}})
	}
	root := e.Tree()
	var names []string
	for _, n := range root.Fields {
		names = append(names, fmt.Sprintf("%s %t %d", n.Name, n.Field != nil, len(n.Fields)))
	}
	assert.Equal(t, []string{"id true 0", "items true 1", "stok false 1", "outlet false 1"}, names)
	assert.Equal(t, "items.*.harga", root.Find("items").Find(Key).Find("harga").Field.Name)
	assert.True(t, root.Find("id").Has("null", "integer"))
	assert.False(t, root.Find("stok").Has("integer"))
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(one(`,"answers":[{"http":200,"shape":"{data:[record…"}],"fields":[{"name":"a.*.b","kinds":{"null":1}}]`)))
	f.Add([]byte(`{"pmpsmart_doctor":3}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Read(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Fatalf("%q", err)
			}
			return
		}
		for _, e := range r.Endpoints {
			e.Tree()
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(again); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
	})
}
