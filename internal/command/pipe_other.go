//go:build !unix

package command

import (
	"errors"
	"syscall"
)

// ignoreBrokenPipe does nothing: no other system ends a program for that.
func ignoreBrokenPipe() {}

// isBrokenPipe knows the numbers of Windows: ERROR_BROKEN_PIPE and ERROR_NO_DATA.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.Errno(109)) || errors.Is(err, syscall.Errno(232))
}
