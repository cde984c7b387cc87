package otelpmpsmart

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
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
	if _, known := i.started.LoadOrStore([2]any{op, isInner}, true); known {
		return
	}
	operation := operationKey.String(op)
	for _, reason := range giveUpReasons {
		i.giveUps.Add(ctx, 0, i.with(operation, reasonKey.String(reason)))
	}
	if op == loginOp {
		i.logins.Add(ctx, 0, i.with())
	}
	if class == "create" && !isInner {
		i.unknown.Add(ctx, 0, i.with(operation))
	}
}

// with returns attributes, and those that everything has, for a measurement.
func (i *instrumentation) with(attributes ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(i.set(attributes...))
}

func (i *instrumentation) set(attributes ...attribute.KeyValue) attribute.Set {
	return attribute.NewSet(append(attributes, i.common...)...)
}
