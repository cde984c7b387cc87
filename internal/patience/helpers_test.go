package patience

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A fakeServer answers requests without a network, so that a bubble's clock goes on as soon
// as all wait.
type fakeServer struct {
	began  time.Time
	answer func(s *fakeServer, r *http.Request) (*http.Response, error)

	mu     sync.Mutex
	n      int             // requests
	at     []time.Duration // when they came
	bodies []string
}

func newFake(answer func(*fakeServer, *http.Request) (*http.Response, error)) *fakeServer {
	return &fakeServer{began: time.Now(), answer: answer}
}

func (s *fakeServer) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil { // as an http.Transport does
		return nil, err
	}
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	s.mu.Lock()
	s.n++
	s.at, s.bodies = append(s.at, s.since()), append(s.bodies, body)
	s.mu.Unlock()
	return s.answer(s, r)
}

// since is the age of the server.
func (s *fakeServer) since() time.Duration { return time.Since(s.began) }

func (s *fakeServer) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// respond makes a response. Headers are pairs of a name and a value.
func respond(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

const oneOrder = `{"status":"success","data":[{"id":1,"kode_order":"PMP-1"}]}`

func errRefused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}

// notes is a Listener.
type notes struct {
	mu    sync.Mutex
	lines []string
	until []time.Time
	began time.Time
}

func (n *notes) Waiting(until time.Time, why Why) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.until = append(n.until, until)
	n.lines = append(n.lines, fmt.Sprintf("%s at %s, %d, asked %t", until.Sub(n.began).Round(time.Second), time.Since(n.began).Round(time.Second), why.Status, why.Asked))
}

func (n *notes) GoingOn() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, "going on")
}

// newClient makes a patient client of a fake server.
func newClient(t *testing.T, s *fakeServer, c Config, opts ...pmpsmart.Option) (*pmpsmart.Client, *notes) {
	t.Helper()
	heard := &notes{began: s.began}
	if c.Listener == nil {
		c.Listener = heard
	}
	opts = append([]pmpsmart.Option{pmpsmart.WithToken("t"), pmpsmart.WithHTTPClient(&http.Client{Transport: s})}, opts...)
	client, err := pmpsmart.New(append(opts, New(c).Options()...)...)
	require.NoError(t, err)
	return client, heard
}

var order = pmpsmart.JSONOrderInput{Code: "P-1", Data: map[string]int{"a": 1}, Status: pmpsmart.JSONOrderCompleted}

func list(ctx context.Context, c *pmpsmart.Client) error {
	_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
	return err
}
