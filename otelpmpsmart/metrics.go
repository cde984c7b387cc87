package otelpmpsmart

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
)

// callBuckets are the conventions' buckets for HTTP and RPC, and three for calls that
// read many pages or wait between retries.
var callBuckets = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120}

// metrics are the instruments of Hooks.
type metrics struct {
	calls    metric.Float64Histogram
	requests httpconv.ClientRequestDuration

	retries, giveUps, logins, records, unknown metric.Int64Counter
}

func newMetrics(m metric.Meter) metrics {
	calls, err := m.Float64Histogram("pmpsmart.client.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Duration of calls, with all their pages, retries and logins."), metric.WithExplicitBucketBoundaries(callBuckets...))
	if err != nil {
		otel.Handle(err)
		calls = noop.Float64Histogram{}
	}
	requests, err := httpconv.NewClientRequestDuration(m)
	if err != nil {
		otel.Handle(err)
	}
	return metrics{
		calls:    calls,
		requests: requests,
		retries:  counter(m, "pmpsmart.client.retries", "{retry}", "Requests that were sent again after a failure."),
		giveUps:  counter(m, "pmpsmart.client.give_ups", "{give_up}", "Failures that might have passed and were not retried."),
		logins:   counter(m, "pmpsmart.client.logins", "{login}", "Logins, those that failed included."),
		records:  counter(m, "pmpsmart.client.records", "{record}", "Records that the program got."),
		unknown:  counter(m, "pmpsmart.client.outcomes_unknown", "{call}", "Creates of which nobody knows whether they were done."),
	}
}

// counter returns a counter, or one that counts nothing if m can't make it.
func counter(m metric.Meter, name, unit, description string) metric.Int64Counter {
	c, err := m.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
	if err != nil {
		otel.Handle(err)
		return noop.Int64Counter{}
	}
	return c
}

// start makes the counters of rare events that a method may have start at 0. Prometheus
// sees no increase in a counter that starts at 1.
func (i *instrumentation) start(ctx context.Context, op, class string, isInner bool) {
	if _, known := i.started.LoadOrStore(startKey{op, isInner}, true); known {
		return
	}
	for _, reason := range giveUpReasons {
		i.giveUps.Add(ctx, 0, i.at(point{operation: op, reason: reason}))
	}
	if op == loginOp {
		i.logins.Add(ctx, 0, i.at(point{}))
	}
	if class == "create" && !isInner {
		i.unknown.Add(ctx, 0, i.at(point{operation: op}))
	}
}

type startKey struct {
	op      string
	isInner bool
}

// A point has the attributes of a measurement. Those that are zero are left out.
type point struct {
	operation, parent string
	template          string // of a request
	status            int
	kind              string // error.type
	reason            string // of giving up
	drift             string // the path
}

// at returns the attributes of a point, made once for each: there are few.
func (i *instrumentation) at(p point) metric.MeasurementOption {
	if known, ok := i.points.Load(p); ok {
		return known.(metric.MeasurementOption)
	}
	made := metric.WithAttributeSet(attribute.NewSet(append(p.attributes(i.server), i.common...)...))
	known, _ := i.points.LoadOrStore(p, made)
	return known.(metric.MeasurementOption)
}

func (p point) attributes(server []attribute.KeyValue) (all []attribute.KeyValue) {
	for _, a := range []attribute.KeyValue{
		operationKey.String(p.operation), parentKey.String(p.parent), semconv.URLTemplate(p.template),
		semconv.ErrorTypeKey.String(p.kind), reasonKey.String(p.reason), driftPathKey.String(p.drift),
	} {
		if a.Value.AsString() != "" {
			all = append(all, a)
		}
	}
	if p.status != 0 {
		all = append(all, semconv.HTTPResponseStatusCode(p.status))
	}
	if p.template != "" {
		all = append(append(all, semconv.HTTPRequestMethodPost), server...)
	}
	return all
}
