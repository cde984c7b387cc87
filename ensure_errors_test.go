package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

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
