package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// scope names this program to OpenTelemetry.
const scope = "github.com/pmpsmart/pmpsmart-go/examples/outbox"

// A telemetry holds the providers of traces and metrics, and what the service itself
// counts. None of them is the global one, so that a test may have several.
type telemetry struct {
	tracers *sdktrace.TracerProvider
	meters  *sdkmetric.MeterProvider
	scrape  http.Handler // of Prometheus

	attempts, forgotten metric.Int64Counter
}

// newTelemetry returns telemetry that Prometheus may ask for and, if toCollector, that
// is sent to the collector of OTEL_EXPORTER_OTLP_ENDPOINT. It does not connect.
func newTelemetry(toCollector bool) (*telemetry, error) {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(),
		otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes))
	if err != nil {
		return nil, err
	}
	who := resource.NewSchemaless(attribute.String("service.name", "pmpsmart-outbox"))
	spans := []sdktrace.TracerProviderOption{sdktrace.WithResource(who)}
	metrics := []sdkmetric.Option{sdkmetric.WithResource(who), sdkmetric.WithReader(exporter)}
	if toCollector {
		traceExporter, err := otlptracehttp.New(context.Background())
		metricExporter, metricErr := otlpmetrichttp.New(context.Background())
		if err = errors.Join(err, metricErr); err != nil {
			return nil, err
		}
		spans = append(spans, sdktrace.WithBatcher(traceExporter))
		metrics = append(metrics, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metricExporter)))
	}
	t := &telemetry{
		tracers: sdktrace.NewTracerProvider(spans...),
		meters:  sdkmetric.NewMeterProvider(metrics...),
		scrape:  promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}),
	}
	var attemptsErr, forgottenErr error
	t.attempts, attemptsErr = t.meter().Int64Counter("outbox.attempts", metric.WithUnit("{attempt}"),
		metric.WithDescription("Attempts to send an order, by their outcome"))
	t.forgotten, forgottenErr = t.meter().Int64Counter("outbox.forgotten", metric.WithUnit("{order}"),
		metric.WithDescription("Orders that nobody worked on, by the state of their job"))
	return t, errors.Join(attemptsErr, forgottenErr)
}

func (t *telemetry) meter() metric.Meter { return t.meters.Meter(scope) }

// observe has the metrics tell what is in the database, whenever they are asked for.
func (t *telemetry) observe(db database) error {
	orders, err := t.meter().Int64ObservableGauge("outbox.orders", metric.WithUnit("{order}"), metric.WithDescription("Orders, by their state"))
	oldest, oldestErr := t.meter().Float64ObservableGauge("outbox.oldest", metric.WithUnit("s"), metric.WithDescription("The age of the oldest order that is neither sent nor parked, 0 if there is none"))
	jobs, jobsErr := t.meter().Int64ObservableGauge("outbox.jobs", metric.WithUnit("{job}"), metric.WithDescription("River's jobs, by their state"))
	if err := errors.Join(err, oldestErr, jobsErr); err != nil {
		return err
	}
	_, err = t.meter().RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		return db.read(ctx, func(t tx) error {
			byState, err := countOrders(ctx, t)
			jobsByState, jobsErr := countStates(ctx, t, "SELECT CAST(state AS text), count(*) FROM river_job WHERE queue = '"+queueName+"' GROUP BY state")
			since, sinceErr := oldestOpen(ctx, t)
			if err := errors.Join(err, jobsErr, sinceErr); err != nil {
				return err
			}
			for state, n := range byState {
				o.ObserveInt64(orders, n, metric.WithAttributes(attribute.String("state", state)))
			}
			for state, n := range jobsByState {
				o.ObserveInt64(jobs, n, metric.WithAttributes(attribute.String("state", state)))
			}
			age := 0.0
			if !since.IsZero() {
				age = max(0, now().Sub(since).Seconds())
			}
			o.ObserveFloat64(oldest, age)
			return nil
		})
	}, orders, oldest, jobs)
	return err
}

// attempt begins the span of an attempt. The spans of otelpmpsmart are its
// children.
func (t *telemetry) attempt(ctx context.Context) (context.Context, trace.Span) {
	return t.tracers.Tracer(scope).Start(ctx, "send order", trace.WithSpanKind(trace.SpanKindConsumer))
}

// concluded ends an attempt. Codes and reasons are in the log alone.
func (t *telemetry) concluded(ctx context.Context, span trace.Span, o outcome) {
	label := attribute.String("outcome", o.String())
	span.SetAttributes(label)
	if o == hasFailed || o == isRefused {
		span.SetStatus(codes.Error, "")
	}
	span.End()
	t.attempts.Add(ctx, 1, metric.WithAttributes(label))
}

// found counts an order that the sweep found.
func (t *telemetry) found(ctx context.Context, job string) {
	if job == "" {
		job = "lost"
	}
	t.forgotten.Add(ctx, 1, metric.WithAttributes(attribute.String("job", job)))
}

// close flushes the exporters.
func (t *telemetry) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(t.tracers.Shutdown(ctx), t.meters.Shutdown(ctx))
}
