package otelpmpsmart

import (
	"context"

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
	i := &instrumentation{config: newConfig(opts), paths: nameLimit{template: driftTemplate}}
	drift := counter(i.meter(), "pmpsmart.client.drift", "{value}", "Values in responses that the client did not expect.")
	return func(ctx context.Context, d pmpsmart.Drift) {
		if ctx == nil {
			ctx = context.Background()
		}
		p := point{operation: i.ops.admit(d.Op), drift: i.paths.admit(d.Path)}
		drift.Add(ctx, int64(max(d.Count, 1)), i.at(p))
		trace.SpanFromContext(ctx).AddEvent(driftEvent, trace.WithAttributes(operationKey.String(p.operation), driftPathKey.String(p.drift), driftKey.Int(d.Count)))
	}
}
