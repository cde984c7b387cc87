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
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// echo responds as a server in debug mode does, with all that it received.
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

// Wherever a text is truncated, no part of a secret is left at its end, whether or
// not the text before the secret announces it.
func TestTruncationLeavesNoPartOfASecret(t *testing.T) {
	t.Parallel()
	for _, intro := range []string{"Authorization: Bearer ", "you sent "} {
		for shift := -len(aToken) - 2; shift <= 2; shift += 3 {
			text := func(cut int) (pad, body string) {
				pad = strings.Repeat("x", cut+shift-len(intro))
				return pad, pad + intro + aToken + " and more"
			}
			pad, body := text(512)
			_, err := once(serve(t, respond(200, body))).ListOutlets(t.Context())
			var broken *pmpsmart.DecodeError
			require.ErrorAs(t, err, &broken)
			require.True(t, strings.HasPrefix(string(broken.Snippet), pad), "it is cut no earlier")
			requireClean(t, err.Error()+string(broken.Snippet), aToken)

			pad, body = text(64 << 10)
			_, err = once(serve(t, respond(500, body))).ListOutlets(t.Context())
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			require.True(t, strings.HasPrefix(string(refusal.Body), pad), "it is cut no earlier")
			requireClean(t, err.Error()+string(refusal.Body), aToken)
		}
	}
}

// The handler sees the value of a drift, but not the request's own secrets.
func TestDriftShowsNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		success(`{"id":1,"user_id":"`+r.Header.Get("Authorization")+`"}`)(w, r)
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

// bodiesWith returns responses that show a text where an error, a drift or a log might
// truncate it, after so many bytes.
func bodiesWith(text string, before int) map[string]string {
	pad := strings.Repeat("x", before) + " "
	return map[string]string{
		"a message":              `{"status":"error","message":"` + pad + text + `"}`,
		"an error's message":     `{"error":{"message":"` + pad + text + `"}}`,
		"a status":               `{"status":"` + pad + text + `","success":false}`,
		"a validator's error":    `{"status":"error","errors":{"email":["` + pad + text + `"]}}`,
		"a page's title":         `<html><title>` + pad + text + `</title></html>`,
		"a text":                 pad + text,
		"data that is a text":    `{"data":"` + pad + text + `"}`,
		"an element":             `{"data":["` + pad + text + `"]}`,
		"broken JSON":            `{"data":[` + pad + text,
		"a word that is no JSON": `{"data":[{"id":` + text + pad,
		"noise":                  "<br />" + pad + text + "\n" + `{"data":[]}`,
		"a second value":         `{"data":[]} {"x":"` + pad + text + `"}`,
		"an odd field":           `{"data":[{"id":"` + pad + text + `"}]}`,
		"a link":                 `{"data":[{"id":1}],"next_page_url":"/x?offset=` + pad + text + `"}`,
		"an unknown status":      `{"status":"` + pad + text + `","data":[]}`,
	}
}

// No part of a secret is shown where a text is truncated.
func TestNoPartOfASecretIsShown(t *testing.T) {
	t.Parallel()
	const secret = aToken
	start := secret[2:8] // of which nothing longer may show
	var sent atomic.Pointer[http.HandlerFunc]
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { (*sent.Load())(w, r) })
	var told strings.Builder
	logger := slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
	shows := pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) { fmt.Fprintf(&told, "%+v %s\n", d, d.Got) })
	var clients []*pmpsmart.Client
	for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
		clients = append(clients, s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}), pmpsmart.WithLogger(logger), shows, strict))
	}
	// Texts are cut at 40, 80, 200, 500 and 8,192 bytes.
	befores := []int{0, 35, 75, 195, 495, 8185}
	if testserver.Long(t) {
		befores = []int{0, 5, 20, 35, 45, 60, 75, 165, 180, 195, 465, 480, 495, 8160, 8185}
	}
	for _, before := range befores {
		for name, body := range bodiesWith(secret, before) {
			for _, status := range []int{200, 500} {
				if status == 500 && before < 400 {
					continue // of which only the message is cut
				}
				response := respond(status, body)
				sent.Store(&response)
				told.Reset()
				for _, c := range clients {
					for _, o := range []operation{listing, reading, calling} {
						if err := o.do(t.Context(), c); err != nil {
							fmt.Fprintf(&told, "%v %+v %#v\n", err, err, err)
						}
					}
				}
				require.NotContains(t, told.String(), start, "%s after %d, HTTP %d", name, before, status)
			}
		}
	}
}

// Nor where Call shows what does not fit.
func TestNoPartOfASecretIsShownOfWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for before := 30; before < 80; before += 3 {
		s := serve(t, success(`"`+strings.Repeat("x", before)+" "+aToken+`"`))
		for _, strict := range []pmpsmart.Option{nil, pmpsmart.WithStrictDecoding()} {
			var n int
			err := s.client(strict).Call(t.Context(), "x", nil, &n)
			require.ErrorContains(t, err, "data: want int, got ")
			require.NotContains(t, printed(t, err), aToken[2:8], "after %d", before)
		}
	}
}

// What net/http quotes of a response's header is shown without its secrets.
func TestTransportErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nAuthorization %s\r\n\r\n", r.Header.Get("Authorization"))
	})
	err := reading.do(t.Context(), s.client())
	require.ErrorContains(t, err, "malformed MIME header")
	requireClean(t, printed(t, err), aToken)
}

// The content type of a response that can't be read may be anything.
func TestContentTypeShowsNoSecret(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(200, "x", "Content-Type", "text/"+aToken))
	err := reading.do(t.Context(), s.client())
	require.ErrorContains(t, err, "(HTTP 200, text/[redacted])")
	requireClean(t, printed(t, err), aToken)
}

// Every model, and what an Extra holds, is logged without secrets, whatever the
// handler.
func TestLoggedRecordsShowNoSecret(t *testing.T) {
	t.Parallel()
	const body = `{"id":7,"api_token":"` + aToken + `","remember_token":"rahasia-1","data":{"password":"rahasia-2"},"json_data":"{\"secret\":\"rahasia-3\"}","total":12}`
	for name, model := range models() {
		record := reflect.New(model)
		require.NoError(t, json.Unmarshal([]byte(body), record.Interface()))
		for how, value := range map[string]any{
			"a record": record.Elem().Interface(), "a pointer": record.Interface(), "its Extra": record.Elem().FieldByName("Extra").Interface(),
		} {
			var b bytes.Buffer
			for _, h := range []slog.Handler{slog.NewJSONHandler(&b, nil), slog.NewTextHandler(&b, nil)} {
				slog.New(h).Info("x", "v", value, slog.Group("g", "v", value))
			}
			require.NotContains(t, b.String(), aToken, name+" "+how)
			require.NotContains(t, b.String(), "rahasia", name+" "+how)
			require.Equal(t, 4, strings.Count(b.String(), "total"), name+" "+how)
			if how != "its Extra" {
				require.Contains(t, b.String(), `"v":{"id":7,`, "an object in JSON")
			}
		}
	}
}
