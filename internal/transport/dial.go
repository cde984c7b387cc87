package transport

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"time"
)

// maxHeader limits the header of a response, in bytes. Of a header without end net/http
// would hold ten times as much, several times over.
const maxHeader = 1 << 20

// newHTTPTransport returns a transport that keeps many idle connections, since
// net/http's two a host make a new one of nearly every concurrent call, and closes
// them before the 5 s of an Apache: an insert should not meet a connection that the
// server is closing. It has no MaxConnsPerHost, which would lock up a call made
// inside the loop over a list that is being read.
func newHTTPTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok && t != nil {
		t = t.Clone()
	} else { // replaced by the program
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second}
	}
	t.MaxIdleConns = 256
	t.MaxIdleConnsPerHost = 128
	t.MaxConnsPerHost = 0
	t.IdleConnTimeout = 4 * time.Second
	if t.MaxResponseHeaderBytes <= 0 {
		t.MaxResponseHeaderBytes = maxHeader
	}
	//lint:ignore SA1019 a program may still set Dial
	if t.DialContext != nil || t.Dial == nil && !usesFetch(runtime.GOARCH) {
		t.DialContext = limitWriteBuffer(t.DialContext)
	}
	t.OnProxyConnectResponse = nameProxyStatus(t.OnProxyConnectResponse)
	return t
}

// usesFetch reports whether net/http sends requests by a browser's fetch, which it
// does only as long as nothing dials.
func usesFetch(arch string) bool { return arch == "wasm" }

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// limitWriteBuffer returns a dial whose connections buffer little of an upload.
// Left to itself the kernel takes megabytes at once, and what it has taken counts as
// written: on a slow line the rest of the way would look like an idle server.
func limitWriteBuffer(dial dialFunc) dialFunc {
	const size = 64 << 10
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(size) // only a hint
		}
		return conn, err
	}
}

type proxyResponseFunc = func(ctx context.Context, proxy *url.URL, connect *http.Request, response *http.Response) error

// nameProxyStatus returns an OnProxyConnectResponse that returns a proxyError if a
// proxy refuses to connect, in place of net/http's error, which is nothing but the
// status's name.
func nameProxyStatus(next proxyResponseFunc) proxyResponseFunc {
	return func(ctx context.Context, proxy *url.URL, connect *http.Request, response *http.Response) error {
		if next != nil {
			if err := next(ctx, proxy, connect, response); err != nil {
				return err
			}
		}
		if response.StatusCode != http.StatusOK {
			return proxyError(response.StatusCode)
		}
		return nil
	}
}
