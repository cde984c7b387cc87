package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

// A Policy says how often and how fast requests are retried.
type Policy struct {
	MaxAttempts int           // requests in all; default 4
	MinWait     time.Duration // bound of the first wait; default 200 ms
	MaxWait     time.Duration // bound of any wait, also of the first; default 10 s
}

// WithDefaults returns p with its zero fields set to their defaults.
func (p Policy) WithDefaults() Policy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = 4
	}
	if p.MinWait == 0 {
		p.MinWait = 200 * time.Millisecond
	}
	if p.MaxWait == 0 {
		p.MaxWait = 10 * time.Second
	}
	p.MaxWait = min(p.MaxWait, maxRetryAfter)
	return p
}

// Next returns the wait before the retry after the n-th attempt: a Backoff, or the
// Retry-After of f where that is longer. A server that asks for no wait, or for one
// that has passed, would otherwise get all attempts at once. A wait that is longer than
// MaxWait or ends after the context's deadline is a reason to give up.
func (p Policy) Next(ctx context.Context, n int, f Failure) (time.Duration, GiveUp) {
	wait := max(f.Delay.Wait, p.Backoff(n))
	return wait, p.judge(ctx, wait, wait)
}

// Backoff returns the n-th wait: exponential with full jitter, a random duration
// between 0 and MinWait·2ⁿ⁻¹, at most MaxWait.
func (p Policy) Backoff(n int) time.Duration { return jitter(p.bound(n)) }

// SettleWait returns the wait for a server to finish what was sent to it, between
// the bound of the n-th Backoff and half as much again: never short, as a random
// wait may be.
func (p Policy) SettleWait(n int) time.Duration {
	wait := p.bound(n)
	return min(wait+jitter(wait/2), p.MaxWait)
}

// AfterCreate returns the wait after the n-th create, which failed by f, before
// it is looked whether it was done all the same: a SettleWait, or the Retry-After of
// f where that is longer. A Retry-After that is longer than MaxWait, or a wait that ends
// after the context's deadline, is a reason to give up.
func (p Policy) AfterCreate(ctx context.Context, n int, f Failure) (time.Duration, GiveUp) {
	wait := max(f.Delay.Wait, p.SettleWait(n))
	return wait, p.judge(ctx, f.Delay.Wait, wait)
}

// judge returns why a wait is not begun. Of both reasons it is what the server asks,
// which another context would meet as well.
func (p Policy) judge(ctx context.Context, asked, wait time.Duration) GiveUp {
	switch {
	case asked > p.MaxWait:
		return LongRetryAfter
	case !inTime(ctx, wait):
		return PastDeadline
	}
	return NoGiveUp
}

// bound returns the most that the n-th wait may be.
func (p Policy) bound(n int) time.Duration {
	if n < 32 && p.MinWait < p.MaxWait>>(n-1) {
		return p.MinWait << (n - 1)
	}
	return p.MaxWait
}

// jitter returns a random duration from 0 to most.
func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// inTime reports whether wait ends before the context's deadline.
func inTime(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// Sleep waits for d, or returns the context's error where that ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
