package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
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

var theirs = testserver.OrderRow{ID: 70, Code: anOrder.Code, Data: `{"lain":true}`, Status: "completed"}

// What was there before is given as it is.
func TestEnsureLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return []testserver.OrderRow{theirs}, nil }
	order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, &pmpsmart.JSONOrder{ID: 70, Code: anOrder.Code, Data: rawJSON(`{"lain":true}`), Status: "completed"}, order)
	inserts, lookups := b.Counts()
	require.Equal(t, [2]int{0, 1}, [2]int{inserts, lookups})
}

// A server may match part of a code or ignore the filter: only exactly that code
// counts.
func TestEnsureTakesOnlyExactlyThatCode(t *testing.T) {
	t.Parallel()
	near := []testserver.OrderRow{{ID: 1, Code: "PMP-39030010"}, {ID: 2, Code: "XPMP-3903001"}, {ID: 3, Code: "PMP-3903002"}, {ID: 4, Code: ""}}
	b := newOrderBook(t)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return near, nil }
	for _, want := range []bool{true, false} {
		order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
		require.NoError(t, err)
		require.Equal(t, want, created)
		require.Equal(t, anOrder.Code, order.Code)
		b.requireOnce(t, anOrder.Code)
	}
}

// ensureFaults are ways in which the response to a look is lost, or a failure that may
// pass.
var ensureFaults = map[string]http.HandlerFunc{
	"a reset": testserver.Reset, "a cut body": truncated(`{"status":"success","data":{"id":1`), "silence": testserver.Silent, "a page": respond(200, aPage), "nothing": respond(200, ""),
	"500": respond(500, ""), "502": respond(502, aPage), "503": respond(503, ""), "503 with Retry-After": respond(503, "", "Retry-After", "0"),
	"429": respond(429, ""), "429 with Retry-After": respond(429, "", "Retry-After", "0"), "500 in a 200": respond(200, `{"status":500}`), "504": respond(504, ""),
}

func TestEnsureLooksUpAgainWhenTheLookFails(t *testing.T) {
	t.Parallel()
	for name, fault := range ensureFaults {
		if name == "a page" || name == "nothing" {
			continue // is not repeated, and nothing was inserted
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubbleIfSilent(t, name, func(t *testing.T) {
				b := newOrderBook(t)
				b.OnFind = func(n int, _ string) ([]testserver.OrderRow, http.HandlerFunc) {
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

// taken is Laravel's response where codes are unique.
var taken = respond(422, `{"message":"Kode sudah ada","errors":{"kode_order":["sudah ada"]}}`)

func TestEnsureTakesATakenCode(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]http.HandlerFunc{
		"422": taken, "409": respond(409, ""), "a failure in a 200": respond(200, `{"status":"gagal","message":"sudah ada"}`),
		"400": respond(400, `{"status":false,"message":"Kode order sudah ada"}`), "406": respond(406, ""), "410": respond(410, "sudah ada"), "a 409 in a 200": respond(200, `{"status":409}`),
		"500 of a unique key":    respond(500, `{"message":"SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry"}`),
		"500 of PostgreSQL's":    respond(500, `{"message":"SQLSTATE[23505]: Unique violation: 7 ERROR"}`),
		"500 of Oracle's":        respond(500, `{"message":"Error Code : 1 Error Message : ORA-00001: unique constraint"}`),
		"500 of Laravel's":       respond(500, `{"message":"Server Error","exception":"Illuminate\\Database\\UniqueConstraintViolationException"}`),
		"a page of a unique key": respond(500, "<!DOCTYPE html><html><title>Server Error</title>SQLSTATE[23000]</html>"),
		"a text of it in a 200":  respond(200, "SQLSTATE[23000]: Integrity constraint violation"),
	} {
		t.Run(name+" by another program", func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) {
				b.Store(testserver.OrderRow{Code: anOrder.Code, Data: `{"key":"value"}`, Status: "completed"})
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
			b.OnInsert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
				if n == 1 {
					testserver.Reset(w, r)
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
		row  testserver.OrderRow
		ours bool
	}{
		"ours":                     {testserver.OrderRow{Data: `{"key": "value"}`, Status: "completed"}, true},
		"ours, written otherwise":  {testserver.OrderRow{Data: "{\n\t\"key\":\"v\\u0061lue\"}", Status: "completed"}, true},
		"of other data":            {testserver.OrderRow{Data: `{"key":"lain"}`, Status: "completed"}, false},
		"of another status":        {testserver.OrderRow{Data: `{"key": "value"}`, Status: "open"}, false},
		"of data that is no JSON":  {testserver.OrderRow{Data: `rusak`, Status: "completed"}, false},
		"of no data":               {testserver.OrderRow{Status: "completed"}, false},
		"of the same data twice":   {testserver.OrderRow{Data: `{"key":"x","key":"value"}`, Status: "completed"}, false},
		"of a member more than we": {testserver.OrderRow{Data: `{"key":"value","b":1}`, Status: "completed"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) {
				row := row.row
				row.Code = anOrder.Code
				b.Store(row)
				testserver.Reset(w, r)
			}
			_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
			require.NoError(t, err)
			require.Equal(t, row.ours, created)
		})
	}
}

// Some servers respond to a filter that matches nothing with 404.
func TestEnsureTakesA404ForNothing(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.OnFind = func(n int, _ string) ([]testserver.OrderRow, http.HandlerFunc) {
		if n == 1 {
			return nil, respond(404, `{"status":"error","message":"data kosong","data":null}`)
		}
		return nil, nil
	}
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { store(); testserver.Reset(w, r) }
	_, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created)
	b.requireOnce(t, anOrder.Code)
}

// Drift of the calls inside EnsureJSONOrder is reported once, in the caller's
// goroutine: the handler may use the client, and its panic reaches the caller.
func TestDriftOfInnerCallsIsTheCallers(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		return nil, success(`[{"id":"x","kode_order":"another"}]`)
	}
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { respond(502, "")(w, r) }
	var told []pmpsmart.Drift
	_, _, err := b.client(drifts(&told)).EnsureJSONOrder(t.Context(), anOrder)
	require.Error(t, err)
	require.Equal(t, []pmpsmart.Drift{{Op: "FilterJSONOrders", Path: "data.*.id", Want: "integer", Got: rawJSON(`"x"`), Count: 5}}, told)
	fails := pmpsmart.WithDriftHandler(func(context.Context, pmpsmart.Drift) { panic("the handler's own") })
	require.PanicsWithValue(t, "the handler's own", func() { _, _, _ = b.client(fails).EnsureJSONOrder(t.Context(), anOrder) })
}

func TestEnsureErrorsNameWhatWasTried(t *testing.T) {
	t.Parallel()
	never := func(fault http.HandlerFunc) func(int, http.ResponseWriter, *http.Request, func()) {
		return func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { fault(w, r) }
	}
	rows := []struct {
		name             string
		find             func(int, string) ([]testserver.OrderRow, http.HandlerFunc)
		insert           func(int, http.ResponseWriter, *http.Request, func())
		want             string
		unknown          bool
		inserts, lookups int
	}{
		{"a look that is refused", func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
			return nil, respond(403, `{"message":"Dilarang"}`)
		}, nil,
			"look up: 403 Forbidden: Dilarang", false, 0, 1},
		{"a look that fails", func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, respond(500, "") }, nil,
			"look up: 500 Internal Server Error; after 4 attempts", false, 0, 4},
		{"a look that can't be read", func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, respond(200, aPage) }, nil,
			`look up: can't read the answer (HTTP 200, application/json): want JSON, and it is an HTML page titled "Server Error"`, false, 0, 1},
		{"an insert that is refused", nil, never(respond(403, `{"message":"Dilarang"}`)), "insert: 403 Forbidden: Dilarang", false, 1, 1},
		{"an insert that is invalid", nil, never(taken), "insert: 422 Unprocessable Entity: Kode sudah ada [kode_order: sudah ada]", false, 1, 2},
		{"a look that fails after an insert that is invalid", func(n int, _ string) ([]testserver.OrderRow, http.HandlerFunc) {
			if n == 1 {
				return nil, nil
			}
			return nil, respond(500, "")
		}, never(taken), "look up: 500 Internal Server Error; after 4 attempts", false, 1, 5},
		{"an insert that is turned away", nil, never(respond(429, "", "Retry-After", "0")), "insert: 429 Too Many Requests; after 4 inserts", false, 4, 5},
		{"an insert that is turned away for long", nil, never(respond(429, "", "Retry-After", "60")), "insert: 429 Too Many Requests (the server asks to wait 1m0s); not retried: the wait is longer than the 4ms of RetryPolicy.MaxWait", false, 1, 1},
		{"inserts that are lost", nil, never(respond(502, "")),
			"outcome unknown, the server may have done it: 502 Bad Gateway; after 4 inserts; calling it again is safe", true, 4, 5},
		{"a look that fails after a lost insert", func(n int, _ string) ([]testserver.OrderRow, http.HandlerFunc) {
			if n == 1 {
				return nil, nil
			}
			return nil, respond(403, "")
		}, never(respond(502, "")), "outcome unknown, the server may have done it: 403 Forbidden; calling it again is safe", true, 1, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnFind, b.OnInsert = row.find, row.insert
			var response pmpsmart.Response
			order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
			require.Nil(t, order)
			require.False(t, created)
			require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: "+row.want)
			var open *pmpsmart.OutcomeUnknownError
			require.Equal(t, row.unknown, errors.As(err, &open))
			inserts, lookups := b.Counts()
			require.Equal(t, [2]int{row.inserts, row.lookups}, [2]int{inserts, lookups})
			require.Equal(t, inserts+lookups, response.Attempts)
		})
	}
}

func TestEnsureInsertsAtMostMaxAttemptsTimes(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 2, 5} {
		b := newOrderBook(t)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { testserver.Reset(w, r) }
		_, _, err := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: most, MinWait: 1, MaxWait: 1})).EnsureJSONOrder(t.Context(), anOrder)
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open)
		inserts, lookups := b.Counts()
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
	require.Empty(t, b.Requests())
}

// Where nobody listens, the retries of one lookup are enough.
func TestEnsureOnADeadHost(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	c := s.client()
	s.Close()
	var response pmpsmart.Response
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithResponse(&response))
	require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: look up: can't reach "+s.URL)
	require.False(t, created)
	require.Equal(t, 4, response.Attempts)
}
