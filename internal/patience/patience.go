// Package patience makes a client wait as long as a server asks for, and out a short
// maintenance, where a program that is run by a person or by cron would rather be late
// than give up. It is made of the client's own hooks.
package patience

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// Default is the usual limit of a Patience.
const Default = 30 * time.Minute

// A Wait is what a client waits for.
type Wait struct {
	Op    string    // the method that waits, "ListOrders"
	Until time.Time // when it asks again
	Err   error     // why: the server's answer
}

// Options return the options of a client that waits while the server refuses to answer for
// now, by 429, by 503, or by another failure of its own with a Retry-After: until the time
// that it names, or if it names none a little longer each time. It gives up once the server
// has not answered for the limit, or would not before that is over; a good answer begins it
// anew. Another failure that may pass is tried again as often and as fast as by default.
// told, if it is not nil, is called before each wait of half a second
// or more, by several goroutines at once if the client is used so.
//
// They take the place of [pmpsmart.WithRetry].
func Options(limit time.Duration, told func(Wait)) []pmpsmart.Option {
	p := &patience{limit: max(limit, 1), told: told}
	return []pmpsmart.Option{
		// The waits are in the hook of each attempt; a Retry-After is kept by both. The
		// client gives up where the context of a call says that its time is over.
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: mostAttempts, MinWait: 1, MaxWait: p.limit}),
		pmpsmart.WithHooks(pmpsmart.Hooks{Call: p.call, Attempt: p.attempt, Retry: p.retry}),
	}
}

const (
	mostAttempts = 1000                   // of which each waits longer
	tries        = 4                      // at what is no asking to wait, as by default
	firstPause   = 200 * time.Millisecond // between those
	worthTelling = time.Second / 2
	fractions    = 180 // of the limit: the shortest wait for a server that names none
	growth       = 4   // the part of how long it is away that it is then waited for
	askedGrowth  = 3   // and a server that names a shorter one than that again and again
)

type patience struct {
	limit time.Duration
	told  func(Wait)

	mu   sync.Mutex
	away time.Time // since when no call gets an answer, zero while they do
}

// A state is that of one call.
type state struct {
	mu       sync.Mutex
	away     time.Time // since when the server asks this call to wait
	failures int       // of the other kind, in a row
	until    time.Time // when the next attempt may be made
	isOver   bool
}

// A patientContext has a deadline in the past once the call must not be tried again, so
// that the client returns the error that it has.
type patientContext struct {
	context.Context
	state *state
}

type stateKey struct{}

func (c *patientContext) Deadline() (time.Time, bool) {
	c.state.mu.Lock()
	isOver := c.state.isOver
	c.state.mu.Unlock()
	if isOver {
		return time.Unix(0, 0), true
	}
	return c.Context.Deadline()
}

func (c *patientContext) Value(key any) any {
	if key == (stateKey{}) {
		return c.state
	}
	return c.Context.Value(key)
}

func stateOf(ctx context.Context) *state {
	s, _ := ctx.Value(stateKey{}).(*state)
	return s
}

func (p *patience) call(ctx context.Context, _ pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
	return &patientContext{ctx, new(state)}, nil
}

// attempt waits until the next attempt may be made, and judges what comes of it.
func (p *patience) attempt(ctx context.Context, _ pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
	s := stateOf(ctx)
	s.mu.Lock()
	until := s.until
	s.mu.Unlock()
	_ = retry.Sleep(ctx, time.Until(until)) // the attempt of a context that has ended ends at once
	return ctx, func(result pmpsmart.AttemptResult) {
		now := time.Now()
		s.mu.Lock()
		defer s.mu.Unlock()
		asked, isAsked := asksToWait(result.Err)
		switch {
		case result.Err == nil:
			s.away, s.failures, s.until = time.Time{}, 0, time.Time{}
			p.answered()
		case isAsked:
			s.failures = 0
			p.hold(s, now, asked)
		case errors.Is(result.Err, context.Canceled):
		default:
			s.failures++
			s.until = now.Add(firstPause << min(s.failures-1, tries))
			s.isOver = s.failures >= tries
		}
	}
}

// asksToWait reports whether a failure says that the server is not to be asked for now, and
// for how long, 0 if it does not say.
func asksToWait(err error) (time.Duration, bool) {
	refusal, ok := errors.AsType[*pmpsmart.APIError](err)
	if !ok {
		return 0, false
	}
	isAsked := errors.Is(err, pmpsmart.ErrRateLimited) || errors.Is(err, pmpsmart.ErrMaintenance) ||
		errors.Is(err, pmpsmart.ErrServer) && refusal.RetryAfter > 0
	return refusal.RetryAfter, isAsked
}

// hold sets when the call may be tried again, or that it may not. The state is locked.
func (p *patience) hold(s *state, now time.Time, asked time.Duration) {
	if s.away.IsZero() {
		s.away = now
	}
	since := p.awaySince(s.away)
	wait := max(p.limit/fractions, now.Sub(s.away)/growth)
	if asked > 0 {
		wait = max(asked, now.Sub(s.away)/askedGrowth)
	}
	if last := since.Add(p.limit); asked < wait && now.Before(last) && now.Add(wait).After(last) {
		wait = max(asked, last.Sub(now)) // once more at its end
	}
	s.until = now.Add(wait)
	s.isOver = s.until.Sub(since) > p.limit
}

// awaySince notes that a call is asked to wait since then, and returns since when no call
// got an answer, or that call if others do.
func (p *patience) awaySince(call time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away.IsZero() {
		p.away = call
	}
	if p.away.Before(call) {
		return p.away
	}
	return call
}

func (p *patience) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = time.Time{}
}

// retry tells of the wait that comes.
func (p *patience) retry(ctx context.Context, info pmpsmart.RetryInfo) {
	if info.GaveUp != "" || p.told == nil {
		return
	}
	s := stateOf(ctx)
	s.mu.Lock()
	until, isAway := s.until, !s.away.IsZero()
	s.mu.Unlock()
	if isAway && time.Until(until) >= worthTelling {
		p.told(Wait{Op: info.Op, Until: until, Err: info.Err})
	}
}
