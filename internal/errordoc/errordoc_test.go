// Package errordoc writes docs/errors.md: the errors that a newcomer meets, as
// they are printed.
package errordoc

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var update = flag.Bool("update", false, "write docs/errors.md anew")

const file = "../../docs/errors.md"

// A row is an error, what a person did to meet it and what helps.
type row struct {
	title, help string
	err         error
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

const header = `# Errors
What is printed when something goes wrong on the way to a first order, and what to do. ` + "`go test ./internal/errordoc`" + ` checks that this page says what the library says.
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
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return base(t, "http://"+l.Addr().String())
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

func beforeSending(t *testing.T) []row {
	_, plain := pmpsmart.New(pmpsmart.WithBaseURL("http://api.pmpsmart.com/api/v1"))
	_, address := pmpsmart.New(pmpsmart.WithBaseURL("api.pmpsmart.com"))
	t.Setenv("PMPSMART_PASSWORD", "")
	t.Setenv("PMPSMART_EMAIL", "api@pmpsmart.com")
	_, half := pmpsmart.New(pmpsmart.FromEnv())
	c := client(t, "https://api.pmpsmart.com/api/v1", pmpsmart.WithToken("token"))
	_, input := c.GetOrder(context.Background(), 0)
	return []row{
		{"No credentials", "Give `WithCredentials`, or set `PMPSMART_EMAIL` and `PMPSMART_PASSWORD` and use `FromEnv`. Matches `ErrUnauthorized`; nothing was sent.",
			list(t, "https://api.pmpsmart.com/api/v1")},
		{"Half of the credentials", "The environment holds one of the two.", half},
		{"http instead of https", "Write https. `AllowInsecureHTTP` is for a network that you trust.", plain},
		{"No address at all", "The scheme and the path are needed, as far as the `v1`.", address},
		{"Input that can't be right", "An `*InputError` names the parameter; nothing was sent. Matches `ErrInvalidInput`.", input},
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
		{"A wrong password", "The server's own words follow the status. It is not asked again. Matches `ErrUnauthorized`.", list(t, refused, account)},
		{"A token that another program's login ended", "The account has one token, and the programs log each other out: give them one `TokenStore`, or an account each. Matches `ErrUnauthorized`.",
			list(t, loginAlone(t), account)},
		{"An expired token", "With credentials the client would have logged in again. Matches `ErrUnauthorized`.", list(t, dead, token)},
		{"An account that may not do it", "Matches `ErrForbidden`. A page in the place of the message is a bot check's, which stands before the server.",
			list(t, serve(t, 403, json, `{"message":"This action is unauthorized."}`), token)},
		{"Too many requests", "Matches `ErrRateLimited`; `RetryAfter` holds the wait. `WithRateLimit` keeps below a known limit.",
			list(t, serve(t, 429, json, `{"message":"Too Many Attempts."}`, "Retry-After", "30"), token)},
		{"A host that can't be reached", "Check the address and the network. The cause stays wrapped: `errors.As` finds the `*net.OpError`.", list(t, closed(t), token)},
		{"https where the server speaks http", "The port or the scheme is wrong.", list(t, strings.Replace(serve(t, 200, json, ""), "http:", "https:", 1), token)},
		{"A certificate that nobody vouches for", "Give a transport that knows the server's authority by `WithHTTPClient`. The cause stays wrapped.", list(t, selfSigned(t), token)},
		{"A wrong URL that answers with a page", "The base URL points to a website, not to the API. A `*DecodeError`, whose `Snippet` shows how the page starts.",
			list(t, serve(t, 200, html, "<!DOCTYPE html><html><head><title>PMP Smart - Login</title></head><body></body></html>"), token)},
		{"A wrong URL that answers 404", "Nothing of the API is at that address. It matches `ErrUnauthorized`, since the account could not log in, and not `ErrNotFound`.",
			list(t, serve(t, 404, html, "<html><head><title>404 Not Found</title></head></html>"), account)},
		{"A wrong URL that answers 404, with a token", "The `v1` may be missing. It matches `ErrNotFound`.",
			list(t, serve(t, 404, html, "<html><head><title>404 Not Found</title></head></html>"), token)},
		{"A wrong URL that redirects", "A redirect would turn the POST into a GET or carry the token away.",
			list(t, serve(t, 302, html, "<html><head><title>Redirecting</title></head></html>", "Location", "https://pmpsmart.com/login"), token)},
		{"A server in maintenance", "Matches `ErrMaintenance` and `ErrServer`; `RetryAfter` holds the wait.", list(t, down, token)},
		{"A silent server", "`WithTimeout` bounds the silence, 30 s by default. Matches `context.DeadlineExceeded`.",
			list(t, base(t, silent.URL), token, pmpsmart.WithTimeout(50*time.Millisecond))},
		{"A context that ended", "Matches `context.Canceled` or `context.DeadlineExceeded`; the cause that the program gave follows.", ended(t, base(t, silent.URL), token)},
		{"An answer that is cut short", "A `*DecodeError`. It was asked for again, as often as `RetryPolicy` allows.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2,"kode_`), token)},
		{"An answer that is too large", "Matches `ErrResponseTooLarge`. A Seq bounds each record, not the list.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2}]}`), token, pmpsmart.WithMaxResponseBytes(16))},
		{"An odd field, in strict mode", "Without `WithStrictDecoding` it is a `Drift`, and the list is there.",
			list(t, serve(t, 200, json, `{"status":"success","data":[{"id":1},{"id":2,"user_id":"abc"}]}`), token, pmpsmart.WithStrictDecoding())},
		{"An order that is not there", "Matches `ErrNotFound`.", missing},
		{"An order that is not there, and the server says success", "Matches `ErrNotFound` as well.", none},
		{"Input that the server refuses", "`Fields` holds the reasons by field. Matches `ErrValidation`.", invalid},
		{"An insert whose outcome is unknown", "Look for the code before you insert again, or use `EnsureJSONOrder`, which does. An `*OutcomeUnknownError`.", unknown},
	}
}
