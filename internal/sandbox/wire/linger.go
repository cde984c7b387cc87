package wire

import (
	"io"
	"net/http"
	"time"
)

// What is read of a body after the answer, and below which size net/http reads it all by
// itself.
const (
	maxLinger = 64 << 20
	minLinger = 128 << 10
)

// Linger returns a handler that goes on reading a large body when next has answered
// without it. A client that sends all before it reads would otherwise meet a connection
// that is reset, and never the 413. It ends if nothing comes for the timeout, which an
// answer without a length has to wait for where the client stops sending.
func Linger(next http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		small := r.ContentLength >= 0 && r.ContentLength < minLinger
		if small || r.Header.Get("Expect") != "" { // which waits for the answer
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		if control.EnableFullDuplex() != nil { // HTTP/2 answers while a body comes
			next.ServeHTTP(w, r)
			return
		}
		body := &endingBody{ReadCloser: r.Body}
		inner := r.WithContext(r.Context()) // a copy: net/http looks at the body of its own
		inner.Body = body
		next.ServeHTTP(w, inner)
		if !body.ended && control.Flush() == nil { // the connection is still net/http's
			_, _ = io.CopyN(io.Discard, NewBody(w, r, timeout), maxLinger)
		}
	})
}

// An endingBody knows whether it was read to its end.
type endingBody struct {
	io.ReadCloser
	ended bool
}

func (b *endingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err != nil
	return n, err
}
