package main_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// table reads a CSV file: its heads and its rows.
func table(t *testing.T, elem ...string) (heads []string, rows [][]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(read(t, elem...))).ReadAll()
	require.NoError(t, err)
	return all[0], all[1:]
}

// orderRows are the rows that an export of orders should have.
func orderRows(orders []pmpsmart.Order) (rows [][]string) {
	wib := time.FixedZone("WIB", 7*3600)
	for _, o := range orders {
		rows = append(rows, []string{
			strconv.FormatInt(o.ID, 10), o.Code, string(o.Status), o.Date.String(), strconv.FormatInt(o.UserID, 10),
			strconv.FormatInt(o.OutletID, 10), o.CreatedAt.In(wib).Format(time.RFC3339), o.UpdatedAt.In(wib).Format(time.RFC3339),
			string(o.Extra.Get("total")),
		})
	}
	return rows
}

func TestExportWritesCSV(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated)), t.TempDir()
	out := run(t, dir, environment(srv), "export", "-extra", "total")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "240 orders in orders.csv (")
	heads, rows := table(t, dir, "orders.csv")
	assert.Equal(t, []string{"id", "kode_order", "status", "date_order", "user_id", "outlet_id", "created_at", "updated_at", "total"}, heads)
	assert.Equal(t, orderRows(srv.Orders()), rows)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "orders.csv")}, files, "nothing else is left behind")
}

func TestExportWritesJSONLines(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	out := run(t, dir, environment(srv), "export", "-json", "-o", "orders.jsonl")
	require.Zero(t, out.status, out.stderr)
	var result struct{ Records, Bytes int64 }
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &result))
	text := read(t, dir, "orders.jsonl")
	assert.EqualValues(t, 240, result.Records)
	assert.EqualValues(t, len(text), result.Bytes)
	want := srv.Orders()
	for i, line := range lines(text) {
		var order pmpsmart.Order
		require.NoError(t, json.Unmarshal([]byte(line), &order))
		assert.Regexp(t, `"created_at":"[^"]*\+07:00","updated_at":"[^"]*\+07:00"`, line, "WIB, as in CSV")
		wib := time.FixedZone("WIB", 7*3600)
		want[i].CreatedAt, want[i].UpdatedAt = want[i].CreatedAt.In(wib), want[i].UpdatedAt.In(wib)
		order.CreatedAt, order.UpdatedAt = order.CreatedAt.In(wib), order.UpdatedAt.In(wib)
		expected, err := json.Marshal(want[i])
		require.NoError(t, err)
		got, err := json.Marshal(order)
		require.NoError(t, err)
		require.JSONEq(t, string(expected), string(got))
	}
}

func TestExportFilters(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	in := func(from, to string) func(pmpsmart.Order) bool {
		return func(o pmpsmart.Order) bool { return o.Date.String() >= from && o.Date.String() <= to }
	}
	for _, c := range []struct {
		args []string
		want func(pmpsmart.Order) bool
	}{
		{[]string{"-status", "pending"}, func(o pmpsmart.Order) bool { return o.Status == pmpsmart.OrderPending }},
		{[]string{"-user", "3", "-outlet", "25"}, func(o pmpsmart.Order) bool { return o.UserID == 3 && o.OutletID == 25 }},
		{[]string{"-date", "2026-02-02"}, in("2026-02-02", "2026-02-02")},
		{[]string{"-from", "2026-01-30", "-to", "2026-02-02"}, in("2026-01-30", "2026-02-02")},
		{[]string{"-status", "lunas", "-any-status"}, func(pmpsmart.Order) bool { return false }},
	} {
		out := run(t, dir, environment(srv), "export", append(c.args, "-extra", "total")...)
		require.Zero(t, out.status, out.stderr)
		var want []pmpsmart.Order
		for _, o := range srv.Orders() {
			if c.want(o) {
				want = append(want, o)
			}
		}
		_, rows := table(t, dir, "orders.csv")
		assert.ElementsMatch(t, orderRows(want), rows, "%v", c.args)
	}
}

// What a spreadsheet would run as a formula gets an apostrophe; -raw leaves it.
func TestExportDisarmsFormulas(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithEmpty()), t.TempDir()
	var extra pmpsmart.Extra
	require.NoError(t, json.Unmarshal([]byte(`{"note": "@SUM(1)\nsecond line", "total": -5000, "tags": ["a", "b"], "user_id": "abc", "memo": null}`), &extra))
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{Code: `=HYPERLINK("http://evil.example";"x")`, Status: "open", Extra: extra}})
	args := []string{"-extra", "note, total,tags,memo", "-separator", ";"}
	for _, raw := range []bool{false, true} {
		apostrophe := "'"
		if raw {
			args, apostrophe = append(args, "-raw"), ""
		}
		out := run(t, dir, environment(srv), "export", args...)
		require.Zero(t, out.status, out.stderr)
		in := csv.NewReader(strings.NewReader(read(t, dir, "orders.csv")))
		in.Comma = ';'
		rows, err := in.ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		row := rows[1]
		row[6], row[7] = "", ""
		assert.Equal(t, []string{"1", apostrophe + `=HYPERLINK("http://evil.example";"x")`, "open", "", "abc", "", "", "",
			apostrophe + "@SUM(1)\nsecond line", "-5000", `["a", "b"]`, ""}, row)
	}
}

func TestExportStopsOnCtrlCAndGoesOn(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated)), t.TempDir()
	env, sixth := newGate(t, srv, "order", 6)
	p := start(t, dir, env, nil, "export", "-extra", "total")
	p.until("the sixth page is waited for", isClosed(sixth))
	out := p.signal(os.Interrupt)
	assert.Equal(t, 130, out.status)
	assert.Empty(t, out.stdout)
	assert.Regexp(t, `pmpsmart export: stopped: \d+ orders are in orders.csv.partial; -resume goes on from there\n$`, out.stderr)
	assert.NoFileExists(t, filepath.Join(dir, "orders.csv"))

	other := run(t, dir, env, "export", "-resume", "-status", "open", "-quiet")
	refused(t, other, "can't resume: orders.csv.partial is of another export")

	out = run(t, dir, env, "export", "-resume", "-extra", "total")
	require.Zero(t, out.status, out.stderr)
	assert.Regexp(t, `^240 orders in orders.csv .*, \d+ of them from before`, out.stdout)
	_, rows := table(t, dir, "orders.csv")
	assert.Equal(t, orderRows(srv.Orders()), rows)
}

// A killed run leaves rows after the checkpoint, the last of them torn.
func TestExportGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	slow := make([]pmpsmarttest.Fault, 100)
	for i := range slow {
		slow[i] = pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultDelay, Wait: 50 * time.Millisecond}
	}
	srv := newServer(t, pmpsmarttest.WithSeed(2000), pmpsmarttest.WithStyle(pmpsmarttest.Paginated),
		pmpsmarttest.WithPerPage(20), pmpsmarttest.WithFaults(slow...))
	dir := t.TempDir()
	p := start(t, dir, environment(srv), nil, "export", "-extra", "total", "-parallel", "1")
	checkpoint := filepath.Join(dir, "orders.csv.partial.json")
	p.until("there is a checkpoint", func() bool { return holds(checkpoint, `"page_ids": "`) && !holds(checkpoint, `"page_ids": ""`) })
	assert.Equal(t, -1, p.signal(os.Kill).status)
	partial := filepath.Join(dir, "orders.csv.partial")
	torn := read(t, partial) + `{"id":1999,"kode_order":"PMP-00`
	require.NoError(t, os.WriteFile(partial, []byte(torn), 0o600))

	out := run(t, dir, environment(srv), "export", "-extra", "total", "-resume")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "pmpsmart export: going on after ")
	_, rows := table(t, dir, "orders.csv")
	assert.Equal(t, orderRows(srv.Orders()), rows)
}

// Days that are complete are not asked for again.
func TestExportResumesByDays(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	env, fifth := newGate(t, srv, "order", 5)
	args := []string{"-extra", "total", "-from", "2026-01-01", "-to", "2026-01-10", "-resume", "-parallel", "1"}
	p := start(t, dir, env, nil, "export", args...)
	p.until("the fifth day is waited for", isClosed(fifth))
	assert.Equal(t, 130, p.signal(os.Interrupt).status)

	out := run(t, dir, env, "export", args...)
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, 10, answered(srv, "ListOrders"), "each day once")
	_, rows := table(t, dir, "orders.csv")
	assert.Len(t, rows, 60)
}

func TestExportDoesNotTrustAChangedFile(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated)), t.TempDir()
	env, sixth := newGate(t, srv, "order", 6)
	p := start(t, dir, env, nil, "export")
	p.until("the sixth page is waited for", isClosed(sixth))

	busy := run(t, dir, env, "export", "-quiet")
	endedAs(t, 1, busy, "another run is at work on orders.csv.partial")

	require.Equal(t, 130, p.signal(os.Interrupt).status)
	partial := filepath.Join(dir, "orders.csv.partial")
	checkpoint := read(t, partial+".json")
	changed := strings.Replace(read(t, partial), "complete", "cancel__", 1)
	require.NoError(t, os.WriteFile(partial, []byte(changed), 0o600))
	out := run(t, dir, env, "export", "-resume", "-quiet")
	refused(t, out, "orders.csv.partial is not the file that its checkpoint tells of; with -restart the export begins anew")

	out = run(t, dir, env, "export", "-restart")
	assert.Zero(t, out.status, out.stderr)
	_, rows := table(t, dir, "orders.csv")
	assert.Len(t, rows, 240)

	// A checkpoint without a file is of a run that was done.
	require.NoError(t, os.WriteFile(partial+".json", []byte(checkpoint), 0o600))
	out = run(t, dir, env, "export", "-resume")
	assert.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "240 orders in orders.csv")
	assert.NoFileExists(t, partial+".json")
}

// cuts makes so many lists of orders break off.
func cuts(n int) (faults []pmpsmarttest.Fault) {
	for range n {
		faults = append(faults, pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultCut, Bytes: 20_000})
	}
	return faults
}

// A list that breaks off is read again; one that does so each time is an error that keeps
// what came.
func TestExportKeepsWhatABrokenListGave(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t, pmpsmarttest.WithFaults(cuts(3)...)), t.TempDir()
	out := run(t, dir, environment(srv), "export", "-o", "orders.jsonl")
	require.Zero(t, out.status, out.stderr)
	assert.Len(t, lines(read(t, dir, "orders.jsonl")), 240)
	require.NoError(t, os.Remove(filepath.Join(dir, "orders.jsonl")))

	srv.Fail(cuts(4)...)
	out = run(t, dir, environment(srv), "export", "-o", "orders.jsonl")
	assert.Equal(t, 4, out.status)
	assert.Regexp(t, `export: orders: after \d+ records: .*; \d+ orders are in orders.jsonl.partial; the server can't be asked for the rest alone, and -resume reads the list anew\n`, out.stderr)
	left := read(t, dir, "orders.jsonl.partial")
	assert.Greater(t, len(lines(left)), 50)

	srv.Down(0) // a run that gets nothing leaves it as it was
	out = run(t, dir, environment(srv), "export", "-o", "orders.jsonl", "-resume", "-patience", "0")
	assert.Equal(t, 4, out.status)
	assert.Equal(t, left, read(t, dir, "orders.jsonl.partial"))
	srv.Up()

	out = run(t, dir, environment(srv), "export", "-o", "orders.jsonl", "-resume")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "the server can't be asked for the rest of the list: it is read anew\n")
	assert.Len(t, lines(read(t, dir, "orders.jsonl")), 240)
	assert.NoFileExists(t, filepath.Join(dir, "orders.jsonl.partial"))
	assert.NoFileExists(t, filepath.Join(dir, "orders.jsonl.partial.json"))
}

// Memory does not grow with the orders. The test is not parallel: to Linux the peak of a
// process is at least the memory that its parent has when it starts it.
func TestExportIsFlatInMemory(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("takes a while, and the race detector takes memory of its own")
	}
	srv, dir := newServer(t, pmpsmarttest.WithSeed(200_000)), t.TempDir()
	out := run(t, dir, environment(srv), "export", "-extra", "total")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "200,000 orders in orders.csv")
	assert.Less(t, out.peak, int64(64<<20), "bytes at the peak")
	t.Logf("200,000 orders at a peak of %d MiB: %s", out.peak>>20, out.stdout)
}
