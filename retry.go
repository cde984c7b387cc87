package pmpsmart

import (
	"errors"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// A waitError is a call whose context ended while it waited to be repeated.
type waitError struct {
	err    error // why it was to be repeated
	ctxErr error // the context's
}

func (e *waitError) Error() string {
	return textOf(e.err) + "; waiting to repeat: " + e.ctxErr.Error()
}

func (e *waitError) Unwrap() []error { return []error{e.err, e.ctxErr} }

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

// isUnsent reports whether err came before the call itself was sent.
func isUnsent(err error) bool {
	var before *loginError
	return errors.As(err, &before) || errors.Is(err, errNoToken)
}
