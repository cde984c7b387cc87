package flight

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrGoexit is returned to those who wait for a job that called [runtime.Goexit],
// as a test's FailNow does.
var ErrGoexit = errors.New("the goroutine that worked for this call was ended by runtime.Goexit")

// A PanicError is what a caller panics with whose job panicked in a goroutine of
// its own.
type PanicError struct {
	Value any    // what the job panicked with
	Stack []byte // of the job's goroutine
}

// Error returns the value and the stack, as an uncaught panic prints them.
func (e *PanicError) Error() string { return fmt.Sprintf("%v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// recovered recovers a panic of the job. It is deferred by run.
func (f *Flight[K, J]) recovered() {
	if v := recover(); v != nil {
		f.err = &PanicError{Value: v, Stack: debug.Stack()}
	}
}
