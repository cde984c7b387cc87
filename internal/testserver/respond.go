package testserver

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Respond returns a handler that always sends that response; header is names and
// values.
func Respond(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Success returns a handler that always sends that data in the API's envelope.
func Success(data string) http.HandlerFunc {
	return Respond(200, `{"status":"success","message":"berhasil","data":`+data+`}`)
}

// Sequence returns a handler that serves the n-th request by the n-th handler, and
// all later ones by the last.
func Sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		mu.Unlock()
		h(w, r)
	}
}

// Reset resets the TCP connection instead of responding.
func Reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// Truncated returns a handler that sends a part of a body and closes the
// connection.
func Truncated(part string) http.HandlerFunc {
	return Respond(200, part, "Content-Length", fmt.Sprint(len(part)+100))
}

// Silent sends nothing until the client closes the connection.
func Silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// Stalled returns a handler that sends a part of a body and then nothing more until
// the client closes the connection.
func Stalled(part string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, part)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// WriteEndlessly writes start, and then more again and again until the client closes
// the connection.
func WriteEndlessly(w io.Writer, start, more string) {
	for _, err := io.WriteString(w, start); err == nil; {
		_, err = io.WriteString(w, more)
	}
}

// Gzip compresses a text.
func Gzip(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}
