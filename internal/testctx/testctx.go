// Package testctx has contexts for tests, whose deadlines pass by what happens and not by
// a clock, so that a busy machine changes nothing.
package testctx

import (
	"context"
	"testing"
	"time"
)

// WithDeadline returns a copy of parent whose deadline passes when passed is closed. It
// does not end with parent.
func WithDeadline(parent context.Context, passed <-chan struct{}) context.Context {
	return deadline{parent, passed}
}

// When returns a context of the test whose deadline passes once happened returns true,
// which is called over and over in another goroutine, or when the test ends.
func When(t testing.TB, happened func() bool) context.Context {
	passed := make(chan struct{})
	go func() {
		defer close(passed)
		for !happened() && t.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	return WithDeadline(t.Context(), passed)
}

type deadline struct {
	context.Context
	passed <-chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.passed }

func (d deadline) Err() error {
	select {
	case <-d.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
