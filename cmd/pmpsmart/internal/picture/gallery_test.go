package picture

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var english = Words{
	Months:      [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	ShortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	Number:      func(n int64) string { return grouped(n, ",") },
	Others:      func(n int) string { return fmt.Sprintf("%d other statuses", n) },
}

var indonesian = Words{
	Months:      [12]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	ShortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"},
	Number:      func(n int64) string { return grouped(n, ".") },
	Others:      func(n int) string { return fmt.Sprintf("%d status lain", n) },
}

func grouped(n int64, separator string) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func statuses(names ...string) (series []Series) {
	for i, name := range names {
		series = append(series, Series{name, i})
	}
	return series
}

// wavy has counts for each day, of a wave for each series, with holes.
func wavy(from, to time.Time, series int, height float64) (days []Count) {
	for i, day := 0, from; !day.After(to); i, day = i+1, day.AddDate(0, 0, 1) {
		if i%11 == 4 || i%17 == 8 {
			continue
		}
		counts := make([]int64, series)
		for j := range counts {
			counts[j] = int64(height * (1.2 + math.Sin(float64(i)/(7+float64(j)))) / float64(j+1))
		}
		days = append(days, Count{day, counts})
	}
	return days
}

var four = statuses("complete", "pending", "open", "cancel")

func timeline(from, to time.Time, by Period, series []Series, height float64) Timeline {
	return Timeline{
		Title: "Orders by day and status", Subtitle: english.Span(from, to), Unit: "Orders", Axis: "Day of the order",
		From: from, To: to, By: by, Series: series, Days: wavy(from, to, len(series), height),
		Empty: "No orders from " + english.Date(from) + " to " + english.Date(to),
	}
}

// gallery are pictures of all kinds.
var gallery = sync.OnceValue(paintAll)

func paintAll() map[string]*Picture {
	paint := NewPainter(english)
	with := func(t Timeline, change func(*Timeline)) Timeline { change(&t); return t }
	dozen := statuses("complete", "pending", "open", "cancel", "retur", "dikirim", "menunggu pembayaran", "退貨", "ملغى", "부분 배송", "इंतज़ार", "(none)")
	many := statuses(strings.Split(strings.Repeat("status ", 20), " ")[:20]...)
	for i := range many {
		many[i].Name += fmt.Sprint(" ", i)
	}
	winter, february, newYear := date(2025, 12, 29), date(2026, 2, 9), date(2026, 1, 1)
	people := []Row{
		{"Ferryanto", "3", 120}, {"陳大文 (台北)", "4", 90}, {"高橋はなこ", "5", 85}, {"김민수", "6", 80}, {"محمد عبد الله", "7", 70}, {"שרה לוי", "8", 60},
		{"สมชาย ใจดี", "9", 55}, {"राजेश शर्मा", "10", 50}, {"Toko 🏪 Maju 👍🏽 👨‍👩‍👧‍👦", "11", 45}, {"Budi", "12", 40}, {"Budi", "13", 39}, {"محمد", "24", 38}, {"محمد", "25", 38},
		{"<script>\x1b[31m & Co", "14", 30}, {"Siti Nurhaliza binti Tarudin, a salesperson of a very long name indeed, longer than any column", "15", 20},
		{"Владимир Ζορμπάς Nguyễn Văn Đạt", "16", 10}, {"འབྲུག ক্ষিতি தமிழ் ꦗꦮ", "17", 1}, {"Nobody", "18", 0},
	}
	huge := []Row{{"Siti", "1", math.MaxInt64}, {"Budi", "2", 1}}
	all := map[string]*Picture{
		"days":     paint.Timeline(timeline(winter, february, Day, four, 4)),
		"weeks":    paint.Timeline(timeline(winter, date(2026, 11, 9), Week, four, 40)),
		"months":   paint.Timeline(timeline(winter, date(2027, 11, 9), Month, four, 400)),
		"month":    paint.Timeline(timeline(date(2026, 2, 1), date(2026, 2, 28), Day, four, 12)),
		"year":     paint.Timeline(timeline(newYear, date(2026, 12, 31), Day, four, 40)),
		"days2000": paint.Timeline(timeline(date(2021, 3, 1), date(2026, 8, 21), Day, four, 40)),
		"years":    paint.Timeline(timeline(date(1988, 3, 1), date(2026, 8, 21), Day, four, 40)),
		"centuries": paint.Timeline(with(timeline(date(1, 1, 1), date(9999, 12, 31), Day, nil, 1), func(t *Timeline) {
			t.Series, t.Days = four, []Count{{february, []int64{1, 2, 3, 4}}, {date(9, 1, 1), []int64{1, 2, 3, 4}}}
		})),
		"one":     paint.Timeline(timeline(february, february, Day, four, 4)),
		"two":     paint.Timeline(timeline(date(2025, 12, 31), newYear, Day, four, 4000000)),
		"nothing": paint.Timeline(with(timeline(newYear, february, Day, nil, 4), func(t *Timeline) { t.Notes = []string{"3 orders without a date are not in the picture."} })),
		"gap": paint.Timeline(with(timeline(newYear, date(2026, 2, 28), Day, four, 4), func(t *Timeline) {
			t.Days = []Count{{date(2026, 1, 12), []int64{1, 0, 2, 0}}, {date(2026, 2, 2), []int64{0, 5, 2, 1}}, {date(2026, 2, 3), []int64{0, 1, 0, 0}}}
		})),
		"huge": paint.Timeline(with(timeline(newYear, date(2026, 1, 20), Day, four, 4), func(t *Timeline) {
			t.Days = []Count{{date(2026, 1, 12), []int64{math.MaxInt64, 5, 2, 0}}, {date(2026, 1, 2), []int64{0, 1, 0, 0}}}
		})),
		"dozen":   paint.Timeline(timeline(newYear, date(2026, 1, 20), Day, dozen, 40)),
		"twenty":  paint.Timeline(with(timeline(newYear, february, Day, many, 40), func(t *Timeline) { t.Notes = []string{strings.Repeat("A note that is long. ", 20)} })),
		"people":  paint.Ranking(Ranking{Title: "Visits by salesperson", Subtitle: english.Span(newYear, february), Rows: people, Notes: []string{"The 18 busiest of 1,234 salespeople."}}),
		"nobody":  paint.Ranking(Ranking{Title: "Visits by salesperson", Empty: "No salespeople"}),
		"hugerow": paint.Ranking(Ranking{Title: "Visits", Rows: huge}),
	}
	t := timeline(winter, february, Day, four, 4000)
	t.Title, t.Subtitle, t.Unit, t.Axis = "Order per hari dan status", indonesian.Span(winter, february), "Order", "Tanggal order"
	all["indonesian"] = NewPainter(indonesian).Timeline(t)
	all["joined"] = Join(all["days"], all["people"])
	return all
}

// Each picture can be drawn. PMPSMART_PICTURES names a folder to look at them in.
func TestGallery(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PMPSMART_PICTURES")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, p := range gallery() {
		for _, format := range []Format{PNG, SVG} {
			file, err := os.Create(filepath.Join(dir, name+"."+string(format)))
			require.NoError(t, err)
			require.NoError(t, p.Write(file, format))
			require.NoError(t, file.Close())
		}
	}
}
