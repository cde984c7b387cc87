package pmpsmarttest

// Unused is the error of the faults that no request has met so far.
func (s *Server) Unused() error { return s.unmet() }
