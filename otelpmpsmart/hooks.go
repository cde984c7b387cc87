package otelpmpsmart

import (
	"context"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/pmpsmart/pmpsmart-go"
)

// loginOp is the CallInfo.Op of a login.
const loginOp = "Login"

// An instrumentation is what the funcs of Hooks share.
type instrumentation struct {
	config
	metrics
	tracer trace.Tracer

	ops, paths, ownPaths nameLimit
	started              sync.Map // of the methods and whether they were inner calls
}

func newInstrumentation(opts []Option) *instrumentation {
	c := newConfig(opts)
	return &instrumentation{config: c, metrics: newMetrics(c.meter()), tracer: c.tracer()}
}

// A call is one that is under way.
type call struct {
	began     time.Time
	span      trace.Span
	operation string
	parent    string // "" unless another call made it
}

// A callKey finds the call in a context. Each instrumentation has its own: a client may
// have several.
type callKey struct{ *instrumentation }

// call is Hooks.Call.
func (i *instrumentation) call(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
	if ctx == nil {
		return nil, nil // the call is refused for it
	}
	c := &call{began: time.Now(), operation: i.ops.admit(info.Op)}
	attributes := i.attributes(operationKey.String(c.operation), classKey.String(info.Class), i.template(info.Op, info.Path))
	if outer, ok := ctx.Value(callKey{i}).(*call); ok {
		c.parent = outer.operation
		attributes = append(attributes, parentKey.String(c.parent))
	}
	i.start(ctx, c.operation, info.Class, c.parent != "")
	ctx, c.span = i.tracer.Start(ctx, "PMPSmart/"+c.operation, trace.WithAttributes(attributes...))
	ctx = context.WithValue(ctx, callKey{i}, c)
	return ctx, func(r pmpsmart.CallResult) { i.endCall(ctx, c, r) }
}

func (i *instrumentation) endCall(ctx context.Context, c *call, r pmpsmart.CallResult) {
	took := time.Since(c.began).Seconds()
	operation := operationKey.String(c.operation)
	attributes := []attribute.KeyValue{operation}
	if c.parent != "" {
		attributes = append(attributes, parentKey.String(c.parent))
	}
	failure := fail(c.span, r.Err, func() string { return errorType(ctx, r.Err) })
	attributes = append(attributes, failure...)
	i.calls.Record(ctx, took, i.with(attributes...))
	if c.operation == loginOp {
		i.logins.Add(ctx, 1, i.with(failure...))
	}
	if c.parent == "" { // else the outer call counts
		if r.Records > 0 {
			i.records.Add(ctx, int64(r.Records), i.with(operation))
		}
		if len(failure) > 0 && failure[0].Value.AsString() == outcomeUnknown {
			i.unknown.Add(ctx, 1, i.with(operation))
		}
	}
	if c.span.IsRecording() {
		c.span.SetAttributes(recordsKey.Int(r.Records), attemptsKey.Int(r.Response.Attempts))
	}
	c.span.End()
}

// attempt is Hooks.Attempt.
func (i *instrumentation) attempt(ctx context.Context, info pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
	if ctx == nil {
		return nil, nil
	}
	began := time.Now()
	template := i.template(info.Op, info.Path)
	attributes := append(i.attributes(semconv.HTTPRequestMethodPost, template, operationKey.String(i.ops.admit(info.Op))), i.server...)
	measured := append([]attribute.KeyValue(nil), attributes...)
	if info.Page > 0 {
		attributes = append(attributes, pageKey.Int(info.Page))
	}
	if info.Try > 1 {
		attributes = append(attributes, semconv.HTTPRequestResendCount(info.Try-1))
	}
	ctx, span := i.tracer.Start(ctx, http.MethodPost+" "+template.Value.AsString(), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	return ctx, func(r pmpsmart.AttemptResult) {
		took := time.Since(began).Seconds()
		if r.HTTPStatus != 0 {
			status := semconv.HTTPResponseStatusCode(r.HTTPStatus)
			measured = append(measured, status)
			span.SetAttributes(status, semconv.HTTPResponseBodySize(int(r.Bytes)))
		}
		measured = append(measured, fail(span, r.Err, func() string { return attemptErrorType(ctx, r.HTTPStatus, r.Err) })...)
		i.requests.RecordSet(ctx, took, i.set(measured...))
		span.End()
	}
}

// retry is Hooks.Retry.
func (i *instrumentation) retry(ctx context.Context, info pmpsmart.RetryInfo) {
	if ctx == nil {
		return
	}
	operation, failure := operationKey.String(i.ops.admit(info.Op)), semconv.ErrorTypeKey.String(attemptErrorType(ctx, 0, info.Err))
	event, attributes := retryEvent, []attribute.KeyValue{failure}
	if info.Page > 0 {
		attributes = append(attributes, pageKey.Int(info.Page))
	}
	if info.GaveUp == "" {
		i.retries.Add(ctx, 1, i.with(operation, failure))
		attributes = append(attributes, waitKey.Float64(info.Wait.Seconds()))
	} else {
		reason := reasonKey.String(reasonOf(info.GaveUp))
		i.giveUps.Add(ctx, 1, i.with(operation, reason))
		event, attributes = giveUpEvent, append(attributes, reason)
	}
	span := trace.SpanFromContext(ctx)
	if c, ok := ctx.Value(callKey{i}).(*call); ok {
		span = c.span
	}
	span.AddEvent(event, trace.WithAttributes(attributes...))
}

// reasonOf returns a reason that is one of those known.
func reasonOf(gaveUp string) string {
	for _, reason := range giveUpReasons {
		if gaveUp == reason {
			return gaveUp
		}
	}
	return other
}

// fail gives a span that ended in err the status of an error, and returns error.type.
// It returns nil if err is nil.
func fail(span trace.Span, err error, kind func() string) []attribute.KeyValue {
	if err == nil {
		return nil
	}
	failure := semconv.ErrorTypeKey.String(kind())
	span.SetAttributes(failure)
	span.SetStatus(codes.Error, failure.Value.AsString())
	return []attribute.KeyValue{failure}
}

// attributes returns those given and those that everything has.
func (i *instrumentation) attributes(own ...attribute.KeyValue) []attribute.KeyValue {
	return append(own, i.common...)
}

// template returns url.template for a path. Programs choose the paths of three methods.
func (i *instrumentation) template(op, path string) attribute.KeyValue {
	limit := &i.paths
	switch op {
	case "Call", "ListAs", "GetAs":
		limit = &i.ownPaths
	}
	return semconv.URLTemplate(limit.admit(pathTemplate(path)))
}
