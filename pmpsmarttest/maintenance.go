package pmpsmarttest

import (
	"net/http"
	"strconv"
	"time"
)

// maintenance gives the failure of a server that is down.
func (s *Server) maintenance() (failure, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := failure{status: http.StatusServiceUnavailable, message: "Service Unavailable", class: httpClass}
	if s.retryAfter > 0 {
		f.header = http.Header{"Retry-After": {strconv.Itoa(int(s.retryAfter.Seconds()))}}
	}
	return f, s.down
}

// Down puts the server into maintenance, as "php artisan down" does: it answers
// 503 until [Server.Up]. A retryAfter of a second or more is told in the header
// Retry-After, in whole seconds.
func (s *Server) Down(retryAfter time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down, s.retryAfter = true, retryAfter.Truncate(time.Second)
}

// Up ends the maintenance.
func (s *Server) Up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = false
}
