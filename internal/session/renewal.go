package session

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/pmpsmart/pmpsmart-go/internal/flight"
)

// Renew returns a token other than rejected, which the server has refused, or
// which is "" if there was none. Operations that need one at the same moment share
// a renewal; one that gives up waiting leaves it to the others. The drift is that
// of the login, if no other caller has it.
func (s *Session[D]) Renew(ctx context.Context, log Log, rejected string) (Lease, []D, error) {
	f, current := s.join(ctx, log, rejected)
	if f == nil {
		return Lease{Token: current}, nil, nil
	}
	if err := f.Wait(ctx); err != nil {
		return Lease{}, nil, f.Job.unfinished(err)
	}
	var drift []D
	if f.Claim() {
		drift = f.Job.drift
	}
	return f.Job.lease, drift, f.Job.err
}

// Waiting returns how many operations wait for a token.
func (s *Session[D]) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renewals.Waiting(s.generation)
}

// join returns the renewal to wait for, or nil and the token that another operation
// was faster to get.
func (s *Session[D]) join(ctx context.Context, log Log, rejected string) (*flight.Flight[uint64, *renewal[D]], string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current := s.current(); current != "" && current != rejected {
		return nil, current
	}
	if s.dead != nil { // an operation may come late with the token before it
		rejected = s.dead()
	}
	f, _ := s.renewals.Join(ctx, s.generation, func() *renewal[D] { // no error, with Forget
		s.latest = &renewal[D]{session: s, log: log, generation: s.generation, account: s.account, creds: s.creds, isForeign: s.isForeign, rejected: rejected}
		return s.latest
	})
	return f, ""
}

// What a renewal is waiting for.
const (
	forStore int32 = iota
	forSource
	forLogin
)

// A renewal gets a token for all operations that wait for one. It belongs to none
// of them.
type renewal[D any] struct {
	session    *Session[D]
	log        Log // of the operation that came first
	generation uint64
	account    Account
	creds      Credentials
	isForeign  bool
	rejected   string

	waits atomic.Int32
	asked bool // the source, and it answered

	lease Lease
	drift []D
	err   error
}

// Run gets the token.
func (r *renewal[D]) Run(ctx context.Context) {
	r.lease, r.err = r.get(ctx)
	r.session.finish(r)
}

// unfinished returns the error of an operation that waited for the renewal in vain:
// err, with what it waited for.
func (r *renewal[D]) unfinished(err error) error {
	switch r.waits.Load() {
	case forLogin:
		return &LoginError{err}
	case forSource:
		return &SourceError{err}
	}
	return &StoreError{err}
}

// finish makes the outcome of a renewal the session's, unless a Login or another
// renewal has overtaken it.
func (s *Session[D]) finish(r *renewal[D]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest != r {
		return
	}
	s.latest = nil
	s.generation++ // who comes next does not join what has ended
	if r.asked {
		s.creds, s.isForeign = r.creds, false
	}
	if r.account != s.account { // the source names another: nothing of the one before is used
		s.account, s.dead = r.account, nil
		s.setToken("")
	}
	switch {
	case r.err == nil:
		s.setToken(r.lease.Token)
		s.dead = nil
	case isRefusal(r.err, s.config.IsFinal) && r.rejected != "":
		// Requests with this token would only be rejected again before they meet the refusal.
		s.dead = func() string { return r.rejected }
		s.setToken("")
	}
}

// isRefusal reports whether err is a login's, now or before.
func isRefusal(err error, isFinal func(error) bool) bool {
	switch e := err.(type) { //nolint:errorlint // as get returns it
	case *PausedError:
		return true
	case *LoginError:
		return isFinal(e.Err)
	}
	return false
}

// get gets a token other than the rejected one from the store, or from the server
// by way of the store.
func (r *renewal[D]) get(ctx context.Context) (Lease, error) {
	looked := r.account.Email != "" && (r.rejected == "" || !r.creds.known() || r.creds.isSource)
	if looked { // else the store looks as it replaces
		if lease, err := r.load(ctx); err != nil || lease.Token != "" {
			return lease, err
		}
	}
	if !r.creds.known() {
		return Lease{}, ErrNoToken
	}
	p, err := r.ask(ctx)
	if err != nil {
		return Lease{}, err
	}
	if !r.creds.known() {
		return Lease{}, ErrNoToken
	}
	refusal := r.session.paused(p)
	if account := (Account{r.account.BaseURL, p.email()}); account != r.account || refusal != nil && !looked {
		r.account = account
		if lease, err := r.load(ctx); lease.Token != "" || err != nil && refusal == nil {
			return lease, err
		}
	}
	if refusal != nil {
		return Lease{}, refusal
	}
	return r.replace(ctx, p)
}

// load returns the store's token, an empty one if there is none other than the
// rejected.
func (r *renewal[D]) load(ctx context.Context) (Lease, error) {
	token, err := r.session.config.Store.Load(ctx, r.account)
	if err != nil {
		return Lease{}, storeError(err, token, r.rejected)
	}
	if token == "" || token == r.rejected {
		return Lease{}, nil
	}
	token, err = checkStored(token)
	return Lease{Token: token}, err
}

// ask returns what to log in with. If the source names another account than a Login
// before it did, its credentials are dropped.
func (r *renewal[D]) ask(ctx context.Context) (pair, error) {
	r.waits.Store(forSource)
	defer r.waits.Store(forStore)
	p, err := r.creds.get(ctx)
	if err != nil {
		return nil, err
	}
	r.asked = true
	if r.isForeign && p.email() != r.account.Email {
		r.creds = Credentials{}
	}
	return p, nil
}

// replace has the store replace the rejected token, by a login unless another
// program has made one.
func (r *renewal[D]) replace(ctx context.Context, p pair) (Lease, error) {
	var fresh string
	var refused error
	token, err := r.session.config.Store.Replace(ctx, r.account, r.rejected, func(ctx context.Context) (string, error) {
		r.waits.Store(forLogin)
		defer r.waits.Store(forStore)
		email, password := p()
		fresh, r.drift, refused = r.session.config.Login(ctx, email, password)
		return fresh, refused
	})
	if refused != nil {
		if r.session.config.IsFinal(refused) {
			r.session.refused(r.generation, p, refused)
		}
		return Lease{}, &LoginError{refused}
	}
	if fresh != "" {
		r.session.accepted()
		r.log.LoggedIn(ctx, r.why())
		r.session.stored(ctx, r.log, redacted(err, fresh, r.rejected), true)
	}
	switch {
	case fresh != "" && err != nil: // the store could not keep it; the session can
		return Lease{fresh, true}, nil
	case err != nil:
		return Lease{}, storeError(err, token, r.rejected, p.password())
	}
	token, err = checkStored(token)
	return Lease{token, token == fresh}, err
}

func (r *renewal[D]) why() string {
	if r.rejected == "" {
		return "no token yet"
	}
	return "the token was refused"
}

// checkStored checks a token that a store returned, which may be of anybody's
// making.
func checkStored(text string) (string, error) {
	if text == "" {
		return "", &StoreError{errors.New("it gave no token")}
	}
	token, ok := NormalizeToken(text)
	switch {
	case !ok:
		return "", &StoreError{errors.New("it gave a token that no header can carry")}
	case len(token) > MaxToken:
		return "", &StoreError{fmt.Errorf("it gave a token of %d bytes; want at most %d", len(token), MaxToken)}
	}
	return token, nil
}
