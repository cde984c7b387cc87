package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// A silence ends an attempt when the server says nothing for too long. Its timer
// runs while the server is waited for, and stands still while the request is
// being written or the caller is busy with what came.
type silence struct {
	d      time.Duration
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	heard bool // the answer's head is there
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

// start starts the timer and gives the context that it ends.
func (s *silence) start(ctx context.Context, d time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	s.d, s.cancel = d, cancel
	s.timer = time.AfterFunc(d, func() { cancel(&silenceError{d}) })
	return ctx
}

// sent starts the timer anew: a part of the request was written. Once the
// answer's head is there, what is still being written no longer counts.
func (s *silence) sent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.heard {
		s.timer.Reset(s.d)
	}
}

// answered stops the timer: the answer's head came, its body is not yet read.
func (s *silence) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = true
	s.timer.Stop()
}

// end releases what the silence holds; the attempt's context ends.
func (s *silence) end() {
	s.answered()
	s.cancel(nil)
}

// A silentBody is an answer's body. The timer runs while a read waits.
type silentBody struct {
	body io.ReadCloser
	ctx  context.Context
	s    *silence
	n    int64 // bytes read
}

func (b *silentBody) Read(p []byte) (int, error) {
	b.s.timer.Reset(b.s.d)
	n, err := b.body.Read(p)
	b.s.timer.Stop()
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

// causeOf gives the silence that ended ctx in place of the cancellation that it
// looks like.
func causeOf(ctx context.Context, err error) error {
	var cause *silenceError
	if errors.As(context.Cause(ctx), &cause) {
		return cause
	}
	return err
}

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
