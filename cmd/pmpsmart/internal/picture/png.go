package picture

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture/typeset"
)

// pixels are those of a unit, in each direction: letters of 12 units are sharp on
// paper too.
const pixels = 2

// A raster is a picture of pixels in the making.
type raster struct {
	*image.RGBA
	shape vector.Rasterizer
	tiles map[fill]image.Image
}

func (p *Picture) writePNG(w io.Writer) error {
	r := &raster{
		RGBA:  image.NewRGBA(image.Rect(0, 0, int(math.Ceil(p.width*pixels)), int(math.Ceil(p.height*pixels)))),
		tiles: map[fill]image.Image{},
	}
	draw.Draw(r.RGBA, r.Bounds(), image.White, image.Point{}, draw.Src)
	for _, s := range p.shapes {
		if s.line.IsZero() {
			r.box(s)
			continue
		}
		for _, g := range s.line.Glyphs {
			r.glyph(g.Outline, (s.x+g.X)*pixels, (s.y+g.Y)*pixels, s.fill.colour)
		}
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encoder.Encode(w, r.RGBA)
}

// box fills a box. Its edges are whole pixels; nothing is thinner than one.
func (r *raster) box(s shape) {
	x, y := int(math.Round(s.x*pixels)), int(math.Round(s.y*pixels))
	right, bottom := int(math.Round((s.x+s.w)*pixels)), int(math.Round((s.y+s.h)*pixels))
	area := image.Rect(x, y, max(right, x+1), max(bottom, y+1))
	draw.Draw(r.RGBA, area, r.source(s.fill), area.Min, draw.Src)
}

// source returns the endless image that a fill is cut from.
func (r *raster) source(f fill) image.Image {
	if f.hatch == plain {
		return image.NewUniform(f.colour)
	}
	if r.tiles[f] == nil {
		r.tiles[f] = newTile(f)
	}
	return r.tiles[f]
}

// A tile is repeated in all directions.
type tile struct{ one *image.RGBA }

func (t tile) ColorModel() color.Model { return color.RGBAModel }

func (t tile) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }

func (t tile) At(x, y int) color.Color {
	return t.one.RGBAAt(modulo(x, tileSize*pixels), modulo(y, tileSize*pixels))
}

func newTile(f fill) tile {
	size := tileSize * pixels
	t := tile{image.NewRGBA(image.Rect(0, 0, size, size))}
	draw.Draw(t.one, t.one.Bounds(), image.NewUniform(f.colour), image.Point{}, draw.Src)
	v := vector.NewRasterizer(size, size)
	for _, line := range f.hatch.lines() {
		stroke(v, line, f.hatch.width())
	}
	v.Draw(t.one, t.one.Bounds(), image.NewUniform(f.ink), image.Point{})
	return t
}

// stroke adds a line of that width, in units, as a rectangle around it.
func stroke(v *vector.Rasterizer, line [4]float64, width float64) {
	dx, dy := line[2]-line[0], line[3]-line[1]
	length := math.Hypot(dx, dy)
	nx, ny := -dy/length*width/2, dx/length*width/2
	at := func(x, y float64) (float32, float32) { return float32(x * pixels), float32(y * pixels) }
	v.MoveTo(at(line[0]+nx, line[1]+ny))
	v.LineTo(at(line[2]+nx, line[3]+ny))
	v.LineTo(at(line[2]-nx, line[3]-ny))
	v.LineTo(at(line[0]-nx, line[1]-ny))
	v.ClosePath()
}

// glyph fills an outline whose origin is at x, y, in pixels.
func (r *raster) glyph(outline *typeset.Outline, x, y float64, colour color.RGBA) {
	left, top, right, bottom := bounds(outline)
	area := image.Rect(int(math.Floor(x+left*pixels)), int(math.Floor(y+top*pixels)), int(math.Ceil(x+right*pixels))+1, int(math.Ceil(y+bottom*pixels))+1)
	if area.Intersect(r.Bounds()).Empty() || area.Dx() > 4096 || area.Dy() > 4096 {
		return
	}
	r.shape.Reset(area.Dx(), area.Dy())
	at := func(p [2]float64) (float32, float32) {
		return float32(x + p[0]*pixels - float64(area.Min.X)), float32(y + p[1]*pixels - float64(area.Min.Y))
	}
	for i, s := range outline.Segments {
		ax, ay := at(s.Points[0])
		bx, by := at(s.Points[1])
		cx, cy := at(s.Points[2])
		switch s.Kind {
		case typeset.MoveTo:
			if i > 0 {
				r.shape.ClosePath()
			}
			r.shape.MoveTo(ax, ay)
		case typeset.LineTo:
			r.shape.LineTo(ax, ay)
		case typeset.QuadTo:
			r.shape.QuadTo(ax, ay, bx, by)
		case typeset.CubeTo:
			r.shape.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	r.shape.ClosePath()
	r.shape.Draw(r.RGBA, area, image.NewUniform(colour), image.Point{})
}

// bounds returns the box of an outline's points, the ones that only pull a curve too.
func bounds(outline *typeset.Outline) (left, top, right, bottom float64) {
	left, top, right, bottom = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, s := range outline.Segments {
		for _, p := range s.Ends() {
			left, right = min(left, p[0]), max(right, p[0])
			top, bottom = min(top, p[1]), max(bottom, p[1])
		}
	}
	return left, top, right, bottom
}
