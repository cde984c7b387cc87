package mirror

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// mostLookUps bounds how many orders of a pass are asked for one by one.
const mostLookUps = 500

// confirm looks once more for what a pass should have met and has not. An order is
// asked for by its id: it may have got a day that the pass did not read. A list of several
// pages is read again: what was deleted meanwhile moves the records behind it, and one of
// them from a page that is yet to come to one that was read.
func (r *reading) confirm(ctx context.Context) error {
	if !r.whole {
		return nil
	}
	if err := r.lookUp(ctx); err != nil {
		return err
	}
	missing, before, err := r.pass.Missing(ctx)
	if err != nil || missing == 0 || r.pages < 2 || isSuspicious(missing, before) {
		return err
	}
	r.pass.Page = mirrordb.Page{}
	return r.window(ctx, window{}, pmpsmart.Date{})
}

// lookUp asks for orders that are missing. Those that are there are stored.
func (r *reading) lookUp(ctx context.Context) error {
	missing, err := r.pass.MissingOrders(ctx, mostLookUps+1)
	if err != nil || len(missing) == 0 || len(missing) > mostLookUps {
		return err
	}
	var rows []mirrordb.Row
	for _, was := range missing {
		var response pmpsmart.Response
		order, err := r.Client.GetOrder(ctx, was.ID, pmpsmart.WithResponse(&response))
		r.counts.Requests += int64(response.Attempts)
		switch {
		case err == nil:
			order.Extra = only(order.Extra, was.Extra)
			rows = append(rows, mirrordb.OrderRow(order))
		case errors.Is(err, pmpsmart.ErrNotFound), !pmpsmart.Retryable(err) && ctx.Err() == nil: // what the list says stands
		default:
			return err
		}
	}
	return r.save(ctx, rows, mirrordb.Cursor{})
}

// only returns those fields of an order that the list had too: alone it has more.
func only(extra, names pmpsmart.Extra) (kept pmpsmart.Extra) {
	object := mirrordb.Object{}
	for name, value := range extra.All() {
		if names.Get(name) != nil {
			object = append(object, mirrordb.Member{Name: name, Value: value})
		}
	}
	text, _ := object.MarshalJSON() // which makes no error
	_ = kept.UnmarshalJSON(text)    // an object
	return kept
}
