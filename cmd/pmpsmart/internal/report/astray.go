package report

import (
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A where is what becomes of a record by its day.
type where int

const (
	counted where = iota
	undated
	elsewhere // not of the days that are asked for
	astray    // of a mistyped day
)

// place decides by its day what becomes of a record.
func (r *report) place(what find) where {
	switch {
	case what.Date.IsZero():
		return undated
	case !r.asked.Has(what.Date):
		return elsewhere
	case what.Date.After(r.latest):
		r.outOfRange.add(what)
		return astray
	}
	return counted
}

// firstDay is the first that is not early.
var firstDay = pmpsmart.NewDate(2000, time.January, 1)

func isEarly(day pmpsmart.Date) bool { return day.Before(firstDay) }

// An early day that has nothing after it for so long is mistyped: 0026, 1926, 1970.
const lonely = 10 * 366 * 24 * time.Hour

// astray returns the days of before 2000 that stand alone, unless an early day was asked
// for. A list that really goes back so far has no gap of ten years.
func (r *report) astray(days []pmpsmart.Date) []pmpsmart.Date {
	if !r.asked.From.IsZero() {
		return nil
	}
	slices.SortFunc(days, pmpsmart.Date.Compare)
	for i := len(days) - 2; i >= 0; i-- {
		if isEarly(days[i]) && midnight(days[i+1]).After(midnight(days[i]).Add(lonely)) {
			return days[:i+1]
		}
	}
	return nil
}

// earlyDays are the first finds of each early day, should they be astray.
type earlyDays map[pmpsmart.Date][]find

func (e earlyDays) note(what find) {
	const most = 10
	if isEarly(what.Date) && len(e[what.Date]) < most {
		e[what.Date] = append(e[what.Date], what)
	}
}

// A find is a record that something is wrong with.
type find struct {
	Kind string        `json:"kind"` // "order", "visit"
	ID   int64         `json:"id"`
	Code string        `json:"code,omitempty"`
	Date pmpsmart.Date `json:"date,omitzero"`
}

// name returns how a person finds the record: by its code or its id, and its day.
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

// addDay adds the n finds of a day of which the first are known.
func (f *finds) addDay(first []find, n int64) {
	for _, one := range first {
		f.add(one)
	}
	f.total[first[0].Kind] += n - int64(len(first))
}

func (f *finds) drop(kind string) {
	delete(f.total, kind)
	f.all = slices.DeleteFunc(f.all, func(one find) bool { return one.Kind == kind })
}

func (f *finds) of(kind string) []find {
	return slices.DeleteFunc(slices.Clone(f.all), func(one find) bool { return one.Kind != kind })
}
