package session

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// An Account says whose token a store keeps.
type Account struct{ BaseURL, Email string }

// A Store keeps the tokens that programs share. It mirrors the root's TokenStore,
// whose comments say what each method does.
type Store interface {
	Load(ctx context.Context, a Account) (string, error)
	Replace(ctx context.Context, a Account, stale string, login func(context.Context) (string, error)) (string, error)
	Delete(ctx context.Context, a Account, token string) error
}

// ErrNoToken is returned if there is no token and there are no credentials to log
// in with.
var ErrNoToken = errors.New("no token and no credentials")

// A LoginError is a login that failed, or that the caller did not wait for.
type LoginError struct{ Err error }

// Error returns "login: " before why it failed.
func (e *LoginError) Error() string { return "login: " + e.Err.Error() }

// Unwrap returns why the login failed.
func (e *LoginError) Unwrap() error { return e.Err }

// A StoreError is a store that failed, or did not do what a store does.
type StoreError struct{ Err error }

// Error returns "token store: " before the store's error.
func (e *StoreError) Error() string { return "token store: " + e.Err.Error() }

// Unwrap returns the store's error.
func (e *StoreError) Unwrap() error { return e.Err }

// storeError returns the StoreError of err without the secrets.
func storeError(err error, secrets ...string) *StoreError {
	return &StoreError{redacted(err, secrets...)}
}

// redacted returns an error of foreign code's without the secrets, nil for nil.
func redacted(err error, secrets ...string) error { return redact.New(secrets...).Error(err) }

// A Lease is the token that a request carries.
type Lease struct {
	Token string
	Fresh bool // from a login made for this operation: another login won't get a better one
}

// Format prints no token, whatever the verb.
func (Lease) Format(f fmt.State, _ rune) { fmt.Fprint(f, redact.Mark) }

// MaxToken is how long a token may be. Servers accept no longer headers, and what is
// shown of a response is searched for it.
const MaxToken = 8 << 10

// NormalizeToken drops the scheme before a token. It refuses what no header can
// carry, and what a redacted token prints as.
func NormalizeToken(text string) (token string, ok bool) {
	text = strings.TrimSpace(text)
	if scheme, rest, ok := strings.Cut(text, " "); ok && strings.EqualFold(scheme, "bearer") {
		text = strings.TrimSpace(rest)
	} else if strings.EqualFold(text, "bearer") {
		text = ""
	}
	bad := strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	bad = bad || strings.HasPrefix(text, "{") || text == redact.Mark
	return text, text != "" && !bad
}
