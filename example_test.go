package pmpsmart_test

import (
	"context"
	"fmt"
	"log"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A first program. It runs on the sandbox; on the real server it needs no
// WithBaseURL, and takes the account from wherever it keeps its secrets.
func Example() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, err := pmpsmart.New(
		pmpsmart.WithBaseURL(server.URL), // without it: https://api.pmpsmart.com/api/v1
		pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password),
	)
	if err != nil {
		log.Fatal(err)
	}
	orders, err := client.ListOrders(context.Background(), pmpsmart.OrderFilter{UserID: 1})
	if err != nil {
		log.Fatal(err)
	}
	for _, order := range orders[:3] {
		fmt.Println(order.Code, order.Date, order.Status)
	}
	// Output:
	// PMP-0000007 2026-01-02 complete
	// PMP-0000015 2026-01-03 complete
	// PMP-0000023 2026-01-04 complete
}

func ExampleClient_Login() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, err := pmpsmart.New(pmpsmart.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	session, err := client.Login(context.Background(), pmpsmarttest.Email, pmpsmarttest.Password)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.User.Name, session.User.Email)
	fmt.Println("token:", session.Token) // string(session.Token) is its value
	// Output:
	// Sandbox sandbox@pmpsmart.test
	// token: [redacted]
}

func ExampleClient_Logout() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, ctx := server.Client(), context.Background()

	_, err := client.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{}) // logs in
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Logout(ctx); err != nil {
		log.Fatal(err)
	}
	_, err = client.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{}) // logs in again
	fmt.Println(server.Logins(), err)
	// Output:
	// 2 <nil>
}

func ExampleClient_ListOrders() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	orders, err := server.Client().ListOrders(context.Background(), pmpsmart.OrderFilter{
		Status: pmpsmart.OrderPending,
		Date:   pmpsmart.NewDate(2026, 2, 2),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, order := range orders {
		fmt.Println(order.ID, order.Code, order.Status, order.UserID, order.OutletID)
	}
	// Output:
	// 193 PMP-0000193 pending 4 52
	// 194 PMP-0000194 pending 2 4
	// 195 PMP-0000195 pending 6 43
	// 196 PMP-0000196 pending 7 102
	// 197 PMP-0000197 pending 2 69
	// 198 PMP-0000198 pending 1 1
}

func ExampleClient_GetOrder() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	order, err := server.Client().GetOrder(context.Background(), 198)
	if err != nil {
		log.Fatal(err)
	}
	// What the vendor's page does not name is in Extra.
	var total float64
	var items []struct {
		Product  string `json:"nama_produk"`
		Quantity int    `json:"qty"`
	}
	if err := order.Extra.Decode("total", &total); err != nil {
		log.Fatal(err)
	}
	if err := order.Extra.Decode("items", &items); err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, order.Status, order.Date, total)
	for _, item := range items {
		fmt.Println(item.Quantity, item.Product)
	}
	// Output:
	// PMP-0000198 pending 2026-02-02 89400
	// 6 Pasta Gigi 190 g
}

func ExampleClient_UpdateOrderStatus() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	order, err := server.Client().UpdateOrderStatus(context.Background(), 198, pmpsmart.OrderComplete)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, order.Status)
	// Output:
	// PMP-0000198 complete
}

func ExampleClient_ListOutlets() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	outlets, err := server.Client().ListOutlets(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(outlets), "outlets")
	fmt.Println(outlets[87].Code, outlets[87].Name, outlets[87].Address)
	// Output:
	// 120 outlets
	// OUT-088 Warung Senja Jl. Pemuda No. 151, Malang
}

func ExampleClient_UpdateOutletCode() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	outlet, err := server.Client().UpdateOutletCode(context.Background(), 88, "OUT-001")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outlet.ID, outlet.Code, outlet.Name)
	// Output:
	// 88 OUT-001 Warung Senja
}

func ExampleClient_ListSalesUsers() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	users, err := server.Client().ListSalesUsers(context.Background(), pmpsmart.SalesUserFilter{Name: "Ferryanto"})
	if err != nil {
		log.Fatal(err)
	}
	for _, user := range users {
		fmt.Println(user.ID, user.Name, user.Email)
	}
	// Output:
	// 1 Ferryanto ferryanto@pmpsmart.test
}

func ExampleClient_ListVisits() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	visits, err := server.Client().ListVisits(context.Background(), pmpsmart.VisitFilter{Name: "Ferryanto"})
	if err != nil {
		log.Fatal(err)
	}
	for _, visit := range visits[:2] {
		fmt.Println(visit.Name, "at outlet", visit.OutletID, visit.CreatedAt.Format("2006-01-02 15:04 MST"))
	}
	// Output:
	// Ferryanto at outlet 19 2026-01-01 02:15 UTC
	// Ferryanto at outlet 97 2026-01-09 05:18 UTC
}

func ExampleClient_InsertJSONOrder() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	order, err := server.Client().InsertJSONOrder(context.Background(), pmpsmart.JSONOrderInput{
		Code:   "PMP-3903001",
		Data:   map[string]string{"key": "value"},
		Status: pmpsmart.JSONOrderCompleted,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.ID, order.Code, order.Status, string(order.Data))
	// Output:
	// 1 PMP-3903001 completed {"key":"value"}
}

func ExampleClient_UpdateJSONOrder() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	client, ctx := server.Client(), context.Background()
	order := pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: []int{1, 2}, Status: "draft"}
	if _, err := client.InsertJSONOrder(ctx, order); err != nil {
		log.Fatal(err)
	}
	order.Status = pmpsmart.JSONOrderCompleted
	updated, err := client.UpdateJSONOrder(ctx, order)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(updated.Code, updated.Status, string(updated.Data))
	// Output:
	// PMP-3903001 completed [1,2]
}

func ExampleClient_FilterJSONOrders() {
	server := pmpsmarttest.NewServer()
	defer server.Close()
	server.AddJSONOrders(
		pmpsmart.JSONOrder{Code: "PMP-3903001", Data: []byte(`{"key":"value"}`), Status: "completed"},
		pmpsmart.JSONOrder{Code: "PMP-3903002", Data: []byte(`[]`), Status: "draft"},
	)
	orders, err := server.Client().FilterJSONOrders(context.Background(), pmpsmart.JSONOrderFilter{
		Search: "PMP-39",
		Status: pmpsmart.JSONOrderCompleted,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, order := range orders {
		fmt.Println(order.Code, string(order.Data))
	}
	// Output:
	// PMP-3903001 {"key":"value"}
}
