package orders

import (
	"context"
	"errors"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/bulk"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// statusOptions are the flags of orders set-status.
type statusOptions struct {
	bulk.Options
	to string
}

func setStatusCommand() tool.Command {
	var o statusOptions
	return tool.Command{
		Name:  "set-status",
		Usage: "[flags] FILE | -to STATUS ID…",
		Short: lang.T("set the status of orders, of a file or by their ids"),
		Long: lang.T(`Set-status sets the status of orders: of those of a file, which has a column "id" (or
"id_order", "order_id") and a column "status", or of those whose ids are given, to the
status of -to. With -to a file need have ids only.

Without -apply it changes nothing and prints the plan, which -save-plan keeps. Before
the first change it writes a file that takes the changes back. It can be run again:
what is right already is left alone.`),
		MaxArgs: -1,
		Flags: func(f *tool.Flags) {
			f.String(&o.to, "to", "", "`STATUS` for all: open, pending, complete or cancel")
			o.Flags(f)
		},
		Run: func(ctx context.Context, t *tool.Tool, args []string) error { return o.run(ctx, t, args) },
	}
}

func (o *statusOptions) run(ctx context.Context, t *tool.Tool, args []string) error {
	o.to = tool.Status(o.to)
	if o.to != "" && !tool.IsStatus(o.to) {
		return tool.Usagef("-to is %q; want open, pending, complete or cancel", o.to)
	}
	kind := status
	if o.to != "" {
		kind.All = o.to
	}
	in := bulk.Input{Name: tool.Argument(args, 0)}
	if _, err := strconv.ParseInt(in.Name, 10, 64); err == nil && o.to != "" || len(args) > 1 {
		rows, err := o.rows(args)
		if err != nil {
			return err
		}
		in = bulk.Input{Rows: rows}
	}
	return bulk.Run(ctx, t, kind, o.Options, in)
}

// rows returns the orders of the command line.
func (o *statusOptions) rows(args []string) (rows []*bulk.Row, err error) {
	if o.to == "" {
		return nil, tool.Usagef("to which status? give -to open, pending, complete or cancel")
	}
	for i, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id < 1 {
			return nil, tool.Usagef("%q is not an id", arg)
		}
		rows = append(rows, bulk.NewRow(i+1, id, o.to))
	}
	return rows, nil
}

// status is the orders' status.
var status = bulk.Kind{
	Name:   "orders set-status",
	Noun:   "order",
	ID:     sheet.Column{Name: "id", Synonyms: []string{"id_order", "order_id"}},
	Column: sheet.Column{Name: "status"},
	Spell:  tool.Status,
	Check: func(_ *pmpsmart.Client, _ int64, status string) error {
		if !tool.IsStatus(status) {
			return lang.Errorf("%q is no status; want open, pending, complete or cancel", status)
		}
		return nil
	},
	List: listStatuses,
	Set: func(ctx context.Context, client *pmpsmart.Client, id int64, status string) error {
		_, err := client.UpdateOrderStatus(ctx, id, pmpsmart.OrderStatus(status))
		return err
	},
}

// fewOrders are asked for one by one; for more the whole list is fewer requests.
const fewOrders = 100

func listStatuses(ctx context.Context, client *pmpsmart.Client, ids []int64, each func(int64, string)) error {
	if len(ids) > fewOrders {
		for order, err := range client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			if err != nil {
				return err
			}
			each(order.ID, string(order.Status))
		}
		return nil
	}
	for _, id := range ids {
		order, err := client.GetOrder(ctx, id)
		switch {
		case errors.Is(err, pmpsmart.ErrNotFound):
			continue
		case err != nil:
			return err
		}
		each(id, string(order.Status))
	}
	return nil
}
