package picture

import "time"

// A Period is how long a bar stands for.
type Period int

// The periods, from the shortest. Weeks begin on a Monday.
const (
	Day Period = iota
	Week
	Month
	Quarter
	Year
	Decade
	Century
)

// Start returns the first day of the period that a day is in. Days are midnights of UTC.
func (p Period) Start(day time.Time) time.Time {
	year, month, date := day.Date()
	switch p {
	case Week:
		date -= (int(day.Weekday()) + 6) % 7
	case Month:
		date = 1
	case Quarter:
		month, date = month-(month-1)%3, 1
	case Year, Decade, Century:
		year, month, date = year-modulo(year, p.years()), time.January, 1
	}
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

// Next returns the first day of the period after the one that starts then.
func (p Period) Next(start time.Time) time.Time {
	switch p {
	case Day:
		return start.AddDate(0, 0, 1)
	case Week:
		return start.AddDate(0, 0, 7)
	case Month:
		return start.AddDate(0, 1, 0)
	case Quarter:
		return start.AddDate(0, 3, 0)
	}
	return start.AddDate(p.years(), 0, 0)
}

func (p Period) years() int {
	switch p {
	case Decade:
		return 10
	case Century:
		return 100
	}
	return 1
}

// modulo is that of number theory: never negative.
func modulo(a, b int) int { return ((a % b) + b) % b }

// mostBars is how many bars a Timeline has: more would be a black band.
const mostBars = 400

// Fit returns the period for a Timeline of these days: by, or the next longer one of which
// there are not too many.
func Fit(from, to time.Time, by Period) Period {
	for by < Century && !hasRoom(from, to, by) {
		by++
	}
	return by
}

func hasRoom(from, to time.Time, by Period) bool {
	start := by.Start(from)
	for range mostBars {
		if start = by.Next(start); start.After(to) {
			return true
		}
	}
	return false
}
