package orders

import (
	"context"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

func showCommand() tool.Command {
	return tool.Command{
		Name:    "show",
		Usage:   "[flags] ID…",
		Short:   lang.T("show orders with every field that the server has of them"),
		MinArgs: 1,
		MaxArgs: -1,
		Run:     show,
	}
}

func show(ctx context.Context, t *tool.Tool, args []string) error {
	ids := make([]int64, len(args))
	for i, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id < 1 {
			return tool.Usagef("%q is not an id", arg)
		}
		ids[i] = id
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // never fails
	found := []*pmpsmart.Order{}
	var texts []string
	var problem error
	for _, id := range ids {
		order, err := client.GetOrder(ctx, id)
		if err != nil { // what is found already is shown all the same
			problem = lang.Errorf("order %d: %w", id, err)
			break
		}
		found = append(found, order)
		texts = append(texts, details(order))
	}
	if len(found) > 0 || t.IsJSON() {
		if err := t.Result(found, strings.Join(texts, "\n")); err != nil {
			return err
		}
	}
	return problem
}

// details returns an order as lines of a name and a value.
func details(o *pmpsmart.Order) string {
	table := tool.NewTable("id", strconv.FormatInt(o.ID, 10))
	for _, field := range [][2]string{
		{"kode_order", o.Code}, {"status", string(o.Status)}, {"date_order", o.Date.String()},
		{"user_id", number(o.UserID)}, {"outlet_id", number(o.OutletID)},
		{"created_at", tool.Moment(o.CreatedAt)}, {"updated_at", tool.Moment(o.UpdatedAt)},
	} {
		if field[1] != "" {
			table.Row(field[0], field[1])
		}
	}
	for name, value := range o.Extra.All() {
		table.Row(name, string(value))
	}
	return table.String()
}
