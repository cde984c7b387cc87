package pmpsmart_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// stok is a record of which this library knows nothing.
type stok struct {
	Nama   string     `json:"nama"`
	Jumlah int        `json:"jumlah"`
	Harga  float64    `json:"harga"`
	Sejak  *time.Time `json:"sejak"`
	Lain   []string
}

const aStok = `{"nama":"Kopi","jumlah":"12","harga":"14500.50","sejak":"2026-02-02 09:00:00","LAIN":{"0":"a","2":7}}`

func wantStok() stok {
	at := time.Date(2026, 2, 2, 9, 0, 0, 0, pmpsmart.WIB)
	return stok{"Kopi", 12, 14500.5, &at, []string{"a", "7"}}
}

// own reads itself.
type ownReader struct{ text string }

func (o *ownReader) UnmarshalJSON(b []byte) error {
	o.text = string(b)
	return nil
}

// listAs reads a list from a server that responds with body to whatever is asked.
func listAs[T any](t *testing.T, body string, opts ...pmpsmart.Option) ([]T, error) {
	t.Helper()
	return collect(pmpsmart.ListAs[T](t.Context(), serve(t, respond(200, body)).client(opts...), "stok", nil))
}

func requireListAs[T any](t *testing.T, body string, want ...T) {
	t.Helper()
	got, err := listAs[T](t, body, pmpsmart.WithStrictDecoding())
	require.NoError(t, err)
	require.Equal(t, want, got)
	one := strings.TrimSuffix(strings.TrimPrefix(body, `{"data":[`), `]}`)
	if len(want) != 1 || one == body || strings.HasPrefix(one, "null") {
		return
	}
	alone, err := pmpsmart.GetAs[T](t.Context(), serve(t, success(one)).client(pmpsmart.WithStrictDecoding()), "stok", nil)
	require.NoError(t, err)
	require.Equal(t, &want[0], alone)
}

func TestListAsAndGetAsOfAllTypes(t *testing.T) {
	t.Parallel()
	stock, id := wantStok(), int64(7)
	requireListAs(t, `{"data":[`+aStok+`]}`, stock)
	requireListAs(t, `{"data":[`+aStok+`]}`, &stock)
	requireListAs(t, `{"data":[{"id":"7","x":[1]}]}`, pmpsmart.Order{ID: 7, Extra: extra(t, `{"x":[1]}`)})
	requireListAs(t, `{"data":[{"id":"7","x":[1]}]}`, &pmpsmart.Visit{ID: 7, Extra: extra(t, `{"x":[1]}`)})
	requireListAs(t, `{"data":[{"id":"7","x":[1]}]}`, rawJSON(`{"id":"7","x":[1]}`))
	requireListAs(t, `{"data":[{"id":"7","x":[1]}]}`, map[string]any{"id": "7", "x": []any{1.0}})
	requireListAs(t, `{"data":[{"id":"7","x":1}]}`, map[string]int{"id": 7, "x": 1})
	requireListAs[any](t, `{"data":[{"id":"7"}]}`, map[string]any{"id": "7"})
	requireListAs(t, `{"data":[{"id":"7"}]}`, extra(t, `{"id":"7"}`))
	requireListAs(t, `{"data":[{"id":"7"}]}`, ownReader{`{"id":"7"}`})
	requireListAs(t, `{"data":[{"id":"7"}]}`, struct {
		pmpsmart.Order
		ID *int64 `json:"id"`
	}{pmpsmart.Order{ID: 7}, &id})
	requireListAs(t, `{"data":[{"id":7,"total":"5","x":1}]}`, struct {
		*pmpsmart.Order
		Total float64
	}{&pmpsmart.Order{ID: 7, Extra: extra(t, `{"x":1}`)}, 5})
	requireListAs(t, `{"data":[{"total":"5","x":1}]}`, struct {
		pmpsmart.Extra
		Total float64
	}{extra(t, `{"x":1}`), 5})
	requireListAs(t, `{"data":[{"order":{"id":7,"x":1},"n":5}]}`, struct {
		Order struct {
			pmpsmart.Order
			X int
		}
		N int
	}{N: 5, Order: struct {
		pmpsmart.Order
		X int
	}{pmpsmart.Order{ID: 7}, 1}})

	requireListAs(t, `{"data":["a",7,null]}`, "a", "7")
	requireListAs(t, `{"data":["7",8]}`, 7, 8)
	requireListAs(t, `{"data":[[1,"2"],[]]}`, []int{1, 2}, []int{})
	requireListAs(t, `{"data":["2026-02-02",""]}`, pmpsmart.NewDate(2026, 2, 2), pmpsmart.Date{})
	requireListAs(t, `{"data":[1,{"a":1},"x"]}`, rawJSON(`1`), rawJSON(`{"a":1}`), rawJSON(`"x"`))
}

// Records are found wherever a server puts them, told by the names in T.
func TestListAsFindsRecords(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[` + aStok + `]}`, `[` + aStok + `]`, `{"status":"success","data":{"rows":[` + aStok + `]}}`, `{"rows":[` + aStok + `],"total":1}`,
		`{"data":` + aStok + `}`, `{"data":{"9":` + aStok + `}}`, `{"data":{"current_page":1,"last_page":1,"data":[` + aStok + `]}}`,
		`{"data":[{"type":"stok","attributes":` + aStok + `}]}`, `{"data":[{"barang":` + aStok + `,"gudang":{"kota":"Solo"}}]}`,
		`{"data":[null,` + aStok + `]}`,
	} {
		requireListAs(t, body, wantStok())
	}
	for _, body := range []string{`{"data":[]}`, `{"data":null}`, `{"data":{}}`, `{"data":{"total":0,"data":[]}}`, `{"status":"success","data":""}`} {
		got, err := listAs[stok](t, body)
		require.NoError(t, err)
		require.Empty(t, got, body)
	}
	type page struct {
		Total int    `json:"total"`
		Path  string `json:"path"`
	}
	requireListAs(t, `{"data":[{"total":5,"path":"x"},{"total":6}]}`, page{5, "x"}, page{6, ""})
}

func TestGetAsFindsTheRecord(t *testing.T) {
	t.Parallel()
	type summary struct {
		Total  int              `json:"total"`
		Orders []pmpsmart.Order `json:"orders"`
		Outlet pmpsmart.Outlet  `json:"outlet"`
	}
	want := summary{5, []pmpsmart.Order{{ID: 1}}, pmpsmart.Outlet{ID: 2}}
	const members = `"total":5,"orders":[{"id":1}],"outlet":{"id":2}`
	for _, body := range []string{`{"data":{` + members + `}}`, `{` + members + `}`, `{"data":[{` + members + `}]}`, `{"status":"success","message":"","data":{"ringkasan":{` + members + `}}}`} {
		got, err := pmpsmart.GetAs[summary](t.Context(), serve(t, respond(200, body)).client(pmpsmart.WithStrictDecoding()), "x", nil)
		require.NoError(t, err, body)
		require.Equal(t, &want, got, body)
	}
	raw, err := pmpsmart.GetAs[map[string]any](t.Context(), serve(t, respond(200, `{"status":"success","data":{"total":5,"omzet":7}}`)).client(), "x", nil)
	require.NoError(t, err)
	require.Equal(t, &map[string]any{"total": 5.0, "omzet": 7.0}, raw)

	number, err := pmpsmart.GetAs[int](t.Context(), serve(t, success(`"12"`)).client(), "x", nil)
	require.NoError(t, err)
	require.Equal(t, ptr(12), number)
	list, err := pmpsmart.GetAs[[]string](t.Context(), serve(t, success(`["a",1]`)).client(), "x", nil)
	require.NoError(t, err)
	require.Equal(t, ptr([]string{"a", "1"}), list)
}

func TestGetAsFindsNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":null}`, `{"data":[]}`, `{"data":{}}`, `{"data":""}`, `{"data":false}`, `{"status":"success"}`, `{"data":true}`, `{"data":1}`} {
		c := serve(t, respond(200, body)).client()
		for _, err := range []error{
			errorOf(pmpsmart.GetAs[stok](t.Context(), c, "x", nil)), errorOf(pmpsmart.GetAs[pmpsmart.Order](t.Context(), c, "x", nil)),
			errorOf(pmpsmart.GetAs[orderTotal](t.Context(), c, "x", nil)), errorOf(pmpsmart.GetAs[map[string]any](t.Context(), c, "x", nil)),
			errorOf(pmpsmart.GetAs[json.RawMessage](t.Context(), c, "x", nil)),
		} {
			require.ErrorIs(t, err, pmpsmart.ErrNotFound, body)
			require.EqualError(t, err, "pmpsmart: GetAs: x: 404 Not Found (in an HTTP 200); the answer holds no record")
		}
	}
	c := serve(t, respond(404, `{"message":"No query results"}`)).client()
	require.ErrorIs(t, errorOf(pmpsmart.GetAs[stok](t.Context(), c, "x", nil)), pmpsmart.ErrNotFound)
	require.EqualError(t, lastError(pmpsmart.ListAs[stok](t.Context(), serve(t, respond(404, `{}`)).client(), "x", nil)), "pmpsmart: ListAs: x: 404 Not Found")
	require.ErrorIs(t, errorOf(pmpsmart.GetAs[int](t.Context(), serve(t, success(`null`)).client(), "x", nil)), pmpsmart.ErrNotFound)
}

func errorOf[T any](_ *T, err error) error { return err }

// What a type can't hold at all is an error, and not an empty value.
func TestGetAsOfTheWrongType(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		data, want string
		get        func(context.Context, *pmpsmart.Client) error
	}{
		{`"sudah"`, `data: want int, got "sudah"`, func(ctx context.Context, c *pmpsmart.Client) error {
			return errorOf(pmpsmart.GetAs[int](ctx, c, "x", nil))
		}},
		{`5`, `data: want []int, got 5`, func(ctx context.Context, c *pmpsmart.Client) error {
			return errorOf(pmpsmart.GetAs[[]int](ctx, c, "x", nil))
		}},
		{`[{"id":1},{"id":2}]`, `data: want one record, got a list of 2`, func(ctx context.Context, c *pmpsmart.Client) error {
			return errorOf(pmpsmart.GetAs[orderTotal](ctx, c, "x", nil))
		}},
	} {
		var unreadable *pmpsmart.DecodeError
		require.ErrorAs(t, row.get(t.Context(), serve(t, success(row.data)).client()), &unreadable)
		require.EqualError(t, unreadable.Err, row.want)
		require.Equal(t, "GetAs", unreadable.Op)
	}
	_, err := listAs[stok](t, `{"data":[1]}`)
	require.ErrorContains(t, err, "pmpsmart: ListAs: stok: can't read the answer (HTTP 200, application/json): data.0: want an object, got 1")
}

// Drift is reported by the record's path and counted over all records and pages.
func TestListAsTellsDrift(t *testing.T) {
	t.Parallel()
	type item struct {
		Qty int `json:"qty"`
	}
	type row struct {
		pmpsmart.Order
		Total  float64          `json:"total"`
		Items  []item           `json:"items"`
		Outlet *pmpsmart.Outlet `json:"outlet"`
		Next   orderTotal       `json:"next"`
	}
	const page1 = `[{"id":"x","total":"a","items":[{"qty":1},{"qty":"y"}],"outlet":{"id":[]}},{"id":2,"total":[],"next":{"id":"z","total":"b"}}]`
	const page2 = `[{"user_id":"u","items":{"1":{"qty":"y"}},"next":5}]`
	s := serve(t, sequence(respond(200, `{"data":`+page1+`,"meta":{"last_page":2,"current_page":1}}`), respond(200, `{"data":`+page2+`,"meta":{"last_page":2,"current_page":2}}`)))
	var told []pmpsmart.Drift
	got, err := collect(pmpsmart.ListAs[row](t.Context(), s.client(drifts(&told), pmpsmart.WithPagesAhead(0)), "order", nil))
	require.NoError(t, err)
	require.Equal(t, []row{
		{Order: pmpsmart.Order{Extra: extra(t, `{"id":"x"}`)}, Items: []item{{1}, {0}}, Outlet: &pmpsmart.Outlet{Extra: extra(t, `{"id":[]}`)}},
		{Order: pmpsmart.Order{ID: 2}, Next: orderTotal{Order: pmpsmart.Order{Extra: extra(t, `{"id":"z"}`)}}},
		{Order: pmpsmart.Order{Extra: extra(t, `{"user_id":"u"}`)}, Items: []item{{0}}},
	}, got)
	require.ElementsMatch(t, []pmpsmart.Drift{
		{Op: "ListAs", Path: "data.*.total", Want: "float64", Got: rawJSON(`"a"`), Count: 2},
		{Op: "ListAs", Path: "data.*.items.*.qty", Want: "int", Got: rawJSON(`"y"`), Count: 2},
		{Op: "ListAs", Path: "data.*.outlet.id", Want: "integer", Got: rawJSON(`[]`), Count: 1},
		{Op: "ListAs", Path: "data.*.id", Want: "integer", Got: rawJSON(`"x"`), Count: 1},
		{Op: "ListAs", Path: "data.*.next.total", Want: "float64", Got: rawJSON(`"b"`), Count: 1},
		{Op: "ListAs", Path: "data.*.next.id", Want: "integer", Got: rawJSON(`"z"`), Count: 1},
		{Op: "ListAs", Path: "data.*.user_id", Want: "integer", Got: rawJSON(`"u"`), Count: 1},
		{Op: "ListAs", Path: "data.*.next", Want: "pmpsmart_test.orderTotal", Got: rawJSON(`5`), Count: 1},
	}, told)

	for body, want := range map[string]string{
		`[{"id":1},{"id":2,"items":[{"qty":1},{"qty":"y"}]}]`: `data.1.items.1.qty: want int, got "y"`,
		`[{"id":1},{"id":"x"}]`:                               `data.1.id: want integer, got "x"`,
		`[{"id":1},{"id":2,"next":{"id":"x"}}]`:               `data.1.next.id: want integer, got "x"`,
		`[{"id":1},{"id":2,"next":7}]`:                        `data.1.next: want pmpsmart_test.orderTotal, got 7`,
	} {
		got, err := listAs[row](t, `{"data":`+body+`}`, pmpsmart.WithStrictDecoding())
		require.EqualError(t, err, "pmpsmart: ListAs: after 1 record: stok: can't read the answer (HTTP 200, application/json): "+want)
		require.Len(t, got, 1)
	}
	told = nil
	one, err := pmpsmart.GetAs[row](t.Context(), serve(t, success(`{"id":1,"total":"a","user_id":{}}`)).client(drifts(&told)), "x", nil)
	require.NoError(t, err)
	require.Equal(t, &row{Order: pmpsmart.Order{ID: 1, Extra: extra(t, `{"user_id":{}}`)}}, one)
	require.Equal(t, []pmpsmart.Drift{
		{Op: "GetAs", Path: "data.total", Want: "float64", Got: rawJSON(`"a"`), Count: 1},
		{Op: "GetAs", Path: "data.user_id", Want: "integer", Got: rawJSON(`{}`), Count: 1},
	}, told)
}

// A page that was cut is fetched again unless records of it were yielded; breaking off
// asks for nothing more.
func TestListAsRetriesAndEnds(t *testing.T) {
	t.Parallel()
	page := func(n int, records string) http.HandlerFunc {
		return respond(200, `{"current_page":`+string(rune('0'+n))+`,"last_page":3,"data":[`+records+`]}`)
	}
	s := serve(t, sequence(respond(503, ``), page(1, `{"id":1,"total":1}`), truncated(`{"current_page":2,"last_page":3,"data":[`), page(2, `{"id":2,"total":2}`), page(3, `{"id":3,"total":3}`)))
	c := s.client(pmpsmart.WithPagesAhead(0))
	var r pmpsmart.Response
	orders, err := collect(pmpsmart.ListAs[orderTotal](t.Context(), c, "/order?x=1&page=1&y=2", pmpsmart.OrderFilter{UserID: 7}, pmpsmart.WithResponse(&r)))
	require.NoError(t, err)
	require.Len(t, orders, 3)
	require.Equal(t, 5, r.Attempts)
	var queries []string
	for _, request := range s.Requests() {
		queries = append(queries, request.Query)
		require.Equal(t, "/api/v1/order", request.Path)
		require.Equal(t, `{"user_id":7}`, request.Body)
	}
	require.Equal(t, []string{"x=1&page=1&y=2", "x=1&page=1&y=2", "x=1&y=2&page=2", "x=1&y=2&page=2", "x=1&y=2&page=3"}, queries)

	s = serve(t, truncated(`{"data":[{"id":1},{"id":2},{"i`))
	orders, err = collect(pmpsmart.ListAs[orderTotal](t.Context(), s.client(), "order", nil))
	require.ErrorContains(t, err, "pmpsmart: ListAs: after 2 records: order: ")
	require.Len(t, orders, 2)
	require.Len(t, s.Requests(), 1)

	s = serve(t, page(1, `{"id":1},{"id":2}`))
	for order, err := range pmpsmart.ListAs[orderTotal](t.Context(), s.client(pmpsmart.WithPagesAhead(0)), "order", nil) {
		require.NoError(t, err)
		require.Equal(t, int64(1), order.ID)
		break
	}
	require.Len(t, s.Requests(), 1)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err = range pmpsmart.ListAs[orderTotal](ctx, s.client(pmpsmart.WithPagesAhead(0)), "order", nil) {
		if n++; n == 2 {
			cancel()
		}
	}
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 3, n)
}

// Nothing is sent for what can't be right.
func TestListAsRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, path, field, problem string
		in                         any
	}{
		{"a path beside the base URL", "../x", "path", `is "../x"; it leaves the base URL`, nil},
		{"a filter", "order", "UserID", "is -1; an id is at least 1, and 0 does not filter", pmpsmart.OrderFilter{UserID: -1}},
		{"what is no JSON", "order", "in", `is not JSON: "{"`, []byte(`{`)},
	} {
		list := refused{want: pmpsmart.InputError{Op: "ListAs", Field: row.field, Problem: row.problem}}
		list.do = func(ctx context.Context, c *pmpsmart.Client) error {
			return lastError(pmpsmart.ListAs[stok](ctx, c, row.path, row.in))
		}
		t.Run(row.name, list.check)
		get := refused{want: pmpsmart.InputError{Op: "GetAs", Field: row.field, Problem: row.problem}}
		get.do = func(ctx context.Context, c *pmpsmart.Client) error {
			return errorOf(pmpsmart.GetAs[stok](ctx, c, row.path, row.in))
		}
		t.Run(row.name+", one record", get.check)
	}
	channel := refused{want: pmpsmart.InputError{Op: "ListAs", Field: "T", Problem: "is a chan int, which can't be made of JSON"}}
	channel.do = func(ctx context.Context, c *pmpsmart.Client) error {
		return lastError(pmpsmart.ListAs[chan int](ctx, c, "x", nil))
	}
	t.Run("a channel", channel.check)
	require.EqualError(t, lastError(pmpsmart.ListAs[stok](t.Context(), nil, "x", nil)), "pmpsmart: ListAs: the Client is nil; it must be made by New, and the error of New be checked")
	//lint:ignore SA1012 a mistake that is refused
	require.EqualError(t, errorOf(pmpsmart.GetAs[stok](nil, serve(t, success(`{}`)).client(), "x", nil)), "pmpsmart: GetAs: ctx is nil; want a context, such as context.Background()")
}

// Latin-1 in what is read costs nothing but its characters.
func TestListAsOfLatin1(t *testing.T) {
	t.Parallel()
	body := "{\"data\":[{\"id\":1,\"nama\":\"\xe9\",\"mentah\":{\"a\":\"\xe9\"}}]}"
	requireListAs(t, body, rawJSON("{\"id\":1,\"nama\":\"\ufffd\",\"mentah\":{\"a\":\"\ufffd\"}}"))
	requireListAs(t, body, struct {
		pmpsmart.Order
		Nama   string
		Mentah json.RawMessage
	}{pmpsmart.Order{ID: 1}, "\ufffd", rawJSON("{\"a\":\"\ufffd\"}")})
	requireListAs(t, body, map[string]json.RawMessage{"id": rawJSON("1"), "nama": rawJSON("\"\ufffd\""), "mentah": rawJSON("{\"a\":\"\ufffd\"}")})
}
