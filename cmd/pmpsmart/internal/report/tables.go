package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// result is what -json prints.
type result struct {
	By      period                         `json:"by"`
	Orders  []periodCount                  `json:"orders"`
	Undated int64                          `json:"undated_orders"`
	Totals  map[pmpsmart.OrderStatus]int64 `json:"totals"`
	Visits  []visitCount                   `json:"visits"`
	Files   []string                       `json:"files"`
}

type periodCount struct {
	Start    pmpsmart.Date                  `json:"start"`
	Orders   int64                          `json:"orders"`
	Statuses map[pmpsmart.OrderStatus]int64 `json:"statuses"`
}

func newResult(orders *orderCounts, visits []visitCount, files []string) result {
	r := result{By: orders.by, Orders: []periodCount{}, Undated: orders.undated, Totals: orders.totals(), Visits: visits, Files: files}
	for _, start := range orders.periods() {
		r.Orders = append(r.Orders, periodCount{start, orders.total(start), orders.counts[start]})
	}
	return r
}

func (c *orderCounts) totals() map[pmpsmart.OrderStatus]int64 {
	totals := map[pmpsmart.OrderStatus]int64{}
	for _, counts := range c.counts {
		for status, n := range counts {
			totals[status] += n
		}
	}
	return totals
}

// text is the report for people.
func text(orders *orderCounts, visits []visitCount, files []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Orders by %s and status\n\n%s", orders.by, ordersTable(orders))
	if orders.undated > 0 {
		fmt.Fprintf(&b, "\n%s without a date are not in the table.\n", tool.Count(orders.undated, "order"))
	}
	table := tool.NewTable("salesperson", ">visits")
	for _, v := range visits {
		table.Row(v.Name, tool.Number(v.Visits).String())
	}
	fmt.Fprintf(&b, "\nVisits by salesperson\n\n%s\nDrawn in %s\n", table, strings.Join(files, " and "))
	return b.String()
}

func ordersTable(c *orderCounts) *tool.Table {
	heads := []string{string(c.by)}
	for _, status := range c.statuses {
		heads = append(heads, ">"+nameOf(status))
	}
	table := tool.NewTable(append(heads, ">all")...)
	line := func(name string, counts map[pmpsmart.OrderStatus]int64) {
		cells, all := []string{name}, int64(0)
		for _, status := range c.statuses {
			cells = append(cells, tool.Number(counts[status]).String())
			all += counts[status]
		}
		table.Row(append(cells, tool.Number(all).String())...)
	}
	for _, start := range c.periods() {
		line(c.by.name(start), c.counts[start])
	}
	line("all", c.totals())
	return table
}

// name is a period's in a table.
func (p period) name(start pmpsmart.Date) string {
	if p == month {
		return start.Time(nil).Format("2006-01")
	}
	return start.String()
}

func nameOf(s pmpsmart.OrderStatus) string { return cmp.Or(string(s), "(none)") }
