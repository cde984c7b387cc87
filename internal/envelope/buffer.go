package envelope

import "io"

// bufferSize is how much of a body is held. Noise is looked for in a window of it; the
// rest has room for what is put back.
const bufferSize = window + 8<<10

// A buffer holds the part of a body that was received and not yet read. A zero byte
// stands behind it, at which scanners stop.
type buffer struct {
	from io.Reader
	data []byte // data[r:w] is unread, data[w] is 0
	r, w int
	err  error // of from, after the bytes that are here
}

func (b *buffer) reset(from io.Reader) {
	if b.data == nil {
		b.data = make([]byte, bufferSize)
	}
	b.from, b.r, b.w, b.err = from, 0, 0, nil
	b.data[0] = 0
}

// unread returns what is here, and the zero byte behind it. It lives until the next fill.
func (b *buffer) unread() []byte { return b.data[b.r : b.w+1] }

// buffered returns how much is here.
func (b *buffer) buffered() int { return b.w - b.r }

// skip passes over n bytes of those that are here.
func (b *buffer) skip(n int) { b.r += n }

// fill reads once more and reports whether anything came. It doesn't where the buffer is
// full or the body ended.
func (b *buffer) fill() bool {
	const most = 100 // reads of nothing
	if b.r > 0 {
		copy(b.data, b.data[b.r:b.w])
		b.r, b.w = 0, b.w-b.r
	}
	room := b.data[b.w : len(b.data)-1]
	n := 0
	for i := 0; n == 0 && len(room) > 0 && b.err == nil; i++ {
		if n, b.err = b.from.Read(room); i == most && n == 0 && b.err == nil {
			b.err = io.ErrNoProgress
		}
	}
	b.w += n
	b.data[b.w] = 0
	return n > 0
}

// peek returns the next n bytes, at most a window of them, or fewer and the error that
// ended the body.
func (b *buffer) peek(n int) ([]byte, error) {
	for b.buffered() < n && b.fill() {
	}
	if b.buffered() < n {
		return b.data[b.r:b.w], b.err
	}
	return b.data[b.r : b.r+n], nil
}

// Read reads what is here, or else what comes next.
func (b *buffer) Read(p []byte) (n int, err error) {
	if b.buffered() == 0 && len(p) > 0 && !b.fill() {
		return 0, b.err
	}
	n = copy(p, b.data[b.r:b.w])
	b.r += n
	return n, nil
}

// putBack makes p the next bytes to be read. It reports whether there is room.
func (b *buffer) putBack(p []byte) bool {
	if len(p)+b.buffered() >= len(b.data) {
		return false
	}
	if b.r < len(p) {
		copy(b.data[len(p):], b.unread())
		b.r, b.w = len(p), len(p)+b.buffered()
	}
	b.r -= len(p)
	copy(b.data[b.r:], p)
	return true
}
