package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// The error of a context stays what it is, and names the operation and the stage.
func TestContextErrorsStayThemselves(t *testing.T) {
	t.Parallel()
	for _, o := range []operation{reading, overwriting, listing, loggingIn} {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, testserver.Silent)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- o.do(ctx, s.client()) }()
			waitFor(t, "the server was asked", func() bool { return len(s.Requests()) == 1 })
			cancel()
			err := <-done
			require.EqualError(t, errors.New(textOf(s.URL, err)), "pmpsmart: "+o.name+": no answer from HOST: context canceled")
			require.ErrorIs(t, err, context.Canceled)

			err = o.do(ctx, s.client())
			require.Regexp(t, "^pmpsmart: "+o.name+": (token store: )?context canceled$", err.Error())
			require.ErrorIs(t, err, context.Canceled)
			require.Len(t, s.Requests(), 1, "nothing is sent for a context that has ended")
		})
	}
}

// sibling is the cause that an errgroup sets for a context: another call's error.
var sibling = &pmpsmart.APIError{Op: "GetOrder", HTTPStatus: 404}

// A call whose context ended for a reason is one whose context ended, and not
// what the reason was of another call.
func TestTheCauseOfACancelIsNotTheCallsOwnError(t *testing.T) {
	t.Parallel()
	once := pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})
	for _, o := range []operation{reading, listing, overwriting, creating, calling, loggingIn} {
		for _, body := range []string{"", `{"data":[{"id":1`} {
			t.Run(o.name+" "+body, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancelCause(t.Context())
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					time.AfterFunc(10*time.Millisecond, func() { cancel(sibling) })
					if body == "" {
						testserver.Silent(w, r)
					} else {
						stalled(body)(w, r)
					}
				})
				err := o.do(ctx, s.client(once))
				require.ErrorIs(t, err, context.Canceled)
				require.NotErrorIs(t, err, pmpsmart.ErrNotFound)
				var refusal *pmpsmart.APIError
				require.NotErrorAs(t, err, &refusal)
				require.Contains(t, err.Error(), "context canceled (pmpsmart: GetOrder: 404 Not Found)")
			})
		}
	}
}

func TestTheCauseOfATimeout(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errors.New("the page was closed"))
		defer cancel()
		err := creating.do(ctx, serve(t, testserver.Silent).client())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var timeout interface{ Timeout() bool }
		require.ErrorAs(t, err, &timeout)
		require.True(t, timeout.Timeout())
		require.Contains(t, err.Error(), "context deadline exceeded (the page was closed)")
	})
}

// soon returns a context with a deadline before the wait that a server or the rate
// limit demands, and late enough for a slow machine; atOnce fails the test if the
// deadline was waited for.
func soon(t *testing.T) (ctx context.Context, atOnce func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx, func() { t.Helper(); require.NoError(t, ctx.Err(), "it was waited for") }
}

// later demands a wait of ten minutes.
var later = respond(429, "", "Retry-After", "600")

// patient accepts any wait that the server demands.
var patient = pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Hour})

// A wait past the deadlines of all its callers ends at once, with the reason.
func TestNothingWaitsPastTheDeadline(t *testing.T) {
	t.Parallel()
	t.Run("a call's login", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		a := startAccount(t, &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { later(w, r); return true }})
		err := reading.do(ctx, a.client(patient))
		require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
		require.EqualError(t, err, "pmpsmart: GetOrder: login: 429 Too Many Requests (the server asks to wait 10m0s); not retried: the context ends within the wait of 10m0s")
		atOnce()
	})
	t.Run("an insert that is ensured", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		b := newOrderBook(t)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { later(w, r) }
		_, _, err := b.client(patient).EnsureJSONOrder(ctx, anOrder)
		require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: insert: 429 Too Many Requests (the server asks to wait 10m0s); not retried: the context ends within the wait of 10m0s")
		atOnce()
	})
	t.Run("a look before", func(t *testing.T) {
		t.Parallel()
		ctx, atOnce := soon(t)
		b := newOrderBook(t)
		b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { return nil, later }
		_, _, err := b.client(patient).EnsureJSONOrder(ctx, anOrder)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: look up: 429 Too Many Requests (the server asks to wait 10m0s); not retried: the context ends within the wait of 10m0s")
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

func TestTheContextsDeadlineBoundsTheCall(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{"no answer from": testserver.Silent, "the answer from HOST broke off": stalled(`{"data":[`)} {
		testserver.Bubble(t, func(t *testing.T) {
			s := serve(t, h)
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := listing.do(ctx, s.client())
			require.Equal(t, 60*time.Millisecond, time.Since(began))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Contains(t, textOf(s.URL, err), name)
			require.NotContains(t, err.Error(), "silent")
			require.Len(t, s.Requests(), 1, "nothing is repeated past the deadline")
		})
	}
}
