package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// Retryable reports whether the call that returned err may go well later with nothing
// changed. It decides by the same rules by which the client retries, which has given up
// for now; a worker with a queue or an outbox tries again in some seconds or minutes.
//
// It is true for a server that can't be reached or was silent, a lost connection, 408,
// 425, 429, 5xx and a truncated body, also if the retry budget was spent, and if it was
// the call's own login, the token store or the [Locker] that failed. It is also true if the
// deadline of the call's context passed: give the next call a context of its own.
//
// It is false for a refusal by the server, such as a wrong password or an order that
// does not exist, input that can't be right, a response that makes no sense, a
// certificate that is not trusted, a canceled context (somebody wanted it to end), and
// for nil and every error that is not this package's.
//
// It is false for a create that may have been done, an [*OutcomeUnknownError]: the same
// call might do it twice. After an insert look for the order first.
// [Client.EnsureJSONOrder] looks by itself, so that after its OutcomeUnknownError it may
// be called again, as after an error that is Retryable:
//
//	var unknown *pmpsmart.OutcomeUnknownError
//	again := pmpsmart.Retryable(err) || errors.As(err, &unknown)
//
// After 408 and 425 it is false for [Client.InsertJSONOrder] and [Client.Call], which
// the client does not retry either.
//
// It looks through wrapping. Of several errors that one wraps, as errors.Join makes it,
// those of other packages don't count, and each of this package's must be retryable.
func Retryable(err error) bool {
	var unknown *OutcomeUnknownError
	if errors.Is(err, context.Canceled) || errors.As(err, &unknown) {
		return false
	}
	known, passes := mayPass(err)
	return known && passes
}

// mayPass finds this package's errors in err. known is whether there is one, and passes
// whether the calls that they are of may all go well later.
func mayPass(err error) (known, passes bool) {
	switch err { //nolint:errorlint // what it wraps comes below
	//nolint:errorlint // the same
	case ErrNoAnswer, ErrRateLimited, ErrServer, ErrMaintenance: // as a fake may return them
		return true, true
	}
	switch e := err.(type) { //nolint:errorlint // what it wraps comes below
	case interface{ text() string }:
		return true, callMayPass(err)
	case interface{ Unwrap() error }:
		return mayPass(e.Unwrap())
	case interface{ Unwrap() []error }:
		passes = true
		for _, inner := range e.Unwrap() {
			if innerKnown, innerPasses := mayPass(inner); innerKnown {
				known, passes = true, passes && innerPasses
			}
		}
		return known, passes
	}
	return false, false
}

// callMayPass reports whether the call whose error err is may go well later.
func callMayPass(err error) bool {
	if _, ok := errors.AsType[*lockError](err); ok {
		return !errors.Is(err, fs.ErrPermission) // as of a store below
	}
	login, ok := errors.AsType[*loginError](err)
	if !ok {
		return classOf(err).MayPass(failureOf(err)) || ranOutOfTime(err)
	}
	if login.what == atLogin {
		return retry.Auth.MayPass(failureOf(login.err)) || ranOutOfTime(login.err)
	}
	// Nothing was sent. What a store's errors mean its package knows; but for those that
	// somebody must mend, it is away and will be back.
	return !errors.Is(err, fs.ErrPermission)
}

// classOf returns the class of the method that an error of this package names first:
// EnsureJSONOrder is no create, though its insert is.
func classOf(err error) retry.Class {
	op := ""
	switch e := err.(type) { //nolint:errorlint // the outermost
	case *opError:
		op = e.op
	case *APIError:
		if e != nil {
			op = e.Op
		}
	case *DecodeError:
		if e != nil {
			op = e.Op
		}
	}
	if isCreate(op) {
		return create
	}
	return read
}

// ranOutOfTime reports whether err is nothing but the end of a context by its deadline.
func ranOutOfTime(err error) bool {
	return failureOf(err).Kind == retry.Final && errors.Is(err, context.DeadlineExceeded)
}

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
		return retry.Failure{Kind: retry.Status, Status: apiErr.status(), Delay: retry.Delay{Wait: apiErr.RetryAfter, Asked: apiErr.hasRetryAfter || apiErr.RetryAfter > 0}}
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

// reason says why a client gives up, for people; "" if it has made as many attempts as it
// may, which their number says.
func (c *config) reason(why retry.GiveUp, wait time.Duration) string {
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

// A waitError is an operation whose context ended while it waited for a retry.
type waitError struct {
	err    error // why it was to be retried
	ctxErr error // the context's
}

func (e *waitError) Error() string {
	return textOf(e.err) + "; waiting to retry: " + e.ctxErr.Error()
}

func (e *waitError) Unwrap() []error { return []error{e.err, e.ctxErr} }
