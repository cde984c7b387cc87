package pmpsmart_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

func TestCallPostsUnderTheBaseURL(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, path, wantPath, wantQuery string }{
		{"a path", "stock/move", "/api/v1/stock/move", ""},
		{"a slash before", "/stock/move", "/api/v1/stock/move", ""},
		{"a slash behind", "stock/", "/api/v1/stock/", ""},
		{"a query", "stock?page=2&x=a%20b", "/api/v1/stock", "page=2&x=a%20b"},
		{"dots in a query", "stock?f=../../x", "/api/v1/stock", "f=../../x"},
		{"an address in a query", "stock?u=http://evil.example//x", "/api/v1/stock", "u=http://evil.example//x"},
		{"dots in a name", "stock/a..b/.x/x./...", "/api/v1/stock/a..b/.x/x./...", ""},
		{"an escape", "stock/a%20b", "/api/v1/stock/a b", ""},
		{"a percent sign", "stock/100%25", "/api/v1/stock/100%", ""},
		{"a colon", "stock/a:b", "/api/v1/stock/a:b", ""},
		{"a letter beyond ASCII", "stok/é", "/api/v1/stok/é", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`null`))
			require.NoError(t, s.client().Call(t.Context(), row.path, nil, nil))
			require.Len(t, s.Requests(), 1)
			got := s.Requests()[0]
			require.Equal(t, testserver.Request{Method: "POST", Path: row.wantPath, Query: row.wantQuery, Header: got.Header}, got)
		})
	}
}

func TestCallStaysUnderTheBaseURL(t *testing.T) {
	t.Parallel()
	const (
		none    = "want a path under the base URL"
		leaves  = "it leaves the base URL"
		odd     = "it holds characters that no path does"
		address = "want a path under the base URL, not an address"
	)
	for path, problem := range map[string]string{
		"": none, "/": none, "?x=1": none, "/?x": none,
		"..": leaves, "../admin": leaves, "/../admin": leaves, "a/../../admin": leaves, "a/..": leaves, "./x": leaves, "a/.": leaves,
		"%2e%2e/admin": leaves, "%2E%2E/admin": leaves, ".%2e/admin": leaves, "a%2f..%2fadmin": leaves, "a%2F%2e%2e": leaves,
		"%252e%252e/admin": leaves, "a%252f%252e%252e": leaves, "%25252e%25252e/x": leaves, "..;/admin": leaves, "..;v=1/admin": leaves,
		"..%5cadmin": leaves, "a%5c..%5cadmin": leaves,
		`..\admin`: odd, `\\evil.example\x`: odd, "a b": odd, "a\tb": odd, "a\r\nHost: x": odd, "x#y": odd, "a%zz": odd, "a%2": odd, "\x00": odd, "a\x7f": odd,
		"//evil.example/x": address, "///evil.example": address, "http://evil.example/x": address, "https://evil.example": address,
		"HTTP://evil.example": address, "javascript://x": address,
	} {
		shown := pmpsmart.InputError{Op: "Call", Field: "path", Problem: "is " + quoted(path) + "; " + problem}
		row := refused{want: shown, do: func(ctx context.Context, c *pmpsmart.Client) error { return c.Call(ctx, path, nil, nil) }}
		t.Run(quoted(path), row.check)
	}
}

func quoted(path string) string {
	text, _ := json.Marshal(path)
	return strings.NewReplacer(`\u0000`, `\x00`, `\u007f`, `\x7f`, "\x7f", `\x7f`).Replace(string(text))
}

func TestCallSendsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name string
		in   any
		want string
	}{
		{"nothing", nil, ""},
		{"a struct", struct {
			A int `json:"a,omitempty"`
			B string
		}{0, "<x & y>"}, `{"B":"<x & y>"}`},
		{"a map", map[string]any{"b": 1, "a": []int{}}, `{"a":[],"b":1}`},
		{"raw JSON", rawJSON(` {"a": 1.0} `), ` {"a": 1.0} `},
		{"bytes", []byte(`[]`), `[]`},
		{"a string", "x", `"x"`},
		{"a model", pmpsmart.Outlet{ID: 7, Code: "A"}, `{"id":7,"kode_outlet":"A","nama_outlet":"","alamat":"","created_at":null,"updated_at":null}`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`null`))
			require.NoError(t, s.client().Call(t.Context(), "x", row.in, nil))
			require.Equal(t, row.want, s.Requests()[0].Body)
		})
	}
}

func TestCallRefusesWhatItCannotSendOrFill(t *testing.T) {
	t.Parallel()
	var nilOrder *pmpsmart.Order
	call := func(in, out any) func(context.Context, *pmpsmart.Client) error {
		return func(ctx context.Context, c *pmpsmart.Client) error { return c.Call(ctx, "x", in, out) }
	}
	rows := []refused{
		{"no JSON", pmpsmart.InputError{Op: "Call", Field: "in", Problem: `is not JSON: "{"`}, call([]byte(`{`), nil)},
		{"Latin-1", pmpsmart.InputError{Op: "Call", Field: "in", Problem: "is not UTF-8"}, call([]byte("\"\xff\""), nil)},
		{"a nil pointer", pmpsmart.InputError{Op: "Call", Field: "in", Problem: "is a nil *pmpsmart.Order; want a value or raw JSON"}, call(nilOrder, nil)},
		{"a channel", pmpsmart.InputError{Op: "Call", Field: "in", Problem: "can't be made JSON: json: unsupported type: chan int"}, call(make(chan int), nil)},
		{"no pointer", pmpsmart.InputError{Op: "Call", Field: "out", Problem: "is a pmpsmart.Order; want a pointer to what the data is decoded into, or nil"}, call(nil, pmpsmart.Order{})},
		{"a nil pointer to fill", pmpsmart.InputError{Op: "Call", Field: "out", Problem: "is a nil *pmpsmart.Order; want a pointer to what the data is decoded into, or nil"}, call(nil, nilOrder)},
		{"a channel to fill", pmpsmart.InputError{Op: "Call", Field: "out", Problem: "is a *chan int; want a pointer to what the data is decoded into, or nil"}, call(nil, new(chan int))},
	}
	for _, row := range rows {
		t.Run(row.name, row.check)
	}
}

func TestCallDecodesLeniently(t *testing.T) {
	t.Parallel()
	type stock struct {
		ID    int       `json:"id"`
		Price float64   `json:"harga"`
		Ready bool      `json:"ada"`
		At    time.Time `json:"pada"`
		Tags  []string  `json:"tag"`
		Meta  map[string]int
	}
	s := serve(t, success(`{"id":"7","harga":"1000.50","ada":"1","pada":"2026-02-02 09:00:00","tag":"","Meta":[]}`))
	var got stock
	require.NoError(t, s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), "x", nil, &got))
	require.True(t, got.At.Equal(time.Date(2026, 2, 2, 2, 0, 0, 0, time.UTC)))
	got.At = time.Time{}
	require.Equal(t, stock{ID: 7, Price: 1000.5, Ready: true}, got)
}

func TestCallFillsAnyShape(t *testing.T) {
	t.Parallel()
	outlets := []pmpsmart.Outlet{{ID: 1}, {ID: 2}}
	rows := []struct {
		name, body string
		out, want  any
	}{
		{"a list", `{"status":"success","data":[{"id":"1"},{"id":2}]}`, new([]pmpsmart.Outlet), &outlets},
		{"a paginator's page", `{"data":{"current_page":1,"last_page":9,"data":[{"id":"1"},{"id":2}]}}`, new([]pmpsmart.Outlet), &outlets},
		{"records by key", `{"data":{"1":{"id":"1"},"2":{"id":2}}}`, new([]pmpsmart.Outlet), &outlets},
		{"a record", `{"data":{"id":"1"}}`, new(pmpsmart.Outlet), &outlets[0]},
		{"a bare record", `{"id":"1"}`, new(pmpsmart.Outlet), &outlets[0]},
		{"a number in a string", `{"data":"12"}`, new(int), ptr(12)},
		{"raw JSON", `{"data":{"a" : 1}}`, new(json.RawMessage), ptr(rawJSON(`{"a" : 1}`))},
		{"anything", `{"data":{"a":[1,"x"]}}`, new(any), ptr[any](map[string]any{"a": []any{1.0, "x"}})},
		{"nothing", `{"status":"success"}`, ptr(7), ptr(7)},
		{"null", `{"status":"success","data":null}`, ptr(7), ptr(0)},
		{"an array of one record", `{"data":[{"id":"1"}]}`, new(pmpsmart.Outlet), &outlets[0]},
		{"an array of one struct", `{"data":[{"id":"1"}]}`, new(struct{ ID int }), &struct{ ID int }{1}},
		{"an array of one number", `{"data":[1]}`, new([1]int), &[1]int{1}},
		{"true for a record", `{"data":true}`, &pmpsmart.Outlet{ID: 2}, new(pmpsmart.Outlet)},
		{"no content, whatever was wanted", "", ptr(7), ptr(7)},
		{"a list with gaps", `{"data":{"0":"a","2":"b"}}`, new([]string), &[]string{"a", "b"}},
		{"a list that reads itself", `{"data":{"a":1}}`, new(itself), ptr(itself{`{"a":1}`})},
		{"a number as text", `{"data":"12.50"}`, new(json.Number), ptr(json.Number("12.50"))},
		{"a count for a record", `{"data":1}`, &pmpsmart.Outlet{ID: 2}, new(pmpsmart.Outlet)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			status := 200
			if row.body == "" {
				status = 204
			}
			s := serve(t, respond(status, row.body))
			require.NoError(t, s.client().Call(t.Context(), "x", nil, row.out))
			require.Equal(t, row.want, row.out)
		})
	}
}

func ptr[T any](v T) *T { return &v }

// Data that the caller's type can't hold at all is no success with nothing in it.
func TestCallCannotFillTheType(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, body string
		out        any
		want       string
	}{
		{"several records for one", `{"data":[{"id":1},{"id":2}]}`, new(pmpsmart.Outlet), `data: want pmpsmart.Outlet, got [{"id":1},{"id":2}]`},
		{"several for a struct", `{"data":[{"id":1},{"id":2}]}`, new(struct{ ID int }), `data: want struct { ID int }, got [{"id":1},{"id":2}]`},
		{"a text for a record", `{"data":"sudah"}`, new(pmpsmart.Outlet), `data: want pmpsmart.Outlet, got "sudah"`},
		{"a text for a list", `{"data":"sudah"}`, new([]pmpsmart.Outlet), `data: want []pmpsmart.Outlet, got "sudah"`},
		{"a text for a number", `{"data":"sudah"}`, new(int), `data: want int, got "sudah"`},
		{"a number beyond its type", `{"data":300}`, new(uint8), `data: want uint8, got 300`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := serve(t, respond(200, row.body)).client().Call(t.Context(), "x", nil, row.out)
			var unreadable *pmpsmart.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.EqualError(t, unreadable.Err, row.want)
			var open *pmpsmart.OutcomeUnknownError
			require.NotErrorAs(t, err, &open, "the server said that it did it")
			require.Equal(t, row.body, string(unreadable.Snippet))
		})
	}
}

// Drift inside a list is reported once for all of its records, at the path that
// stands for all of them.
func TestCallReportsDrift(t *testing.T) {
	t.Parallel()
	type row struct {
		ID   int      `json:"id"`
		Sub  struct{} `json:"sub"`
		List []int    `json:"list"`
	}
	s := serve(t, success(`[{"id":"x"},{"id":[],"sub":"no","list":[1,"y","z"]},{"id":3}]`))
	var drifts []pmpsmart.Drift
	var got []row
	err := s.client(pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { drifts = append(drifts, d) })).Call(t.Context(), "x", nil, &got)
	require.NoError(t, err)
	require.Equal(t, []row{{}, {List: []int{1, 0, 0}}, {ID: 3}}, got)
	require.Equal(t, []pmpsmart.Drift{
		{Op: "Call", Path: "data.*.id", Want: "int", Got: rawJSON(`"x"`), Count: 2},
		{Op: "Call", Path: "data.*.sub", Want: "struct {}", Got: rawJSON(`"no"`), Count: 1},
		{Op: "Call", Path: "data.*.list.*", Want: "int", Got: rawJSON(`"y"`), Count: 2},
	}, drifts)
}

func TestCallReportsDriftOfModels(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"pesanan":[{"id":1,"user_id":"abc"},{"id":2,"user_id":{}}]}`))
	type wrapped struct {
		Orders []pmpsmart.Order `json:"pesanan"`
	}
	var drifts []pmpsmart.Drift
	var got wrapped
	err := s.client(pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { drifts = append(drifts, d) })).Call(t.Context(), "x", nil, &got)
	require.NoError(t, err)
	require.Equal(t, []pmpsmart.Drift{{Op: "Call", Path: "data.pesanan.*.user_id", Want: "integer", Got: rawJSON(`"abc"`), Count: 2}}, drifts)
	require.Equal(t, int64(2), got.Orders[1].ID)
	require.JSONEq(t, `{"user_id":{}}`, got.Orders[1].Extra.String())

	err = s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), "x", nil, &got)
	var broken *pmpsmart.DecodeError
	require.ErrorAs(t, err, &broken)
	require.EqualError(t, broken.Err, `data.pesanan.0.user_id: want integer, got "abc"`)
}

// itself is a list that reads itself.
type itself []string

func (i *itself) UnmarshalJSON(b []byte) error {
	*i = itself{string(b)}
	return nil
}

// One odd value inside of what is filled is drift, whatever its type and the
// value, and all the rest is read.
func TestCallFillsAroundMismatches(t *testing.T) {
	t.Parallel()
	type item struct {
		ID int `json:"id"`
	}
	type order struct {
		ID     int            `json:"id"`
		Outlet item           `json:"outlet"`
		User   *item          `json:"user"`
		Items  []item         `json:"items"`
		Tags   []string       `json:"tags"`
		Counts map[string]int `json:"counts"`
		N      json.Number    `json:"n"`
	}
	some := []item{{1}, {2}}
	for _, row := range []struct {
		data string
		want order
		odd  string // the path of the drift
	}{
		{`"outlet":false,"user":false,"items":false,"tags":false,"counts":false`, order{ID: 7, User: new(item)}, ""},
		{`"outlet":[],"items":"","tags":null,"counts":[]`, order{ID: 7}, ""},
		{`"items":{}`, order{ID: 7, Items: []item{}}, ""},
		{`"items":{"0":{"id":1},"2":{"id":"2"}}`, order{ID: 7, Items: some}, ""},
		{`"items":{"current_page":1,"data":[{"id":1},{"id":2}]}`, order{ID: 7, Items: some}, ""},
		{`"tags":{"1":"a","5":7}`, order{ID: 7, Tags: []string{"a", "7"}}, ""},
		{`"n":"12"`, order{ID: 7, N: "12"}, ""},
		{`"outlet":5`, order{ID: 7}, "data.outlet"},
		{`"user":true`, order{ID: 7, User: new(item)}, "data.user"},
		{`"items":5`, order{ID: 7}, "data.items"},
		{`"items":[1,{"id":2}]`, order{ID: 7, Items: []item{{}, {2}}}, "data.items.*"},
		{`"items":{"0":{"id":"x"},"2":{"id":2}}`, order{ID: 7, Items: []item{{}, {2}}}, "data.items.*.id"},
		{`"tags":{"a":"x"}`, order{ID: 7, Tags: []string{""}}, "data.tags.*"},
		{`"counts":5`, order{ID: 7}, "data.counts"},
		{`"n":"banyak"`, order{ID: 7, N: "banyak"}, "data.n"},
	} {
		t.Run(row.data, func(t *testing.T) {
			t.Parallel()
			var told []pmpsmart.Drift
			s := serve(t, success(`{"id":7,`+row.data+`}`))
			var got order
			require.NoError(t, s.client(drifts(&told)).Call(t.Context(), "x", nil, &got))
			if row.odd == "data.n" {
				row.want.N = ""
			}
			require.Equal(t, row.want, got)
			if row.odd == "" {
				require.Empty(t, told)
				return
			}
			require.Len(t, told, 1)
			require.Equal(t, row.odd, told[0].Path)
			err := s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), "x", nil, &got)
			var unreadable *pmpsmart.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.Contains(t, unreadable.Err.Error(), strings.ReplaceAll(row.odd, ".*", ".0")+": want ")
		})
	}
}

// A list of which Call has read one page is not all of it, which is drift.
func TestCallTellsOfPagesThatFollow(t *testing.T) {
	t.Parallel()
	const records = `[{"id":1},{"id":2}]`
	for _, row := range []struct {
		name, path string
		in         any
		body       string
		out        any
		count      string // of the records read; "" where nothing is told
	}{
		{"a paginator", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new([]pmpsmart.Outlet), "2"},
		{"a simple paginator", "x", nil, `{"data":{"current_page":1,"next_page_url":"/x?page=2","data":` + records + `}}`, new([]pmpsmart.Outlet), "2"},
		{"a cursor", "x", nil, `{"data":{"next_cursor":"abc","data":` + records + `}}`, new([]pmpsmart.Outlet), "2"},
		{"beside data", "x", nil, `{"data":` + records + `,"meta":{"current_page":1,"last_page":2}}`, new([]pmpsmart.Outlet), "2"},
		{"links beside data", "x", nil, `{"data":` + records + `,"links":{"next":"/x?page=2"}}`, new([]pmpsmart.Outlet), "2"},
		{"without data", "x", nil, `{"current_page":1,"last_page":2,"orders":` + records + `}`, new([]pmpsmart.Outlet), "2"},
		{"a total", "x", nil, `{"data":` + records + `,"total":5}`, new([]pmpsmart.Outlet), "2"},
		{"a total inside", "x", nil, `{"data":{"total":5,"rows":` + records + `}}`, new([]pmpsmart.Outlet), "2"},
		{"a pointer to a list", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new(*[]pmpsmart.Outlet), "2"},
		{"raw JSON", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new(json.RawMessage), "2"},
		{"one record", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":[{"id":1}]}}`, new([]pmpsmart.Outlet), "1"},
		{"another question", "x?q=page", map[string]int{"pages": 1}, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new([]pmpsmart.Outlet), "2"},

		{"the last page", "x", nil, `{"data":{"current_page":9,"last_page":9,"total":2,"data":` + records + `}}`, new([]pmpsmart.Outlet), ""},
		{"no pages", "x", nil, `{"data":` + records + `}`, new([]pmpsmart.Outlet), ""},
		{"a page that was asked for", "x?page=1", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new([]pmpsmart.Outlet), ""},
		{"a page that was asked for in the body", "x", map[string]int{"page": 1}, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new([]pmpsmart.Outlet), ""},
		{"a cursor that was asked for", "x?cursor=abc", nil, `{"data":{"next_cursor":"abc","data":` + records + `}}`, new([]pmpsmart.Outlet), ""},
		{"a struct for the page", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, new(struct{ Data []pmpsmart.Outlet }), ""},
		{"a record", "x", nil, `{"data":{"id":1,"next":5,"total":7}}`, new(pmpsmart.Outlet), ""},
		{"a record of which nobody knows the fields", "x", nil, `{"data":{"nama":"x","total":700,"items":[{"n":1}]}}`, new(any), ""},
		{"a record with items", "x", nil, `{"data":{"id":1,"total":700,"items":[{"id":1}]}}`, new(any), ""},
		{"nothing wanted", "x", nil, `{"data":{"current_page":1,"last_page":9,"data":` + records + `}}`, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, respond(200, row.body))
			var told []pmpsmart.Drift
			require.NoError(t, s.client(drifts(&told)).Call(t.Context(), row.path, row.in, row.out))
			err := s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), row.path, row.in, row.out)
			if row.count == "" {
				require.Empty(t, told)
				require.NoError(t, err)
				return
			}
			const want = "all pages of the list, as ListAs reads them"
			require.Equal(t, []pmpsmart.Drift{{Op: "Call", Path: "data", Want: want, Got: rawJSON(row.count), Count: 1}}, told)
			var unreadable *pmpsmart.DecodeError
			require.ErrorAs(t, err, &unreadable)
			require.ErrorContains(t, unreadable.Err, "data: want "+want+", got "+row.count+" record")
			var open *pmpsmart.OutcomeUnknownError
			require.NotErrorAs(t, err, &open, "the server said that it did it")
			require.Len(t, s.Requests(), 2)
		})
	}
}
