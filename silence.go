package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// A silence ends an attempt when the server says nothing for too long. It counts
// while the server is waited for, and not while the request is being written or
// the caller is busy with what came. Its one timer is not set anew for each read:
// when it runs out, it looks how long the server has been silent by then.
type silence struct {
	d      time.Duration
	cancel context.CancelCauseFunc
	began  time.Time
	timer  *time.Timer

	since atomic.Int64 // when the waiting began, counted from began; 0 while nothing is waited for
	heard atomic.Bool  // the answer's head is there
	ended atomic.Bool
}

// silenceError is the cause of an attempt that was given up. It is a net.Error
// and matches context.DeadlineExceeded.
type silenceError struct{ d time.Duration }

func (e *silenceError) Error() string   { return fmt.Sprintf("the server was silent for %s", e.d) }
func (e *silenceError) Timeout() bool   { return true }
func (e *silenceError) Temporary() bool { return true }
func (e *silenceError) Is(target error) bool {
	return target == context.DeadlineExceeded
}

// start starts to count and gives the context that a silence ends.
func (s *silence) start(ctx context.Context, d time.Duration) context.Context {
	ctx, s.cancel = context.WithCancelCause(ctx)
	s.d, s.began = d, time.Now()
	s.since.Store(1) // from began on
	s.timer = time.AfterFunc(d, s.check)
	return ctx
}

// now is the time since the attempt began, and 1 ns more: it is never 0.
func (s *silence) now() int64 { return int64(time.Since(s.began)) + 1 }

// check ends an attempt whose server was silent for d, or comes back when it
// might have been.
func (s *silence) check() {
	left := s.d
	if since := s.since.Load(); since != 0 {
		left -= time.Duration(s.now() - since)
	}
	switch {
	case s.ended.Load():
	case left <= 0:
		s.cancel(&silenceError{s.d})
	default:
		s.timer.Reset(left)
	}
}

// wait counts from now on.
func (s *silence) wait() { s.since.Store(s.now()) }

// rest does not count until the next wait.
func (s *silence) rest() { s.since.Store(0) }

// sent counts from now on: a part of the request was written. Once the answer's
// head is there, what is still being written no longer counts.
func (s *silence) sent() {
	if since := s.since.Load(); !s.heard.Load() {
		s.since.CompareAndSwap(since, s.now()) // fails if the head comes in between
	}
}

// answered stops the counting: the answer's head came, its body is not yet read.
func (s *silence) answered() {
	s.heard.Store(true)
	s.rest()
}

// end releases what the silence holds; the attempt's context ends.
func (s *silence) end() {
	s.ended.Store(true)
	s.timer.Stop()
	s.cancel(nil)
}

// A silentBody is an answer's body. The silence counts while a read waits.
type silentBody struct {
	body io.ReadCloser
	ctx  context.Context
	s    *silence
	n    int64 // bytes read
}

func (b *silentBody) Read(p []byte) (int, error) {
	b.s.wait()
	n, err := b.body.Read(p)
	b.s.rest()
	b.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = causeOf(b.ctx, err)
	}
	return n, err
}

// Close closes the body and ends the attempt. The connection is used again if
// the body was read to its end.
func (b *silentBody) Close() error {
	err := b.body.Close()
	b.s.end()
	return err
}

// causeOf gives what ended ctx, where something did, in place of what it looks
// like: the silence, or the caller's own context.
func causeOf(ctx context.Context, err error) error {
	ended := ctx.Err()
	if ended == nil {
		return err
	}
	cause := context.Cause(ctx)
	var silence *silenceError
	if errors.As(cause, &silence) {
		return silence
	}
	return &endedError{ended, cause}
}

// An endedError is the end of the caller's context. It shows the cause that the
// caller gave to that end, and does not wrap it: the cause may be the error of
// another call, which this one is not.
type endedError struct{ ended, cause error }

func (e *endedError) Error() string {
	if e.cause == nil || errors.Is(e.cause, e.ended) {
		return e.ended.Error()
	}
	return e.ended.Error() + " (" + e.cause.Error() + ")"
}

func (e *endedError) Unwrap() error { return e.ended }

// An upload is a request's body that tells the silence of its progress: a slow
// upload is not a silent server.
type upload struct {
	io.ReadCloser
	s *silence
}

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.s.sent()
	return n, err
}
