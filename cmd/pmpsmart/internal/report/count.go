package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// shown returns the range of the report: what was asked for and, where an end is open, up to
// the first or last order. It is zero where that leaves nothing.
func (r *report) shown() tool.Range {
	s := r.asked
	if len(r.days) > 0 {
		days := slices.Collect(maps.Keys(r.days))
		first, last := slices.MinFunc(days, pmpsmart.Date.Compare), slices.MaxFunc(days, pmpsmart.Date.Compare)
		s.From, s.To = cmpZero(s.From, first), cmpZero(s.To, last)
	}
	return s
}

func cmpZero(a, b pmpsmart.Date) pmpsmart.Date {
	if a.IsZero() {
		return b
	}
	return a
}

// A row is what was counted in a period.
type row struct {
	Start, End pmpsmart.Date
	Counts     map[pmpsmart.OrderStatus]int64
}

func (r row) total() (n int64) {
	for _, count := range r.Counts {
		n += count
	}
	return n
}

// mostRows is how long a table with empty rows may be; a longer one has only the others.
const mostRows = 20_000

// rows returns the periods of the range, those without an order too.
func (r *report) rows() []row {
	by, sums := periods[r.by], r.sums()
	if r.failed("orders") {
		return nil
	}
	var rows []row
	starts, all := r.starts()
	if !all {
		starts = slices.SortedFunc(maps.Keys(sums), time.Time.Compare)
	}
	for _, start := range starts {
		counts := sums[start]
		if counts == nil {
			counts = map[pmpsmart.OrderStatus]int64{}
		}
		rows = append(rows, row{pmpsmart.DateOf(start), pmpsmart.DateOf(by.Next(start).AddDate(0, 0, -1)), counts})
	}
	return rows
}

// sums returns the counts of each period that has an order.
func (r *report) sums() map[time.Time]map[pmpsmart.OrderStatus]int64 {
	by, sums := periods[r.by], map[time.Time]map[pmpsmart.OrderStatus]int64{}
	for day, counts := range r.days {
		start := by.Start(midnight(day))
		if sums[start] == nil {
			sums[start] = map[pmpsmart.OrderStatus]int64{}
		}
		for status, n := range counts {
			sums[start][status] += n
		}
	}
	return sums
}

// starts returns the first days of all periods of the range, unless there are too many.
func (r *report) starts() (starts []time.Time, all bool) {
	shown, by := r.shown(), periods[r.by]
	if shown.From.IsZero() || shown.To.IsZero() {
		return nil, true
	}
	last := midnight(shown.To)
	for t := by.Start(midnight(shown.From)); !t.After(last); t = by.Next(t) {
		if len(starts) == mostRows {
			return nil, false
		}
		starts = append(starts, t)
	}
	return starts, true
}

func (r *report) totals() map[pmpsmart.OrderStatus]int64 {
	totals := map[pmpsmart.OrderStatus]int64{}
	for _, counts := range r.days {
		for status, n := range counts {
			totals[status] += n
		}
	}
	return totals
}

// statuses returns the statuses that there are, in the order of an order's life: those that the
// vendor documents first, others by their names.
func (r *report) statuses() []pmpsmart.OrderStatus {
	return slices.SortedFunc(maps.Keys(r.totals()), func(a, b pmpsmart.OrderStatus) int {
		return cmp.Or(cmp.Compare(lifeOf(a), lifeOf(b)), cmp.Compare(a, b))
	})
}

var life = []pmpsmart.OrderStatus{pmpsmart.OrderComplete, pmpsmart.OrderPending, pmpsmart.OrderOpen, pmpsmart.OrderCancel}

func lifeOf(s pmpsmart.OrderStatus) int {
	if i := slices.Index(life, s); i >= 0 {
		return i
	}
	return len(life)
}

// visits returns the salespeople, the busiest first.
func (r *report) visits() []visitCount {
	all := make([]visitCount, 0, len(r.people))
	for _, v := range r.people {
		all = append(all, *v)
	}
	slices.SortFunc(all, func(a, b visitCount) int {
		return cmp.Or(cmp.Compare(b.Visits, a.Visits), cmp.Compare(b.Undated, a.Undated), cmp.Compare(a.Name, b.Name), cmp.Compare(a.UserID, b.UserID))
	})
	return all
}

// nameOf returns a period's name in a table, by its first day.
func nameOf(by string, start pmpsmart.Date) string {
	t := start.Time(nil)
	switch periods[by] {
	case picture.Month:
		return t.Format("2006-01")
	case picture.Quarter:
		return t.Format("2006") + "-Q" + strconv.Itoa(int(t.Month()-1)/3+1)
	case picture.Year:
		return t.Format("2006")
	}
	return start.String()
}

// midnight returns a day as package picture has it.
func midnight(d pmpsmart.Date) time.Time { return d.Time(nil) }
