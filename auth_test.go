package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

var authRequests = []documented{
	{name: "Login", path: "auth/login", body: `{"email":"api@pmpsmart.com","password":"*****"}`, free: true,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.Login(ctx, "api@pmpsmart.com", "*****")
			return err
		}},
	{name: "Logout", path: "auth/logout",
		do: func(ctx context.Context, c *pmpsmart.Client) error { return c.Logout(ctx) }},
}

var authInput = []refused{
	{"no email", pmpsmart.InputError{Op: "Login", Field: "email", Problem: "is empty"}, login("", aPassword)},
	{"no password", pmpsmart.InputError{Op: "Login", Field: "password", Problem: "is empty"}, login("a@b.id", "")},
	{"email in Latin-1", pmpsmart.InputError{Op: "Login", Field: "email", Problem: "is not UTF-8"}, login("caf\xe9@b.id", aPassword)},
	{"password in Latin-1, not shown", pmpsmart.InputError{Op: "Login", Field: "password", Problem: "is not UTF-8"}, login("a@b.id", "caf\xe9")},
}

func login(email, password string) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.Login(ctx, email, password)
		return err
	}
}

func TestLoginAlwaysAsksAndKeeps(t *testing.T) {
	t.Parallel()
	a := startAccount(t, new(testserver.Account))
	store := pmpsmart.NewMemoryTokenStore()
	c := newClient(t, a.BaseURL(), pmpsmart.WithTokenStore(store))
	for n := range 3 {
		s, err := c.Login(t.Context(), email, password)
		require.NoError(t, err)
		loaded(t, store, pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}, string(s.Token))
		_, err = c.ListOutlets(t.Context())
		require.NoError(t, err)
		_, logins := a.Logins()
		require.Equal(t, n+1, logins)
	}
	require.Equal(t, []string{"login", "2", "login", "3", "login", "4"}, a.Tokens())
}

// Logins to one account end each other's tokens in the store; each is made all
// the same.
func TestLoginsAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 60
	a := startAccount(t, new(testserver.Account))
	c := newClient(t, a.BaseURL())
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if _, err := c.Login(t.Context(), email, password); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	asked, logins := a.Logins()
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
			a := startAccount(t, new(testserver.Account))
			store := pmpsmart.NewMemoryTokenStore()
			c := a.client(pmpsmart.WithTokenStore(store))
			s, err := c.Login(t.Context(), tt.email, password)
			require.NoError(t, err)
			loaded(t, store, pmpsmart.Account{BaseURL: a.BaseURL(), Email: tt.email}, string(s.Token))
			_, err = c.ListOutlets(t.Context())
			require.NoError(t, err)
			a.ExpireTokens()
			_, err = c.ListOutlets(t.Context())
			if tt.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, tt.err)
				require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
			}
			_, logins := a.Logins()
			require.Equal(t, tt.logins, logins)
		})
	}
}

// Without credentials a client takes the token that another program has put into
// the store.
func TestLoginWithoutCredentialsSharesTheStore(t *testing.T) {
	t.Parallel()
	a := startAccount(t, &testserver.Account{Single: true})
	store := pmpsmart.WithTokenStore(pmpsmart.NewMemoryTokenStore())
	c, twin := newClient(t, a.BaseURL(), store), newClient(t, a.BaseURL(), store)
	_, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	_, err = twin.Login(t.Context(), email, password) // ends the token of c
	require.NoError(t, err)
	_, err = c.ListOutlets(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"login", "login", "2", "3"}, a.Tokens())
}

// A Login that overtakes the login of the account before it.
func TestLoginOvertakesARenewal(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	a := startAccount(t, &testserver.Account{OnLogin: func(n int, _ http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			close(inside)
			<-release
		}
		return false
	}})
	c := a.client()
	done := make(chan error)
	go func() { _, err := c.ListOutlets(t.Context()); done <- err }()
	<-inside
	_, err := c.Login(t.Context(), "lain@pmpsmart.com", password) // token 2
	require.NoError(t, err)
	a.ExpireTokens()
	_, err = c.ListOutlets(t.Context()) // does not wait for the other account's token
	require.EqualError(t, err, "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated.; the token was refused and there are no credentials to log in again with")
	close(release)
	require.NoError(t, <-done)
	_, err = c.ListOutlets(t.Context()) // nor takes it
	require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	require.Equal(t, []string{"login", "login", "2", "3", "2"}, a.Tokens())
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		asked  int
		want   string
	}{
		{"wrong password", testserver.WrongPassword, 1, "pmpsmart: Login: 401 Unauthorized: Email atau password salah"},
		{"wrong password in a 200", respond(200, `{"status":"error","message":"Email atau password salah"}`), 1,
			"pmpsmart: Login: refused with HTTP 200: Email atau password salah"},
		{"validation that shows its input", respond(422, `{"message":"The given data was invalid.","errors":{"password":["kata-sandi-rahasia is too simple."]}}`), 1,
			"pmpsmart: Login: 422 Unprocessable Entity: The given data was invalid. [password: [redacted] is too simple.]"},
		{"locked out", respond(429, `{"message":"Too Many Attempts."}`, "Retry-After", "60"), 1,
			"pmpsmart: Login: 429 Too Many Requests: Too Many Attempts. (the server asks to wait 1m0s); not retried: the wait is longer than the 4ms of RetryPolicy.MaxWait"},
		{"no token", success(`{"name":"API"}`), 1,
			"pmpsmart: Login: can't read the answer (HTTP 200, application/json): want a token named api_token, access_token, plainTextToken, auth_token, jwt or token, or an Authorization header, of at most 8192 bytes, and there is none; the response has status, message, data.name"},
		{"down", respond(500, `{"message":"Server Error"}`), 4, "pmpsmart: Login: 500 Internal Server Error: Server Error; after 4 attempts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, &testserver.Account{OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool { tt.answer(w, r); return true }})
			a.Accept(aToken)
			c := newClient(t, a.BaseURL(), pmpsmart.WithToken(aToken))
			_, err := c.Login(t.Context(), email, password)
			require.Equal(t, tt.want, textOf(a.BaseURL(), err))
			requireClean(t, printed(t, err), password)
			asked, _ := a.Logins()
			require.Equal(t, tt.asked, asked)
			_, err = c.ListOutlets(t.Context()) // the session before stands
			require.NoError(t, err)
		})
	}
}

func TestNoTokenIsNotSent(t *testing.T) {
	t.Parallel()
	const want = "not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv"
	a := startAccount(t, new(testserver.Account))
	c := newClient(t, a.BaseURL())
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
	_, err = newClient(t, a.BaseURL(), pmpsmart.WithToken(expiredToken)).ListOutlets(t.Context())
	require.EqualError(t, err, "pmpsmart: ListOutlets: 401 Unauthorized: Unauthenticated.; the token was refused and there are no credentials to log in again with")
	require.Equal(t, []string{"1"}, a.Tokens())
}

// Whatever the server responds to a Logout, its token is dropped.
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
		{"success", t.Context(), success(`null`), ""},
		{"204", t.Context(), respond(204, ""), ""},
		{"empty", t.Context(), respond(200, ""), ""},
		{"401", t.Context(), testserver.Unauthenticated, ""},
		{"401 in a 200", t.Context(), respond(200, `{"status":401,"message":"Unauthenticated."}`), ""},
		{"403", t.Context(), respond(403, `{"message":"This action is unauthorized."}`), "pmpsmart: Logout: 403 Forbidden: This action is unauthorized."},
		{"500", t.Context(), respond(500, `{"message":"Server Error"}`), "pmpsmart: Logout: 500 Internal Server Error: Server Error; after 4 attempts"},
		{"canceled", canceled, success(`null`), "pmpsmart: Logout: context canceled"},
		{"gone", t.Context(), nil, "pmpsmart: Logout: can't reach HOST: dial tcp HOST: connect: connection refused; after 4 attempts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, &testserver.Account{OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
				if logout := strings.HasSuffix(r.URL.Path, "/auth/logout"); !logout {
					return false
				}
				tt.answer(w, r)
				return true
			}})
			account := pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}
			store := pmpsmart.NewMemoryTokenStore()
			c := newClient(t, a.BaseURL(), pmpsmart.WithTokenStore(store))
			_, err := c.Login(t.Context(), email, password)
			require.NoError(t, err)
			if tt.answer == nil {
				a.Close()
			}
			err = c.Logout(tt.ctx)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.Equal(t, tt.want, textOf(a.BaseURL(), err))
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
	a := startAccount(t, new(testserver.Account))
	account := pmpsmart.Account{BaseURL: a.BaseURL(), Email: email}
	store := pmpsmart.NewMemoryTokenStore()
	keep(t, store, account, a.Issue())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	fresh := a.client(pmpsmart.WithTokenStore(store))
	require.EqualError(t, fresh.Logout(ctx), "pmpsmart: Logout: context canceled")
	loaded(t, store, account, "")
	require.NoError(t, fresh.Logout(t.Context())) // nothing to log out
	require.Empty(t, a.Tokens())

	_, err := fresh.ListOutlets(t.Context()) // with credentials, the next call logs in again
	require.NoError(t, err)
	keep(t, store, account, "7|DariProgramLain0123456789")
	require.NoError(t, fresh.Logout(t.Context()))
	loaded(t, store, account, "7|DariProgramLain0123456789") // not ours to forget
	require.Equal(t, []string{"login", "3", "3"}, a.Tokens())
}

// What Login itself is refused with is ErrUnauthorized where only the credentials can be
// meant, and else what the status says.
func TestLoginRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		want   error
		not    []error
	}{
		{401, `{"message":"Email atau password salah"}`, pmpsmart.ErrUnauthorized, []error{pmpsmart.ErrRefused}},
		{200, `{"status":"error","message":"Email atau password salah"}`, pmpsmart.ErrUnauthorized, []error{pmpsmart.ErrRefused}},
		{400, `{"error":"invalid_grant","message":"The user credentials were incorrect."}`, pmpsmart.ErrUnauthorized, []error{pmpsmart.ErrValidation, pmpsmart.ErrRefused}},
		{400, `{"errors":{"email":["Wajib"]}}`, pmpsmart.ErrValidation, []error{pmpsmart.ErrUnauthorized}},
		{422, `{"errors":{"email":["Wajib"]}}`, pmpsmart.ErrValidation, []error{pmpsmart.ErrUnauthorized}},
		{403, `{"message":"Akun diblokir"}`, pmpsmart.ErrForbidden, []error{pmpsmart.ErrUnauthorized}},
	} {
		c := newClient(t, serve(t, respond(tt.status, tt.body)).URL)
		_, err := c.Login(t.Context(), email, password)
		require.ErrorIs(t, err, tt.want, tt.body)
		for _, other := range tt.not {
			require.NotErrorIs(t, err, other, tt.body)
		}
	}
}

// A call whose login was refused for good may not be made by that account; and
// a 404 of the login is no 404 of the order that was requested.
func TestLoginRefusedForACall(t *testing.T) {
	t.Parallel()
	sentinels := map[string]error{
		"unauthorized": pmpsmart.ErrUnauthorized, "forbidden": pmpsmart.ErrForbidden, "not found": pmpsmart.ErrNotFound,
		"validation": pmpsmart.ErrValidation, "rate limited": pmpsmart.ErrRateLimited, "server": pmpsmart.ErrServer, "refused": pmpsmart.ErrRefused, "conflict": pmpsmart.ErrConflict,
	}
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   []string
		text   string
	}{
		{"a wrong password", 401, `{"message":"Email atau password salah"}`, []string{"unauthorized"}, "login: 401 Unauthorized: Email atau password salah"},
		{"a wrong password in a 200", 200, `{"status":401,"message":"Email atau password salah"}`, []string{"unauthorized"}, "login: 401 Unauthorized (in an HTTP 200): Email atau password salah"},
		{"in words", 200, `{"status":"error","message":"Email atau password salah"}`, []string{"unauthorized"}, "login: refused with HTTP 200: Email atau password salah"},
		{"blocked", 403, `{"message":"Akun diblokir"}`, []string{"unauthorized"}, "login: 403 Forbidden: Akun diblokir"},
		{"no email", 422, `{"errors":{"email":["Wajib"]}}`, []string{"unauthorized"}, "login: 422 Unprocessable Entity: email: Wajib"},
		{"no such path", 404, `{"message":""}`, []string{"unauthorized"}, "login: 404 Not Found; check the base URL, which goes as far as the version, as https://api.pmpsmart.com/api/v1 does"},
		{"no such path, in words", 404, `{"message":"The route api/login could not be found."}`, []string{"unauthorized"}, "login: 404 Not Found: The route api/login could not be found."},
		{"taken", 409, `{"message":"Sudah masuk"}`, []string{"unauthorized"}, "login: 409 Conflict: Sudah masuk"},
		{"too many", 429, `{"message":"Too Many Attempts."}`, []string{"rate limited"}, "login: 429 Too Many Requests: Too Many Attempts.; after 4 attempts"},
		{"down", 500, `{"message":"Server Error"}`, []string{"server"}, "login: 500 Internal Server Error: Server Error; after 4 attempts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, respond(tt.status, tt.body))
			c := newClient(t, s.URL, pmpsmart.WithCredentials(email, password))
			_, err := c.GetOrder(t.Context(), 7)
			for name, sentinel := range sentinels {
				wanted := strings.Contains(strings.Join(tt.want, ","), name)
				if wanted {
					require.ErrorIs(t, err, sentinel)
				} else {
					require.NotErrorIs(t, err, sentinel)
				}
			}
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, "Login", refusal.Op)
			require.Equal(t, tt.status, refusal.HTTPStatus)
			require.Equal(t, tt.status == http.StatusNotFound, refusal.Is(pmpsmart.ErrNotFound))
			require.EqualError(t, err, "pmpsmart: GetOrder: "+tt.text)
		})
	}
}

// Of the tokens in a response the surest name counts, then the nearest place; the
// others are no secrets of the session, and are not shown either.
func TestWhichTokenALoginTakes(t *testing.T) {
	t.Parallel()
	const others = "TokenUntukHalLain0123456789"
	for body, header := range map[string]string{
		`{"data":{"refresh":{"token":"` + others + `"},"access":{"token":"` + aToken + `","expires_in":60}}}`:                    "",
		`{"data":{"id":1,"token":"` + others + `"},"access_token":"` + aToken + `"}`:                                             "",
		`{"data":{"user":{"id":1},"tokens":{"access":{"token":"` + aToken + `"},"refresh":{"token":"` + others + `"}}}}`:         "",
		`{"accessToken":"` + aToken + `","token":{"id":"a1b2","user_id":1,"scopes":[]}}`:                                         "",
		`{"accessToken":{"id":3,"name":"api","abilities":["*"]},"plainTextToken":"` + aToken + `","fcm_token":"` + others + `"}`: "",
		`{"headers":{},"original":{"access_token":"` + aToken + `"},"exception":null}`:                                           "",
		`{"success":{"token":"` + aToken + `","name":"Budi"}}`:                                                                   "",
		`{"status":"success","data":{"id":1,"jwt":"` + aToken + `"}}`:                                                            "",
		`{"status":"success","message":"Login berhasil","data":{"id":1}}`:                                                        "Bearer " + aToken,
		``: "Bearer " + aToken,
	} {
		s := serve(t, respond(200, body, "Authorization", header))
		session, err := newClient(t, s.URL).Login(t.Context(), email, password)
		require.NoError(t, err, body)
		require.Equal(t, aToken, string(session.Token), body)
		requireClean(t, printed(t, session), aToken, others)
	}
}

// A response without a token names the members that came; unless it says that the login
// succeeded it is a refusal, which is final for the calls that wait for the login.
func TestLoginWithoutAToken(t *testing.T) {
	t.Parallel()
	const secret = "RahasiaDiBawahNamaLain0123456789"
	const none = "can't read the answer (HTTP 200, application/json): want a token named api_token, access_token, plainTextToken, auth_token, jwt or token, or an Authorization header, of at most 8192 bytes, and there is none; "
	for _, tt := range []struct{ name, body, want string }{
		{"a known success", `{"status":"success","message":"Login berhasil","data":{"id":7,"kunci":"` + secret + `"}}`, none + "the response has status, message, data.id, data.kunci"},
		{"a known success by a flag", `{"success":true,"data":{"api_token":null}}`, none + "the response has success, data.api_token"},
		{"a record alone", `{"data":{"id":7,"kunci":"` + secret + `"}}`, none + "the response has data.id, data.kunci"},
		{"a text", `{"data":"kunci ` + secret + `"}`, none + "the response has data"},
		{"nothing", `{}`, none + "the response has no members"},
		{"a list", `[]`, none + "the response has no members"},
		{"a name that is a secret", `{"data":{"` + password + `":1,"a\nb":2}}`, none + `the response has data.[redacted], "data.a b"`},
		{"names without end", `{"data":{` + manyMembers(30) + `}}`, none + "the response has " + memberList(20) + " and 10 more"},
		{"a refusal", `{"status":"error","message":"Email atau password salah"}`, "refused with HTTP 200: Email atau password salah"},
		{"a flag", `{"success":false,"message":"Email atau password salah","data":null}`, "refused with HTTP 200: Email atau password salah"},
		{"an unknown status", `{"status":"Unauthorized","message":"Email atau password salah"}`, "refused with HTTP 200: Email atau password salah"},
		{"an unknown status and a text", `{"status":"Unauthorized","data":"Unauthorized"}`, "refused with HTTP 200: Unauthorized; it holds no token; the response has status, data"},
		{"an unknown status alone", `{"status":"Email atau password salah"}`, "refused with HTTP 200: Email atau password salah"},
		{"an unknown status and a message in data", `{"status":"NG","data":{"message":"Email atau password salah"}}`, "refused with HTTP 200: Email atau password salah; it holds no token; the response has status, data.message"},
		{"a message alone", `{"message":"Email atau password salah"}`, "refused with HTTP 200: Email atau password salah"},
		{"a message and a record", `{"message":"Silakan verifikasi","data":{"id":7,"kunci":"` + secret + `"}}`, "refused with HTTP 200: Silakan verifikasi; it holds no token; the response has message, data.id, data.kunci"},
		{"a known success and no", `{"status":"success","message":"Email atau password salah","data":false}`, "refused with HTTP 200: Email atau password salah; it holds no token; the response has status, message, data"},
		{"no", `{"data":false}`, "refused with HTTP 200; it holds no token; the response has data"},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, ", strict ", strict), func(t *testing.T) {
				t.Parallel()
				options := []pmpsmart.Option{pmpsmart.WithCredentials(email, password)}
				if strict {
					options = append(options, pmpsmart.WithStrictDecoding())
				}
				s := serve(t, respond(200, tt.body))
				c := newClient(t, s.URL, options...)
				_, login := c.Login(t.Context(), email, password)
				require.EqualError(t, login, "pmpsmart: Login: "+tt.want)
				require.Len(t, s.Requests(), 1, "it is not repeated")
				_, list := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
				require.EqualError(t, list, "pmpsmart: ListOrders: login: "+tt.want)
				require.Len(t, s.Requests(), 2)
				isRefusal := strings.HasPrefix(tt.want, "refused")
				for _, err := range []error{login, list} {
					require.Equal(t, isRefusal, errors.Is(err, pmpsmart.ErrUnauthorized))
					require.NotErrorIs(t, err, pmpsmart.ErrNotFound)
					var unreadable *pmpsmart.DecodeError
					require.Equal(t, !isRefusal, errors.As(err, &unreadable))
					requireClean(t, everythingOf(t, err), secret, password)
				}
			})
		}
	}
}

func manyMembers(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"nama%d":1`, i))
	}
	return strings.Join(all, ",")
}

func memberList(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("data.nama%d", i))
	}
	return strings.Join(all, ", ")
}

// An email is one account, whatever stands around it, for the server and the store.
func TestWhiteSpaceAroundAnEmail(t *testing.T) {
	t.Setenv("PMPSMART_BASE_URL", "")
	t.Setenv("PMPSMART_TOKEN", "")
	t.Setenv("PMPSMART_PASSWORD", password)
	a := startAccount(t, &testserver.Account{Single: true})
	store := pmpsmart.WithTokenStore(pmpsmart.NewMemoryTokenStore())
	var clients []*pmpsmart.Client
	spellings := []string{email, email + "\n", " " + email, email + "\r\n", "\ufeff" + email, "\t" + email + "\u00a0", "\u200b" + email}
	for _, spelling := range spellings {
		t.Setenv("PMPSMART_EMAIL", spelling)
		clients = append(clients, a.client(store, pmpsmart.WithCredentials(spelling, password)), a.client(store, pmpsmart.FromEnv()))
	}
	for range 2 {
		for _, c := range clients {
			_, err := c.ListOutlets(t.Context())
			require.NoError(t, err)
		}
	}
	_, logins := a.Logins()
	require.Equal(t, 1, logins)

	for _, spelling := range spellings {
		_, err := clients[0].Login(t.Context(), spelling, password)
		require.NoError(t, err)
		a.ExpireTokens()
		_, err = clients[0].ListOutlets(t.Context())
		require.NoError(t, err, "the credentials are still those of the account")
	}
	for _, r := range a.Requests() {
		if strings.HasSuffix(r.Path, "/auth/login") {
			require.JSONEq(t, fmt.Sprintf(`{"email":%q,"password":%q}`, email, password), r.Body)
		}
	}
	_, err := clients[0].Login(t.Context(), " \n", password)
	require.EqualError(t, err, "pmpsmart: Login: email is empty")
}

// A store that is away under a short context is named, and the context's end stays
// wrapped.
func TestStoreAwayIsNamed(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		a := startAccount(t, new(testserver.Account))
		away := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		store := storeFuncs{
			load: func() (pmpsmart.Token, error) { return "", nil },
			replace: func(ctx context.Context, _ func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
				return "", away(ctx)
			},
		}
		c := a.client(pmpsmart.WithTokenStore(store))
		for op, do := range map[string]func(ctx context.Context) error{
			"ListOutlets": func(ctx context.Context) error { _, err := c.ListOutlets(ctx); return err },
			"Login":       func(ctx context.Context) error { _, err := c.Login(ctx, email, password); return err },
		} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			err := do(ctx)
			cancel()
			require.EqualError(t, err, "pmpsmart: "+op+": token store: context deadline exceeded")
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
	})
}
