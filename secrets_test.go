package pmpsmart_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// printVerbs are those of fmt that take any value, rightly or as a mistake. (%w and %p
// of a Token itself can't be kept from printing it.)
var printVerbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%e", "%c", "%U", "%z", "%10.3v", "%-40s", "%T"}

// printed is everything that a program might print of v.
func printed(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	for _, verb := range printVerbs {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	fmt.Fprintln(&b, v)
	fmt.Fprintf(&b, "%v %+v %#v\n", []any{v}, map[string]any{"v": v}, struct{ V any }{v})
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v, slog.Group("g", slog.Any("v", v)))
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v, slog.Group("g", slog.Any("v", v)))
	text, _ := json.Marshal(v)
	b.Write(text)
	return b.String()
}

// requireClean fails where text shows one of the secrets, also in hexadecimal or
// as one of its halves.
func requireClean(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for _, form := range []string{secret, secret[:len(secret)/2], secret[len(secret)/2:]} {
			for _, written := range []string{form, fmt.Sprintf("%x", form), fmt.Sprintf("%X", form), fmt.Sprintf("% x", form)} {
				if at := strings.Index(text, written); at >= 0 {
					require.FailNow(t, "a secret shows", "%s in …%s…", written, text[max(at-80, 0):min(at+80, len(text))])
				}
			}
		}
	}
}

// loginServer logs in with aToken, for a user with secrets of its own.
func loginServer(t *testing.T) *server {
	return serve(t, respond(200, `{"status":"success","data":{"id":7,"name":"Budi","email":"api@pmpsmart.com","api_token":"`+aToken+`","remember_token":"ingat-aku-selalu","fcm_token":"fcm-rahasia-besar","password":"`+aPassword+`","kota":"Bandung"},"expires_at":"2026-03-01","refresh_token":"segarkan-lagi-dong"}`))
}

var secretsOfLogin = []string{aToken, aPassword, "ingat-aku-selalu", "fcm-rahasia-besar", "segarkan-lagi-dong"}

func TestClientPrintsNoSecret(t *testing.T) {
	t.Parallel()
	s := loginServer(t)
	c := newClient(t, s.URL+"/api/v1", pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), pmpsmart.WithToken(aToken))
	_, err := c.Login(t.Context(), "api@pmpsmart.com", aPassword)
	require.NoError(t, err)
	type app struct{ client *pmpsmart.Client }
	for _, v := range []any{c, *c, app{c}, &app{c}, []*pmpsmart.Client{c}, struct{ c pmpsmart.Client }{*c}, struct{ c *pmpsmart.Client }{c}} {
		requireClean(t, printed(t, v), secretsOfLogin...)
		for _, mistake := range []string{"%w", "%p", "%!"} {
			requireClean(t, fmt.Sprintf(mistake, v), secretsOfLogin...)
		}
	}
	require.Equal(t, "pmpsmart.Client("+s.URL+"/api/v1)", fmt.Sprint(c))
	require.Equal(t, "<nil>", fmt.Sprint((*pmpsmart.Client)(nil)))
}

func TestOptionsPrintNoSecret(t *testing.T) {
	t.Parallel()
	store := pmpsmart.NewMemoryTokenStore()
	_, err := store.Replace(t.Context(), pmpsmart.Account{Email: "api@pmpsmart.com"}, "", func(context.Context) (pmpsmart.Token, error) { return aToken, nil })
	require.NoError(t, err)
	for _, v := range []any{pmpsmart.WithToken(aToken), pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), store, pmpsmart.WithTokenStore(store), pmpsmart.FromEnv(),
		pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { return "api@pmpsmart.com", aPassword, nil })} {
		requireClean(t, printed(t, v), secretsOfLogin...)
	}
}

func TestTokenPrintsNoSecret(t *testing.T) {
	t.Parallel()
	token := pmpsmart.Token(aToken)
	for _, v := range []any{token, &token, []pmpsmart.Token{token}, map[string]pmpsmart.Token{"t": token}, struct{ T pmpsmart.Token }{token}} {
		requireClean(t, printed(t, v), aToken)
	}
	require.Equal(t, "[redacted]", fmt.Sprint(token))
	require.Empty(t, fmt.Sprint(pmpsmart.Token("")))
	text, err := json.Marshal([]pmpsmart.Token{token, ""})
	require.NoError(t, err)
	require.Equal(t, `["[redacted]",""]`, string(text))
	require.Equal(t, aToken, string(token))
}

func TestSessionPrintsNoSecret(t *testing.T) {
	t.Parallel()
	c := newClient(t, loginServer(t).URL)
	session, err := c.Login(t.Context(), "api@pmpsmart.com", aPassword)
	require.NoError(t, err)
	require.Equal(t, aToken, string(session.Token))
	require.Equal(t, pmpsmart.User{ID: 7, Name: "Budi", Email: "api@pmpsmart.com", Extra: session.User.Extra}, session.User)
	require.Equal(t, `{"kota":"Bandung"}`, session.User.Extra.String())
	require.Equal(t, `{"expires_at":"2026-03-01"}`, session.Extra.String())
	for _, v := range []any{session, *session, session.User, session.Extra, []pmpsmart.Session{*session}} {
		requireClean(t, printed(t, v), secretsOfLogin...)
	}
	for _, extra := range []pmpsmart.Extra{session.Extra, session.User.Extra} {
		for name, value := range extra.All() {
			requireClean(t, name+string(value), secretsOfLogin...)
		}
	}
}

// The users of a list keep their tokens in Extra, which returns them and does not
// print them.
func TestExtraPrintsNoSecret(t *testing.T) {
	t.Parallel()
	c := serve(t, success(`[{"id":1,"fcm_token":"fcm-rahasia-besar","sub":{"Password":"`+aPassword+`","list":[{"client_secret":"`+aToken+`"}]},"json":"{\"api_token\":\"segarkan-lagi-dong\"}"}]`)).client()
	users, err := c.ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{})
	require.NoError(t, err)
	const shown = `{"fcm_token":"[redacted]","sub":{"Password":"[redacted]","list":[{"client_secret":"[redacted]"}]},"json":"{\"api_token\":\"[redacted]\"}"}`
	require.Equal(t, shown, users[0].Extra.String())
	for _, v := range []any{users[0].Extra, users[0], users, &users[0]} {
		var b strings.Builder
		for _, verb := range printVerbs {
			fmt.Fprintf(&b, verb, v)
		}
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		requireClean(t, b.String(), secretsOfLogin...)
	}
	require.Equal(t, `"fcm-rahasia-besar"`, string(users[0].Extra.Get("fcm_token")))
	text, err := json.Marshal(users[0])
	require.NoError(t, err)
	require.Contains(t, string(text), `"fcm_token":"fcm-rahasia-besar"`)
}

// fmt calls no methods below a verb that does not fit: a session formats itself.
func TestASessionInsideOthersShowsNoToken(t *testing.T) {
	t.Parallel()
	s := &pmpsmart.Session{Token: aToken, User: pmpsmart.User{ID: 7, Name: "Budi"}}
	for _, verb := range printVerbs {
		for _, holder := range []any{s, *s, []*pmpsmart.Session{s}, []pmpsmart.Session{*s}, []any{s}, map[string]*pmpsmart.Session{"s": s}, struct{ S *pmpsmart.Session }{s}} {
			requireClean(t, fmt.Sprintf(verb, holder), aToken)
		}
	}
	require.Equal(t, "{Token:[redacted] User:{ID:7 Name:Budi Email: CreatedAt:0001-01-01 00:00:00 +0000 UTC UpdatedAt:0001-01-01 00:00:00 +0000 UTC Extra:{}} Extra:{}}", fmt.Sprintf("%+v", s))
}

// A login's members that show the token or the password under other names, in
// whatever spelling, are left out of what is kept of it.
func TestALoginsExtraShowsNoSecret(t *testing.T) {
	t.Parallel()
	const token = "5|AbC/dEf+GhI0123456789"
	escaped := strings.ReplaceAll(token, "/", `\/`)
	s := serve(t, success(`{"api_token":"`+escaped+`","jwt":"`+escaped+`","kata":"`+aPassword+`","kota":"Bandung",
		"user":{"id":7,"bearer":"`+strings.ReplaceAll(token, "/", `\u002f`)+`","headers":{"x":["`+escaped+`"]},"pwd":"`+aPassword+`","kota":"Medan"}}`))
	session, err := newClient(t, s.URL).Login(t.Context(), email, aPassword)
	require.NoError(t, err)
	require.Equal(t, token, string(session.Token))
	require.Equal(t, `{"kota":"Bandung"}`, session.Extra.String())
	require.Equal(t, `{"kota":"Medan"}`, session.User.Extra.String())
	require.NotContains(t, printed(t, session), "AbC")
}

// What a token prints as is none.
func TestAPrintedTokenIsNone(t *testing.T) {
	t.Parallel()
	_, err := pmpsmart.New(pmpsmart.WithToken(fmt.Sprint(pmpsmart.Token(aToken))))
	require.EqualError(t, err, "pmpsmart: New: WithToken is empty or holds characters that no token has")
}

// What a call's own login leaves to be printed: stores, errors and all they
// wrap, the log.
func TestLoginShowsNoSecret(t *testing.T) {
	t.Parallel()
	var evil atomic.Bool
	a := startAccount(t, &testserver.Account{Single: true, OnLogin: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if evil.Load() {
			respond(418, `{"message":"`+password+`","headers":{"authorization":"Bearer `+expiredToken+`"},"password":"`+password+`"}`, "X-Echo", password)(w, r)
		}
		return evil.Load()
	}})
	var log lines
	memory, files := pmpsmart.NewMemoryTokenStore(), fileStore(t, t.TempDir())
	options := []pmpsmart.Option{pmpsmart.WithToken(expiredToken), pmpsmart.WithTokenStore(memory), pmpsmart.WithLogger(log.logger(slog.LevelDebug))}
	c := a.client(options...)
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	session, err := c.Login(t.Context(), email, password)
	require.NoError(t, err)
	keep(t, files, anAccount, string(session.Token))
	evil.Store(true)
	a.ExpireTokens()
	_, login := c.Login(t.Context(), email, password)
	require.EqualError(t, login, "pmpsmart: Login: 418 I'm a teapot: [redacted]")
	_, inner := c.ListOutlets(t.Context())
	require.EqualError(t, inner, "pmpsmart: ListOutlets: login: 418 I'm a teapot: [redacted]")
	all := []any{c, *c, options, session, *session, memory, files, struct{ s pmpsmart.TokenStore }{memory}}
	for _, err := range []error{login, inner} {
		for ; err != nil; err = errors.Unwrap(err) {
			all = append(all, err)
		}
	}
	for _, v := range all {
		requireClean(t, printed(t, v), password, string(session.Token), expiredToken)
	}
	requireClean(t, strings.Join(log.all(), "\n"), password, string(session.Token), expiredToken)
	require.Equal(t, "pmpsmart.MemoryTokenStore", fmt.Sprint(memory))
}

func TestALoginsDecodeErrorHasNoSnippet(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no token":       `{"status":"success","data":{"id":1,"kunci":"` + aToken + `"}}`,
		"a token of two": `{"data":{"api_token":"` + aToken + ` x"}}`,
		"half of JSON":   `{"data":{"kunci":"` + aToken,
		"a text":         "kunci " + aToken,
		"two values":     `{}{"kunci":"` + aToken + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, serve(t, respond(200, body)).URL).Login(t.Context(), "api@pmpsmart.com", aPassword)
			var broken *pmpsmart.DecodeError
			require.ErrorAs(t, err, &broken)
			require.Nil(t, broken.Snippet)
			requireClean(t, everythingOf(t, err), aToken, aPassword)
		})
	}
}
