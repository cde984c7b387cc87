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
package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/like"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Prefix is the path of the API.
const Prefix = "/api/v1"

// StyleHeader is a request header that names the styles of that one response.
const StyleHeader = "X-Style"

// Config says what a Sandbox is at first. The options of pmpsmarttest describe
// its fields.
type Config struct {
	Form            shape.Form
	StylesFor       []StylesFor
	Report          *report.Report // tells how the endpoints that read answer; nil is as Form has it
	Email, Password string         // of the account that may log in
	ManyTokens      bool
	UniqueCodes     bool // of JSON orders
	UniqueOutlets   bool // their codes
	Data            seed.Data
	PerPage         int64
	PerMinute       int // requests of an account; 0 is any number
	MaxBody         int64
	Now             func() time.Time
	Faults          []fault.Fault
	RandomSeed      uint64
	Chances         map[fault.Kind]float64
	DataFile        string
	Observe         func(Request) // is called for each request; nil is nobody
}

// StylesFor are styles of one endpoint.
type StylesFor struct {
	Op     string
	Styles []string
}

// Default returns a Config without an account, with a real Laravel's values where
// it has any.
func Default() Config {
	return Config{
		Form: shape.Default(), Data: seed.New(seed.DefaultOrders),
		PerPage: 15, MaxBody: 8 << 20, Now: time.Now,
	}
}

// A Sandbox answers the API's requests. It is safe for concurrent use.
type Sandbox struct {
	config   Config
	likeness *like.Likeness // nil without a report
	store    *store.Store
	faults   *fault.Script
	throttle *illuminate.Throttle
	log      requestLog

	stop   func()        // ends waiting, once
	ending chan struct{} // closed by stop
	active sync.WaitGroup

	mu         sync.RWMutex // of what changes while it serves:
	stopped    bool
	forms      map[string]shape.Form // by op, "" for no endpoint
	down       bool
	retryAfter time.Duration
}

// New returns a Sandbox, which Close must follow.
func New(c Config) (*Sandbox, error) {
	forms, err := newForms(c.Form, c.StylesFor)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		config:   c,
		faults:   fault.NewScript(Ops(), c.RandomSeed, c.Chances),
		throttle: illuminate.NewThrottle(c.PerMinute),
		log:      requestLog{observe: c.Observe},
		ending:   make(chan struct{}),
		forms:    forms,
	}
	s.stop = sync.OnceFunc(func() { close(s.ending) })
	if err := s.faults.Add(c.Faults...); err != nil {
		return nil, err
	}
	opts := store.Options{Data: c.Data, Now: c.Now, SingleToken: !c.ManyTokens, DataFile: c.DataFile}
	if c.Report != nil {
		rows := like.Rows(c.Report, c.Data)
		opts.Data.JSONOrders, opts.Rows = rows.JSONOrders, &rows
		s.likeness = like.New(c.Report, opts.Data, rows)
	}
	s.store, err = store.Open(opts)
	if err != nil {
		return nil, err
	}
	s.store.PutAccount("Sandbox", c.Email, c.Password, "")
	return s, nil
}

// newForms returns the form of each endpoint's responses. Styles that nobody can
// log in with are Login's only if they are named for it.
func newForms(form shape.Form, extra []StylesFor) (map[string]shape.Form, error) {
	forms := map[string]shape.Form{"": form}
	for op := range Ops() {
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

// formOf returns the form of one response: the op's, or that of the styles that
// the request's header names.
func (s *Sandbox) formOf(op, styles string) (shape.Form, error) {
	if styles == "" {
		s.mu.RLock()
		defer s.mu.RUnlock()
		return s.forms[op], nil
	}
	form := shape.Default()
	var err error
	for style := range strings.SplitSeq(styles, ",") {
		if form, err = form.With(strings.TrimSpace(style)); err != nil {
			return form, err
		}
	}
	return form, nil
}

// Stop ends all waiting on purpose and refuses further requests.
func (s *Sandbox) Stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.stop()
}

// Close stops the sandbox, waits for the requests that it is answering, and
// closes its data file. Its state stays readable.
func (s *Sandbox) Close() error {
	s.Stop()
	s.active.Wait()
	return s.store.Close()
}

// enter admits a request unless the sandbox has stopped; leave must follow.
func (s *Sandbox) enter() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.stopped {
		return false
	}
	s.active.Add(1)
	return true
}

func (s *Sandbox) leave() { s.active.Done() }

// wait waits, and reports whether it did so to the end: neither the client nor
// the sandbox has given up.
func (s *Sandbox) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.ending:
	}
	return false
}

// viewerRole is the role of an account that may only read.
const viewerRole = "viewer"

// AddAccount adds an account, or changes the one of that email.
func (s *Sandbox) AddAccount(email, password string) { s.store.PutAccount(email, email, password, "") }

// AddViewer adds an account that may only read.
func (s *Sandbox) AddViewer(email, password string) {
	s.store.PutAccount(email, email, password, viewerRole)
}

// ExpireTokens ends all tokens.
func (s *Sandbox) ExpireTokens() error { return s.store.ExpireTokens() }

// Logins returns the number of logins that have succeeded.
func (s *Sandbox) Logins() int { return s.store.Logins() }

// Fail adds faults.
func (s *Sandbox) Fail(faults ...fault.Fault) error { return s.faults.Add(faults...) }

// Unmet returns the faults that no request has met.
func (s *Sandbox) Unmet() []fault.Fault { return s.faults.Unmet() }

// Down begins maintenance, as "php artisan down" does.
func (s *Sandbox) Down(retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down, s.retryAfter = true, retryAfter.Truncate(time.Second)
}

// Up ends maintenance.
func (s *Sandbox) Up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = false
}

// maintenance returns the failure of a request during maintenance, and whether
// there is maintenance.
func (s *Sandbox) maintenance() (illuminate.Failure, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f := illuminate.Aborted(http.StatusServiceUnavailable)
	if s.retryAfter > 0 {
		f.Header = http.Header{"Retry-After": {strconv.Itoa(int(s.retryAfter.Seconds()))}}
	}
	return f, s.down
}
