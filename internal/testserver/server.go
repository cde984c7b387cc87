package testserver

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// BasePath is the path of the API on these servers.
const BasePath = "/api/v1"

// A Request is a request as a server received it.
type Request struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// A Server is a real HTTP server that records its requests and connections. In a
// [Bubble] it listens on the network of the bubble.
type Server struct {
	*httptest.Server

	mu       sync.Mutex
	requests []Request
	conns    map[net.Conn]http.ConnState
	opened   int
}

// New starts a server, which is closed when the test ends.
func New(t testing.TB, h http.HandlerFunc) *Server {
	t.Helper()
	s := NewUnstarted(t, h)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// NewUnstarted returns a server for the test to start and close.
func NewUnstarted(t testing.TB, h http.HandlerFunc) *Server {
	s := &Server{conns: make(map[net.Conn]http.ConnState)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), string(body)})
		s.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		h(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // its handlers fail on purpose
	s.Config.ConnState = s.track
	if n := networkOf(t); n != nil {
		_ = s.Listener.Close()
		s.Listener = n.listen()
	}
	return s
}

func (s *Server) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.opened++
		s.conns[c] = state
	case http.StateClosed, http.StateHijacked:
		delete(s.conns, c)
	default:
		s.conns[c] = state
	}
}

// BaseURL returns the URL of the API on the server.
func (s *Server) BaseURL() string { return s.URL + BasePath }

// Requests returns the requests received so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Opened returns how many connections have been opened.
func (s *Server) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

// Open returns how many connections are open.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Busy returns how many connections have a request on them.
func (s *Server) Busy() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, state := range s.conns {
		if state == http.StateActive {
			n++
		}
	}
	return n
}
