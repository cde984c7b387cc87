package patience

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// A gate is what all requests of a client pass. It is open until the server asks for a
// wait or can't be reached. Then it is closed for a time, after which it lets one request
// through, the probe: by its answer the gate opens, or is closed for longer.
type gate struct {
	patience     time.Duration
	firstContact time.Duration
	listener     Listener

	mu      sync.Mutex
	reached bool          // the server has answered something
	goods   int           // good answers so far
	closed  bool          // requests wait for until, and then for the probe
	spent   bool          // closed, but the patience is over: all may pass
	probing bool          // the probe is under way
	told    bool          // the listener knows that there is a wait
	until   time.Time     // the end of the wait
	since   time.Time     // of the first failure of those that follow each other
	rounds  int           // of waiting since then
	changed chan struct{} // closed, and replaced, whenever something of this changes
}

// A ticket is the right to send one request. Whoever has it reports what came of it, by
// good or bad, or leaves.
type ticket struct {
	round int  // of the gate when it was given
	probe bool // others wait for what comes of it
}

// The backoff of a server that does not say when to come back.
const (
	firstWait = 250 * time.Millisecond
	mostWait  = time.Minute
	// worthTelling is the shortest wait that people are told of.
	worthTelling = 1500 * time.Millisecond
)

// enter waits until a request may be sent: the gate is open or takes it for the probe.
// If the context ends, the patience is over or, unless deadline is zero, that has
// passed, it returns as well: the request is to find out for itself.
func (g *gate) enter(ctx context.Context, deadline time.Time) ticket {
	for {
		t, ok, changed, wait := g.tryEnter()
		if ok || ctx.Err() != nil {
			return t
		}
		if !deadline.IsZero() {
			left := time.Until(deadline)
			if left <= 0 {
				return t
			}
			if wait == 0 || left < wait {
				wait = left
			}
		}
		if !sleep(ctx, wait, changed) {
			return t
		}
	}
}

// tryEnter returns a ticket and whether the request may go now. If not, changed and, if
// it is not 0, wait say when to try again.
func (g *gate) tryEnter() (t ticket, ok bool, changed <-chan struct{}, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t.round = g.rounds
	if !g.closed || g.spent {
		return t, true, nil, 0
	}
	if wait := time.Until(g.until); wait > 0 {
		return t, false, g.changed, wait
	}
	if g.probing {
		return t, false, g.changed, 0
	}
	g.probing, t.probe = true, true
	return t, true, nil, 0
}

// good reports an answer by which the server is well. That of a request from before the
// gate was closed says nothing.
func (g *gate) good(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reached = true
	g.goods++
	if g.closed && t.round == g.rounds {
		g.closed, g.spent, g.probing, g.rounds, g.since = false, false, false, 0, time.Time{}
		g.change()
		g.goingOn()
	}
	*t = ticket{round: -1}
}

// goodAnswers returns how many good answers there were so far.
func (g *gate) goodAnswers() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.goods
}

// bad reports a failure that others would meet as well, after which the server asks for
// a wait of asked, 0 if it does not. It reports whether the request should be tried
// again once the gate lets it; else the patience is over.
func (g *gate) bad(t *ticket, why Why, asked time.Duration) (again bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, isFirst := time.Now(), !g.closed
	g.reached = g.reached || why.Status != 0
	isLate := g.closed && !t.probe // others know already
	*t = ticket{round: -1}
	switch {
	case g.spent:
		return false
	case isLate:
		if until := now.Add(asked); asked > 0 && until.After(g.until) && !g.isTooLong(until) {
			g.until = until
			g.change()
			g.waiting(asked, why)
		}
		return true
	}
	if isFirst {
		g.since = now
	}
	g.closed, g.probing = true, false
	g.rounds++
	wait := max(asked, g.backoff(g.rounds))
	g.until = now.Add(wait)
	g.change()
	if g.isTooLong(g.until) {
		g.spent = true
		g.goingOn()
		return false
	}
	g.waiting(wait, why)
	return true
}

// isTooLong reports whether it would take longer than the patience to wait until then.
func (g *gate) isTooLong(until time.Time) bool {
	most := g.patience
	if !g.reached {
		most = g.firstContact
	}
	return until.Sub(g.since) > most
}

// leave gives back a ticket that told nothing of how the server is, or no more than that
// it is there.
func (g *gate) leave(t *ticket, reached bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reached = g.reached || reached
	if t.probe && t.round == g.rounds {
		g.probing = false
		g.change()
	}
	*t = ticket{round: -1}
}

// change wakes whoever waits; the gate's mu is held.
func (g *gate) change() {
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gate) waiting(wait time.Duration, why Why) {
	if wait < worthTelling || g.listener == nil {
		return
	}
	g.told = true
	g.listener.Waiting(g.until, why)
}

func (g *gate) goingOn() {
	if g.told {
		g.told = false
		g.listener.GoingOn()
	}
}

// backoff returns the wait of a round, a quarter of a second at first and up to a minute,
// or more if the patience is of hours; up to a tenth more, so that programs that fail
// together do not come back together.
func (g *gate) backoff(round int) time.Duration {
	most := max(mostWait, g.patience/30)
	wait := most
	if round < 32 && firstWait<<(round-1) < most {
		wait = firstWait << (round - 1)
	}
	return wait + rand.N(wait/10)
}

// sleep waits for d, or for ever if that is 0, and no longer than until changed is
// closed. It reports false if the context ends.
func sleep(ctx context.Context, d time.Duration, changed <-chan struct{}) bool {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-changed:
	case <-ctx.Done():
		return false
	}
	return true
}
