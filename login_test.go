package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// bearers gives the tokens of the requests so far, logins as "login".
func (a *accountServer) bearers() (all []string) {
	for _, r := range a.server.asked() {
		if strings.HasSuffix(r.Path, "/auth/login") {
			all = append(all, "login")
			continue
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "|")
		all = append(all, number)
	}
	return all
}

func TestLoginAlwaysAsksAndKeeps(t *testing.T) {
	t.Parallel()
	a := new(accountServer).start(t)
	store := pmpsmart.NewMemoryTokenStore()
	c := newClient(t, a.base(), pmpsmart.WithTokenStore(store))
	for n := range 3 {
		s, err := c.Login(t.Context(), email, password)
		require.NoError(t, err)
		loaded(t, store, pmpsmart.Account{BaseURL: a.base(), Email: email}, string(s.Token))
		_, err = c.ListOutlets(t.Context())
		require.NoError(t, err)
		_, logins := a.counts()
		require.Equal(t, n+1, logins)
	}
	require.Equal(t, []string{"login", "2", "login", "3", "login", "4"}, a.bearers())
}

// Logins to one account end each other's tokens in the store; each is made all
// the same.
func TestLoginsAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 60
	a := new(accountServer).start(t)
	c := newClient(t, a.base())
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if _, err := c.Login(t.Context(), email, password); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	asked, logins := a.counts()
	require.Equal(t, [2]int{callers, callers}, [2]int{asked, logins})
}

// A Login to another account makes it the client's.
func TestLoginChangesTheAccount(t *testing.T) {
	t.Parallel()
	const unauthorized = "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated."
	const noCredentials = unauthorized + "; the token was refused and there are no credentials to log in again with"
	for _, tt := range []struct {
		name, email string
		err         string
		logins      int
	}{
		{"another email", "lain@pmpsmart.com", noCredentials, 1},
		{"the same email", email, "", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := new(accountServer).start(t)
			store := pmpsmart.NewMemoryTokenStore()
			c := a.client(pmpsmart.WithTokenStore(store))
			s, err := c.Login(t.Context(), tt.email, password)
			require.NoError(t, err)
			loaded(t, store, pmpsmart.Account{BaseURL: a.base(), Email: tt.email}, string(s.Token))
			_, err = c.ListOutlets(t.Context())
			require.NoError(t, err)
			a.expire()
			_, err = c.ListOutlets(t.Context())
			if tt.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tt.err)
				require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
			}
			_, logins := a.counts()
			require.Equal(t, tt.logins, logins)
		})
	}
}

// Without credentials a client takes the token that another program has put into
// the store.
func TestLoginWithoutCredentialsSharesTheStore(t *testing.T) {
	t.Parallel()
	a := (&accountServer{single: true}).start(t)
	store := pmpsmart.WithTokenStore(pmpsmart.NewMemoryTokenStore())
	c, twin := newClient(t, a.base(), store), newClient(t, a.base(), store)
	_, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	_, err = twin.Login(t.Context(), email, password) // ends the token of c
	require.NoError(t, err)
	_, err = c.ListOutlets(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"login", "login", "2", "3"}, a.bearers())
}

// A Login that overtakes the login of the account before it.
func TestLoginOvertakesARenewal(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	a := (&accountServer{onLogin: func(n int, _ http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			close(inside)
			<-release
		}
		return false
	}}).start(t)
	c := a.client()
	done := make(chan error)
	go func() { _, err := c.ListOutlets(t.Context()); done <- err }()
	<-inside
	_, err := c.Login(t.Context(), "lain@pmpsmart.com", password) // token 2
	require.NoError(t, err)
	a.expire()
	_, err = c.ListOutlets(t.Context()) // does not wait for the other account's token
	require.EqualError(t, err, "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated.; the token was refused and there are no credentials to log in again with")
	close(release)
	require.NoError(t, <-done)
	_, err = c.ListOutlets(t.Context()) // nor takes it
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	require.Equal(t, []string{"login", "login", "2", "3", "2"}, a.bearers())
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		asked  int
		want   string
	}{
		{"wrong password", wrongPassword, 1, "pmpsmart: Login: 401 Unauthorized: Email atau password salah"},
		{"wrong password in a 200", answer(200, `{"status":"error","message":"Email atau password salah"}`), 1,
			"pmpsmart: Login: refused with HTTP 200: Email atau password salah"},
		{"validation that shows its input", answer(422, `{"message":"The given data was invalid.","errors":{"password":["kata-sandi-rahasia is too simple."]}}`), 1,
			"pmpsmart: Login: 422 Unprocessable Entity: The given data was invalid. [password: [redacted] is too simple.]"},
		{"locked out", answer(429, `{"message":"Too Many Attempts."}`, "Retry-After", "60"), 1,
			"pmpsmart: Login: 429 Too Many Requests: Too Many Attempts. (the server asks to wait 1m0s)"},
		{"no token", ok(`{"name":"API"}`), 1,
			"pmpsmart: Login: can't read the answer (HTTP 200, application/json): want a token named api_token, access_token or token, and there is none"},
		{"down", answer(500, `{"message":"Server Error"}`), 4, "pmpsmart: Login: 500 Internal Server Error: Server Error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := (&accountServer{onLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { tt.answer(w, r); return true }}).start(t)
			a.tokens[aToken] = true
			c := newClient(t, a.base(), pmpsmart.WithToken(aToken))
			_, err := c.Login(t.Context(), email, password)
			require.Equal(t, tt.want, textOf(a.base(), err))
			requireClean(t, printed(t, err), password)
			asked, _ := a.counts()
			require.Equal(t, tt.asked, asked)
			_, err = c.ListOutlets(t.Context()) // the session before stands
			require.NoError(t, err)
		})
	}
}

func TestNoTokenIsNotSent(t *testing.T) {
	t.Parallel()
	const want = "not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv"
	a := new(accountServer).start(t)
	c := newClient(t, a.base())
	var r pmpsmart.Response
	_, err := c.ListOutlets(t.Context(), pmpsmart.WithResponse(&r))
	require.EqualError(t, err, "pmpsmart: ListOutlets: "+want)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	require.Zero(t, r.Attempts)
	err = c.Call(t.Context(), "versi/baru", nil, nil)
	require.EqualError(t, err, "pmpsmart: Call: versi/baru: "+want)
	err = c.Logout(t.Context())
	require.EqualError(t, err, "pmpsmart: Logout: "+want)
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	_, err = newClient(t, a.base(), pmpsmart.WithToken(deadToken)).ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated.; the token was refused and there are no credentials to log in again with")
	require.Equal(t, []string{"1"}, a.bearers())
}

// Whatever the server says to a Logout, its token is forgotten.
func TestLogout(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		answer http.HandlerFunc // nil: the server is gone
		want   string
	}{
		{"success", t.Context(), ok(`null`), ""},
		{"204", t.Context(), answer(204, ""), ""},
		{"empty", t.Context(), answer(200, ""), ""},
		{"401", t.Context(), unauthenticated, ""},
		{"401 in a 200", t.Context(), answer(200, `{"status":401,"message":"Unauthenticated."}`), ""},
		{"403", t.Context(), answer(403, `{"message":"This action is unauthorized."}`), "pmpsmart: Logout: 403 Forbidden: This action is unauthorized."},
		{"500", t.Context(), answer(500, `{"message":"Server Error"}`), "pmpsmart: Logout: 500 Internal Server Error: Server Error"},
		{"canceled", canceled, ok(`null`), "pmpsmart: Logout: context canceled"},
		{"gone", t.Context(), nil, "pmpsmart: Logout: can't reach HOST: dial tcp HOST: connect: connection refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := (&accountServer{onCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
				if logout := strings.HasSuffix(r.URL.Path, "/auth/logout"); !logout {
					return false
				}
				tt.answer(w, r)
				return true
			}}).start(t)
			account := pmpsmart.Account{BaseURL: a.base(), Email: email}
			store := pmpsmart.NewMemoryTokenStore()
			c := newClient(t, a.base(), pmpsmart.WithTokenStore(store))
			_, err := c.Login(t.Context(), email, password)
			require.NoError(t, err)
			if tt.answer == nil {
				a.Close()
			}
			err = c.Logout(tt.ctx)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.Equal(t, tt.want, textOf(a.base(), err))
			}
			loaded(t, store, account, "")
			_, err = c.ListOutlets(t.Context())
			require.EqualError(t, err, "pmpsmart: ListOutlets: not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv")
		})
	}
}

// A Logout by a client that has not used its token yet, or whose token another
// program has replaced.
func TestLogoutAndTheStore(t *testing.T) {
	t.Parallel()
	a := new(accountServer).start(t)
	account := pmpsmart.Account{BaseURL: a.base(), Email: email}
	store := pmpsmart.NewMemoryTokenStore()
	keep(t, store, account, a.issue())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	fresh := a.client(pmpsmart.WithTokenStore(store))
	require.EqualError(t, fresh.Logout(ctx), "pmpsmart: Logout: context canceled")
	loaded(t, store, account, "")
	require.NoError(t, fresh.Logout(t.Context())) // nothing to log out
	require.Empty(t, a.bearers())

	_, err := fresh.ListOutlets(t.Context()) // with credentials, the next call logs in again
	require.NoError(t, err)
	keep(t, store, account, "7|DariProgramLain0123456789")
	require.NoError(t, fresh.Logout(t.Context()))
	loaded(t, store, account, "7|DariProgramLain0123456789") // not ours to forget
	require.Equal(t, []string{"login", "3", "3"}, a.bearers())
}

// What a call's own login leaves to be printed: stores, errors and all they
// wrap, the log.
func TestLoginShowsNoSecret(t *testing.T) {
	t.Parallel()
	var evil atomic.Bool
	a := (&accountServer{single: true, onLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if evil.Load() {
			answer(418, `{"message":"`+password+`","headers":{"authorization":"Bearer `+deadToken+`"},"password":"`+password+`"}`, "X-Echo", password)(w, r)
		}
		return evil.Load()
	}}).start(t)
	var log lines
	memory, files := pmpsmart.NewMemoryTokenStore(), fileStore(t, t.TempDir())
	options := []pmpsmart.Option{pmpsmart.WithToken(deadToken), pmpsmart.WithTokenStore(memory), pmpsmart.WithLogger(log.logger(slog.LevelDebug))}
	c := a.client(options...)
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	session, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	keep(t, files, anAccount, string(session.Token))
	evil.Store(true)
	a.expire()
	_, login := c.Login(t.Context(), email, password)
	require.EqualError(t, login, "pmpsmart: Login: 418 I'm a teapot: [redacted]")
	_, inner := c.ListOutlets(t.Context())
	require.EqualError(t, inner, "pmpsmart: ListOutlets: login: 418 I'm a teapot: [redacted]")
	all := []any{c, *c, options, session, *session, memory, files}
	for _, err := range []error{login, inner} {
		for ; err != nil; err = errors.Unwrap(err) {
			all = append(all, err)
		}
	}
	for _, v := range all {
		requireClean(t, printed(t, v), password, string(session.Token), deadToken)
	}
	requireClean(t, strings.Join(log.all(), "\n"), password, string(session.Token), deadToken)
	require.Equal(t, "pmpsmart.MemoryTokenStore", fmt.Sprint(memory))
}
