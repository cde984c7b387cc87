package wire

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A Body is the body of a request that may not stay silent.
type Body struct {
	body    io.Reader
	control *http.ResponseController
	timeout time.Duration
}

// NewBody returns the body of a request. A read fails with [os.ErrDeadlineExceeded] if
// nothing came for the timeout, where the connection can have a deadline; so does what
// net/http still reads of the body when the request has been answered. 0 is no timeout.
func NewBody(w http.ResponseWriter, r *http.Request, timeout time.Duration) *Body {
	b := &Body{body: r.Body, control: http.NewResponseController(w), timeout: timeout}
	if r.Body == nil {
		b.body = http.NoBody
	}
	if r.ContentLength != 0 {
		b.wait(timeout)
	}
	return b
}

// Read reads a part of the body.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	switch {
	case err == nil && n > 0:
		b.wait(b.timeout)
	case errors.Is(err, io.EOF):
		b.wait(0) // what comes next is another request, for which net/http waits as it does
	}
	return n, err
}

// wait sets the deadline of the next read.
func (b *Body) wait(d time.Duration) {
	if b.timeout <= 0 {
		return
	}
	var deadline time.Time
	if d > 0 {
		deadline = time.Now().Add(d)
	}
	_ = b.control.SetReadDeadline(deadline) // not every connection can
}
