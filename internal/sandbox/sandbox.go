// Package sandbox is the server behind package pmpsmarttest: the twelve endpoints
// and the state that they share. It knows neither that package nor the client.
// Its parts:
//
//	php         JSON and casts as PHP has them
//	illuminate  what Laravel's framework does: input, validation, exceptions, rate limit
//	record      the columns of each kind of record
//	store       tables, accounts, tokens; the data file
//	shape       styles, and the responses in their form
//	like        the responses as a report of the doctor tells them
//	fault       which request goes wrong, and how
//	wire        a response that is cut, slowed or reset
//	control     the API that steers a sandbox over HTTP
package sandbox

import (
	"errors"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// A Sandbox answers the API's requests. It is safe for concurrent use.
type Sandbox struct {
	config Config // as at the start
	clock  *clock
	active sync.WaitGroup // requests

	steering sync.Mutex // of resets and of the clock
	mu       sync.RWMutex
	stopped  bool
	state    *state
}

// New returns a Sandbox, which Close must follow.
func New(c Config) (*Sandbox, error) {
	s := &Sandbox{config: c, clock: newClock(c.Now)}
	c.Now = s.clock.Now
	var err error
	s.state, err = newState(c, Ops(), nil)
	return s, err
}

// current returns what the sandbox holds now.
func (s *Sandbox) current() *state {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state
}

// today returns what the sandbox holds now, the sample data ending on the clock's day
// unless the data file does not take that.
func (s *Sandbox) today() *state {
	state := s.current()
	_ = state.followClock()
	return state
}

// Reset puts the sandbox back to its start, as change, if it is not nil, changes that:
// what was written and set, tokens, accounts, faults, requests and the clock. Waiting
// on purpose ends, and what is answered to a request of before changes nothing. After
// an error all is as it was.
func (s *Sandbox) Reset(change func(*Config) error) error {
	s.steering.Lock()
	defer s.steering.Unlock()
	c := s.config
	if change != nil {
		if err := change(&c); err != nil {
			return err
		}
	}
	former, clock := s.current(), s.clock.like()
	s.clock.become(newClock(c.Now))
	c.Now = s.clock.Now
	next, err := newState(c, Ops(), former.store)
	if err != nil {
		s.clock.become(clock)
		return err
	}
	s.mu.Lock()
	s.state = next
	stopped := s.stopped
	s.mu.Unlock()
	former.stop()
	if stopped {
		next.stop()
	}
	return nil
}

// Finish refuses further requests and answers those that wait on purpose at once.
func (s *Sandbox) Finish() { s.refuse().hurry() }

// Stop refuses further requests and ends those that wait on purpose.
func (s *Sandbox) Stop() { s.refuse().stop() }

// refuse takes no more requests, and returns what the sandbox holds now.
func (s *Sandbox) refuse() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	return s.state
}

// Close stops the sandbox, waits for the requests that it is answering, and
// closes its data file. Its state stays readable.
func (s *Sandbox) Close() error {
	s.Stop()
	s.active.Wait()
	s.steering.Lock()
	defer s.steering.Unlock()
	return s.current().store.Close()
}

// enter admits a request unless the sandbox has stopped, nil then; leave must follow.
func (s *Sandbox) enter() *state {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopped {
		return nil
	}
	s.active.Add(1)
	return s.state
}

func (s *Sandbox) leave() { s.active.Done() }

// AddAccount adds an account, or changes the one of that email.
func (s *Sandbox) AddAccount(email, password string) {
	s.current().store.PutAccount(email, email, password, "")
}

// AddViewer adds an account that may only read.
func (s *Sandbox) AddViewer(email, password string) {
	s.current().store.PutAccount(email, email, password, viewerRole)
}

// ExpireTokens ends all tokens.
func (s *Sandbox) ExpireTokens() error {
	store := s.current().store
	return errors.Join(store.ExpireTokens(), store.Sync())
}

// Problem returns why the data file takes no changes, as on a disk that is full, or nil
// if it does or there is none.
func (s *Sandbox) Problem() error { return s.current().store.Problem() }

// Logins returns the number of logins that have succeeded.
func (s *Sandbox) Logins() int { return s.current().store.Logins() }

// Fail adds faults, all of them or, after an error, none.
func (s *Sandbox) Fail(faults ...fault.Fault) error { return s.current().faults.Add(faults...) }

// Unmet returns the faults that no request has met.
func (s *Sandbox) Unmet() []fault.Fault { return s.current().faults.Unmet() }

// ClearFaults drops the faults that no request has met.
func (s *Sandbox) ClearFaults() { s.current().faults.Clear() }

// Down begins maintenance, as "php artisan down" does.
func (s *Sandbox) Down(retryAfter time.Duration) {
	s.current().setDown(true, retryAfter.Truncate(time.Second))
}

// Up ends maintenance.
func (s *Sandbox) Up() { s.current().setDown(false, 0) }

// SetStyle sets the styles of one endpoint in place of those that it has, or if op is
// "" those of all.
func (s *Sandbox) SetStyle(op string, styles ...string) error {
	return s.current().setStyle(op, styles)
}

// SetClock stops the clock at a time.
func (s *Sandbox) SetClock(now time.Time) error { return s.steer(func(c *clock) { c.set(now) }) }

// AdvanceClock puts the clock forward; it stands or goes on as before.
func (s *Sandbox) AdvanceClock(d time.Duration) error {
	return s.steer(func(c *clock) { c.advance(d) })
}

// RealClock gives the clock the real time.
func (s *Sandbox) RealClock() error {
	return s.steer(func(c *clock) { c.become(newClock(time.Now)) })
}

// steer changes the clock, and with it the sample data's last day.
func (s *Sandbox) steer(change func(*clock)) error {
	s.steering.Lock()
	defer s.steering.Unlock()
	change(s.clock)
	return s.current().followClock()
}
