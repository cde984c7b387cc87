//go:build !js

package testserver

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// HearHangup lets the processes that a test starts hear SIGHUP, where the tests
// themselves were started to survive it: a signal that is caught is not ignored in a
// child.
func HearHangup(t testing.TB) {
	t.Helper()
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(heard) })
}
