package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

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

	mu       sync.Mutex
	account  Account
	creds    credentials
	current  Token    // the token in use, "" where none is known
	renewal  *renewal // under way
	refusals uint64   // how many logins were refused
	refusal  error    // of the last of them, nil once another login succeeded
}

func newSession(c *Client) *session {
	s := &session{client: c, store: c.store, account: Account{BaseURL: c.baseURL}, creds: c.account, current: c.token}
	if s.creds.p != nil {
		s.account.Email = s.creds.p.email
	}
	return s
}

// refusalCount is how many logins were refused so far: of a call's own time are
// those after them.
func (s *session) refusalCount() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusals
}

// errNoToken is the error of a call that has no token and no way to one.
var errNoToken = fmt.Errorf("not sent, %w: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv", ErrUnauthorized)

// A loginError is a call that was not sent, since there was no token to send it
// with.
type loginError struct {
	what string // "login" or "token store"
	err  error
}

func (e *loginError) Error() string { return e.what + ": " + textOf(e.err) }
func (e *loginError) Unwrap() error { return e.err }

func storeError(err error) error { return &loginError{"token store", err} }

// refusedLogin is the error of a call whose login ended in err.
func refusedLogin(err error) error {
	if refusal, ok := err.(*APIError); ok && isFinal(refusal.status()) { //nolint:errorlint // as the login gave it
		err = loginRefusal{refusal}
	}
	return &loginError{"login", err}
}

// isFinal tells a status that another try would meet again.
func isFinal(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return status < 500
}

// A loginRefusal is a login's refusal as the call's own error: the account may
// not do the call, whatever the status; and a 404 says nothing of what the call
// looked for.
type loginRefusal struct{ *APIError }

func (e loginRefusal) Is(target error) bool {
	return target == ErrUnauthorized || target != ErrNotFound && e.APIError.Is(target)
}

// As gives the *APIError.
func (e loginRefusal) As(target any) bool {
	to, ok := target.(**APIError)
	if ok {
		*to = e.APIError
	}
	return ok
}

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

// login replaces the session by that of an account which the caller names. The
// server is always asked: where another program puts its token there in between,
// the next turn is taken.
func (s *session) login(ctx context.Context, email string, login func(context.Context) (*Session, error)) (*Session, error) {
	account := Account{BaseURL: s.client.baseURL, Email: email}
	for {
		kept, err := s.store.Load(ctx, account)
		if err != nil {
			return nil, storeError(err)
		}
		var got *Session
		var refused error
		t, err := s.store.Replace(ctx, account, kept, func(ctx context.Context) (Token, error) {
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
				callLog{s.client.logger, loginEndpoint}.storeFailed(ctx, err)
			}
			s.become(account, got.Token)
			return got, nil
		case err != nil:
			return nil, storeError(err)
		case t == kept:
			return nil, storeError(errors.New("it neither asked for a login nor gave another token"))
		}
	}
}

// become makes the account the client's.
func (s *session) become(a Account, t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.creds.p != nil && s.creds.p.email != a.Email {
		s.creds = credentials{}
	}
	s.account, s.current = a, t
	s.renewal, s.refusal = nil, nil // were of what was before
}

// forgetPatience bounds how long a logout waits for its store.
const forgetPatience = 5 * time.Second

// forget drops the token, even for a caller that gave up already, and gives it;
// "" where there is none to log out.
func (s *session) forget(ctx context.Context) (Token, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetPatience)
	defer cancel()
	s.mu.Lock()
	token, account, creds := s.current, s.account, s.creds
	s.current = ""
	s.mu.Unlock()
	if token == "" && account.Email != "" {
		kept, err := s.store.Load(ctx, account)
		if err != nil {
			return "", storeError(err)
		}
		token = kept
	}
	switch {
	case token == "" && creds.p == nil:
		return "", errNoToken
	case token == "" || account.Email == "":
		return token, nil
	}
	if err := s.store.Delete(ctx, account, token); err != nil {
		callLog{s.client.logger, logoutEndpoint}.storeFailed(ctx, err)
	}
	return token, nil
}
