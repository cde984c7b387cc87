package pmpsmart

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// Account says whose token a store keeps. Two programs share a token where both
// fields are the same.
type Account struct {
	BaseURL string // the server's, as far as the "v1", without a slash at its end
	Email   string // what the account logs in with
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
	// login. With no token kept it always calls login, whatever stale is.
	Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error)
	// Delete forgets t, but only if t is still the one kept.
	Delete(ctx context.Context, a Account, t Token) error
}

// NewMemoryTokenStore makes a store for the clients of one process. It is the
// default, one for each client.
func NewMemoryTokenStore() TokenStore {
	return &memoryStore{tokens: make(map[Account]Token)}
}

type memoryStore struct {
	turns  turns
	mu     sync.Mutex
	tokens map[Account]Token
}

// Format names the store and none of its tokens.
func (s *memoryStore) Format(f fmt.State, _ rune) { fmt.Fprint(f, "pmpsmart.MemoryTokenStore") }

func (s *memoryStore) get(a Account) Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[a]
}

func (s *memoryStore) Load(ctx context.Context, a Account) (Token, error) {
	return s.get(a), ctx.Err()
}

func (s *memoryStore) Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error) {
	done, err := s.turns.take(ctx, a)
	if err != nil {
		return "", err
	}
	defer done()
	if t := s.get(a); t != "" && t != stale {
		return t, nil
	}
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[a] = t
	return t, nil
}

func (s *memoryStore) Delete(ctx context.Context, a Account, t Token) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens[a] == t {
		delete(s.tokens, a)
	}
	return ctx.Err()
}

// turns let the callers of one process take turns at an account.
type turns struct {
	mu sync.Mutex
	at map[Account]chan struct{} // holds one value while it is somebody's turn
}

// take waits for the caller's turn, which lasts until done is called.
func (t *turns) take(ctx context.Context, a Account) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	turn := t.at[a]
	if turn == nil {
		if t.at == nil {
			t.at = make(map[Account]chan struct{})
		}
		turn = make(chan struct{}, 1)
		t.at[a] = turn
	}
	t.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A sessionStore is a TokenStore as the client's session uses it.
type sessionStore struct{ store TokenStore }

func (s sessionStore) Load(ctx context.Context, a session.Account) (string, error) {
	t, err := s.store.Load(ctx, Account(a))
	return string(t), err
}

func (s sessionStore) Replace(ctx context.Context, a session.Account, stale string, login func(context.Context) (string, error)) (string, error) {
	t, err := s.store.Replace(ctx, Account(a), Token(stale), func(ctx context.Context) (Token, error) {
		t, err := login(ctx)
		return Token(t), err
	})
	return string(t), err
}

func (s sessionStore) Delete(ctx context.Context, a session.Account, token string) error {
	return s.store.Delete(ctx, Account(a), Token(token))
}

// Token is a bearer token. It prints as [redacted] in fmt, slog and JSON;
// string(t) is its value. (fmt can't be kept from printing the value under the
// verbs %w and %p, which go vet reports as mistakes.)
type Token string

// Format prints [redacted], or nothing for an empty token, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// String gives [redacted], or "" for an empty token.
func (t Token) String() string {
	if t == "" {
		return ""
	}
	return redact.Mark
}

// GoString gives what String gives.
func (t Token) GoString() string { return t.String() }

// LogValue gives what String gives.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes what String gives.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// MarshalText writes what String gives.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
