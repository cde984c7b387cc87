package picture

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A span is neighbouring bars of one day, month or year: those from first to last.
type span struct {
	first, last int
	start       time.Time // of the first bar
}

// spans groups bars by what is the same of their starts.
func spans(bars []Count, key func(time.Time) int) (all []span) {
	for i, b := range bars {
		if n := len(all); n > 0 && key(all[n-1].start) == key(b.Day) {
			all[n-1].last = i
			continue
		}
		all = append(all, span{i, i, b.Day})
	}
	return all
}

func byDay(t time.Time) int   { return int(t.Unix() / 86400) }
func byMonth(t time.Time) int { return t.Year()*12 + int(t.Month()) }
func byYear(t time.Time) int  { return t.Year() }

// ends returns where a span begins and ends in the picture.
func (c *chart) ends(s span) (left, right float64) {
	return c.plotX + c.slot*float64(s.first), c.plotX + c.slot*float64(s.last+1)
}

// dates draws the axis of time: days over months with their year, or months over
// years, or years, whichever is the finest there is room for. The year is always
// there.
func (c *chart) dates(bars []Count, by Period, title string) {
	months, years := spans(bars, byMonth), spans(bars, byYear)
	rows := 2
	switch {
	case by <= Week && c.haveRoom(months, c.shortMonth):
		c.marks(spans(bars, byDay), func(t time.Time) string { return strconv.Itoa(t.Day()) }, daysOf(by))
		c.names(months, c.longMonth, c.shortMonth)
	case by <= Quarter && c.haveRoom(years, year):
		c.marks(months, func(t time.Time) string { return c.words.ShortMonths[t.Month()-1] }, everyMonth)
		c.names(years, year, year)
	default:
		c.marks(years, year, everyYear)
		rows = 1
	}
	c.y = c.plotBottom() + 20*float64(rows)
	if title != "" {
		c.y += 22
		line := c.setter.Shorten(title, smallSize, c.plotW)
		c.text(axisText, line, c.plotX+(c.plotW-line.Width)/2, c.y, dimmed)
	}
	c.y += 6
}

func year(t time.Time) string { return strconv.Itoa(t.Year()) }

func (c *chart) longMonth(t time.Time) string {
	return fmt.Sprintf("%s %d", c.words.Months[t.Month()-1], t.Year())
}

func (c *chart) shortMonth(t time.Time) string {
	return fmt.Sprintf("%s %d", c.words.ShortMonths[t.Month()-1], t.Year())
}

// haveRoom reports whether each span but those at the ends, which may be short, has
// room for its name.
func (c *chart) haveRoom(all []span, name func(time.Time) string) bool {
	for i, s := range all {
		left, right := c.ends(s)
		if i > 0 && i < len(all)-1 && right-left < c.setter.Line(name(s.start), smallSize).Width+8 {
			return false
		}
	}
	return true
}

// marks names as many spans as there is room for, below their middles: the first of
// the choices that leaves the names apart.
func (c *chart) marks(all []span, name func(time.Time) string, choices []func(int, time.Time) bool) {
	type mark struct {
		x    float64
		line typeset.Line
	}
	for _, choose := range choices {
		var marks []mark
		apart := true
		for i, s := range all {
			left, right := c.ends(s)
			line := c.setter.Line(name(s.start), smallSize)
			if !choose(i, s.start) {
				continue
			}
			m := mark{(left + right) / 2, line}
			if n := len(marks); n > 0 && m.x-marks[n-1].x < (m.line.Width+marks[n-1].line.Width)/2+7 {
				apart = false
				break
			}
			marks = append(marks, m)
		}
		if !apart || len(marks) == 0 {
			continue
		}
		for _, m := range marks {
			c.box(decoration, math.Round(m.x-0.5), c.plotBottom()+1, 1, 4, fill{colour: axisLine}, "")
			c.text(axisText, m.line, m.x-m.line.Width/2, c.plotBottom()+18, dimmed)
		}
		return
	}
}

// names names the spans below the marks, with a line between each two; all by their
// long names where those have room. A short span at an end has its name beside it.
func (c *chart) names(all []span, long, short func(time.Time) string) {
	name, baseline := long, c.plotBottom()+38
	if !c.haveRoom(all, long) {
		name = short
	}
	for i, s := range all {
		left, right := c.ends(s)
		if i > 0 {
			c.box(decoration, math.Round(left-0.5), c.plotBottom()+1, 1, 4, fill{colour: axisLine}, "")
			c.box(decoration, math.Round(left-0.5), c.plotBottom()+24, 1, 19, fill{colour: axisLine}, "")
		}
		line := c.setter.Line(name(s.start), smallSize)
		if line.Width > right-left-8 {
			line = c.setter.Line(short(s.start), smallSize)
		}
		x := (left + right - line.Width) / 2
		switch {
		case line.Width <= right-left-4 || len(all) == 1:
		case i == 0:
			x = max(2, right-line.Width-4)
		case i == len(all)-1:
			x = left + 4
			c.width = max(c.width, x+line.Width+4)
		}
		c.text(axisText, line, x, baseline, ink)
	}
}

func daysOf(by Period) []func(int, time.Time) bool {
	if by == Week {
		return []func(int, time.Time) bool{every(1), every(2), every(4)}
	}
	days := func(of func(day int) bool) func(int, time.Time) bool {
		return func(_ int, t time.Time) bool { return of(t.Day()) }
	}
	return []func(int, time.Time) bool{
		every(1),
		days(func(d int) bool { return d%2 == 1 && d < 31 }),
		days(func(d int) bool { return d == 1 || d%5 == 0 && d < 30 }),
		days(func(d int) bool { return d == 1 || d == 10 || d == 20 }),
		days(func(d int) bool { return d == 1 || d == 15 }),
		days(func(d int) bool { return d == 15 }),
	}
}

func every(n int) func(int, time.Time) bool {
	return func(i int, _ time.Time) bool { return i%n == 0 }
}

var everyMonth = []func(int, time.Time) bool{monthsOf(1), monthsOf(2), monthsOf(3), monthsOf(6), monthsOf(12)}

func monthsOf(n int) func(int, time.Time) bool {
	return func(_ int, t time.Time) bool { return (int(t.Month())-1)%n == 0 }
}

var everyYear = []func(int, time.Time) bool{yearsOf(1), yearsOf(2), yearsOf(5), yearsOf(10), yearsOf(20), yearsOf(50), yearsOf(100), yearsOf(200), yearsOf(500), yearsOf(1000)}

func yearsOf(n int) func(int, time.Time) bool {
	return func(_ int, t time.Time) bool { return modulo(t.Year(), n) == 0 }
}
