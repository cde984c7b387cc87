package picture

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// A drawing is an SVG in the making.
type drawing struct {
	*bufio.Writer
	glyphs map[*typeset.Outline]string // their ids
	tiles  map[fill]string
}

func (p *Picture) writeSVG(w io.Writer) error {
	d := &drawing{bufio.NewWriter(w), map[*typeset.Outline]string{}, map[fill]string{}}
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s" role="img">`+"\n", number(p.width), number(p.height))
	fmt.Fprintf(d, "<title>%s</title>\n", escaped(p.title))
	d.definitions(p.shapes)
	fmt.Fprintf(d, `<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", number(p.width), number(p.height))
	for _, s := range p.shapes {
		if s.line.IsZero() {
			d.box(s)
		} else {
			d.text(s)
		}
	}
	d.WriteString("</svg>\n")
	return d.Flush()
}

// definitions writes each glyph and each hatch once.
func (d *drawing) definitions(shapes []shape) {
	d.WriteString("<defs>\n")
	for _, s := range shapes {
		if f := s.fill; f.hatch != plain && d.tiles[f] == "" {
			d.tiles[f] = fmt.Sprintf("h%d", len(d.tiles))
			d.tile(d.tiles[f], f)
		}
		for _, g := range s.line.Glyphs {
			if d.glyphs[g.Outline] == "" {
				d.glyphs[g.Outline] = fmt.Sprintf("g%d", len(d.glyphs))
				fmt.Fprintf(d, `<path id="%s" d="%s"/>`+"\n", d.glyphs[g.Outline], path(g.Outline))
			}
		}
	}
	d.WriteString("</defs>\n")
}

func (d *drawing) tile(id string, f fill) {
	fmt.Fprintf(d, `<pattern id="%s" width="%[2]d" height="%[2]d" patternUnits="userSpaceOnUse"><rect width="%[2]d" height="%[2]d" fill="%[3]s"/><path d="`, id, tileSize, hex(f.colour))
	for _, l := range f.hatch.lines() {
		fmt.Fprintf(d, "M%s %sL%s %s", number(l[0]), number(l[1]), number(l[2]), number(l[3]))
	}
	fmt.Fprintf(d, `" stroke="%s" stroke-width="%s"/></pattern>`+"\n", hex(f.ink), number(f.hatch.width()))
}

func (d *drawing) box(s shape) {
	paint := hex(s.fill.colour)
	if s.fill.hatch != plain {
		paint = "url(#" + d.tiles[s.fill] + ")"
	}
	fmt.Fprintf(d, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" shape-rendering="crispEdges"`, number(s.x), number(s.y), number(s.w), number(s.h), paint)
	if s.hint == "" {
		d.WriteString("/>\n")
		return
	}
	fmt.Fprintf(d, "><title>%s</title></rect>\n", escaped(s.hint))
}

// text draws the letters' outlines, and over them the text itself, which is not seen
// but found, marked, copied and read aloud.
func (d *drawing) text(s shape) {
	fmt.Fprintf(d, `<g fill="%s" aria-hidden="true">`, hex(s.fill.colour))
	for _, g := range s.line.Glyphs {
		fmt.Fprintf(d, `<use xlink:href="#%s" x="%s" y="%s"/>`, d.glyphs[g.Outline], number(s.x+g.X), number(s.y+g.Y))
	}
	d.WriteString("</g>")
	fmt.Fprintf(d, `<text x="%s" y="%s" font-family="sans-serif" font-size="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" opacity="0" unicode-bidi="plaintext">%s</text>`+"\n",
		number(s.x), number(s.y), number(s.line.Size), number(s.line.Width), escaped(s.line.Text))
}

func path(outline *typeset.Outline) string {
	var b strings.Builder
	for i, s := range outline.Segments {
		if s.Kind == typeset.MoveTo && i > 0 {
			b.WriteByte('Z')
		}
		b.WriteByte("MLQC"[s.Kind])
		for j, p := range s.Ends() {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(number(p[0]) + " " + number(p[1]))
		}
	}
	return b.String() + "Z"
}

// number returns a coordinate to a hundredth.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(typeset.Clean(text))) // a Builder takes everything
	return b.String()
}
