// Package ratelimit makes requests wait for a rate limit.
package ratelimit

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// A Limiter allows so many requests a second, with bursts. It is safe for
// concurrent use.
//
// Those who wait form a queue, of whom only the first has a turn reserved: rate's
// own Wait reserves one for each at once, and when many are canceled it takes back
// no more than the last.
type Limiter struct {
	limiter *rate.Limiter
	first   chan struct{} // holds one value while a turn is reserved
	waiting atomic.Int64  // those who have no turn reserved yet
}

// New returns a Limiter of perSecond requests a second, burst of them at once.
func New(perSecond float64, burst int) *Limiter {
	return &Limiter{limiter: rate.NewLimiter(rate.Limit(perSecond), burst), first: make(chan struct{}, 1)}
}

// Wait waits for a turn. It returns an error at once where the turn comes after the
// context's deadline, and gives a turn back that was waited for in vain.
func (l *Limiter) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	before := l.waiting.Add(1) - 1
	if err := inTime(ctx, l.delay(before)); err != nil {
		l.waiting.Add(-1)
		return err
	}
	select {
	case l.first <- struct{}{}:
		defer func() { <-l.first }()
	case <-ctx.Done():
		l.waiting.Add(-1)
		return ctx.Err()
	}
	turn := l.limiter.Reserve()
	l.waiting.Add(-1)
	err := await(ctx, turn.Delay())
	if err != nil {
		turn.Cancel()
	}
	return err
}

// delay returns how long the turn after so many others is away.
func (l *Limiter) delay(before int64) time.Duration {
	missing := float64(before+1) - l.limiter.Tokens()
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(l.limiter.Limit()) * float64(time.Second))
}

// await waits for a turn that comes after delay.
func await(ctx context.Context, delay time.Duration) error {
	if err := inTime(ctx, delay); err != nil {
		return err
	}
	return retry.Sleep(ctx, delay)
}

// inTime returns an error if the context's deadline comes before delay is over.
func inTime(ctx context.Context, delay time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < delay {
		return fmt.Errorf("the rate limit's next turn comes in %s: %w", delay.Round(time.Millisecond), context.DeadlineExceeded)
	}
	return nil
}
