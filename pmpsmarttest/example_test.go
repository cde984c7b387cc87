package pmpsmarttest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A new server holds sample data, and its client is ready to use.
func Example() {
	srv := pmpsmarttest.NewServer()
	defer srv.Close()

	order, err := srv.Client().GetOrder(context.Background(), 198)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Code, order.Status, order.Date)
	// Output: PMP-0000198 pending 2026-02-02
}

// README.md's first program: a client that a program makes itself.
func ExampleNewServer() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, err := pmpsmart.New(
		pmpsmart.WithBaseURL(server.URL), // without it: https://api.pmpsmart.com/api/v1
		pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password),
	)
	if err != nil {
		log.Fatal(err)
	}
	orders, err := client.ListOrders(context.Background(), pmpsmart.OrderFilter{})
	if err != nil {
		log.Fatal(err)
	}
	for _, order := range orders[:min(3, len(orders))] {
		fmt.Println(order.Code, order.Date, order.Status)
	}
	// Output:
	// PMP-0000001 2026-01-01 complete
	// PMP-0000002 2026-01-01 pending
	// PMP-0000003 2026-01-01 complete
}

// cancelStale is a program's own function: it cancels the orders that have been
// open since before a day.
func cancelStale(ctx context.Context, c *pmpsmart.Client, before pmpsmart.Date) (n int, err error) {
	open, err := c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderOpen})
	if err != nil {
		return 0, err
	}
	for _, order := range open {
		if order.Date.Before(before) {
			if _, err := c.UpdateOrderStatus(ctx, order.ID, pmpsmart.OrderCancel); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// A user's own test: add what the test needs, run the program, and look at what
// the server holds then.
func ExampleServer_AddOrders() {
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
	defer srv.Close()
	may := func(day int) pmpsmart.Date { return pmpsmart.NewDate(2026, time.May, day) }
	srv.AddOrders(
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "LAMA", Status: pmpsmart.OrderOpen, Date: may(1)}},
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "BARU", Status: pmpsmart.OrderOpen, Date: may(30)}},
		pmpsmarttest.Order{
			Order: pmpsmart.Order{Code: "SELESAI", Status: pmpsmart.OrderComplete, Date: may(2)},
			Items: []pmpsmarttest.Item{{Product: "Kopi Bubuk 165 g", Quantity: 2, Price: 14500}},
		},
	)

	n, err := cancelStale(context.Background(), srv.Client(), may(15))
	fmt.Println(n, "canceled", err)
	for _, order := range srv.Orders() {
		fmt.Println(order.Code, order.Status)
	}
	// Output:
	// 1 canceled <nil>
	// LAMA cancel
	// BARU open
	// SELESAI complete
}

// The same program, on servers that answer each in another way.
func ExampleWithStyle() {
	for _, style := range []pmpsmarttest.Style{pmpsmarttest.Plain, pmpsmarttest.Loose, pmpsmarttest.Resources, "numbers=text", "times=unix"} {
		day := pmpsmart.NewDate(2026, time.February, 9)
		srv := pmpsmarttest.NewServer(pmpsmarttest.WithStyle(style), pmpsmarttest.WithSeedEnd(day))
		n, err := cancelStale(context.Background(), srv.Client(), day)
		fmt.Println(style, n, err)
		srv.Close()
	}
	// Output:
	// plain 18 <nil>
	// loose 18 <nil>
	// resources 18 <nil>
	// numbers=text 18 <nil>
	// times=unix 18 <nil>
}

// An insert whose answer is lost is done all the same: whoever just repeats it
// has the order twice.
func ExampleServer_Fail() {
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
	defer srv.Close()
	c := srv.Client()
	order := pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: json.RawMessage(`{"key":"value"}`), Status: pmpsmart.JSONOrderCompleted}

	srv.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer})
	_, err := c.InsertJSONOrder(context.Background(), order)
	var unknown *pmpsmart.OutcomeUnknownError
	fmt.Println("unknown:", errors.As(err, &unknown), "orders:", len(srv.JSONOrders()))

	_, created, err := c.EnsureJSONOrder(context.Background(), order)
	fmt.Println("created:", created, err, "orders:", len(srv.JSONOrders()))
	// Output:
	// unknown: true orders: 1
	// created: false <nil> orders: 1
}

// A token may die at any time: the client logs in again and goes on.
func ExampleServer_ExpireTokens() {
	srv := pmpsmarttest.NewServer()
	defer srv.Close()
	c := srv.Client()
	for range 3 {
		outlets, err := c.ListOutlets(context.Background())
		fmt.Println(len(outlets), err, "logins:", srv.Logins())
		srv.ExpireTokens()
	}
	// Output:
	// 120 <nil> logins: 1
	// 120 <nil> logins: 2
	// 120 <nil> logins: 3
}

// What a program has sent can be looked at, without the secrets in it.
func ExampleServer_Requests() {
	srv := pmpsmarttest.NewServer()
	defer srv.Close()
	srv.Client().UpdateOutletCode(context.Background(), 88, "OUT-001")
	for _, r := range srv.Requests() {
		fmt.Println(r.Op, r.Body, r.Status)
	}
	// Output:
	// Login {"email":"sandbox@pmpsmart.test","password":"[redacted]"} 200
	// UpdateOutletCode {"id_outlet":"88","kode_outlet":"OUT-001"} 200
}

// What is written is dated by the test's own clock.
func ExampleWithClock() {
	now := time.Date(2026, time.May, 1, 9, 0, 0, 0, time.UTC)
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithClock(func() time.Time { return now }))
	defer srv.Close()
	order, err := srv.Client().UpdateOrderStatus(context.Background(), 198, pmpsmart.OrderComplete)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.UpdatedAt)
	// Output: 2026-05-01 09:00:00 +0000 UTC
}

// A fault for the second request and one that comes by chance.
func ExampleWithRandomFaults() {
	srv := pmpsmarttest.NewServer(
		pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "ListVisits", Nth: 2, Kind: pmpsmarttest.FaultCut, Bytes: 100}),
		pmpsmarttest.WithRandomFaults(1, map[pmpsmarttest.FaultKind]float64{pmpsmarttest.FaultReset: 0.2, pmpsmarttest.FaultAnswer: 0.2}),
	)
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 10, MinWait: time.Millisecond}))
	for range 5 {
		visits, err := c.ListVisits(context.Background(), pmpsmart.VisitFilter{})
		fmt.Println(len(visits), err)
	}
	fmt.Println(srv.Close()) // an error if no request had met the fault
	// Output:
	// 60 <nil>
	// 60 <nil>
	// 60 <nil>
	// 60 <nil>
	// 60 <nil>
	// <nil>
}
