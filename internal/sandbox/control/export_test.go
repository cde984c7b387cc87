package control

import "time"

// Age makes the worlds that much longer unused.
func (s *Server) Age(d time.Duration) {
	s.worlds.mu.Lock()
	defer s.worlds.mu.Unlock()
	for _, w := range s.worlds.byID {
		w.used = w.used.Add(-d)
	}
}
