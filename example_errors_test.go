package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// statusOfError returns the HTTP status with which a service answers its own caller. The
// order of the checks matters: docs/errors.md says why.
func statusOfError(err error) int {
	var unknown *pmpsmart.OutcomeUnknownError
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &unknown): // before all that it wraps: it may have been done
		return http.StatusAccepted
	case errors.Is(err, context.Canceled): // before ErrServer: the caller left while a retry was waited for
		return 499 // nobody reads it
	case errors.Is(err, pmpsmart.ErrInvalidInput):
		return http.StatusBadRequest
	case errors.Is(err, pmpsmart.ErrUnauthorized): // this service's own login, not its caller's
		return http.StatusBadGateway
	case errors.Is(err, pmpsmart.ErrForbidden):
		return http.StatusBadGateway
	case errors.Is(err, pmpsmart.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, pmpsmart.ErrConflict):
		return http.StatusConflict
	case errors.Is(err, pmpsmart.ErrValidation), errors.Is(err, pmpsmart.ErrRefused):
		return http.StatusUnprocessableEntity
	case errors.Is(err, pmpsmart.ErrRateLimited), errors.Is(err, pmpsmart.ErrMaintenance): // before ErrServer, which a 503 is too
		return http.StatusServiceUnavailable
	case errors.Is(err, context.DeadlineExceeded): // before ErrNoAnswer, which a silent server is too
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway // ErrServer, ErrNoAnswer, *DecodeError, ErrResponseTooLarge
}

// A service maps the errors of its calls to the statuses of its own answers.
func Example_errorStatus() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, ctx := server.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})), context.Background()

	_, err := client.GetOrder(ctx, 999_999)
	fmt.Println(statusOfError(err), pmpsmart.Retryable(err))

	server.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	_, err = client.GetOrder(ctx, 198)
	fmt.Println(statusOfError(err), pmpsmart.Retryable(err))

	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	_, err = client.InsertJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: "PMP-1", Data: 1, Status: pmpsmart.JSONOrderCompleted})
	fmt.Println(statusOfError(err), pmpsmart.Retryable(err))
	// Output:
	// 404 false
	// 502 true
	// 202 false
}

// An outbox sends an order until it is there, and asks a person only for what no later
// attempt changes.
func ExampleRetryable() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, ctx := server.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})), context.Background()
	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})

	in := pmpsmart.JSONOrderInput{Code: "PMP-1", Data: map[string]int{"qty": 12}, Status: pmpsmart.JSONOrderCompleted}
	for {
		order, _, err := client.EnsureJSONOrder(ctx, in)
		var unknown *pmpsmart.OutcomeUnknownError // Ensure looks before it inserts again
		switch again := pmpsmart.Retryable(err) || errors.As(err, &unknown); {
		case err == nil && order.Matches(in):
			fmt.Println("sent")
			return
		case err == nil:
			fmt.Println("another order has this code")
			return
		case !again:
			fmt.Println("a person must look:", err)
			return
		}
		fmt.Println("later:", err)
	}
	// Output:
	// later: pmpsmart: EnsureJSONOrder: outcome unknown, the server may have done it: 502 Bad Gateway; calling it again is safe
	// sent
}
