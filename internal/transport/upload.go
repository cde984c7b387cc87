package transport

import (
	"io"
	"net/http"

	"github.com/go-resty/resty/v2"
)

// largeBody is the size above which a request's body is watched while it is
// written; a smaller one leaves in one write.
const largeBody = 16 << 10

// uploadKey is the context key of the idleTimer of a request with a large body.
type uploadKey struct{}

// watchUpload wraps the body of the request that resty made: a wrapped body given
// to resty would lose its length.
func watchUpload(_ *resty.Client, r *http.Request) error {
	idle, ok := r.Context().Value(uploadKey{}).(*idleTimer)
	if !ok || r.Body == nil {
		return nil
	}
	r.Body = &uploadBody{r.Body, idle}
	if getBody := r.GetBody; getBody != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			body, err := getBody()
			return &uploadBody{body, idle}, err
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
	return n, err
}
