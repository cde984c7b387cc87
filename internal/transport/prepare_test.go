package transport

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a caller's transport is handed is whole, and its own: what it changes of it is
// not in the next request.
func TestTheCallersTransportHasItsOwnRequest(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	jar.SetCookies(&url.URL{Scheme: "http", Host: "server", Path: "/"}, []*http.Cookie{{Name: "a", Value: "b"}})
	for _, row := range []struct {
		name    string
		client  http.Client
		wrapped bool
		cookie  []string
	}{
		{name: "plain"},
		{name: "wrapped", wrapped: true},
		{name: "cookies", client: http.Client{Jar: jar}, cookie: []string{"a=b"}},
		{name: "cookies, wrapped", client: http.Client{Jar: jar}, wrapped: true, cookie: []string{"a=b"}},
		{name: "timeout", client: http.Client{Timeout: time.Minute}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			want := http.Header{
				"Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "Content-Type": {"application/json"},
				"User-Agent": {"test"}, "Authorization": {"Bearer " + token},
			}
			if row.cookie != nil {
				want["Cookie"] = row.cookie
			}
			requests := 0
			row.client.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				requests++
				require.Equal(t, want, r.Header)
				require.Equal(t, "server", r.Host)
				require.Equal(t, "http://server/api/v1/order/detail", r.URL.String())
				require.EqualValues(t, len(post.Body), r.ContentLength)
				r.Header.Set("User-Agent", "another")
				r.Header["X-Own"] = []string{"1"}
				r.URL.Host, r.URL.Path, r.Host = "elsewhere", "/", "elsewhere"
				return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}")), Request: r}, nil
			})
			tr := newTransport(t, "http://server", func(c *Config) { c.Client = &row.client })
			if row.wrapped {
				require.True(t, tr.Wrap(func(below http.RoundTripper) http.RoundTripper { return below }))
			}
			for range 2 {
				_, body, err := read(t.Context(), tr, post)
				require.NoError(t, err)
				require.Equal(t, "{}", body)
			}
			require.Equal(t, 2, requests)
		})
	}
}

// What a caller's RoundTripper returns against the contract of one is an error, and left
// open by nobody.
func TestARoundTripperThatBreaksItsContract(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, want string
		response   *http.Response
		err        error
	}{
		{name: "nothing", want: "no answer from http://server: the http.RoundTripper returned neither a response nor an error"},
		{name: "both", want: "no answer from http://server: failed", response: &http.Response{StatusCode: http.StatusOK}, err: errors.New("failed")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			closed := false
			breaking := roundTripper(func(*http.Request) (*http.Response, error) {
				if row.response != nil {
					row.response.Body = closingBody{strings.NewReader("{}"), &closed}
				}
				return row.response, row.err
			})
			_, _, err := read(t.Context(), newTransport(t, "http://server", by(breaking)), post)
			require.EqualError(t, requireError(t, err, true, false), row.want)
			require.Equal(t, row.response != nil, closed)
		})
	}
}

// A closingBody notes that it is closed.
type closingBody struct {
	io.Reader
	closed *bool
}

func (b closingBody) Close() error {
	*b.closed = true
	return nil
}
