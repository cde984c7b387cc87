package mirror

import (
	"context"
	"iter"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// A window is the days that one list is asked for; the zero window is the whole list.
type window struct{ from, to pmpsmart.Date }

func (w window) isWhole() bool { return w.from.IsZero() }

// An item is a record of a list.
type item struct {
	row     mirrordb.Row
	outside bool // it is of none of the days that were asked for
}

// A list is how the server gives the records of a kind.
type list struct {
	op   string // the client's method, as a Drift names it
	days int    // of a window; 0 where the server can't be asked for days
	read func(ctx context.Context, w window, opts ...pmpsmart.CallOption) iter.Seq2[item, error]
}

func listOf(c *pmpsmart.Client, k mirrordb.Kind) list {
	switch k {
	case mirrordb.Outlets:
		return list{"ListOutlets", 0, func(ctx context.Context, _ window, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(c.ListOutletsSeq(ctx, opts...), mirrordb.OutletRow, nil)
		}}
	case mirrordb.Salespeople:
		return list{"ListSalesUsers", 0, func(ctx context.Context, _ window, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{}, opts...), mirrordb.UserRow, nil)
		}}
	case mirrordb.Visits:
		return list{"ListVisits", 0, func(ctx context.Context, _ window, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{}, opts...), mirrordb.VisitRow, nil)
		}}
	case mirrordb.JSONOrders:
		return list{"FilterJSONOrders", 7, func(ctx context.Context, w window, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(c.FilterJSONOrdersSeq(ctx, jsonOrderFilter(w), opts...), mirrordb.JSONOrderRow, func(o *pmpsmart.JSONOrder) bool {
				return !w.isWhole() && isOutside(w, o.CreatedAt) && isOutside(w, o.UpdatedAt)
			})
		}}
	}
	return list{"ListOrders", 1, func(ctx context.Context, w window, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
		return items(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{Date: w.from}, opts...), mirrordb.OrderRow, func(o *pmpsmart.Order) bool {
			return !w.isWhole() && o.Date != w.from
		})
	}}
}

// jsonOrderFilter asks for a day more than the window has: a server may take the end as
// the first moment of its day.
func jsonOrderFilter(w window) pmpsmart.JSONOrderFilter {
	return pmpsmart.JSONOrderFilter{StartDate: w.from, EndDate: w.to.AddDays(1)}
}

// isOutside reports whether a time is on none of the days that jsonOrderFilter asks for,
// whatever the zone of the server's days. No time is on any day.
func isOutside(w window, at time.Time) bool {
	if at.IsZero() {
		return false
	}
	day := pmpsmart.DateOf(at.In(pmpsmart.WIB))
	return day.Before(w.from.AddDays(-1)) || day.After(w.to.AddDays(2))
}

// items turns a list's records into rows.
func items[T any](records iter.Seq2[T, error], row func(*T) mirrordb.Row, outside func(*T) bool) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for record, err := range records {
			if err != nil {
				yield(item{}, err)
				return
			}
			if !yield(item{row(&record), outside != nil && outside(&record)}, nil) {
				return
			}
		}
	}
}
