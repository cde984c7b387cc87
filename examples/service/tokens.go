package main

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
)

// errTokenStore is what trouble with the store of tokens matches. A call that ends
// in it was not sent: callers should not be told that PMP Smart failed.
var errTokenStore = errors.New("token store")

// A markedStore marks a store's own errors. Those of a login that it makes are
// the library's before they get here.
type markedStore struct{ pmpsmart.TokenStore }

// Load gives the token that is kept.
func (s markedStore) Load(ctx context.Context, a pmpsmart.Account) (pmpsmart.Token, error) {
	t, err := s.TokenStore.Load(ctx, a)
	return t, mark(err)
}

// Replace keeps the token of a login.
func (s markedStore) Replace(ctx context.Context, a pmpsmart.Account, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
	t, err := s.TokenStore.Replace(ctx, a, stale, login)
	return t, mark(err)
}

// A marked error says what it said, and is errTokenStore too.
type marked struct{ error }

func mark(err error) error {
	if err == nil {
		return nil
	}
	return marked{err}
}

func (m marked) Unwrap() error { return m.error }

func (m marked) Is(target error) bool { return target == errTokenStore }
