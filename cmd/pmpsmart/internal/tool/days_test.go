package tool

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// monday is a day on which it is still Sunday in UTC.
var monday = time.Date(2026, time.February, 8, 18, 0, 0, 0, time.UTC) // 2026-02-09 01:00 WIB

func TestRangesOfDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days Days
		want string
		n    int
	}{
		{Days{}, "all days", 0},
		{Days{date: "2026-02-02"}, "2026-02-02", 1},
		{Days{date: "today"}, "2026-02-09", 1},
		{Days{date: "kemarin"}, "2026-02-08", 1},
		{Days{date: "this-week"}, "2026-02-09", 1},
		{Days{date: "last-week"}, "2026-02-02 to 2026-02-08", 7},
		{Days{date: "this-month"}, "2026-02-01 to 2026-02-09", 9},
		{Days{date: "last-month"}, "2026-01-01 to 2026-01-31", 31},
		{Days{last: "1d"}, "2026-02-09", 1},
		{Days{last: "7d"}, "2026-02-03 to 2026-02-09", 7},
		{Days{last: "2w"}, "2026-01-27 to 2026-02-09", 14},
		{Days{last: "1m"}, "2026-01-10 to 2026-02-09", 31},
		{Days{from: "2026-02-01"}, "from 2026-02-01", 0},
		{Days{to: "yesterday"}, "up to 2026-02-08", 0},
		{Days{from: "0026-02-01", to: "today"}, "0026-02-01 to 2026-02-09", 730_494},
	} {
		r, err := c.days.Range(monday)
		require.NoError(t, err, "%+v", c.days)
		assert.Equal(t, c.want, r.String(), "%+v", c.days)
		assert.Equal(t, c.n, r.Days(), "%+v", c.days)
	}
}

func TestRangesThatCantBe(t *testing.T) {
	t.Parallel()
	for why, days := range map[string]Days{
		`-date is "02-02-2026"; want a day like 2026-02-02, today or yesterday, or this-week, last-week, this-month or last-month`: {date: "02-02-2026"},
		`-last is "7"; want a number of days, weeks or months such as 7d, 2w or 3m`:                                                {last: "7"},
		`-last is "d"; want a number of days, weeks or months such as 7d, 2w or 3m`:                                                {last: "d"},
		`-last is "0d"; want a number of days, weeks or months such as 7d, 2w or 3m`:                                               {last: "0d"},
		`-to 2026-02-01 is before -from 2026-02-02`:                                                                                {from: "2026-02-02", to: "2026-02-01"},
		`-from is "2026-02-30"; want a day like 2026-02-02, today or yesterday`:                                                    {from: "2026-02-30"},
		`-date is one day or period, -last is the last days, and -from and -to are any; give one of the three`:                     {date: "today", last: "7d"},
	} {
		_, err := days.Range(monday)
		assert.EqualError(t, err, why)
		assert.ErrorAs(t, err, new(usageError))
	}
}

func TestRangeHasItsEnds(t *testing.T) {
	t.Parallel()
	day := func(d int) pmpsmart.Date { return pmpsmart.NewDate(2026, time.February, d) }
	r := Range{day(2), day(4)}
	for d, want := range map[int]bool{1: false, 2: true, 3: true, 4: true, 5: false} {
		assert.Equal(t, want, r.Has(day(d)), d)
	}
	assert.False(t, r.Has(pmpsmart.Date{}))
	assert.True(t, Range{}.Has(pmpsmart.Date{}))
	assert.True(t, Range{From: day(2)}.Has(day(9)))
}

func TestDatesInTheNameOfAFile(t *testing.T) {
	t.Parallel()
	r := Range{pmpsmart.NewDate(2026, time.January, 1), pmpsmart.NewDate(2026, time.January, 31)}
	assert.Equal(t, "orders-2026-01-01-2026-01-31 of 2026-02-09.csv", FillDates("orders-{from}-{to} of {date}.csv", r, monday))
	assert.Equal(t, "start 2026-02-09", FillDates("{from} {to}", Range{}, monday))
}
