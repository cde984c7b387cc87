package pmpsmart

import (
	"errors"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// failureOf returns what decides whether an operation is retried after err, and
// whether its outcome is unknown.
func failureOf(err error) retry.Failure {
	if isUnsent(err) {
		return retry.Failure{} // the login had retries of its own
	}
	if lost, ok := errors.AsType[*transport.Error](err); ok {
		if lost.Final {
			return retry.Failure{}
		}
		return retry.Failure{Kind: retry.Connection, Sent: lost.Sent}
	}
	if apiErr, ok := errors.AsType[*APIError](err); ok && apiErr != nil {
		return retry.Failure{Kind: retry.Status, Status: apiErr.status(), Delay: retry.Delay{Wait: apiErr.RetryAfter, Asked: apiErr.hasRetryAfter}}
	}
	if unreadable, ok := errors.AsType[*DecodeError](err); ok && unreadable != nil {
		return retry.Failure{Kind: retry.Unreadable, Truncated: errors.Is(unreadable.Err, io.ErrUnexpectedEOF), Done: unreadable.known}
	}
	if errors.Is(err, ErrResponseTooLarge) {
		return retry.Failure{Kind: retry.Unreadable}
	}
	return retry.Failure{}
}

// isUnsent reports whether err came before the operation itself was sent.
func isUnsent(err error) bool {
	var login *loginError
	return errors.As(err, &login) || errors.Is(err, errNoToken)
}

// canceledWait returns the error of an operation whose context ended while it waited for
// a retry.
func (op *operation) canceledWait(err, ctxErr error) error {
	return &opError{op: op.name, err: &waitError{op.withOp(err), ctxErr}}
}

// A waitError is an operation whose context ended while it waited for a retry.
type waitError struct {
	err    error // why it was to be retried
	ctxErr error // the context's
}

func (e *waitError) Error() string {
	return textOf(e.err) + "; waiting to retry: " + e.ctxErr.Error()
}

func (e *waitError) Unwrap() []error { return []error{e.err, e.ctxErr} }
