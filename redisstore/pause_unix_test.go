//go:build unix

package redisstore

import "syscall"

// pause stops the server's process, which keeps its connections and answers nothing.
func (s *server) pause() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		s.t.Fatal(err)
	}
}

// goOn has a paused server go on.
func (s *server) goOn() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		s.t.Fatal(err)
	}
}
