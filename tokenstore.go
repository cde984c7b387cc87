package pmpsmart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
	"github.com/pmpsmart/pmpsmart-go/internal/keymutex"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// Token is a bearer token. It prints as [redacted] in fmt, slog and JSON;
// string(t) is its value. (Some things can't be kept from printing the value: the
// verbs %w and %p of fmt, which go vet reports as mistakes, encoding/json where a
// Token is the key of a map, and what prints by reflection.)
type Token string

// Format prints [redacted], or nothing for an empty token, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// String returns [redacted], or "" for an empty token.
func (t Token) String() string {
	if t == "" {
		return ""
	}
	return redact.Mark
}

// GoString returns what String returns.
func (t Token) GoString() string { return t.String() }

// LogValue returns what String returns.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON returns what String returns.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// MarshalText returns what String returns.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// Account says whose token a store keeps. Two programs share a token if both fields
// are the same.
type Account struct {
	BaseURL string // the server's, as far as the "v1", without a slash at its end; the host in lower case, without a default port
	Email   string // what the account logs in with, without white space around it
}

// A TokenStore keeps the tokens that clients share. Where the server keeps one
// token an account, a login ends the token of every other program: programs that
// share an account need to share a store. A store is safe for concurrent use.
type TokenStore interface {
	// Load returns the account's token, "" if none is stored.
	Load(ctx context.Context, a Account) (Token, error)
	// Replace stores the token that login returns in place of stale, unless
	// another caller has stored another one meanwhile: then it returns that one
	// and does not call login. Callers with the same stale token share one
	// login. If no token is stored it always calls login, whatever stale is.
	Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error)
	// Delete removes t, but only if t is still the one stored.
	Delete(ctx context.Context, a Account, t Token) error
}

// NewMemoryTokenStore returns a store for the clients of one process. It is the
// default, one for each client.
func NewMemoryTokenStore() TokenStore {
	return &memoryStore{tokens: make(map[Account]func() Token)}
}

type memoryStore struct {
	logins keymutex.Mutex[Account]
	mu     sync.Mutex
	tokens map[Account]func() Token // in funcs, which nothing that prints by reflection follows
}

// Format names the store and none of its tokens.
func (s *memoryStore) Format(f fmt.State, _ rune) { fmt.Fprint(f, "pmpsmart.MemoryTokenStore") }

func (s *memoryStore) get(a Account) Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[a]; t != nil {
		return t()
	}
	return ""
}

func (s *memoryStore) Load(ctx context.Context, a Account) (Token, error) {
	return s.get(a), ctx.Err()
}

func (s *memoryStore) Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error) {
	unlock, err := s.logins.Lock(ctx, a)
	if err != nil {
		return "", err
	}
	defer unlock()
	if t := s.get(a); t != "" && t != stale {
		return t, nil
	}
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[a] = func() Token { return t }
	return t, nil
}

func (s *memoryStore) Delete(ctx context.Context, a Account, t Token) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.tokens[a]; kept != nil && kept() == t {
		delete(s.tokens, a)
	}
	return ctx.Err()
}

// NewFileTokenStore returns a store in a folder that the processes of one machine
// share. A folder that is missing is made for its owner alone, one that exists is
// never changed; the files are readable by their owner alone. An account's file is
// named after a hash of its server and email and holds its token, never a password.
// A damaged file counts as none, and the next call logs in.
//
// What another user may have put there is refused, with an error that says why: a
// folder that everybody can write to or that belongs to neither this user nor root,
// a file of another user's or that everybody can write to, a link, a named pipe. On a
// full disk a token is written over the one before it; where none can be written, the
// clients of this store share it in memory.
//
// The folder belongs on a local disk: a lock on a network's is only as good as
// that network's file system.
func NewFileTokenStore(dir string) (TokenStore, error) {
	if dir == "" {
		return nil, &fileStoreError{errors.New("no folder is named")}
	}
	d, err := filestore.Open(dir)
	if err != nil {
		return nil, &fileStoreError{err}
	}
	return &fileStore{d}, nil
}

type fileStore struct{ dir *filestore.Dir }

// Format names the store and its folder.
func (s *fileStore) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "pmpsmart.FileTokenStore(%s)", s.dir.Path())
}

// A fileStoreError is one of the file system's, which names the file.
type fileStoreError struct{ err error }

func (e *fileStoreError) Error() string { return "pmpsmart: file token store: " + e.err.Error() }
func (e *fileStoreError) text() string  { return e.err.Error() }
func (e *fileStoreError) Unwrap() error { return e.err }

// fileError returns err as the store's, unless it is that of the context.
func fileError(ctx context.Context, err error) error {
	if err == nil || err == ctx.Err() { //nolint:errorlint // as the lock returned it
		return err
	}
	return &fileStoreError{err}
}

func (s *fileStore) Load(ctx context.Context, a Account) (Token, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return s.read(a)
}

func (s *fileStore) Replace(ctx context.Context, a Account, stale Token, login func(context.Context) (Token, error)) (Token, error) {
	unlock, err := s.dir.Lock(ctx, fileName(a))
	if err != nil {
		return "", fileError(ctx, err)
	}
	defer unlock()
	if t, err := s.read(a); err != nil || t != "" && t != stale {
		return t, err
	}
	t, err := login(ctx)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(tokenFile{string(t)})
	if err == nil {
		err = s.dir.Write(fileName(a), body)
	}
	if err != nil {
		return "", &fileStoreError{err}
	}
	return t, nil
}

func (s *fileStore) Delete(ctx context.Context, a Account, t Token) error {
	unlock, err := s.dir.Lock(ctx, fileName(a))
	if err != nil {
		return fileError(ctx, err)
	}
	defer unlock()
	if kept, err := s.read(a); err != nil || kept != t {
		return err
	}
	if err := s.dir.Remove(fileName(a)); err != nil {
		return &fileStoreError{err}
	}
	return nil
}

// fileName returns the name of an account's file.
func fileName(a Account) string {
	name := sha256.Sum256([]byte(a.BaseURL + "\x00" + a.Email))
	return hex.EncodeToString(name[:])
}

// A tokenFile is what an account's file holds.
type tokenFile struct {
	Token string `json:"token"`
}

// read returns the stored token, "" if there is no file or if it is damaged.
func (s *fileStore) read(a Account) (Token, error) {
	const limit = 64 << 10 // no token is that long
	body, err := s.dir.Read(fileName(a), limit)
	if err != nil {
		return "", &fileStoreError{err}
	}
	var kept tokenFile
	if json.Unmarshal(body, &kept) != nil {
		return "", nil
	}
	t, ok := session.NormalizeToken(kept.Token)
	if !ok {
		return "", nil
	}
	return Token(t), nil
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
