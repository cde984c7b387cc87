package pmpsmarttest

// A TB is what [NewT] needs of a test. A *testing.T, *testing.B or *testing.F is one.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// NewT starts a server for one test, as [NewServer] does. When the test ends the server
// is closed, and the test fails for each fault that no request has met. An invalid
// option fails the test at once.
func NewT(t TB, opts ...Option) *Server {
	t.Helper()
	s, err := Open("127.0.0.1:0", opts...)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	t.Cleanup(func() {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Errorf("%v", err)
		}
	})
	return s
}
