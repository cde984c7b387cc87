package main

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
)

// errTokenStore matches the errors of the token store. A call that fails with one
// was not sent: callers should not read that PMP Smart failed.
var errTokenStore = errors.New("token store")

// A markedStore makes the errors of a token store match errTokenStore. The client
// itself keeps those of a login that the store calls.
type markedStore struct{ pmpsmart.TokenStore }

// Load returns the stored token.
func (s markedStore) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	t, err := s.TokenStore.Load(ctx, a)
	return t, mark(err)
}

// Replace stores the token that login returns in place of stale.
func (s markedStore) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	t, err := s.TokenStore.Replace(ctx, a, stale, login)
	return t, mark(err)
}

// A marked error matches errTokenStore and is otherwise the error it wraps.
type marked struct{ error }

func mark(err error) error {
	if err == nil {
		return nil
	}
	return marked{err}
}

func (m marked) Unwrap() error { return m.error }

func (m marked) Is(target error) bool { return target == errTokenStore }
