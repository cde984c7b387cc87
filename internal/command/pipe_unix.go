//go:build unix

package command

import (
	"errors"
	"os/signal"
	"syscall"
)

// ignoreBrokenPipe makes writing to a pipe that nobody reads an error and no end.
func ignoreBrokenPipe() { signal.Ignore(syscall.SIGPIPE) }

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
