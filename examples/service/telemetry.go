package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Where telemetry goes.
const (
	nowhere     = "none"   // spans still have ids, for the log
	inMemory    = "memory" // for /debug/telemetry, which shows every request
	toStdout    = "stdout"
	toCollector = "otlp" // OTEL_EXPORTER_OTLP_ENDPOINT and the like say where it is
)

// A telemetry holds the providers of traces and metrics. None of them is made the
// global one, so that a test may have several.
type telemetry struct {
	tracers    *sdktrace.TracerProvider
	meters     *sdkmetric.MeterProvider
	propagator propagation.TextMapPropagator

	latest *latestSpans            // nil unless inMemory
	reader *sdkmetric.ManualReader // nil unless inMemory
	scrape http.Handler            // of Prometheus, nil unless asked for
}

// newTelemetry returns telemetry that goes there and, if forPrometheus, that has a
// handler for Prometheus to ask. It does not connect.
func newTelemetry(where string, forPrometheus bool, stdout io.Writer) (*telemetry, error) {
	t := &telemetry{propagator: propagation.TraceContext{}}
	who := resource.NewSchemaless(attribute.String("service.name", "pmpsmart-service"))
	spans, measurements, err := t.exporters(where, stdout)
	if err != nil {
		return nil, err
	}
	if forPrometheus {
		option, err := t.prometheus()
		if err != nil {
			return nil, err
		}
		measurements = append(measurements, option)
	}
	t.tracers = sdktrace.NewTracerProvider(append(spans, sdktrace.WithResource(who))...)
	t.meters = sdkmetric.NewMeterProvider(append(measurements, sdkmetric.WithResource(who))...)
	return t, nil
}

// exporters returns the options of providers whose telemetry goes there.
func (t *telemetry) exporters(where string, stdout io.Writer) ([]sdktrace.TracerProviderOption, []sdkmetric.Option, error) {
	var traces sdktrace.SpanExporter
	var metrics sdkmetric.Exporter
	var err, metricsErr error
	switch where {
	case nowhere:
		return nil, nil, nil
	case inMemory:
		t.latest, t.reader = new(latestSpans), sdkmetric.NewManualReader()
		return []sdktrace.TracerProviderOption{sdktrace.WithSyncer(t.latest)}, []sdkmetric.Option{sdkmetric.WithReader(t.reader)}, nil
	case toStdout:
		traces, err = stdouttrace.New(stdouttrace.WithWriter(stdout))
		metrics, metricsErr = stdoutmetric.New(stdoutmetric.WithWriter(stdout))
	case toCollector:
		traces, err = otlptracehttp.New(context.Background())
		metrics, metricsErr = otlpmetrichttp.New(context.Background())
	}
	if err = errors.Join(err, metricsErr); err != nil {
		return nil, nil, err
	}
	return []sdktrace.TracerProviderOption{sdktrace.WithBatcher(traces)},
		[]sdkmetric.Option{sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics))}, nil
}

// prometheus makes the handler of /metrics, with exemplars of traces. Names have underscores for dots, and
// suffixes, in every version of Prometheus: pmpsmart_client_call_duration_seconds.
func (t *telemetry) prometheus() (sdkmetric.Option, error) {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(
		otelprometheus.WithRegisterer(registry),
		otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes),
		otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, err
	}
	t.scrape = promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	return sdkmetric.WithReader(exporter), nil
}

// close flushes the exporters.
func (t *telemetry) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(t.tracers.Shutdown(ctx), t.meters.Shutdown(ctx))
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
