// Package orders is the command that looks at orders and sets their status.
package orders

import (
	"context"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// Command returns the command orders.
func Command() tool.Command {
	return tool.Command{
		Name:  "orders",
		Usage: "COMMAND [flags]",
		Short: lang.T("list orders, show some, or set the status of many"),
		Long: lang.T(`Orders lists orders, shows some with every field, or sets the status of many, of a
file or by their ids:

  pmpsmart orders list -date today
  pmpsmart orders show 198
  pmpsmart orders set-status -to complete 198 199`),
		Commands: []tool.Command{listCommand(), showCommand(), setStatusCommand()},
	}
}

// listOptions are the flags of orders list.
type listOptions struct {
	status, date string
	user, outlet int64
	most         int
}

func listCommand() tool.Command {
	var o listOptions
	return tool.Command{
		Name:  "list",
		Usage: "[flags]",
		Short: lang.T("list orders, of a status, a day, a salesperson or an outlet"),
		Flags: func(f *tool.Flags) {
			f.String(&o.status, "status", "", "only orders of this status: open, pending, complete or cancel")
			f.String(&o.date, "date", "", "only orders of this `DAY`: 2026-02-02, today or yesterday")
			f.ID(&o.user, "user", "only orders of the salesperson of this `ID`")
			f.ID(&o.outlet, "outlet", "only orders of the outlet of this `ID`")
			f.Int(&o.most, "n", 50, "how many orders to list at most; 0 for all")
		},
		Run: func(ctx context.Context, t *tool.Tool, _ []string) error { return o.run(ctx, t) },
	}
}

func (o *listOptions) run(ctx context.Context, t *tool.Tool) error {
	o.status = tool.Status(o.status)
	filter := pmpsmart.OrderFilter{Status: pmpsmart.OrderStatus(o.status), UserID: o.user, OutletID: o.outlet}
	var err error
	switch {
	case o.status != "" && !tool.IsStatus(o.status):
		return tool.Usagef("-status is %q; want open, pending, complete or cancel", o.status)
	case o.most < 0:
		return tool.Usagef("-n is %d; want 0 or more", o.most)
	case o.date != "":
		if filter.Date, err = tool.ParseDay(o.date, time.Now()); err != nil {
			return tool.Usagef("-date is %q; %w", o.date, err)
		}
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // never fails
	found, more := []pmpsmart.Order{}, false
	for order, err := range client.ListOrdersSeq(ctx, filter) {
		if err != nil {
			return err
		}
		if more = o.most > 0 && len(found) == o.most; more {
			break
		}
		found = append(found, order)
	}
	if more {
		t.Note("there are more than %s; -n 0 lists all, and export writes them to a file", lang.Count(int64(o.most), "order"))
	}
	return t.Result(found, table(t, found))
}

func table(t *tool.Tool, orders []pmpsmart.Order) string {
	if len(orders) == 0 {
		return t.Sprintf("no orders")
	}
	rows := tool.NewTable(">id", t.Sprintf("code"), t.Sprintf("status"), t.Sprintf("date"), ">"+t.Sprintf("salesperson"), ">outlet")
	for _, o := range orders {
		rows.Row(number(o.ID), o.Code, string(o.Status), o.Date.String(), number(o.UserID), number(o.OutletID))
	}
	return rows.String()
}

// number returns an id as text, "" where the server sent none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
