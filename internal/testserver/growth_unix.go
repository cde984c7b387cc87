//go:build unix

package testserver

import (
	"syscall"
	"time"
)

// processorTime returns what the process has used of the processors, which does not
// depend on how busy the machine is.
func processorTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
