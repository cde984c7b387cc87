package transport

import "net/http"

// Wrap puts what wrap returns around the transport in use and what was put around it
// before. It goes before the first request. It reports false if wrap returns nil.
//
// What is below goes on to count: whose connections they are, whether they are limited,
// and when a request leaves the machine.
func (t *Transport) Wrap(wrap func(http.RoundTripper) http.RoundTripper) bool {
	top := &t.client.Transport
	if t.gate != nil {
		top = &t.gate.below
	}
	inner := *top
	if !t.wrapped {
		inner = bottom{inner}
	}
	outer := wrap(inner)
	if outer == nil {
		return false
	}
	*top, t.wrapped = outer, true
	return true
}

// A bottom is the transport in use, below what is wrapped around it. It counts how often
// a request is sent by it: once, unless what is above sends a request again or not at all.
type bottom struct{ below http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bottom) RoundTrip(r *http.Request) (*http.Response, error) {
	if f := inFlightOf(r); f != nil {
		f.trace.passed.Add(1)
	}
	return b.below.RoundTrip(r)
}
