// Package fields totals a day's orders with the types that pmpsmart-doctor wrote from
// a server's report. See docs/fields.md.
package fields

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/examples/fields/toko"
)

// Totals returns the total of a day's orders by salesperson.
func Totals(ctx context.Context, client *pmpsmart.Client, day pmpsmart.Date) (map[int64]float64, error) {
	totals := make(map[int64]float64)
	for order, err := range toko.ListOrders(ctx, client, pmpsmart.OrderFilter{Date: day}) {
		if err != nil {
			return nil, err
		}
		totals[order.UserID] += order.Total
	}
	return totals, nil
}
