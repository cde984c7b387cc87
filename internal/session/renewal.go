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
func (s *Session[D]) Renew(ctx context.Context, began Mark, log Log, rejected string) (Lease, []D, error) {
	f, lease, err := s.join(ctx, began, log, rejected)
	if f == nil {
		return lease, nil, err
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

// join returns the renewal to wait for, or nil and what is known without one.
func (s *Session[D]) join(ctx context.Context, began Mark, log Log, rejected string) (*flight.Flight[uint64, *renewal[D]], Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.current() != "" && s.current() != rejected:
		return nil, Lease{Token: s.current()}, nil // another operation was faster
	case s.refusal != nil && Mark(s.refusals) > began:
		return nil, Lease{}, s.refusal // while this one was under way: asking again is no use
	}
	f, err := s.renewals.Join(ctx, s.generation, func() *renewal[D] {
		s.latest = &renewal[D]{session: s, log: log, account: s.account, creds: s.creds, rejected: rejected}
		return s.latest
	})
	return f, Lease{}, err
}

// A renewal gets a token for all operations that wait for one. It belongs to none
// of them.
type renewal[D any] struct {
	session  *Session[D]
	log      Log // of the operation that came first
	account  Account
	creds    Credentials
	rejected string

	loggingIn atomic.Bool // the server is asked now, and not the store

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
	if r.loggingIn.Load() {
		return &LoginError{err}
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
	if r.err == nil {
		s.setToken(r.lease.Token)
		s.refusal = nil
		return
	}
	if refused, ok := errors.AsType[*LoginError](r.err); ok && s.config.IsFinal(refused.Err) {
		s.refusal = r.err
		s.refusals++
	}
}

// get gets a token other than the rejected one from the store, or from the server
// by way of the store.
func (r *renewal[D]) get(ctx context.Context) (Lease, error) {
	if r.account.Email == "" {
		return Lease{}, ErrNoToken
	}
	if r.rejected == "" || !r.creds.known() {
		token, err := r.session.config.Store.Load(ctx, r.account)
		if err != nil {
			return Lease{}, r.storeError(err, token)
		}
		if token != "" && token != r.rejected {
			token, err = checkStored(token)
			return Lease{Token: token}, err
		}
	}
	if !r.creds.known() {
		return Lease{}, ErrNoToken
	}
	return r.replace(ctx)
}

// replace has the store replace the rejected token, by a login unless another
// program has made one.
func (r *renewal[D]) replace(ctx context.Context) (Lease, error) {
	var fresh string
	var refused error
	token, err := r.session.config.Store.Replace(ctx, r.account, r.rejected, func(ctx context.Context) (string, error) {
		r.loggingIn.Store(true)
		defer r.loggingIn.Store(false)
		email, password := r.creds.get()
		fresh, r.drift, refused = r.session.config.Login(ctx, email, password)
		return fresh, refused
	})
	if refused != nil {
		return Lease{}, &LoginError{refused}
	}
	if fresh != "" {
		r.log.LoggedIn(ctx, r.why())
		r.session.stored(ctx, r.log, redacted(err, fresh, r.rejected), true)
	}
	switch {
	case fresh != "" && err != nil: // the store could not keep it; the session can
		return Lease{fresh, true}, nil
	case err != nil:
		return Lease{}, r.storeError(err, token)
	}
	token, err = checkStored(token)
	return Lease{token, token == fresh}, err
}

func (r *renewal[D]) storeError(err error, token string) *StoreError {
	var password string
	if r.creds.known() {
		_, password = r.creds.get()
	}
	return storeError(err, token, r.rejected, password)
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
