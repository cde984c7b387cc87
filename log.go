package pmpsmart

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// The listeners of a client are told what it does.
type listeners struct {
	logger *slog.Logger // nil for none
	hooks  []Hooks
}

// An operationLog logs what an operation does.
type operationLog struct {
	*listeners
	*endpoint
}

// enabled reports whether that level is logged. What is not logged is not put into
// words.
func (l operationLog) enabled(ctx context.Context, level slog.Level) bool {
	return l.logger != nil && l.logger.Enabled(ctx, level)
}

func (l operationLog) log(ctx context.Context, level slog.Level, message string, attrs ...slog.Attr) {
	if !l.enabled(ctx, level) {
		return
	}
	l.logger.LogAttrs(ctx, level, message, append([]slog.Attr{slog.String("op", l.name)}, attrs...)...)
}

// logAttempt logs an attempt and its number. r is nil if it got no response.
func (l operationLog) logAttempt(ctx context.Context, number int, r *transport.Response, err error) {
	if !l.enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("path", l.path), slog.Int("attempt", number)}
	if r != nil {
		attrs = append(attrs, slog.Int("status", r.Status), slog.Duration("duration", r.Elapsed()), slog.Int64("bytes", r.BytesRead()))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", logged(err)))
	}
	l.log(ctx, slog.LevelDebug, "pmpsmart: call", attrs...)
}

// logRetry logs the wait after the n-th attempt or, if reason is one, that there is none.
func (l operationLog) logRetry(ctx context.Context, n int, wait time.Duration, reason retry.GiveUp, why error) {
	if !l.enabled(ctx, slog.LevelInfo) {
		return
	}
	message, attr := "pmpsmart: retrying", slog.Duration("wait", wait)
	if reason != retry.NoGiveUp {
		message, attr = "pmpsmart: giving up", slog.String("reason", string(reason))
	}
	l.log(ctx, slog.LevelInfo, message, slog.Int("attempt", n), attr, slog.String("why", logged(why)))
}

// insertingAgain logs an insert of EnsureJSONOrder after the n-th, which failed.
func (l operationLog) insertingAgain(ctx context.Context, n int, why error) {
	if !l.enabled(ctx, slog.LevelInfo) {
		return
	}
	l.log(ctx, slog.LevelInfo, "pmpsmart: inserting again", slog.Int("attempt", n), slog.String("why", logged(why)))
}

// logged returns an error's text without what it quotes of a body.
func logged(err error) string {
	var broken *DecodeError
	var problem *envelope.Problem
	if !errors.As(err, &broken) || !errors.As(broken.Err, &problem) {
		return textOf(err)
	}
	e, p := *broken, *problem
	p.Got = ""
	e.Err = &p
	return e.text()
}

// LoggedIn logs a login that a call made.
func (l operationLog) LoggedIn(ctx context.Context, why string) {
	l.log(ctx, slog.LevelInfo, "pmpsmart: logged in", slog.String("why", why))
}

// drift logs a Drift. What the server sent may be somebody's data, so that only its
// kind is logged.
func (l operationLog) drift(ctx context.Context, d Drift) {
	l.log(ctx, slog.LevelWarn, "pmpsmart: drift",
		slog.String("path", d.Path), slog.String("want", d.Want), slog.String("got", kindName(d.Got)), slog.Int("count", d.Count))
}

func kindName(raw []byte) string {
	switch loose.Kind(raw) {
	case 'n':
		return "null"
	case 't', 'f':
		return "bool"
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	default:
		return "number"
	}
}

// StoreFailed logs that the store could not keep or drop a token, which the client
// survives.
func (l operationLog) StoreFailed(ctx context.Context, err error) {
	l.log(ctx, slog.LevelWarn, "pmpsmart: token store", slog.String("error", line(err.Error())))
}
