package pmpsmarttest

// Unused is the error of the faults that no request has met so far.
func (s *Server) Unused() error { return s.faults.unused() }

// BreakDisk has all further writing to the data file fail.
func (s *Server) BreakDisk() { s.state.journal.file.Close() }
