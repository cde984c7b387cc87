package pmpsmart_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var orderRequests = []documented{
	{name: "ListOrders", path: "order", body: `{"status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending, Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1})
			return err
		},
		seq: func(ctx context.Context, c *pmpsmart.Client) error {
			return lastError(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending, Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1}))
		}},
	{name: "UpdateOrderStatus", path: "order/update", body: `{"order_id":198,"status":"complete"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderComplete)
			return err
		}},
	{name: "GetOrder", path: "order/detail", body: `{"order_id":198}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.GetOrder(ctx, 198); return err }},
}

var orderFilters = []sentBody{
	{"no orders' filter", `{}`, orders(pmpsmart.OrderFilter{})},
	{"status", `{"status":"open"}`, orders(pmpsmart.OrderFilter{Status: "open"})},
	{"date", `{"date_order":"2026-02-02"}`, orders(pmpsmart.OrderFilter{Date: february})},
	{"user", `{"user_id":7}`, orders(pmpsmart.OrderFilter{UserID: 7})},
	{"outlet", `{"outlet_id":9007199254740993}`, orders(pmpsmart.OrderFilter{OutletID: 9007199254740993})},
}

var orderInput = []refused{
	{"order 0", pmpsmart.InputError{Op: "GetOrder", Field: "orderID", Problem: "is 0; an id is at least 1"}, getOrder(0)},
	{"order below 0", pmpsmart.InputError{Op: "GetOrder", Field: "orderID", Problem: "is -9223372036854775808; an id is at least 1"}, getOrder(math.MinInt64)},
	{"update of order 0", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "orderID", Problem: "is 0; an id is at least 1"}, updateStatus(0, "open")},
	{"no status", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is ""; want open, pending, complete or cancel`}, updateStatus(1, "")},
	{"a fifth status", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is "completed"; want open, pending, complete or cancel; did you mean "complete"? that is an order's, and completed is a JSON order's`}, updateStatus(1, "completed")},
	{"another spelling", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is "cancelled"; want open, pending, complete or cancel; did you mean "cancel"?`}, updateStatus(1, "cancelled")},
	{"a JSON order's status", pmpsmart.InputError{Op: "ListOrders", Field: "Status", Problem: `is "Completed"; did you mean "complete"? that is an order's, and completed is a JSON order's`}, orders(pmpsmart.OrderFilter{Status: "Completed"})},
	{"a misspelled status", pmpsmart.InputError{Op: "ListOrders", Field: "Status", Problem: `is "canceled"; did you mean "cancel"?`}, orders(pmpsmart.OrderFilter{Status: "canceled"})},
	{"a capital", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is "Open"; want open, pending, complete or cancel`}, updateStatus(1, "Open")},
	{"user below 0", pmpsmart.InputError{Op: "ListOrders", Field: "UserID", Problem: "is -1; an id is at least 1, and 0 does not filter"}, orders(pmpsmart.OrderFilter{UserID: -1})},
	{"outlet below 0", pmpsmart.InputError{Op: "ListOrders", Field: "OutletID", Problem: "is -2; an id is at least 1, and 0 does not filter"}, orders(pmpsmart.OrderFilter{OutletID: -2})},
	{"status in Latin-1", pmpsmart.InputError{Op: "ListOrders", Field: "Status", Problem: `is not UTF-8: "caf\xe9"`}, orders(pmpsmart.OrderFilter{Status: "caf\xe9"})},
}

func TestOrderInJSON(t *testing.T) {
	t.Parallel()
	want := pmpsmart.Order{ID: 198, Code: "PMP-1", Status: "pending", Date: pmpsmart.NewDate(2026, 2, 2), UserID: 7, OutletID: 8, CreatedAt: morning, UpdatedAt: evening, Extra: extra(t, moreFields)}
	text, got := again(t, want)
	require.Equal(t, `{"id":198,"kode_order":"PMP-1","status":"pending","date_order":"2026-02-02","user_id":7,"outlet_id":8,"created_at":"2026-02-02T09:00:00.123456+07:00","updated_at":"2026-02-02T12:00:00Z","total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
	equalTimes(t, &want.CreatedAt, &got.CreatedAt)
	equalTimes(t, &want.UpdatedAt, &got.UpdatedAt)
	require.Equal(t, want, got)
}

func getOrder(id int64) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.GetOrder(ctx, id); return err }
}

func updateStatus(id int64, s pmpsmart.OrderStatus) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.UpdateOrderStatus(ctx, id, s)
		return err
	}
}

func orders(f pmpsmart.OrderFilter) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.ListOrders(ctx, f); return err }
}
