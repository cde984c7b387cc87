// Package session holds a client's token: the one that its requests carry, and
// the way to another when the server rejects it, from the store that programs
// share or by a login.
package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/flight"
)

// A Config says what a session is made of. D is what a login may report beside
// its token: drift.
type Config[D any] struct {
	BaseURL     string // of the server, a part of each Account
	Store       Store
	Credentials Credentials // to log in with when a token is needed
	Token       string      // to begin with, "" for none

	// Login asks the server for a token. Its drift is handed to one of the callers
	// that share the login, whether it succeeds or not.
	Login func(ctx context.Context, email, password string) (token string, drift []D, err error)
	// IsFinal reports whether another login would end in the same error.
	IsFinal func(error) bool
	Now     func() time.Time // the clock of a pause; nil for time.Now
}

// A Log is told what a session does for an operation.
type Log interface {
	LoggedIn(ctx context.Context, why string)
	StoreFailed(ctx context.Context, err error)
}

// A Session is the token of a client and what it takes to get another. The store
// is asked only when one is needed, so that requests go on while the store is
// away. It is safe for concurrent use.
type Session[D any] struct {
	config    Config[D]
	renewals  flight.Group[uint64, *renewal[D]] // by generation
	questions flight.Group[struct{}, *question]
	digester  digester

	mu sync.Mutex
	// The account is that of the credentials, if there are any; without an email as
	// long as their source was not asked, unless a Login has named one.
	account    Account
	creds      Credentials
	isForeign  bool          // the account is a Login's, and the source of creds was never asked: it may name another
	current    func() string // the token in use, "" if none is known; in a func as credentials are
	generation uint64        // counts the renewals that ended and the logins that the user made
	latest     *renewal[D]   // of this generation, whose outcome counts; nil if none is under way
	dead       func() string // a token that the server rejected, and no login replaced; nil for none
	pause      pause         // after a login that was refused
	storeFails bool          // the last token from a login could not be stored
	ending     func() string // the token whose end is known; nil for none
	end        time.Time     // when it ends
}

// New returns a session.
func New[D any](c Config[D]) *Session[D] {
	s := &Session[D]{config: c, account: Account{c.BaseURL, c.Credentials.email}, creds: c.Credentials, digester: newDigester()}
	if c.Now == nil {
		s.config.Now = time.Now
	}
	s.setToken(c.Token)
	s.config.Credentials, s.config.Token = Credentials{}, ""
	s.renewals.Forget, s.questions.Forget = true, true // a store may be slow to see that nobody waits for it, and a source too
	return s
}

// Token returns the token for a request, and the drift of the login, if one was made
// and no other caller has it.
func (s *Session[D]) Token(ctx context.Context, log Log) (Lease, []D, error) {
	if token := s.Current(); token != "" {
		return Lease{Token: token}, nil, nil
	}
	return s.Renew(ctx, log, "")
}

// Email returns the email of the session's account, "" for a token alone. It asks a
// source of credentials that alone knows it, though there may be a token already.
func (s *Session[D]) Email(ctx context.Context) (string, error) {
	s.mu.Lock()
	email, creds := s.account.Email, s.creds
	s.mu.Unlock()
	if email == "" && creds.known() {
		return s.askEmail(ctx, creds)
	}
	return email, nil
}

// Current returns the token in use, "" if none is known.
func (s *Session[D]) Current() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current()
}

// setToken sets the token in use. The session's mu is locked.
func (s *Session[D]) setToken(token string) { s.current = func() string { return token } }

// Login makes the account of that email the session's, with the token that login
// returns. It always calls login: if another program puts a token into the store
// in between, it tries again. The error of login is returned as it is, and changes
// nothing. password is what login sends.
func (s *Session[D]) Login(ctx context.Context, log Log, email, password string, login func(context.Context) (string, error)) error {
	account := Account{BaseURL: s.config.BaseURL, Email: email}
	for {
		kept, err := s.config.Store.Load(ctx, account)
		if err != nil {
			return storeError(err, kept)
		}
		var fresh string
		var refused error
		got, err := s.config.Store.Replace(ctx, account, kept, func(ctx context.Context) (string, error) {
			fresh, refused = login(ctx)
			return fresh, refused
		})
		switch {
		case refused != nil:
			return refused
		case fresh != "":
			s.stored(ctx, log, redacted(err, fresh, kept), false)
			s.become(account, password, fresh)
			return nil
		case err != nil:
			return storeError(err, got, kept)
		case got == kept:
			return &StoreError{errors.New("it neither asked for a login nor gave another token")}
		}
	}
}

// stored logs the error of a store that did not take the token from a login. For a
// renewal it does so unless the store failed before: the session's own copy serves,
// and each renewal would say so again.
func (s *Session[D]) stored(ctx context.Context, log Log, err error, isRenewal bool) {
	s.mu.Lock()
	isKnown := s.storeFails && isRenewal
	s.storeFails = err != nil
	s.mu.Unlock()
	if err != nil && !isKnown {
		log.StoreFailed(ctx, err)
	}
}

// become makes the account the session's, after a Login.
func (s *Session[D]) become(a Account, password, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.creds.known():
	case s.account.Email == "", s.isForeign:
		s.isForeign = true // until the source is asked
	case s.account.Email != a.Email:
		s.creds = Credentials{}
	case !s.creds.isSource:
		s.creds = NewCredentials(a.Email, password)
	}
	s.setToken(token)
	s.account, s.dead, s.pause, s.latest = a, nil, pause{}, nil
	s.generation++ // a renewal that is under way was for the account before
}

// logoutStoreTimeout bounds how long a logout waits for the store.
const logoutStoreTimeout = 5 * time.Second

// Forget drops the session's token, also from the store, and returns it, "" if
// there is none to log out. It does so even if ctx has ended. Whose token a store
// keeps may have to be asked of the credentials' source.
func (s *Session[D]) Forget(ctx context.Context, log Log) (token string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logoutStoreTimeout)
	defer cancel()
	s.mu.Lock()
	token, account, creds := s.current(), s.account, s.creds
	s.setToken("")
	s.mu.Unlock()
	if token == "" && account.Email == "" && creds.known() {
		if account.Email, err = s.askEmail(ctx, creds); err != nil {
			return "", err
		}
	}
	if token == "" && account.Email != "" {
		if token, err = s.config.Store.Load(ctx, account); err != nil {
			return "", storeError(err, token)
		}
		if token != "" {
			if token, err = checkStored(token); err != nil {
				return "", err
			}
		}
	}
	switch {
	case token == "" && !creds.known():
		return "", ErrNoToken
	case token == "" || account.Email == "":
		return token, nil
	}
	if err := s.config.Store.Delete(ctx, account, token); err != nil {
		log.StoreFailed(ctx, redacted(err, token))
	}
	return token, nil
}
