package transport

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// An idleTimer cancels a request when the server sends nothing for the timeout, and when
// all that is waited for it comes to more than the limit. It runs while the server is
// waited for, and not while the caller is busy with what was read; the timeout is not
// counted either while the request is being written. Nothing is set anew for each read:
// its watch looks at it when it may be over, and it says how long the server has been
// idle by then.
type idleTimer struct {
	timeout time.Duration
	limit   waitLimit
	cancel  context.CancelCauseFunc
	began   time.Time
	watch   *watch
	watched watched // the watch's own

	// Times are counted from began.
	since    atomic.Int64 // when the server last did something; 0 while paused
	pausedAt atomic.Int64 // when it was last paused
	paused   atomic.Int64 // for how long it was, before that
	sent     atomic.Int64 // bytes of a large request
	came     atomic.Int64 // bytes of the response
	header   atomic.Bool  // the response's header has arrived
}

// start starts the timer, which w looks at, and returns the context that it cancels.
func (t *idleTimer) start(ctx context.Context, w *watch, timeout time.Duration, limit waitLimit) context.Context {
	ctx, t.cancel = context.WithCancelCause(ctx)
	t.timeout, t.limit, t.began, t.watch = timeout, limit, time.Now(), w
	t.since.Store(1) // from began on
	w.add(t)
	return ctx
}

// now returns the time since the request was begun, and 1 ns more: it is never 0.
func (t *idleTimer) now() int64 { return int64(time.Since(t.began)) + 1 }

// look cancels a request whose server was idle for the timeout or is past the limit;
// otherwise it returns after what time that may be so. Only the watch calls it.
func (t *idleTimer) look() (left time.Duration) {
	idle, waited := int64(0), t.pausedAt.Load()
	if since := t.since.Load(); since != 0 { // first, so that what changes meanwhile is in the server's favor
		waited = t.now()
		idle = waited - since
	}
	untilIdle := t.timeout - time.Duration(idle)
	untilLimit := t.limit.left(time.Duration(waited-1-t.paused.Load()), t.sent.Load()+t.came.Load())
	switch {
	case untilIdle <= 0:
		t.cancel(&timeoutError{limit: t.timeout})
	case untilLimit <= 0:
		t.cancel(&waitError{limit: t.limit.length, begun: t.header.Load(), came: t.came.Load()})
	}
	return min(untilIdle, untilLimit)
}

// resume counts from now on.
func (t *idleTimer) resume() {
	now := t.now()
	t.paused.Add(now - t.pausedAt.Load())
	t.since.Store(now)
}

// pause stops counting until resume.
func (t *idleTimer) pause() {
	t.pausedAt.Store(t.now())
	t.since.Store(0)
}

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
	t.watch.remove(t)
	t.cancel(nil)
}

// An idleBody is the body of a response. Its timer runs while a read waits.
type idleBody struct {
	body io.ReadCloser
	f    *inFlight
}

// errBadCount is the error of a body that breaks the contract of io.Reader, by which
// whoever reads on would panic.
var errBadCount = errors.New("its Read returned an impossible count")

// secrets returns what is kept out of errors.
func (b *idleBody) secrets() *redact.Secrets { return b.f.request.redactor() }

// Read reads from the body. An error other than the body's end, or one too soon,
// is an *Error.
func (b *idleBody) Read(p []byte) (int, error) {
	b.f.idle.resume()
	n, err := b.body.Read(p)
	if n < 0 || n > len(p) { // of a transport that the program wrote
		n, err = 0, errBadCount
	}
	b.f.idle.pause()
	b.f.idle.came.Add(int64(n))
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
	if err = b.secrets().Error(b.f.cause(err)); errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return &Error{Err: err, Sent: true, Begun: true, Origin: b.f.transport.origin}
}

// canceled returns the error of a body whose context has ended, else nil. A body
// that decompresses to much more than was read needs to ask.
func (b *idleBody) canceled() error {
	if err := b.f.ctx.Err(); err != nil {
		return b.failure(err)
	}
	return nil
}

// Close closes the body and ends the request. The connection is used again if the
// body was read to its end.
func (b *idleBody) Close() error {
	err := b.body.Close()
	b.f.trace.release()
	b.f.idle.stop()
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
	switch cause.(type) { //nolint:errorlint // as the idleTimer set it
	case *timeoutError, *waitError:
		return cause
	}
	return &contextError{ended, cause}
}

// cause returns what ended the request, where it is known better than by err: what its
// context says, or the Timeout of the caller's client, which net/http reports as the end
// of a context that the caller never gave.
func (f *inFlight) cause(err error) error {
	limit := f.transport.client.Timeout
	if limit > 0 && f.ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && time.Since(f.idle.began) >= limit {
		return &clientTimeoutError{limit: limit}
	}
	return causeOf(&f.ctx, err)
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
