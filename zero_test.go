package pmpsmart_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// The errors of this package in their zero form, and as nil pointers, such as a fake may
// return by mistake.
func TestZeroErrorsReadWell(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"pmpsmart: refused":               &pmpsmart.APIError{},
		"pmpsmart: GetOrder: refused":     &pmpsmart.APIError{Op: "GetOrder"},
		"pmpsmart: can't read the answer": &pmpsmart.DecodeError{},
		"pmpsmart: invalid input":         &pmpsmart.InputError{},
		"pmpsmart: outcome unknown, the server may have done it; look before sending it again": &pmpsmart.OutcomeUnknownError{},
	} {
		require.EqualError(t, err, want)
		require.Equal(t, want, fmt.Sprintf("%v", err))
	}
	for _, err := range []error{(*pmpsmart.APIError)(nil), (*pmpsmart.DecodeError)(nil), (*pmpsmart.InputError)(nil), (*pmpsmart.OutcomeUnknownError)(nil)} {
		require.EqualError(t, err, "pmpsmart: no error")
		for _, text := range []string{fmt.Sprint(err), fmt.Sprintf("%v %s %+v", err, err, err), fmt.Errorf("x: %w", err).Error(), errors.Join(err).Error(), (&pmpsmart.OutcomeUnknownError{Err: err}).Error(), (&pmpsmart.DecodeError{Err: err}).Error()} {
			require.NotContains(t, text, "PANIC")
			require.NotContains(t, text, "<nil>")
		}
		require.NoError(t, errors.Unwrap(err))
		require.Empty(t, kindsOf(err))
		require.False(t, pmpsmart.Retryable(err))
	}
}

// A Client that New did not make says so, whatever is asked of it.
func TestClientsThatNewDidNotMake(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]*pmpsmart.Client{
		"the Client is nil; it must be made by New, and the error of New be checked": nil,
		"the Client is the zero one; it must be made by New":                         new(pmpsmart.Client),
	} {
		ctx := t.Context()
		methods := map[string]func() error{
			"EnsureJSONOrder":  func() error { _, _, err := c.EnsureJSONOrder(ctx, anOrder); return err },
			"UpdateJSONOrder":  func() error { _, err := c.UpdateJSONOrder(ctx, anOrder); return err },
			"FilterJSONOrders": func() error { _, err := c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{}); return err },
			"UpdateOutletCode": func() error { _, err := c.UpdateOutletCode(ctx, 1, "x"); return err },
			"ListOutlets":      func() error { _, err := c.ListOutlets(ctx); return err },
			"ListSalesUsers":   func() error { _, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{}); return err },
			"ListVisits":       func() error { _, err := c.ListVisits(ctx, pmpsmart.VisitFilter{}); return err },
			"GetAs":            func() error { return errorOf(pmpsmart.GetAs[int](ctx, c, "x", nil)) },
			"ListAs":           func() error { return lastError(pmpsmart.ListAs[map[string]any](ctx, c, "x", nil)) },
		}
		for _, o := range []operation{reading, listing, overwriting, creating, calling, loggingIn, loggingOut} {
			methods[o.name] = func() error { return o.do(ctx, c) }
		}
		for name, do := range methods {
			err := do()
			require.EqualError(t, err, "pmpsmart: "+name+": "+want)
			require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
		}
		for name, err := range map[string]error{
			"ListOrders":       lastError(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{})),
			"ListOutlets":      lastError(c.ListOutletsSeq(ctx)),
			"ListSalesUsers":   lastError(c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{})),
			"ListVisits":       lastError(c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{})),
			"FilterJSONOrders": lastError(c.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{})),
		} {
			require.EqualError(t, err, "pmpsmart: "+name+": "+want)
		}
		require.NoError(t, c.Close())
		require.NotContains(t, fmt.Sprintf("%v %+v", c, c), "PANIC")
		response := pmpsmart.Response{HTTPStatus: 7}
		require.Error(t, reading.do(ctx, c, pmpsmart.WithResponse(&response)))
		require.Zero(t, response)
	}
}

// A duration without its unit is told what it lacks; the shortest wait is for tests.
func TestDurationsWithoutAUnit(t *testing.T) {
	t.Parallel()
	for want, option := range map[string]pmpsmart.Option{
		"pmpsmart: New: WithTimeout is 30ns, in which no server answers; write the unit, as in 30*time.Second":               pmpsmart.WithTimeout(30),
		"pmpsmart: New: WithTimeout is 30µs, in which no server answers; write the unit, as in 30*time.Second":               pmpsmart.WithTimeout(30_000),
		"pmpsmart: New: WithAttemptTimeout is 30ns, in which no server answers; write the unit, as in 30*time.Second":        pmpsmart.WithAttemptTimeout(30),
		"pmpsmart: New: WithRetry has a wait of 200ns; write the unit, as in 200*time.Millisecond, or 1 for next to no wait": pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 200}),
		"pmpsmart: New: WithRetry has a wait of 10ns; write the unit, as in 200*time.Millisecond, or 1 for next to no wait":  pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxWait: 10}),
	} {
		_, err := pmpsmart.New(option)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	}
	for _, option := range []pmpsmart.Option{pmpsmart.WithTimeout(time.Millisecond), pmpsmart.WithAttemptTimeout(time.Millisecond), pmpsmart.WithAttemptTimeout(0), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 1, MaxWait: 1}), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Microsecond, MaxWait: time.Millisecond})} {
		_, err := pmpsmart.New(option)
		require.NoError(t, err)
	}
}

// What a call's options want of its response is known to a fake.
func TestResponseOf(t *testing.T) {
	t.Parallel()
	var response pmpsmart.Response
	require.Nil(t, pmpsmart.ResponseOf())
	require.Nil(t, pmpsmart.ResponseOf(nil))
	require.Same(t, &response, pmpsmart.ResponseOf(nil, pmpsmart.WithResponse(&response)))
}

// An order that is inserted again is told in the log.
func TestASecondInsertIsLogged(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { respond(502, "")(w, r) }
	var l lines
	_, _, err := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 2, MinWait: 1, MaxWait: 1}), pmpsmart.WithLogger(l.logger(-1))).EnsureJSONOrder(t.Context(), anOrder)
	require.ErrorContains(t, err, "502 Bad Gateway; after 2 inserts; calling it again is safe")
	require.Contains(t, l.all(), `level=INFO msg="pmpsmart: inserting again" op=EnsureJSONOrder attempt=2 why="502 Bad Gateway"`)
}

// An error that no retry changes says what was tried before it.
func TestAnErrorAfterRetriesSaysHowMany(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(503, ""), respond(503, ""), respond(404, `{"message":"Tidak ada"}`)))
	err := reading.do(t.Context(), s.client())
	require.EqualError(t, err, "pmpsmart: GetOrder: 404 Not Found: Tidak ada; after 3 attempts")
	require.Equal(t, "not found", kindsOf(err))
	s = serve(t, sequence(respond(503, ""), respond(401, `{"message":"Salah"}`)))
	c := newClient(t, s.BaseURL(), pmpsmart.WithCredentials(email, password))
	err = reading.do(t.Context(), c)
	require.EqualError(t, err, "pmpsmart: GetOrder: login: 401 Unauthorized: Salah; after 2 attempts")
	again := reading.do(t.Context(), c)
	require.ErrorContains(t, again, "pmpsmart: GetOrder: login: 401 Unauthorized: Salah; after 2 attempts; this email and password are not sent again for ")
	require.Equal(t, "unauthorized", kindsOf(again))
	require.False(t, pmpsmart.Retryable(again))
	require.Equal(t, "unauthorized", kindsOf(err))
}
