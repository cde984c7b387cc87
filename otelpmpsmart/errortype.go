package otelpmpsmart

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go"
)

// kinds are the errors of the library, by the values of error.type. The first that an
// error matches counts.
var kinds = []struct {
	err  error
	kind string
}{
	{pmpsmart.ErrInvalidInput, "input"},
	{pmpsmart.ErrUnauthorized, "unauthorized"},
	{pmpsmart.ErrForbidden, "forbidden"},
	{pmpsmart.ErrNotFound, "not_found"},
	{pmpsmart.ErrValidation, "validation"},
	{pmpsmart.ErrConflict, "conflict"},
	{pmpsmart.ErrRefused, "refused"},
	{pmpsmart.ErrRateLimited, "rate_limited"},
	{pmpsmart.ErrMaintenance, "maintenance"},
	{pmpsmart.ErrServer, "server_error"},
	{pmpsmart.ErrResponseTooLarge, "response_too_large"},
	{pmpsmart.ErrNoAnswer, "no_answer"},
}

// The values of error.type for what no error of the library's says.
const (
	outcomeUnknown   = "outcome_unknown"
	canceled         = "canceled"
	deadlineExceeded = "deadline_exceeded"
	decode           = "decode"
	truncated        = "truncated"
)

// errorType returns the error.type of a call's error.
func errorType(ctx context.Context, err error) string {
	if errors.As(err, new(*pmpsmart.OutcomeUnknownError)) {
		return outcomeUnknown
	}
	if end := ctx.Err(); end != nil && errors.Is(err, end) { // before a silent server, which is a DeadlineExceeded too
		return endType(end)
	}
	var part interface{ IsLocal() bool }
	if errors.As(err, &part) && part.IsLocal() { // the program's own token store, whose lost connection is not the server's
		return other
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.kind
		}
	}
	var apiErr *pmpsmart.APIError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return truncated
	case errors.As(err, new(*pmpsmart.DecodeError)):
		return decode
	case errors.As(err, &apiErr) && apiErr != nil:
		return statusType(apiErr.HTTPStatus)
	case errors.Is(err, context.Canceled):
		return canceled
	case holds(err, context.DeadlineExceeded):
		return deadlineExceeded
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, new(*net.OpError)): // the client's own timeout, or a reset
		return truncated // without a response it is ErrNoAnswer
	}
	return other
}

// holds reports whether target itself is in err's tree, and not an error that only
// matches it.
func holds(err, target error) bool {
	if err == target { //nolint:errorlint // the tree is walked here
		return true
	}
	switch e := err.(type) { //nolint:errorlint // as above
	case interface{ Unwrap() error }:
		return holds(e.Unwrap(), target)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return holds(err, target) })
	}
	return false
}

func endType(end error) string {
	if errors.Is(end, context.Canceled) {
		return canceled
	}
	return deadlineExceeded
}

// attemptErrorType returns the error.type of a request's error: its HTTP status where
// that is an error, as the semantic conventions want it, else as that of a call. status
// is 0 if it is not known.
func attemptErrorType(ctx context.Context, status int, err error) string {
	var apiErr *pmpsmart.APIError
	var decodeErr *pmpsmart.DecodeError
	switch {
	case status != 0:
	case errors.As(err, &apiErr) && apiErr != nil:
		status = apiErr.HTTPStatus
	case errors.As(err, &decodeErr) && decodeErr != nil:
		status = decodeErr.HTTPStatus
	}
	if status >= 300 {
		return statusType(status)
	}
	var unknown *pmpsmart.OutcomeUnknownError
	if errors.As(err, &unknown) && unknown != nil { // of the request it is known what happened
		err = unknown.Err
	}
	return errorType(ctx, err)
}

// statusType returns the error.type of an HTTP status.
func statusType(status int) string {
	if status < 100 || status > 599 {
		return other
	}
	return strconv.Itoa(status)
}
