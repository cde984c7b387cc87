package pmpsmart_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// expiredForms are the ways in which servers say that a token has expired.
var expiredForms = map[string]http.HandlerFunc{
	"401":                          testserver.Unauthenticated,
	"440":                          respond(440, `{"message":"Login Time-out"}`),
	"498":                          respond(498, ""),
	"invalid_token":                respond(403, `{"message":"Forbidden"}`, "WWW-Authenticate", `Bearer error="invalid_token"`),
	"401 in a 200":                 respond(200, `{"status":401,"message":"Token kedaluwarsa"}`),
	"a code in a 200":              respond(200, `{"status":false,"kode":401,"pesan":"Token kadaluarsa"}`),
	"rc in a 200":                  respond(200, `{"status":"error","rc":"401","message":"Token kadaluarsa"}`),
	"UNAUTHENTICATED in a 200":     respond(200, `{"error":{"code":"UNAUTHENTICATED","message":"x"}}`),
	"JSON:API's in a 200":          respond(200, `{"errors":[{"status":"401","title":"Unauthorized"}]}`),
	"a code in a 400":              respond(400, `{"error":"token_expired"}`),
	"an exception in a 500":        respond(500, `{"message":"Token has expired","exception":"Tymon\\JWTAuth\\Exceptions\\TokenExpiredException","file":"x.php","line":1,"trace":[]}`),
	"an exception in a 200":        respond(200, `{"status":false,"message":"Token has expired","exception":"TokenExpiredException"}`),
	"an exception in a 200, alone": respond(200, `{"message":"Token has expired","exception":"Tymon\\JWTAuth\\Exceptions\\TokenExpiredException"}`),
	"rc in a 200, alone":           respond(200, `{"rc":"401","message":"Token kadaluarsa"}`),
	"UNAUTHENTICATED, alone":       respond(200, `{"code":"UNAUTHENTICATED","message":"x"}`),
	"a redirect":                   respond(302, "", "Location", "https://api.pmpsmart.com/login"),
	"a redirect that keeps a POST": respond(307, "", "Location", "/login"),
}

// withRecord responds to every request with a valid token with one record.
func withRecord(form http.HandlerFunc) *testserver.Account {
	return &testserver.Account{OnCall: func(token string, w http.ResponseWriter, r *http.Request) bool {
		if token == expiredToken {
			form(w, r)
		} else {
			success(`{"id":198,"status":"completed"}`)(w, r)
		}
		return true
	}}
}

var operations = []operation{reading, overwriting, creating, calling, listing}

func TestEachFormOfAnExpiredTokenLogsInOnce(t *testing.T) {
	t.Parallel()
	for name, form := range expiredForms {
		for _, o := range operations {
			t.Run(name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				a := startAccount(t, withRecord(form))
				require.NoError(t, o.do(t.Context(), a.client(pmpsmart.WithToken(expiredToken))))
				require.Equal(t, []string{"1", "login", "2"}, a.Tokens())
			})
		}
	}
}

// The first token may be one that another program's login has ended since.
func TestTheFirstTokenMayHaveExpired(t *testing.T) {
	t.Parallel()
	for name, form := range expiredForms {
		var first atomic.Bool
		a := startAccount(t, &testserver.Account{OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool {
			if first.CompareAndSwap(false, true) {
				form(w, r)
				return true
			}
			return false
		}})
		require.NoError(t, listing.do(t.Context(), a.client()), name)
		require.Equal(t, []string{"login", "2", "login", "3"}, a.Tokens(), name)
	}
}

// Without credentials, or with a new token refused as well, each form is ErrUnauthorized.
func TestEachFormOfAnExpiredTokenIsUnauthorized(t *testing.T) {
	t.Parallel()
	for name, form := range expiredForms {
		for _, o := range operations {
			t.Run(name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, form)
				err := o.do(t.Context(), s.client())
				require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
				require.ErrorContains(t, err, "401 Unauthorized")
				require.ErrorContains(t, err, relogin)
				var open *pmpsmart.OutcomeUnknownError
				require.NotErrorAs(t, err, &open)
				require.Len(t, s.Requests(), 1)

				a := startAccount(t, &testserver.Account{OnCall: func(_ string, w http.ResponseWriter, r *http.Request) bool { form(w, r); return true }})
				err = o.do(t.Context(), a.client(pmpsmart.WithToken(expiredToken)))
				require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
				require.ErrorContains(t, err, "a token fresh from a login was refused")
				require.Equal(t, []string{"1", "login", "2"}, a.Tokens())
			})
		}
		t.Run(name+" Logout", func(t *testing.T) {
			t.Parallel()
			require.NoError(t, serve(t, form).client().Logout(t.Context()), "it was one already")
		})
	}
}

func TestARedirectToALoginPageNamesIt(t *testing.T) {
	t.Parallel()
	err := reading.do(t.Context(), serve(t, expiredForms["a redirect"]).client())
	require.EqualError(t, err, "pmpsmart: GetOrder: 401 Unauthorized (in an HTTP 302); it points to https://api.pmpsmart.com/login, and redirects are not followed"+relogin)
}

// A login has no token that could have expired.
func TestALoginIsNotToldOfAnExpiredToken(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"440": "HTTP 440: Login Time-out", "a redirect": "302 Found; it points to https://api.pmpsmart.com/login"} {
		err := loggingIn.do(t.Context(), serve(t, expiredForms[name]).client())
		require.ErrorContains(t, err, "pmpsmart: Login: "+want)
		require.NotErrorIs(t, err, pmpsmart.ErrUnauthorized)
	}
}

// A 419 is Laravel's CSRF check, and what follows no form is what it says.
func TestOtherRefusalsKeepTheToken(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]http.HandlerFunc{
		"419":            respond(419, `{"message":"CSRF token mismatch."}`),
		"403":            respond(403, `{"message":"This action is unauthorized."}`, "WWW-Authenticate", `Bearer error="insufficient_scope"`),
		"words":          respond(400, `{"message":"Token is expired"}`),
		"another page":   respond(302, "", "Location", "/maintenance"),
		"another's JWT":  respond(500, `{"exception":"App\\FcmTokenException","message":"x"}`),
		"an odd element": success(`[{"code":401},2]`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startAccount(t, withRecord(refusal))
			err := listing.do(t.Context(), a.client(pmpsmart.WithToken(expiredToken), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})))
			require.Error(t, err)
			require.NotErrorIs(t, err, pmpsmart.ErrUnauthorized)
			require.Equal(t, []string{"1"}, a.Tokens())
		})
	}
}

// endingAccount is a server whose logins state when their tokens end, and which refuses
// with that status what comes without the newest token.
func endingAccount(status int, ending string) *testserver.Account {
	logins := 0
	newest := func() string { return fmt.Sprintf("%d|token-yang-menyebut-akhirnya", logins) }
	return &testserver.Account{
		OnLogin: func(n int, w http.ResponseWriter, r *http.Request) bool {
			logins = n
			success(fmt.Sprintf(`{"access_token":%q,%s}`, newest(), fmt.Sprintf(ending, time.Now().Add(time.Hour).Unix())))(w, r)
			return true
		},
		OnCall: func(token string, w http.ResponseWriter, r *http.Request) bool {
			if token == newest() {
				success(`{"id":198,"status":"completed"}`)(w, r)
			} else {
				respond(status, `{"message":"x"}`)(w, r)
			}
			return true
		},
	}
}

// Any 4xx on a token past its own stated end may be due to that.
func TestA4xxOnATokenPastItsStatedEndLogsIn(t *testing.T) {
	t.Parallel()
	for _, ending := range []string{`"expires_in":3600,"x":%d`, `"expires_at":%d`, `"exp":"%d"`} {
		for _, status := range []int{400, 403, 404, 419, 422} {
			for _, o := range operations {
				testserver.Bubble(t, func(t *testing.T) {
					account := endingAccount(status, ending)
					a := startAccount(t, account)
					c := a.client()
					require.NoError(t, o.do(t.Context(), c))
					serveCall := account.OnCall
					account.OnCall = func(token string, w http.ResponseWriter, r *http.Request) bool {
						if token[0] == '1' {
							token = "dead"
						}
						return serveCall(token, w, r)
					}
					time.Sleep(59 * time.Minute)
					require.Error(t, o.do(t.Context(), c), "it has not ended")
					time.Sleep(2 * time.Minute)
					require.NoError(t, o.do(t.Context(), c))
					require.Equal(t, []string{"login", "1", "1", "1", "login", "2"}, a.Tokens())
				})
			}
		}
	}
}

// What a new token does not change stays what it was, and is asked for once.
func TestA4xxWithANewTokenIsWhatItSays(t *testing.T) {
	t.Parallel()
	jwt := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1}`)) + ".c2ln"
	for _, row := range []struct {
		status int
		tokens []string
	}{
		{403, []string{jwt, "login", "2"}}, {404, []string{jwt, "login", "2"}}, {422, []string{jwt, "login", "2"}},
		{408, []string{jwt}}, {425, []string{jwt}}, {429, []string{jwt}}, {500, []string{jwt}},
	} {
		refuse := func(_ string, w http.ResponseWriter, r *http.Request) bool {
			respond(row.status, `{"message":"x"}`)(w, r)
			return true
		}
		a := startAccount(t, &testserver.Account{OnCall: refuse})
		once := pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})
		err := reading.do(t.Context(), a.client(pmpsmart.WithToken(jwt), once))
		require.EqualError(t, err, "pmpsmart: GetOrder: "+fmt.Sprint(row.status)+" "+http.StatusText(row.status)+": x")
		require.Equal(t, row.tokens, a.Tokens())

		s := serve(t, respond(row.status, `{"message":"x"}`))
		err = reading.do(t.Context(), newClient(t, s.BaseURL(), pmpsmart.WithToken(jwt), once))
		require.NotErrorIs(t, err, pmpsmart.ErrUnauthorized)
		if slices.Contains(row.tokens, "login") {
			require.ErrorContains(t, err, "x; the token has expired and there are no credentials to log in again with")
		}
		require.Len(t, s.Requests(), 1)
	}
	a := startAccount(t, withRecord(success(`null`))) // no refusal
	err := reading.do(t.Context(), a.client(pmpsmart.WithToken(expiredToken)))
	require.ErrorIs(t, err, pmpsmart.ErrNotFound)
}
