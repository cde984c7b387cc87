package transport

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An idle connection is closed before an Apache closes it, after 5 s.
func TestIdleConnectionsAreClosedInTime(t *testing.T) {
	t.Parallel()
	var opened atomic.Int32
	server := func(conn net.Conn) {
		opened.Add(1)
		for in := bufio.NewReader(conn); receive(in) == nil; {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	}
	inBubble(t, time.Minute, server, func(t *testing.T, tr *Transport) {
		for _, wait := range []time.Duration{0, 3900 * time.Millisecond, 4100 * time.Millisecond} {
			time.Sleep(wait)
			_, _, err := read(t.Context(), tr, post)
			require.NoError(t, err)
		}
		require.EqualValues(t, 2, opened.Load())
	})
}

// What the kernel has taken of an upload counts as written, so that it is let to
// take little.
func TestLittleOfAnUploadIsBuffered(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	ended := make(chan struct{})
	got := make(chan int64, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		<-ended // nothing is read until the client has given up
		n, _ := io.Copy(io.Discard, conn)
		got <- n
	}()
	tr := newTransport(t, "http://"+l.Addr().String(), func(c *Config) { c.IdleTimeout = 300 * time.Millisecond })
	_, err = tr.Do(t.Context(), Request{Body: make([]byte, 16<<20)})
	close(ended)
	requireError(t, err, true, false)
	require.Less(t, <-got, int64(2<<20)) // the server's own kernel takes some, too
}

// The program may have put a transport of its own in place of net/http's default.
func TestOwnTransport(t *testing.T) {
	t.Parallel()
	own := newHTTPTransport()
	require.Equal(t, 128, own.MaxIdleConnsPerHost)
	require.Zero(t, own.MaxConnsPerHost)
	require.NotNil(t, own.Proxy)
	require.NotSame(t, http.DefaultTransport, own)
}
