package report

import (
	"errors"
	"io"
	"slices"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// mostColumns are statuses with a column of their own in a file; the others are one.
const mostColumns = 200

// writeOrders writes a row for each period: its first day, the orders of each status,
// and of all. The statuses that the vendor documents always have their columns, so that
// the files of two days fit each other. A column's name that a status has too is in
// brackets.
func (r *report) writeOrders(w io.Writer, o sheet.WriteOptions) error {
	shown := r.commonest(mostColumns)
	hasOthers := len(shown) < len(r.statuses())
	for i, status := range life {
		if !slices.Contains(shown, status) {
			shown = slices.Insert(shown, min(i, len(shown)), status)
		}
	}
	var heads []string
	taken := map[string]bool{}
	head := func(name string) {
		for taken[name] {
			name = "(" + name + ")"
		}
		taken[name] = true
		heads = append(heads, name)
	}
	for _, status := range shown {
		taken[string(status)] = true
	}
	head(r.by)
	for _, status := range shown {
		heads = append(heads, statusName(status))
	}
	if hasOthers {
		head("others")
	}
	head("all")
	o.Sheet = "orders"
	table, err := sheet.Create(w, heads, o)
	if err != nil {
		return err
	}
	for _, one := range r.rows() {
		if err := table.Write(orderCells(one, shown, hasOthers)...); err != nil {
			return err
		}
	}
	return table.Close()
}

func orderCells(one row, shown []pmpsmart.OrderStatus, hasOthers bool) []sheet.Cell {
	cells, left := []sheet.Cell{sheet.Date(one.Start.String())}, one.total()
	for _, status := range shown {
		cells = append(cells, sheet.Int(one.Counts[status]))
		left -= one.Counts[status]
	}
	if hasOthers {
		cells = append(cells, sheet.Int(left))
	}
	return append(cells, sheet.Int(one.total()))
}

// writeVisits writes a row for each salesperson.
func (r *report) writeVisits(w io.Writer, o sheet.WriteOptions) error {
	o.Sheet = "visits"
	table, err := sheet.Create(w, []string{"user_id", "name", "visits", "undated"}, o)
	if err != nil {
		return err
	}
	for _, v := range r.visits() {
		id := sheet.Cell{}
		if v.UserID != 0 {
			id = sheet.Int(v.UserID)
		}
		err = errors.Join(err, table.Write(id, sheet.Text(v.Name), sheet.Int(v.Visits), sheet.Int(v.Undated)))
	}
	return errors.Join(err, table.Close())
}
