package otelpmpsmart_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
)

// A recorder keeps what is traced and measured.
type recorder struct {
	t      *testing.T
	traces *tracetest.SpanRecorder
	reader *metric.ManualReader
	tracer *trace.TracerProvider
	meter  *metric.MeterProvider
}

func newRecorder(t *testing.T) *recorder {
	r := &recorder{t: t, traces: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	r.tracer = trace.NewTracerProvider(trace.WithSpanProcessor(r.traces))
	r.meter = metric.NewMeterProvider(metric.WithReader(r.reader))
	return r
}

// options are those that have this recorder record.
func (r *recorder) options(more ...otelpmpsmart.Option) []otelpmpsmart.Option {
	return append([]otelpmpsmart.Option{otelpmpsmart.WithTracerProvider(r.tracer), otelpmpsmart.WithMeterProvider(r.meter)}, more...)
}

// client are the options of a client that is recorded.
func (r *recorder) client(more ...pmpsmart.Option) []pmpsmart.Option {
	return append([]pmpsmart.Option{
		pmpsmart.WithHooks(otelpmpsmart.Hooks(r.options()...)),
		pmpsmart.WithDriftHandler(otelpmpsmart.DriftHandler(r.options()...)),
	}, more...)
}

// points gives every point of every metric that has one, as "name{key=value,…} count",
// but for the counters that stand at 0.
func (r *recorder) points() []string {
	r.t.Helper()
	var all []string
	for _, line := range r.allPoints() {
		if !strings.HasSuffix(line, " 0") {
			all = append(all, line)
		}
	}
	return all
}

func (r *recorder) allPoints() []string {
	r.t.Helper()
	var collected metricdata.ResourceMetrics
	if err := r.reader.Collect(r.t.Context(), &collected); err != nil {
		r.t.Fatal(err)
	}
	var all []string
	for _, s := range collected.ScopeMetrics {
		for _, m := range s.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					all = append(all, fmt.Sprintf("%s{%s} %d", m.Name, keyValues(p.Attributes.ToSlice()), p.Count))
				}
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					all = append(all, fmt.Sprintf("%s{%s} %d", m.Name, keyValues(p.Attributes.ToSlice()), p.Value))
				}
			default:
				r.t.Errorf("%s is a %T", m.Name, data)
			}
		}
	}
	slices.Sort(all)
	return all
}

// tree gives the ended spans as an outline: a line each, children below their parents
// in the order of their starts, with kind, name, status, attributes and events.
func (r *recorder) tree() string {
	spans := r.traces.Ended()
	slices.SortStableFunc(spans, func(a, b trace.ReadOnlySpan) int { return a.StartTime().Compare(b.StartTime()) })
	var b strings.Builder
	var under func(parent, indent string)
	under = func(parent, indent string) {
		for _, s := range spans {
			if s.Parent().SpanID().String() != parent {
				continue
			}
			fmt.Fprintf(&b, "%s%s %s", indent, s.SpanKind(), s.Name())
			if status := s.Status(); status.Code.String() != "Unset" {
				b.WriteString(" " + status.Code.String())
				if status.Description != "" {
					b.WriteString("(" + status.Description + ")")
				}
			}
			fmt.Fprintf(&b, " {%s}", keyValues(s.Attributes()))
			for _, e := range s.Events() {
				fmt.Fprintf(&b, " %s{%s}", e.Name, keyValues(e.Attributes))
			}
			b.WriteString("\n")
			under(s.SpanContext().SpanID().String(), indent+"  ")
		}
	}
	under("0000000000000000", "")
	return b.String()
}

// outline is tree without attributes and events.
func (r *recorder) outline() string {
	return regexp.MustCompile(`(?m) \{.*$`).ReplaceAllString(r.tree(), "")
}

// keyValues gives attributes in the order of their keys, without what differs from run
// to run.
func keyValues(attributes []attribute.KeyValue) string {
	var all []string
	for _, a := range attributes {
		value := a.Value.String()
		switch a.Key {
		case "pmpsmart.retry.wait", "http.response.body.size":
			value = "…"
		}
		all = append(all, string(a.Key)+"="+value)
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

// want compares two texts or lists of lines.
func want[T any](t *testing.T, what string, got T, wanted T) {
	t.Helper()
	if g, w := show(got), show(wanted); g != w {
		t.Errorf("%s:\n%s\nwant:\n%s", what, g, w)
	}
}

func show(v any) string {
	if lines, ok := v.([]string); ok {
		return strings.Join(lines, "\n")
	}
	return strings.Trim(fmt.Sprint(v), "\n")
}
