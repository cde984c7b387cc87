package typeset

import (
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// An Outline is a shape to fill by the non-zero rule, in the units of the picture;
// y grows downwards from the baseline.
type Outline struct {
	Segments []Segment
}

// A Segment moves to, or draws to, its last point. Each contour begins with a move
// and is closed.
type Segment struct {
	Kind   Kind
	Points [3][2]float64 // 1 of MoveTo and LineTo, 2 of QuadTo, 3 of CubeTo
}

// A Kind is what a Segment is.
type Kind int

// The kinds of segments: quadratic and cubic Bézier curves beside lines.
const (
	MoveTo Kind = iota
	LineTo
	QuadTo
	CubeTo
)

func (s *Setter) outline(face *font.Face, id font.GID, size float64) *Outline {
	key := glyphKey{face, id, size}
	if outline := s.outlines[key]; outline != nil {
		return outline
	}
	outline := &Outline{}
	if data, ok := face.GlyphDataOutline(id); ok {
		scale := size / float64(face.Upem())
		for _, segment := range data.Segments {
			outline.Segments = append(outline.Segments, scaled(segment, scale))
		}
	}
	s.outlines[key] = outline
	return outline
}

// scaled turns a segment of a font, whose y grows upwards, into one of the picture.
func scaled(segment opentype.Segment, scale float64) Segment {
	out := Segment{Kind: Kind(segment.Op)} // the same four in the same order
	for i, p := range segment.ArgsSlice() {
		out.Points[i] = [2]float64{float64(p.X) * scale, -float64(p.Y) * scale}
	}
	return out
}

// Ends returns the points that the segment has.
func (s *Segment) Ends() [][2]float64 {
	return s.Points[:max(1, int(s.Kind))]
}
