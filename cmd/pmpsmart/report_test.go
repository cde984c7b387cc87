package main_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// reported is what report -json prints.
type reported struct {
	Orders []struct {
		Start    string
		Orders   int
		Statuses map[string]int
	}
	Undated int `json:"undated_orders"`
	Totals  map[string]int
	Visits  []struct {
		UserID int64 `json:"user_id"`
		Name   string
		Visits int
	}
	Files []string
}

func report(t *testing.T, srv *pmpsmarttest.Server, dir string, args ...string) (r reported) {
	t.Helper()
	out := run(t, dir, environment(srv), "report", append([]string{"-json"}, args...)...)
	require.Zero(t, out.status, out.stderr)
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &r))
	return r
}

func TestReportCounts(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddOrders(
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "LATE", Status: "retur", Date: pmpsmart.NewDate(2026, time.February, 11)}},
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "NONE", Status: "open", CreatedAt: time.Date(2026, 2, 10, 20, 0, 0, 0, time.UTC)}})
	srv.AddVisits(pmpsmart.Visit{Name: "Gone", UserID: 77}, pmpsmart.Visit{Name: "Nobody"})

	want, totals := map[string]map[string]int{"2026-02-10": nil}, map[string]int{}
	for _, o := range srv.Orders() {
		day := o.Date.String()
		if day == "" {
			day = "2026-02-11" // of its created_at, in WIB
		}
		if want[day] == nil {
			want[day] = map[string]int{}
		}
		want[day][string(o.Status)]++
		totals[string(o.Status)]++
	}
	r := report(t, srv, dir)
	got := map[string]map[string]int{}
	for _, day := range r.Orders {
		got[day.Start] = day.Statuses
	}
	assert.Equal(t, want, got, "the day without an order too")
	assert.Equal(t, totals, r.Totals)

	visits := map[string]int{}
	for _, v := range srv.Visits() {
		visits[v.Name]++
	}
	counted := map[string]int{}
	for _, v := range r.Visits {
		counted[v.Name] = v.Visits
	}
	assert.Equal(t, visits, counted)
}

func TestReportByWeekAndMonth(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	starts := func(r reported) (starts []string) {
		for _, o := range r.Orders {
			starts = append(starts, o.Start)
		}
		return starts
	}
	r := report(t, srv, dir, "-by", "week")
	assert.Equal(t, []string{"2025-12-29", "2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09"}, starts(r))
	assert.Equal(t, []string{"orders-by-week.svg", "visits-by-salesperson.svg"}, r.Files)
	r = report(t, srv, dir, "-by", "month")
	assert.Equal(t, []string{"2026-01-01", "2026-02-01"}, starts(r))
	r = report(t, srv, dir, "-from", "2026-01-03", "-to", "2026-01-04")
	assert.Equal(t, []string{"2026-01-03", "2026-01-04"}, starts(r))
	assert.Equal(t, 12, r.Orders[0].Orders+r.Orders[1].Orders)
}

func TestReportPrintsTables(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	out := run(t, dir, environment(srv), "report")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "Orders by day and status\n\nday         complete  pending  open  cancel  all\n2026-01-01         4        2     0       0    6\n")
	assert.Contains(t, out.stdout, "\nall              161       41    22      16  240\n")
	assert.Contains(t, out.stdout, "Visits by salesperson\n\nsalesperson       visits\n")
	assert.Contains(t, out.stdout, "Ferryanto              5\n")
	assert.Contains(t, out.stdout, "\nDrawn in orders-by-day.svg and visits-by-salesperson.svg\n")
}

func TestReportDrawsPNG(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	r := report(t, srv, dir, "-format", "png", "-o", "pictures")
	assert.Equal(t, []string{filepath.Join("pictures", "orders-by-day.png"), filepath.Join("pictures", "visits-by-salesperson.png")}, r.Files)
	picture, err := png.Decode(strings.NewReader(read(t, dir, r.Files[0])))
	require.NoError(t, err)
	share := colours(picture)
	for _, colour := range []string{"green", "orange", "blue", "vermillion"} {
		assert.Greater(t, share[colour], 0.005, "%s of the picture", colour)
	}
}

// colours gives how much of a picture has each status's colour.
func colours(picture image.Image) map[string]float64 {
	names := map[[3]uint32]string{
		{0x00, 0x9e, 0x73}: "green", {0xe6, 0x9f, 0x00}: "orange", {0x00, 0x72, 0xb2}: "blue", {0xd5, 0x5e, 0x00}: "vermillion",
	}
	share, size := map[string]float64{}, picture.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			share[names[[3]uint32{r >> 8, g >> 8, b >> 8}]] += 1 / float64(size.Dx()*size.Dy())
		}
	}
	return share
}

// A name that is markup stays a name, in the picture and in the table.
func TestReportDrawsSVG(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddUsers(pmpsmart.User{ID: 50, Name: "<script>\x1b[31m & Co, a salesperson of a very long name"})
	out := run(t, dir, environment(srv), "report")
	require.Zero(t, out.status, out.stderr)
	assert.NotContains(t, out.stdout, "\x1b")
	assert.Contains(t, out.stdout, "<script>\ufffd[31m & Co, a salesperson")
	words := svgWords(t, read(t, dir, "visits-by-salesperson.svg"))
	for _, word := range []string{"Visits by salesperson", "Salesperson", "Ferryanto", "<script>\ufffd[31m & Co, a salespe…"} {
		assert.True(t, slices.Contains(words, word), word)
	}
	words = svgWords(t, read(t, dir, "orders-by-day.svg"))
	for _, word := range []string{"Orders by day and status", "Orders", "complete", "cancel", "1 Jan", "Day of the order, 1 January 2026 to 9 February 2026"} {
		assert.True(t, slices.Contains(words, word), word)
	}
}

// svgWords are the texts of an SVG picture.
func svgWords(t *testing.T, svg string) (words []string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok {
			words = append(words, strings.TrimSpace(string(text)))
		}
	}
}

// Where neither picture can be drawn, one line says so.
func TestReportThatCantBeSaved(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that takes no file, whoever asks")
	}
	srv := newServer(t)
	out := run(t, t.TempDir(), environment(srv), "report", "-quiet", "-o", "/proc")
	assert.Equal(t, 1, out.status)
	assert.Equal(t, "pmpsmart report: can't make a file in the folder /proc: no such file or directory\n", out.stderr)
}

func TestReportOfNothing(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	r := report(t, srv, t.TempDir(), "-format", "png")
	assert.Empty(t, r.Orders)
	assert.Len(t, r.Files, 2)
}

// One order of a mistyped year does not make a picture of ten thousand bars.
func TestReportOfTooManyDays(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{Code: "TYPO", Status: "open", Date: pmpsmart.NewDate(26, time.January, 1)}})
	refused(t, run(t, dir, environment(srv), "report", "-quiet"), "the orders are spread over 730,5")
	assert.Len(t, report(t, srv, dir, "-from", "2026-01-01").Orders, 40)
}

func TestReportStopsOnCtrlC(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	env, visits := newGate(t, srv, "visit", 1)
	p := start(t, dir, env, nil, "report")
	p.until("the visits are waited for", isClosed(visits))
	out := p.signal(os.Interrupt)
	assert.Equal(t, 130, out.status)
	assert.Empty(t, out.stdout)
	assert.Contains(t, out.stderr, "pmpsmart report: stopped; nothing was drawn\n")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	assert.Empty(t, files)
}
