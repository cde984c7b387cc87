package otelpmpsmart

import (
	"context"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/pmpsmart/pmpsmart-go"
)

// DriftHandler returns a func for [pmpsmart.WithDriftHandler] that counts the values
// that the client did not expect, by method and path, and adds them as events to the
// span in the context. An alert on pmpsmart.client.drift shows a server that changes.
// Take the same options as for [Hooks].
//
// Indices and names that may be data are "*" in a path. After 100 paths all others are
// "_OTHER".
func DriftHandler(opts ...Option) func(context.Context, pmpsmart.Drift) {
	i := &instrumentation{config: newConfig(opts)}
	drift := counter(i.meter(), "pmpsmart.client.drift", "{value}", "Values in responses that the client did not expect.")
	return func(ctx context.Context, d pmpsmart.Drift) {
		if ctx == nil {
			ctx = context.Background()
		}
		operation, path := operationKey.String(i.ops.admit(d.Op)), driftPathKey.String(i.paths.admit(driftTemplate(d.Path)))
		drift.Add(ctx, int64(max(d.Count, 1)), metric.WithAttributeSet(i.set(operation, path)))
		trace.SpanFromContext(ctx).AddEvent(driftEvent, trace.WithAttributes(operation, path, driftKey.Int(d.Count)))
	}
}
