package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/like"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
)

// A state is what a Sandbox holds from one reset to the next. A request has the one
// that was there when it came.
type state struct {
	id       string // no other state has it
	config   Config
	ops      fault.Ops
	store    *store.Store
	faults   *fault.Script
	throttle *illuminate.Throttle
	log      requestLog
	ending   chan struct{} // closed by stop
	stop     func()        // ends waiting and what waits, once
	hurrying chan struct{} // closed by hurry
	hurry    func()        // ends waiting, so that what waits goes on, once

	mu         sync.RWMutex          // of what changes while it serves:
	likeness   *like.Likeness        // nil without a report
	forms      map[string]shape.Form // by op, "" for no endpoint
	down       bool
	retryAfter time.Duration
}

// newState returns the state at the start of a sandbox with those operations. It takes
// over the data file of a former store, if there is one.
func newState(c Config, ops fault.Ops, former *store.Store) (*state, error) {
	forms, err := newForms(ops, c.Form, c.StylesFor)
	if err != nil {
		return nil, err
	}
	s := &state{
		id:       newID(),
		config:   c,
		ops:      ops,
		faults:   fault.NewScript(ops, c.RandomSeed, c.Chances),
		throttle: illuminate.NewThrottle(c.PerMinute),
		log:      requestLog{maxRequests: c.MaxRequests, maxKept: c.MaxKept, observe: c.Observe, id: newID()},
		ending:   make(chan struct{}),
		hurrying: make(chan struct{}),
		forms:    forms,
	}
	s.stop = sync.OnceFunc(func() { close(s.ending) })
	s.hurry = sync.OnceFunc(func() { close(s.hurrying) })
	if err := s.faults.Add(c.Faults...); err != nil {
		return nil, err
	}
	opts := store.Options{Data: c.Data, Now: c.Now, SingleToken: !c.ManyTokens, DataFile: c.DataFile}
	if c.EndToday {
		opts.Data = c.Data.EndingOn(c.Now())
	}
	if c.Report != nil {
		rows := like.Rows(c.Report, opts.Data)
		opts.Data.JSONOrders, opts.Rows = rows.JSONOrders, &rows
	}
	if former == nil {
		s.store, err = store.Open(opts)
	} else {
		s.store, err = former.Reset(opts)
	}
	if err != nil {
		return nil, err
	}
	s.likeness = s.newLikeness()
	s.store.PutAccount("Sandbox", c.Email, c.Password, "")
	return s, nil
}

// newLikeness returns the likeness of the report to the sample data.
func (s *state) newLikeness() *like.Likeness {
	if s.config.Report == nil {
		return nil
	}
	data := s.store.Data()
	return like.New(s.config.Report, data, like.Rows(s.config.Report, data))
}

// followClock makes the sample data end on the clock's day.
func (s *state) followClock() error {
	if !s.config.EndToday {
		return nil
	}
	now, data := s.config.Now(), s.store.Data()
	if data == data.EndingOn(now) {
		return nil
	}
	if err := s.store.EndOn(now); err != nil {
		return err
	}
	likeness := s.newLikeness()
	s.mu.Lock()
	s.likeness = likeness
	s.mu.Unlock()
	return s.store.Sync()
}

// newForms returns the form of each endpoint's responses. Styles that nobody can
// log in with are Login's only if they are named for it.
func newForms(ops fault.Ops, form shape.Form, extra []StylesFor) (map[string]shape.Form, error) {
	forms := map[string]shape.Form{"": form}
	for op := range ops {
		forms[op] = form
	}
	var err error
	if forms["Login"], err = form.With("body=json", "fields=all"); err != nil {
		return nil, err
	}
	for _, e := range extra {
		if forms[e.Op], err = forms[e.Op].With(e.Styles...); err != nil {
			return nil, err
		}
	}
	return forms, nil
}

// setStyle sets the styles of one endpoint, or if op is "" of all.
func (s *state) setStyle(op string, styles []string) error {
	form, err := shape.Default().With(styles...)
	if err != nil {
		return err
	}
	forms := map[string]shape.Form{op: form}
	if op == "" {
		forms, err = newForms(s.ops, form, nil)
	} else {
		err = s.ops.Check(op)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for op, form := range forms {
		s.forms[op] = form
	}
	return nil
}

// formOf returns the form of one response: the op's, or that of the styles that
// the request's header names.
func (s *state) formOf(op, styles string) (shape.Form, error) {
	if styles == "" {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return s.forms[op], nil
	}
	return shape.Default().With(SplitStyles(styles)...)
}

// SplitStyles returns the styles of a text that has commas between them.
func SplitStyles(text string) (styles []string) {
	for style := range strings.SplitSeq(text, ",") {
		styles = append(styles, strings.TrimSpace(style))
	}
	return styles
}

// likenessOf returns the likeness of an op's responses, nil if there is none.
func (s *state) likenessOf(op string) shape.Likeness {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.likeness == nil {
		return nil
	}
	return s.likeness.Of(op)
}

// wait waits, no longer than till the sandbox hurries, and reports whether it did so to
// the end: neither the client nor the sandbox has given up.
func (s *state) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.hurrying:
		return true
	case <-ctx.Done():
	case <-s.ending:
	}
	return false
}

// viewerRole is the role of an account that may only read.
const viewerRole = "viewer"

func (s *state) setDown(down bool, retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down, s.retryAfter = down, retryAfter
}

// maintenance returns the failure of a request during maintenance, and whether
// there is maintenance.
func (s *state) maintenance() (illuminate.Failure, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := illuminate.Aborted(http.StatusServiceUnavailable)
	if s.retryAfter > 0 {
		f.Header = http.Header{"Retry-After": {strconv.Itoa(int(s.retryAfter.Seconds()))}}
	}
	return f, s.down
}
