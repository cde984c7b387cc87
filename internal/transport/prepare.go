package transport

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/go-resty/resty/v2"
)

// anyURL is the URL that resty is given. It parses a URL, prints it and has it parsed
// again for each request; of this one that costs little, and prepare puts the request's
// own in its place.
const anyURL = "http:"

// A requestContext is the context of a request. It leads from what resty and net/http
// hand on back to the inFlight.
type requestContext struct {
	context.Context
	f *inFlight
}

// inFlightKey is the key of a requestContext's inFlight.
type inFlightKey struct{}

// Value implements context.Context.
func (c *requestContext) Value(key any) any {
	if key == (inFlightKey{}) {
		return c.f
	}
	return c.Context.Value(key)
}

// inFlightOf returns the inFlight of a request, or nil.
func inFlightOf(r *http.Request) *inFlight {
	f, _ := r.Context().Value(inFlightKey{}).(*inFlight)
	return f
}

// prepare makes of the request that resty made what can't be given to resty: its URL,
// which would be parsed again; a wrapped body, which would lose its length there; and
// whether the connection is closed, a setting of resty's client.
func prepare(_ *resty.Client, r *http.Request) error {
	f := inFlightOf(r)
	*r.URL, r.Host, r.Close = *f.url, f.url.Host, f.request.LastOnConnection
	if f.transport.gate != nil {
		f.header, r.Header, r.Host = r.Header, noHeader, ""
	}
	if !f.isLarge() || r.Body == nil {
		return nil
	}
	r.Body = &uploadBody{r.Body, &f.idle}
	if getBody := r.GetBody; getBody != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			body, err := getBody()
			return &uploadBody{body, &f.idle}, err
		}
	}
	return nil
}

// noHeader is the header of a request until it reaches the gate. Nobody changes it.
var noHeader = http.Header{}

// A gate is what an http.Client hands its requests to. The client copies a request's
// header, and its URL if there is a Host, for redirects and cookies: of requests that
// follow no redirect and have no cookies the gate has both, and puts them back.
type gate struct{ below http.RoundTripper }

// errNothing is the error of a caller's RoundTripper that returned nothing at all.
var errNothing = errors.New("the http.RoundTripper returned neither a response nor an error")

// RoundTrip implements http.RoundTripper. A response beside an error, which no caller's
// RoundTripper should return, is closed: net/http prints that to the process's log, and
// leaves the connection open.
func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if f := inFlightOf(r); f != nil && f.header != nil {
		r.Header, r.Host, f.header = f.header, r.URL.Host, nil
	}
	response, err := g.below.RoundTrip(r)
	switch {
	case response == nil && err == nil:
		return nil, errNothing
	case response != nil && err != nil:
		if response.Body != nil {
			_ = response.Body.Close()
		}
		return nil, err
	}
	return response, err
}
