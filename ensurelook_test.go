package pmpsmart_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// lookups are responses to a look for orders in which the order may be though the
// client does not see its code.
var lookups = []struct {
	name, code string
	data       string // of the response
	want       string // of the error
}{
	{"no field known", "PMP-1", `[{"nomor":"PMP-1","isi":"{}"}]`, `data.*.kode_order: want a code, and no order of 1 has one`},
	{"a code by another name", "PMP-1", `[{"id":41,"kode":"PMP-1"},{"id":42,"kode":"PMP-2"}]`, `data.*.kode_order: want a code, and no order of 2 has one`},
	{"codes of null", "PMP-1", `[{"id":41,"kode_order":null}]`, `data.*.kode_order: want a code, and no order of 1 has one`},
	{"codes of nothing", "PMP-1", `[{"id":41,"kode_order":""}]`, `data.*.kode_order: want a code, and no order of 1 has one`},
	{"a code that is none", "PMP-1", `[{"id":41,"kode_order":{"value":"PMP-1"}},{"id":42,"kode_order":"PMP-2"}]`, `data.*.kode_order: want string, got {"value":"PMP-1"}`},
	{"one element unknown", "PMP-1", `[{"id":42,"kode_order":"PMP-2"},{"nomor":"PMP-1"}]`, `data.*: want a field of the record, got {"nomor":"PMP-1"}`},
	{"in groups of groups", "PMP-1", `{"a":{"x":[{"id":42,"kode_order":"PMP-2"}]},"b":{"x":[{"id":41,"kode_order":"PMP-1"}]}}`, ""},
	{"a list in parts", "PMP-1", `{"baru":[{"id":42,"kode_order":"PMP-2"}],"lama":[{"id":41,"kode_order":"PMP-1"}]}`, `data.lama: want one list of records, got {"id":41,"kode_order":"PMP-1"}`},
	{"less than the total", "PMP-1", `{"total":57,"rows":[{"id":42,"kode_order":"PMP-2"}]}`, `data: want the 57 records of its total, got 1: `},
	{"a page that names another", "PMP-1", `{"data":[],"next_page_url":"/?page=2"}`, `data: want records, since more pages are said to follow, got []: `},
	{"another case", "PMP-1", `[{"id":41,"kode_order":"pmp-1"}]`, `data.*.kode_order: want "PMP-1", and order 41 has "pmp-1": `},
	{"padded", "PMP-1", `[{"id":41,"kode_order":"PMP-1     "}]`, `want "PMP-1", and order 41 has "PMP-1     ": `},
	{"a number", "00123", `[{"id":41,"kode_order":123}]`, `want "00123", and order 41 has "123": `},
	{"a number with an exponent", "1E10", `[{"id":41,"kode_order":1.0e+10}]`, `want "1E10", and order 41 has "1.0e+10": `},
	{"escaped", "PMP&1", `[{"id":41,"kode_order":"PMP&amp;1"}]`, `want "PMP&1", and order 41 has "PMP&amp;1": `},
	{"a hard space", "PMP 1", `[{"id":41,"kode_order":"PMP\u00a01"}]`, `want "PMP 1", and order 41 has "PMP` + `\u00a0` + `1": `},
	{"what was looked for", "PMP-1", `{"kode_order":"PMP-1","orders":[]}`, `data.*.kode_order: want more of an order than its code, as what was looked for may be repeated, got "PMP-1": `},
	{"what was looked for by name", "PMP-1", `{"filter":{"kode_order":"PMP-1","status":null}}`, `want more of an order than its code`},
	{"what was looked for and no", "PMP-1", `{"id":null,"kode_order":"PMP-1","found":false,"total":0,"error":"tidak ada"}`, `want more of an order than its code`},
	{"a code in a list", "PMP-1", `[{"kode_order":"PMP-1"}]`, ""},
	{"a code and another id", "PMP-1", `[{"id":"9b1d0c1e","kode_order":"PMP-1"}]`, ""},
	{"a code and a field", "PMP-1", `[{"kode_order":"PMP-1","nama_toko":"Sinar"}]`, ""},
}

// What a look can't tell from the order is no reason to insert it.
func TestEnsureInsertsNothingIfTheOrderMayBeThere(t *testing.T) {
	t.Parallel()
	for _, row := range lookups {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(row.name, " strict ", strict), func(t *testing.T) {
				t.Parallel()
				b := newOrderBook(t)
				b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, success(row.data) }
				var opts []pmpsmart.Option
				if strict {
					opts = append(opts, pmpsmart.WithStrictDecoding())
				}
				in := anOrder
				in.Code = row.code
				c := b.client(opts...)
				for range 2 {
					order, created, err := c.EnsureJSONOrder(t.Context(), in)
					inserts, _ := b.Counts()
					require.Zero(t, inserts)
					require.False(t, created)
					if row.want == "" && err == nil {
						require.Equal(t, row.code, order.Code)
						continue
					}
					var unreadable *pmpsmart.DecodeError
					require.ErrorAs(t, err, &unreadable)
					require.Equal(t, "FilterJSONOrders", unreadable.Op)
					require.Equal(t, 200, unreadable.HTTPStatus)
					var open *pmpsmart.OutcomeUnknownError
					require.NotErrorAs(t, err, &open)
					if !strict {
						require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: look up: can't read the answer (HTTP 200, application/json): ")
						require.ErrorContains(t, err, row.want)
						require.ErrorContains(t, err, "it is not known whether the order is there: ")
					}
				}
			})
		}
	}
}

// Behind an insert that may have been done it is its outcome that is unknown.
func TestEnsureInsertsOnceIfTheOrderMayBeThere(t *testing.T) {
	t.Parallel()
	for _, row := range lookups {
		if row.want == "" {
			continue
		}
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnFind = func(n int, _ string) ([]testserver.OrderRow, http.HandlerFunc) {
				if n == 1 {
					return nil, nil
				}
				return nil, success(row.data)
			}
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { store(); testserver.Reset(w, r) }
			in := anOrder
			in.Code = row.code
			_, _, err := b.client().EnsureJSONOrder(t.Context(), in)
			var open *pmpsmart.OutcomeUnknownError
			require.ErrorAs(t, err, &open)
			require.ErrorContains(t, err, row.want)
			b.requireOnce(t, row.code)
		})
	}
}

// Orders that are whole and of other codes are those of a loose search, whatever
// stands beside them.
func TestEnsureInsertsBesideOtherOrders(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"none":                   `[]`,
		"null":                   `null`,
		"others":                 `[{"id":41,"kode_order":"PMP-10"},{"id":42,"kode_order":"XPMP-1"}]`,
		"one without a code":     `[{"id":41,"kode_order":"PMP-10"},{"id":42,"kode_order":null}]`,
		"all of a total":         `{"total":1,"rows":[{"id":41,"kode_order":"PMP-10"}]}`,
		"an odd field":           `[{"id":"x","kode_order":"PMP-10"}]`,
		"a list of other things": `{"orders":[{"id":41,"kode_order":"PMP-10"}],"outlets":[{"id":1,"name":"Toko"}]}`,
		"wrapped":                `[{"order":{"id":41,"kode_order":"PMP-10"},"outlet":{"id":1}}]`,
		"as text":                `"[]"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, success(data) }
			in := anOrder
			in.Code = "PMP-1"
			_, created, err := b.client().EnsureJSONOrder(t.Context(), in)
			require.NoError(t, err)
			require.True(t, created)
			b.requireOnce(t, in.Code)
		})
	}
}

// Refusals that say that nothing was looked up, or that another request may do better,
// are not looked behind.
func TestEnsureLooksOnceMoreOnlyBehindAConflict(t *testing.T) {
	t.Parallel()
	for status, lookups := range map[int]int{400: 2, 401: 1, 402: 2, 403: 1, 404: 1, 405: 2, 406: 2, 408: 1, 409: 2, 410: 2, 412: 2, 422: 2, 423: 2, 425: 1, 451: 2} {
		b := newOrderBook(t)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) {
			respond(status, `{"message":"x"}`)(w, r)
		}
		_, _, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
		var refusal *pmpsmart.APIError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, status, refusal.HTTPStatus)
		var open *pmpsmart.OutcomeUnknownError
		require.False(t, errors.As(err, &open))
		inserts, looked := b.Counts()
		require.Equal(t, [2]int{1, lookups}, [2]int{inserts, looked}, "%d", status)
	}
}

// A list of nothing beside a status that nobody knows does not say that the order is not
// there, nor do other orders beside errors.
func TestEnsureInsertsNothingAfterAnUnclearList(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"status":"warning","message":"x","data":[]}`:                  `status: want a known status, got "warning": `,
		`{"errors":["x"],"data":[{"id":42,"kode_order":"PMP-2"}]}`:      `errors: want no errors beside data, got ["x"]: `,
		`{"errors":["x"],"status":200,"data":[{"kode_order":"PMP-2"}]}`: `errors: want no errors beside data, got ["x"]: `,
	} {
		b := newOrderBook(t)
		b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, respond(200, body) }
		_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
		require.ErrorContains(t, err, want+"it is not known whether the order is there: ", body)
		require.False(t, created)
		inserts, _ := b.Counts()
		require.Zero(t, inserts)
	}
}
