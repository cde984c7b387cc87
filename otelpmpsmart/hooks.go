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
	points               sync.Map // point → metric.MeasurementOption
	started              sync.Map // of startKey
}

func newInstrumentation(opts []Option) *instrumentation {
	c := newConfig(opts)
	return &instrumentation{
		config: c, metrics: newMetrics(c.meter()), tracer: c.tracer(),
		paths: nameLimit{template: pathTemplate}, ownPaths: nameLimit{template: pathTemplate},
	}
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
	attributes := append(make([]attribute.KeyValue, 0, 8),
		operationKey.String(c.operation), classKey.String(info.Class), semconv.URLTemplate(i.template(info.Op, info.Path)))
	if outer, ok := ctx.Value(callKey{i}).(*call); ok {
		c.parent = outer.operation
		attributes = append(attributes, parentKey.String(c.parent))
	}
	i.start(ctx, c.operation, info.Class, c.parent != "")
	ctx, c.span = i.tracer.Start(ctx, "PMPSmart/"+c.operation, trace.WithAttributes(append(attributes, i.common...)...))
	ctx = context.WithValue(ctx, callKey{i}, c)
	return ctx, func(r pmpsmart.CallResult) { i.endCall(ctx, c, r) }
}

func (i *instrumentation) endCall(ctx context.Context, c *call, r pmpsmart.CallResult) {
	took := time.Since(c.began).Seconds()
	kind := ""
	if r.Err != nil {
		kind = errorType(ctx, r.Err)
	}
	i.calls.Record(ctx, took, i.at(point{operation: c.operation, parent: c.parent, kind: kind}))
	if c.operation == loginOp {
		i.logins.Add(ctx, 1, i.at(point{kind: kind}))
	}
	if c.parent == "" { // else the outer call counts
		if r.Records > 0 {
			i.records.Add(ctx, int64(r.Records), i.at(point{operation: c.operation}))
		}
		if kind == outcomeUnknown {
			i.unknown.Add(ctx, 1, i.at(point{operation: c.operation}))
		}
	}
	if c.span.IsRecording() {
		c.span.SetAttributes(recordsKey.Int(r.Records), attemptsKey.Int(r.Response.Attempts))
	}
	end(c.span, kind)
}

// attempt is Hooks.Attempt.
func (i *instrumentation) attempt(ctx context.Context, info pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
	if ctx == nil {
		return nil, nil
	}
	began := time.Now()
	p := point{operation: i.ops.admit(info.Op), template: i.template(info.Op, info.Path)}
	ctx, span := i.tracer.Start(ctx, http.MethodPost+" "+p.template, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(i.ofAttempt(p, info)...))
	return ctx, func(r pmpsmart.AttemptResult) {
		took := time.Since(began).Seconds()
		p.status = r.HTTPStatus
		if r.Err != nil {
			p.kind = attemptErrorType(ctx, r.HTTPStatus, r.Err)
		}
		i.requests.Inst().Record(ctx, took, i.at(p))
		if r.HTTPStatus != 0 && span.IsRecording() {
			span.SetAttributes(semconv.HTTPResponseStatusCode(r.HTTPStatus), semconv.HTTPResponseBodySize(int(r.Bytes)))
		}
		end(span, p.kind)
	}
}

// ofAttempt returns the attributes with which the span of an attempt starts.
func (i *instrumentation) ofAttempt(p point, info pmpsmart.AttemptInfo) []attribute.KeyValue {
	attributes := append(make([]attribute.KeyValue, 0, 8),
		semconv.HTTPRequestMethodPost, semconv.URLTemplate(p.template), operationKey.String(p.operation))
	if info.Page > 0 {
		attributes = append(attributes, pageKey.Int(info.Page))
	}
	if info.Try > 1 {
		attributes = append(attributes, semconv.HTTPRequestResendCount(info.Try-1))
	}
	return append(append(attributes, i.server...), i.common...)
}

// retry is Hooks.Retry.
func (i *instrumentation) retry(ctx context.Context, info pmpsmart.RetryInfo) {
	if ctx == nil {
		return
	}
	operation, kind := i.ops.admit(info.Op), attemptErrorType(ctx, 0, info.Err)
	event, attributes := retryEvent, []attribute.KeyValue{semconv.ErrorTypeKey.String(kind)}
	if info.Page > 0 {
		attributes = append(attributes, pageKey.Int(info.Page))
	}
	if info.GaveUp == "" {
		i.retries.Add(ctx, 1, i.at(point{operation: operation, kind: kind}))
		attributes = append(attributes, waitKey.Float64(info.Wait.Seconds()))
	} else {
		reason := reasonOf(info.GaveUp)
		i.giveUps.Add(ctx, 1, i.at(point{operation: operation, reason: reason}))
		event, attributes = giveUpEvent, append(attributes, reasonKey.String(reason))
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

// end ends a span, which has failed if kind is an error.type. A kind that is the HTTP
// status is no description, by the conventions: the status is an attribute.
func end(span trace.Span, kind string) {
	if kind != "" {
		description := kind
		if countDigits(kind) > 0 {
			description = ""
		}
		span.SetAttributes(semconv.ErrorTypeKey.String(kind))
		span.SetStatus(codes.Error, description)
	}
	span.End()
}

// template returns url.template for a path. Programs choose the paths of three methods.
func (i *instrumentation) template(op, path string) string {
	switch op {
	case "Call", "ListAs", "GetAs":
		return i.ownPaths.admit(path)
	}
	return i.paths.admit(path)
}
