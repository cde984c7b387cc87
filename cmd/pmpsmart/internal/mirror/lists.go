package mirror

import (
	"context"
	"iter"
	"strconv"
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
	days int // of a window; 0 where the server can't be asked for days
	// read reads a window, or the whole list from a page on.
	read func(ctx context.Context, w window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error]
}

func listOf(c *pmpsmart.Client, k mirrordb.Kind) list {
	switch k {
	case mirrordb.Outlets:
		all := func(ctx context.Context, _ struct{}, opts ...pmpsmart.CallOption) iter.Seq2[pmpsmart.Outlet, error] {
			return c.ListOutletsSeq(ctx, opts...)
		}
		return list{0, func(ctx context.Context, _ window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(from(ctx, c, all, "master/outlet", struct{}{}, page, opts), mirrordb.OutletRow, nil)
		}}
	case mirrordb.Salespeople:
		return list{0, func(ctx context.Context, _ window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(from(ctx, c, c.ListSalesUsersSeq, "user/sales", pmpsmart.SalesUserFilter{}, page, opts), mirrordb.UserRow, nil)
		}}
	case mirrordb.Visits:
		return list{0, func(ctx context.Context, _ window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(from(ctx, c, c.ListVisitsSeq, "visit", pmpsmart.VisitFilter{}, page, opts), mirrordb.VisitRow, nil)
		}}
	case mirrordb.JSONOrders:
		return list{7, func(ctx context.Context, w window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
			return items(from(ctx, c, c.FilterJSONOrdersSeq, "json/order/get/filter", jsonOrderFilter(w), page, opts), mirrordb.JSONOrderRow,
				func(o *pmpsmart.JSONOrder) bool {
					return !w.isWhole() && isOutside(w, o.CreatedAt) && isOutside(w, o.UpdatedAt)
				})
		}}
	}
	return list{1, func(ctx context.Context, w window, page int, opts ...pmpsmart.CallOption) iter.Seq2[item, error] {
		return items(from(ctx, c, c.ListOrdersSeq, "order", pmpsmart.OrderFilter{Date: w.from}, page, opts), mirrordb.OrderRow,
			func(o *pmpsmart.Order) bool { return !w.isWhole() && o.Date != w.from })
	}}
}

// from returns the records of a list from a page on, which is 0 or 1 for all of them.
func from[T, F any](ctx context.Context, c *pmpsmart.Client, all func(context.Context, F, ...pmpsmart.CallOption) iter.Seq2[T, error], path string, filter F, page int, opts []pmpsmart.CallOption) iter.Seq2[T, error] {
	if page <= 1 {
		return all(ctx, filter, opts...)
	}
	return pmpsmart.ListAs[T](ctx, c, path+"?page="+strconv.Itoa(page), filter, opts...)
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
