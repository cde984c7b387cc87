package main

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// A latestSpans is an exporter that keeps the latest spans in memory.
type latestSpans struct {
	mu    sync.Mutex
	spans [maxSpans]span // a ring
	count int            // of all spans so far
}

const maxSpans = 512

// A span is a span in the response of /debug/telemetry.
type span struct {
	TraceID    string         `json:"trace_id"`
	SpanID     string         `json:"span_id"`
	Parent     string         `json:"parent,omitempty"`
	Kind       string         `json:"kind"`
	Name       string         `json:"name"`
	Start      time.Time      `json:"start"`
	Duration   string         `json:"duration"`
	Status     string         `json:"status"`
	Attributes map[string]any `json:"attributes"`
}

// ExportSpans replaces the oldest spans.
func (l *latestSpans) ExportSpans(_ context.Context, ended []sdktrace.ReadOnlySpan) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range ended {
		shown := span{TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(), Kind: s.SpanKind().String(),
			Name: s.Name(), Start: s.StartTime(), Duration: s.EndTime().Sub(s.StartTime()).String(), Status: s.Status().Code.String(),
			Attributes: plain(s.Attributes())}
		if s.Parent().IsValid() {
			shown.Parent = s.Parent().SpanID().String()
		}
		l.spans[l.count%maxSpans] = shown
		l.count++
	}
	return nil
}

// Shutdown does nothing.
func (l *latestSpans) Shutdown(context.Context) error { return nil }

// list returns the spans, the latest last.
func (l *latestSpans) list() []span {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []span{}
	for i := max(0, l.count-maxSpans); i < l.count; i++ {
		list = append(list, l.spans[i%maxSpans])
	}
	return list
}

// A measurement is one time series of a metric in the response of
// /debug/telemetry.
type measurement struct {
	Name       string         `json:"name"`
	Unit       string         `json:"unit,omitempty"`
	Attributes map[string]any `json:"attributes"`
	Count      uint64         `json:"count,omitempty"` // of a histogram
	Sum        float64        `json:"sum"`
}

// measurements returns the collected metrics: the count and sum of each histogram,
// the sum of each counter.
func measurements(collected metricdata.ResourceMetrics) []measurement {
	all := []measurement{}
	for _, scope := range collected.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					all = append(all, measurement{m.Name, m.Unit, plain(p.Attributes.ToSlice()), p.Count, p.Sum})
				}
			case metricdata.Histogram[int64]:
				for _, p := range data.DataPoints {
					all = append(all, measurement{m.Name, m.Unit, plain(p.Attributes.ToSlice()), p.Count, float64(p.Sum)})
				}
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					all = append(all, measurement{m.Name, m.Unit, plain(p.Attributes.ToSlice()), 0, float64(p.Value)})
				}
			}
		}
	}
	return all
}

// plain returns attributes as a map for JSON.
func plain(attributes []attribute.KeyValue) map[string]any {
	m := make(map[string]any, len(attributes))
	for _, a := range attributes {
		m[string(a.Key)] = a.Value.AsInterface()
	}
	return m
}
