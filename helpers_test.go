package pmpsmart_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
)

// Every test of the package runs under one check that no goroutine is left.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// aToken is the token of the tests' clients.
const aToken = "5|QwErTyUiOpAsDfGhJkLzXcVbNm0123456789"

// quick repeats as the default does, with waits too short to notice.
var quick = pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: 4 * time.Millisecond}

// discard is the log of servers that are meant to meet errors.
var discard = log.New(io.Discard, "", 0)

// A request is what a server was asked.
type request struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// A server is a real HTTP server that remembers what it was asked and how many
// connections it has.
type server struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	requests []request
	conns    map[net.Conn]http.ConnState
	opened   int
}

// serve starts a server. It, and each client made of it, ends with the test.
func serve(t *testing.T, h http.HandlerFunc) *server {
	t.Helper()
	s := newServer(t, h)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func newServer(t *testing.T, h http.HandlerFunc) *server {
	s := &server{t: t, conns: make(map[net.Conn]http.ConnState)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), string(body)})
		s.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		h(w, r)
	}))
	s.Config.ErrorLog = discard
	s.Config.ConnState = s.track
	if n := networkOf(t); n != nil {
		_ = s.Listener.Close()
		s.Listener = n.listen()
	}
	return s
}

func (s *server) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.opened++
		s.conns[c] = state
	case http.StateClosed, http.StateHijacked:
		delete(s.conns, c)
	default:
		s.conns[c] = state
	}
}

// client makes a client of the server: with a token, and with waits too short to
// notice.
func (s *server) client(opts ...pmpsmart.Option) *pmpsmart.Client {
	s.t.Helper()
	return newClient(s.t, s.URL+"/api/v1", append([]pmpsmart.Option{pmpsmart.WithToken(aToken)}, opts...)...)
}

func newClient(t *testing.T, base string, opts ...pmpsmart.Option) *pmpsmart.Client {
	t.Helper()
	c, err := pmpsmart.New(append([]pmpsmart.Option{pmpsmart.WithBaseURL(base), pmpsmart.WithRetry(quick)}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	if n := networkOf(t); n != nil {
		c.DialBy(n.dial)
	}
	return c
}

// asked gives the requests so far.
func (s *server) asked() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.requests...)
}

// busy is how many connections have a request on them.
func (s *server) busy() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, state := range s.conns {
		if state == http.StateActive {
			n++
		}
	}
	return n
}

// waitFor waits until a condition holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			require.FailNow(t, "never came true: "+what)
		}
	}
}

// answer is a handler that always says the same; header is names and values.
func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// ok answers with that data.
func ok(data string) http.HandlerFunc {
	return answer(200, `{"status":"success","message":"berhasil","data":`+data+`}`)
}

// inTurn answers the n-th request by the n-th handler, and all later ones by the
// last.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// reset ends the connection by a TCP reset, in the place of an answer.
func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// cut sends a part of an answer and closes the connection.
func cut(part string) http.HandlerFunc {
	return answer(200, part, "Content-Length", fmt.Sprint(len(part)+100))
}

// silent says nothing until the client goes away.
func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// stall sends a part of an answer and then nothing more.
func stall(part string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, part)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// inBubble runs a test on a clock of its own, which stands still while anything of
// the test runs and jumps ahead when all of it waits. There a server is silent for
// as long as the test says, however slow the machine is, and a duration is exact.
// Its network is in memory: to that clock, waiting for the kernel is no waiting. All
// that waits there is of the t that test is given: the Context of another would end
// the process.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		networks.Store(t, &network{listeners: make(map[string]*listener)})
		t.Cleanup(func() { networks.Delete(t) })
		test(t)
	})
}

// meeting runs the test of a fault: in a bubble if the server is silent there by
// design, else on the network and the clock that programs have.
func meeting(t *testing.T, fault string, test func(t *testing.T)) {
	t.Helper()
	if strings.Contains(fault, "silence") {
		inBubble(t, test)
		return
	}
	test(t)
}

// networks are those of the tests that run in a bubble, by their *testing.T.
var networks sync.Map

// networkOf is nil outside of a bubble.
func networkOf(t *testing.T) *network {
	n, _ := networks.Load(t)
	known, _ := n.(*network)
	return known
}

// A network is in memory. Its connections hold nothing on their way: a write ends
// when the other end has read it.
type network struct {
	mu        sync.Mutex
	listeners map[string]*listener // by address
}

// A listener accepts what is dialed at its address.
type listener struct {
	address *net.TCPAddr
	dialed  chan net.Conn
	closed  chan struct{}
	close   func()
}

func (n *network) listen() *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	closed := make(chan struct{})
	l := &listener{
		address: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: len(n.listeners) + 1},
		dialed:  make(chan net.Conn), closed: closed, close: sync.OnceFunc(func() { close(closed) }),
	}
	n.listeners[l.address.String()] = l
	return l
}

func (n *network) dial(ctx context.Context, name, address string) (net.Conn, error) {
	n.mu.Lock()
	l := n.listeners[address]
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: name, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	if l == nil {
		return nil, refused
	}
	here, there := net.Pipe()
	select {
	case l.dialed <- there:
		return here, nil
	case <-l.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialed:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error { l.close(); return nil }

func (l *listener) Addr() net.Addr { return l.address }

// listen starts a server on bare TCP: serve has the n-th connection, from 1, which
// is a *net.TCPConn unless the test runs in a bubble.
func listen(t *testing.T, serve func(n int, conn net.Conn)) (base string) {
	t.Helper()
	l := listenAnywhere(t)
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
	return "http://" + l.Addr().String() + "/api/v1"
}

func listenAnywhere(t *testing.T) net.Listener {
	t.Helper()
	if n := networkOf(t); n != nil {
		return n.listen()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// receive reads one request off a bare connection; ok is false at its end.
func receive(in *bufio.Reader) (body string, ok bool) {
	r, err := http.ReadRequest(in)
	if err != nil {
		return "", false
	}
	all, err := io.ReadAll(r.Body)
	return string(all), err == nil
}

// raw is an answer as it stands on the wire.
func raw(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// nowhere is a base URL at which nobody listens, nor will while the test runs: it
// is the near end of a connection that stays open, whose port the kernel gives to
// no listener. The port of a listener that was closed may be a parallel test's
// next.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return "http://" + conn.LocalAddr().String() + "/api/v1"
}

// textOf is an error's text with the server's address, which differs from run to
// run, as HOST.
func textOf(base string, err error) string {
	host := strings.TrimSuffix(base, "/api/v1")
	text := strings.ReplaceAll(err.Error(), host, "HOST")
	return strings.ReplaceAll(text, strings.TrimPrefix(host, "http://"), "HOST")
}

// An operation is a method of the client under its name, for tests of what is
// the same for many.
type operation struct {
	name string
	path string // under the base URL
	do   func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error
}

// One method of each class, and Call.
var (
	reading = operation{"GetOrder", "order/detail", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.GetOrder(ctx, 198, opts...)
		return err
	}}
	overwriting = operation{"UpdateOrderStatus", "order/update", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderOpen, opts...)
		return err
	}}
	creating = operation{"InsertJSONOrder", "json/order", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.InsertJSONOrder(ctx, anOrder, opts...)
		return err
	}}
	calling = operation{"Call", "stock/move", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return c.Call(ctx, "stock/move", map[string]int{"n": 1}, nil, opts...)
	}}
	loggingIn = operation{"Login", "auth/login", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.Login(ctx, "api@pmpsmart.com", aPassword, opts...)
		return err
	}}
	loggingOut = operation{"Logout", "auth/logout", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return c.Logout(ctx, opts...)
	}}
	listing = operation{"ListOrders", "order", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{}, opts...)
		return err
	}}
)

const aPassword = "rah4sia-Sekali"

var anOrder = pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: []byte(`{"key": "value"}`), Status: pmpsmart.JSONOrderCompleted}
