package pages

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The code of README.md, whose first program is in pmpsmarttest's examples.

func outlets() {
	client, err := pmpsmart.New(pmpsmart.FromEnv())
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	outlets, err := client.ListOutlets(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(outlets), "outlets")
}

func totals(ctx context.Context, client *pmpsmart.Client) {
	order, err := client.GetOrder(ctx, 198)
	if err != nil {
		log.Fatal(err)
	}
	var total float64
	if err := order.Extra.Decode("total", &total); err != nil {
		log.Fatal(err)
	}
	var items []struct {
		Product  string `json:"nama_produk"`
		Quantity int    `json:"qty"`
	}
	if err := order.Extra.Decode("items", &items); err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Code, total, items[0].Quantity, items[0].Product)
}

func today(ctx context.Context, client *pmpsmart.Client) {
	type Order struct {
		pmpsmart.Order
		Total float64 `json:"total"`
	}
	totals := map[int64]float64{}
	today := pmpsmart.OrderFilter{Date: pmpsmart.Today(pmpsmart.WIB)}
	for order, err := range pmpsmart.ListAs[Order](ctx, client, "order", today) {
		if err != nil {
			log.Fatal(err) // nothing comes after an error
		}
		totals[order.UserID] += order.Total
	}
	fmt.Println(totals)
}

func kinds(ctx context.Context, client *pmpsmart.Client) {
	_, err := client.GetOrder(ctx, 999_999)
	if errors.Is(err, pmpsmart.ErrNotFound) {
		fmt.Println("there is no such order")
	}

	err = client.Call(ctx, "order/update", map[string]any{"order_id": 198, "status": "sold"}, nil)
	var apiErr *pmpsmart.APIError
	if errors.As(err, &apiErr) {
		fmt.Println(apiErr.HTTPStatus, apiErr.Message, apiErr.Fields["status"])
	}
}

func stream(ctx context.Context, client *pmpsmart.Client) {
	count := map[pmpsmart.OrderStatus]int{}
	for order, err := range client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		if err != nil {
			log.Fatal(err) // nothing comes after an error
		}
		if count[order.Status]++; order.ID == 1000 {
			break
		}
	}
	fmt.Println(count)
}

func Example() {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithSeed(2000))
	defer server.Close()
	ctx, client := context.Background(), server.Client()
	totals(ctx, client)
	other := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty()) // with no order of this day but one
	defer other.Close()
	other.AddOrders(pmpsmarttest.Order{
		Order: pmpsmart.Order{UserID: 3, Date: pmpsmart.Today(pmpsmart.WIB)},
		Items: []pmpsmarttest.Item{{Quantity: 2, Price: 14500}},
	})
	today(ctx, other.Client())
	kinds(ctx, client)
	stream(ctx, client)
	// Output:
	// PMP-0000198 89400 6 Pasta Gigi 190 g
	// map[3:29000]
	// there is no such order
	// 422 The given data was invalid. [The selected status is invalid.]
	// map[cancel:76 complete:871 pending:53]
}

// closeOrder is the code under test.
func closeOrder(ctx context.Context, client *pmpsmart.Client, id int64) error {
	_, err := client.UpdateOrderStatus(ctx, id, pmpsmart.OrderComplete)
	return err
}

func TestCloseOrder(t *testing.T) {
	server := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())
	defer server.Close()
	added := server.AddOrders(pmpsmarttest.Order{
		Order: pmpsmart.Order{Code: "PMP-1", Status: pmpsmart.OrderOpen},
		Items: []pmpsmarttest.Item{{Product: "Kopi Bubuk 165 g", Quantity: 2, Price: 14500}},
	})
	// The first request is committed, but its response is lost.
	server.Fail(pmpsmarttest.Fault{Op: "UpdateOrderStatus", Kind: pmpsmarttest.FaultLostAnswer})

	if err := closeOrder(t.Context(), server.Client(), added[0].ID); err != nil {
		t.Fatal(err)
	}
	if status := server.Orders()[0].Status; status != pmpsmart.OrderComplete {
		t.Errorf("the order is %s, want %s", status, pmpsmart.OrderComplete)
	}
}

type counter struct {
	next     http.RoundTripper
	requests atomic.Int64
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	return c.next.RoundTrip(r)
}

func newClient() (*pmpsmart.Client, *counter, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 128         // net/http's default is 2
	transport.IdleConnTimeout = 4 * time.Second // shorter than most servers keep a connection
	count := &counter{next: transport}
	client, err := pmpsmart.New(
		pmpsmart.FromEnv(),
		pmpsmart.WithLogger(slog.Default()),
		pmpsmart.WithHTTPClient(&http.Client{Transport: count}),
	)
	return client, count, err
}

// What takes its account from the environment does so.
func TestFromEnvironment(t *testing.T) {
	server := pmpsmarttest.NewServer()
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	t.Setenv("PMPSMART_BASE_URL", server.URL)
	t.Setenv("PMPSMART_EMAIL", pmpsmarttest.Email)
	t.Setenv("PMPSMART_PASSWORD", pmpsmarttest.Password)
	t.Setenv("PMPSMART_TOKEN", "")

	outlets()
	assert.Len(t, server.Requests(), 2)

	client, count, err := newClient()
	require.NoError(t, err)
	_, err = client.ListOutlets(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, count.requests.Load(), "a login and a list")
}
