package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// What is known of each error that an attempt may end in, wrapped or not.
func TestFailureOf(t *testing.T) {
	t.Parallel()
	status := func(n int) error { return &APIError{HTTPStatus: n} }
	for name, row := range map[string]struct {
		err  error
		want retry.Failure
	}{
		"not sent":       {&transport.Error{Err: io.EOF}, retry.Failure{Kind: retry.Connection}},
		"no response":    {&transport.Error{Err: io.EOF, Sent: true}, retry.Failure{Kind: retry.Connection, Sent: true}},
		"broken off":     {&transport.Error{Err: io.ErrUnexpectedEOF, Sent: true, Begun: true}, retry.Failure{Kind: retry.Connection, Sent: true}},
		"HTTP status":    {status(503), retry.Failure{Kind: retry.Status, Status: 503}},
		"envelope":       {&APIError{HTTPStatus: 200, code: 422}, retry.Failure{Kind: retry.Status, Status: 422}},
		"Retry-After":    {&APIError{HTTPStatus: 429, RetryAfter: time.Second, hasRetryAfter: true}, retry.Failure{Kind: retry.Status, Status: 429, Delay: retry.Delay{Wait: time.Second, Asked: true}}},
		"Retry-After: 0": {&APIError{HTTPStatus: 503, hasRetryAfter: true}, retry.Failure{Kind: retry.Status, Status: 503, Delay: retry.Delay{Asked: true}}},
		"unreadable":     {&DecodeError{Err: io.EOF}, retry.Failure{Kind: retry.Unreadable}},
		"cut short":      {&DecodeError{Err: fmt.Errorf("after 7 bytes: %w", io.ErrUnexpectedEOF)}, retry.Failure{Kind: retry.Unreadable, Truncated: true}},
		"done":           {&DecodeError{Err: io.EOF, known: true}, retry.Failure{Kind: retry.Unreadable, Done: true}},
		"too large":      {&tooLargeError{}, retry.Failure{Kind: retry.Unreadable}},
		"a login's 503":  {&loginError{"login", status(503)}, retry.Failure{}},
		"a store's loss": {&loginError{"token store", &transport.Error{Err: io.EOF, Sent: true}}, retry.Failure{}},
		"no token":       {errNoToken, retry.Failure{}},
		"input":          {&InputError{}, retry.Failure{}},
		"context":        {context.Canceled, retry.Failure{}},
		"other":          {errors.New("x"), retry.Failure{}},
	} {
		require.Equal(t, row.want, failureOf(row.err), name)
		require.Equal(t, row.want, failureOf(&opError{op: "GetOrder", err: row.err}), name)
	}
}
