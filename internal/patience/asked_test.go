package patience

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With AskedOnly a server that asks for a wait is waited for.
func TestAskedOnlyWaitsWhereItIsAsked(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]func(int) (*http.Response, error){
		"a throttle":                       status(429, "Retry-After", "60"),
		"a throttle that says no time":     status(429),
		"a maintenance":                    status(503),
		"an error that says when it ends":  status(500, "Retry-After", "60"),
		"a gateway that says when to come": status(502, "Retry-After", "60"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := down(9*time.Minute, bad)
				client, _ := newClient(t, s, Config{Patience: halfHour, AskedOnly: true})
				require.NoError(t, list(t.Context(), client))
				assert.Less(t, s.since(), 11*time.Minute)
			})
		})
	}
}

// With AskedOnly another failure is the answer, after the client's own retries; it holds
// up no other request.
func TestAskedOnlyLeavesOtherFailures(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]func(int) (*http.Response, error){
		"a server error": status(500), "a bad gateway": status(502), "a lost connection": reset, "no server": refuse,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := down(halfHour, bad)
				client, heard := newClient(t, s, Config{Patience: halfHour, AskedOnly: true})
				require.Error(t, list(t.Context(), client))
				assert.Less(t, s.since(), 10*time.Second)
				assert.Less(t, s.requests(), 6)
				assert.Empty(t, heard.lines)
			})
		})
	}
}

// Why says in plain words what is waited for, and not by which URL, which may hold a secret.
func TestWhy(t *testing.T) {
	t.Parallel()
	for want, why := range map[string]Why{
		"the server asks to wait, since it had too many requests (429)":       {Status: 429, Asked: true},
		"the server asks to wait (503)":                                       {Status: 503, Asked: true},
		"the server is in maintenance (503)":                                  {Status: 503},
		"the server is not well (502)":                                        {Status: 502},
		"the server can't be reached (dial tcp: connect: connection refused)": {Err: errRefused()},
		"the server can't be reached (EOF)":                                   {Err: &url.Error{Op: "Post", URL: "https://pmpsmart.com/order?key=rahasia", Err: io.EOF}},
	} {
		assert.Equal(t, want, why.String())
	}
}
