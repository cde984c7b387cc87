package typeset

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"github.com/rivo/uniseg"
	"golang.org/x/image/math/fixed"
)

// A Setter sets lines. It keeps the fonts that it has read; it is not for
// concurrent use. The zero value is not usable; use New.
type Setter struct {
	fonts     *fonts
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	paragraph bidi.Paragraph
	outlines  map[glyphKey]*Outline
}

type glyphKey struct {
	face *font.Face
	id   font.GID
	size float64
}

// New returns a Setter with no font read yet.
func New() *Setter {
	return &Setter{fonts: newFonts(), outlines: map[glyphKey]*Outline{}}
}

// A Line is a line of text in its final order, from its left end at 0 on a
// baseline at 0; y grows downwards, as in a picture.
type Line struct {
	Text    string // what it says, in the order in which it is read
	Size    float64
	Width   float64
	Glyphs  []Glyph
	Missing int // characters that no font has; a box is drawn for each
}

// A Glyph is an outline and where it goes.
type Glyph struct {
	Outline *Outline // shared by all glyphs of that shape and size
	X, Y    float64
}

// IsZero reports whether the line says nothing.
func (l Line) IsZero() bool { return l.Text == "" }

// Line sets a text in letters of that size (an em, in the units of the picture).
// What would break the line or reorder it is left out.
func (s *Setter) Line(text string, size float64) Line {
	line := Line{Text: Clean(text), Size: size}
	runes := []rune(line.Text)
	for _, run := range s.runs(runes, size) {
		for _, g := range run.Glyphs {
			if g.GlyphID == 0 {
				line.Missing++
			}
			if outline := s.outline(run.Face, g.GlyphID, size); len(outline.Segments) > 0 {
				line.Glyphs = append(line.Glyphs, Glyph{outline, line.Width + float(g.XOffset), -float(g.YOffset)})
			}
			line.Width += float(g.Advance)
		}
	}
	return line
}

// longest is how many characters of a text are looked at when it is shortened;
// nothing that long has room anywhere.
const longest = 400

// Shorten sets a text so that it is no wider than width: where it is, its end is
// left out, by whole characters as people see them, and "…" stands there.
func (s *Setter) Shorten(text string, size, width float64) Line {
	text = Clean(text)
	clusters, rest, state, cluster := []string{}, text, -1, ""
	for rest != "" && len(clusters) < longest {
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		clusters = append(clusters, cluster)
	}
	if rest == "" {
		if line := s.Line(text, size); line.Width <= width {
			return line
		}
	}
	fits := Line{Size: size}
	low, high := 0, len(clusters)
	for low < high {
		n := (low + high + 1) / 2
		line := s.Line(strings.TrimRight(strings.Join(clusters[:n], ""), " ")+"…", size)
		if line.Width > width {
			high = n - 1
			continue
		}
		low, fits = n, line
	}
	if low == 0 {
		return s.Line("…", size)
	}
	return fits
}

// runs splits a text into pieces of one font, script and direction, shapes them and
// puts them in the order in which they stand from left to right.
func (s *Setter) runs(text []rune, size float64) []shaping.Output {
	if len(text) == 0 {
		return nil
	}
	var outs []shaping.Output
	var levels []bidi.Level
	for _, piece := range stretches(&s.paragraph, text) {
		input := shaping.Input{Text: text, RunStart: piece.start, RunEnd: piece.end, Size: fixedOf(size), Language: language.NewLanguage("en")}
		if piece.level%2 == 1 {
			input.Direction = di.DirectionRTL
		}
		for _, in := range s.withoutWideSpaces(s.segmenter.Split(input, s.fonts)) {
			outs, levels = append(outs, s.shaper.Shape(in)), append(levels, piece.level)
		}
	}
	reorder(outs, levels)
	return outs
}

// withoutWideSpaces takes the spaces out of what is set in fonts whose spaces are as
// wide as their signs, or that have none.
func (s *Setter) withoutWideSpaces(inputs []shaping.Input) (all []shaping.Input) {
	for _, in := range inputs {
		if s.fonts.hasGoodSpace(in.Face) {
			all = append(all, in)
			continue
		}
		for start := in.RunStart; start < in.RunEnd; {
			end, space := start+1, in.Text[start] == ' '
			for end < in.RunEnd && (in.Text[end] == ' ') == space {
				end++
			}
			part := in
			part.RunStart, part.RunEnd = start, end
			if space {
				part.Face = s.fonts.load(shared[0])
			}
			all, start = append(all, part), end
		}
	}
	return all
}

// reorder puts runs into their visual order: rule L2 of the Unicode bidirectional
// algorithm.
func reorder(outs []shaping.Output, levels []bidi.Level) {
	for level := slices.Max(levels); level > 0; level-- {
		for i := 0; i < len(outs); i++ {
			j := i
			for j < len(outs) && levels[j] >= level {
				j++
			}
			if j > i {
				slices.Reverse(outs[i:j])
				slices.Reverse(levels[i:j])
				i = j
			}
		}
	}
}

// Clean returns a text that stays on its line: a space for each kind of white space,
// the replacement character for what has no look, nothing for marks that would
// turn the text around. What joins letters and emoji stays.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r), r == '\u200c', r == '\u200d', r >= 0xe0020 && r <= 0xe007f:
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ReplacementChar
	}, text)
}

func fixedOf(v float64) fixed.Int26_6 { return fixed.Int26_6(v*64 + 0.5) }

func float(v fixed.Int26_6) float64 { return float64(v) / 64 }
