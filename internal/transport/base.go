package transport

import (
	"net/http"
	"runtime"
)

// A defaultTransport sends by http.DefaultTransport or, if own is not nil, by own
// in its place. It looks at http.DefaultTransport for each request, as net/http
// does: a program may put a mock or an agent there at any time, and none of its
// requests must then pass it by.
type defaultTransport struct{ own *http.Transport }

func (d defaultTransport) current() http.RoundTripper {
	if d.own == nil {
		return http.DefaultTransport
	}
	if _, ok := http.DefaultTransport.(*http.Transport); ok || http.DefaultTransport == nil {
		return d.own
	}
	return http.DefaultTransport
}

// RoundTrip implements http.RoundTripper.
func (d defaultTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	return d.current().RoundTrip(r)
}

// below returns what sends the requests.
func (t *Transport) below() http.RoundTripper {
	if d, ok := t.base.(defaultTransport); ok {
		return d.current()
	}
	return t.base
}

// trace prepares the trace of a request.
func (t *Transport) trace(f *inFlight) {
	rt := t.below()
	direct, ok := rt.(*http.Transport)
	f.trace.idle, f.trace.keepAlive, f.trace.held = &f.idle, &t.keepAlive, &t.held
	f.trace.limited = limitsConnections(rt)
	f.trace.direct, f.trace.always = ok, ok && direct == t.own && !usesFetch(runtime.GOARCH)
	f.trace.wrapped = t.wrapped
}

// LimitsConnections reports whether requests may have to wait for each other's
// connections: the transport below limits them, or is of a type that doesn't say, as
// what is wrapped around it is.
func (t *Transport) LimitsConnections() bool { return t.wrapped || limitsConnections(t.below()) }

func limitsConnections(rt http.RoundTripper) bool {
	direct, ok := rt.(*http.Transport)
	return !ok || direct.MaxConnsPerHost > 0
}
