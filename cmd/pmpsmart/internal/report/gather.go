package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A period is what a bar stands for.
type period string

const (
	day   period = "day"
	week  period = "week"
	month period = "month"
)

// start is the first day of the period that a date is in.
func (p period) start(d pmpsmart.Date) pmpsmart.Date {
	t := d.Time(nil)
	switch p {
	case week:
		t = t.AddDate(0, 0, -(int(t.Weekday())+6)%7) // Monday
	case month:
		t = t.AddDate(0, 0, 1-t.Day())
	}
	return pmpsmart.DateOf(t)
}

// next is the first day of the period after the one that starts then.
func (p period) next(start pmpsmart.Date) pmpsmart.Date {
	t := start.Time(nil)
	switch p {
	case day:
		t = t.AddDate(0, 0, 1)
	case week:
		t = t.AddDate(0, 0, 7)
	case month:
		t = t.AddDate(0, 1, 0)
	}
	return pmpsmart.DateOf(t)
}

// A span is the days from one to another; a zero date is no bound.
type span struct{ from, to pmpsmart.Date }

func (s span) holds(d pmpsmart.Date) bool {
	return (s.from.IsZero() || !d.Before(s.from)) && (s.to.IsZero() || !s.to.Before(d))
}

// isAll reports whether the span has no bounds.
func (s span) isAll() bool { return s == span{} }

// wib is the zone whose days count.
var wib = time.FixedZone("WIB", 7*3600)

// orderCounts are the orders of each period by status.
type orderCounts struct {
	by       period
	counts   map[pmpsmart.Date]map[pmpsmart.OrderStatus]int64 // by the period's start
	statuses []pmpsmart.OrderStatus                           // that there are, in the order of an order's life
	undated  int64
}

// A visitCount is how often a salesperson visited an outlet.
type visitCount struct {
	UserID int64  `json:"user_id"`
	Name   string `json:"name"`
	Visits int64  `json:"visits"`
}

// gather counts all orders and visits, one by one as they come.
func gather(ctx context.Context, client *pmpsmart.Client, by period, s span, progress *tool.Progress) (*orderCounts, []visitCount, error) {
	orders, err := gatherOrders(ctx, client, by, s, progress)
	if err != nil {
		return nil, nil, err
	}
	visits, err := gatherVisits(ctx, client, s, progress)
	return orders, visits, err
}

func gatherOrders(ctx context.Context, client *pmpsmart.Client, by period, s span, progress *tool.Progress) (*orderCounts, error) {
	c := &orderCounts{by: by, counts: map[pmpsmart.Date]map[pmpsmart.OrderStatus]int64{}}
	found := map[pmpsmart.OrderStatus]bool{}
	for order, err := range client.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		if err != nil {
			return nil, err
		}
		progress.Add(1)
		date := order.Date
		if date.IsZero() {
			date = pmpsmart.DateOf(order.CreatedAt.In(wib))
		}
		switch {
		case date.IsZero():
			c.undated++
			continue
		case !s.holds(date):
			continue
		}
		start := by.start(date)
		if c.counts[start] == nil {
			c.counts[start] = map[pmpsmart.OrderStatus]int64{}
		}
		c.counts[start][order.Status]++
		found[order.Status] = true
	}
	c.statuses = slices.SortedFunc(maps.Keys(found), byLife)
	return c, nil
}

// byLife puts the statuses that the vendor documents before others.
func byLife(a, b pmpsmart.OrderStatus) int {
	life := []pmpsmart.OrderStatus{pmpsmart.OrderComplete, pmpsmart.OrderPending, pmpsmart.OrderOpen, pmpsmart.OrderCancel}
	place := func(s pmpsmart.OrderStatus) int {
		if i := slices.Index(life, s); i >= 0 {
			return i
		}
		return len(life)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// periods are all from the first to the last, those without an order too.
func (c *orderCounts) periods() []pmpsmart.Date {
	if len(c.counts) == 0 {
		return nil
	}
	earlier := func(a, b pmpsmart.Date) int { return a.Time(nil).Compare(b.Time(nil)) }
	starts := slices.SortedFunc(maps.Keys(c.counts), earlier)
	var all []pmpsmart.Date
	for d := starts[0]; !starts[len(starts)-1].Before(d); d = c.by.next(d) {
		all = append(all, d)
	}
	return all
}

func (c *orderCounts) total(start pmpsmart.Date) (n int64) {
	for _, count := range c.counts[start] {
		n += count
	}
	return n
}

func gatherVisits(ctx context.Context, client *pmpsmart.Client, s span, progress *tool.Progress) ([]visitCount, error) {
	type person struct {
		id   int64
		name string // where there is no id
	}
	counts := map[person]*visitCount{}
	for user, err := range client.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{}) {
		if err != nil {
			return nil, err
		}
		progress.Add(1)
		counts[person{id: user.ID}] = &visitCount{UserID: user.ID, Name: user.Name}
	}
	for visit, err := range client.ListVisitsSeq(ctx, pmpsmart.VisitFilter{}) {
		if err != nil {
			return nil, err
		}
		progress.Add(1)
		if !s.isAll() && !s.holds(pmpsmart.DateOf(visit.CreatedAt.In(wib))) {
			continue
		}
		who := person{id: visit.UserID}
		if who.id == 0 {
			who.name = visit.Name
		}
		if counts[who] == nil { // not among the salespeople: gone, perhaps
			counts[who] = &visitCount{UserID: visit.UserID, Name: cmp.Or(visit.Name, fmt.Sprintf("user %d", visit.UserID))}
		}
		counts[who].Visits++
	}
	all := []visitCount{}
	for _, c := range counts {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b visitCount) int {
		return cmp.Or(cmp.Compare(b.Visits, a.Visits), cmp.Compare(a.Name, b.Name), cmp.Compare(a.UserID, b.UserID))
	})
	return all, nil
}
