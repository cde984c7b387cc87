package picture

import (
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A Ranking is a bar for each name, the first on top.
type Ranking struct {
	Title, Subtitle string
	Notes           []string // below it
	Empty           string   // what is said where there are no rows
	Rows            []Row    // those beyond MostRows are left out; say so in a note
}

// MostRows is how many names a Ranking has.
const MostRows = 40

// A Row is a name and its count.
type Row struct {
	Name   string
	Detail string // added to the name where another row's looks the same: "12"
	Value  int64
}

const (
	rowHeight  = 26.0
	barHeight  = 15.0
	widestName = 360.0
)

// Ranking draws r.
func (p *Painter) Ranking(r Ranking) *Picture {
	rows := r.Rows[:min(len(r.Rows), MostRows)]
	c := &chart{Picture: &Picture{width: width, title: r.Title}, Painter: p}
	c.heading(r.Title, r.Subtitle)
	if len(rows) == 0 {
		c.empty(r.Empty)
		c.notes(r.Notes)
		return c.Picture
	}
	names, details := p.rowNames(rows)
	numbers := make([]typeset.Line, len(rows))
	var most int64
	var nameWidth, numberWidth float64
	for i, row := range rows {
		numbers[i] = p.setter.Line(p.words.Number(row.Value), smallSize)
		nameWidth, numberWidth = max(nameWidth, names[i].Width+details[i].Width), max(numberWidth, numbers[i].Width)
		most = max(most, row.Value)
	}
	left := margin + nameWidth + 12
	room := c.width - margin - numberWidth - 8 - left
	c.y += 16
	for i, row := range rows {
		y := c.y + float64(i)*rowHeight
		baseline := y + rowHeight/2 + textSize/3
		c.text(axisText, names[i], left-12-details[i].Width-names[i].Width, baseline, ink)
		c.text(axisText, details[i], left-12-details[i].Width, baseline, dimmed)
		length := 0.0
		if row.Value > 0 {
			length = max(1, room*float64(row.Value)/float64(most))
			c.box(bar, left, y+(rowHeight-barHeight)/2, length, barHeight, palette[2], row.Name+": "+p.words.Number(row.Value))
		}
		c.text(note, numbers[i], left+length+8, y+rowHeight/2+smallSize/3, dimmed)
	}
	c.box(decoration, left-1, c.y, 1, rowHeight*float64(len(rows)), fill{colour: axisLine}, "")
	c.y += rowHeight * float64(len(rows))
	c.notes(r.Notes)
	return c.Picture
}

// rowNames sets the names. Those that would look the same get their details.
func (p *Painter) rowNames(rows []Row) (names, details []typeset.Line) {
	names, details = make([]typeset.Line, len(rows)), make([]typeset.Line, len(rows))
	seen := map[string]int{}
	for i, row := range rows {
		names[i] = p.setter.Shorten(row.Name, textSize, widestName)
		seen[names[i].Text]++
	}
	for i, row := range rows {
		if row.Detail != "" && seen[names[i].Text] > 1 {
			details[i] = p.setter.Shorten("  ("+row.Detail+")", textSize, widestName/2)
		}
	}
	return names, details
}
