package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// newLogger returns a logger that writes text or JSON and adds the trace id of the
// context.
func newLogger(w io.Writer, asJSON bool) *slog.Logger {
	var h slog.Handler = slog.NewTextHandler(w, nil)
	if asJSON {
		h = slog.NewJSONHandler(w, nil)
	}
	return slog.New(traced{h})
}

// A traced handler adds the trace id of the context to each log record.
type traced struct{ slog.Handler }

// Handle adds the trace id.
func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if id := traceID(ctx); id != "" {
		r.AddAttrs(slog.String("trace_id", id))
	}
	return t.Handler.Handle(ctx, r)
}

// WithAttrs returns a traced handler with the attributes.
func (t traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(attrs)} }

// WithGroup returns a traced handler with the group.
func (t traced) WithGroup(name string) slog.Handler { return traced{t.Handler.WithGroup(name)} }

// traceID returns the trace id of the span in ctx, or "".
func traceID(ctx context.Context) string {
	id := trace.SpanContextFromContext(ctx).TraceID()
	if !id.IsValid() {
		return ""
	}
	return id.String()
}

// A redisLog is go-redis's logger, which reports failed connections.
type redisLog struct{ *slog.Logger }

// Printf logs one line.
func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.WarnContext(ctx, "redis", "what", fmt.Sprintf(format, v...))
}
