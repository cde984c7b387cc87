package pmpsmart_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// mayBeTriedAgain reports whether the call of o that ended in the fault may go well
// later: as often as it may be retried, and a login after 408 and 425 too.
func (f fault) mayBeTriedAgain(o operation) bool {
	if o.name == "Login" || o.name == "Logout" {
		return f.read > 1
	}
	return f.asks(o) > 1
}

// What is Retryable is what the client retries, before and after it has done so.
func TestRetryableByClass(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, f fault, o operation) {
		s := serve(t, f.answer)
		for _, attempts := range []int{1, 3} {
			policy := quick
			policy.MaxAttempts = attempts
			err := o.do(t.Context(), s.client(pmpsmart.WithRetry(policy)))
			require.Error(t, err)
			require.Equal(t, f.mayBeTriedAgain(o), pmpsmart.Retryable(err), "%d attempts: %v", attempts, err)
			require.Equal(t, f.mayBeTriedAgain(o), pmpsmart.Retryable(fmt.Errorf("deliver: %w", err)))
		}
	})
}

// An insert inside EnsureJSONOrder is no create to its caller, who may always call it
// again; but once it may have been done, that is what the error says.
func TestRetryableOfEnsure(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		if f.read > 1 && f.name == "silence" || f.name == "silence in the body" {
			continue // of which nothing differs but the time
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { f.answer(w, r) }
			_, _, err := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1, MinWait: 1, MaxWait: 1})).EnsureJSONOrder(t.Context(), anOrder)
			require.Error(t, err)
			require.Equal(t, f.read > 1 && !f.unknown, pmpsmart.Retryable(err), "%v", err)
			var unknown *pmpsmart.OutcomeUnknownError
			require.Equal(t, f.unknown, errors.As(err, &unknown))
		})
	}
}

// Of a call that was not sent, since its own login failed, it is the login that decides.
func TestRetryableByTheCallsOwnLogin(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		if f.name == "nothing in a 200" {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			inBubbleIfSilent(t, f.name, func(t *testing.T) {
				s := serve(t, f.answer)
				for _, o := range []operation{listing, creating} {
					c := newClient(t, s.BaseURL(), pmpsmart.WithCredentials(email, password), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
					err := o.do(t.Context(), c)
					require.ErrorContains(t, err, ": login: ")
					require.Equal(t, f.read > 1, pmpsmart.Retryable(err), "%v", err)
				}
			})
		})
	}
}

// What ends a call besides the server.
func TestRetryableWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	away := pmpsmart.WithToken(aToken)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-late.Done()
	locked := func(err error) pmpsmart.Option {
		return pmpsmart.WithTokenStore(storeFuncs{
			load: func() (pmpsmart.Token, error) { return "", err },
			replace: func(context.Context, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
				return "", err
			},
		})
	}
	account := pmpsmart.WithCredentials(email, password)
	for _, row := range []struct {
		name    string
		ctx     context.Context
		options []pmpsmart.Option
		o       []operation
		want    bool
	}{
		{"a refused connection", t.Context(), []pmpsmart.Option{away}, []operation{reading, listing, overwriting, creating, calling, loggingIn}, true},
		{"a refused connection for the login", t.Context(), []pmpsmart.Option{account}, []operation{listing, creating}, true},
		{"no token", t.Context(), nil, []operation{reading, creating}, false},
		{"canceled before", ended, []pmpsmart.Option{away}, []operation{reading, creating, listing}, false},
		{"too late before", late, []pmpsmart.Option{away}, []operation{reading, creating, listing}, true},
		{"too late before the login", late, []pmpsmart.Option{account}, []operation{reading, creating}, true},
		{"no turn in time", t.Context(), []pmpsmart.Option{away, pmpsmart.WithRateLimit(1e-9, 1), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})}, []operation{creating}, true},
		{"a store that is away", t.Context(), []pmpsmart.Option{account, locked(&net.OpError{Op: "dial", Err: errors.New("refused")})}, []operation{reading, creating}, true},
		{"a store that is closed", t.Context(), []pmpsmart.Option{account, locked(fs.ErrPermission)}, []operation{reading, creating}, false},
	} {
		for _, o := range row.o {
			t.Run(row.name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				c := newClient(t, testserver.Unreachable(t), row.options...)
				ctx := row.ctx
				if row.name == "no turn in time" {
					_ = o.do(ctx, c) // has the one turn
					soon, cancel := context.WithTimeout(ctx, time.Hour)
					defer cancel()
					ctx = soon
				}
				err := o.do(ctx, c)
				require.Error(t, err)
				require.Equal(t, row.want, pmpsmart.Retryable(err), "%v", err)
			})
		}
	}
}

// A caller that cancels does not want the call again, whatever had failed before; one
// whose time was short may have more of it later.
func TestRetryableByTheCallersContext(t *testing.T) {
	t.Parallel()
	for _, o := range []operation{reading, listing, overwriting} {
		testserver.Bubble(t, func(t *testing.T) {
			for name, s := range map[string]*server{"silence": serve(t, testserver.Silent), "a long wait": serve(t, respond(503, "", "Retry-After", "5"))} {
				c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{}))
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				err := o.do(ctx, c)
				require.ErrorIs(t, err, context.Canceled, name)
				require.False(t, pmpsmart.Retryable(err), "%s: %v", name, err)
				require.NotErrorIs(t, err, pmpsmart.ErrNoAnswer)

				ctx, cancel = context.WithTimeout(t.Context(), time.Second)
				err = o.do(ctx, c)
				cancel()
				require.True(t, pmpsmart.Retryable(err), "%s: %v", name, err)
			}
		})
	}
}

// A spent budget is the client's own reason, not the call's.
func TestRetryableWithASpentBudget(t *testing.T) {
	t.Parallel()
	c := serve(t, respond(503, "")).client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 200, MinWait: 1, MaxWait: 1}))
	for range 2 {
		require.True(t, pmpsmart.Retryable(reading.do(t.Context(), c)))
	}
}

// What can be told of an error by its looks, such as a fake returns it.
func TestRetryableOfErrorsAsTheyLook(t *testing.T) {
	t.Parallel()
	status := func(op string, n int) error { return &pmpsmart.APIError{Op: op, HTTPStatus: n} }
	busy, missing := status("GetOrder", 503), status("GetOrder", 404)
	unknown := &pmpsmart.OutcomeUnknownError{Op: "InsertJSONOrder", Err: busy}
	var none *pmpsmart.APIError
	var noOutcome *pmpsmart.OutcomeUnknownError
	for name, row := range map[string]struct {
		err  error
		want bool
	}{
		"nil":                        {nil, false},
		"another package's":          {errors.New("x"), false},
		"another's deadline":         {context.DeadlineExceeded, false},
		"another's connection":       {&net.OpError{Op: "dial", Err: errors.New("refused")}, false},
		"a read's 503":               {busy, true},
		"an insert's 503":            {status("InsertJSONOrder", 503), false},
		"an insert's 503, to wait":   {&pmpsmart.APIError{Op: "InsertJSONOrder", HTTPStatus: 503, RetryAfter: time.Second}, true},
		"an insert's 429":            {status("InsertJSONOrder", 429), true},
		"a Call's 500":               {status("Call", 500), false},
		"a login's 408":              {status("Login", 408), true},
		"a 404":                      {missing, false},
		"no status":                  {&pmpsmart.APIError{}, false},
		"input":                      {&pmpsmart.InputError{}, false},
		"unreadable":                 {&pmpsmart.DecodeError{Err: errors.New("x")}, false},
		"an unknown outcome":         {unknown, false},
		"one without a cause":        {new(pmpsmart.OutcomeUnknownError), false},
		"wrapped":                    {fmt.Errorf("a: %w", fmt.Errorf("b: %w", busy)), true},
		"wrapped, unknown":           {fmt.Errorf("a: %w", unknown), false},
		"joined with another's":      {errors.Join(sql.ErrNoRows, busy), true},
		"two":                        {errors.Join(busy, status("ListOrders", 429)), true},
		"one of two":                 {errors.Join(busy, missing), false},
		"one of two, deep":           {fmt.Errorf("%w, %w", busy, errors.Join(errors.New("x"), fmt.Errorf("y: %w", missing))), false},
		"joined with a cancel":       {errors.Join(busy, context.Canceled), false},
		"joined with an unknown one": {errors.Join(busy, unknown), false},
		"others joined":              {errors.Join(sql.ErrNoRows, errors.New("x")), false},
		"a sentinel":                 {fmt.Errorf("fake: %w", pmpsmart.ErrRateLimited), true},
		"another sentinel":           {fmt.Errorf("fake: %w", pmpsmart.ErrNotFound), false},
		"a nil pointer":              {none, false},
		"a nil pointer of another":   {noOutcome, false},
	} {
		require.Equal(t, row.want, pmpsmart.Retryable(row.err), name)
	}
}

// An order whose lock could not be taken was not inserted.
func TestRetryableWithoutALock(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{errors.New("redis is away"), true},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, true},
		{fs.ErrPermission, false},
	} {
		b, l := newOrderBook(t), &testLocker{lock: func(context.Context) (context.Context, error) { return nil, tt.err }}
		_, _, err := b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-1", Data: 1, Status: "completed"})
		require.ErrorIs(t, err, tt.err)
		require.Equal(t, tt.want, pmpsmart.Retryable(err), "%v", err)
	}
}
