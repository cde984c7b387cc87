package pmpsmart

import (
	"errors"
	"io"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// RetryPolicy says how often and how fast calls are repeated. After which answers
// depends on what a call does, its class. The n-th wait is random between 0 and
// MinWait·2ⁿ⁻¹, at most MaxWait; a Retry-After that the server sends wins, up to
// MaxWait. A wait past MaxWait or the context's deadline is not begun: the error
// comes at once. Zero fields mean the defaults.
type RetryPolicy struct {
	MaxAttempts int           // requests a call, or a page of a list, may make; 1 turns repeats off; default 4
	MinWait     time.Duration // bound of the first wait; default 200 ms
	MaxWait     time.Duration // bound of any wait, also of the first; default 10 s
}

// A waitError is a call whose context ended while it waited to be repeated.
type waitError struct {
	met   error // why it was to be repeated
	ended error // the context's
}

func (e *waitError) Error() string {
	return textOf(e.met) + "; waiting to repeat: " + e.ended.Error()
}

func (e *waitError) Unwrap() []error { return []error{e.met, e.ended} }

// failureOf returns what decides whether a call that ended in err is retried.
func failureOf(err error) retry.Failure {
	if isUnsent(err) {
		return retry.Failure{} // the login had retries of its own
	}
	if lost, ok := errors.AsType[*transport.Error](err); ok {
		return retry.Failure{Kind: retry.Connection, Sent: lost.Sent}
	}
	if apiErr, ok := errors.AsType[*APIError](err); ok {
		return retry.Failure{Kind: retry.Status, Status: apiErr.status(), Delay: retry.Delay{Wait: apiErr.RetryAfter, Asked: apiErr.hasRetryAfter}}
	}
	if broken, ok := errors.AsType[*DecodeError](err); ok {
		return retry.Failure{Kind: retry.Unreadable, Truncated: errors.Is(broken.Err, io.ErrUnexpectedEOF), Done: broken.known}
	}
	if errors.Is(err, ErrResponseTooLarge) {
		return retry.Failure{Kind: retry.Unreadable}
	}
	return retry.Failure{}
}
