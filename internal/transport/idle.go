package transport

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// An idleTimer cancels a request when the server sends nothing for the timeout. It
// runs while the server is waited for, and not while the request is being written or
// the caller is busy with what was read. Its one timer is not reset for each read:
// when it fires, it looks how long the server has been idle by then.
type idleTimer struct {
	timeout time.Duration
	cancel  context.CancelCauseFunc
	began   time.Time
	timer   *time.Timer

	since   atomic.Int64 // when the server last did something, as the time since began; 0 while paused
	header  atomic.Bool  // the response's header has arrived
	stopped atomic.Bool
}

// start starts the timer and returns the context that it cancels.
func (t *idleTimer) start(ctx context.Context, timeout time.Duration) context.Context {
	ctx, t.cancel = context.WithCancelCause(ctx)
	t.timeout, t.began = timeout, time.Now()
	t.since.Store(1) // from began on
	t.timer = time.AfterFunc(timeout, t.fire)
	return ctx
}

// now is the time since the request was begun, and 1 ns more: it is never 0.
func (t *idleTimer) now() int64 { return int64(time.Since(t.began)) + 1 }

// fire cancels a request whose server was idle for the timeout; otherwise it
// resets the timer to when it may have been.
func (t *idleTimer) fire() {
	left := t.timeout
	if since := t.since.Load(); since != 0 {
		left -= time.Duration(t.now() - since)
	}
	switch {
	case t.stopped.Load():
	case left <= 0:
		t.cancel(&timeoutError{timeout: t.timeout})
	default:
		t.timer.Reset(left)
	}
}

// resume counts from now on.
func (t *idleTimer) resume() { t.since.Store(t.now()) }

// pause stops counting until resume.
func (t *idleTimer) pause() { t.since.Store(0) }

// wrote counts from now on: a part of the request was written. Once the
// response's header has arrived, what is still being written no longer counts.
func (t *idleTimer) wrote() {
	if since := t.since.Load(); !t.header.Load() {
		t.since.CompareAndSwap(since, t.now()) // fails if the header arrives in between
	}
}

// gotHeader pauses the timer: the response's header has arrived, its body is not
// yet read.
func (t *idleTimer) gotHeader() {
	t.header.Store(true)
	t.pause()
}

// stop releases what the timer holds and ends the request's context.
func (t *idleTimer) stop() {
	t.stopped.Store(true)
	t.timer.Stop()
	t.cancel(nil)
}

// An idleBody is the body of a response. Its timer runs while a read waits.
type idleBody struct {
	body   io.ReadCloser
	ctx    context.Context
	idle   *idleTimer
	trace  *trace
	origin string
	// The request, whose secrets are kept out of errors.
	request Request

	n int64 // bytes read
}

func (b *idleBody) secrets() *redact.Secrets { return b.request.redactor() }

// Read reads from the body. An error other than the body's end, or one too soon,
// is an *Error.
func (b *idleBody) Read(p []byte) (int, error) {
	b.idle.resume()
	n, err := b.body.Read(p)
	b.idle.pause()
	b.n += int64(n)
	if err != nil {
		err = b.failure(err)
	}
	return n, err
}

// failure returns the error of a read that ended in err.
func (b *idleBody) failure(err error) error {
	if err == io.EOF { //nolint:errorlint // as readers return it
		return err
	}
	if errors.Is(err, io.EOF) {
		return b.secrets().Error(err)
	}
	if err = b.secrets().Error(causeOf(b.ctx, err)); errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return &Error{Err: err, Sent: true, Begun: true, Origin: b.origin}
}

// canceled returns the error of a body whose context has ended, else nil. A body
// that decompresses to much more than was read needs to ask.
func (b *idleBody) canceled() error {
	if err := b.ctx.Err(); err != nil {
		return b.failure(err)
	}
	return nil
}

// Close closes the body and ends the request. The connection is used again if the
// body was read to its end.
func (b *idleBody) Close() error {
	err := b.body.Close()
	b.trace.release()
	b.idle.stop()
	return err
}

// causeOf returns what ended ctx, where something did, in place of what err makes
// of it: the timeout, or the caller's own context.
func causeOf(ctx context.Context, err error) error {
	ended := ctx.Err()
	if ended == nil {
		return err
	}
	cause := context.Cause(ctx)
	var timeout *timeoutError
	if errors.As(cause, &timeout) {
		return timeout
	}
	return &contextError{ended, cause}
}

// A contextError is the end of the caller's context. It shows the cause that the
// caller gave to that end, and does not wrap it: the cause may be the error of
// another call.
type contextError struct{ ended, cause error }

func (e *contextError) Error() string {
	if e.cause == nil || errors.Is(e.cause, e.ended) {
		return e.ended.Error()
	}
	return e.ended.Error() + " (" + e.cause.Error() + ")"
}

func (e *contextError) Unwrap() error { return e.ended }
