package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture"
)

// A painter draws a report in a language.
type painter struct {
	*picture.Painter
	language lang.Language
	words    picture.Words
	report   *report
}

func newPainter(l lang.Language, r *report) *painter {
	words := picture.Words{
		Number: func(n int64) string { return lang.Number(n).In(l) },
		Others: func(n int) string { return l.Sprintf("%d others", n) },
	}
	for i := range words.Months {
		words.Months[i] = l.Month(time.Month(i + 1))
		words.ShortMonths[i] = words.Months[i][:3]
	}
	return &painter{picture.NewPainter(words), l, words, r}
}

func (p *painter) both() *picture.Picture { return picture.Join(p.orders(), p.visits()) }

var (
	axes = map[picture.Period]lang.Text{
		picture.Day: lang.T("Day of the order"), picture.Week: lang.T("Week of the order, by its Monday"), picture.Month: lang.T("Month of the order"),
		picture.Quarter: lang.T("Quarter of the order, by its first month"), picture.Year: lang.T("Year of the order"),
		picture.Decade: lang.T("Decade of the order, by its first year"), picture.Century: lang.T("Century of the order, by its first year"),
	}
	merged = map[picture.Period]lang.Text{
		picture.Week: lang.T("A bar is a week: by day there would be too many."), picture.Month: lang.T("A bar is a month: there would be too many shorter ones."),
		picture.Quarter: lang.T("A bar is a quarter: there would be too many shorter ones."), picture.Year: lang.T("A bar is a year: there would be too many shorter ones."),
		picture.Decade: lang.T("A bar is a decade: there would be too many shorter ones."), picture.Century: lang.T("A bar is a century: there would be too many shorter ones."),
	}
)

// orders draws a bar for each period, its statuses one on the other.
func (p *painter) orders() *picture.Picture {
	r, shown := p.report, p.report.shown()
	t := picture.Timeline{
		Title: titles[r.by].In(p.language), Subtitle: p.subtitle(shown.From, shown.To),
		Unit: p.language.Sprintf("Orders"), By: periods[r.by], Notes: p.orderNotes(),
		Empty: p.language.Sprintf("No orders"),
	}
	if r.failed("orders") {
		t.Empty = p.language.Sprintf("The orders could not be read")
	}
	if shown.From.IsZero() || shown.To.IsZero() {
		return p.Timeline(t)
	}
	t.From, t.To = midnight(shown.From), midnight(shown.To)
	if len(r.days) == 0 && !r.failed("orders") {
		t.Empty = p.language.Sprintf("No orders from %s to %s", p.words.Date(t.From), p.words.Date(t.To))
	}
	t.By = picture.Fit(t.From, t.To, periods[r.by])
	t.Axis = axes[t.By].In(p.language)
	if t.By != periods[r.by] && len(r.days) > 0 {
		t.Notes = append([]string{merged[t.By].In(p.language)}, t.Notes...)
	}
	t.Series, t.Days = p.series()
	return p.Timeline(t)
}

// series returns the statuses. Those of an order's life have the first styles, so that they
// look the same in every picture.
func (p *painter) series() ([]picture.Series, []picture.Count) {
	statuses := p.report.statuses()
	series, next := make([]picture.Series, 0, len(statuses)), len(life)
	for _, status := range statuses {
		style := slices.Index(life, status)
		if style < 0 {
			style, next = next, next+1
		}
		series = append(series, picture.Series{Name: statusName(status), Style: style})
	}
	days := make([]picture.Count, 0, len(p.report.days))
	for day, counts := range p.report.days {
		days = append(days, picture.Count{Day: midnight(day), Counts: make([]int64, len(statuses))})
		for i, status := range statuses {
			days[len(days)-1].Counts[i] = counts[status]
		}
	}
	return series, days
}

func (p *painter) orderNotes() (notes []string) {
	r := p.report
	if r.undatedOrders > 0 {
		notes = append(notes, p.language.Sprintf("Without a date, and not in the picture: %s.", lang.Count(r.undatedOrders, "order")))
	}
	if n := r.outOfRange.total["order"]; n > 0 {
		notes = append(notes, p.language.Sprintf("Left out, of a day that can't be: %s.", lang.Count(n, "order")))
	}
	return notes
}

// subtitle returns a range in words, "" for one without an end.
func (p *painter) subtitle(from, to pmpsmart.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case to.IsZero():
		return p.language.Sprintf("from %s", p.words.Date(midnight(from)))
	case from.IsZero():
		return p.language.Sprintf("up to %s", p.words.Date(midnight(to)))
	}
	return p.words.Span(midnight(from), midnight(to))
}

// visits draws a bar for each salesperson, the busiest on top.
func (p *painter) visits() *picture.Picture {
	r, visits := p.report, p.report.visits()
	out := picture.Ranking{
		Title: visitsTitle.In(p.language), Subtitle: p.subtitle(r.asked.From, r.asked.To),
		Empty: p.language.Sprintf("No visits and no salespeople"),
	}
	if r.failed("visits") {
		out.Empty, visits = p.language.Sprintf("The visits could not be read"), nil
	}
	for _, v := range visits[:min(len(visits), picture.MostRows)] {
		one := picture.Row{Name: personName(v).In(p.language), Value: v.Visits}
		if v.UserID != 0 {
			one.Detail = fmt.Sprintf("id %d", v.UserID)
		}
		out.Rows = append(out.Rows, one)
	}
	if len(visits) > picture.MostRows {
		out.Notes = append(out.Notes, p.language.Sprintf("The %d busiest of %s.", picture.MostRows, lang.Count(int64(len(visits)), "salesperson")))
	}
	if r.undatedVisits > 0 {
		out.Notes = append(out.Notes, p.language.Sprintf("Without a date, and not in the picture: %s.", lang.Count(r.undatedVisits, "visit")))
	}
	if n := r.outOfRange.total["visit"]; n > 0 {
		out.Notes = append(out.Notes, p.language.Sprintf("Left out, of a day that can't be: %s.", lang.Count(n, "visit")))
	}
	return p.Ranking(out)
}
