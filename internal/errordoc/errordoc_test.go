// Package errordoc writes docs/errors.md: the errors that a newcomer meets, as
// they print.
package errordoc

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

var update = flag.Bool("update", false, "write docs/errors.md anew")

const file = "../../docs/errors.md"

// A row is an error, what a person did to meet it and what helps.
type row struct {
	title, help string
	err         error
}

// TestEveryKindIsDecided has each exported error type and sentinel in the table.
func TestEveryKindIsDecided(t *testing.T) {
	files, err := filepath.Glob("../../*.go")
	require.NoError(t, err)
	var kinds []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for name, object := range file.Scope.Objects { //nolint:staticcheck // enough for names
			switch {
			case object.Kind == ast.Var && strings.HasPrefix(name, "Err"): //nolint:staticcheck // as above
				kinds = append(kinds, "`"+name+"`")
			case object.Kind == ast.Typ && ast.IsExported(name) && strings.HasSuffix(name, "Error"): //nolint:staticcheck // as above
				kinds = append(kinds, "`*"+name+"`")
			}
		}
	}
	require.Greater(t, len(kinds), 15)
	for _, kind := range kinds {
		row := regexp.MustCompile(`(?m)^\| (\d+\.|–) \| [^|]*` + regexp.QuoteMeta(kind))
		require.Regexp(t, row, decisions, "no row decides what to do about it")
	}
}

func TestErrorsPage(t *testing.T) {
	page := header
	for _, r := range append(beforeSending(t), afterSending(t)...) {
		require.Error(t, r.err, r.title)
		page += fmt.Sprintf("\n## %s\n```\n%s\n```\n%s\n", r.title, clean(r.err.Error()), r.help)
	}
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(page), 0o644))
	}
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, page, string(written), "docs/errors.md is not what is printed: run `make errors`")
}

var header = `# Errors
What your program should do about each kind of error, and the errors that you may meet on the way to a first order, as they print. ` + "`go test ./internal/errordoc`" + ` checks that the tables name every kind and that this page shows what the library prints.

` + decisions + `
# As they print
`

var ports = map[string]bool{}

// clean replaces what differs from run to run.
func clean(text string) string {
	for port := range ports {
		text = strings.ReplaceAll(text, ":"+port, ":8089")
	}
	return text
}

// serve answers every request with a status, a content type and a body.
func serve(t *testing.T, status int, kind, body string, header ...string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return base(t, server.URL)
}

func base(t *testing.T, address string) string {
	u, err := url.Parse(address)
	require.NoError(t, err)
	ports[u.Port()] = true
	return address + "/api/v1"
}

// closed is an address where nobody listens.
func closed(t *testing.T) string {
	return base(t, strings.TrimSuffix(testserver.Unreachable(t), testserver.BasePath))
}

func client(t *testing.T, base string, opts ...pmpsmart.Option) *pmpsmart.Client {
	opts = append([]pmpsmart.Option{pmpsmart.WithBaseURL(base), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})}, opts...)
	c, err := pmpsmart.New(opts...)
	require.NoError(t, err)
	return c
}

func list(t *testing.T, base string, opts ...pmpsmart.Option) error {
	_, err := client(t, base, opts...).ListOrders(context.Background(), pmpsmart.OrderFilter{})
	return err
}

// listAgain returns the error of a second list of the same client.
func listAgain(t *testing.T, base string, opts ...pmpsmart.Option) error {
	c := client(t, base, opts...)
	_, _ = c.ListOrders(context.Background(), pmpsmart.OrderFilter{})
	_, err := c.ListOrders(context.Background(), pmpsmart.OrderFilter{})
	return err
}

// loginAlone lets everybody log in and nobody do anything else.
func loginAlone(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/auth/login") {
			_, _ = io.WriteString(w, `{"status":"success","data":{"api_token":"5|AbCdEfGhIjKl"}}`)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"message":"Unauthenticated."}`)
	}))
	t.Cleanup(server.Close)
	return base(t, server.URL)
}

// selfSigned is a server whose certificate is its own.
func selfSigned(t *testing.T) string {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return base(t, server.URL)
}

// ended is a call whose context ends while the server is silent.
func ended(t *testing.T, base string, opts ...pmpsmart.Option) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), 50*time.Millisecond, errors.New("the page was closed"))
	defer cancel()
	_, err := client(t, base, opts...).ListOrders(ctx, pmpsmart.OrderFilter{})
	return err
}

// noClient is a call of a client that is nil.
func noClient() error {
	var c *pmpsmart.Client
	_, err := c.ListOutlets(context.Background())
	return err
}

// misspelled is a call with the status of another kind of order.
func misspelled(t *testing.T) error {
	_, err := client(t, "https://api.pmpsmart.com/api/v1").ListOrders(context.Background(), pmpsmart.OrderFilter{Status: "completed"})
	return err
}

// spent is a call of a client that has spent its retry budget.
func spent(t *testing.T) error {
	c := client(t, serve(t, 502, "text/html", ""), pmpsmart.WithToken("5|AbCdEfGhIjKl"), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 101, MinWait: 1, MaxWait: 1}))
	_, err := c.ListOutlets(context.Background())
	require.Error(t, err)
	_, err = c.ListOrders(context.Background(), pmpsmart.OrderFilter{})
	return err
}

func beforeSending(t *testing.T) []row {
	_, plain := pmpsmart.New(pmpsmart.WithBaseURL("http://api.pmpsmart.com/api/v1"))
	_, address := pmpsmart.New(pmpsmart.WithBaseURL("api.pmpsmart.com"))
	t.Setenv("PMPSMART_PASSWORD", "")
	t.Setenv("PMPSMART_EMAIL", "api@pmpsmart.com")
	_, half := pmpsmart.New(pmpsmart.FromEnv())
	_, unit := pmpsmart.New(pmpsmart.WithTimeout(30))
	c := client(t, "https://api.pmpsmart.com/api/v1", pmpsmart.WithToken("token"))
	_, input := c.GetOrder(context.Background(), 0)
	return []row{
		{"No credentials", "Give `WithCredentials`, or set `PMPSMART_EMAIL` and `PMPSMART_PASSWORD` and use `FromEnv`. Matches `ErrUnauthorized`; nothing was sent.",
			list(t, "https://api.pmpsmart.com/api/v1")},
		{"Email without password", "The environment has only one of the two.", half},
		{"http instead of https", "Write https. `AllowInsecureHTTP` is for networks that you trust.", plain},
		{"An incomplete base URL", "It needs the scheme and the path up to `v1`.", address},
		{"A Client that New did not make", "Check the error of `New` before you use the client. Matches `ErrInvalidInput`.", noClient()},
		{"A timeout without a unit", "A bare number is in nanoseconds.", unit},
		{"An invalid argument", "An `*InputError` names the parameter; nothing was sent. Matches `ErrInvalidInput`.", input},
	}
}

func afterSending(t *testing.T) []row {
	token := pmpsmart.WithToken("5|AbCdEfGhIjKl")
	account := pmpsmart.WithCredentials("api@pmpsmart.com", "a wrong password")
	json, html := "application/json", "text/html; charset=UTF-8"
	refused := serve(t, 401, json, `{"status":"error","message":"Email atau password salah"}`)
	dead := serve(t, 401, json, `{"message":"Unauthenticated."}`)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	down := serve(t, 503, json, `{"message":"Service Unavailable"}`, "Retry-After", "60")
	_, missing := client(t, serve(t, 404, json, `{"message":"No query results for model [App\\Models\\Order] 999"}`), token).GetOrder(context.Background(), 999)
	_, invalid := client(t, serve(t, 422, json, `{"message":"The given data was invalid.","errors":{"kode_outlet":["The kode outlet has already been taken."]}}`), token).
		UpdateOutletCode(context.Background(), 88, "OUT-001")
	_, unknown := client(t, serve(t, 500, json, `{"message":"Server Error"}`), token).
		InsertJSONOrder(context.Background(), pmpsmart.JSONOrderInput{Code: "PMP-1", Data: map[string]int{"qty": 1}, Status: pmpsmart.JSONOrderCompleted})
	_, none := client(t, serve(t, 200, json, `{"status":"success","message":"Data order berhasil diambil","data":[]}`), token).GetOrder(context.Background(), 198)
	return []row{
		{"A wrong password", "The server's own message follows the status. Matches `ErrUnauthorized`.", list(t, refused, account)},
		{"A wrong password, again", "A pair that was refused is not sent again for 30 s, then for twice as long after each refusal, at most 5 minutes: wrong passwords in a row may lock the account. Nothing was sent. Another password of `WithCredentialSource` or of `PMPSMART_PASSWORD_FILE` ends the wait, and so does `Login`.",
			listAgain(t, refused, account)},
		{"A token that another program's login invalidated", "The account has one token, and programs log each other out: share one `TokenStore`, or give each program its own account. Matches `ErrUnauthorized`.",
			list(t, loginAlone(t), account)},
		{"An expired token", "With credentials the client would log in again. Matches `ErrUnauthorized`.", list(t, dead, token)},
		{"An expired token: a redirect to a login page", "Servers write an expired token in many ways: as a 440 or 498, as a 401 inside an HTTP 200, by the name of an exception. Each is a 401 to the client. Matches `ErrUnauthorized`.",
			list(t, serve(t, 302, html, "", "Location", "https://pmpsmart.com/login"), token)},
		{"An account without permission", "Matches `ErrForbidden`. If the message is a page's title, a bot check in front of the server may have answered.",
			list(t, serve(t, 403, json, `{"message":"This action is unauthorized."}`), token)},
		{"A conflict", "Somebody else changed it meanwhile, or has that code: read it anew. Matches `ErrConflict`.",
			list(t, serve(t, 409, json, `{"message":"The order was changed."}`), token)},
		{"A refusal without a reason", "The HTTP status says success, the envelope says no, and the message is all there is. Matches `ErrRefused`.",
			list(t, serve(t, 200, json, `{"status":"error","message":"Sales tidak aktif"}`), token)},
		{"A status of another kind of order", "An order is `complete`, a JSON order `completed`; nothing was sent. Matches `ErrInvalidInput`.", misspelled(t)},
		{"A Call to a path that has the base URL's end", "`Call`, `ListAs` and `GetAs` take a path under the base URL. Matches `ErrNotFound`.",
			client(t, serve(t, 404, json, `{"message":""}`), token).Call(context.Background(), "api/v1/stock", nil, nil)},
		{"A server that stays down", "The client made as many attempts as `RetryPolicy` allows. Matches `ErrServer`; `Retryable` reports that a later call may go well.",
			list(t, serve(t, 502, html, ""), token, pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 1, MaxWait: 1}))},
		{"A spent retry budget", "All retries of a client share a budget, which is spent while a server is down. Nothing to do: successes refill it.", spent(t)},
		{"A Retry-After that is too long", "The client waits at most `RetryPolicy.MaxWait`: try again after `RetryAfter`.",
			list(t, serve(t, 429, json, `{"message":"Too Many Attempts."}`, "Retry-After", "60"), token, pmpsmart.WithRetry(pmpsmart.RetryPolicy{}))},
		{"Too many requests", "Matches `ErrRateLimited`; `RetryAfter` is how long to wait. `WithRateLimit` stays below a known limit.",
			list(t, serve(t, 429, json, `{"message":"Too Many Attempts."}`, "Retry-After", "30"), token)},
		{"An unreachable host", "Check the address and the network. The cause stays wrapped: `errors.As` finds the `*net.OpError`.", list(t, closed(t), token)},
		{"https to a server that speaks http", "The port or the scheme is wrong.", list(t, strings.Replace(serve(t, 200, json, ""), "http:", "https:", 1), token)},
		{"An untrusted TLS certificate", "Install the certificate authority, or use `WithHTTPClient` with a transport that trusts it. The cause stays wrapped.", list(t, selfSigned(t), token)},
		{"A wrong URL: a page comes back", "The base URL points to a website, not to the API. A `*DecodeError`; its `Snippet` is the start of the page.",
			list(t, serve(t, 200, html, "<!DOCTYPE html><html><head><title>PMP Smart - Login</title></head><body></body></html>"), token)},
		{"A wrong URL: 404", "The API is not at that address. It matches `ErrUnauthorized`, since the client could not log in, and not `ErrNotFound`.",
			list(t, serve(t, 404, html, "<html><head><title>404 Not Found</title></head></html>"), account)},
		{"A wrong URL: 404, with a token", "The `v1` may be missing. It matches `ErrNotFound`.",
			list(t, serve(t, 404, html, "<html><head><title>404 Not Found</title></head></html>"), token)},
		{"A wrong URL: a redirect", "The client does not follow redirects, which would turn the POST into a GET or send the token elsewhere. Of a create a 302 or 303 is an `*OutcomeUnknownError`: web applications send it after a form that they have stored, too.",
			list(t, serve(t, 302, html, "<html><head><title>Redirecting</title></head></html>", "Location", "https://www.pmpsmart.com/api/v1/order"), token)},
		{"A server in maintenance mode", "Matches `ErrMaintenance` and `ErrServer`; `RetryAfter` is how long to wait.", list(t, down, token)},
		{"An idle timeout", "The server sent nothing for as long as `WithTimeout` allows, 30 s by default. Matches `context.DeadlineExceeded`.",
			list(t, base(t, silent.URL), token, pmpsmart.WithTimeout(500*time.Millisecond))},
		{"A context that ended", "Matches `context.Canceled` or `context.DeadlineExceeded`; the context's cause follows.", ended(t, base(t, silent.URL), token)},
		{"A truncated response", "A `*DecodeError`. The request was retried as often as `RetryPolicy` allows.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2,"kode_`), token)},
		{"A response that is too large", "Matches `ErrResponseTooLarge`. For a `Seq` the limit is that of a record, not of the list.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2}]}`), token, pmpsmart.WithMaxResponseBytes(16))},
		{"Drift, in strict mode", "Without `WithStrictDecoding` this is a `Drift`, and the list is returned.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2,"user_id":"abc"}]}`), token, pmpsmart.WithStrictDecoding())},
		{"A missing order", "Matches `ErrNotFound`.", missing},
		{"A missing order, though the server reports success", "Matches `ErrNotFound` as well.", none},
		{"Input that the server rejects", "`Fields` has the reasons for each field. Matches `ErrValidation`.", invalid},
		{"An insert whose outcome is unknown", "Look for the code before you insert again, or use `EnsureJSONOrder`, which does. An `*OutcomeUnknownError`.", unknown},
	}
}
