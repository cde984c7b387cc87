package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A rectangle is where a shape is.
type rectangle struct{ left, top, right, bottom float64 }

func place(s shape) rectangle {
	if s.line.IsZero() {
		return rectangle{s.x, s.y, s.x + s.w, s.y + s.h}
	}
	return rectangle{s.x, s.y - 0.72*s.h, s.x + s.w, s.y} // of its capital letters
}

func (a rectangle) overlaps(b rectangle) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

func of(p *Picture, roles ...role) (shapes []shape) {
	for _, s := range p.shapes {
		for _, r := range roles {
			if s.role == r && (s.fill.colour != white || !s.line.IsZero()) {
				shapes = append(shapes, s)
			}
		}
	}
	return shapes
}

// texts are what is written, in roles.
func texts(p *Picture, roles ...role) (all []string) {
	for _, s := range of(p, roles...) {
		if !s.line.IsZero() {
			all = append(all, s.line.Text)
		}
	}
	return all
}

// Nothing covers anything else, and all is inside the picture.
func TestNothingOverlaps(t *testing.T) {
	t.Parallel()
	for name, p := range gallery() {
		shapes := of(p, bar, legendSwatch, legendText, axisText, heading, note)
		for i, a := range shapes {
			at := place(a)
			assert.True(t, at.left >= 0 && at.top >= 0 && at.right <= p.width && at.bottom <= p.height, "%s: %v of %q is outside", name, at, a.line.Text)
			assert.Zero(t, a.line.Missing, a.line.Text)
			for _, b := range shapes[:i] {
				other := place(b)
				if a.role == bar && b.role == bar { // they touch
					other = rectangle{other.left + 0.01, other.top + 0.01, other.right - 0.01, other.bottom - 0.01}
				}
				if at.overlaps(other) {
					t.Errorf("%s: %q is on %q", name, a.line.Text, b.line.Text)
				}
			}
		}
	}
}

// The year of each bar's time is on its axis.
func TestYearOnTheAxis(t *testing.T) {
	t.Parallel()
	year := regexp.MustCompile(`\b\d{4}\b`)
	for name, p := range gallery() {
		switch name {
		case "people", "nobody", "nothing", "hugerow":
			continue
		}
		assert.Regexp(t, year, strings.Join(texts(p, axisText), "\n"), name)
	}
	axis := texts(gallery()["days"], axisText)
	assert.Subset(t, axis, []string{"Dec 2025", "January 2026", "February 2026", "29", "1", "9", "Day of the order"})
	assert.Subset(t, texts(gallery()["days2000"], axisText), []string{"2021", "2022", "2023", "2024", "2025", "2026", "Jul"})
	assert.Subset(t, texts(gallery()["indonesian"], axisText), []string{"Des 2025", "Januari 2026", "Februari 2026", "20.000"})
}

// The range that was asked is shown, with an empty place for what was not counted.
func TestRangeAndGaps(t *testing.T) {
	t.Parallel()
	p := gallery()["gap"] // January and February of 2026; counts on 12 January, 2 and 3 February
	assert.Subset(t, texts(p, axisText), []string{"1", "27", "January 2026", "February 2026"})
	columns := map[float64]bool{}
	for _, b := range of(p, bar) {
		columns[b.x] = true
	}
	assert.Len(t, columns, 3)
	bars := of(p, bar)
	slot := (bars[len(bars)-1].x - bars[0].x) / 22 // from 12 January to 3 February
	assert.Greater(t, bars[0].x, 10*slot, "eleven days before the first")
	assert.Less(t, bars[len(bars)-1].x, p.width-24*slot, "25 days after the last")
}

func TestNothingIsSaid(t *testing.T) {
	t.Parallel()
	p := gallery()["nothing"]
	assert.Empty(t, of(p, bar, legendSwatch, axisText))
	assert.Contains(t, texts(p, note), "No orders from 1 January 2026 to 9 February 2026")
	assert.Contains(t, texts(p, note), "3 orders without a date are not in the picture.")
	assert.Contains(t, texts(gallery()["nobody"], note), "No salespeople")
}

// A bar's height is its share of the axis, and what is little can be seen.
func TestHeights(t *testing.T) {
	t.Parallel()
	day := date(2026, 2, 9)
	p := NewPainter(english).Timeline(Timeline{From: day, To: day.AddDate(0, 0, 2), Series: four, Days: []Count{
		{day, []int64{1_000_000, 0, 0, 0}}, {day, []int64{0, 3_000_000, 0, 0}}, {day.AddDate(0, 0, 1), []int64{0, 0, 1, 0}},
		{day.AddDate(0, 0, -1), []int64{5, 5, 5, 5}}, {day.AddDate(0, 0, 3), []int64{5, 5, 5, 5}}, // not of these days
	}})
	bars := of(p, bar)
	require.Len(t, bars, 3)
	assert.InDelta(t, plotHeight/4, bars[0].h, 1)
	assert.InDelta(t, plotHeight*3/4, bars[1].h, 1)
	assert.InDelta(t, bars[0].y, bars[1].y+bars[1].h, 0.01, "one on the other")
	assert.GreaterOrEqual(t, bars[2].h, 1.0)
	assert.Equal(t, "9 February 2026: 4,000,000 (complete 1,000,000, pending 3,000,000)", bars[0].hint)
	assert.Equal(t, []string{"complete", "1,000,000", "pending", "3,000,000", "open", "1", "cancel", "0"}, texts(p, legendText))
}

// Thousands of days are no black band: each bar is wide enough to be seen, and so is
// what is between two.
func TestManyDays(t *testing.T) {
	t.Parallel()
	for name, p := range gallery() {
		if name == "joined" { // two charts
			continue
		}
		columns := map[float64]float64{}
		for _, b := range of(p, bar) {
			columns[b.x] = b.w
		}
		assert.LessOrEqual(t, len(columns), mostBars, name)
		for x, w := range columns {
			assert.GreaterOrEqual(t, w, 1.0, name)
			for other := range columns {
				if other > x && other < x+w+0.49 {
					t.Errorf("%s: no gap at %v", name, x)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	from := date(2021, 3, 1)
	for _, test := range []struct {
		days int
		by   Period
		want Period
	}{
		{0, Day, Day}, {365, Day, Day}, {399, Day, Day}, {400, Day, Week}, {1999, Day, Week}, {1999, Month, Month}, {3000, Week, Month},
		{20000, Day, Quarter}, {100000, Day, Year}, {1000000, Day, Decade}, {2900000, Day, Century},
	} {
		assert.Equal(t, test.want, Fit(from, from.AddDate(0, 0, test.days), test.by), "%d days", test.days)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	day := date(2026, 11, 29) // a Sunday
	for by, want := range map[Period]time.Time{
		Day: day, Week: date(2026, 11, 23), Month: date(2026, 11, 1), Quarter: date(2026, 10, 1),
		Year: date(2026, 1, 1), Decade: date(2020, 1, 1), Century: date(2000, 1, 1),
	} {
		assert.Equal(t, want, by.Start(day), "%v", by)
		assert.Equal(t, want, by.Start(want), "%v", by)
		assert.True(t, by.Next(want).After(day), "%v", by)
		assert.Equal(t, by.Next(want), by.Start(by.Next(want)), "%v", by)
	}
	assert.Equal(t, date(0, 1, 1), Century.Start(date(1, 1, 1)))
	assert.Equal(t, "23 November 2026 – 29 November 2026", english.name(Week, date(2026, 11, 23)))
	assert.Equal(t, "November 2026", indonesian.name(Month, date(2026, 11, 1)))
	assert.Equal(t, "1 October 2026 – 31 December 2026", english.name(Quarter, date(2026, 10, 1)))
	assert.Equal(t, "2020–2029", english.name(Decade, date(2020, 1, 1)))
}

func TestScale(t *testing.T) {
	t.Parallel()
	for highest, want := range map[int64][]int64{
		1: {0, 1}, 3: {0, 1, 2, 3}, 7: {0, 2, 4, 6, 8}, 16: {0, 5, 10, 15, 20}, 1_234: {0, 500, 1000, 1500},
	} {
		assert.Equal(t, want, newScale(highest, 6).ticks, "%d", highest)
	}
	s := newScale(math.MaxInt64, 6)
	assert.LessOrEqual(t, s.share(math.MaxInt64), 1.0)
	assert.LessOrEqual(t, len(s.ticks), 12)
}

// Twelve series are told apart by colour, and in grey by lightness or by a hatch.
func TestPaletteDiffers(t *testing.T) {
	t.Parallel()
	for i, a := range palette {
		for _, b := range append(palette[:i:i], rest) {
			la, aa, ba := lab(a.colour)
			lb, ab, bb := lab(b.colour)
			assert.Greater(t, math.Hypot(la-lb, math.Hypot(aa-ab, ba-bb)), 18.0, "%v and %v look alike", a.colour, b.colour)
			if a.hatch == b.hatch {
				assert.Greater(t, math.Abs(la-lb), 12.0, "%v and %v look alike in grey", a.colour, b.colour)
			}
		}
		assert.True(t, a.hatch == plain || math.Abs(lightness(a.colour)-lightness(a.ink)) > 25, "the hatch of %v can't be seen", a.colour)
	}
}

func lightness(c color.RGBA) float64 {
	l, _, _ := lab(c)
	return l
}

// lab is a colour in CIELAB, where distances are those that people see.
func lab(c color.RGBA) (l, a, b float64) {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	f := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	red, green, blue := linear(c.R), linear(c.G), linear(c.B)
	x := f((0.4124*red + 0.3576*green + 0.1805*blue) / 0.95047)
	y := f(0.2126*red + 0.7152*green + 0.0722*blue)
	z := f((0.0193*red + 0.1192*green + 0.9505*blue) / 1.08883)
	return 116*y - 16, 500 * (x - y), 200 * (y - z)
}

// Beyond a dozen series, the smallest are drawn as one, and nothing is lost.
func TestMoreSeriesThanFills(t *testing.T) {
	t.Parallel()
	p := gallery()["twenty"]
	swatches := of(p, legendSwatch)
	require.Len(t, swatches, Styles)
	seen := map[fill]bool{}
	for _, s := range swatches {
		assert.False(t, seen[s.fill])
		seen[s.fill] = true
	}
	assert.Contains(t, texts(p, legendText), "9 other statuses")
	var all int64
	for _, day := range wavy(date(2026, 1, 1), date(2026, 2, 9), 20, 40) {
		all += day.total()
	}
	var drawn float64
	for _, b := range of(p, bar) {
		drawn += b.h
	}
	assert.InDelta(t, float64(all), drawn/plotHeight*300, 5) // the axis ends at 300
}

func TestNamesThatLookTheSame(t *testing.T) {
	t.Parallel()
	p := gallery()["people"]
	names := strings.Join(texts(p, axisText), "\n")
	for _, want := range []string{"Budi\n  (12)\nBudi\n  (13)", "محمد\n  (24)\nمحمد\n  (25)", "<script>\ufffd[31m & Co"} {
		assert.Contains(t, names, want)
	}
	assert.NotContains(t, names, "(3)")
	long := strings.Repeat("A long name ", 20)
	two := NewPainter(english).Ranking(Ranking{Rows: []Row{{long + "one", "1", 2}, {long + "two", "2", 1}}})
	assert.Contains(t, texts(two, axisText), "  (2)")
}

func TestStatusesThatBeginAlike(t *testing.T) {
	t.Parallel()
	long := "menunggu konfirmasi dari gudang pusat Jakarta "
	tl := timeline(date(2026, 1, 1), date(2026, 1, 9), Day, statuses(long+"Barat", long+"Timur"), 4)
	assert.Subset(t, texts(NewPainter(english).Timeline(tl), legendText), []string{long + "Barat", long + "Timur"})
}

// An SVG is well-formed, draws only what it defines, needs no font, and holds its
// words for searching.
func TestSVG(t *testing.T) {
	t.Parallel()
	for name, p := range gallery() {
		var file bytes.Buffer
		require.NoError(t, p.Write(&file, SVG))
		ids, uses, words := map[string]bool{}, map[string]bool{}, []string{}
		decoder := xml.NewDecoder(&file)
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, name)
			switch token := token.(type) {
			case xml.CharData:
				words = append(words, string(token))
			case xml.StartElement:
				for _, a := range token.Attr {
					switch {
					case a.Name.Local == "id":
						ids[a.Value] = true
					case a.Name.Local == "href":
						uses[strings.TrimPrefix(a.Value, "#")] = true
					case strings.HasPrefix(a.Value, "url("):
						uses[strings.TrimSuffix(strings.TrimPrefix(a.Value, "url(#"), ")")] = true
					}
				}
			}
		}
		assert.Equal(t, ids, uses, name)
		for _, text := range texts(p, legendText, axisText, heading, note) {
			assert.Contains(t, words, text, name)
		}
	}
}

func TestPNG(t *testing.T) {
	t.Parallel()
	p := gallery()["dozen"]
	var file bytes.Buffer
	require.NoError(t, p.Write(&file, PNG))
	picture, err := png.Decode(&file)
	require.NoError(t, err)
	assert.Equal(t, int(p.width)*pixels, picture.Bounds().Dx())
	found := map[color.RGBA]int{}
	for _, s := range of(p, bar) {
		at := place(s)
		for y := math.Ceil(at.top * pixels); y < math.Floor(at.bottom*pixels); y++ {
			r, g, b, _ := picture.At(int(at.left+at.right), int(y)).RGBA()
			found[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}]++
		}
	}
	for i, f := range palette {
		assert.NotZero(t, found[f.colour], "the colour of series %d", i)
		if f.hatch == rising {
			assert.NotZero(t, found[f.ink], "the hatch of series %d", i)
		}
	}
}

func TestWriteFails(t *testing.T) {
	t.Parallel()
	for _, format := range []Format{PNG, SVG} {
		assert.ErrorIs(t, gallery()["days"].Write(full{}, format), errFull)
	}
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
