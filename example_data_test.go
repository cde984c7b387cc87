package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A Seq holds one record at a time, however long the list is. Breaking off asks
// for no further page.
func ExampleClient_ListOrdersSeq() {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithSeed(100_000), pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	defer server.Close()

	met := map[pmpsmart.OrderStatus]int{}
	for order, err := range server.Client().ListOrdersSeq(context.Background(), pmpsmart.OrderFilter{}) {
		if err != nil {
			log.Fatal(err) // it comes last
		}
		if met[order.Status]++; order.ID == 1000 {
			break
		}
	}
	fmt.Println(met)
	// Output:
	// map[cancel:76 complete:871 pending:53]
}

// Call reaches what has no method, or what a method does not send.
func ExampleClient_Call() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	var order struct {
		ID     int64
		Code   string  `json:"kode_order"`
		Total  float64 `json:"total"`
		Outlet pmpsmart.Outlet
	}
	in := map[string]any{"order_id": 198}
	if err := server.Client().Call(context.Background(), "order/detail", in, &order); err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, order.Total, order.Outlet.Name)
	// Output:
	// PMP-0000198 89400 Warung Sumber Urip
}

// Extra keeps every field that no struct names, in the order it came.
func ExampleExtra() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	order, err := server.Client().GetOrder(context.Background(), 198)
	if err != nil {
		log.Fatal(err)
	}
	for name, raw := range order.Extra.All() {
		fmt.Println(name, len(raw) > 0)
	}
	var user pmpsmart.User
	if err := order.Extra.Decode("user", &user); err != nil { // as leniently as the client reads
		log.Fatal(err)
	}
	fmt.Println(user.Name)
	err = order.Extra.Decode("discount", new(float64))
	fmt.Println(errors.Is(err, pmpsmart.ErrNoField))
	// Output:
	// total true
	// items true
	// outlet true
	// user true
	// Ferryanto
	// true
}

// What the server sends and this library does not expect costs no list; the
// drift handler hears of it.
func ExampleWithDriftHandler() {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithStyleFor("ListOrders", "fields=odd"))
	defer server.Close()
	client := server.Client(pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) {
		fmt.Printf("%s %s: want %s, got %s, %d times\n", d.Op, d.Path, d.Want, d.Got, d.Count)
	}))
	orders, err := client.ListOrders(context.Background(), pmpsmart.OrderFilter{UserID: 1})
	fmt.Println(len(orders) > 0, err)
	// Output:
	// ListOrders data.*.user_id: want integer, got "abc", 11 times
	// ListOrders data.*.created_at: want time, got "abc", 11 times
	// true <nil>
}

// A program's own test: its code on one side, the sandbox on the other.
func Example_testing() {
	// closeOrder is the code under test.
	closeOrder := func(ctx context.Context, client *pmpsmart.Client, id int64) error {
		_, err := client.UpdateOrderStatus(ctx, id, pmpsmart.OrderComplete)
		return err
	}

	server := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
	defer server.Close()
	added := server.AddOrders(pmpsmarttest.Order{
		Order: pmpsmart.Order{Code: "PMP-1", Status: pmpsmart.OrderOpen},
		Items: []pmpsmarttest.Item{{Product: "Kopi Bubuk 165 g", Quantity: 2, Price: 14500}},
	})
	client := server.Client()
	fmt.Println(closeOrder(context.Background(), client, added[0].ID), server.Orders()[0].Status)
	server.ExpireTokens()
	fmt.Println(closeOrder(context.Background(), client, added[0].ID))
	for _, request := range server.Requests() {
		fmt.Println(request.Op, request.Status)
	}
	// Output:
	// <nil> complete
	// <nil>
	// Login 200
	// UpdateOrderStatus 200
	// UpdateOrderStatus 401
	// Login 200
	// UpdateOrderStatus 200
}
