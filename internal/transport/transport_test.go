package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// What a server is asked: the headers of the vendor's page, and a body whose
// length is known.
func TestRequest(t *testing.T) {
	t.Parallel()
	var got []string
	_, tr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprintf("%s %s %d %s %s", r.Method, r.URL, r.ContentLength, r.TransferEncoding, body),
			strings.Join(r.Header["Authorization"], "|"))
		r.Header.Del("Authorization")
		got = append(got, fmt.Sprint(r.Header))
		w.Header().Set("X-Asked", "yes")
		w.WriteHeader(202)
		_, _ = io.WriteString(w, "done")
	})
	response, body, err := read(t.Context(), tr, post)
	require.NoError(t, err)
	require.Equal(t, 202, response.Status)
	require.Equal(t, "yes", response.Header.Get("X-Asked"))
	require.Equal(t, "done", body)
	require.EqualValues(t, 4, response.BytesRead())
	require.Positive(t, response.Elapsed())
	for _, r := range []Request{{Path: "visit?page=2", Token: "another"}, {Path: "visit"}} {
		_, _, err = read(t.Context(), tr, r)
		require.NoError(t, err)
	}
	const header = "map[Accept:[application/json] Accept-Encoding:[gzip] Content-Length:[%d] Content-Type:[application/json] User-Agent:[test]]"
	require.Equal(t, []string{
		`POST /api/v1/order/detail 16 [] {"order_id":198}`, "Bearer " + token, fmt.Sprintf(header, 16),
		"POST /api/v1/visit?page=2 0 [] ", "Bearer another", fmt.Sprintf(header, 0),
		"POST /api/v1/visit 0 [] ", "", fmt.Sprintf(header, 0),
	}, got)
}

func TestErrorResponsesAndRedirectsAreResponses(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 301, 302, 307, 308, 401, 404, 429, 500, 503} {
		asked := 0
		_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		response, _, err := read(t.Context(), tr, post)
		require.NoError(t, err, status)
		require.Equal(t, status, response.Status)
		require.Equal(t, "/elsewhere", response.Header.Get("Location"))
		require.Equal(t, 1, asked, "nothing is followed or retried")
	}
}

// The caller's client is used as it is, and not changed.
func TestTheCallersClientIsNotChanged(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	used := 0
	transport := new(http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	hc := &http.Client{Jar: jar, Timeout: time.Minute, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		used++
		return transport.RoundTrip(r)
	})}
	cookies := make(chan string, 2)
	_, tr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies <- r.Header.Get("Cookie")
		w.Header().Set("Set-Cookie", "a=b")
	}, func(c *Config) { c.Client = hc })
	require.Nil(t, tr.Own())
	for _, want := range []string{"", "a=b"} {
		_, _, err = read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, want, <-cookies)
	}
	require.Equal(t, 2, used)
	require.Equal(t, time.Minute, hc.Timeout)
	require.Nil(t, hc.CheckRedirect)

	bare := new(http.Client)
	require.Nil(t, newTransport(t, "http://server", func(c *Config) { c.Client = bare }).Own())
	require.Equal(t, http.Client{}, *bare)
}

// The Timeout of the caller's client bounds a whole response.
func TestTheCallersTimeout(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	defer close(ended)
	_, tr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/body" {
			_, _ = io.WriteString(w, "a")
			_ = http.NewResponseController(w).Flush()
		}
		<-ended
	}, func(c *Config) { c.Client = &http.Client{Timeout: time.Second} })
	_, _, err := read(t.Context(), tr, post)
	const text = "it took longer than the 1s of the http.Client's Timeout"
	require.EqualError(t, requireError(t, err, true, false).Err, text)
	require.True(t, requireError(t, err, true, false).Err.(interface{ Timeout() bool }).Timeout())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, body, err := read(t.Context(), tr, Request{Path: "body"})
	require.Equal(t, "a", body)
	require.EqualError(t, requireError(t, err, true, true).Err, text)
	require.True(t, requireError(t, err, true, true).Err.(interface{ Timeout() bool }).Timeout())
}

// The header of a response is limited, whatever it is made of.
func TestEndlessHeaders(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"X-Name: value\r\n", "X-Name: " + strings.Repeat("v", 100), strings.Repeat("n", 100)} {
		sent := make(chan int, 1)
		base := testserver.Listen(t, func(_ int, conn net.Conn) {
			n := 0
			if receive(bufio.NewReader(conn)) == nil {
				for _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n"); err == nil; n += len(part) {
					_, err = io.WriteString(conn, part)
				}
			}
			sent <- n
		})
		_, _, err := read(t.Context(), newTransport(t, base), post)
		require.ErrorContains(t, requireError(t, err, true, false), "server response headers exceeded 1048576 bytes")
		require.Less(t, <-sent, 9<<20, "with what the kernel buffers")
	}
}

// A body of a transport that the program wrote may break the contract of io.Reader.
func TestImpossibleCounts(t *testing.T) {
	t.Parallel()
	for _, count := range []int{-1, 1 << 30} {
		tr := newTransport(t, "http://server", by(roundTripper(func(r *http.Request) (*http.Response, error) {
			body := readerFunc(func([]byte) (int, error) { return count, nil })
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
		})))
		_, _, err := read(t.Context(), tr, post)
		require.EqualError(t, requireError(t, err, true, true), "the answer from http://server broke off: its Read returned an impossible count")
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// An error of a caller's transport may quote what it was given.
func TestErrorsShowNoSecrets(t *testing.T) {
	t.Parallel()
	const password = "rah4sia-Sekali"
	cause := errors.New("x")
	tr := newTransport(t, "http://server", by(roundTripper(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		return nil, fmt.Errorf("%s %s: %w", r.Header.Get("Authorization"), body, cause)
	})))
	_, err := tr.Do(t.Context(), Request{Path: "auth/login", Body: []byte(`{"password":"` + password + `"}`), Token: token, Secrets: []string{password}})
	require.EqualError(t, err, `no answer from http://server: Bearer [redacted] {"password":"[redacted]"}: x`)
	require.ErrorIs(t, err, cause)
}

// A connection is used again after a response that was read to its end, and not
// after one that was left.
func TestConnectionsAreUsedAgain(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	_, tr := serveCounting(t, &opened, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)) })
	for range 5 {
		_, _, err := read(t.Context(), tr, post)
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, opened.Load())
	response, err := tr.Do(t.Context(), post)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	_, _, err = read(t.Context(), tr, post)
	require.NoError(t, err)
	require.EqualValues(t, 2, opened.Load())
}

func TestCloseIdle(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	s, own := serveCounting(t, &opened, func(http.ResponseWriter, *http.Request) {})
	for range 3 {
		_, _, err := read(t.Context(), own, post)
		require.NoError(t, err, "it is of use after CloseIdle")
		own.CloseIdle()
	}
	require.EqualValues(t, 3, opened.Load())

	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	callers := newTransport(t, s.URL, by(transport))
	for range 3 {
		_, _, err := read(t.Context(), callers, post)
		require.NoError(t, err)
		callers.CloseIdle()
	}
	require.EqualValues(t, 4, opened.Load(), "a caller's transport is left alone")
}

func BenchmarkDo(b *testing.B) {
	tr := New(Config{BaseURL: "http://server", IdleTimeout: time.Minute, Client: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: r}, nil
	})}})
	b.ReportAllocs()
	for b.Loop() {
		response, err := tr.Do(b.Context(), post)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			b.Fatal(err)
		}
		_ = response.Body.Close()
	}
}
