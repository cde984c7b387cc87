package sandbox

import (
	"sync"
	"time"
)

// A clock is the sandbox's: that of its start, put forward or stopped. It is safe for
// concurrent use.
type clock struct {
	mu      sync.Mutex
	base    func() time.Time
	ahead   time.Duration // of base
	stopped time.Time     // at which it stands, unless zero
}

func newClock(base func() time.Time) *clock { return &clock{base: base} }

// Now returns the clock's time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	base, ahead, stopped := c.base, c.ahead, c.stopped
	c.mu.Unlock()
	if !stopped.IsZero() {
		return stopped
	}
	return base().Add(ahead)
}

// reading returns whether the clock stands, and how far it was put forward.
func (c *clock) reading() (stopped bool, ahead time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stopped.IsZero(), c.ahead
}

// set stops the clock at a time.
func (c *clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = now
}

// advance puts the clock forward.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped.IsZero() {
		c.ahead += d
	} else {
		c.stopped = c.stopped.Add(d)
	}
}

// like returns another clock that goes as this one does.
func (c *clock) like() *clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &clock{base: c.base, ahead: c.ahead, stopped: c.stopped}
}

// become makes the clock go as another one, which nobody else uses, does.
func (c *clock) become(other *clock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.ahead, c.stopped = other.base, other.ahead, other.stopped
}
