package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// What a failed dial or handshake, and what a lost connection say of whether the
// server may have seen the request.
func TestWhatWasSent(t *testing.T) {
	t.Parallel()
	reset := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
	t.Run("refused dial", func(t *testing.T) {
		t.Parallel()
		tr := newTransport(t, "http://server")
		tr.Own().DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, refused }
		_, err := tr.Do(t.Context(), post)
		require.ErrorIs(t, err, refused)
		requireError(t, err, false, false)
		require.EqualError(t, err, "can't reach http://server: dial tcp: connect: connection refused")
	})
	t.Run("untrusted certificate", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		defer s.Close()
		_, err := newTransport(t, s.URL).Do(t.Context(), post)
		require.True(t, requireError(t, err, false, false).Final)
		require.ErrorAs(t, err, new(x509.UnknownAuthorityError))
	})
	t.Run("no TLS", func(t *testing.T) {
		t.Parallel()
		s, _ := serve(t, func(http.ResponseWriter, *http.Request) {})
		_, err := newTransport(t, "https"+s.URL[len("http"):]).Do(t.Context(), post)
		require.False(t, requireError(t, err, false, false).Final)
	})
	t.Run("lost connection", func(t *testing.T) {
		t.Parallel()
		s, tr := serve(t, reset)
		_, err := tr.Do(t.Context(), post)
		requireError(t, err, true, false)
		require.ErrorContains(t, err, "no answer from "+s.URL+": ")
	})
	t.Run("lost in the body", func(t *testing.T) {
		t.Parallel()
		_, tr := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9")
			_, _ = io.WriteString(w, "1234")
			_ = http.NewResponseController(w).Flush()
			reset(w, r)
		})
		response, err := tr.Do(t.Context(), post)
		require.NoError(t, err)
		defer response.Body.Close()
		_, err = io.ReadAll(response.Body)
		requireError(t, err, true, true)
	})
	t.Run("body cut short", func(t *testing.T) {
		t.Parallel()
		_, tr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			_, _ = io.WriteString(w, "1234")
		})
		_, body, err := read(t.Context(), tr, post)
		require.Equal(t, "1234", body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		_, ok := errors.AsType[*Error](err)
		require.False(t, ok, "it is for the reader to judge")
	})
}

// net/http retries by itself where a connection that it kept turns out to be closed
// before anything was written to it: it asks for another, and if that fails nothing was
// sent.
func TestConnectionAskedForAgain(t *testing.T) {
	t.Parallel()
	own := trace{idle: new(idleTimer), held: new(atomic.Int64), direct: true, always: true}
	hooks := own.hooks(false)
	require.Nil(t, hooks.WroteRequest)
	require.False(t, own.mayHaveSent(context.Canceled, false))
	hooks.GetConn("server:80")
	require.False(t, own.mayHaveSent(refused, false))
	hooks.GotConn(httptrace.GotConnInfo{Reused: true})
	require.True(t, own.mayHaveSent(io.EOF, false))
	hooks.GetConn("server:80")
	require.False(t, own.mayHaveSent(refused, false))
}

// From the last byte of a large body on, the server is waited for.
func TestWroteLargeBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var idle idleTimer
		ctx := idle.start(t.Context(), new(watch), timeout, waitLimit{length: time.Hour})
		defer idle.stop()
		time.Sleep(timeout - 1)
		traced := trace{idle: &idle}
		traced.hooks(true).WroteRequest(httptrace.WroteRequestInfo{})
		time.Sleep(timeout - 1)
		require.NoError(t, ctx.Err())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		requireIdle(t, context.Cause(ctx))
	})
}

// A caller's transport may call no hooks, and may send again by itself.
func TestWhatACallersTransportSent(t *testing.T) {
	t.Parallel()
	hooks := func(r *http.Request) *httptrace.ClientTrace { return httptrace.ContextClientTrace(r.Context()) }
	for _, row := range []struct {
		name string
		rt   roundTripper
		sent bool
	}{
		{"no hooks", func(*http.Request) (*http.Response, error) { return nil, errors.New("x") }, true},
		{"no hooks, dial", func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("a proxy: %w", refused) }, false},
		{"no hooks, read", func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "read", Err: io.ErrUnexpectedEOF}
		}, true},
		{"no hooks, no TLS", func(*http.Request) (*http.Response, error) { return nil, tls.RecordHeaderError{} }, false},
		{"no hooks, certificate", func(*http.Request) (*http.Response, error) {
			return nil, &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
		}, false},
		{"asked", func(r *http.Request) (*http.Response, error) { hooks(r).GetConn(""); return nil, errors.New("x") }, false},
		{"asked and got", func(r *http.Request) (*http.Response, error) {
			hooks(r).GetConn("")
			hooks(r).GotConn(httptrace.GotConnInfo{})
			return nil, refused
		}, true},
		{"asked again", func(r *http.Request) (*http.Response, error) {
			hooks(r).GetConn("")
			hooks(r).GotConn(httptrace.GotConnInfo{})
			hooks(r).GetConn("")
			return nil, refused
		}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := newTransport(t, "http://server", by(row.rt)).Do(t.Context(), post)
			requireError(t, err, row.sent, false)
		})
	}
}
