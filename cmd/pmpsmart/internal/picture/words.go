package picture

import (
	"fmt"
	"time"
)

// Words are what a chart says of its own accord.
type Words struct {
	Months, ShortMonths [12]string
	Number              func(int64) string // such as "1,234"
	Others              func(n int) string // names n series that are drawn as one
}

// Date returns a day in words: "9 February 2026".
func (w Words) Date(day time.Time) string {
	return fmt.Sprintf("%d %s %d", day.Day(), w.Months[day.Month()-1], day.Year())
}

// Span returns the days from one to another in words.
func (w Words) Span(from, to time.Time) string {
	if from.Equal(to) {
		return w.Date(from)
	}
	return w.Date(from) + " – " + w.Date(to)
}

// name returns what a bar's period is called in words.
func (w Words) name(by Period, start time.Time) string {
	switch by {
	case Month:
		return fmt.Sprintf("%s %d", w.Months[start.Month()-1], start.Year())
	case Quarter:
		return w.Span(start, by.Next(start).AddDate(0, 0, -1))
	case Year:
		return fmt.Sprint(start.Year())
	case Decade, Century:
		return fmt.Sprintf("%d–%d", start.Year(), start.Year()+by.years()-1)
	case Week:
		return w.Span(start, start.AddDate(0, 0, 6))
	}
	return w.Date(start)
}
