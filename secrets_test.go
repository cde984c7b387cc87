package pmpsmart_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
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
	return serve(t, answer(200, `{"status":"success","data":{"id":7,"name":"Budi","email":"api@pmpsmart.com","api_token":"`+aToken+`","remember_token":"ingat-aku-selalu","fcm_token":"fcm-rahasia-besar","password":"`+aPassword+`","kota":"Bandung"},"expires_at":"2026-03-01","refresh_token":"segarkan-lagi-dong"}`))
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
	for _, v := range []any{pmpsmart.WithToken(aToken), pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), store, pmpsmart.WithTokenStore(store), pmpsmart.FromEnv()} {
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

// The users of a list keep their tokens in Extra, which gives them when asked
// and does not print them.
func TestExtraPrintsNoSecret(t *testing.T) {
	t.Parallel()
	c := serve(t, ok(`[{"id":1,"fcm_token":"fcm-rahasia-besar","sub":{"Password":"`+aPassword+`","list":[{"client_secret":"`+aToken+`"}]},"json":"{\"api_token\":\"segarkan-lagi-dong\"}"}]`)).client()
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

// echo answers as a server in debug mode does, with all that it was sent.
func echo(status int, how func(r *http.Request, body string) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Request-Authorization", r.Header.Get("Authorization"))
		w.Header().Set("Location", "/login?api_token="+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		w.Header().Set("Set-Cookie", "laravel_session="+aToken)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, how(r, string(body)))
	}
}

// echoes are ways in which a server shows a request.
var echoes = map[string]func(r *http.Request, body string) string{
	"a debug page": func(r *http.Request, body string) string {
		return "<!DOCTYPE html><html><head><title>" + r.Header.Get("Authorization") + "</title></head><body><dt>authorization</dt><dd><pre>" + r.Header.Get("Authorization") + "</pre></dd><pre>" + body + "</pre></body></html>"
	},
	"Whoops' JSON": func(r *http.Request, body string) string {
		text, _ := json.Marshal(map[string]any{"message": "SQLSTATE: insert " + body, "request": map[string]any{"headers": r.Header, "body": body}})
		return string(text)
	},
	"a validator that shows its input": func(r *http.Request, body string) string {
		text, _ := json.Marshal(map[string]any{"status": "error", "message": body, "errors": map[string][]string{r.Header.Get("Authorization"): {body, r.Header.Get("Authorization")}}})
		return string(text)
	},
	"a dump": func(r *http.Request, body string) string { return fmt.Sprintf("%q %q", r.Header, body) },
	"half of JSON": func(r *http.Request, body string) string {
		return `{"data":{"authorization":"` + r.Header.Get("Authorization")
	},
	"a value as data": func(r *http.Request, body string) string {
		return `{"data":[{"id":1},"` + r.Header.Get("Authorization") + `"]}`
	},
	"an element": func(r *http.Request, body string) string {
		return `["` + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + `"]`
	},
	"a text before JSON": func(r *http.Request, body string) string {
		return "Warning: " + r.Header.Get("Authorization") + " in x.php\n{}x"
	},
	"two values": func(r *http.Request, body string) string {
		return `{"data":[]}{"x":"` + r.Header.Get("Authorization") + `"}`
	},
	"the body alone": func(r *http.Request, body string) string { return body },
	"cut in the middle of the token": func(r *http.Request, body string) string {
		return strings.Repeat("x", 300) + " " + r.Header.Get("Authorization")[:len("Bearer ")+len(aToken)/2+3]
	},
}

func TestErrorsPrintNoSecret(t *testing.T) {
	t.Parallel()
	for name, how := range echoes {
		for _, status := range []int{200, 302, 401, 422, 500, 503} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				t.Parallel()
				var logged bytes.Buffer
				logger := slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
				s := serve(t, echo(status, how))
				c := s.client(pmpsmart.WithLogger(logger))
				for _, o := range []operation{reading, overwriting, creating, calling, listing, loggingIn} {
					err := o.do(t.Context(), c)
					if err == nil {
						continue
					}
					requireClean(t, everythingOf(t, err), aToken, aPassword)
				}
				requireClean(t, logged.String(), aToken, aPassword)
			})
		}
	}
}

// everythingOf prints an error, all that it wraps and all their fields.
func everythingOf(t *testing.T, err error) string {
	text := err.Error() + printed(t, err)
	var refusal *pmpsmart.APIError
	if errors.As(err, &refusal) {
		text += fmt.Sprint(printed(t, *refusal), string(refusal.Body), refusal.Header, refusal.Message, refusal.Status, refusal.Fields)
	}
	var broken *pmpsmart.DecodeError
	if errors.As(err, &broken) {
		text += fmt.Sprint(printed(t, *broken), string(broken.Snippet), broken.Err)
	}
	if inner := errors.Unwrap(err); inner != nil {
		text += everythingOf(t, inner)
	}
	return text
}

// Wherever a cut falls, no half of a secret is left before it, whether or not what
// stands before the secret tells that one follows.
func TestNoCutLeavesHalfASecret(t *testing.T) {
	t.Parallel()
	for _, intro := range []string{"Authorization: Bearer ", "you sent "} {
		for shift := -len(aToken) - 2; shift <= 2; shift += 3 {
			text := func(cut int) (pad, body string) {
				pad = strings.Repeat("x", cut+shift-len(intro))
				return pad, pad + intro + aToken + " and more"
			}
			pad, body := text(512)
			_, err := once(serve(t, answer(200, body))).ListOutlets(t.Context())
			var broken *pmpsmart.DecodeError
			require.ErrorAs(t, err, &broken)
			require.True(t, strings.HasPrefix(string(broken.Snippet), pad), "it is cut no earlier")
			requireClean(t, err.Error()+string(broken.Snippet), aToken)

			pad, body = text(64 << 10)
			_, err = once(serve(t, answer(500, body))).ListOutlets(t.Context())
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.True(t, strings.HasPrefix(string(refusal.Body), pad), "it is cut no earlier")
			requireClean(t, err.Error()+string(refusal.Body), aToken)
		}
	}
}

func TestALoginsDecodeErrorHasNoSnippet(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no token":       `{"status":"success","data":{"id":1,"jwt":"` + aToken + `"}}`,
		"a token of two": `{"data":{"api_token":"` + aToken + ` x"}}`,
		"half of JSON":   `{"data":{"jwt":"` + aToken,
		"a text":         "jwt " + aToken,
		"two values":     `{}{"jwt":"` + aToken + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t, serve(t, answer(200, body)).URL).Login(t.Context(), "api@pmpsmart.com", aPassword)
			var broken *pmpsmart.DecodeError
			require.ErrorAs(t, err, &broken)
			require.Nil(t, broken.Snippet)
			requireClean(t, everythingOf(t, err), aToken, aPassword)
		})
	}
}

// What a drift met is shown to the handler, but not the request's own secrets.
func TestDriftShowsNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ok(`{"id":1,"user_id":"`+r.Header.Get("Authorization")+`"}`)(w, r)
	})
	var told strings.Builder
	logger := slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_, err := s.client(pmpsmart.WithLogger(logger), pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { fmt.Fprintf(&told, "%+v %s", d, d.Got) })).GetOrder(t.Context(), 1)
	require.NoError(t, err)
	requireClean(t, told.String(), aToken)

	var n struct {
		UserID int `json:"user_id"`
	}
	err = s.client(pmpsmart.WithStrictDecoding()).Call(t.Context(), "x?api_token="+aPassword, nil, &n)
	requireClean(t, everythingOf(t, err), aToken, aPassword)
	require.Contains(t, err.Error(), "pmpsmart: Call: x?api_token=[redacted]: can't read the answer")
}
