package pmpsmart

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// An ensureGroup holds the orders being ensured, by code.
type ensureGroup struct {
	mu      sync.Mutex
	running map[string]*sharedEnsure
	settled map[string]time.Time // when what an insert of unknown outcome did can be seen
}

// A sharedEnsure is the work that all callers share which ensure the same code.
type sharedEnsure struct {
	owner    *ensureGroup
	want     JSONOrder
	after    time.Time // an insert that was given up before may be seen from then on
	shared   *sharedContext
	cancel   context.CancelFunc
	done     chan struct{}
	waiting  int  // under the owner's mu
	claimed  bool // created was given to a caller; under the owner's mu
	response lastResponse
	unknown  error // of our last insert whose outcome is unknown

	order   *JSONOrder
	created bool
	err     error
	drifts  []Drift // of all its calls, until a caller tells of them; under the owner's mu
}

// join starts to ensure an order, or shares in what another call has started.
func (s *ensureGroup) join(ctx context.Context, c *Client, want JSONOrder) (*sharedEnsure, error) {
	for {
		e, ending, err := s.tryJoin(ctx, c, want)
		if !ending {
			return e, err
		}
		select {
		case <-e.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryJoin is join, unless what is under way was given up by its callers and has
// to end first.
func (s *ensureGroup) tryJoin(ctx context.Context, c *Client, want JSONOrder) (e *sharedEnsure, ending bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e = s.running[want.Code]
	switch {
	case e == nil:
		e = s.start(ctx, c, want)
	case e.waiting == 0:
		return e, true, nil
	default:
		if field := e.differs(want); field != "" {
			return nil, false, &InputError{Op: ensureOp, Field: field,
				Problem: fmt.Sprintf("differs from what another call is ensuring under %q at this moment", want.Code)}
		}
	}
	e.waiting++
	e.shared.joined(ctx)
	return e, false, nil
}

func (s *ensureGroup) start(ctx context.Context, c *Client, want JSONOrder) *sharedEnsure {
	e := &sharedEnsure{owner: s, want: want, done: make(chan struct{}), after: s.settled[want.Code]}
	e.shared, ctx, e.cancel = share(ctx)
	if s.running == nil {
		s.running = make(map[string]*sharedEnsure)
		s.settled = make(map[string]time.Time)
	}
	s.running[want.Code] = e
	go e.run(ctx, c)
	return e
}

func (e *sharedEnsure) differs(want JSONOrder) string {
	switch {
	case want.Status != e.want.Status:
		return "Status"
	case !sameJSON(want.Data, e.want.Data):
		return "Data"
	}
	return ""
}

// wait gives the outcome, or leaves it to the others when the caller gives up.
func (e *sharedEnsure) wait(ctx context.Context) (*JSONOrder, bool, error) {
	select {
	case <-e.done:
	case <-ctx.Done():
		select {
		case <-e.done: // just in time
		default:
			e.leave()
			return nil, false, &OutcomeUnknownError{Op: ensureOp, Err: ctx.Err()}
		}
	}
	if e.err != nil {
		return nil, false, e.err
	}
	e.owner.mu.Lock()
	defer e.owner.mu.Unlock()
	first := !e.claimed
	e.claimed = true
	order := *e.order
	order.Data = bytes.Clone(order.Data)
	return &order, e.created && first, nil
}

// takeDrifts gives the drift that was met, to the first caller who asks.
func (e *sharedEnsure) takeDrifts() []Drift {
	e.owner.mu.Lock()
	defer e.owner.mu.Unlock()
	drifts := e.drifts
	e.drifts = nil
	return drifts
}

// leave ends the work when nobody waits for it any more.
func (e *sharedEnsure) leave() {
	e.owner.mu.Lock()
	defer e.owner.mu.Unlock()
	if e.waiting--; e.waiting == 0 {
		e.cancel()
	}
}

func (e *sharedEnsure) run(ctx context.Context, c *Client) {
	defer e.cancel()
	if e.err = retry.Sleep(ctx, time.Until(e.after)); e.err == nil {
		e.order, e.created, e.err = e.ensure(ctx, c)
	}
	e.owner.finish(e, c.retry)
	close(e.done)
}

// finish lets the next call start anew, after a wait where an insert may yet be
// done that this one left behind.
func (s *ensureGroup) finish(e *sharedEnsure, p retry.Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, e.want.Code)
	now := time.Now()
	for code, at := range s.settled {
		if at.Before(now) {
			delete(s.settled, code)
		}
	}
	var open *OutcomeUnknownError
	if errors.As(e.err, &open) {
		s.settled[e.want.Code] = now.Add(p.SettleWait(1))
	}
}
