package transport

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A connection is not used again when the server may be closing it, as it said that
// it would: a request on it would be lost.
func TestKeepAliveOfTheServerIsHeeded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		header string
		closes time.Duration // when the server closes an idle connection
		idle   []time.Duration
		opened int32
	}{
		{"timeout=1", time.Second, []time.Duration{400 * time.Millisecond, 499 * time.Millisecond, time.Millisecond}, 1},
		{"timeout=1", time.Second, []time.Duration{600 * time.Millisecond, 999 * time.Millisecond}, 3},
		{"Timeout = 5 , max=100", 5 * time.Second, []time.Duration{3900 * time.Millisecond, 4100 * time.Millisecond, 4999 * time.Millisecond}, 3},
		{"timeout=0", time.Hour, []time.Duration{time.Millisecond}, 2},
		{"max=3, timeout=x", time.Hour, []time.Duration{20 * time.Second}, 1},
		{"timeout=-1", time.Hour, []time.Duration{20 * time.Second}, 1},
		{"", time.Hour, []time.Duration{20 * time.Second}, 1},
	} {
		t.Run(fmt.Sprint(row.header, row.idle), func(t *testing.T) {
			t.Parallel()
			var opened, asked atomic.Int32
			server := func(conn net.Conn) {
				opened.Add(1)
				in := bufio.NewReader(conn)
				for receive(in) == nil {
					asked.Add(1)
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nKeep-Alive: "+row.header+"\r\nContent-Length: 2\r\n\r\nok")
					_ = conn.SetReadDeadline(time.Now().Add(row.closes))
				}
			}
			client := func(dial dialFunc) *http.Client { return &http.Client{Transport: &http.Transport{DialContext: dial}} }
			inBubbleBy(t, time.Hour, server, client, func(t *testing.T, tr *Transport) {
				for _, idle := range append([]time.Duration{0}, row.idle...) {
					time.Sleep(idle)
					_, body, err := read(t.Context(), tr, post)
					require.NoError(t, err)
					require.Equal(t, "ok", body)
				}
				require.Equal(t, row.opened, opened.Load())
				require.EqualValues(t, len(row.idle)+1, asked.Load(), "each request is sent once")
			})
		})
	}
}

// All idle connections are old where one is, and the next request gets a new one.
func TestKeepAliveOfManyConnections(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	const n = 20
	together := make(chan struct{})
	var asked atomic.Int32
	_, tr := serveCounting(t, &opened, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == n {
			close(together)
		}
		<-together
		w.Header().Set("Keep-Alive", "timeout=0")
	})
	done := make(chan error, n)
	for range n {
		go func() { _, _, err := read(t.Context(), tr, post); done <- err }()
	}
	for range n {
		require.NoError(t, <-done)
	}
	require.EqualValues(t, n, opened.Load())
	_, _, err := read(t.Context(), tr, post)
	require.NoError(t, err)
	require.EqualValues(t, n+1, opened.Load())
	require.EqualValues(t, n+1, asked.Load())
}

// HTTP/2 has no Keep-Alive, and its connection has other requests on it.
func TestKeepAliveOfHTTP2IsIgnored(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Keep-Alive", "timeout=0")
		_, _ = io.WriteString(w, r.Proto)
	}))
	var opened atomic.Int32
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	tr := newTransport(t, s.URL, by(s.Client().Transport))
	for range 3 {
		_, body, err := read(t.Context(), tr, post)
		require.NoError(t, err)
		require.Equal(t, "HTTP/2.0", body)
	}
	tr.keepAlive.most.Store(1) // as an answer of HTTP/1.1 may have left it
	_, _, err := read(t.Context(), tr, post)
	require.NoError(t, err)
	require.EqualValues(t, 1, opened.Load())
}
