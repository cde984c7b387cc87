package pmpsmart_test

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go"
)

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
