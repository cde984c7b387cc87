package pmpsmart

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/go-resty/resty/v2"
)

// newRequest makes the request of which each request is a copy: resty's own way
// makes six maps a request, which stay empty. Its client only carries requests:
// redirects, repeats, decoding and logging are not left to it. own is the
// transport that it uses where the caller brought none.
func newRequest(given *http.Client) (blank *resty.Request, own *http.Transport) {
	hc := new(http.Client)
	if given != nil {
		*hc = *given // resty writes to the client that it is given
	}
	if hc.Transport == nil {
		own = newTransport()
		hc.Transport = own
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := resty.NewWithClient(hc).
		SetLogger(silent{}).
		SetDisableWarn(true).
		SetPreRequestHook(watchUpload)
	return client.R().SetDoNotParseResponse(true), own
}

// newTransport has room for many idle connections, since net/http's two a host
// make a new one of nearly every concurrent call, and gives them up before the
// 5 s of an Apache: a create should not meet a connection that the server is
// closing. It has no MaxConnsPerHost, which would lock up a call made inside the
// loop over a Seq.
func newTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		t = t.Clone()
	} else { // replaced by the program
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second}
	}
	t.MaxIdleConns = 256
	t.MaxIdleConnsPerHost = 128
	t.IdleConnTimeout = 4 * time.Second
	t.DialContext = narrow(t.DialContext)
	return t
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// narrow has dial's connections hold little of an upload. Left to itself the kernel
// takes megabytes at once, and what it has taken counts as written: on a slow line
// the rest of the way would look like a server that is silent.
func narrow(dial dialFunc) dialFunc {
	const buffer = 64 << 10
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(buffer) // only a hint
		}
		return conn, err
	}
}

func userAgent(product string) string {
	own := "pmpsmart-go/" + version + " (" + runtime.Version() + ")"
	if product == "" {
		return own
	}
	return product + " " + own
}

func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}

// silent is resty's logger.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}
