package pmpsmart

import (
	"errors"
	"fmt"
	"io"
	"time"

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

// tried returns err with what is known of the attempts before it: how many there were, if
// n says that there was more than one, and why there is no other, if that is not plain.
func (op *operation) tried(at target, n int, err error, why string) error {
	if n == 1 && why == "" {
		return err
	}
	return &opError{op: op.name, err: &triedError{err: op.withOp(err), attempts: at.try, unit: "attempt", why: why}}
}

// reason says why a client gives up, for people; "" if it has made as many attempts as it
// may, which their number says.
func (c *Client) reason(why retry.GiveUp, wait time.Duration) string {
	switch why {
	case retry.BudgetSpent:
		return "the client's retry budget is spent, as it is while a server is down; successes refill it"
	case retry.PastDeadline:
		return "the context ends within the wait of " + wait.Round(time.Millisecond).String()
	case retry.LongRetryAfter:
		return "the wait is longer than the " + c.retry.MaxWait.String() + " of RetryPolicy.MaxWait"
	}
	return ""
}

// A triedError is an error after more than one attempt, or one after which there was no
// other for a reason.
type triedError struct {
	err      error
	attempts int
	unit     string // "attempt" or "insert"
	why      string // there is no other, "" where it is plain
}

func (e *triedError) Error() string {
	text := textOf(e.err) + "; "
	if e.attempts > 1 {
		text += fmt.Sprintf("after %d %ss", e.attempts, e.unit)
	} else {
		text += "not retried"
	}
	if e.why != "" {
		text += ": " + e.why
	}
	return text
}

func (e *triedError) Unwrap() error { return e.err }

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
