package transport

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// The transports of net/http that may send a request: the package's own, and a
// caller's.
func netHTTP(t *testing.T, base string, change func(*http.Transport)) map[string]*Transport {
	t.Helper()
	own := newTransport(t, base)
	change(own.Own())
	callers := new(http.Transport)
	t.Cleanup(callers.CloseIdleConnections)
	change(callers)
	return map[string]*Transport{"own": own, "a caller's": newTransport(t, base, by(callers))}
}

// net/http asks for the proxy before it asks for a connection.
func TestNoProxyToBeFound(t *testing.T) {
	t.Parallel()
	broken := errors.New("the proxy's settings can't be read")
	for name, tr := range netHTTP(t, "http://server", func(tr *http.Transport) {
		tr.Proxy = func(*http.Request) (*url.URL, error) { return nil, broken }
	}) {
		_, err := tr.Do(t.Context(), post)
		require.ErrorIs(t, err, broken, name)
		requireError(t, err, false, false)
	}
}

// Another protocol may be registered with a transport, which calls no hooks. What
// read nothing of the request's body sent none of it.
func TestRegisteredProtocol(t *testing.T) {
	t.Parallel()
	broken := errors.New("lost")
	for _, reads := range []int64{0, 1, 100} {
		for _, r := range []Request{post, {Path: "json/order", Body: make([]byte, 1<<20)}, {Path: "outlet"}} {
			callers := new(http.Transport)
			callers.RegisterProtocol("http", roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Body != nil {
					_, _ = io.CopyN(io.Discard, r.Body, reads)
				}
				return nil, broken
			}))
			_, err := newTransport(t, "http://server", by(callers)).Do(t.Context(), r)
			require.ErrorIs(t, err, broken)
			requireError(t, err, reads > 0 || r.Body == nil, false)
		}
	}
}

// A proxy refuses to connect to the server.
func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		503: "the proxy answered 503 Service Unavailable",
		407: "the proxy answered 407 Proxy Authentication Required",
		200: "",
	} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodConnect {
				w.WriteHeader(status) // a 200 is followed by no TLS
			}
		}))
		t.Cleanup(proxy.Close)
		at, err := url.Parse(proxy.URL)
		require.NoError(t, err)
		for name, tr := range netHTTP(t, "https://server", func(tr *http.Transport) { tr.Proxy = http.ProxyURL(at) }) {
			_, err := tr.Do(t.Context(), post)
			requireError(t, err, false, false)
			if want != "" {
				require.EqualError(t, err, "can't reach https://server: "+want, name)
			}
		}
	}
}

// What the program had in place for a proxy's response is still asked, and the
// status is a number where it has no name.
func TestProxyResponseOfTheProgram(t *testing.T) {
	t.Parallel()
	own := errors.New("own")
	for status, want := range map[int]string{200: "", 502: "the proxy answered 502 Bad Gateway", 599: "the proxy answered 599", 403: "own"} {
		asked := 0
		hook := nameProxyStatus(func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
			if asked++; r.StatusCode == 403 {
				return own
			}
			return nil
		})
		err := hook(t.Context(), nil, nil, &http.Response{StatusCode: status})
		require.Equal(t, 1, asked)
		if want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, want)
		}
	}
}

// resetting serves HTTP/2 on a connection and resets each stream with that code.
func resetting(conn net.Conn, code uint32, asked *atomic.Int32) {
	const settings, headers, rstStream, goAway = 4, 1, 3, 7
	frames := make(chan []byte, 16) // to be written while the client writes as well
	var writing sync.WaitGroup
	writing.Go(func() {
		for b := range frames {
			_, _ = conn.Write(b)
		}
	})
	defer writing.Wait()
	defer close(frames)
	frame := func(kind byte, flags byte, stream uint32, payload []byte) {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
		b = binary.BigEndian.AppendUint32(append(b, flags), stream)
		frames <- append(b, payload...)
	}
	in := bufio.NewReader(conn)
	if _, err := io.CopyN(io.Discard, in, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	frame(settings, 0, 0, nil)
	for {
		var head [9]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return
		}
		size := binary.BigEndian.Uint32(head[:4]) >> 8
		if _, err := io.CopyN(io.Discard, in, int64(size)); err != nil {
			return
		}
		switch kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:]); {
		case kind == settings && flags == 0:
			frame(settings, 1, 0, nil)
		case kind == headers:
			asked.Add(1)
			frame(rstStream, 0, stream, binary.BigEndian.AppendUint32(nil, code))
		case kind == goAway:
			return
		}
	}
}

// A server says by the code with which it resets a stream whether it processed the
// request.
func TestHTTP2StreamsThatWereNotProcessed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code  uint32
		sent  bool
		asked int32
	}{
		{0x2, true, 1},  // INTERNAL_ERROR
		{0x8, true, 1},  // CANCEL
		{0xd, false, 1}, // HTTP_1_1_REQUIRED
		{0x7, false, 8}, // REFUSED_STREAM: net/http itself tries seven times more, with waits of a minute in all
	} {
		for _, wrapped := range []bool{false, true} {
			t.Run(fmt.Sprint(row.code, wrapped), func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int32
				client := func(dial dialFunc) *http.Client {
					protocols := new(http.Protocols)
					protocols.SetUnencryptedHTTP2(true)
					transport := &http.Transport{DialContext: dial, Protocols: protocols}
					if wrapped {
						return &http.Client{Transport: wrapper{transport}}
					}
					return &http.Client{Transport: transport}
				}
				server := func(conn net.Conn) { resetting(conn, row.code, &asked) }
				inBubbleBy(t, timeout*100, server, client, func(t *testing.T, tr *Transport) {
					_, err := tr.Do(t.Context(), post)
					require.Equal(t, row.asked, asked.Load())
					// Of what is around a transport it is not known who sent it again.
					requireError(t, err, row.sent || wrapped && row.asked > 1, false)
				})
			})
		}
	}
}

// A wrapper is a caller's transport around one of net/http.
type wrapper struct{ http.RoundTripper }

func (w wrapper) CloseIdleConnections() {
	w.RoundTripper.(*http.Transport).CloseIdleConnections()
}

// A request that has to wait for another's connection says so, and one whose dial
// takes too long does not.
func TestNoConnectionIsFree(t *testing.T) {
	t.Parallel()
	const free, silent = "can't reach http://server: no connection was free for 2s", "can't reach http://server: the server was silent for 2s"
	for _, wrapped := range []bool{false, true} {
		for _, row := range []struct {
			name   string
			most   int
			hangs  bool // the dial
			before int  // requests whose response is not yet read
			want   string
		}{
			{"limited", 1, false, 1, free},
			{"limited to two", 2, false, 2, free},
			{"a dial", 1, true, 0, silent},
			{"a dial without a limit", 0, true, 0, silent},
		} {
			t.Run(fmt.Sprint(row.name, wrapped), func(t *testing.T) {
				t.Parallel()
				client := func(dial dialFunc) *http.Client {
					transport := &http.Transport{MaxConnsPerHost: row.most, DialContext: dial}
					if row.hangs {
						hanging := net.Dialer{ControlContext: func(ctx context.Context, _, _ string, _ syscall.RawConn) error {
							<-ctx.Done()
							return ctx.Err()
						}}
						transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
							return hanging.DialContext(ctx, network, "127.0.0.1:1")
						}
					}
					if wrapped {
						return &http.Client{Transport: wrapper{transport}}
					}
					return &http.Client{Transport: transport}
				}
				inBubbleBy(t, timeout, stalls(head), client, func(t *testing.T, tr *Transport) {
					for range row.before {
						response, err := tr.Do(t.Context(), post)
						require.NoError(t, err)
						defer response.Body.Close()
					}
					_, err := tr.Do(t.Context(), post)
					require.ErrorIs(t, err, context.DeadlineExceeded)
					requireError(t, err, false, false)
					require.EqualError(t, err, row.want)
				})
			})
		}
	}
}
