package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A struct that embeds a model has the model's fields, and by json tags those that the
// model does not name.
func ExampleListAs() {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	defer server.Close()
	ctx, client := context.Background(), server.Client()

	type Order struct {
		pmpsmart.Order
		Total float64 `json:"total"`
	}
	totals := map[int64]float64{}
	day := pmpsmart.OrderFilter{Date: pmpsmart.NewDate(2026, time.January, 2)}
	for order, err := range pmpsmart.ListAs[Order](ctx, client, "order", day) {
		if err != nil {
			log.Fatal(err) // nothing comes after an error
		}
		totals[order.UserID] += order.Total
	}
	fmt.Println(totals)
	// Output:
	// map[1:231750 3:306000 4:215250 5:625250 7:619150 10:483200]
}

// GetAs reads one record, here an order with its items and its outlet.
func ExampleGetAs() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	ctx, client := context.Background(), server.Client()

	type Detail struct {
		pmpsmart.Order
		Total float64 `json:"total"`
		Items []struct {
			Product  string  `json:"nama_produk"`
			Quantity int     `json:"qty"`
			Price    float64 `json:"harga"`
		} `json:"items"`
		Outlet pmpsmart.Outlet `json:"outlet"`
	}
	order, err := pmpsmart.GetAs[Detail](ctx, client, "order/detail", map[string]any{"order_id": 198})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, order.Total, order.Outlet.Name)
	for _, item := range order.Items {
		fmt.Println(item.Quantity, item.Product)
	}
	_, err = pmpsmart.GetAs[Detail](ctx, client, "order/detail", map[string]any{"order_id": 999_999})
	fmt.Println(errors.Is(err, pmpsmart.ErrNotFound))
	// Output:
	// PMP-0000198 89400 Warung Sumber Urip
	// 6 Pasta Gigi 190 g
	// true
}

// DecodeAll reads all fields of a record that its struct does not have.
func ExampleExtra_DecodeAll() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	order, err := server.Client().GetOrder(context.Background(), 198)
	if err != nil {
		log.Fatal(err)
	}

	var more struct {
		Total float64          `json:"total"`
		Items []map[string]any `json:"items"`
		User  pmpsmart.User    `json:"user"`
	}
	if err := order.Extra.DecodeAll(&more); err != nil {
		log.Fatal(err)
	}
	fmt.Println(more.Total, len(more.Items), more.User.Name)
	// Output:
	// 89400 1 Ferryanto
}

// A day is the same for everybody; which day it is depends on where.
func ExampleToday() {
	today := pmpsmart.Today(pmpsmart.WIB)
	week := pmpsmart.JSONOrderFilter{StartDate: today.AddDays(-6), EndDate: today}
	fmt.Println(week.StartDate.Before(week.EndDate), week.EndDate == today)
	// Output:
	// true true
}
