package transport

import "io"

// largeBody is the size above which a request's body is watched while it is
// written; a smaller one leaves in one write.
const largeBody = 16 << 10

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
