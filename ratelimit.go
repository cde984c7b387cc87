package pmpsmart

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// A queue has attempts wait for the rate limit one behind the other. Only the
// first has a turn reserved, so that a turn which is given up goes back whole:
// of many reserved ahead, a limiter takes back no more than the last.
type queue struct {
	limiter *rate.Limiter
	first   chan struct{} // holds one value while somebody has a turn reserved
	behind  atomic.Int64  // how many wait to be the first
}

func newQueue(perSecond float64, burst int) *queue {
	return &queue{limiter: rate.NewLimiter(rate.Limit(perSecond), burst), first: make(chan struct{}, 1)}
}

// wait waits for a turn; one past the context's deadline is not waited for.
func (q *queue) wait(ctx context.Context) error {
	before := q.behind.Add(1) - 1
	if err := inTime(ctx, q.delay(before)); err != nil {
		q.behind.Add(-1)
		return err
	}
	select {
	case q.first <- struct{}{}:
		defer func() { <-q.first }()
	case <-ctx.Done():
		q.behind.Add(-1)
		return ctx.Err()
	}
	turn := q.limiter.Reserve()
	q.behind.Add(-1)
	err := inTime(ctx, turn.Delay())
	if err == nil {
		err = sleep(ctx, turn.Delay())
	}
	if err != nil {
		turn.Cancel()
	}
	return err
}

// delay is how long the turn behind so many others is away.
func (q *queue) delay(before int64) time.Duration {
	missing := float64(before+1) - q.limiter.Tokens()
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(q.limiter.Limit()) * float64(time.Second))
}

func inTime(ctx context.Context, delay time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < delay {
		return fmt.Errorf("the rate limit's next turn comes in %s: %w", delay.Round(time.Millisecond), context.DeadlineExceeded)
	}
	return nil
}
