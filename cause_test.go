package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// sibling is the cause that an errgroup gives to a context: another call's error.
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
						silent(w, r)
					} else {
						stall(body)(w, r)
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
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, errors.New("the page was closed"))
		defer cancel()
		err := creating.do(ctx, serve(t, silent).client())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var timeout interface{ Timeout() bool }
		require.ErrorAs(t, err, &timeout)
		require.True(t, timeout.Timeout())
		require.Contains(t, err.Error(), "context deadline exceeded (the page was closed)")
	})
}
