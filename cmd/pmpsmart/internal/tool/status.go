package tool

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// The exit statuses.
const (
	StatusOK          = 0
	StatusFailed      = 1   // something was refused, or is missing in the result
	StatusUsage       = 2   // the command line or the input can't be right
	StatusAccount     = 3   // the server refused the account
	StatusUnreachable = 4   // the server could not be reached or stayed busy: run it again
	StatusInterrupted = 130 // 128 and the number of SIGINT, as a shell has it
)

// A usageError is a command line or an input that can't be right: nothing was done.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// In returns the message in a language.
func (e usageError) In(l lang.Language) string { return l.Error(e.error) }

// Usage marks an error as one of the command line or the input, for the exit status.
// The Usage of nil is nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// Usagef returns a lang.Errorf that is marked by Usage.
func Usagef(format string, args ...any) error { return usageError{lang.Errorf(format, args...)} }

// An unreachableError is that of something that may be there again later.
type unreachableError struct{ error }

func (e unreachableError) Unwrap() error { return e.error }

// In returns the message in a language.
func (e unreachableError) In(l lang.Language) string { return l.Error(e.error) }

// Unreachable marks an error that is not the client's as one that may be gone in the next
// run, for the exit status.
func Unreachable(err error) error { return unreachableError{err} }

// Exit prints what went wrong, on one line, and returns the exit status.
func (t *Tool) Exit(ctx context.Context, err error) int {
	if err == nil {
		return StatusOK
	}
	t.line(t.Language.Error(err))
	if ctx.Err() != nil {
		return StatusInterrupted
	}
	return status(err)
}

func status(err error) int {
	var usage usageError
	var away unreachableError
	var input *pmpsmart.InputError
	var unknown *pmpsmart.OutcomeUnknownError
	switch {
	case errors.As(err, &usage), errors.As(err, &input) && input.Op == "New":
		return StatusUsage
	case errors.Is(err, errAccount), errors.Is(err, pmpsmart.ErrUnauthorized), errors.Is(err, pmpsmart.ErrForbidden):
		return StatusAccount
	case errors.As(err, &away), pmpsmart.Retryable(err), errors.As(err, &unknown):
		return StatusUnreachable
	}
	return StatusFailed
}

// IsAccountError reports whether an error is that of an account that has no token here.
func IsAccountError(err error) bool { return errors.Is(err, errAccount) }
