package testserver

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Listen starts a server on bare TCP and returns its base URL. serve has the n-th
// connection, from 1, which is a *net.TCPConn unless the test runs in a [Bubble].
func Listen(t testing.TB, serve func(n int, conn net.Conn)) (baseURL string) {
	t.Helper()
	l := NewListener(t)
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	t.Cleanup(func() { _ = l.Close() })
	running.Go(func() {
		for n := 1; ; n++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				serve(n, conn)
			})
		}
	})
	return "http://" + l.Addr().String() + BasePath
}

// NewListener listens at an address of this machine or, in a [Bubble], of its network.
func NewListener(t testing.TB) net.Listener {
	t.Helper()
	if n := networkOf(t); n != nil {
		return n.listen()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// ReadRequest reads one request off a connection and returns its body; ok is false
// at the end of the connection.
func ReadRequest(in *bufio.Reader) (body string, ok bool) {
	r, err := http.ReadRequest(in)
	if err != nil {
		return "", false
	}
	all, err := io.ReadAll(r.Body)
	return string(all), err == nil
}

// RawResponse returns a response with that body as it stands on the wire.
func RawResponse(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// Unreachable returns a base URL at which nobody listens, nor will while the test
// runs: it is the near end of a connection that stays open, whose port the kernel
// assigns to no listener. The port of a listener that was closed may be a parallel
// test's next.
func Unreachable(t testing.TB) (baseURL string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return "http://" + conn.LocalAddr().String() + BasePath
}
