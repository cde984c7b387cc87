package pmpsmart_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// stubborn401 is a server that takes no token.
func stubborn401(t *testing.T) *accountServer {
	return startAccount(t, &testserver.Account{OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
		testserver.Unauthenticated(w, r)
		return true
	}})
}

// A token of a login that was made for a 401 is refused as well.
func TestSecond401(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		opts             []pmpsmart.Option
		attempts, logins int
	}{
		{"no token", nil, 2, 2}, // the first login is not for a 401
		{"a dead token", []pmpsmart.Option{pmpsmart.WithToken(expiredToken)}, 2, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := stubborn401(t)
			var r pmpsmart.Response
			_, err := a.client(tt.opts...).ListOutlets(t.Context(), pmpsmart.WithResponse(&r))
			require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
			require.EqualError(t, err, "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated.; a token fresh from a login was refused: where an account has one token, another program's login ends it, and programs that share an account need to share a TokenStore")
			_, logins := a.Logins()
			require.Equal(t, [2]int{tt.attempts, tt.logins}, [2]int{r.Attempts, logins})
		})
	}
}

// The store's token may have expired as well: there is one more Replace.
func TestExpiredTokenFromTheStore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		opts             []pmpsmart.Option
		attempts, logins int
	}{
		{"first call", nil, 2, 1},
		{"after a dead token", []pmpsmart.Option{pmpsmart.WithToken(expiredToken)}, 3, 1},
	} {
		for _, stubborn := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, all tokens dead %t", tt.name, stubborn), func(t *testing.T) {
				t.Parallel()
				a := startAccount(t, &testserver.Account{})
				if stubborn {
					a = stubborn401(t)
				}
				store := pmpsmart.NewMemoryTokenStore()
				keep(t, store, pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}, "9|DariProgramLain0123456789")
				c := a.client(append(tt.opts, pmpsmart.WithTokenStore(store), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))...)
				var r pmpsmart.Response
				_, err := c.ListOutlets(t.Context(), pmpsmart.WithResponse(&r))
				if stubborn {
					require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
				} else {
					require.NoError(t, err)
				}
				_, logins := a.Logins()
				require.Equal(t, [2]int{tt.attempts, tt.logins}, [2]int{r.Attempts, logins})
			})
		}
	}
}

// Another program stores an expired token again and again.
func TestThreeAttemptsAtMost(t *testing.T) {
	t.Parallel()
	a := stubborn401(t)
	var n atomic.Int32
	store := storeFuncs{
		load: func() (pmpsmart.Token, error) { return "", nil },
		replace: func(context.Context, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
			return pmpsmart.Token(fmt.Sprintf("%d|DariProgramLain0123456789", n.Add(1))), nil
		},
	}
	var r pmpsmart.Response
	_, err := a.client(pmpsmart.WithToken(expiredToken), pmpsmart.WithTokenStore(store)).ListOutlets(t.Context(), pmpsmart.WithResponse(&r))
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	require.Equal(t, [2]int{3, 2}, [2]int{r.Attempts, int(n.Load())})
}

// A store whose lock was lost during the login returns the token that is stored by
// then, which all share.
func TestStoreReturnsANewerToken(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	const newer = "9|DariProgramLain0123456789"
	a.Accept(newer)
	store := storeFuncs{
		load: func() (pmpsmart.Token, error) { return "", nil },
		replace: func(ctx context.Context, login func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
			_, err := login(ctx)
			return newer, err
		},
	}
	c := a.client(pmpsmart.WithTokenStore(store))
	for range 2 {
		_, err := c.ListOutlets(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, []string{"login", "9", "9"}, a.Tokens())
}

const refusedText = "pmpsmart: ListOutlets: login: 401 Unauthorized: Email atau password salah"

// pausedText follows it within a second.
const pausedText = "; this email and password are not sent again for 30s: other ones or Login end that wait"

// A wrong password is tried once, however late a call's 401 comes.
func TestWrongPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	meet, release := testserver.Barrier(thousand), make(chan struct{})
	var n, ended atomic.Int32
	a := startAccount(t, &testserver.Account{
		OnCall: func(string, http.ResponseWriter, *http.Request) bool {
			meet()
			if n.Add(1)%2 == 0 {
				<-release // half of them are told after the login
			}
			return false
		},
		OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { testserver.WrongPassword(w, r); return true },
	})
	c := a.client(pmpsmart.WithToken(expiredToken))
	errs := make([]error, thousand)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			if _, errs[i] = c.ListOutlets(t.Context()); ended.Add(1) == thousand/2 {
				close(release)
			}
		})
	}
	all.Wait()
	for _, err := range errs { // some are told that it was not sent again
		require.True(t, strings.HasPrefix(err.Error(), refusedText), err)
		require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
		var refusal *pmpsmart.APIError
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "Login", refusal.Op)
	}
	asked, logins := a.Logins()
	require.Equal(t, [2]int{1, 0}, [2]int{asked, logins})
	t.Logf("%d calls, %d login asked for", thousand, asked)
}

// heldCall returns a client with an expired token that has made a call, whose 401 is
// held back until letGo.
func heldCall(t *testing.T, a *testserver.Account, opts ...pmpsmart.Option) (c *pmpsmart.Client, letGo func() error) {
	arrived, release := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	a.OnCall = func(string, http.ResponseWriter, *http.Request) bool {
		if first.CompareAndSwap(false, true) {
			close(arrived)
			<-release
		}
		return false
	}
	c = startAccount(t, a).client(append(opts, pmpsmart.WithToken(expiredToken))...)
	done := make(chan error)
	go func() { _, err := c.ListOutlets(t.Context()); done <- err }()
	<-arrived
	return c, func() error { close(release); return <-done }
}

// A login that failed for good while a call was under way fails that call as well,
// unless things have changed since.
func TestAFailedLoginIsForTheCallsUnderWay(t *testing.T) {
	t.Parallel()
	refuseFirst := func(refusal http.HandlerFunc, times int) *testserver.Account {
		return &testserver.Account{OnLogin: func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n <= times {
				refusal(w, r)
			}
			return n <= times
		}}
	}
	t.Run("as it fails the next ones", func(t *testing.T) {
		t.Parallel()
		a := refuseFirst(testserver.WrongPassword, 1)
		c, letGo := heldCall(t, a)
		_, err := c.ListOutlets(t.Context())
		require.EqualError(t, err, refusedText)
		require.EqualError(t, letGo(), refusedText+pausedText)
		_, err = c.ListOutlets(t.Context())
		require.EqualError(t, err, refusedText+pausedText)
		asked, _ := a.Logins()
		require.Equal(t, 1, asked)
	})
	t.Run("unless a login succeeded since", func(t *testing.T) {
		t.Parallel()
		a := refuseFirst(testserver.WrongPassword, 1)
		c, letGo := heldCall(t, a)
		_, err := c.ListOutlets(t.Context())
		require.EqualError(t, err, refusedText)
		_, err = c.Login(t.Context(), email, password)
		require.NoError(t, err)
		a.ExpireTokens()
		require.NoError(t, letGo())
	})
	t.Run("unless it may pass", func(t *testing.T) {
		t.Parallel()
		a := refuseFirst(respond(500, `{"message":"Server Error"}`), 4)
		c, letGo := heldCall(t, a)
		_, err := c.ListOutlets(t.Context())
		require.EqualError(t, err, "pmpsmart: ListOutlets: login: 500 Internal Server Error: Server Error; after 4 attempts")
		require.NoError(t, letGo())
		asked, _ := a.Logins()
		require.Equal(t, 5, asked)
	})
}

// A login that fails for a reason that may pass is made again.
func TestLoginIsRetried(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		failure http.HandlerFunc
	}{
		{"500", respond(500, `{"message":"Server Error"}`)},
		{"503", respond(503, "", "Retry-After", "0")},
		{"429", respond(429, `{"message":"Too Many Attempts."}`, "Retry-After", "0")},
		{"reset", testserver.Reset},
		{"cut", truncated(`{"status":"success","data":{"api_tok`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, &testserver.Account{OnLogin: func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n < 4 {
					tt.failure(w, r)
				}
				return n < 4
			}})
			errs, attempts := storm(t.Context(), 20, a.client())
			require.Equal(t, make([]error, 20), errs)
			require.Equal(t, slices.Repeat([]int{1}, 20), attempts)
			asked, logins := a.Logins()
			require.Equal(t, [2]int{4, 1}, [2]int{asked, logins})
		})
	}
}

// A create is sent again after a login, once, and its outcome is never unknown
// for want of one.
func TestCreateAfterALogin(t *testing.T) {
	t.Parallel()
	in := pmpsmart.JSONOrderInput{Code: "SO-1", Data: json.RawMessage(`{"qty":1}`), Status: pmpsmart.JSONOrderCompleted}
	for _, tt := range []struct {
		name    string
		a       *testserver.Account
		err     string
		inserts int
	}{
		{"sent again", new(testserver.Account), "", 2},
		{"refused again", &testserver.Account{OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
			testserver.Unauthenticated(w, r)
			return true
		}}, "pmpsmart: InsertJSONOrder: 401 Unauthorized: Unauthenticated.", 2},
		{"wrong password", &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			testserver.WrongPassword(w, r)
			return true
		}}, "pmpsmart: InsertJSONOrder: login: 401 Unauthorized: Email atau password salah", 1},
		{"login fails", &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			respond(500, `{"message":"Server Error"}`)(w, r)
			return true
		}}, "pmpsmart: InsertJSONOrder: login: 500 Internal Server Error: Server Error", 1},
		{"login is reset", &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			testserver.Reset(w, r)
			return true
		}}, "pmpsmart: InsertJSONOrder: login: no answer from HOST: ", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, tt.a)
			_, err := a.client(pmpsmart.WithToken(expiredToken)).InsertJSONOrder(t.Context(), in)
			var unknown *pmpsmart.OutcomeUnknownError
			require.NotErrorAs(t, err, &unknown)
			if tt.err == "" {
				require.NoError(t, err)
			} else {
				require.Contains(t, textOf(a.BaseURL(), err), tt.err)
			}
			var bodies []string
			for _, r := range a.Requests() {
				if r.Path == "/api/v1/json/order" {
					bodies = append(bodies, r.Body)
				}
			}
			require.Equal(t, slices.Repeat(bodies[:1], tt.inserts), bodies)
		})
	}
}
