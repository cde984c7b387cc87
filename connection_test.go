package pmpsmart_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// unreachable are ways in which nothing of a request leaves the machine.
var unreachable = []struct {
	name     string
	base     func(t testing.TB) string
	client   func(t testing.TB) *http.Client // nil for the default
	want     string                          // the error's end
	attempts int                             // of the three that are allowed
}{
	{"nobody listens", testserver.Unreachable, nil, "connect: connection refused", 3},
	{hostOfNobody, func(testing.TB) string { return "https://tidak-ada.invalid/api/v1" }, nil, "", 3},
	{"a handshake with plain text", func(t testing.TB) string { return "https" + testserver.New(t, success(`{}`)).URL[len("http"):] }, nil, "http: server gave HTTP response to HTTPS client", 3},
	{"a certificate of nobody", func(t testing.TB) string {
		s := testserver.NewUnstarted(t, success(`{}`))
		s.StartTLS()
		t.Cleanup(s.Close)
		return s.URL
	}, nil, "tls: failed to verify certificate: x509: certificate signed by unknown authority", 1}, // which no retry changes
	{"a dialer's own error", testserver.Unreachable, func(t testing.TB) *http.Client {
		return dialer(t, func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("proksi mati") })
	}, "proksi mati", 3},
	{"a proxy that refuses", func(testing.TB) string { return "https://tidak-ada.invalid/api/v1" }, func(t testing.TB) *http.Client {
		proxy := testserver.New(t, respond(503, "di luar jam kerja"))
		return proxied(t, func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) })
	}, "the proxy answered 503 Service Unavailable", 3},
	{"no proxy to be found", testserver.Unreachable, func(t testing.TB) *http.Client {
		return proxied(t, func(*http.Request) (*url.URL, error) { return nil, errors.New("proksi mana") })
	}, "proksi mana", 3},
}

// proxied is an HTTP client with that proxy.
func proxied(t testing.TB, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	transport := &http.Transport{Proxy: proxy}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// hostOfNobody is the one row that may take long: the resolver may not respond.
const hostOfNobody = "a host that is none"

type dialFunc func(ctx context.Context, network, addr string) (net.Conn, error)

// dialer is an HTTP client that dials so.
func dialer(t testing.TB, dial dialFunc) *http.Client {
	transport := &http.Transport{DialContext: dial}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// A request that certainly was not processed is retried by every class, and the
// outcome of a create is known.
func TestUnreachableIsRetriedByEveryClass(t *testing.T) {
	t.Parallel()
	for _, row := range unreachable {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			base := row.base(t)
			policy := quick
			policy.MaxAttempts = 3
			var timeout time.Duration // the default
			if row.name == hostOfNobody {
				timeout = 100 * time.Millisecond
			}
			var hc *http.Client
			if row.client != nil {
				hc = row.client(t)
			}
			c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(hc), pmpsmart.WithRetry(policy), pmpsmart.WithTimeout(timeout))
			for _, o := range []operation{reading, overwriting, creating, calling, loggingIn} {
				var response pmpsmart.Response
				err := o.do(t.Context(), c, pmpsmart.WithResponse(&response))
				require.Regexp(t, `^pmpsmart: `+o.name+`: `+callPath(o)+`can't reach https?://`, err.Error())
				require.Contains(t, err.Error(), row.want)
				require.Equal(t, row.attempts, response.Attempts)
				var open *pmpsmart.OutcomeUnknownError
				require.NotErrorAs(t, err, &open)
			}
		})
	}
}

// The caller of an insert does not notice a dial that fails once.
func TestAFailedDialIsRetried(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":1}`))
	var dials atomic.Int32
	hc := dialer(t, func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	})
	require.NoError(t, creating.do(t.Context(), s.client(pmpsmart.WithHTTPClient(hc))))
	require.Len(t, s.Requests(), 1)
}

// The errors of a transport that supports no httptrace count as sent, except for an
// error of the dial.
func TestTransportsWithoutATraceCountAsSent(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err     error
		unknown bool
		asks    int
	}{
		"any error":   {errors.New("putus"), true, 1},
		"an end":      {io.EOF, true, 1},
		"a dial":      {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false, 4},
		"a write":     {&net.OpError{Op: "write", Err: syscall.EPIPE}, true, 1},
		"a handshake": {tls.RecordHeaderError{Msg: "bukan TLS"}, false, 4},
		"certificate": {&tls.CertificateVerificationError{Err: errors.New("palsu")}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("POST", "https://api.pmpsmart.com/api/v1/json/order", httpmock.NewErrorResponder(row.err))
			c := newClient(t, "https://api.pmpsmart.com/api/v1", pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(&http.Client{Transport: mock}))
			err := creating.do(t.Context(), c)
			var open *pmpsmart.OutcomeUnknownError
			require.Equal(t, row.unknown, errors.As(err, &open), "%v", err)
			require.ErrorIs(t, err, row.err)
			require.Equal(t, row.asks, mock.GetTotalCallCount())
		})
	}
}

// unknown returns the error of an insert with that response.
func unknown(t *testing.T, ctx context.Context, answer http.HandlerFunc, opts ...pmpsmart.Option) error {
	t.Helper()
	err := creating.do(ctx, serve(t, answer).client(opts...))
	var open *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &open)
	return err
}

func TestOutcomeUnknownWrapsItsCause(t *testing.T) {
	t.Parallel()
	var refusal *pmpsmart.APIError
	var broken *pmpsmart.DecodeError
	require.ErrorIs(t, unknown(t, t.Context(), testserver.Reset), syscall.ECONNRESET)
	require.ErrorIs(t, unknown(t, t.Context(), truncated(`{`)), io.ErrUnexpectedEOF)
	require.ErrorAs(t, unknown(t, t.Context(), respond(200, aPage)), &broken)
	err := unknown(t, t.Context(), respond(502, ""))
	require.ErrorIs(t, err, pmpsmart.ErrServer)
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, 502, refusal.HTTPStatus)
	testserver.Bubble(t, func(t *testing.T) { requireIdleTimeout(t, unknown(t, t.Context(), testserver.Silent)) })
	err = unknown(t, t.Context(), success(`{"id":1}`), pmpsmart.WithMaxResponseBytes(8))
	require.EqualError(t, err, "pmpsmart: InsertJSONOrder: outcome unknown, the server may have done it: the answer is larger than the 8 bytes of WithMaxResponseBytes; look before sending it again")
	require.ErrorIs(t, err, pmpsmart.ErrResponseTooLarge)
}

func TestGivingUpAnInsertLeavesItsOutcomeUnknown(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	err := unknown(t, ctx, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	require.ErrorIs(t, err, context.Canceled)
	s := serve(t, success(`{}`))
	require.EqualError(t, creating.do(ctx, s.client()), "pmpsmart: InsertJSONOrder: context canceled")
	require.Empty(t, s.Requests(), "one that was given up before it was sent was not")
}

// closings are what a server does with the second request on a connection.
var closings = map[string]func(net.Conn){
	"a close": func(net.Conn) {},
	"a reset": func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
}

// net/http retries a request by itself when its kept-alive connection is closed; it
// must not do so with a POST.
func TestNoPOSTIsSentTwiceOnAClosedConnection(t *testing.T) {
	t.Parallel()
	for name, end := range closings {
		for _, o := range []operation{creating, calling, reading, listing, {"ListOutlets", "master/outlet", func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
			_, err := c.ListOutlets(ctx, opts...)
			return err
		}}} {
			t.Run(name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int32
				base := testserver.Listen(t, func(_ int, conn net.Conn) {
					in := bufio.NewReader(conn)
					if _, ok := testserver.ReadRequest(in); ok {
						asked.Add(1)
						_, _ = io.WriteString(conn, testserver.RawResponse(`{"data":[{"id":1}]}`))
					}
					if _, ok := testserver.ReadRequest(in); ok {
						asked.Add(1)
						end(conn)
					}
				})
				c := newClient(t, base, pmpsmart.WithToken(aToken), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
				require.NoError(t, o.do(t.Context(), c))
				var response pmpsmart.Response
				err := o.do(t.Context(), c, pmpsmart.WithResponse(&response))
				require.Error(t, err)
				require.Equal(t, int32(2), asked.Load())
				require.Equal(t, 1, response.Attempts)
				var open *pmpsmart.OutcomeUnknownError
				require.Equal(t, o.name == "InsertJSONOrder" || o.name == "Call", errors.As(err, &open))
			})
		}
	}
}

// A connection that the server closed while it was idle costs an insert nothing:
// it goes out once, on another.
func TestAnIdleCloseIsNoticed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var bodies []string
	closed := make(chan struct{}, 8)
	base := testserver.Listen(t, func(_ int, conn net.Conn) {
		body, ok := testserver.ReadRequest(bufio.NewReader(conn))
		if !ok {
			return
		}
		mu.Lock()
		bodies = append(bodies, body)
		mu.Unlock()
		_, _ = io.WriteString(conn, testserver.RawResponse(`{"data":{"id":1}}`))
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn) // until the client closes as well
		closed <- struct{}{}
	})
	c := newClient(t, base, pmpsmart.WithToken(aToken))
	for range 3 {
		require.NoError(t, creating.do(t.Context(), c))
		<-closed
	}
	require.Len(t, bodies, 3)
}

// A transport of the caller's may send a request again by itself. What its first
// try did is not known to have been nothing.
func TestATransportThatRetriesByItself(t *testing.T) {
	t.Parallel()
	s := serve(t, testserver.Reset)
	var dials atomic.Int32
	inner := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) > 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	t.Cleanup(inner.CloseIdleConnections)
	twice := roundTripper(func(r *http.Request) (*http.Response, error) {
		answer, err := inner.RoundTrip(r)
		if err == nil {
			return answer, nil
		}
		again := r.Clone(r.Context())
		if again.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
		return inner.RoundTrip(again)
	})
	err := creating.do(t.Context(), s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: twice})))
	var open *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &open)
	require.Len(t, s.Requests(), 1)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A program that replaces http.DefaultTransport by a mock sends none of its requests
// to the real server.
func TestAMockInPlaceOfTheDefaultTransport(t *testing.T) { //nolint:paralleltest // it changes a global
	s := serve(t, success(`{"id":1}`))
	clients := []*pmpsmart.Client{s.client(), s.client(pmpsmart.WithHTTPClient(http.DefaultClient))}
	httpmock.Activate()
	defer httpmock.DeactivateAndReset()
	httpmock.RegisterResponder("POST", s.BaseURL()+"/json/order", httpmock.NewStringResponder(200, `{"status":"success","data":{"id":7}}`))
	clients = append(clients, s.client(), s.client(pmpsmart.WithHTTPClient(http.DefaultClient)))
	for _, c := range clients {
		order, err := c.InsertJSONOrder(t.Context(), anOrder)
		require.NoError(t, err)
		require.EqualValues(t, 7, order.ID)
	}
	require.Equal(t, len(clients), httpmock.GetTotalCallCount())
	require.Empty(t, s.Requests())
}

// A server closes its idle connections after the time that it says. No insert meets
// one that it is closing.
func TestNoInsertMeetsAConnectionThatEnds(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		asked := 0
		base := testserver.Listen(t, func(_ int, conn net.Conn) {
			in := bufio.NewReader(conn)
			for {
				if _, ok := testserver.ReadRequest(in); !ok {
					return
				}
				asked++
				response := testserver.RawResponse(`{"data":{"id":1}}`)
				_, _ = io.WriteString(conn, strings.Replace(response, "\r\n", "\r\nKeep-Alive: timeout=1, max=100\r\n", 1))
				idle := time.Now()
				if _, err := in.Peek(1); err != nil || time.Since(idle) > 950*time.Millisecond {
					return // what comes now is not read
				}
			}
		})
		c := newClient(t, base, pmpsmart.WithToken(aToken))
		for n := range 5 {
			require.NoError(t, creating.do(t.Context(), c))
			require.Equal(t, n+1, asked)
			time.Sleep(960 * time.Millisecond)
		}
	})
}
