// Package otelpmpsmart traces and measures a [pmpsmart.Client] by OpenTelemetry.
//
//	client, err := pmpsmart.New(
//		pmpsmart.FromEnv(),
//		pmpsmart.WithHooks(otelpmpsmart.Hooks()),
//		pmpsmart.WithDriftHandler(otelpmpsmart.DriftHandler()),
//	)
//
// # Traces
//
// Each call is a span of kind INTERNAL, named "PMPSmart/ListOrders" for ListOrders.
// The calls inside it, such as its login, and its requests are its children. Each
// request, retries included, is a span of kind CLIENT, named "POST /order". A response
// that refuses the call inside an HTTP 200 is an error of both. Retries, and why there
// was none, are events of the call's span.
//
// # Metrics
//
//	pmpsmart.client.call.duration      histogram  of calls, in seconds
//	http.client.request.duration       histogram  of requests, in seconds, reading the response included
//	pmpsmart.client.retries            counter    of requests that were sent again
//	pmpsmart.client.give_ups           counter    of failures that might have passed and were not retried, by the reason
//	pmpsmart.client.logins             counter    of logins
//	pmpsmart.client.records            counter    of records that the program got
//	pmpsmart.client.outcomes_unknown   counter    of creates of which nobody knows whether they were done
//	pmpsmart.client.drift              counter    of values in responses that the client did not expect
//
// Names, units and buckets are those of the semantic conventions, version 1.43.0, where
// they have one; requests have the conventions' metric and not one of this package's
// own, so that a dashboard of HTTP clients shows them. (With otelhttp around the
// transport as well each request counts twice: tell the two by otel_scope_name, or give
// otelhttp a MeterProvider that drops its metrics.)
//
// docs/telemetry.md in the repository lists the attributes, and has queries and alerts.
//
// # What is not recorded
//
// No text of a response, an error or a request: no secret, no order's code, no name. The
// values of each attribute are few. In a path that a program gave to Call, ListAs or
// GetAs, a segment that looks like an id is "{id}", and after 100 paths all others are
// "_OTHER".
package otelpmpsmart

import (
	"net"
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/pmpsmart/pmpsmart-go"
)

// scope names this package to OpenTelemetry.
const scope = "github.com/pmpsmart/pmpsmart-go/otelpmpsmart"

// Hooks returns hooks for [pmpsmart.WithHooks] that trace and measure. Without options
// they use the global providers of package otel, which may be set later. Clients may
// share them.
func Hooks(opts ...Option) pmpsmart.Hooks {
	i := newInstrumentation(opts)
	return pmpsmart.Hooks{Call: i.call, Attempt: i.attempt, Retry: i.retry}
}

// Option is a choice made in [Hooks] or [DriftHandler].
type Option func(*config)

type config struct {
	tracers trace.TracerProvider
	meters  metric.MeterProvider
	common  []attribute.KeyValue
	server  []attribute.KeyValue
}

// WithTracerProvider records spans with p. Default, and for nil, otel's global one.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(c *config) { c.tracers = p }
}

// WithMeterProvider records metrics with p. Default, and for nil, otel's global one.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(c *config) { c.meters = p }
}

// WithAttributes adds attributes to every span and every metric, such as which of
// several accounts a client has. Default none. They should have few values.
func WithAttributes(attributes ...attribute.KeyValue) Option {
	return func(c *config) { c.common = append(c.common, attributes...) }
}

// WithBaseURL names the client's base URL, so that requests have server.address and
// server.port, which hooks are not told. It uses the host and port alone. Default, and
// for what is no URL, none.
func WithBaseURL(base string) Option {
	return func(c *config) { c.server = serverOf(base) }
}

// serverOf returns the attributes of a base URL's host and port.
func serverOf(base string) []attribute.KeyValue {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		if port, err = net.LookupPort("tcp", u.Scheme); err != nil {
			return []attribute.KeyValue{semconv.ServerAddress(u.Hostname())}
		}
	}
	return []attribute.KeyValue{semconv.ServerAddress(u.Hostname()), semconv.ServerPort(port)}
}

// newConfig applies the options.
func newConfig(opts []Option) config {
	var c config
	for _, option := range opts {
		if option != nil {
			option(&c)
		}
	}
	if c.tracers == nil {
		c.tracers = otel.GetTracerProvider()
	}
	if c.meters == nil {
		c.meters = otel.GetMeterProvider()
	}
	return c
}

func (c config) tracer() trace.Tracer {
	return c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL))
}

func (c config) meter() metric.Meter {
	return c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
}
