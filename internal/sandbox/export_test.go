package sandbox

// CloseDataFile makes all further writing to the data file fail.
func (s *Sandbox) CloseDataFile() error { return s.current().store.Close() }
