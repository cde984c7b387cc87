package report

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/seen"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A report is what was counted.
type report struct {
	by     string
	asked  tool.Range
	latest pmpsmart.Date // what is later is mistyped

	days          map[pmpsmart.Date]map[pmpsmart.OrderStatus]int64
	undatedOrders int64
	people        map[person]*visitCount
	undatedVisits int64
	outOfRange    finds
	conflicts     finds // of an id that was counted with other content
	failures      []failure
}

// A person is a salesperson by id, or by name where there is no id.
type person struct {
	id   int64
	name string
}

// A visitCount is how often a salesperson visited an outlet.
type visitCount struct {
	UserID  int64  `json:"user_id"`
	Name    string `json:"name"`
	Visits  int64  `json:"visits"`
	Undated int64  `json:"undated"`
}

// A failure is a list that could not be read.
type failure struct {
	list string // "orders"
	err  error
}

func newReport(by string, asked tool.Range, now time.Time) *report {
	r := &report{by: by, asked: asked, latest: asked.To}
	if r.latest.IsZero() {
		r.latest = pmpsmart.DateOf(now.In(pmpsmart.WIB)).AddDays(366)
	}
	return r
}

// gather reads the lists. One that the server refuses is left out; with none there is
// nothing to report.
func (r *report) gather(ctx context.Context, from source, progress *tool.Progress) error {
	var first error
	read := 0
	for _, list := range []struct {
		name string
		read func(context.Context, source, *tool.Progress) error
	}{{"orders", r.gatherOrders}, {"salespeople", r.gatherPeople}, {"visits", r.gatherVisits}} {
		err := list.read(ctx, from, progress)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			read++
			continue
		}
		if first == nil {
			first = err
		}
		r.failures = append(r.failures, failure{list.name, err})
		if errors.Is(err, pmpsmart.ErrUnauthorized) || pmpsmart.Retryable(err) {
			break // the others would meet the same, after as long a wait
		}
	}
	if read == 0 {
		return first
	}
	return nil
}

// failed reports whether a list is not there.
func (r *report) failed(list string) bool {
	return slices.ContainsFunc(r.failures, func(f failure) bool { return f.list == list })
}

// each calls f for the records of a list that were not listed before.
func each[T any](r *report, list iter.Seq2[T, error], progress *tool.Progress, identify func(*T) (find, []byte, error), f func(*T)) error {
	set := seen.NewSet()
	for record, err := range list {
		if err != nil {
			return err
		}
		progress.Add(1)
		what, content, err := identify(&record)
		if err != nil {
			return err
		}
		switch set.Add(what.ID, content) {
		case seen.New:
			f(&record)
		case seen.Another:
			r.conflicts.add(what)
		}
	}
	return nil
}

func (r *report) gatherOrders(ctx context.Context, from source, progress *tool.Progress) error {
	days, early := map[pmpsmart.Date]map[pmpsmart.OrderStatus]int64{}, earlyDays{}
	identify := func(o *pmpsmart.Order) (find, []byte, error) {
		content, err := o.MarshalJSON()
		return find{Kind: "order", ID: o.ID, Code: o.Code}, content, err
	}
	err := each(r, from.Orders(ctx, r.asked), progress, identify, func(o *pmpsmart.Order) {
		what := find{Kind: "order", ID: o.ID, Code: o.Code, Date: o.Date}
		if what.Date.IsZero() {
			what.Date = pmpsmart.DateOf(o.CreatedAt.In(pmpsmart.WIB))
		}
		switch r.place(what) {
		case undated:
			r.undatedOrders++
		case counted:
			early.note(what)
			if days[what.Date] == nil {
				days[what.Date] = map[pmpsmart.OrderStatus]int64{}
			}
			days[what.Date][o.Status]++
		}
	})
	if err != nil { // half a list is no number
		r.undatedOrders = 0
		r.outOfRange.drop("order")
		r.conflicts.drop("order")
		return err
	}
	for _, day := range r.astray(slices.Collect(maps.Keys(days))) {
		r.outOfRange.addDay(early[day], row{Counts: days[day]}.total())
		delete(days, day)
	}
	r.days = days
	return nil
}

func (r *report) gatherPeople(ctx context.Context, from source, progress *tool.Progress) error {
	people := map[person]*visitCount{}
	for user, err := range from.Salespeople(ctx) {
		if err != nil {
			return err
		}
		progress.Add(1)
		people[person{id: user.ID}] = &visitCount{UserID: user.ID, Name: user.Name}
	}
	r.people = people
	return nil
}

func (r *report) gatherVisits(ctx context.Context, from source, progress *tool.Progress) error {
	days, early, undatedOf := map[pmpsmart.Date]map[person]int64{}, earlyDays{}, map[person]int64{}
	names := map[person]string{}
	identify := func(v *pmpsmart.Visit) (find, []byte, error) {
		content, err := v.MarshalJSON()
		return find{Kind: "visit", ID: v.ID}, content, err
	}
	err := each(r, from.Visits(ctx, r.asked), progress, identify, func(v *pmpsmart.Visit) {
		what, who := find{Kind: "visit", ID: v.ID, Date: pmpsmart.DateOf(v.CreatedAt.In(pmpsmart.WIB))}, person{id: v.UserID}
		if who.id == 0 {
			who.name = v.Name
		}
		switch r.place(what) {
		case undated:
			undatedOf[who]++
		case counted:
			early.note(what)
			day := what.Date
			if !isEarly(day) {
				day = firstDay // what is not early needs no day of its own
			}
			if days[day] == nil {
				days[day] = map[person]int64{}
			}
			days[day][who]++
		default:
			return
		}
		names[who] = v.Name
	})
	if err != nil {
		r.outOfRange.drop("visit")
		r.conflicts.drop("visit")
		return err
	}
	for _, day := range r.astray(slices.Collect(maps.Keys(days))) {
		var total int64
		for _, n := range days[day] {
			total += n
		}
		r.outOfRange.addDay(early[day], total)
		delete(days, day)
	}
	r.addVisits(days, undatedOf, names)
	return nil
}

// addVisits adds them to the salespeople, and those who are not among these: gone,
// perhaps.
func (r *report) addVisits(days map[pmpsmart.Date]map[person]int64, undatedOf map[person]int64, names map[person]string) {
	if r.people == nil {
		r.people = map[person]*visitCount{}
	}
	of := func(who person) *visitCount {
		if r.people[who] == nil {
			r.people[who] = &visitCount{UserID: who.id, Name: names[who]}
		}
		return r.people[who]
	}
	for _, counts := range days {
		for who, n := range counts {
			of(who).Visits += n
		}
	}
	for who, n := range undatedOf {
		of(who).Undated += n
		r.undatedVisits += n
	}
}
