package testserver

import (
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// LongVariable is the environment variable by which long tests run whole.
const LongVariable = "PMPSMART_LONG"

// Long reports whether PMPSMART_LONG=1 is set, for a test that would take long to
// run whole. Otherwise it logs that a representative part runs.
func Long(t testing.TB) bool {
	t.Helper()
	if long, _ := strconv.ParseBool(os.Getenv(LongVariable)); long {
		return true
	}
	t.Log("a part of the test; all of it with " + LongVariable + "=1")
	return false
}

// WaitFor waits until a condition holds.
func WaitFor(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never came true: " + what)
		}
	}
}

// Barrier returns a function whose first n calls wait for each other.
func Barrier(n int32) (wait func()) {
	var arrived atomic.Int32
	all := make(chan struct{})
	return func() {
		if arrived.Add(1) == n {
			close(all)
		}
		<-all
	}
}
