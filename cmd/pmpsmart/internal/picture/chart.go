package picture

import (
	"math"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A chart is a picture that is being drawn from top to bottom.
type chart struct {
	*Picture
	*Painter
	y float64 // what is above is drawn

	plotX, plotY, plotW, plotH float64 // where the bars are
	slot                       float64 // the width of a bar's place
}

func (c *chart) plotBottom() float64 { return c.plotY + c.plotH }

// heading draws the title and what is below it.
func (c *chart) heading(title, subtitle string) {
	c.y = margin + titleSize
	c.text(heading, c.setter.Shorten(title, titleSize, c.width-2*margin), margin, c.y-4, ink)
	if subtitle != "" {
		c.y += textSize + 8
		c.text(heading, c.setter.Shorten(subtitle, textSize, c.width-2*margin), margin, c.y-3, dimmed)
	}
}

// empty says that there is nothing to draw.
func (c *chart) empty(text string) {
	const height = 160
	line := c.setter.Shorten(text, titleSize, c.width-2*margin)
	c.y += 20
	c.box(decoration, margin, c.y, c.width-2*margin, height, fill{colour: rgb(0xf4f5f6)}, "")
	c.text(note, line, (c.width-line.Width)/2, c.y+height/2+titleSize/3, dimmed)
	c.y += height + 8
}

// notes are set below the chart, and end the picture.
func (c *chart) notes(notes []string) {
	for _, text := range notes {
		for _, line := range c.wrap(text, smallSize, c.width-2*margin) {
			c.y += smallSize + 7
			c.text(note, line, margin, c.y, dimmed)
		}
	}
	c.height = math.Ceil(c.y + margin)
}

// wrap breaks a text between words so that each line is no wider than width.
func (c *chart) wrap(text string, size, width float64) (lines []typeset.Line) {
	rest := strings.Fields(text)
	for len(rest) > 0 {
		n, line := 1, c.setter.Shorten(rest[0], size, width)
		for n < len(rest) {
			longer := c.setter.Line(strings.Join(rest[:n+1], " "), size)
			if longer.Width > width {
				break
			}
			n, line = n+1, longer
		}
		lines, rest = append(lines, line), rest[n:]
	}
	return lines
}

// plot makes room for the bars, and draws the axis of counts and its grid.
func (c *chart) plot(unit string, axis scale, bars int) {
	labels, widest := make([]typeset.Line, len(axis.ticks)), 0.0
	for i, tick := range axis.ticks {
		labels[i] = c.setter.Line(c.words.Number(tick), smallSize)
		widest = max(widest, labels[i].Width)
	}
	c.y += smallSize + 10
	c.text(axisText, c.setter.Shorten(unit, smallSize, c.width/2), margin, c.y, dimmed)
	c.plotX, c.plotY, c.plotH = math.Ceil(margin+widest+10), c.y+22, plotHeight
	c.plotW = c.width - margin - c.plotX
	c.slot = c.plotW / float64(bars)
	if bars > 100 { // bars of one width, though the picture grows by a few
		c.slot = math.Ceil(c.slot*pixels) / pixels
		c.plotW = c.slot * float64(bars)
		c.width = max(c.width, math.Ceil(c.plotX+c.plotW+margin))
	}
	for i, tick := range axis.ticks {
		y := math.Round(c.plotBottom() - c.plotH*axis.share(tick))
		colour := gridLine
		if i == 0 {
			colour = axisLine
		}
		c.box(decoration, c.plotX, y, c.plotW, 1, fill{colour: colour}, "")
		c.text(axisText, labels[i], c.plotX-10-labels[i].Width, y+smallSize/3, dimmed)
	}
	c.y = c.plotBottom()
}

// barAt returns where the ith bar is, on whole pixels.
func (c *chart) barAt(i int) (x, w float64) {
	gap := max(c.slot/4, 0.5)
	if c.slot < 6 {
		gap = 1.0 / pixels
	}
	w = max(1, min(widestBar, c.slot-gap))
	x = c.plotX + c.slot*float64(i) + (c.slot-w)/2
	left, right := math.Round(x*pixels)/pixels, math.Round((x+w)*pixels)/pixels
	return left, right - left
}

// A scale is an axis of counts from 0, with ticks at round numbers.
type scale struct {
	top   float64
	ticks []int64
}

// newScale returns a scale for counts up to highest, of about that many ticks.
func newScale(highest int64, ticks int) scale {
	step := int64(1)
	for i := 0; float64(highest)/float64(step) > float64(ticks) && step < 1e18; i++ {
		step = step / []int64{1, 2, 5}[i%3] * []int64{2, 5, 10}[i%3]
	}
	s := scale{ticks: []int64{0}}
	for v := int64(0); v < highest && v <= math.MaxInt64-step; {
		v += step
		s.ticks = append(s.ticks, v)
	}
	s.top = max(1, float64(highest), float64(s.ticks[len(s.ticks)-1]))
	return s
}

// share returns how far up the axis a count is.
func (s scale) share(n int64) float64 { return float64(n) / s.top }
