package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

// No secret is in the log, whatever form it has.
func TestRequestsKeepNoSecrets(t *testing.T) {
	t.Parallel()
	for _, style := range shape.Styles() {
		if !strings.HasPrefix(style, "login=") && strings.Contains(style, "=") {
			continue
		}
		var tokens []string
		var observed []sandbox.Request
		srv := start(t, styled(style), func(c *sandbox.Config) {
			c.Observe = func(r sandbox.Request) { observed = append(observed, r) }
		})
		for _, bytes := range []int{0, 100, 200, 250} { // an answer that is cut in the middle of a token has a part of it
			if bytes > 0 {
				require.NoError(t, srv.Fail(fault.Fault{Op: "Login", Kind: fault.Cut, Bytes: bytes}))
			}
			for _, body := range []string{
				`{"email":"sandbox@pmpsmart.test","password":"bukan-rahasia"}`,
				`{"password": "bukan\u002drahasia", "email":"sandbox@pmpsmart.test"`,
			} {
				answer, _ := post(t, srv.url+"/auth/login", "", body)
				token := token60.FindString(answer)
				if tokens = append(tokens, token); token != "" {
					_, err := post(t, srv.url+"/visit", token, "")
					require.NoError(t, err)
				}
			}
		}
		requests := srv.Requests()
		assert.Equal(t, requests, observed)
		for _, r := range requests {
			assert.NotContains(t, r.Header, "Authorization")
			assert.NotContains(t, r.Body, "rahasia", style)
			assert.NotRegexp(t, `[A-Za-z0-9]{12}[A-Za-z0-9]*[0-9][A-Za-z0-9]*[A-Z]`, r.Answer[:min(len(r.Answer), 250)], style)
			for _, token := range tokens {
				if token != "" {
					assert.NotContains(t, r.Answer, token[:10], style)
				}
			}
		}
	}
}

// Nor is one that stands in a query, or in the body of a request that was not
// let in: a login takes its input from both.
func TestRequestsKeepNoSecretsOfQueries(t *testing.T) {
	t.Parallel()
	srv := start(t)
	const credentials = "email=" + email + "&password=bukan-rahasia"
	const multipart = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nbukan-rahasia\r\n--b--\r\n"
	for _, tt := range []struct{ path, kind, body, query, logged string }{
		{"auth/login", "application/json", "{}", credentials, "email=" + email + "&password=[redacted]"},
		{"auth/login", "application/json", "{}", "x=bukan%2Drahasia&p%61ssword=bukan-r%61hasia&page=2", "x=[redacted]&p%61ssword=[redacted]&page=2"},
		{"auth/login", "multipart/form-data; boundary=b", multipart, "", ""},
		{"visit", "application/json", "{}", "api_t%6Fken=bukan-rahasia&name=a+b%20&cursor=eyJ9&token", "api_t%6Fken=[redacted]&name=a+b%20&cursor=eyJ9&token"},
		{"nothing", "application/json", "", "password=bukan-rahasia", "password=[redacted]"},
	} {
		for _, down := range []bool{false, true} {
			if srv.Up(); down {
				srv.Down(0)
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.url+"/"+tt.path+"?"+tt.query, strings.NewReader(tt.body))
			require.NoError(t, err)
			req.Header.Set("Content-Type", tt.kind)
			resp, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			resp.Body.Close()
			requests := srv.Requests()
			last := requests[len(requests)-1]
			assert.Equal(t, tt.logged, last.Query)
			assert.NotContains(t, last.Body, "rahasia")
		}
	}
}
