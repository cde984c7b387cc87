// Package wire writes a response and can spoil it on the way: cut it, slow it
// down, or end its connection.
package wire

import (
	"errors"
	"net"
	"net/http"
)

// A Writer is what a response is written to. It keeps what is to be known of the
// response afterwards.
type Writer struct {
	http.ResponseWriter
	Status int   // 0 while there is none
	Sent   int64 // bytes of the body
	Head   []byte

	keep  int // bytes of Head at most
	cut   bool
	left  int64 // bytes until the cut
	piece int   // bytes at once, 0 for all
	pause func() bool
}

// ErrCut ends a response that is cut short.
var ErrCut = errors.New("cut short")

// NewWriter returns a Writer to w that keeps as many bytes of the body's head.
func NewWriter(w http.ResponseWriter, keep int) *Writer {
	return &Writer{ResponseWriter: w, keep: keep}
}

// CutAfter makes writing fail with [ErrCut] after so many bytes of the body.
func (w *Writer) CutAfter(bytes int) { w.cut, w.left = true, int64(bytes) }

// Drip makes the body go out in pieces of so many bytes, with a call of pause
// after each. If that returns false, writing fails.
func (w *Writer) Drip(bytes int, pause func() bool) { w.piece, w.pause = bytes, pause }

// WriteHeader writes the response's head.
func (w *Writer) WriteHeader(status int) {
	w.Status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the body.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		piece := p
		if w.piece > 0 {
			piece = p[:min(len(p), w.piece)]
		}
		var k int
		k, err = w.write(piece)
		n, p = n+k, p[k:]
	}
	return n, err
}

// write writes one piece.
func (w *Writer) write(p []byte) (n int, err error) {
	if w.cut && int64(len(p)) > w.left {
		p, err = p[:w.left], ErrCut
	}
	n, writeErr := w.ResponseWriter.Write(p)
	w.left -= int64(n)
	w.Sent += int64(n)
	w.Head = append(w.Head, p[:min(n, max(0, w.keep-len(w.Head)))]...)
	if w.pause != nil && writeErr == nil {
		w.Flush()
		if !w.pause() {
			writeErr = net.ErrClosed
		}
	}
	if writeErr != nil {
		err = writeErr
	}
	return n, err
}

// Flush sends what net/http has buffered.
func (w *Writer) Flush() { http.NewResponseController(w.ResponseWriter).Flush() }

// HangUp closes the connection of a request, by a reset if hard.
func HangUp(w http.ResponseWriter, hard bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2, which ends the stream alone
	}
	if hard {
		reset(conn)
	}
	conn.Close()
}

// reset makes the close of a connection a reset.
func reset(conn net.Conn) {
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = wrapped.NetConn() // below TLS
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}
