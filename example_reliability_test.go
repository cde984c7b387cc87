package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// An insert whose answer is lost may have been done. EnsureJSONOrder looks
// before it inserts again.
func ExampleClient_EnsureJSONOrder() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer})

	order, created, err := server.Client().EnsureJSONOrder(context.Background(), pmpsmart.JSONOrderInput{
		Code:   "PMP-3903001",
		Data:   map[string]int{"outlet": 88},
		Status: pmpsmart.JSONOrderCompleted,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, "created:", created)
	fmt.Println(len(server.JSONOrders()), "on the server")
	// Output:
	// PMP-3903001 created: true
	// 1 on the server
}

// InsertJSONOrder does not look: it says that the outcome is unknown.
func ExampleOutcomeUnknownError() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultAnswer, Status: http.StatusBadGateway})

	_, err := server.Client().InsertJSONOrder(context.Background(), pmpsmart.JSONOrderInput{
		Code: "PMP-3903001", Data: []int{1}, Status: pmpsmart.JSONOrderCompleted,
	})
	var unknown *pmpsmart.OutcomeUnknownError
	fmt.Println(errors.As(err, &unknown), errors.Is(err, pmpsmart.ErrServer))
	fmt.Println(err)
	// Output:
	// true true
	// pmpsmart: InsertJSONOrder: outcome unknown, the server may have done it: 502 Bad Gateway; look before sending it again
}

// The kind of an error is for errors.Is, its detail for errors.As.
func ExampleAPIError() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, ctx := server.Client(), context.Background()

	_, err := client.GetOrder(ctx, 999_999)
	fmt.Println(errors.Is(err, pmpsmart.ErrNotFound))
	fmt.Println(err)

	err = client.Call(ctx, "order/update", map[string]any{"order_id": 198, "status": "sold"}, nil)
	var refusal *pmpsmart.APIError
	if errors.As(err, &refusal) {
		fmt.Println(refusal.HTTPStatus, refusal.Message, refusal.Fields["status"])
	}
	// Output:
	// true
	// pmpsmart: GetOrder: 404 Not Found: No query results for model [App\Models\Order] 999999
	// 422 The given data was invalid. [The selected status is invalid.]
}

// Input that can't be right is refused before anything is sent.
func ExampleInputError() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	_, err := server.Client().UpdateOrderStatus(context.Background(), 198, "sold")
	fmt.Println(errors.Is(err, pmpsmart.ErrInvalidInput), len(server.Requests()))
	fmt.Println(err)
	// Output:
	// true 0
	// pmpsmart: UpdateOrderStatus: status is "sold"; want open, pending, complete or cancel
}

// Reads and updates are repeated when that may help.
func ExampleWithRetry() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.Fail(
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultReset},
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: http.StatusServiceUnavailable},
	)
	client := server.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 5, MinWait: time.Millisecond}))

	var response pmpsmart.Response
	order, err := client.GetOrder(context.Background(), 198, pmpsmart.WithResponse(&response))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, "after", response.Attempts, "attempts")
	// Output:
	// PMP-0000198 after 3 attempts
}

// Hooks count retries, and print each call when it ends.
func ExampleWithHooks() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: http.StatusServiceUnavailable})

	retries := map[string]int{} // by why there was none; under a mutex where calls run at once
	client := server.Client(pmpsmart.WithHooks(pmpsmart.Hooks{
		Call: func(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
			return ctx, func(result pmpsmart.CallResult) {
				fmt.Println(info.Op, info.Class, result.Response.HTTPStatus, result.Response.Attempts, result.Records)
			}
		},
		Retry: func(_ context.Context, info pmpsmart.RetryInfo) { retries[info.GaveUp]++ },
	}))
	if _, err := client.GetOrder(context.Background(), 198); err != nil {
		log.Fatal(err)
	}
	fmt.Println("retried:", retries[""], "given up:", len(retries)-1)
	// Output:
	// Login auth 200 1 0
	// GetOrder read 200 2 1
	// retried: 1 given up: 0
}

// Where the server keeps one token an account, a login ends the token of every
// other client. Clients that share a store share the token.
func ExampleWithTokenStore() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	store := pmpsmart.NewMemoryTokenStore() // of one process; NewFileTokenStore serves a machine, redisstore many
	one := server.Client(pmpsmart.WithTokenStore(store))
	two := server.Client(pmpsmart.WithTokenStore(store))
	for range 3 {
		for _, client := range []*pmpsmart.Client{one, two} {
			if _, err := client.GetOrder(context.Background(), 198); err != nil {
				log.Fatal(err)
			}
		}
	}
	fmt.Println("logins:", server.Logins())
	// Output:
	// logins: 1
}

// WithHTTPClient is where proxies, tracing and everything else that is a
// RoundTripper goes.
func ExampleWithHTTPClient() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client := server.Client(pmpsmart.WithHTTPClient(&http.Client{Transport: printing{http.DefaultTransport}}))
	if _, err := client.GetOrder(context.Background(), 198); err != nil {
		log.Fatal(err)
	}
	// Output:
	// POST /api/v1/auth/login 200
	// POST /api/v1/order/detail 200
}

// printing is a RoundTripper that says what passes.
type printing struct{ next http.RoundTripper }

func (p printing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := p.next.RoundTrip(r)
	if err == nil {
		fmt.Println(r.Method, r.URL.Path, answer.StatusCode)
	}
	return answer, err
}

// The processes of a machine ensure an order one after the other.
func ExampleNewFileLocker() {
	locker, err := pmpsmart.NewFileLocker("/var/lib/toko/locks")
	if err != nil {
		log.Fatal(err)
	}
	client, err := pmpsmart.New(pmpsmart.FromEnv(), pmpsmart.WithLocker(locker))
	if err != nil {
		log.Fatal(err)
	}
	in := pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: map[string]int{"outlet": 88}, Status: pmpsmart.JSONOrderCompleted}
	order, created, err := client.EnsureJSONOrder(context.Background(), in)
	if err != nil {
		log.Fatal(err)
	}
	if !created && !order.Matches(in) {
		log.Fatalf("%s is another order", order.Code)
	}
}
