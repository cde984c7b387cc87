package session_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	email    = "api@pmpsmart.com"
	password = "kata-sandi-rahasia"
	baseURL  = "http://127.0.0.1/api/v1"
)

var account = session.Account{BaseURL: baseURL, Email: email}

// errRefused is the error of a login that would be refused again.
var errRefused = errors.New("wrong password")

// A world is a store of one account, the server behind the logins and the log of
// a session. Its functions, where set, come first.
type world struct {
	mu      sync.Mutex
	kept    string                     // the token of account in the store
	others  map[session.Account]string // and those of other accounts
	logins  int
	logged  []string
	account session.Account // that the store was last asked for

	onLoad    func(context.Context) (string, error)
	onReplace func(ctx context.Context, login func(context.Context) (string, error)) (string, error)
	onDelete  func(context.Context) error
	onLogin   func(ctx context.Context, n int) (string, []string, error)
}

func (w *world) note(a session.Account) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.account = a
}

func (w *world) Load(ctx context.Context, a session.Account) (string, error) {
	w.note(a)
	if w.onLoad != nil {
		return w.onLoad(ctx)
	}
	return w.get(a), ctx.Err()
}

// now returns the store's token.
func (w *world) now() string { return w.get(account) }

func (w *world) get(a session.Account) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a != account {
		return w.others[a]
	}
	return w.kept
}

func (w *world) set(a session.Account, token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a == account {
		w.kept = token
		return
	}
	if w.others == nil {
		w.others = make(map[session.Account]string)
	}
	w.others[a] = token
}

func (w *world) Replace(ctx context.Context, a session.Account, stale string, login func(context.Context) (string, error)) (string, error) {
	w.note(a)
	if w.onReplace != nil {
		return w.onReplace(ctx, login)
	}
	if kept := w.get(a); kept != "" && kept != stale {
		return kept, nil
	}
	token, err := login(ctx)
	if err != nil {
		return "", err
	}
	w.set(a, token)
	return token, nil
}

func (w *world) Delete(ctx context.Context, a session.Account, token string) error {
	w.note(a)
	if w.onDelete != nil {
		return w.onDelete(ctx)
	}
	if w.get(a) == token {
		w.set(a, "")
	}
	return ctx.Err()
}

// login is the server's: the n-th gives the token "new-n" and the drift "drift-n".
func (w *world) login(ctx context.Context, gotEmail, gotPassword string) (string, []string, error) {
	w.mu.Lock()
	w.logins++
	n := w.logins
	w.mu.Unlock()
	if gotEmail != email || gotPassword != password {
		return "", nil, fmt.Errorf("logged in as %q", gotEmail)
	}
	if w.onLogin != nil {
		return w.onLogin(ctx, n)
	}
	return fmt.Sprint("new-", n), []string{fmt.Sprint("drift-", n)}, nil
}

func (w *world) LoggedIn(_ context.Context, why string) { w.log("logged in: " + why) }

func (w *world) StoreFailed(_ context.Context, err error) { w.log("store: " + err.Error()) }

func (w *world) log(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logged = append(w.logged, line)
}

// session returns a session that begins with token, with credentials.
func (w *world) session(token string) *session.Session[string] {
	return session.New(w.config(token))
}

func (w *world) config(token string) session.Config[string] {
	return session.Config[string]{
		BaseURL: baseURL, Store: w, Credentials: session.NewCredentials(email, password), Token: token,
		Login: w.login, IsFinal: func(err error) bool { return errors.Is(err, errRefused) },
	}
}

// without returns a session that has no credentials.
func (w *world) without(token string) *session.Session[string] {
	c := w.config(token)
	c.Credentials = session.Credentials{}
	return session.New(c)
}

// An outcome is what Token or Renew returned.
type outcome struct {
	lease session.Lease
	drift []string
	err   error
}

func got(lease session.Lease, drift []string, err error) outcome { return outcome{lease, drift, err} }

// requireLease checks an outcome's token. Lease prints nothing of it, so that
// require.Equal would show nothing of a difference.
func requireLease(t *testing.T, want string, fresh bool, o outcome) {
	t.Helper()
	require.NoError(t, o.err)
	require.Equal(t, want, o.lease.Token)
	require.Equal(t, fresh, o.lease.Fresh)
}
