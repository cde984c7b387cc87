package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func TestEnsureInsertsWhatIsMissing(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	var response pmpsmart.Response
	order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, &pmpsmart.JSONOrder{ID: 1, Code: anOrder.Code, Data: rawJSON(`{"key": "value"}`), Status: "completed"}, order)
	require.Equal(t, 2, response.Attempts)
	require.Equal(t, 200, response.HTTPStatus)
	b.requireOnce(t, anOrder.Code)

	order, created, err = b.client().EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
	require.NoError(t, err)
	require.False(t, created, "it was there")
	require.Equal(t, int64(1), order.ID)
	require.Equal(t, 1, response.Attempts)
	b.requireOnce(t, anOrder.Code)
}

// What was there before is given as it is.
func TestEnsureLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.find = func(int, string) ([]orderRow, http.HandlerFunc) { return []orderRow{theirs}, nil }
	order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, &pmpsmart.JSONOrder{ID: 70, Code: anOrder.Code, Data: rawJSON(`{"lain":true}`), Status: "completed"}, order)
	inserts, lookups := b.counts()
	require.Equal(t, [2]int{0, 1}, [2]int{inserts, lookups})
}

// A server may search loosely, or not heed the filter at all: only exactly that
// code counts.
func TestEnsureTakesOnlyExactlyThatCode(t *testing.T) {
	t.Parallel()
	near := []orderRow{{ID: 1, Code: "PMP-39030010"}, {ID: 2, Code: "XPMP-3903001"}, {ID: 3, Code: "pmp-3903001"}, {ID: 4, Code: " PMP-3903001"}, {ID: 5, Code: "PMP-3903001 "}, {ID: 6, Code: ""}}
	b := newOrderBook(t)
	b.find = func(int, string) ([]orderRow, http.HandlerFunc) { return near, nil }
	for _, want := range []bool{true, false} {
		order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
		require.NoError(t, err)
		require.Equal(t, want, created)
		require.Equal(t, anOrder.Code, order.Code)
		b.requireOnce(t, anOrder.Code)
	}
}

// ensureFaults are ways in which the answer to an insert is lost, or refuses what
// the server may have done all the same.
var ensureFaults = map[string]http.HandlerFunc{
	"a reset": reset, "a cut body": cut(`{"status":"success","data":{"id":1`), "silence": silent, "a page": answer(200, aPage), "nothing": answer(200, ""),
	"500": answer(500, ""), "502": answer(502, aPage), "503": answer(503, ""), "503 with Retry-After": answer(503, "", "Retry-After", "0"),
	"429": answer(429, ""), "429 with Retry-After": answer(429, "", "Retry-After", "0"), "500 in a 200": answer(200, `{"status":500}`), "504": answer(504, ""),
}

// refusesAll tells the faults that say that nothing was done.
func refusesAll(fault string) bool {
	return strings.HasPrefix(fault, "429") || fault == "503 with Retry-After"
}

func TestEnsureInsertsOnceWhateverIsLost(t *testing.T) {
	t.Parallel()
	for name, fault := range ensureFaults {
		for _, stored := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " stored ", stored), func(t *testing.T) {
				t.Parallel()
				meeting(t, name, func(t *testing.T) {
					b := newOrderBook(t)
					b.insert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
						if n > 2 || stored {
							store()
						}
						if n > 2 {
							ok(`{"id":1}`)(w, r)
							return
						}
						fault(w, r)
					}
					order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
					require.NoError(t, err)
					// What a server refused without having done it, by its own word, is
					// another program's if it is there.
					require.Equal(t, !stored || !refusesAll(name), created, "it is this call's insert that stands")
					require.Equal(t, int64(1), order.ID)
					b.requireOnce(t, anOrder.Code)
					inserts, lookups := b.counts()
					want := [2]int{3, 3}
					if stored {
						want = [2]int{1, 2}
					}
					require.Equal(t, want, [2]int{inserts, lookups}, "a look before each insert")
				})
			})
		}
	}
}

func TestEnsureLooksUpAgainWhenTheLookFails(t *testing.T) {
	t.Parallel()
	for name, fault := range ensureFaults {
		if name == "a page" || name == "nothing" {
			continue // is not repeated, and nothing was inserted
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			meeting(t, name, func(t *testing.T) {
				b := newOrderBook(t)
				b.find = func(n int, _ string) ([]orderRow, http.HandlerFunc) {
					if n%3 == 0 {
						return nil, nil
					}
					return nil, fault
				}
				_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
				require.NoError(t, err)
				require.True(t, created)
				b.requireOnce(t, anOrder.Code)
			})
		})
	}
}

// taken is Laravel's answer where codes are unique.
var taken = answer(422, `{"message":"Kode sudah ada","errors":{"kode_order":["sudah ada"]}}`)

func TestEnsureTakesATakenCode(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]http.HandlerFunc{"422": taken, "409": answer(409, ""), "a failure in a 200": answer(200, `{"status":"gagal","message":"sudah ada"}`)} {
		t.Run(name+" by another program", func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.insert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) {
				b.store(orderRow{Code: anOrder.Code, Data: `{"key":"value"}`, Status: "completed"})
				refusal(w, r)
			}
			order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
			require.NoError(t, err)
			require.False(t, created, "though its data is the same")
			require.Equal(t, int64(1), order.ID)
		})
		t.Run(name+" by an insert that seemed lost", func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.insert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
				if n == 1 {
					reset(w, r)
					return
				}
				store() // which the first one did, seen only now
				refusal(w, r)
			}
			_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
			require.NoError(t, err)
			require.True(t, created)
			b.requireOnce(t, anOrder.Code)
		})
	}
}

// The order found after a lost insert may be another program's after all.
func TestEnsureTellsItsOwnOrderFromAnothers(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		row  orderRow
		ours bool
	}{
		"ours":                     {orderRow{Data: `{"key": "value"}`, Status: "completed"}, true},
		"ours, written otherwise":  {orderRow{Data: "{\n\t\"key\":\"v\\u0061lue\"}", Status: "completed"}, true},
		"of other data":            {orderRow{Data: `{"key":"lain"}`, Status: "completed"}, false},
		"of another status":        {orderRow{Data: `{"key": "value"}`, Status: "open"}, false},
		"of data that is no JSON":  {orderRow{Data: `rusak`, Status: "completed"}, false},
		"of no data":               {orderRow{Status: "completed"}, false},
		"of the same data twice":   {orderRow{Data: `{"key":"x","key":"value"}`, Status: "completed"}, false},
		"of a member more than we": {orderRow{Data: `{"key":"value","b":1}`, Status: "completed"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.insert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) {
				row := row.row
				row.Code = anOrder.Code
				b.store(row)
				reset(w, r)
			}
			_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
			require.NoError(t, err)
			require.Equal(t, row.ours, created)
		})
	}
}

// Some servers answer a list of nothing by a 404.
func TestEnsureTakesA404ForNothing(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.find = func(n int, _ string) ([]orderRow, http.HandlerFunc) {
		if n == 1 {
			return nil, answer(404, `{"status":"error","message":"data kosong","data":null}`)
		}
		return nil, nil
	}
	b.insert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { store(); reset(w, r) }
	_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created)
	b.requireOnce(t, anOrder.Code)
}

// Drift inside of what a call does for itself is told in its own goroutine, once:
// the handler may use the client, and its panic is the caller's.
func TestDriftOfInnerCallsIsTheCallers(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.find = func(int, string) ([]orderRow, http.HandlerFunc) {
		return nil, ok(`[{"id":"x","kode_order":"another"}]`)
	}
	b.insert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { answer(502, "")(w, r) }
	var told []pmpsmart.Drift
	_, _, err := b.client(drifts(&told)).EnsureJSONOrder(t.Context(), anOrder)
	require.Error(t, err)
	require.Equal(t, []pmpsmart.Drift{{Op: "FilterJSONOrders", Path: "data.*.id", Want: "integer", Got: rawJSON(`"x"`), Count: 5}}, told)
	fails := pmpsmart.WithDriftHandler(func(context.Context, pmpsmart.Drift) { panic("the handler's own") })
	require.PanicsWithValue(t, "the handler's own", func() { _, _, _ = b.client(fails).EnsureJSONOrder(t.Context(), anOrder) })
}

func TestEnsureErrorsSayWhatWasTried(t *testing.T) {
	t.Parallel()
	never := func(fault http.HandlerFunc) func(int, http.ResponseWriter, *http.Request, func()) {
		return func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { fault(w, r) }
	}
	rows := []struct {
		name             string
		find             func(int, string) ([]orderRow, http.HandlerFunc)
		insert           func(int, http.ResponseWriter, *http.Request, func())
		want             string
		unknown          bool
		inserts, lookups int
	}{
		{"a look that is refused", func(int, string) ([]orderRow, http.HandlerFunc) { return nil, answer(403, `{"message":"Dilarang"}`) }, nil,
			"look up: 403 Forbidden: Dilarang", false, 0, 1},
		{"a look that fails", func(int, string) ([]orderRow, http.HandlerFunc) { return nil, answer(500, "") }, nil,
			"look up: 500 Internal Server Error", false, 0, 4},
		{"a look that can't be read", func(int, string) ([]orderRow, http.HandlerFunc) { return nil, answer(200, aPage) }, nil,
			`look up: can't read the answer (HTTP 200, application/json): want JSON, and it is an HTML page titled "Server Error"`, false, 0, 1},
		{"an insert that is refused", nil, never(answer(403, `{"message":"Dilarang"}`)), "insert: 403 Forbidden: Dilarang", false, 1, 1},
		{"an insert that is invalid", nil, never(taken), "insert: 422 Unprocessable Entity: Kode sudah ada [kode_order: sudah ada]", false, 1, 2},
		{"an insert that is turned away", nil, never(answer(429, "", "Retry-After", "0")), "insert: 429 Too Many Requests", false, 4, 5},
		{"an insert that is turned away for long", nil, never(answer(429, "", "Retry-After", "60")), "insert: 429 Too Many Requests (the server asks to wait 1m0s)", false, 1, 1},
		{"inserts that are lost", nil, never(answer(502, "")),
			"outcome unknown, the server may have done it: 502 Bad Gateway; calling it again is safe", true, 4, 5},
		{"a look that fails after a lost insert", func(n int, _ string) ([]orderRow, http.HandlerFunc) {
			if n == 1 {
				return nil, nil
			}
			return nil, answer(403, "")
		}, never(answer(502, "")), "outcome unknown, the server may have done it: 403 Forbidden; calling it again is safe", true, 1, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.find, b.insert = row.find, row.insert
			var response pmpsmart.Response
			order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
			require.Nil(t, order)
			require.False(t, created)
			require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: "+row.want)
			var open *pmpsmart.OutcomeUnknownError
			require.Equal(t, row.unknown, errors.As(err, &open))
			inserts, lookups := b.counts()
			require.Equal(t, [2]int{row.inserts, row.lookups}, [2]int{inserts, lookups})
			require.Equal(t, inserts+lookups, response.Attempts)
		})
	}
}

func TestEnsureInsertsAtMostMaxAttemptsTimes(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 2, 5} {
		b := newOrderBook(t)
		b.insert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { reset(w, r) }
		_, _, err := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: most, MinWait: 1, MaxWait: 1})).EnsureJSONOrder(t.Context(), anOrder)
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open)
		inserts, lookups := b.counts()
		require.Equal(t, [2]int{most, most + 1}, [2]int{inserts, lookups})
	}
}

func TestEnsureSendsNothingForAContextThatHasEnded(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := b.client().EnsureJSONOrder(ctx, anOrder)
	require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: context canceled")
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, b.asked())
}

// Where nobody listens, the repeats of one look are enough.
func TestEnsureOnADeadHost(t *testing.T) {
	t.Parallel()
	s := serve(t, ok(`[]`))
	c := s.client()
	s.Close()
	var response pmpsmart.Response
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
	require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: look up: can't reach "+s.URL)
	require.False(t, created)
	require.Equal(t, 4, response.Attempts)
}
