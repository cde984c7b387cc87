package otelpmpsmart_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
)

// BenchmarkHooks measures what a call of one request costs beside the call itself.
func BenchmarkHooks(b *testing.B) {
	for name, sampler := range map[string]trace.Sampler{"traced": trace.AlwaysSample(), "not traced": trace.NeverSample()} {
		b.Run(name, func(b *testing.B) {
			h := otelpmpsmart.Hooks(
				otelpmpsmart.WithTracerProvider(trace.NewTracerProvider(trace.WithSampler(sampler))),
				otelpmpsmart.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(metric.NewManualReader()))))
			b.ReportAllocs()
			for b.Loop() {
				oneCall(h)
			}
		})
	}
}

func oneCall(h pmpsmart.Hooks) {
	ctx, end := h.Call(context.Background(), pmpsmart.CallInfo{Op: "GetOrder", Path: "order/detail", Class: "read"})
	_, answered := h.Attempt(ctx, pmpsmart.AttemptInfo{Op: "GetOrder", Path: "order/detail", Try: 1})
	answered(pmpsmart.AttemptResult{HTTPStatus: 200, Bytes: 400})
	end(pmpsmart.CallResult{Records: 1})
}
