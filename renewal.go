package pmpsmart

import (
	"context"
	"errors"
)

// maxRenewals bounds how often one request is sent again with another token:
// the store's may be dead as well, that of a login made for the call is the last.
const maxRenewals = 2

// renew follows a 401: it gives the token for the next attempt, or the error
// that the call ends with. renewals counts those of the request.
func (c *Client) renew(ctx context.Context, k *call, r *reply, renewals *int, refused error) (held, error) {
	switch {
	case r == nil:
		return held{}, refused
	case r.token.fresh || *renewals == maxRenewals:
		return held{}, hinted(refused, "a token fresh from a login was refused: where an account has one token, another program's login ends it, and programs that share an account need to share a TokenStore")
	}
	*renewals++
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

// A renewal is one way to the store, and to the server if need be, that all
// calls share which met the same dead token.
type renewal struct {
	shared  *sharedContext
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // under the session's mu

	token  held
	err    error
	drifts []Drift // of the login, until a caller tells of them; under the session's mu
}

// renew gives a token other than stale. Calls that meet the same dead token
// share one renewal; one that gives up waiting leaves it to the others.
func (s *session) renew(ctx context.Context, k *call, stale Token) (held, error) {
	r, token, err := s.join(ctx, k, stale)
	if r == nil {
		return token, err
	}
	select {
	case <-r.done:
		k.note(s.takeDrifts(r)...)
		return r.token, r.err
	case <-ctx.Done():
		s.leave(r)
		return held{}, &loginError{"login", ctx.Err()}
	}
}

// join gives the renewal to wait for, or nil with what is known without one.
func (s *session) join(ctx context.Context, k *call, stale Token) (*renewal, held, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.current != "" && s.current != stale:
		return nil, held{Token: s.current}, nil // another call was faster
	case s.refusal != nil && s.refusals > k.refusalsAtStart:
		return nil, held{}, s.refusal // refused while this call was under way: asking again is no use
	case s.renewal == nil:
		s.start(ctx, k.log, stale)
	}
	s.renewal.waiting++
	s.renewal.shared.joined(ctx)
	return s.renewal, held{}, nil
}

// takeDrifts gives what the login met that nobody expects, to the first caller who
// asks: it is told once, in a caller's goroutine.
func (s *session) takeDrifts(r *renewal) []Drift {
	s.mu.Lock()
	defer s.mu.Unlock()
	drifts := r.drifts
	r.drifts = nil
	return drifts
}

// leave ends the renewal when nobody waits for it any more. Whoever comes next
// starts another.
func (s *session) leave(r *renewal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.waiting--; r.waiting > 0 {
		return
	}
	r.cancel()
	if s.renewal == r {
		s.renewal = nil
	}
}

// start begins a renewal, which belongs to no single call. The session's mu is
// held.
func (s *session) start(caller context.Context, log callLog, stale Token) {
	shared, ctx, cancel := share(caller)
	r := &renewal{shared: shared, done: make(chan struct{}), cancel: cancel}
	s.renewal = r
	account, creds := s.account, s.creds
	go func() {
		defer cancel()
		r.token, r.drifts, r.err = s.fetch(ctx, log, account, creds, stale)
		s.finish(r)
		close(r.done)
	}()
}

// finish makes what a renewal came to the session's, unless everybody gave it up
// or a Login overtook it.
func (s *session) finish(r *renewal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.renewal != r {
		return
	}
	s.renewal = nil
	var refused *APIError
	switch {
	case r.err == nil:
		s.current, s.refusal = r.token.Token, nil
	case errors.As(r.err, &refused) && isFinal(refused.status()):
		s.refusal = r.err
		s.refusals++
	}
}

// fetch gets a token other than stale from the store, or from the server by way
// of the store.
func (s *session) fetch(ctx context.Context, log callLog, a Account, creds credentials, stale Token) (held, []Drift, error) {
	if a.Email == "" {
		return held{}, nil, errNoToken
	}
	if stale == "" || creds.p == nil {
		t, err := s.store.Load(ctx, a)
		if err != nil {
			return held{}, nil, storeError(err)
		}
		if t != "" && t != stale {
			t, err := ofStore(t)
			return held{Token: t}, nil, err
		}
	}
	if creds.p == nil {
		return held{}, nil, errNoToken
	}
	var fresh Token
	var drifts []Drift
	var refused error
	t, err := s.store.Replace(ctx, a, stale, func(ctx context.Context) (Token, error) {
		fresh, drifts, refused = s.client.loginFor(ctx, creds.p.email, creds.p.password)
		return fresh, refused
	})
	if refused != nil {
		return held{}, drifts, refusedLogin(refused)
	}
	if fresh != "" {
		log.loggedIn(ctx, reason(stale))
	}
	switch {
	case fresh != "" && err != nil: // the store could not keep it; the client can
		log.storeFailed(ctx, err)
		return held{fresh, true}, drifts, nil
	case err != nil:
		return held{}, drifts, storeError(err)
	}
	t, err = ofStore(t)
	return held{t, t == fresh}, drifts, err
}

// ofStore checks a token that a store gave, which may be anybody's.
func ofStore(t Token) (Token, error) {
	if t == "" {
		return "", storeError(errors.New("it gave no token"))
	}
	clean, ok := cleanToken(string(t))
	if !ok {
		return "", storeError(errors.New("it gave a token that no header can carry"))
	}
	return clean, nil
}

func reason(stale Token) string {
	if stale == "" {
		return "no token yet"
	}
	return "the token was refused"
}
