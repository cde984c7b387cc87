package picture

import "image/color"

// A fill is what a bar is filled with: a colour, and a hatch over it where the
// colour alone would be like another in grey.
type fill struct {
	colour color.RGBA
	hatch  hatch
	ink    color.RGBA // of the hatch
}

// A hatch is lines on a tile of tileSize units, which is repeated.
type hatch int

const (
	plain hatch = iota
	rising
	falling
	level
	upright
	squares
	crossed
	dotted
)

const tileSize = 8

// lines returns the lines of a tile: from x, y to x, y. What leaves the tile on one side
// comes in on the other, so that tiles join.
func (h hatch) lines() [][4]float64 {
	up := [][4]float64{{-2, 10, 10, -2}, {-2, 2, 2, -2}, {6, 10, 10, 6}}
	down := [][4]float64{{-2, -2, 10, 10}, {6, -2, 10, 2}, {-2, 6, 2, 10}}
	across := [][4]float64{{0, 2, 8, 2}, {0, 6, 8, 6}}
	along := [][4]float64{{2, 0, 2, 8}, {6, 0, 6, 8}}
	switch h {
	case rising:
		return up
	case falling:
		return down
	case level:
		return across
	case upright:
		return along
	case squares:
		return [][4]float64{across[0], along[0]}
	case crossed:
		return append(up, down...)
	case dotted:
		return [][4]float64{{1, 2, 3, 2}, {5, 6, 7, 6}}
	}
	return nil
}

// width returns how thick a hatch's lines are; a dot is a short line.
func (h hatch) width() float64 {
	if h == dotted {
		return 2
	}
	return 1.2
}

// Styles is how many series can be told apart.
const Styles = 12

// palette has the fills of the series, by their Style. The first four differ in
// lightness by a sixth of the scale or more, for a printer without colours and for
// colour-blind people; of the others, those of like lightness have hatches.
var palette = [Styles]fill{
	{colour: rgb(0x2a8a57)},
	{colour: rgb(0xf4b93f)},
	{colour: rgb(0x5b9fe0)},
	{colour: rgb(0x8c1d2f)},
	{rgb(0x8157b3), rising, rgb(0xffffff)},
	{rgb(0x9fdcd3), falling, rgb(0x1b5e56)},
	{rgb(0x5a3a22), dotted, rgb(0xffe9cf)},
	{rgb(0xf7b3d0), level, rgb(0x8a2a5b)},
	{rgb(0xb2b52a), upright, rgb(0x3f4000)},
	{rgb(0x1c2b70), crossed, rgb(0xbfc9ff)},
	{rgb(0xe06a2c), squares, rgb(0xffffff)},
	{rgb(0x6f7f8c), level, rgb(0x111111)},
}

// rest is the fill of all series that there are beyond the palette.
var rest = fill{rgb(0xdedede), rising, rgb(0x8f8f8f)}

var (
	white    = rgb(0xffffff)
	ink      = rgb(0x222222)
	dimmed   = rgb(0x5f6368)
	axisLine = rgb(0x8a8f94)
	gridLine = rgb(0xe3e5e8)
)

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}
