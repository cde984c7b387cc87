package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// titles are those of the orders, by what a bar stands for.
var titles = map[string]lang.Text{
	"day": lang.T("Orders by day and status"), "week": lang.T("Orders by week and status"), "month": lang.T("Orders by month and status"),
	"quarter": lang.T("Orders by quarter and status"), "year": lang.T("Orders by year and status"),
}

var visitsTitle = lang.T("Visits by salesperson")

// heads are those of a table's first column.
var heads = map[string]lang.Text{
	"day": lang.T("day"), "week": lang.T("week"), "month": lang.T("month"), "quarter": lang.T("quarter"), "year": lang.T("year"),
}

// text returns the report for people.
func (r *report) text(l lang.Language) string {
	var b strings.Builder
	if !r.failed("orders") {
		fmt.Fprintf(&b, "%s\n\n%s", r.title(titles[r.by]).In(l), r.ordersTable(l))
		if r.undatedOrders > 0 {
			fmt.Fprintf(&b, "\n%s\n", lang.T("Without a date, and not in the table: %s.", lang.Count(r.undatedOrders, "order")).In(l))
		}
		b.WriteByte('\n')
	}
	if !r.failed("visits") {
		fmt.Fprintf(&b, "%s\n\n%s", r.title(visitsTitle).In(l), r.visitsTable(l))
	}
	return b.String()
}

// title adds the range that was asked for.
func (r *report) title(t lang.Text) lang.Text {
	if r.asked.IsZero() {
		return t
	}
	return lang.T("%s, %s", t, r.asked.Text())
}

// mostStatuses are columns of a table for people; the others are one.
const mostStatuses = 12

func (r *report) ordersTable(l lang.Language) *tool.Table {
	shown := r.commonest(mostStatuses)
	others := len(r.statuses()) - len(shown)
	names := []string{heads[r.by].In(l)}
	for _, status := range shown {
		names = append(names, ">"+statusName(status))
	}
	if others > 0 {
		names = append(names, ">"+lang.T("%d others", others).In(l))
	}
	table := tool.NewTable(append(names, ">"+lang.T("all").In(l))...)
	line := func(name string, counts map[pmpsmart.OrderStatus]int64) {
		cells, left := []string{name}, row{Counts: counts}.total()
		all := left
		for _, status := range shown {
			cells = append(cells, lang.Number(counts[status]).In(l))
			left -= counts[status]
		}
		if others > 0 {
			cells = append(cells, lang.Number(left).In(l))
		}
		table.Row(append(cells, lang.Number(all).In(l))...)
	}
	for _, one := range r.rows() {
		line(nameOf(r.by, one.Start), one.Counts)
	}
	line(lang.T("all").In(l), r.totals())
	return table
}

// commonest returns the statuses that have a column of their own, in their usual order.
func (r *report) commonest(most int) []pmpsmart.OrderStatus {
	all, totals := r.statuses(), r.totals()
	if len(all) <= most {
		return all
	}
	few := slices.Clone(all)
	slices.SortStableFunc(few, func(a, b pmpsmart.OrderStatus) int { return cmp.Compare(totals[b], totals[a]) })
	few = few[:most-1]
	return slices.DeleteFunc(all, func(s pmpsmart.OrderStatus) bool { return !slices.Contains(few, s) })
}

func statusName(s pmpsmart.OrderStatus) string { return cmp.Or(string(s), "(none)") }

func (r *report) visitsTable(l lang.Language) *tool.Table {
	names := []string{lang.T("salesperson").In(l), ">" + lang.T("visits").In(l)}
	if r.undatedVisits > 0 {
		names = append(names, ">"+lang.T("without a date").In(l))
	}
	table := tool.NewTable(names...)
	visits := r.visits()
	same := namesakes(visits)
	for _, v := range visits {
		name := personName(v).In(l)
		if same[name] && v.UserID != 0 {
			name += fmt.Sprintf(" (id %d)", v.UserID)
		}
		cells := []string{name, lang.Number(v.Visits).In(l)}
		if r.undatedVisits > 0 {
			cells = append(cells, lang.Number(v.Undated).In(l))
		}
		table.Row(cells...)
	}
	return table
}

// personName returns the name of a salesperson; one without a name is called by the id.
func personName(v visitCount) lang.Text {
	switch {
	case strings.TrimSpace(v.Name) != "":
		return lang.T("%s", v.Name)
	case v.UserID != 0:
		return lang.T("user %d", v.UserID)
	}
	return lang.T("nobody's")
}

// namesakes returns the names that more than one has.
func namesakes(visits []visitCount) map[string]bool {
	count, same := map[string]int{}, map[string]bool{}
	for _, v := range visits {
		if count[v.Name]++; count[v.Name] > 1 {
			same[v.Name] = true
		}
	}
	return same
}

// problems returns what is wrong with the report, by weight: the last decides the exit status.
func (r *report) problems() (all []error) {
	for _, kind := range []string{"order", "visit"} {
		if n := r.conflicts.total[kind]; n > 0 {
			all = append(all, lang.Errorf("the server listed %s again with other content; the first is counted: %s", lang.Count(n, kind), list(r.conflicts.of(kind), n)))
		}
		if n := r.outOfRange.total[kind]; n > 0 {
			all = append(all, lang.Errorf("%s left out, of a day that can't be (-from and -to can ask for it): %s", lang.Count(n, kind), list(r.outOfRange.of(kind), n)))
		}
	}
	for _, f := range r.failures {
		what := map[string]lang.Text{
			"orders":      lang.T("the orders are missing"),
			"salespeople": lang.T("who made no visit is missing, and names are those that the visits have"),
			"visits":      lang.T("the visits are missing"),
		}[f.list]
		if pmpsmart.Retryable(f.err) { // for the exit status: run it again
			all = append(all, lang.Errorf("%s: %w", what, f.err))
			continue
		}
		all = append(all, lang.Errorf("%s: %v", what, f.err))
	}
	return all
}

// list names the first of n finds.
func list(found []find, n int64) lang.Text {
	const most = 10
	names := lang.T("%s", found[0].name())
	for _, f := range found[1:min(len(found), most)] {
		names = lang.T("%s, %s", names, f.name())
	}
	if n > most {
		return lang.T("%s and %s more", names, lang.Number(n-most))
	}
	return names
}
