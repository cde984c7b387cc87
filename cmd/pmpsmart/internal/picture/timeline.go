package picture

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A Timeline is a bar for each period from one day to another, made of the counts of
// several series, one on the other. Periods without a count are empty places.
type Timeline struct {
	Title, Subtitle string
	Unit            string   // what is counted, over its axis: "Orders"
	Axis            string   // what the bars are, under theirs: "Day of the order"
	Notes           []string // below it all
	Empty           string   // what is said where nothing was counted
	From, To        time.Time
	By              Period // or the next longer one that Fit gives
	Series          []Series
	Days            []Count // in any order; those before From and after To are left out
}

// A Series is what has a colour and a place in the legend.
type Series struct {
	Name  string
	Style int // its fill, of Styles; a series with one outside of them shares that of the rest
}

// A Count has what was counted on a day, a number for each series.
type Count struct {
	Day    time.Time // midnight of UTC
	Counts []int64
}

// Sizes, in units of which a PNG has two pixels.
const (
	width      = 1200.0
	margin     = 28.0
	plotHeight = 380.0
	titleSize  = 22.0
	textSize   = 14.0
	smallSize  = 12.5
	widestBar  = 64.0
)

// Timeline draws t.
func (p *Painter) Timeline(t Timeline) *Picture {
	t.Series, t.Days = p.fold(t.Series, t.Days)
	bars := t.bars()
	c := &chart{Picture: &Picture{width: width, title: t.Title}, Painter: p}
	c.heading(t.Title, t.Subtitle)
	totals := totals(bars, len(t.Series))
	if highest(bars) == 0 {
		c.empty(t.Empty)
		c.notes(t.Notes)
		return c.Picture
	}
	c.legend(t.Series, totals)
	axis := newScale(highest(bars), 6)
	c.plot(t.Unit, axis, len(bars))
	c.stacks(t, bars, axis)
	c.dates(bars, t.By, t.Axis)
	c.notes(t.Notes)
	return c.Picture
}

// bars adds the days up to one Count a period, from the first to the last.
func (t *Timeline) bars() []Count {
	t.By = Fit(t.From, t.To, t.By)
	index := map[time.Time]int{}
	bars := []Count{}
	for start := t.By.Start(t.From); !start.After(t.To); start = t.By.Next(start) {
		index[start] = len(bars)
		bars = append(bars, Count{start, make([]int64, len(t.Series))})
	}
	for _, day := range t.Days {
		i, ok := index[t.By.Start(day.Day)]
		if !ok || day.Day.Before(t.From) || day.Day.After(t.To) {
			continue
		}
		for j, n := range day.Counts {
			bars[i].Counts[j] = add(bars[i].Counts[j], n)
		}
	}
	return bars
}

// fold makes one series of those that there is no fill for: the smallest ones.
func (p *Painter) fold(series []Series, days []Count) ([]Series, []Count) {
	if len(series) <= Styles {
		return series, days
	}
	sums := totals(days, len(series))
	order := make([]int, len(series))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[b], sums[a]) })
	kept := slices.Sorted(slices.Values(order[:Styles-1]))
	folded := make([]Series, 0, Styles)
	place := make([]int, len(series)) // in the folded ones
	for i := range place {
		place[i] = len(kept)
	}
	free := unusedStyles(series, kept)
	for i, k := range kept {
		place[k] = i
		s := series[k]
		if s.Style < 0 || s.Style >= Styles {
			s.Style, free = free[0], free[1:]
		}
		folded = append(folded, s)
	}
	folded = append(folded, Series{Name: p.words.Others(len(series) - len(kept)), Style: -1})
	out := make([]Count, len(days))
	for i, day := range days {
		out[i] = Count{day.Day, make([]int64, len(folded))}
		for j, n := range day.Counts {
			out[i].Counts[place[j]] = add(out[i].Counts[place[j]], n)
		}
	}
	return folded, out
}

func unusedStyles(series []Series, kept []int) (free []int) {
	for style := range Styles {
		if !slices.ContainsFunc(kept, func(k int) bool { return series[k].Style == style }) {
			free = append(free, style)
		}
	}
	return free
}

func totals(counts []Count, series int) []int64 {
	sums := make([]int64, series)
	for _, c := range counts {
		for i, n := range c.Counts {
			sums[i] = add(sums[i], n)
		}
	}
	return sums
}

func highest(bars []Count) (most int64) {
	for _, b := range bars {
		most = max(most, b.total())
	}
	return most
}

func (c Count) total() (sum int64) {
	for _, n := range c.Counts {
		sum = add(sum, n)
	}
	return sum
}

// add adds two counts; a sum past the largest number is that number.
func add(a, b int64) int64 {
	if b > math.MaxInt64-a {
		return math.MaxInt64
	}
	return a + b
}

// stacks draws the bars. Where there is room, each has its total over it.
func (c *chart) stacks(t Timeline, bars []Count, axis scale) {
	for i, b := range bars {
		total := b.total()
		if total == 0 {
			continue
		}
		x, w := c.barAt(i)
		height := max(2, c.plotH*axis.share(total)) // one of a million is seen too
		y, hint := c.plotBottom(), c.hint(t, b)
		for j, n := range b.Counts {
			h := height * float64(n) / float64(total)
			if y -= h; n > 0 {
				c.box(bar, x, y, w, h, style(t.Series[j].Style), hint)
			}
		}
		label := c.setter.Line(c.words.Number(total), smallSize)
		if label.Width <= c.slot-2 {
			c.box(decoration, x+w/2-label.Width/2-1, y-5-smallSize, label.Width+2, smallSize+4, fill{colour: white}, "")
			c.text(note, label, x+w/2-label.Width/2, y-5, dimmed)
		}
	}
}

// hint tells of a bar what its height only shows.
func (c *chart) hint(t Timeline, b Count) string {
	var parts []string
	for j, n := range b.Counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", t.Series[j].Name, c.words.Number(n)))
		}
	}
	return fmt.Sprintf("%s: %s (%s)", c.words.name(t.By, b.Day), c.words.Number(b.total()), strings.Join(parts, ", "))
}

func style(i int) fill {
	if i < 0 || i >= Styles {
		return rest
	}
	return palette[i]
}

// legend names the series, each with its total, in as many lines as it takes, above
// the bars.
func (c *chart) legend(series []Series, totals []int64) {
	const swatch, gap, lineHeight = 14.0, 7.0, 24.0
	x, names := margin, c.legendNames(series)
	c.y += 16
	for i, s := range series {
		name := names[i]
		number := c.setter.Line(c.words.Number(totals[i]), textSize)
		w := swatch + gap + name.Width + gap + number.Width
		if x > margin && x+w > c.width-margin {
			x, c.y = margin, c.y+lineHeight
		}
		c.box(legendSwatch, x, c.y, swatch, swatch, style(s.Style), "")
		c.text(legendText, name, x+swatch+gap, c.y+12, ink)
		c.text(legendText, number, x+swatch+gap+name.Width+gap, c.y+12, dimmed)
		x += w + 24
	}
	c.y += lineHeight
}

// legendNames sets the names of the series. Those that look the same when they are
// shortened are given a line of their own.
func (c *chart) legendNames(series []Series) []typeset.Line {
	const widest, line = 300, 0.75 * width
	names, seen := make([]typeset.Line, len(series)), map[string]int{}
	for i, s := range series {
		names[i] = c.setter.Shorten(s.Name, textSize, widest)
		seen[names[i].Text]++
	}
	for i, s := range series {
		if seen[names[i].Text] > 1 {
			names[i] = c.setter.Shorten(s.Name, textSize, line)
		}
	}
	return names
}
