//go:build !windows

package app

import (
	"os/signal"
	"syscall"
)

// ignorePipe makes writing to a pipe whose reader is gone an error: under "| tee"
// Ctrl-C ends tee first, and the program has still to keep what it has.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }

// systemLocale returns the user's locale where no variable of the environment says it.
func systemLocale() string { return "" }
