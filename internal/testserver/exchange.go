package testserver

import (
	"bytes"
	"io"
	"net/http"
)

// An Exchange is a request and its response, for a look at both.
type Exchange struct {
	Method, URL    string
	Header         http.Header
	Body           []byte // nil for none
	Status         int
	ResponseHeader http.Header
	ResponseBody   []byte
}

// Tap returns a RoundTripper that tells of each exchange of next's, whose response it
// reads whole before it hands it on. A request without a response is not told of.
func Tap(next http.RoundTripper, tell func(Exchange)) http.RoundTripper { return tap{next, tell} }

type tap struct {
	next http.RoundTripper
	tell func(Exchange)
}

func (t tap) RoundTrip(r *http.Request) (*http.Response, error) {
	e := Exchange{Method: r.Method, URL: r.URL.String(), Header: r.Header.Clone()}
	if r.Body != nil && r.Body != http.NoBody {
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			return nil, err
		}
		e.Body = body
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	e.ResponseBody, err = io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	e.Status, e.ResponseHeader = resp.StatusCode, resp.Header.Clone()
	resp.Body = io.NopCloser(bytes.NewReader(e.ResponseBody))
	t.tell(e)
	return resp, nil
}
