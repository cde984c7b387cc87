package pmpsmart_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// soon is a deadline before that for which a server or the rate limit asks, and
// far enough for a slow machine; atOnce fails where it was waited for.
func soon(t *testing.T) (ctx context.Context, atOnce func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx, func() { t.Helper(); require.NoError(t, ctx.Err(), "it was waited for") }
}

// later asks to come back in ten minutes.
var later = answer(429, "", "Retry-After", "600")

// patient would wait as long as the server asks.
var patient = pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Hour})

// What is asked to wait past the deadlines of all who wait for it ends at once,
// with the reason.
func TestNothingWaitsPastTheDeadline(t *testing.T) {
	t.Parallel()
	t.Run("a call's login", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		a := (&accountServer{onLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { later(w, r); return true }}).start(t)
		err := reading.do(ctx, a.client(patient))
		require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
		require.EqualError(t, err, "pmpsmart: GetOrder: login: 429 Too Many Requests (the server asks to wait 10m0s)")
		atOnce()
	})
	t.Run("an insert that is ensured", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		b := newOrderBook(t)
		b.insert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { later(w, r) }
		_, _, err := b.client(patient).EnsureJSONOrder(ctx, anOrder)
		require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: insert: 429 Too Many Requests (the server asks to wait 10m0s)")
		atOnce()
	})
	t.Run("a look before", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		b := newOrderBook(t)
		b.find = func(int, string) ([]orderRow, http.HandlerFunc) { return nil, later }
		_, _, err := b.client(patient).EnsureJSONOrder(ctx, anOrder)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: look up: 429 Too Many Requests (the server asks to wait 10m0s)")
		atOnce()
	})
	t.Run("the rate limit", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		_, _, err := newOrderBook(t).client(pmpsmart.WithRateLimit(0.001, 1)).EnsureJSONOrder(ctx, anOrder)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Contains(t, err.Error(), "pmpsmart: EnsureJSONOrder: insert: the rate limit's next turn comes in ")
		atOnce()
	})
}
