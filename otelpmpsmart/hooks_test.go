package otelpmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
)

// A response that refuses the call inside an HTTP 200 is an error of the call and of
// the request.
func TestRefusalInAnHTTP200(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options(otelpmpsmart.WithBaseURL("https://user:rahasia@api.example:8443/api/v1?x=y"))...)
	refused := &pmpsmart.APIError{Op: "GetOrder", HTTPStatus: 200, Status: "error", Message: "order PMP-0000007 is not yours", Fields: map[string][]string{"order_id": {"no"}}}
	ctx, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "GetOrder", Path: "order/detail", Class: "read"})
	_, answered := h.Attempt(ctx, pmpsmart.AttemptInfo{Op: "GetOrder", Path: "order/detail", Try: 1})
	answered(pmpsmart.AttemptResult{HTTPStatus: 200, Bytes: 90, Err: refused})
	end(pmpsmart.CallResult{Response: pmpsmart.Response{Attempts: 1}, Err: refused})

	want(t, "spans", r.tree(), `
internal PMPSmart/GetOrder Error(validation) {error.type=validation,pmpsmart.attempts=1,pmpsmart.operation.class=read,pmpsmart.operation.name=GetOrder,pmpsmart.records=0,url.template=/order/detail}
  client POST /order/detail Error(validation) {error.type=validation,http.request.method=POST,http.response.body.size=…,http.response.status_code=200,pmpsmart.operation.name=GetOrder,server.address=api.example,server.port=8443,url.template=/order/detail}`)
	want(t, "metrics", r.points(), []string{
		"http.client.request.duration{error.type=validation,http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=GetOrder,server.address=api.example,server.port=8443,url.template=/order/detail} 1",
		"pmpsmart.client.call.duration{error.type=validation,pmpsmart.operation.name=GetOrder} 1",
	})
}

// Retries are told by what failed, and giving up by why.
func TestRetries(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options()...)
	busy, broken := &pmpsmart.APIError{HTTPStatus: 429}, &pmpsmart.APIError{HTTPStatus: 502}
	ctx, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "ListOrders", Path: "order", Class: "read"})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 3, Try: 1, Wait: time.Second, Err: busy})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 3, Try: 2, Wait: time.Second, Err: broken})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 3, Try: 3, Wait: time.Second, Err: broken})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 3, Try: 4, Err: broken, GaveUp: "budget"})
	_, again := h.Attempt(ctx, pmpsmart.AttemptInfo{Op: "ListOrders", Path: "order", Page: 3, Try: 4})
	again(pmpsmart.AttemptResult{HTTPStatus: 502, Err: broken})
	end(pmpsmart.CallResult{Response: pmpsmart.Response{Attempts: 6}, Records: 30, Err: broken})

	want(t, "spans", r.tree(), `
internal PMPSmart/ListOrders Error(server_error) {error.type=server_error,pmpsmart.attempts=6,pmpsmart.operation.class=read,pmpsmart.operation.name=ListOrders,pmpsmart.records=30,url.template=/order}`+
		` pmpsmart.retry{error.type=429,pmpsmart.page=3,pmpsmart.retry.wait=…} pmpsmart.retry{error.type=502,pmpsmart.page=3,pmpsmart.retry.wait=…} pmpsmart.retry{error.type=502,pmpsmart.page=3,pmpsmart.retry.wait=…} pmpsmart.give_up{error.type=502,pmpsmart.give_up.reason=budget,pmpsmart.page=3}
  client POST /order Error {error.type=502,http.request.method=POST,http.request.resend_count=3,http.response.body.size=…,http.response.status_code=502,pmpsmart.operation.name=ListOrders,pmpsmart.page=3,url.template=/order}`)
	want(t, "metrics", r.allPoints(), []string{
		"http.client.request.duration{error.type=502,http.request.method=POST,http.response.status_code=502,pmpsmart.operation.name=ListOrders,url.template=/order} 1",
		"pmpsmart.client.call.duration{error.type=server_error,pmpsmart.operation.name=ListOrders} 1",
		"pmpsmart.client.give_ups{pmpsmart.give_up.reason=attempts,pmpsmart.operation.name=ListOrders} 0",
		"pmpsmart.client.give_ups{pmpsmart.give_up.reason=budget,pmpsmart.operation.name=ListOrders} 1",
		"pmpsmart.client.give_ups{pmpsmart.give_up.reason=deadline,pmpsmart.operation.name=ListOrders} 0",
		"pmpsmart.client.give_ups{pmpsmart.give_up.reason=retry-after,pmpsmart.operation.name=ListOrders} 0",
		"pmpsmart.client.records{pmpsmart.operation.name=ListOrders} 30",
		"pmpsmart.client.retries{error.type=429,pmpsmart.operation.name=ListOrders} 1",
		"pmpsmart.client.retries{error.type=502,pmpsmart.operation.name=ListOrders} 2",
	})
}

// The outcome of a call inside another is the other's business.
func TestInnerCalls(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options()...)
	unknown := &pmpsmart.OutcomeUnknownError{Op: "InsertJSONOrder", Err: &pmpsmart.APIError{HTTPStatus: 502}}
	call := func(ctx context.Context, op, class string, records int, err error) {
		_, end := h.Call(ctx, pmpsmart.CallInfo{Op: op, Class: class})
		end(pmpsmart.CallResult{Records: records, Err: err})
	}
	ctx, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "EnsureJSONOrder", Class: "create"})
	call(ctx, "InsertJSONOrder", "create", 0, unknown)
	call(ctx, "FilterJSONOrders", "read", 1, nil)
	end(pmpsmart.CallResult{Records: 1})
	call(t.Context(), "InsertJSONOrder", "create", 0, unknown)
	call(t.Context(), "EnsureJSONOrder", "create", 0, fmt.Errorf("wrapped: %w", unknown))

	want(t, "metrics", r.points(), []string{
		"pmpsmart.client.call.duration{error.type=outcome_unknown,pmpsmart.operation.name=EnsureJSONOrder} 1",
		"pmpsmart.client.call.duration{error.type=outcome_unknown,pmpsmart.operation.name=InsertJSONOrder,pmpsmart.operation.parent=EnsureJSONOrder} 1",
		"pmpsmart.client.call.duration{error.type=outcome_unknown,pmpsmart.operation.name=InsertJSONOrder} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=EnsureJSONOrder} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=FilterJSONOrders,pmpsmart.operation.parent=EnsureJSONOrder} 1",
		"pmpsmart.client.outcomes_unknown{pmpsmart.operation.name=EnsureJSONOrder} 1",
		"pmpsmart.client.outcomes_unknown{pmpsmart.operation.name=InsertJSONOrder} 1",
		"pmpsmart.client.records{pmpsmart.operation.name=EnsureJSONOrder} 1",
	})
}

// The counters of rare events stand at 0 from the first call on, so that Prometheus sees
// the first event. What can't happen has no counter.
func TestCountersStartAtZero(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options()...)
	ctx, _ := h.Call(t.Context(), pmpsmart.CallInfo{Op: "EnsureJSONOrder", Class: "create"})
	ctx, _ = h.Call(ctx, pmpsmart.CallInfo{Op: "InsertJSONOrder", Class: "create"})
	h.Call(ctx, pmpsmart.CallInfo{Op: "Login", Class: "auth"})
	var zeros []string
	for _, line := range r.allPoints() {
		if !strings.Contains(line, "give_ups") {
			zeros = append(zeros, line)
		}
	}
	want(t, "metrics", zeros, []string{
		"pmpsmart.client.logins{} 0",
		"pmpsmart.client.outcomes_unknown{pmpsmart.operation.name=EnsureJSONOrder} 0",
	})
}

// The error.type of calls and of requests, one row an error.
func TestErrorTypes(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithTimeout(t.Context(), -1)
	defer cancel()
	api := func(status int) error { return &pmpsmart.APIError{HTTPStatus: status} }
	for _, row := range []struct {
		ctx           context.Context
		err           error
		status        int
		call, attempt string
	}{
		{t.Context(), &pmpsmart.InputError{}, 0, "input", "input"},
		{t.Context(), api(401), 401, "unauthorized", "401"},
		{t.Context(), fmt.Errorf("login: %w", pmpsmart.ErrUnauthorized), 200, "unauthorized", "unauthorized"},
		{t.Context(), api(403), 403, "forbidden", "403"},
		{t.Context(), api(404), 404, "not_found", "404"},
		{t.Context(), fmt.Errorf("%w", pmpsmart.ErrNotFound), 200, "not_found", "not_found"},
		{t.Context(), api(422), 422, "validation", "422"},
		{t.Context(), api(409), 409, "conflict", "409"},
		{t.Context(), fmt.Errorf("%w", pmpsmart.ErrRefused), 200, "refused", "refused"},
		{t.Context(), fmt.Errorf("%w", pmpsmart.ErrNoAnswer), 0, "no_answer", "no_answer"},
		{t.Context(), fmt.Errorf("%w after %w", pmpsmart.ErrNoAnswer, context.DeadlineExceeded), 0, "no_answer", "no_answer"},
		{late, fmt.Errorf("%w after %w", pmpsmart.ErrNoAnswer, context.DeadlineExceeded), 0, "deadline_exceeded", "deadline_exceeded"},
		{t.Context(), &pmpsmart.OutcomeUnknownError{Err: pmpsmart.ErrNoAnswer}, 0, "outcome_unknown", "no_answer"},
		{t.Context(), api(429), 429, "rate_limited", "429"},
		{t.Context(), api(503), 503, "maintenance", "503"},
		{t.Context(), api(500), 500, "server_error", "500"},
		{t.Context(), api(520), 520, "server_error", "520"},
		{t.Context(), api(302), 302, "302", "302"},
		{t.Context(), api(418), 418, "418", "418"},
		{t.Context(), api(777), 777, "_OTHER", "_OTHER"},
		{t.Context(), pmpsmart.ErrResponseTooLarge, 200, "response_too_large", "response_too_large"},
		{t.Context(), &pmpsmart.DecodeError{HTTPStatus: 200, Err: errors.New("PMP-0000007")}, 200, "decode", "decode"},
		{t.Context(), &pmpsmart.DecodeError{HTTPStatus: 200, Err: io.ErrUnexpectedEOF}, 200, "truncated", "truncated"},
		{t.Context(), &pmpsmart.OutcomeUnknownError{Err: api(502)}, 502, "outcome_unknown", "502"},
		{t.Context(), &pmpsmart.OutcomeUnknownError{Err: &pmpsmart.DecodeError{HTTPStatus: 200}}, 200, "outcome_unknown", "decode"},
		{ended, &pmpsmart.OutcomeUnknownError{Err: context.Canceled}, 0, "outcome_unknown", "canceled"},
		{ended, fmt.Errorf("gave up: %w", context.Canceled), 0, "canceled", "canceled"},
		{late, fmt.Errorf("%w while waiting after %w", context.DeadlineExceeded, api(502)), 0, "deadline_exceeded", "502"},
		{ended, api(502), 502, "server_error", "502"},
		{t.Context(), &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, 200, "truncated", "truncated"},
		{t.Context(), os.ErrDeadlineExceeded, 0, "_OTHER", "_OTHER"},
		{t.Context(), errors.Join(errors.New("x"), context.DeadlineExceeded), 0, "deadline_exceeded", "deadline_exceeded"},
		{t.Context(), context.Canceled, 0, "canceled", "canceled"},
		{t.Context(), context.DeadlineExceeded, 0, "deadline_exceeded", "deadline_exceeded"},
		{t.Context(), errors.New("PMP-0000007"), 0, "_OTHER", "_OTHER"},
	} {
		r := newRecorder(t)
		h := otelpmpsmart.Hooks(r.options()...)
		ctx, end := h.Call(row.ctx, pmpsmart.CallInfo{Op: "GetOrder", Path: "order/detail", Class: "read"})
		_, answered := h.Attempt(ctx, pmpsmart.AttemptInfo{Op: "GetOrder", Path: "order/detail", Try: 1})
		answered(pmpsmart.AttemptResult{HTTPStatus: row.status, Err: row.err})
		end(pmpsmart.CallResult{Err: row.err})
		text := strings.Join(r.points(), "\n")
		for _, part := range []string{
			"pmpsmart.client.call.duration{error.type=" + row.call + ",pmpsmart.operation.name=GetOrder} 1",
			"http.client.request.duration{error.type=" + row.attempt + ",http.request.method=POST",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("%v is\n%s\nwant %s", row.err, text, part)
			}
		}
		if all := text + r.tree(); strings.Contains(all, "PMP-") {
			t.Errorf("the text of an error is recorded:\n%s", all)
		}
	}
}

// What a client could give and does not, and providers that are not there.
func TestNothingPanics(t *testing.T) {
	t.Parallel()
	for _, h := range []pmpsmart.Hooks{
		otelpmpsmart.Hooks(),
		otelpmpsmart.Hooks(nil, otelpmpsmart.WithTracerProvider(nil), otelpmpsmart.WithMeterProvider(nil), otelpmpsmart.WithBaseURL("%zz"), otelpmpsmart.WithBaseURL(""), otelpmpsmart.WithAttributes()),
	} {
		for _, ctx := range []context.Context{nil, t.Context()} {
			inner, end := h.Call(ctx, pmpsmart.CallInfo{})
			if inner != nil {
				end(pmpsmart.CallResult{})
			}
			if inner, end := h.Attempt(ctx, pmpsmart.AttemptInfo{}); inner != nil {
				end(pmpsmart.AttemptResult{})
			}
			h.Retry(ctx, pmpsmart.RetryInfo{GaveUp: "boredom"})
		}
	}
	otelpmpsmart.DriftHandler()(t.Context(), pmpsmart.Drift{})
}

// global has the global providers record, which can be set but once: those that were
// there before hand everything on to them for ever.
var global = sync.OnceValue(func() *recorder {
	r := newRecorder(nil)
	otel.SetTracerProvider(r.tracer)
	otel.SetMeterProvider(r.meter)
	return r
})

// The global providers may be set after Hooks, as programs do.
func TestGlobalProviders(t *testing.T) {
	h := otelpmpsmart.Hooks()
	r := global()
	before := len(r.traces.Ended())
	_, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "GetOrder", Path: "order/detail", Class: "read"})
	end(pmpsmart.CallResult{})
	if n := len(r.traces.Ended()) - before; n != 1 {
		t.Errorf("%d spans are recorded", n)
	}
	r.t = t
	if text := strings.Join(r.points(), "\n"); !strings.Contains(text, "pmpsmart.client.call.duration{pmpsmart.operation.name=GetOrder} ") {
		t.Errorf("the metrics are\n%s", text)
	}
}

// Two of them on one client each have their own spans.
func TestTwoHooks(t *testing.T) {
	t.Parallel()
	a, b := newRecorder(t), newRecorder(t)
	one, two := otelpmpsmart.Hooks(a.options()...), otelpmpsmart.Hooks(b.options()...)
	info := pmpsmart.CallInfo{Op: "GetOrder", Path: "order/detail", Class: "read"}
	ctx, endOne := one.Call(t.Context(), info)
	ctx, endTwo := two.Call(ctx, info)
	for _, h := range []pmpsmart.Hooks{one, two} {
		h.Retry(ctx, pmpsmart.RetryInfo{Op: "GetOrder", Try: 1, Err: &pmpsmart.APIError{HTTPStatus: 502}})
	}
	endTwo(pmpsmart.CallResult{})
	endOne(pmpsmart.CallResult{})
	for _, r := range []*recorder{a, b} {
		if spans := r.traces.Ended(); len(spans) != 1 || len(spans[0].Events()) != 1 {
			t.Errorf("got\n%s", r.tree())
		}
		want(t, "metrics", r.points(), []string{
			"pmpsmart.client.call.duration{pmpsmart.operation.name=GetOrder} 1",
			"pmpsmart.client.retries{error.type=502,pmpsmart.operation.name=GetOrder} 1",
		})
	}
}
