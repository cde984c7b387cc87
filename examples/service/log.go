package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// newLogger logs for people, or as JSON, each record with the trace that it
// belongs to.
func newLogger(w io.Writer, asJSON bool) *slog.Logger {
	var h slog.Handler = slog.NewTextHandler(w, nil)
	if asJSON {
		h = slog.NewJSONHandler(w, nil)
	}
	return slog.New(traced{h})
}

// A traced handler adds to each log record the trace that it belongs to.
type traced struct{ slog.Handler }

// Handle adds the trace.
func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if id := traceID(ctx); id != "" {
		r.AddAttrs(slog.String("trace_id", id))
	}
	return t.Handler.Handle(ctx, r)
}

// WithAttrs keeps what With is given.
func (t traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(attrs)} }

// WithGroup keeps what WithGroup is given.
func (t traced) WithGroup(name string) slog.Handler { return traced{t.Handler.WithGroup(name)} }

// traceID is that of the context's span, by which its log is found.
func traceID(ctx context.Context) string {
	id := trace.SpanContextFromContext(ctx).TraceID()
	if !id.IsValid() {
		return ""
	}
	return id.String()
}

// A redisLog takes what go-redis logs: connections that fail, one line each.
type redisLog struct{ *slog.Logger }

// Printf logs one line.
func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.WarnContext(ctx, "redis", "what", fmt.Sprintf(format, v...))
}
