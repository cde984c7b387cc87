package report

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/seen"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// wib is the zone whose days count.
var wib = time.FixedZone("WIB", 7*3600)

// A report is what was counted.
type report struct {
	by        string
	asked     tool.Range
	plausible tool.Range // the days that are no typing errors

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
	r := &report{by: by, asked: asked, plausible: asked}
	if r.plausible.From.IsZero() {
		r.plausible.From = pmpsmart.NewDate(2000, time.January, 1)
	}
	if r.plausible.To.IsZero() {
		r.plausible.To = pmpsmart.DateOf(now.In(wib)).AddDays(366)
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
	r.days = map[pmpsmart.Date]map[pmpsmart.OrderStatus]int64{}
	identify := func(o *pmpsmart.Order) (find, []byte, error) {
		content, err := o.MarshalJSON()
		return find{Kind: "order", ID: o.ID, Code: o.Code}, content, err
	}
	err := each(r, from.Orders(ctx, r.asked), progress, identify, func(o *pmpsmart.Order) {
		day := o.Date
		if day.IsZero() {
			day = pmpsmart.DateOf(o.CreatedAt.In(wib))
		}
		switch r.place(day, find{Kind: "order", ID: o.ID, Code: o.Code}) {
		case undated:
			r.undatedOrders++
		case counted:
			if r.days[day] == nil {
				r.days[day] = map[pmpsmart.OrderStatus]int64{}
			}
			r.days[day][o.Status]++
		}
	})
	if err != nil {
		r.days, r.undatedOrders = nil, 0 // half a list is no number
		r.outOfRange.drop("order")
		r.conflicts.drop("order")
	}
	return err
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
	people := maps.Clone(r.people)
	if people == nil {
		people = map[person]*visitCount{}
	}
	identify := func(v *pmpsmart.Visit) (find, []byte, error) {
		content, err := v.MarshalJSON()
		return find{Kind: "visit", ID: v.ID}, content, err
	}
	err := each(r, from.Visits(ctx, r.asked), progress, identify, func(v *pmpsmart.Visit) {
		where := r.place(pmpsmart.DateOf(v.CreatedAt.In(wib)), find{Kind: "visit", ID: v.ID})
		if where != undated && where != counted {
			return
		}
		who := person{id: v.UserID}
		if who.id == 0 {
			who.name = v.Name
		}
		if people[who] == nil { // not among the salespeople: gone, perhaps
			people[who] = &visitCount{UserID: v.UserID, Name: v.Name}
		}
		if where == undated {
			people[who].Undated++
			r.undatedVisits++
			return
		}
		people[who].Visits++
	})
	if err != nil {
		r.undatedVisits = 0
		r.outOfRange.drop("visit")
		r.conflicts.drop("visit")
		return err
	}
	r.people = people
	return nil
}

// A where is what becomes of a record by its day.
type where int

const (
	counted where = iota
	undated
	elsewhere  // not of the days that are asked for
	impossible // a mistyped day
)

// place decides by the day of a record what becomes of it.
func (r *report) place(day pmpsmart.Date, what find) where {
	switch {
	case day.IsZero():
		return undated
	case !r.asked.IsZero() && !r.asked.Has(day):
		return elsewhere
	case !r.plausible.Has(day):
		what.Date = day
		r.outOfRange.add(what)
		return impossible
	}
	return counted
}

// A find is a record that something is wrong with.
type find struct {
	Kind string        `json:"kind"` // "order", "visit"
	ID   int64         `json:"id"`
	Code string        `json:"code,omitempty"`
	Date pmpsmart.Date `json:"date,omitzero"`
}

// name is how a person finds the record: by its code or its id, and its day.
func (f find) name() lang.Text {
	name := lang.T("id %d", f.ID)
	if f.Code != "" {
		name = lang.T("%s", f.Code)
	}
	if f.Date.IsZero() {
		return name
	}
	return lang.T("%s (%s)", name, f.Date)
}

// finds keeps the first of many, and counts all.
type finds struct {
	all   []find
	total map[string]int64 // by kind
}

// mostFinds of each kind are kept.
const mostFinds = 1000

func (f *finds) add(one find) {
	if f.total == nil {
		f.total = map[string]int64{}
	}
	f.total[one.Kind]++
	if f.total[one.Kind] <= mostFinds {
		f.all = append(f.all, one)
	}
}

func (f *finds) drop(kind string) {
	delete(f.total, kind)
	f.all = slices.DeleteFunc(f.all, func(one find) bool { return one.Kind == kind })
}

func (f *finds) of(kind string) []find {
	return slices.DeleteFunc(slices.Clone(f.all), func(one find) bool { return one.Kind != kind })
}
