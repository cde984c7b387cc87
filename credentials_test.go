package pmpsmart_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A clock is moved by a test.
type clock struct{ now atomic.Int64 }

func (c *clock) time() time.Time          { return time.Unix(0, c.now.Load()) }
func (c *clock) advance(by time.Duration) { c.now.Add(int64(by)) }

// However many calls there are, a refused password is sent once in 30 s, then in 60.
func TestARefusedPasswordIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]http.HandlerFunc{
		"401": testserver.WrongPassword, "403": respond(403, `{"message":"Diblokir"}`), "422": respond(422, `{"message":"Salah"}`),
		"in words": respond(200, `{"status":"error","message":"Salah"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { refuse(w, r); return true }})
			var now clock
			c := a.client(pmpsmart.WithClock(now.time), pmpsmart.WithToken(expiredToken))
			storm := func() {
				t.Helper()
				var all sync.WaitGroup
				for range 30 {
					all.Go(func() {
						_, err := c.ListOutlets(t.Context())
						var refusal *pmpsmart.APIError
						if !errors.Is(err, pmpsmart.ErrUnauthorized) || !errors.As(err, &refusal) || refusal.Op != "Login" {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}
			requireLogins := func(want int) {
				t.Helper()
				asked, _ := a.Logins()
				require.Equal(t, want, asked)
			}
			storm()
			requireLogins(1)
			requests := len(a.Requests())
			now.advance(30*time.Second - time.Nanosecond)
			storm()
			requireLogins(1)
			require.Len(t, a.Requests(), requests, "nothing at all is sent")
			now.advance(time.Nanosecond)
			storm()
			requireLogins(2)
			now.advance(59 * time.Second)
			storm()
			requireLogins(2)
			now.advance(time.Second)
			storm()
			requireLogins(3)
		})
	}
}

// A Login asks the server in a pause as well, ends it, and its password is the one that
// later logins send.
func TestLoginReplacesThePassword(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	c := a.client(pmpsmart.WithCredentials(email, "lama"))
	list := func() error { _, err := c.ListOutlets(t.Context()); return err }
	require.EqualError(t, list(), refusedText)
	_, err := c.Login(t.Context(), email, "lama juga")
	require.EqualError(t, err, "pmpsmart: Login: 401 Unauthorized: Email atau password salah")
	require.EqualError(t, list(), refusedText+pausedText, "a Login that fails changes nothing")
	_, err = c.Login(t.Context(), " "+email+"\n", password)
	require.NoError(t, err)
	require.NoError(t, list())
	a.ExpireTokens()
	require.NoError(t, list())
	asked, logins := a.Logins()
	require.Equal(t, [2]int{4, 2}, [2]int{asked, logins})
}

// A source is asked once for each login, and what it says is sent.
func TestCredentialSource(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	var asked atomic.Int32
	current := password
	c := a.client(pmpsmart.WithCredentials("lain@pmpsmart.com", "x"), pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) {
		asked.Add(1)
		return " " + email + "\n", current, nil
	}))
	for n := int32(1); n <= 3; n++ {
		errs, _ := storm(t.Context(), 300, c)
		require.NoError(t, errors.Join(errs...))
		require.Equal(t, n, asked.Load())
		a.ExpireTokens()
	}
	current = "sandi-lama"
	_, err := c.ListOutlets(t.Context())
	require.EqualError(t, err, refusedText)
	current = password
	_, err = c.ListOutlets(t.Context())
	require.NoError(t, err, "another pair ends the pause")

	c = a.client(pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { panic("not the last") }), pmpsmart.WithCredentials(email, password))
	_, err = c.ListOutlets(t.Context())
	require.NoError(t, err)
}

// What a source can't give fails the call, and nothing is sent.
func TestCredentialSourceFails(t *testing.T) {
	t.Parallel()
	sealed := errors.New("the vault is sealed")
	const in = "pmpsmart: ListOutlets: credentials: "
	for name, tt := range map[string]struct {
		email, password string
		err             error
		want            string
	}{
		"an error":     {email, password, sealed, in + "WithCredentialSource: the vault is sealed"},
		"no email":     {" \n", password, nil, in + "WithCredentialSource needs an email and a password, and one of them is empty"},
		"no password":  {email, "", nil, in + "WithCredentialSource needs an email and a password, and one of them is empty"},
		"no UTF-8":     {email, "caf\xe9", nil, in + "WithCredentialSource needs an email and a password in UTF-8"},
		"a secret":     {email, password, errors.New("can't parse " + password), in + "WithCredentialSource: can't parse [redacted]"},
		"an APIError":  {email, password, &pmpsmart.APIError{Op: "GetSecret", HTTPStatus: 401}, in + "WithCredentialSource: pmpsmart: GetSecret: 401 Unauthorized"},
		"its own time": {email, password, context.DeadlineExceeded, in + "WithCredentialSource: context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, new(testserver.Account))
			asked, fails := 0, true
			c := a.client(pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) {
				if asked++; !fails {
					return email, password, nil
				}
				return tt.email, tt.password, tt.err
			}))
			for n := 1; n <= 2; n++ {
				_, err := c.ListOutlets(t.Context())
				require.EqualError(t, err, tt.want)
				requireClean(t, printed(t, err), password)
				if tt.err != nil && name != "a secret" {
					require.ErrorIs(t, err, tt.err)
				}
				require.Equal(t, n, asked)
				require.Empty(t, a.Requests())
			}
			fails = false
			_, err := c.ListOutlets(t.Context())
			require.NoError(t, err)
		})
	}
	_, err := pmpsmart.New(pmpsmart.WithCredentialSource(nil))
	require.EqualError(t, err, "pmpsmart: New: WithCredentialSource is nil; want a function")
}

// Programs with sources share a token by a store, also by one that is made later.
func TestCredentialSourceAndStore(t *testing.T) {
	t.Parallel()
	a := startAccount(t, &testserver.Account{Single: true})
	store := pmpsmart.NewMemoryTokenStore()
	source := pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { return email, password, nil })
	for range 3 {
		c := a.client(source, pmpsmart.WithTokenStore(store))
		_, err := c.ListOutlets(t.Context())
		require.NoError(t, err)
	}
	asked, _ := a.Logins()
	require.Equal(t, 1, asked)
	require.NoError(t, a.client(source, pmpsmart.WithTokenStore(store)).Logout(t.Context()))
	kept, err := store.Load(t.Context(), pmpsmart.Account{BaseURL: a.BaseURL(), Email: email})
	require.NoError(t, err)
	require.Empty(t, kept, "of a program that knew neither token nor account")
}
