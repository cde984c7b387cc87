package tool

import (
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Days is a range of days that the flags -date, -from, -to and -last ask for. A day is
// one of Western Indonesia Time.
type Days struct{ date, from, to, last string }

// Flags declares the flags of a range of days.
func (d *Days) Flags(f *Flags) {
	f.String(&d.date, "date", "", "one `DAY`, such as 2026-02-02, today or yesterday; or this-week, last-week, this-month, last-month")
	f.String(&d.from, "from", "", "only what is of this `DAY` or a later one")
	f.String(&d.to, "to", "", "only what is of this `DAY` or an earlier one")
	f.String(&d.last, "last", "", "the last days up to today, such as `7d`, 2w or 3m")
}

// A Range is from a day to a day, both included. A zero end is open.
type Range struct{ From, To pmpsmart.Date }

// IsZero reports whether the range is all days.
func (r Range) IsZero() bool { return r.From.IsZero() && r.To.IsZero() }

// Has reports whether a day is in the range. The zero day is in none but all days.
func (r Range) Has(day pmpsmart.Date) bool {
	switch {
	case r.IsZero():
		return true
	case day.IsZero(), !r.From.IsZero() && day.Before(r.From), !r.To.IsZero() && r.To.Before(day):
		return false
	}
	return true
}

// Days returns how many days the range has, 0 for one with an open end.
func (r Range) Days() int {
	if r.From.IsZero() || r.To.IsZero() {
		return 0
	}
	return daysBetween(r.From, r.To) + 1
}

func daysBetween(from, to pmpsmart.Date) int {
	const day = 24 * 60 * 60
	return int((to.Time(time.UTC).Unix() - from.Time(time.UTC).Unix()) / day) // a time.Duration ends after 292 years
}

// String returns "2026-02-01 to 2026-02-09".
func (r Range) String() string { return r.Text().String() }

// Text returns the range for people.
func (r Range) Text() lang.Text {
	switch {
	case r.IsZero():
		return lang.T("all days")
	case r.From == r.To:
		return lang.T("%s", r.From)
	case r.From.IsZero():
		return lang.T("up to %s", r.To)
	case r.To.IsZero():
		return lang.T("from %s", r.From)
	}
	return lang.T("%s to %s", r.From, r.To)
}

// Range returns the range that was asked for, all days without a flag. Its errors are of
// the command line.
func (d *Days) Range(now time.Time) (Range, error) {
	given := 0
	for _, flag := range []string{d.date, d.from + d.to, d.last} {
		if flag != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return Range{}, Usagef("-date is one day or period, -last is the last days, and -from and -to are any; give one of the three")
	case d.date != "":
		r, err := ParsePeriod(d.date, now)
		if err != nil {
			return r, Usagef("-date is %q; %w", d.date, err)
		}
		return r, nil
	case d.last != "":
		r, err := parseLast(d.last, now)
		if err != nil {
			return r, Usagef("-last is %q; %w", d.last, err)
		}
		return r, nil
	}
	return d.fromTo(now)
}

func (d *Days) fromTo(now time.Time) (r Range, err error) {
	for _, end := range []struct {
		flag, text string
		to         *pmpsmart.Date
	}{{"from", d.from, &r.From}, {"to", d.to, &r.To}} {
		if end.text == "" {
			continue
		}
		if *end.to, err = ParseDay(end.text, now); err != nil {
			return Range{}, Usagef("-%s is %q; %w", end.flag, end.text, err)
		}
	}
	if !r.From.IsZero() && !r.To.IsZero() && r.To.Before(r.From) {
		return Range{}, Usagef("-to %s is before -from %s", r.To, r.From)
	}
	return r, nil
}

// ParseDay reads a day: "2026-02-02", "today" or "yesterday", also in Indonesian.
func ParseDay(text string, now time.Time) (pmpsmart.Date, error) {
	today := pmpsmart.DateOf(now.In(pmpsmart.WIB))
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "today", "hari-ini":
		return today, nil
	case "yesterday", "kemarin":
		return today.AddDays(-1), nil
	}
	day, err := pmpsmart.ParseDate(text)
	if err != nil {
		return day, lang.Errorf("want a day like 2026-02-02, today or yesterday")
	}
	return day, nil
}

// ParsePeriod reads a day, or "this-week", "last-week", "this-month" or "last-month". A
// week begins on Monday; this week and month end today.
func ParsePeriod(text string, now time.Time) (Range, error) {
	today := pmpsmart.DateOf(now.In(pmpsmart.WIB))
	monday := today.AddDays(-int((today.Time(time.UTC).Weekday() + 6) % 7))
	y, m, _ := today.Time(time.UTC).Date()
	first := pmpsmart.NewDate(y, m, 1)
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "this-week", "minggu-ini":
		return Range{monday, today}, nil
	case "last-week", "minggu-lalu":
		return Range{monday.AddDays(-7), monday.AddDays(-1)}, nil
	case "this-month", "bulan-ini":
		return Range{first, today}, nil
	case "last-month", "bulan-lalu":
		last := first.AddDays(-1)
		y, m, _ := last.Time(time.UTC).Date()
		return Range{pmpsmart.NewDate(y, m, 1), last}, nil
	}
	day, err := ParseDay(text, now)
	if err != nil {
		return Range{}, lang.Errorf("want a day like 2026-02-02, today or yesterday, or this-week, last-week, this-month or last-month")
	}
	return Range{day, day}, nil
}

// parseLast reads how many days, weeks or months up to today.
func parseLast(text string, now time.Time) (Range, error) {
	bad := lang.Errorf("want a number of days, weeks or months such as 7d, 2w or 3m")
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return Range{}, bad
	}
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || n < 1 || n > 10_000 {
		return Range{}, bad
	}
	today := pmpsmart.DateOf(now.In(pmpsmart.WIB))
	switch text[len(text)-1] {
	case 'd':
		return Range{today.AddDays(1 - n), today}, nil
	case 'w':
		return Range{today.AddDays(1 - 7*n), today}, nil
	case 'm':
		return Range{pmpsmart.DateOf(today.Time(time.UTC).AddDate(0, -n, 1)), today}, nil
	}
	return Range{}, bad
}

// Moment returns a time as the program's files and tables have it: in Western Indonesia Time,
// "" for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(pmpsmart.WIB).Format(time.RFC3339)
}

// FillDates puts days into the name of a file: {date} is today, {from} and {to} are the
// ends of a range.
func FillDates(name string, r Range, now time.Time) string {
	today := pmpsmart.DateOf(now.In(pmpsmart.WIB)).String()
	from, to := r.From.String(), r.To.String()
	if from == "" {
		from = "start"
	}
	if to == "" {
		to = today
	}
	return strings.NewReplacer("{date}", today, "{from}", from, "{to}", to).Replace(name)
}
