package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/pmpsmart/pmpsmart-go"
)

// Where telemetry goes. A real service would send it to a collector: replace the
// exporters below by those of otlptracehttp and otlpmetrichttp.
const (
	nowhere  = "none"   // spans still have ids, for the log
	inMemory = "memory" // for /debug/telemetry, which shows every request
	toStdout = "stdout"
)

// A telemetry holds the providers of traces and metrics. None of them is made the
// global one, so that a test may have several.
type telemetry struct {
	tracers    *sdktrace.TracerProvider
	meters     *sdkmetric.MeterProvider
	propagator propagation.TextMapPropagator
	drifts     metric.Int64Counter

	latest *latestSpans            // nil unless inMemory
	reader *sdkmetric.ManualReader // nil unless inMemory
}

func newTelemetry(where string, stdout io.Writer) (*telemetry, error) {
	t := &telemetry{propagator: propagation.TraceContext{}}
	who := resource.NewSchemaless(attribute.String("service.name", "pmpsmart-service"))
	spans := []sdktrace.TracerProviderOption{sdktrace.WithResource(who)}
	measurements := []sdkmetric.Option{sdkmetric.WithResource(who)}
	switch where {
	case toStdout:
		traces, err := stdouttrace.New(stdouttrace.WithWriter(stdout))
		if err != nil {
			return nil, err
		}
		metrics, err := stdoutmetric.New(stdoutmetric.WithWriter(stdout))
		if err != nil {
			return nil, err
		}
		spans = append(spans, sdktrace.WithBatcher(traces))
		measurements = append(measurements, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics)))
	case inMemory:
		t.latest, t.reader = new(latestSpans), sdkmetric.NewManualReader()
		spans = append(spans, sdktrace.WithSyncer(t.latest))
		measurements = append(measurements, sdkmetric.WithReader(t.reader))
	}
	t.tracers = sdktrace.NewTracerProvider(spans...)
	t.meters = sdkmetric.NewMeterProvider(measurements...)
	var err error
	t.drifts, err = t.meters.Meter("pmpsmart-service").Int64Counter("pmpsmart.drift",
		metric.WithDescription("values in PMP Smart's answers that the library did not expect"))
	return t, err
}

// close flushes the exporters.
func (t *telemetry) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(t.tracers.Shutdown(ctx), t.meters.Shutdown(ctx))
}

// drift counts what the library did not expect. An alert on this counter shows
// that the vendor changed something.
func (t *telemetry) drift(ctx context.Context, d pmpsmart.Drift) {
	t.drifts.Add(ctx, int64(d.Count), metric.WithAttributes(attribute.String("op", d.Op), attribute.String("path", d.Path)))
}

// show handles GET /debug/telemetry.
func (t *telemetry) show(w http.ResponseWriter, r *http.Request) {
	var measured metricdata.ResourceMetrics
	if err := t.reader.Collect(r.Context(), &measured); err != nil {
		writeProblem(w, problem{status: http.StatusInternalServerError, Code: "internal", Message: "the metrics can't be read"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"spans": t.latest.list(), "metrics": measurements(measured)})
}
