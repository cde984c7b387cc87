package transport

import (
	"io"
	"net/http"

	"github.com/go-resty/resty/v2"
)

// largeBody is the size above which a request's body is watched while it is
// written; a smaller one leaves in one write.
const largeBody = 16 << 10

// inFlightKey is the context key of the inFlight of a request that needs to be
// prepared, or that a bottom counts.
type inFlightKey struct{}

// prepare makes of the request that resty made what can't be given to resty: a
// wrapped body would lose its length there, and whether the connection is closed is
// a setting of its client.
func prepare(_ *resty.Client, r *http.Request) error {
	f, ok := r.Context().Value(inFlightKey{}).(*inFlight)
	if !ok {
		return nil
	}
	r.Close = f.lastOnConnection
	if !f.large || r.Body == nil {
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

// An uploadBody is the body of a request that reports its progress: a server that
// is sent a slow upload is not idle.
type uploadBody struct {
	io.ReadCloser
	idle *idleTimer
}

func (b *uploadBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.idle.wrote()
	b.idle.sent.Add(int64(n))
	return n, err
}
