package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// sheetCSV is CSV for programs.
var sheetCSV = sheet.WriteOptions{Format: sheet.CSV}

var now = time.Date(2026, time.February, 9, 20, 0, 0, 0, pmpsmart.WIB)

func day(year int, month time.Month, day int) pmpsmart.Date {
	return pmpsmart.NewDate(year, month, day)
}

// A fake is a source of what it holds. A list with an error ends in it.
type fake struct {
	orders     []pmpsmart.Order
	visits     []pmpsmart.Visit
	people     []pmpsmart.User
	ordersErr  error
	visitsErr  error
	peopleErr  error
	visitsRead bool
}

func listOf[T any](records []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

func (f *fake) Orders(context.Context, tool.Range) iter.Seq2[pmpsmart.Order, error] {
	return listOf(f.orders, f.ordersErr)
}

func (f *fake) Visits(context.Context, tool.Range) iter.Seq2[pmpsmart.Visit, error] {
	f.visitsRead = true
	return listOf(f.visits, f.visitsErr)
}

func (f *fake) Salespeople(context.Context) iter.Seq2[pmpsmart.User, error] {
	return listOf(f.people, f.peopleErr)
}

func (f *fake) Close() error { return nil }

// count makes a report of what a source holds.
func count(t *testing.T, f *fake, asked tool.Range) *report {
	t.Helper()
	r := newReport("day", asked, now)
	require.NoError(t, r.gather(t.Context(), f, nil))
	return r
}

func order(id int64, status pmpsmart.OrderStatus, date pmpsmart.Date) pmpsmart.Order {
	return pmpsmart.Order{ID: id, Code: fmt.Sprintf("SO-%d", id), Status: status, Date: date}
}

func TestDaysAreThoseOfWIB(t *testing.T) {
	t.Parallel()
	f := &fake{
		orders: []pmpsmart.Order{
			{ID: 1, Status: "open", CreatedAt: time.Date(2026, 2, 1, 16, 59, 59, 0, time.UTC)}, // 1 February in WIB
			{ID: 2, Status: "open", CreatedAt: time.Date(2026, 2, 1, 17, 0, 0, 0, time.UTC)},   // the 2nd
			{ID: 3, Status: "open", CreatedAt: time.Date(2026, 2, 3, 16, 59, 59, 0, time.UTC)}, // the 3rd
			{ID: 4, Status: "open", CreatedAt: time.Date(2026, 2, 3, 17, 0, 0, 0, time.UTC)},   // the 4th
			order(5, "open", day(2026, 2, 2)), order(6, "open", day(2026, 2, 3)),
		},
		visits: []pmpsmart.Visit{
			{ID: 1, UserID: 1, CreatedAt: time.Date(2026, 2, 1, 16, 59, 59, 0, time.UTC)}, {ID: 2, UserID: 1, CreatedAt: time.Date(2026, 2, 1, 17, 0, 0, 0, time.UTC)},
			{ID: 3, UserID: 1, CreatedAt: time.Date(2026, 2, 3, 16, 59, 59, 0, time.UTC)}, {ID: 4, UserID: 1, CreatedAt: time.Date(2026, 2, 3, 17, 0, 0, 0, time.UTC)},
		},
	}
	out := count(t, f, tool.Range{From: day(2026, 2, 2), To: day(2026, 2, 3)}).result(nil)
	assert.Equal(t, []periodCount{
		{"2026-02-02", "2026-02-02", 2, map[pmpsmart.OrderStatus]int64{"open": 2}},
		{"2026-02-03", "2026-02-03", 2, map[pmpsmart.OrderStatus]int64{"open": 2}},
	}, out.Orders)
	assert.Equal(t, int64(2), out.TotalVisits)
	assert.Equal(t, dates{"2026-02-02", "2026-02-03"}, out.Range)
}

// The whole range that was asked for is there, and no list or object is null.
func TestRangeThatWasAsked(t *testing.T) {
	t.Parallel()
	f := &fake{orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4))}}
	r := count(t, f, tool.Range{From: day(2026, 2, 2), To: day(2026, 2, 6)})
	out := r.result(nil)
	require.Len(t, out.Orders, 5)
	assert.Equal(t, dates{"2026-02-02", "2026-02-06"}, out.Range)
	assert.NotContains(t, marshal(t, out), "null")
	assert.Contains(t, marshal(t, out), `{"start":"2026-02-02","end":"2026-02-02","orders":0,"statuses":{}}`)
	assert.Contains(t, r.text(lang.English), "Orders by day and status, 2026-02-02 to 2026-02-06\n\nday         open  all\n2026-02-02     0    0\n")

	out = count(t, &fake{}, tool.Range{}).result(nil)
	assert.NotContains(t, marshal(t, out), "null")
	assert.Empty(t, out.Orders)
	out = count(t, f, tool.Range{From: day(2026, 2, 3)}).result(nil)
	assert.Equal(t, dates{"2026-02-03", "2026-02-04"}, out.Range, "an open end is the last order's")
	assert.Equal(t, dates{"2026-02-03", ""}, out.Asked)
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// Whatever the flags, undated visits are counted apart, and said.
func TestUndatedAreCountedAlike(t *testing.T) {
	t.Parallel()
	f := &fake{
		orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4)), {ID: 2, Status: "open"}, {ID: 3, Status: "complete"}},
		people: []pmpsmart.User{{ID: 1, Name: "Ani"}},
		visits: []pmpsmart.Visit{{ID: 1, UserID: 1}, {ID: 2, UserID: 1, CreatedAt: now}, {ID: 3, UserID: 2, Name: "Budi"}},
	}
	for _, asked := range []tool.Range{{}, {From: day(2026, 2, 1)}, {To: day(2026, 2, 9)}, {From: day(2026, 2, 1), To: day(2026, 2, 9)}, {From: day(2000, 1, 1), To: day(2100, 1, 1)}} {
		r := count(t, f, asked)
		out := r.result(nil)
		assert.Equal(t, []visitCount{{1, "Ani", 1, 1}, {2, "Budi", 0, 1}}, out.Visits, "%v", asked)
		assert.Equal(t, int64(2), out.UndatedVisits)
		assert.Equal(t, int64(2), out.UndatedOrders)
		assert.Equal(t, int64(1), out.Total)
		text := r.text(lang.English)
		assert.Contains(t, text, "Without a date, and not in the table: 2 orders.")
		assert.Contains(t, text, "salesperson  visits  without a date\nAni               1               1\nBudi              0               1\n")
		assert.Empty(t, r.problems())
	}
}

// What can't be of its day is left out and named by its code.
func TestOutOfRange(t *testing.T) {
	t.Parallel()
	f := &fake{
		orders: []pmpsmart.Order{
			order(1, "open", day(2206, 2, 4)), order(2, "open", day(2026, 2, 4)), order(3, "open", day(26, 2, 4)), {ID: 4, Status: "open", Date: day(2028, 1, 1)},
			order(5, "open", day(2000, 1, 1)), order(6, "open", day(2027, 2, 10)), order(7, "open", day(1999, 12, 31)), order(8, "open", day(2027, 2, 11)),
		},
		visits: []pmpsmart.Visit{{ID: 9, UserID: 1, CreatedAt: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)}, {ID: 10, UserID: 1, CreatedAt: now}},
	}
	r := count(t, f, tool.Range{})
	out := r.result(nil)
	assert.Equal(t, int64(4), out.Total)
	assert.Equal(t, int64(1), out.TotalVisits)
	assert.Equal(t, dates{"1999-12-31", "2027-02-10"}, out.Range)
	assert.Len(t, out.OutOfRange, 5)
	assert.Contains(t, marshal(t, out), `"out_of_range":[{"kind":"order","id":1,"code":"SO-1","date":"2206-02-04"},`)
	problems := r.problems()
	require.Len(t, problems, 2)
	assert.EqualError(t, problems[0], "4 orders left out, of a day that can't be (-from and -to can ask for it): SO-1 (2206-02-04), id 4 (2028-01-01), SO-8 (2027-02-11), SO-3 (0026-02-04)")
	assert.EqualError(t, problems[1], "1 visit left out, of a day that can't be (-from and -to can ask for it): id 9 (1970-01-01)")

	r = count(t, f, tool.Range{From: day(2206, 1, 1), To: day(2206, 12, 31)})
	assert.Equal(t, int64(1), r.result(nil).Total, "it was asked for")
	assert.Empty(t, r.problems())
	r = count(t, f, tool.Range{From: day(2026, 1, 1)})
	require.Len(t, r.problems(), 1)
	assert.Contains(t, r.problems()[0].Error(), "3 orders left out")
	assert.NotContains(t, r.problems()[0].Error(), "SO-3", "not of the days that were asked for")
}

// A list that really goes far back is whole.
func TestLongPast(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for year := 1926; year <= 2026; year++ {
		f.orders = append(f.orders, order(int64(year), "open", day(year, 1, 1)))
	}
	assert.Equal(t, int64(101), count(t, f, tool.Range{}).result(nil).Total)
	for i := range int64(25) {
		f.orders = append(f.orders, order(i+1, "open", day(26, 1, 1)))
	}
	r := count(t, f, tool.Range{})
	assert.Equal(t, int64(101), r.result(nil).Total)
	require.Len(t, r.problems(), 1)
	assert.True(t, strings.HasPrefix(r.problems()[0].Error(), "25 orders left out, "), r.problems()[0])
	assert.True(t, strings.HasSuffix(r.problems()[0].Error(), ", SO-10 (0026-01-01) and 15 more"), r.problems()[0])
}

// A record that is listed twice counts once; one that differs is told.
func TestListedTwice(t *testing.T) {
	t.Parallel()
	f := &fake{
		orders: []pmpsmart.Order{
			order(1, "open", day(2026, 2, 4)), order(2, "open", day(2026, 2, 4)), order(1, "open", day(2026, 2, 4)), order(2, "complete", day(2026, 2, 4)),
			{Code: "a", Status: "open", Date: day(2026, 2, 4)}, {Code: "b", Status: "open", Date: day(2026, 2, 4)}, // no ids
			{Code: "a", Status: "open", Date: day(2026, 2, 4)},
		},
		visits: []pmpsmart.Visit{{ID: 1, UserID: 1, CreatedAt: now}, {ID: 1, UserID: 1, CreatedAt: now}, {ID: 1, UserID: 2, CreatedAt: now}},
	}
	r := count(t, f, tool.Range{})
	out := r.result(nil)
	assert.Equal(t, map[pmpsmart.OrderStatus]int64{"open": 4}, out.Totals)
	assert.Equal(t, int64(1), out.TotalVisits)
	assert.Equal(t, []find{{Kind: "order", ID: 2, Code: "SO-2"}, {Kind: "visit", ID: 1}}, out.Conflicts)
	require.Len(t, r.problems(), 2)
	assert.EqualError(t, r.problems()[0], "the server listed 1 order again with other content; the first is counted: SO-2")
}

// People of one name are told apart by their ids.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	f := &fake{
		people: []pmpsmart.User{{ID: 1, Name: "Budi"}, {ID: 2, Name: "Budi"}, {ID: 3, Name: "Ani"}, {ID: 4, Name: " "}},
		visits: []pmpsmart.Visit{{ID: 1, UserID: 2, Name: "Budi", CreatedAt: now}, {ID: 2, Name: "Budi", CreatedAt: now}, {ID: 3, UserID: 9, CreatedAt: now}},
	}
	text := count(t, f, tool.Range{}).text(lang.English)
	for _, line := range []string{"Budi (id 1)       0\n", "Budi (id 2)       1\n", "Budi              1\n", "Ani               0\n", "user 9            1\n", "user 4            0\n"} {
		assert.Contains(t, text, line)
	}
}

func forbidden() error {
	return &pmpsmart.APIError{Op: "ListSalesUsers", HTTPStatus: http.StatusForbidden}
}

func down() error {
	return &pmpsmart.APIError{Op: "ListVisits", HTTPStatus: http.StatusServiceUnavailable}
}

// A list that can't be read costs no numbers of the others.
func TestListsThatFail(t *testing.T) {
	t.Parallel()
	full := fake{
		orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4))}, people: []pmpsmart.User{{ID: 1, Name: "Ani"}},
		visits: []pmpsmart.Visit{{ID: 1, UserID: 2, Name: "Budi", CreatedAt: now}},
	}
	f := full
	f.peopleErr = forbidden()
	r := count(t, &f, tool.Range{})
	assert.Equal(t, int64(1), r.result(nil).Total)
	assert.Equal(t, []visitCount{{2, "Budi", 1, 0}}, r.result(nil).Visits, "half a list of people is none")
	assert.Equal(t, []string{"salespeople"}, r.result(nil).Missing)
	require.Len(t, r.problems(), 1)
	assert.NotErrorIs(t, r.problems()[0], pmpsmart.ErrForbidden, "the report was made: status 1")
	assert.Contains(t, r.problems()[0].Error(), "403")

	f = full
	f.ordersErr = forbidden()
	r = count(t, &f, tool.Range{From: day(2026, 2, 1), To: day(2026, 2, 9)})
	assert.Zero(t, r.result(nil).Total, "half a list is no number")
	assert.Empty(t, r.result(nil).Orders)
	assert.NotContains(t, r.text(lang.English), "Orders by")
	assert.Contains(t, r.text(lang.English), "Budi")

	f = full
	f.visitsErr = down()
	r = count(t, &f, tool.Range{})
	assert.Contains(t, r.text(lang.English), "2026-02-04")
	assert.NotContains(t, r.text(lang.English), "Visits by")
	require.Len(t, r.problems(), 1)
	assert.ErrorIs(t, r.problems()[0], pmpsmart.ErrMaintenance, "run it again: status 4")

	f = full
	f.ordersErr, f.peopleErr, f.visitsErr = forbidden(), forbidden(), forbidden()
	require.ErrorIs(t, newReport("day", tool.Range{}, now).gather(t.Context(), &f, nil), pmpsmart.ErrForbidden)
	f = full
	f.ordersErr = down()
	require.ErrorIs(t, newReport("day", tool.Range{}, now).gather(t.Context(), &f, nil), pmpsmart.ErrMaintenance)
	assert.False(t, f.visitsRead, "nobody waits twice for a server that is away")
}

// A range of ten thousand years is not a table of millions of empty days.
func TestEndlessRange(t *testing.T) {
	t.Parallel()
	f := &fake{orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4)), order(2, "open", day(26, 2, 4))}}
	r := count(t, f, tool.Range{From: day(1, 1, 1), To: day(9999, 12, 31)})
	assert.Len(t, r.result(nil).Orders, 2)
	dir := t.TempDir()
	_, err := r.write(quiet(), []target{{dir, true, "png"}}, false)
	require.NoError(t, err)
}

func TestManyStatuses(t *testing.T) {
	t.Parallel()
	f := &fake{}
	for i := range int64(300) {
		f.orders = append(f.orders, order(i+1, pmpsmart.OrderStatus(fmt.Sprint("s", i%30)), day(2026, 2, 4)))
	}
	r := count(t, f, tool.Range{})
	assert.Contains(t, r.text(lang.English), "19 others  all\n")
	assert.Contains(t, r.text(lang.English), "       190  300\n")
	assert.Len(t, r.result(nil).Totals, 30)
	var table bytes.Buffer
	require.NoError(t, r.writeOrders(&table, sheetCSV))
	assert.Contains(t, table.String(), ",s9,all\n2026-02-04,0,0,0,0,10,")
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	f := &fake{
		orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4)), order(2, "all", day(2026, 2, 6)), order(3, "=1+1", day(2026, 2, 6)), order(4, "", day(2026, 2, 6))},
		people: []pmpsmart.User{{ID: 1, Name: "Budi; =1"}}, visits: []pmpsmart.Visit{{ID: 1, CreatedAt: now, Name: "陳大文"}},
	}
	r := count(t, f, tool.Range{})
	var table bytes.Buffer
	require.NoError(t, r.writeOrders(&table, sheetCSV))
	assert.Equal(t, "day,complete,pending,open,cancel,(none),'=1+1,all,(all)\n2026-02-04,0,0,1,0,0,0,0,1\n2026-02-05,0,0,0,0,0,0,0,0\n2026-02-06,0,0,0,0,1,1,1,3\n", table.String())
	table.Reset()
	require.NoError(t, r.writeVisits(&table, sheetCSV))
	assert.Equal(t, "user_id,name,visits,undated\n,陳大文,1,0\n1,\"Budi; =1\",0,0\n", table.String())
}

func quiet() *tool.Tool {
	return tool.New(tool.Environment{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Getenv: func(string) string { return "" }}, lang.English)
}

func TestTargets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	asked := tool.Range{From: day(2026, 2, 1), To: day(2026, 2, 7)}
	for _, test := range []struct {
		o    options
		want []target
		err  string
	}{
		{o: options{}, want: nil},
		{o: options{format: "png"}, want: []target{{".", true, "png"}}},
		{o: options{out: []string{"pictures"}}, want: []target{{"pictures", true, "svg"}}},
		{o: options{out: []string{"pictures.d/"}, format: "csv"}, want: []target{{"pictures.d/", true, "csv"}}},
		{o: options{out: []string{dir}}, want: []target{{dir, true, "svg"}}},
		{o: options{out: []string{"r-{date}.PNG", "{from}_{to}.csv"}}, want: []target{{"r-2026-02-09.PNG", false, "png"}, {"2026-02-01_2026-02-07.csv", false, "csv"}}},
		{o: options{out: []string{"r.xlsx"}, format: "xlsx"}, want: []target{{"r.xlsx", false, "xlsx"}}},
		{o: options{out: []string{"r.xlsx"}, format: "csv"}, err: "-o r.xlsx ends in .xlsx, and -format is csv; give one of them"},
		{o: options{out: []string{"-"}}, err: `-o "-" is no file; the tables go to the standard output anyway, and -json prints the numbers`},
		{o: options{format: "bmp"}, err: `-format is "bmp"; want svg, png, csv, xlsx or jsonl`},
		{o: options{out: []string{"r.png"}, excel: true}, err: "-excel is for numbers as CSV: -o report.csv, or -format csv"},
		{o: options{out: []string{"r.png", "r.csv"}, excel: true}, want: []target{{"r.png", false, "png"}, {"r.csv", false, "csv"}}},
	} {
		got, err := test.o.targets(asked, now)
		if test.err != "" {
			require.EqualError(t, err, test.err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, test.want, got)
	}
}

// Each file is written through a link, with the mode that was there.
func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(path("kept.png"), nil, 0o600))
	require.NoError(t, os.Symlink("kept.png", path("link.png")))
	r := count(t, &fake{orders: []pmpsmart.Order{order(1, "open", day(2026, 2, 4))}}, tool.Range{})
	written, err := r.write(quiet(), []target{
		{path("link.png"), false, "png"}, {path("no/r.csv"), false, "csv"}, {path("r.csv"), false, "csv"}, {path("r.xlsx"), false, "xlsx"}, {path("new/folder"), true, "svg"},
	}, false)
	require.EqualError(t, err, "there is no folder "+path("no"), "one that can't be written does not keep the others from it")
	assert.Equal(t, []string{
		path("link.png"), path("r.csv"), path("r-visits.csv"), path("r.xlsx"), path("r-visits.xlsx"),
		path("new/folder/orders-by-day.svg"), path("new/folder/visits-by-salesperson.svg"),
	}, written)
	link, err := os.Readlink(path("link.png"))
	require.NoError(t, err)
	assert.Equal(t, "kept.png", link)
	info, err := os.Stat(path("kept.png"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assert.NotZero(t, info.Size())
}

// In Indonesian all is: months, numbers and words.
func TestIndonesian(t *testing.T) {
	t.Parallel()
	f := &fake{visits: []pmpsmart.Visit{{ID: 1}}}
	for i := range int64(1234) {
		f.orders = append(f.orders, order(i+1, "open", day(2026, 8, 1)))
	}
	r := count(t, f, tool.Range{From: day(2026, 8, 1), To: day(2026, 8, 2)})
	text := r.text(lang.Indonesian)
	for _, want := range []string{"Order per hari dan status, 2026-08-01 sampai 2026-08-02", "hari ", "semua", "1.234", "tanpa tanggal", "kunjungan"} {
		assert.Contains(t, text, want)
	}
	var svg bytes.Buffer
	require.NoError(t, newPainter(lang.Indonesian, r).both().Write(&svg, "svg"))
	for _, want := range []string{"Agustus 2026", "1.234", "1 Agustus 2026 – 2 Agustus 2026", "Tanggal order", "Tanpa tanggal, dan tidak ada di gambar: 1 kunjungan.", "tanpa nama"} {
		assert.True(t, strings.Contains(svg.String(), want), want)
	}
	empty := count(t, &fake{}, tool.Range{From: day(2026, 8, 1), To: day(2026, 8, 2)})
	svg.Reset()
	require.NoError(t, newPainter(lang.Indonesian, empty).orders().Write(&svg, "svg"))
	assert.Contains(t, svg.String(), "Tidak ada order dari 1 Agustus 2026 sampai 2 Agustus 2026")
}

func TestPictureNotes(t *testing.T) {
	t.Parallel()
	f := &fake{orders: []pmpsmart.Order{order(1, "open", day(2020, 8, 1)), order(2, "open", day(2026, 1, 1)), {ID: 3}, order(4, "open", day(2206, 1, 1))}}
	for i := range int64(50) {
		f.people = append(f.people, pmpsmart.User{ID: i + 1, Name: strings.Repeat("x", int(i))})
	}
	r := count(t, f, tool.Range{})
	var svg bytes.Buffer
	require.NoError(t, newPainter(lang.English, r).both().Write(&svg, "svg"))
	for _, want := range []string{
		"A bar is a week: by day there would be too many.", "Week of the order, by its Monday", "Without a date, and not in the picture: 1 order.",
		"Left out, of a day that can&#39;t be: 1 order.", "The 40 busiest of 50 salespeople.", ">2020<", ">2025<", "1 August 2020 – 1 January 2026",
	} {
		assert.True(t, strings.Contains(svg.String(), want), want)
	}
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := newReport("day", tool.Range{}, now).gather(ctx, &fake{ordersErr: errors.New("cut")}, nil)
	assert.ErrorIs(t, err, context.Canceled)
}
