package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What was changed is changed back by the file that is written before the first change.
func TestOutletsUndoes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	before := codes(srv)
	dir, path := write(t, "codes.csv", "id,code\n1,OUT-002\n2,OUT-001\n3,00012\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "codes.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "pmpsmart outlets -apply codes.undo.csv takes the changes back")
	assert.Equal(t, "id,code,instead_of\n1,OUT-001,OUT-002\n2,OUT-002,OUT-001\n3,OUT-003,00012\n", read(t, dir, "codes.undo.csv"))
	require.NotEqual(t, before, codes(srv))

	out = run(t, dir, environment(srv), "outlets", "-apply", "codes.undo.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, before, codes(srv))

	require.NoError(t, os.WriteFile(path, []byte("id,code\n1,LAIN\n"), 0o600))
	require.Zero(t, run(t, dir, environment(srv), "outlets", "-apply", "codes.csv").status)
	assert.Equal(t, "id,code,instead_of\n1,OUT-001,OUT-002\n2,OUT-002,OUT-001\n3,OUT-003,00012\n", read(t, dir, "codes.undo.csv"), "an earlier one is kept")
	assert.Equal(t, "id,code,instead_of\n1,OUT-001,LAIN\n", read(t, dir, "codes.undo-2.csv"))
}

// The undo file is there when the program is killed in the middle.
func TestOutletsUndoesAfterAKill(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	before := codes(srv)
	env, third := newGate(t, srv, "master/outlet/update", 3)
	dir, path := write(t, "codes.csv", "id,code\n1,A\n2,B\n3,C\n4,D\n")
	p := start(t, dir, env, nil, "outlets", "-apply", path)
	p.until("two are changed", isClosed(third))
	p.signal(os.Kill)
	require.NotEqual(t, before, codes(srv))
	require.Zero(t, run(t, dir, environment(srv), "outlets", "-apply", "codes.undo.csv").status)
	assert.Equal(t, before, codes(srv))
}

// A plan that was saved is what is applied, and what has changed since is refused.
func TestOutletsAppliesAPlan(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "codes.csv", "id,code\n1,A\n2,B\n3,OUT-003\n")
	out := run(t, dir, environment(srv), "outlets", "-save-plan", "plan.json", "codes.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stdout, "2 to update, 1 right already, 0 refused; the plan is in plan.json: run with -apply -plan plan.json to do it")

	require.NoError(t, os.WriteFile(path, []byte("id,code\n1,X\n50,Y\n"), 0o600), "the file is another one now")
	client := srv.Client()
	_, err := client.UpdateOutletCode(t.Context(), 2, "LAIN")
	require.NoError(t, err)
	out = run(t, dir, environment(srv), "outlets", "-quiet", "-apply", "-plan", "plan.json")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, `line 3, id 2: changed since the plan: the server has "LAIN" in place of "OUT-002"`)
	assert.Equal(t, "1 updated, 0 right already, 1 refused\n", out.stdout)
	assert.Equal(t, "A", codes(srv)[1])
	assert.Equal(t, "LAIN", codes(srv)[2])
	assert.Equal(t, "OUT-050", codes(srv)[50])

	other := newServer(t)
	refused(t, run(t, dir, environment(other), "outlets", "-quiet", "-apply", "-plan", "plan.json"), "plan.json is a plan for "+srv.URL)
	refused(t, run(t, dir, environment(srv), "outlets", "-quiet", "-apply", "-plan", "codes.csv"), "codes.csv is no plan that -save-plan has written")
	refused(t, run(t, dir, environment(srv), "orders", "set-status", "-quiet", "-apply", "-plan", "plan.json"), "plan.json is a plan of pmpsmart outlets")
}

// Each row has a result, and the rows that were refused can be put right and read again.
func TestOutletsWritesResultsAndRejects(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, _ := write(t, "codes.csv", "Nama Toko;ID Outlet;Kode\nToko \"Maju\";1;A\nToko Mundur;9999;B\nToko Lain;2;1,23E+12\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "-results", "results.jsonl", "-rejects", "rejects.csv", "codes.csv")
	assert.Equal(t, 1, out.status)
	var results []map[string]any
	for _, line := range lines(read(t, dir, "results.jsonl")) {
		var row map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &row))
		results = append(results, row)
	}
	require.Len(t, results, 3)
	assert.Equal(t, "updated", results[0]["state"])
	assert.Equal(t, "refused", results[1]["state"])
	assert.Equal(t, "the server knows no outlet of this id", results[1]["problem"])
	assert.Contains(t, results[2]["problem"], "1,23E+12")

	rejects := read(t, dir, "rejects.csv")
	assert.Len(t, lines(rejects), 3)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rejects.csv"), []byte(strings.ReplaceAll(strings.ReplaceAll(rejects, "9999", "3"), "1,23E+12", "00012")), 0o600))
	out = run(t, dir, environment(srv), "outlets", "-apply", "rejects.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "B", codes(srv)[3])
	assert.Equal(t, "00012", codes(srv)[2])
}

// What a spreadsheet did to a code is refused, and so is what can't be seen in one.
func TestOutletsRefusesDamagedCodes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	_, err := srv.Client().UpdateOutletCode(t.Context(), 1, "00012")
	require.NoError(t, err)
	before := codes(srv)
	for cell, why := range map[string]string{
		"1.23E+12":  "1.23E+12",
		"#N/A":      "#N/A",
		"A\u00a0B":  "can't be seen",
		"A\u200b":   "can't be seen",
		"\"A\nB\"":  "can't be seen",
		"12":        "differ by leading zeros alone",
		`"=""12"""`: "differ by leading zeros alone",
		"'12":       "differ by leading zeros alone",
	} {
		dir, path := write(t, "codes.csv", "id,code\n1,"+cell+"\n")
		for _, args := range [][]string{{path}, {"-apply", path}} {
			out := run(t, dir, environment(srv), "outlets", append(args, "-json")...)
			assert.Equal(t, 1, out.status, cell)
			assert.Contains(t, out.stdout, why, cell)
		}
	}
	assert.Equal(t, before, codes(srv))
	dir, path := write(t, "codes.csv", "id,code\n1,\"=\"\"12\"\"\"\n2.0,'00077\n")
	require.Zero(t, run(t, dir, environment(srv), "outlets", "-apply", "-force", path).status)
	assert.Equal(t, "12", codes(srv)[1])
	assert.Equal(t, "00077", codes(srv)[2])
}

// Two columns that could be the id are not guessed at.
func TestOutletsAsksWhichColumn(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "codes.csv", "id,id_outlet,code\n2,1,A\n")
	refused(t, run(t, dir, environment(srv), "outlets", "-quiet", "-apply", path), "two columns could be the id")
	out := run(t, dir, environment(srv), "outlets", "-apply", "-columns", "id=id_outlet", path)
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "A", codes(srv)[1])
	assert.Equal(t, "OUT-002", codes(srv)[2])
}

// A change that an answer hid is looked for, whatever the answer was.
func TestOutletsLooksAtEveryRowThatWasTried(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	hide := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "outlet/update") {
			srv.ServeHTTP(w, r)
			return
		}
		srv.ServeHTTP(httptest.NewRecorder(), r)
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(hide.Close)
	dir, path := write(t, "codes.csv", "id,code\n1,A\n2,B\n")
	env := append(environment(srv), "PMPSMART_BASE_URL="+hide.URL+"/api/v1")
	out := run(t, dir, env, "outlets", "-apply", "-json", path)
	var result struct{ Updated, Refused int }
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &result))
	assert.Equal(t, 2, result.Updated, out.stderr)
	assert.Equal(t, "A", codes(srv)[1])
}

func TestOrdersListAndShow(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	out := run(t, t.TempDir(), environment(srv), "orders", "list", "-status", "pending", "-n", "3", "-json")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "there are more than 3 orders")
	var orders []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &orders))
	require.Len(t, orders, 3)
	assert.Equal(t, "pending", orders[0]["status"])

	out = run(t, t.TempDir(), environment(srv), "orders", "list", "-date", "2020-01-01", "-json")
	assert.JSONEq(t, "[]", out.stdout)
	out = run(t, t.TempDir(), environment(srv), "orders", "show", "1", "2", "-json")
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &orders))
	require.Len(t, orders, 2)
	assert.Contains(t, orders[1], "total", "with the server's own fields")
	out = run(t, t.TempDir(), environment(srv), "orders", "show", "1", "999999")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, "PMP-0000001")
	assert.Contains(t, out.stderr, "order 999999: ")
	refused(t, run(t, t.TempDir(), environment(srv), "orders", "show", "satu"), `"satu" is not an id`)
	refused(t, run(t, t.TempDir(), environment(srv), "orders", "list", "-status", "completed"), "want open, pending, complete or cancel")
}

// status is that of an order as the server has it.
func status(t *testing.T, srv *pmpsmarttest.Server, id int64) pmpsmart.OrderStatus {
	t.Helper()
	order, err := srv.Client().GetOrder(t.Context(), id)
	require.NoError(t, err)
	return order.Status
}

func TestOrdersSetStatus(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	was := status(t, srv, 1)
	dir, _ := write(t, "orders.csv", "id_order;status\n1;cancel\n2;selesai\n999999;open\n")
	out := run(t, dir, environment(srv), "orders", "set-status", "orders.csv")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stdout, `refused: "selesai" is no status; want open, pending, complete or cancel`)
	assert.Contains(t, out.stdout, "refused: the server knows no order of this id")
	assert.Equal(t, was, status(t, srv, 1))
	out = run(t, dir, environment(srv), "orders", "set-status", "-apply", "orders.csv")
	assert.Equal(t, 1, out.status)
	assert.Equal(t, pmpsmart.OrderCancel, status(t, srv, 1))
	out = run(t, dir, environment(srv), "orders", "set-status", "-apply", "orders.undo.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, was, status(t, srv, 1))

	out = run(t, dir, environment(srv), "orders", "set-status", "-to", "cancel", "3", "4", "-apply", "-json")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, pmpsmart.OrderCancel, status(t, srv, 3))
	assert.Equal(t, pmpsmart.OrderCancel, status(t, srv, 4))
	dir, _ = write(t, "ids.csv", "id\n5\n6\n")
	out = run(t, dir, environment(srv), "orders", "set-status", "-to", "cancel", "ids.csv", "-apply")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, pmpsmart.OrderCancel, status(t, srv, 6))
	refused(t, run(t, dir, environment(srv), "orders", "set-status", "3", "4"), "to which status?")
	refused(t, run(t, dir, environment(srv), "orders", "set-status", "-to", "batal", "3"), `-to is "batal"`)
}

// Files that could not be written, or would write over each other, are told of before
// anything is changed.
func TestOutputsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, codes := write(t, "kode baru.csv", "id,code\n1,NEW-001\n")
	_, orders := write(t, "orders.jsonl", orderLines(2))
	gone := filepath.Join(dir, "gone", "r.csv")
	for _, c := range []struct {
		line []string
		why  string
	}{
		{[]string{"outlets", "-apply", "-results", gone, codes}, "-results: there is no folder " + filepath.Dir(gone)},
		{[]string{"outlets", "-apply", "-rejects", dir, codes}, "-rejects: " + dir + " is a folder"},
		{[]string{"outlets", "-apply", "-undo", gone, codes}, "-undo: there is no folder"},
		{[]string{"outlets", "-save-plan", codes, codes}, "-save-plan " + codes + " is the input itself; name another file"},
		{[]string{"outlets", "-apply", "-results", "r.csv", "-rejects", "./r.csv", codes}, "-results and -rejects name one file; give each its own"},
		{[]string{"orders", "set-status", "-apply", "-to", "complete", "-results", gone, "1"}, "-results: there is no folder"},
		{[]string{"push", "-results", orders, orders}, "-results " + orders + " is the input itself"},
		{[]string{"push", "-rejects", gone, orders}, "-rejects: there is no folder"},
	} {
		out := run(t, dir, environment(srv), c.line[0], c.line[1:]...)
		assert.Equal(t, 2, out.status, "%q: %s", c.line, out.stderr)
		assert.Contains(t, out.stderr, c.why)
	}
	assert.Equal(t, orderLines(2), read(t, orders))
	assert.Empty(t, srv.Requests(), "nothing was asked or changed")
}

// The command that takes changes back can be typed as it is told, whatever the file's name.
func TestTheUndoIsToldAsItIsTyped(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, _ := write(t, "kode baru (2).csv", "id,code\n1,NEW-001\n")
	out := run(t, dir, environment(srv), "outlets", "-apply", "kode baru (2).csv")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, `pmpsmart outlets -apply "kode baru (2).undo.csv" takes the changes back`)
	out = run(t, dir, environment(srv), "orders", "set-status", "-apply", "-to", "cancel", "1")
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "pmpsmart orders set-status -apply pmpsmart-orders-set-status.undo.csv takes the changes back")
	assert.FileExists(t, filepath.Join(dir, "pmpsmart-orders-set-status.undo.csv"))
}

// A status is known in whatever case a spreadsheet has it.
func TestStatusesWithACapital(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "status.csv", "id;Status\n1;Cancel\n2;CANCEL\n3; cancel \n4;Batal\n")
	out := run(t, dir, environment(srv), "orders", "set-status", "-apply", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, `line 5, id 4: "Batal" is no status`)
	for _, o := range srv.Orders()[:3] {
		assert.Equal(t, pmpsmart.OrderCancel, o.Status, o.ID)
	}
	want := run(t, dir, environment(srv), "orders", "list", "-status", "pending")
	assert.Equal(t, want.stdout, run(t, dir, environment(srv), "orders", "list", "-status", "Pending").stdout)
	out = run(t, dir, environment(srv), "orders", "set-status", "-apply", "-to", "Open", "5")
	assert.Zero(t, out.status, out.stderr)
	want = run(t, dir, environment(srv), "export", "-status", "open", "-o", "-")
	assert.Equal(t, want.stdout, run(t, dir, environment(srv), "export", "-status", "Open", "-o", "-").stdout)
}
