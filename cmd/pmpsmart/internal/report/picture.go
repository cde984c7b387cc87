package report

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A picture is a plot and its size.
type picture struct {
	plot          *plot.Plot
	width, height vg.Length
}

// newPicture makes a plot with its words in place.
func newPicture(title, x, y string) picture {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.TextStyle.Font = sans(15)
	p.Title.Padding = 4 * vg.Millimeter
	p.Legend.TextStyle.Font = sans(11)
	p.Legend.Padding = vg.Millimeter
	p.Legend.YPosition = 0.2
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(12)
		axis.Label.Padding = 2 * vg.Millimeter
		axis.Tick.Label.Font = sans(10)
	}
	return picture{p, 28 * vg.Centimeter, 14 * vg.Centimeter}
}

func sans(size float64) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Length(size)}
}

// save draws the picture into a file. An SVG brings its font along, half a
// megabyte, so that it looks the same everywhere.
func (p picture) save(path, format string) error {
	var canvas interface {
		vg.CanvasSizer
		io.WriterTo
	}
	if format == "png" {
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(p.width, p.height), vgimg.UseDPI(120))}
	} else {
		canvas = vgsvg.NewWith(vgsvg.UseWH(p.width, p.height), vgsvg.EmbedFonts(true))
	}
	whole := draw.New(canvas)
	whole.SetColor(color.White)
	whole.Fill(whole.Path())
	p.plot.Draw(draw.Crop(whole, 3*vg.Millimeter, -5*vg.Millimeter, 3*vg.Millimeter, -3*vg.Millimeter))
	return tool.WriteFile(path, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}

// The colours of Okabe and Ito, which colour-blind people tell apart, and grey.
var (
	green      = color.RGBA{0x00, 0x9e, 0x73, 0xff}
	orange     = color.RGBA{0xe6, 0x9f, 0x00, 0xff}
	blue       = color.RGBA{0x00, 0x72, 0xb2, 0xff}
	vermillion = color.RGBA{0xd5, 0x5e, 0x00, 0xff}
	purple     = color.RGBA{0xcc, 0x79, 0xa7, 0xff}
	sky        = color.RGBA{0x56, 0xb4, 0xe9, 0xff}
	yellow     = color.RGBA{0xf0, 0xe4, 0x42, 0xff}
	grey       = color.RGBA{0x99, 0x99, 0x99, 0xff}
	paleGrey   = color.RGBA{0xdd, 0xdd, 0xdd, 0xff} // of the grid
)

// wholeTicks are ticks at whole numbers only: nobody makes half an order.
type wholeTicks struct{}

func (wholeTicks) Ticks(from, to float64) []plot.Tick {
	const most = 8
	step := 1.0
	for i := 0; (to-from)/step > most; i++ {
		step *= []float64{2, 2.5, 2}[i%3] // 1, 2, 5, 10, 20 …
	}
	var ticks []plot.Tick
	for v := math.Ceil(from/step) * step; v <= to; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: tool.Number(int64(v)).String()})
	}
	return ticks
}

// shorten makes a name fit beside an axis.
func shorten(name string) string {
	const most = 30
	if runes := []rune(tool.Clean(name)); len(runes) > most {
		return fmt.Sprintf("%s…", string(runes[:most-1]))
	}
	return tool.Clean(name)
}
