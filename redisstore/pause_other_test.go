//go:build !unix

package redisstore

func (s *server) pause() { s.t.Skip("has no signal that stops a process") }

func (s *server) goOn() {}
