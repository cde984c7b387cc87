package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// maxRenewals bounds how often one request is sent again with another token:
// the store's may be dead as well, that of a login made for the call is the last.
const maxRenewals = 2

// A held token is one that an attempt carries.
type held struct {
	Token
	fresh bool // from a login made for this call
}

// credentials are what a client logs in with. They stand behind a pointer, which
// fmt prints as an address wherever it meets them.
type credentials struct {
	p *struct{ email, password string }
}

func newCredentials(email, password string) credentials {
	return credentials{&struct{ email, password string }{email, password}}
}

// A session is a client's token: the one that its calls carry, and how to get
// another when it is dead. The store is asked only then, so that calls go on
// while it is away.
type session struct {
	client *Client
	store  TokenStore

	mu      sync.Mutex
	account Account
	creds   credentials
	current Token    // the token in use, "" where none is known
	renewal *renewal // under way
	events  uint64   // counts the logins that were refused
	refusal error    // of the last such login
}

// A renewal is one way to the store, and to the server if need be, that all
// calls share which met the same dead token.
type renewal struct {
	stale   Token
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // under the session's mu

	token held
	err   error
}

func newSession(c *Client) *session {
	s := &session{client: c, store: c.store, account: Account{BaseURL: c.baseURL}, creds: c.account, current: c.token}
	if s.creds.p != nil {
		s.account.Email = s.creds.p.email
	}
	return s
}

// now is the state that a call began in.
func (s *session) now() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events
}

// errNoToken is the error of a call that has no token and no way to one.
var errNoToken = fmt.Errorf("not sent, %w: no token and no credentials; use WithCredentials, WithToken or Login", ErrUnauthorized)

// A loginError is a call that was not sent, since there was no token to send it
// with.
type loginError struct {
	what string // "login" or "token store"
	err  error
}

func (e *loginError) Error() string { return e.what + ": " + textOf(e.err) }
func (e *loginError) Unwrap() error { return e.err }

// isUnsent reports whether err came before the call itself was sent.
func isUnsent(err error) bool {
	var before *loginError
	return errors.As(err, &before) || errors.Is(err, errNoToken)
}

// token gives the token for an attempt of k.
func (s *session) token(ctx context.Context, k *call) (held, error) {
	s.mu.Lock()
	token := s.current
	s.mu.Unlock()
	if token != "" {
		return held{Token: token}, nil
	}
	return s.renew(ctx, k, "")
}

// renew gives a token other than stale. Calls that meet the same dead token
// share one renewal; one that gives up waiting leaves it to the others.
func (s *session) renew(ctx context.Context, k *call, stale Token) (held, error) {
	s.mu.Lock()
	if s.current != "" && s.current != stale {
		defer s.mu.Unlock()
		return held{Token: s.current}, nil // another call was faster
	}
	if s.events > k.since {
		defer s.mu.Unlock()
		return held{}, s.refusal // refused while this call was under way: asking again is no use
	}
	r := s.renewal
	if r == nil {
		r = s.start(ctx, k, stale)
	}
	r.waiting++
	s.mu.Unlock()
	select {
	case <-r.done:
		return r.token, r.err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.waiting--; r.waiting == 0 {
			r.cancel()
		}
		return held{}, &loginError{"login", ctx.Err()}
	}
}

// start begins a renewal. It belongs to no single call: it ends when it is done
// or when nobody waits any more.
func (s *session) start(ctx context.Context, k *call, stale Token) *renewal {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &renewal{stale: stale, done: make(chan struct{}), cancel: cancel}
	s.renewal = r
	account, creds := s.account, s.creds
	go func() {
		defer cancel()
		token, err := s.fetch(ctx, k, account, creds, stale)
		s.mu.Lock()
		defer s.mu.Unlock()
		defer close(r.done)
		s.renewal = nil
		r.token, r.err = token, err
		if err == nil && s.account == account {
			s.current = token.Token
		}
		var refused *APIError
		if errors.As(err, &refused) {
			s.events++
			s.refusal = err
		}
	}()
	return r
}

// fetch gets a token other than stale from the store, or from the server by way
// of the store.
func (s *session) fetch(ctx context.Context, k *call, a Account, creds credentials, stale Token) (held, error) {
	if a.Email == "" {
		return held{}, errNoToken
	}
	if stale == "" || creds.p == nil {
		t, err := s.store.Load(ctx, a)
		if err != nil {
			return held{}, &loginError{"token store", err}
		}
		if t != "" && t != stale {
			return held{Token: t}, nil
		}
	}
	if creds.p == nil {
		return held{}, errNoToken
	}
	var fresh held
	var refused error
	t, err := s.store.Replace(ctx, a, stale, func(ctx context.Context) (Token, error) {
		fresh.Token, refused = s.client.loginFor(ctx, creds.p.email, creds.p.password)
		fresh.fresh = refused == nil
		return fresh.Token, refused
	})
	switch {
	case refused != nil:
		return held{}, &loginError{"login", refused}
	case fresh.fresh:
		k.log.loggedIn(ctx, reason(stale))
		if err != nil { // the store could not keep it; the client can
			k.log.storeFailed(ctx, err)
		}
		return fresh, nil
	case err != nil:
		return held{}, &loginError{"token store", err}
	}
	return held{Token: t}, nil
}

func reason(stale Token) string {
	if stale == "" {
		return "no token yet"
	}
	return "the token was refused"
}

// renewals counts how often an exchange took another token.
type renewals struct{ n int }

// renew follows a 401: it gives the token for the next attempt, or the error
// that the call ends with.
func (c *Client) renew(ctx context.Context, k *call, r *reply, done *renewals, refused error) (held, error) {
	if r == nil || r.token.fresh || done.n == maxRenewals {
		return held{}, refused
	}
	done.n++
	next, err := c.session.renew(ctx, k, r.token.Token)
	if errors.Is(err, errNoToken) {
		return held{}, hinted(refused, "the token was refused and there are no credentials to log in again with")
	}
	return next, err
}

func hinted(err error, hint string) error {
	var refusal *APIError
	if errors.As(err, &refusal) {
		refusal.hint = hint
	}
	return err
}

// login replaces the session by that of an account which the caller names. The
// server is always asked.
func (s *session) login(ctx context.Context, email string, login func(context.Context) (*Session, error)) (*Session, error) {
	account := Account{BaseURL: s.client.baseURL, Email: email}
	var got *Session
	var refused error
	const tries = 16 // each lost to another program that put its token there
	for range tries {
		kept, err := s.store.Load(ctx, account)
		if err != nil {
			return nil, &loginError{"token store", err}
		}
		_, err = s.store.Replace(ctx, account, kept, func(ctx context.Context) (Token, error) {
			if got, refused = login(ctx); refused != nil {
				return "", refused
			}
			return got.Token, nil
		})
		switch {
		case refused != nil:
			return nil, refused
		case got != nil:
			if err != nil {
				callLog{s.client.logger, endpoints.login}.storeFailed(ctx, err)
			}
			s.become(account, got.Token)
			return got, nil
		case err != nil:
			return nil, &loginError{"token store", err}
		}
	}
	return nil, &loginError{"token store", errors.New("other programs kept logging in to this account")}
}

// become makes the account the client's.
func (s *session) become(a Account, t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.creds.p != nil && s.creds.p.email != a.Email {
		s.creds = credentials{}
	}
	s.account, s.current = a, t
}

// forget drops the token and gives it, "" where there is none to log out.
func (s *session) forget(ctx context.Context) (Token, error) {
	s.mu.Lock()
	token, account, creds := s.current, s.account, s.creds
	s.current = ""
	s.mu.Unlock()
	if account.Email == "" {
		if token == "" {
			return "", errNoToken
		}
		return token, nil
	}
	if token == "" {
		kept, err := s.store.Load(ctx, account)
		if err != nil {
			return "", &loginError{"token store", err}
		}
		if kept == "" && creds.p == nil {
			return "", errNoToken
		}
		token = kept
	}
	if token == "" {
		return "", nil
	}
	// The token is forgotten even when the caller gave up already.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.store.Delete(ctx, account, token); err != nil {
		callLog{s.client.logger, endpoints.logout}.storeFailed(ctx, err)
	}
	return token, nil
}
