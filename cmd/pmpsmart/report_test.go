package main_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
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
	Range, Asked struct{ From, To string }
	Orders       []struct {
		Start, End string
		Orders     int
		Statuses   map[string]int
	}
	Undated int `json:"undated_orders"`
	Totals  map[string]int
	Visits  []struct {
		UserID int64 `json:"user_id"`
		Name   string
		Visits int
	}
	Missing []string
	Files   []string
}

func report(t *testing.T, srv *pmpsmarttest.Server, dir string, args ...string) (r reported) {
	t.Helper()
	out := run(t, dir, environment(srv), "report", append([]string{"-json"}, args...)...)
	require.Zero(t, out.status, out.stderr)
	assert.NotContains(t, out.stdout, "null")
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

	want, totals := map[string]map[string]int{"2026-02-10": {}}, map[string]int{}
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
	assert.Empty(t, r.Files, "pictures are drawn where -o or -format asks for them")
	r = report(t, srv, dir, "-by", "week", "-format", "svg")
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
	out := run(t, dir, environment(srv), "report", "-o", ".")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "Orders by day and status\n\nday         complete  pending  open  cancel  all\n2026-01-01         4        2     0       0    6\n")
	assert.Contains(t, out.stdout, "\nall              161       41    22      16  240\n")
	assert.Contains(t, out.stdout, "Visits by salesperson\n\nsalesperson       visits\n")
	assert.Contains(t, out.stdout, "Ferryanto              5\n")
	assert.Contains(t, out.stdout, "\nWritten: orders-by-day.svg, visits-by-salesperson.svg\n")
}

func TestReportDrawsPNG(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	r := report(t, srv, dir, "-format", "png", "-o", "pictures")
	assert.Equal(t, []string{filepath.Join("pictures", "orders-by-day.png"), filepath.Join("pictures", "visits-by-salesperson.png")}, r.Files)
	picture, err := png.Decode(strings.NewReader(read(t, dir, r.Files[0])))
	require.NoError(t, err)
	assert.GreaterOrEqual(t, picture.Bounds().Dx(), 2000)
	share := colours(picture)
	for _, colour := range []color.RGBA{{0x2a, 0x8a, 0x57, 0xff}, {0xf4, 0xb9, 0x3f, 0xff}, {0x5b, 0x9f, 0xe0, 0xff}, {0x8c, 0x1d, 0x2f, 0xff}} {
		assert.Greater(t, share[colour], 0.002, "%v of the picture", colour)
	}
}

// colours gives how much of a picture has each colour.
func colours(picture image.Image) map[color.RGBA]float64 {
	share, size := map[color.RGBA]float64{}, picture.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			share[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)] += 1 / float64(size.Dx()*size.Dy())
		}
	}
	return share
}

// A name that is markup stays a name, in the picture and in the table.
func TestReportDrawsSVG(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddUsers(pmpsmart.User{ID: 50, Name: "<script>\x1b[31m & Co, a salesperson of a very long name indeed"}, pmpsmart.User{ID: 51, Name: "محمد 陳大文 👍"})
	out := run(t, dir, environment(srv), "report", "-format", "svg")
	require.Zero(t, out.status, out.stderr)
	assert.NotContains(t, out.stdout, "\x1b")
	assert.Contains(t, out.stdout, "<script>\ufffd[31m & Co, a salesperson")
	words := svgWords(t, read(t, dir, "visits-by-salesperson.svg"))
	for _, word := range []string{"Visits by salesperson", "Ferryanto", "محمد 陳大文 👍"} {
		assert.True(t, slices.Contains(words, word), word)
	}
	assert.True(t, slices.ContainsFunc(words, func(word string) bool {
		return strings.HasPrefix(word, "<script>\ufffd[31m & Co, a salesperson") && strings.HasSuffix(word, "…")
	}))
	words = svgWords(t, read(t, dir, "orders-by-day.svg"))
	for _, word := range []string{"Orders by day and status", "Orders", "complete", "cancel", "1", "9", "January 2026", "February 2026", "Day of the order", "1 January 2026 – 9 February 2026"} {
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

// A picture that can't be drawn costs no numbers.
func TestReportThatCantBeSaved(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that takes no file, whoever asks")
	}
	srv, dir := newServer(t), t.TempDir()
	out := run(t, dir, environment(srv), "report", "-quiet", "-o", "/proc", "-o", "r.csv")
	assert.Equal(t, 2, out.status)
	assert.Equal(t, "pmpsmart report: can't make a file in the folder /proc: no such file or directory\n", out.stderr)
	assert.Contains(t, out.stdout, "\nall              161       41    22      16  240\n")
	assert.Contains(t, out.stdout, "\nWritten: r.csv, r-visits.csv\n", "the other is written")
	assert.Len(t, lines(read(t, dir, "r.csv")), 41)

	out = run(t, dir, environment(srv), "report", "-quiet", "-json", "-o", "no/r.png")
	assert.Equal(t, 2, out.status)
	assert.Equal(t, "pmpsmart report: there is no folder no\n", out.stderr)
	var r reported
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &r))
	assert.Len(t, r.Orders, 40)
	assert.NotNil(t, r.Files)
}

func TestReportOfWrongFlags(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	for _, args := range [][]string{{"-by", "hour"}, {"-format", "bmp"}, {"-o", "-"}, {"-o", "r.png", "-format", "svg"}, {"-last", "7"}, {"-from", "2026-02-02", "-to", "2026-02-01"}, {"-excel"}} {
		out := run(t, dir, environment(srv), "report", args...)
		refused(t, out, "")
	}
	assert.Zero(t, answered(srv, "ListOrders"))
}

// Without a list that the server refuses, the numbers of the others are there.
func TestReportWithoutSalespeople(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "sales") {
			http.Error(w, `{"status":"error","message":"This action is unauthorized."}`, http.StatusForbidden)
			return
		}
		srv.ServeHTTP(w, r)
	}))
	t.Cleanup(gate.Close)
	env := append(environment(srv), "PMPSMART_BASE_URL="+gate.URL+"/api/v1")
	out := run(t, dir, env, "report", "-quiet")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, "\nall              161       41    22      16  240\n")
	assert.Contains(t, out.stdout, "Ferryanto              5\n", "the visits have names too")
	require.Len(t, lines(out.stderr), 1)
	assert.Contains(t, out.stderr, "who made no visit is missing")
	assert.Contains(t, out.stderr, "403")
	out = run(t, dir, env, "report", "-quiet", "-json")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, "\"missing\": [\n    \"salespeople\"\n  ]")
}

func TestReportOfNothing(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithEmpty()), t.TempDir()
	r := report(t, srv, dir, "-format", "png")
	assert.Empty(t, r.Orders)
	assert.Len(t, r.Files, 2)
	r = report(t, srv, dir, "-format", "svg", "-from", "2026-02-01", "-to", "2026-02-03")
	assert.Len(t, r.Orders, 3)
	assert.Equal(t, "2026-02-03", r.Range.To)
	assert.Contains(t, svgWords(t, read(t, dir, "orders-by-day.svg")), "No orders from 1 February 2026 to 3 February 2026")
	out := run(t, dir, environment(srv), "report", "-lang", "id", "-date", "kemarin", "-format", "svg")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, read(t, dir, "orders-by-day.svg"), "Tidak ada order dari ")
}

// One order of a mistyped year costs no numbers, and is named.
func TestReportOfAMistypedYear(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{Code: "TYPO", Status: "open", Date: pmpsmart.NewDate(2206, time.January, 1)}})
	out := run(t, dir, environment(srv), "report", "-quiet", "-format", "svg")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, "\nall              161       41    22      16  240\n")
	assert.Equal(t, "pmpsmart report: 1 order left out, of a day that can't be (-from and -to can ask for it): TYPO (2206-01-01)\n", out.stderr)
	assert.Contains(t, svgWords(t, read(t, dir, "orders-by-day.svg")), "Left out, of a day that can't be: 1 order.")
	assert.Len(t, report(t, srv, dir, "-to", "2026-02-09").Orders, 40)
	assert.Equal(t, map[string]int{"open": 1}, report(t, srv, dir, "-from", "2206-01-01", "-to", "2206-01-01").Totals)
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

// A mirror gives the same report as the server, without one.
func TestReportFromAMirror(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	srv.AddOrders(
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "TYPO", Status: "open", Date: pmpsmart.NewDate(2206, time.January, 1)}},
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "NONE", Status: "retur", CreatedAt: time.Date(2026, 2, 10, 20, 0, 0, 0, time.UTC)}})
	srv.AddVisits(pmpsmart.Visit{Name: "Gone", UserID: 77})
	made := run(t, dir, environment(srv), "mirror", "-db", "m.db")
	require.Zero(t, made.status, made.stderr)
	for _, args := range [][]string{{}, {"-from", "2026-01-05", "-to", "2026-02-11"}, {"-from", "2206-01-01"}, {"-by", "month"}} {
		fromServer := run(t, dir, environment(srv), "report", append([]string{"-json", "-quiet"}, args...)...)
		fromMirror := run(t, dir, nil, "report", append([]string{"-json", "-quiet", "-mirror", "m.db"}, args...)...)
		assert.Equal(t, fromServer, outcome{fromMirror.stdout, fromMirror.stderr, fromMirror.status, fromServer.peak}, args)
	}
	out := run(t, dir, nil, "report", "-mirror", "m.db", "-last", "7d")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "pmpsmart report: from the mirror of "+srv.URL)

	out = run(t, dir, nil, "report", "-mirror", "none.db")
	assert.Equal(t, 2, out.status)
	refused(t, out, "none.db")
	out = run(t, dir, environment(srv), "mirror", "-db", "orders.db", "-kinds", "orders")
	require.Zero(t, out.status, out.stderr)
	out = run(t, dir, nil, "report", "-mirror", "orders.db")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, "Orders by day and status")
	assert.NotContains(t, out.stdout, "Visits by")
	assert.Contains(t, out.stderr, "the visits are missing: the mirror has not read them to the end; run pmpsmart mirror")
}
