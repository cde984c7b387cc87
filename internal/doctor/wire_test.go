package doctor

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, value, want string }{
		{"a", `null`, "null"},
		{"a", `true`, "bool"},
		{"a", `7`, "integer"},
		{"a", `-7`, "integer"},
		{"a", `7.5`, "number"},
		{"a", `1.0e+25`, "number"},
		{"a", `1770000000`, "integer"},
		{"created_at", `1770000000`, "unix-time"},
		{"created_at", `"1770000000"`, "unix-time-in-string"},
		{"a", `""`, "empty-string"},
		{"a", `" "`, "empty-string"},
		{"a", `"7"`, "integer-in-string"},
		{"a", `"1000.50"`, "number-in-string"},
		{"a", `"0812"`, "digits-in-string"},
		{"a", `"+62812"`, "digits-in-string"},
		{"a", `9223372036854775807`, "integer"},
		{"a", `9223372036854775808`, "number"}, // an int64 does not hold it
		{"a", `"-9223372036854775808"`, "integer-in-string"},
		{"a", `"20260202123456789012"`, "digits-in-string"},
		{"a", `"true"`, "bool-in-string"},
		{"a", `"-"`, "string"},
		{"a", `"."`, "string"},
		{"a", `"e5"`, "string"},
		{"a", `"Toko Budi"`, "string"},
		{"a", `"{\"a\":1}"`, "json-in-string"},
		{"a", `"{broken"`, "string"},
		{"a", `"2026-02-02"`, "date"},
		{"a", `"2026-02-02 09:00:00"`, "sql-time"},
		{"a", `"2026-02-02T09:00:00"`, "iso-time-no-zone"},
		{"a", `"2026-02-02T09:00:00.000000Z"`, "iso-time"},
		{"a", `"2026-02-02T09:00:00+07:00"`, "iso-time"},
		{"a", `"0000-00-00 00:00:00"`, "zero-time"},
		{"a", `"-0001-11-30T00:00:00.000000Z"`, "zero-time"},
		{"a", `[]`, "empty-array"},
		{"a", `[1]`, "array"},
		{"a", `{}`, "empty-object"},
		{"a", `{"b":1}`, "object"},
		{"a", `{"date":"2026-02-02 09:00:00.000000","timezone_type":3,"timezone":"Asia/Jakarta"}`, "carbon-time"},
	} {
		n := read([]byte(test.value)).top
		assert.Equal(t, test.want, kindOf(test.name, &n), "%s %s", test.name, test.value)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 100_000)
	for _, test := range []struct {
		body, shape, noise string
		records            int
	}{
		{``, report.IsEmpty, "", 0},
		{" \n ", report.IsEmpty, "", 0},
		{`<!DOCTYPE html><p>502</p>`, report.IsHTML, "", 0},
		{`Unauthorized.`, report.IsText, "", 0},
		{`{"data":[{"id":1},null,{"id":2}]}`, "{data:[record,null]}", "", 2},
		{`{"data":[{"id":1},{"id":2`, "{data:[record]}, " + report.IsCut, "", 2},
		{`{"data":[{"id":NaN}]}`, "{data:[record]}, " + report.IsBroken, "", 1},
		{`{"status":"error"}{"data":[]}`, "{status:string}, " + report.IsTwo, "", 0},
		{"\xef\xbb\xbf" + `{"data":[]}`, "{data:[]}", "byte-order mark", 0},
		{`<br /><b>Warning</b>: x[0] in {f}` + "\n" + `{"data":[{"id":1}]}`, "{data:[record]}", "html", 1},
		{"\nNotice: a [b] c\n" + `[{"id":1}]`, "[record]", "text", 1},
		{"\nNotice: a [b] c\n" + `{"data":[{"id":1}]}` + "\n<!-- 0.02 s -->", "{data:[record]}, " + report.IsTwo, "text", 1},
		{"<!DOCTYPE html><script>\n" + `{"id":1}` + "\n</script>", report.IsHTML, "", 0},
		{`[1,"a"]`, "[integer,string]", "", 0},
		{`"ok"`, "string", "", 0},
		{`{"status":"success","data":{"orders":[{"id":1}],"count":1}}`, "{status:string,data:{orders:[record],count:integer}}", "", 1},
		{`{"data":{"2":{"id":2},"1":{"id":1}}}`, "{data:{*:record}}", "", 2},
		{`{"data":{"current_page":1,"data":[{"id":1}],"last_page":1,"total":1}}`, "{data:{paginator,data:[record]}}", "", 1},
		{`{"message":"x","errors":{"email":["y"]}}`, "{message:string,errors:object}", "", 0},
		{deep, "[array], " + report.IsHuge, "", 0},
	} {
		r := read([]byte(test.body))
		found := find(r, false, &wanted{fields: []string{"id"}, many: true})
		assert.Equal(t, test.shape, found.shape, "%.60q", test.body)
		assert.Equal(t, test.noise, r.noise, "%.60q", test.body)
		assert.Len(t, found.records, test.records, "%.60q", test.body)
	}
}

// TestTapLetsOnlyReadsPass sends what writes.
func TestTapLetsOnlyReadsPass(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, p := range probes {
		paths = append(paths, p.path)
	}
	tap := &tap{next: http.DefaultTransport, base: "/api/v1", paths: paths, see: func(answer) {}}
	for _, path := range []string{"json/order", "json/order/update", "master/outlet/update", "order/update", "auth/logout", "", "orders"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:1/api/v1/"+path, nil)
		require.NoError(t, err)
		_, err = tap.RoundTrip(r)
		assert.ErrorContains(t, err, "the doctor only reads", path)
	}
}

// FuzzRead has no body break the doctor, nor make it say what it should not.
func FuzzRead(f *testing.F) {
	for _, body := range []string{`{"data":[{"id":1,"a":{"b":[1,"x"]}}]}`, `[[[`, `<p>{"id":1}`, `{"a":{"1":{},"2":{}}}`, "\xff{}"} {
		f.Add([]byte(body), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, cut bool) {
		found := find(read(body), cut, &wanted{fields: []string{"id"}, many: cut})
		if found.shape == "" {
			t.Fatal("no shape")
		}
		c := newCensus(10)
		c.records(found.records)
		for _, field := range c.result([]string{"id"}, nil) {
			for _, name := range strings.Split(field.Name, ".") {
				if name != "*" && report.ShownName(name) != name {
					t.Fatalf("field %q", field.Name)
				}
			}
		}
	})
}
