package pmpsmart

import (
	"context"
	"fmt"
	"sync"
)

// Account says whose token a store keeps.
type Account struct {
	BaseURL string // of the server
	Email   string // of the account
}

// A TokenStore keeps the tokens that clients share. Where the server keeps one
// token an account, a login ends the token of every other program: programs that
// share an account need to share a store. A store is safe for concurrent use.
type TokenStore interface {
	// Load gives the account's token, "" where none is kept.
	Load(ctx context.Context, a Account) (Token, error)
	// Replace keeps what login returns in place of stale, unless another
	// caller already has put another token there: then it returns that one
	// and login is not called. Callers with the same stale token share one
	// login. With nothing kept it calls login, whatever stale is.
	Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error)
	// Delete forgets t, but only if t is still the one kept.
	Delete(ctx context.Context, a Account, t Token) error
}

// NewMemoryTokenStore makes a store for the clients of one process. It is the
// default, one for each client.
func NewMemoryTokenStore() TokenStore {
	return &memoryStore{accounts: make(map[Account]*keptToken)}
}

type memoryStore struct {
	mu       sync.Mutex
	accounts map[Account]*keptToken
}

// A keptToken is one account's token and the right to replace it.
type keptToken struct {
	replacing chan struct{} // holds one value while somebody logs in
	token     Token         // under the store's mu
}

// Format names the store and none of its tokens.
func (s *memoryStore) Format(f fmt.State, _ rune) { fmt.Fprint(f, "pmpsmart.MemoryTokenStore") }

func (s *memoryStore) account(a Account) *keptToken {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.accounts[a]
	if k == nil {
		k = &keptToken{replacing: make(chan struct{}, 1)}
		s.accounts[a] = k
	}
	return k
}

func (s *memoryStore) get(k *keptToken) Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return k.token
}

func (s *memoryStore) Load(ctx context.Context, a Account) (Token, error) {
	return s.get(s.account(a)), ctx.Err()
}

func (s *memoryStore) Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error) {
	k := s.account(a)
	select {
	case k.replacing <- struct{}{}:
		defer func() { <-k.replacing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if t := s.get(k); t != "" && t != stale {
		return t, nil
	}
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k.token = t
	return t, nil
}

func (s *memoryStore) Delete(ctx context.Context, a Account, t Token) error {
	k := s.account(a)
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.token == t {
		k.token = ""
	}
	return ctx.Err()
}
