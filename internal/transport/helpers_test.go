package transport

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if usesFetch(runtime.GOARCH) { // where the runtime has a goroutine that looks like a leak
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

const token = "5|QwErTyUiOpAsDfGhJkLzXcVbNm0123456789"

// post is a small request.
var post = Request{Path: "order/detail", Body: []byte(`{"order_id":198}`), Token: token}

// serve starts a server and returns a Transport to it. change, if any, changes its
// Config.
func serve(t *testing.T, h http.HandlerFunc, change ...func(*Config)) (*httptest.Server, *Transport) {
	t.Helper()
	return serveCounting(t, new(atomic.Int32), h, change...)
}

// serveCounting is serve with a count of the connections that were opened.
func serveCounting(t *testing.T, opened *atomic.Int32, h http.HandlerFunc, change ...func(*Config)) (*httptest.Server, *Transport) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s, newTransport(t, s.URL, change...)
}

func newTransport(t *testing.T, base string, change ...func(*Config)) *Transport {
	t.Helper()
	c := Config{BaseURL: base + "/api/v1", UserAgent: "test", IdleTimeout: time.Minute}
	for _, f := range change {
		f(&c)
	}
	tr := New(c)
	t.Cleanup(tr.CloseIdle)
	return tr
}

// read sends a request and reads its response to the end.
func read(ctx context.Context, tr *Transport, r Request) (*Response, string, error) {
	response, err := tr.Do(ctx, r)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// requireError requires an *Error that says so of what was sent, and returns it.
func requireError(t *testing.T, err error, sent, begun bool) *Error {
	t.Helper()
	broken, ok := errors.AsType[*Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, sent, broken.Sent, "sent: %v", err)
	require.Equal(t, begun, broken.Begun, "begun: %v", err)
	return broken
}

// A roundTripper is a caller's transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// by is a Config's change that uses a caller's transport.
func by(rt http.RoundTripper) func(*Config) {
	return func(c *Config) { c.Client = &http.Client{Transport: rt} }
}

// inBubble runs a test on a fake clock, which jumps ahead when all of the test
// waits. serve has each connection to the Transport, which runs in memory: to the
// fake clock, waiting for the kernel is no waiting.
func inBubble(t *testing.T, timeout time.Duration, serve func(conn net.Conn), test func(t *testing.T, tr *Transport)) {
	t.Helper()
	inBubbleBy(t, timeout, serve, nil, test)
}

// inBubbleBy is inBubble for a caller's client. client returns it; its transport
// dials by dial.
func inBubbleBy(t *testing.T, timeout time.Duration, serve func(conn net.Conn), client func(dial dialFunc) *http.Client, test func(t *testing.T, tr *Transport)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var running sync.WaitGroup
		dial := func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			running.Go(func() {
				defer there.Close()
				serve(there)
			})
			return here, nil
		}
		c := Config{BaseURL: "http://server/api/v1", UserAgent: "test", IdleTimeout: timeout}
		if client != nil {
			c.Client = client(dial)
			defer running.Wait()
			defer c.Client.CloseIdleConnections()
		}
		tr := New(c)
		if own := tr.Own(); own != nil {
			own.DialContext = dial
		}
		test(t, tr)
		tr.CloseIdle()
		if client == nil {
			running.Wait()
		}
	})
}

// receive reads a request off a connection.
func receive(in *bufio.Reader) error {
	r, err := http.ReadRequest(in)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err
}

var refused = &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
