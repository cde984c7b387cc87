package picture

import (
	"image/color"
	"io"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A Picture is a drawn chart, or several, one below the other.
type Picture struct {
	width, height float64
	title         string // for who can't see it
	shapes        []shape
}

// A shape is a filled box or a line of text.
type shape struct {
	role role
	x, y float64 // of the box's upper left corner, of the text's start on its baseline
	w, h float64 // of the box; of the text, its width and its size
	fill fill
	line typeset.Line // a text where it says something
	hint string       // shown by browsers where a mouse stands on the box
}

// A role is what a shape is for; tests ask.
type role int

const (
	decoration role = iota
	bar
	legendSwatch
	legendText
	axisText
	heading
	note
)

// Format is a kind of file.
type Format string

// The formats.
const (
	PNG Format = "png"
	SVG Format = "svg"
)

// Write writes the picture in a format.
func (p *Picture) Write(w io.Writer, format Format) error {
	if format == PNG {
		return p.writePNG(w)
	}
	return p.writeSVG(w)
}

// Join puts pictures one below the other.
func Join(pictures ...*Picture) *Picture {
	all := &Picture{}
	var titles []string
	for _, p := range pictures {
		for _, s := range p.shapes {
			s.y += all.height
			all.shapes = append(all.shapes, s)
		}
		all.width, all.height = max(all.width, p.width), all.height+p.height
		titles = append(titles, p.title)
	}
	all.title = strings.Join(titles, "; ")
	return all
}

// box adds a filled box.
func (p *Picture) box(role role, x, y, w, h float64, f fill, hint string) {
	p.shapes = append(p.shapes, shape{role: role, x: x, y: y, w: w, h: h, fill: f, hint: hint})
}

// text adds a line whose left end is at x.
func (p *Picture) text(role role, line typeset.Line, x, baseline float64, colour color.RGBA) {
	if !line.IsZero() {
		p.shapes = append(p.shapes, shape{role: role, x: x, y: baseline, w: line.Width, h: line.Size, fill: fill{colour: colour}, line: line})
	}
}

// A Painter draws charts with the words of a language. It keeps the fonts that it has
// read; it is not for concurrent use.
type Painter struct {
	words  Words
	setter *typeset.Setter
}

// NewPainter returns a Painter for pictures in the language of these words.
func NewPainter(words Words) *Painter {
	return &Painter{words, typeset.New()}
}
