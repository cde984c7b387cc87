package main_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What a spreadsheet or an editor puts before the first order costs no order.
func TestPushReadsAByteOrderMark(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", "\ufeff"+orderLines(2))
	out := run(t, dir, environment(srv), "push", path)
	assert.Zero(t, out.status, out.stderr)
	assert.Equal(t, "2 orders created\n", out.stdout)
	pushed(t, srv, orderLines(2))

	stdin := strings.NewReader("\ufeff" + orderLines(2))
	out = start(t, dir, environment(srv), stdin, "push", "-journal", path+".journal", "-").wait()
	assert.Equal(t, "0 orders created, 2 done by earlier runs\n", out.stdout)
}

// A file without orders is hardly the one that was meant.
func TestPushTellsOfAnInputWithoutOrders(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", "\n \r\n")
	refused(t, run(t, dir, environment(srv), "push", "-quiet", path), "orders.jsonl: there are no rows in it")
	assert.NoFileExists(t, path+".journal")
	out := start(t, dir, environment(srv), strings.NewReader("\n\n"), "push", "-quiet", "-journal", "journal", "-").wait()
	assert.Equal(t, 2, out.status)
	assert.Equal(t, "pmpsmart push: standard input: there are no rows in it\n", out.stderr)
	assert.NoFileExists(t, filepath.Join(dir, "journal"))
}

// A file of another kind is named once, and not line by line.
func TestPushTellsOfTheWrongFile(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for text, why := range map[string]string{
		"%PDF-1.7\n%\xe2\xe3":                        "the file is a PDF",
		"<html><body><table>":                        "the file is a web page",
		strings.Repeat("1\n2\n3\n", 20):              "",
		strings.Repeat("Selamat pagi, Bapak\n", 400): "",
	} {
		dir, path := write(t, "orders.jsonl", text)
		out := run(t, dir, environment(srv), "push", "-quiet", path)
		assert.Equal(t, 2, out.status, out.stderr)
		assert.Contains(t, out.stderr, why)
		assert.LessOrEqual(t, len(lines(out.stderr)), 2, out.stderr)
	}
	assert.Empty(t, srv.JSONOrders())
}

// A list of orders is read as lines of them are, and so is what is compressed or comes
// through a pipe that can't be read twice.
func TestPushReadsListsAndPipes(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	list := "[\n" + strings.ReplaceAll(strings.TrimSpace(orderLines(3)), "}\n", "},\n") + "\n]\n"
	dir, path := write(t, "orders.json", list)
	out := run(t, dir, environment(srv), "push", path)
	require.Zero(t, out.status, out.stderr)
	pushed(t, srv, orderLines(3))

	fifo := filepath.Join(dir, "pipe")
	require.NoError(t, exec.Command("mkfifo", fifo).Run())
	p := start(t, dir, environment(srv), nil, "push", "-journal", "journal", fifo)
	require.NoError(t, os.WriteFile(fifo, []byte(orderLines(5)), 0o600))
	out = p.wait()
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "2 orders created, 3 there before\n", out.stdout)
}

// A line that is too long is refused, and those after it are sent.
func TestPushRefusesALineThatIsTooLong(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	long := `{"code":"LONG","status":"completed","data":"` + strings.Repeat("x", 17<<20) + `"}` + "\n"
	dir, path := write(t, "orders.jsonl", long+orderLines(2))
	out := run(t, dir, environment(srv), "push", "-quiet", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "line 1: the line is longer than 16.8 MB")
	pushed(t, srv, orderLines(2))
}

// Two orders of one code whose numbers are the same to a float are two orders.
func TestPushComparesNumbersAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "orders.jsonl", `{"code":"A","status":"completed","data":10000000000000000}
{"code":"A","status":"completed","data":10000000000000001}
`)
	out := run(t, dir, environment(srv), "push", "-quiet", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "line 2, A: the code stands on an earlier line, with other data")
	require.NoError(t, os.WriteFile(path, []byte(`{"code":"A","status":"completed","data":10000000000000001}`), 0o600))
	out = run(t, dir, environment(srv), "push", "-quiet", "-journal", "new", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "the server has this code with other data")
}

// What the server refuses is one order's, however many follow each other.
func TestPushGoesOnAfterRefusals(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 409, 413, 415, 418, 422} {
		var faults []pmpsmarttest.Fault
		for range 15 {
			faults = append(faults, pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultAnswer, Status: status})
		}
		srv := newServer(t, pmpsmarttest.WithFaults(faults...))
		dir, path := write(t, "orders.jsonl", orderLines(20))
		out := run(t, dir, environment(srv), "push", "-json", "-n", "1", path)
		assert.Equal(t, 1, out.status)
		assert.JSONEq(t, `{"created":5,"there":0,"earlier":0,"repeated":0,"refused":15,"failed":0}`, out.stdout, "%d: %s", status, out.stderr)
	}
}

// Orders that failed come after the others in the next run, and keep none of them back.
func TestPushTriesWhatFailedLast(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	poison := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte(`"POISON`)) && strings.HasSuffix(r.URL.Path, "json/order") {
			w.WriteHeader(500)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		srv.ServeHTTP(w, r)
	}))
	t.Cleanup(poison.Close)
	var file strings.Builder
	for i := range 12 {
		fmt.Fprintf(&file, `{"code":"POISON-%d","status":"completed","data":1}`+"\n", i)
	}
	dir, path := write(t, "orders.jsonl", file.String())
	env := append(environment(srv), "PMPSMART_BASE_URL="+poison.URL+"/api/v1")
	out := run(t, dir, env, "push", "-quiet", "-n", "12", "-patience", "0", path)
	assert.Equal(t, 4, out.status, out.stderr)
	require.NoError(t, os.WriteFile(path, []byte(file.String()+orderLines(3)), 0o600))
	run(t, dir, env, "push", "-quiet", "-n", "12", "-settle", "1ms", "-patience", "0", path)
	pushed(t, srv, orderLines(3))
}

// The server is away when the run begins, and comes back.
func TestPushWaitsForAServerThatIsAway(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.Down(0)
	dir, path := write(t, "orders.jsonl", orderLines(10))
	p := start(t, dir, environment(srv), nil, "push", path)
	p.until("it says that it waits", func() bool { return strings.Contains(p.stderr.String(), " at ") })
	srv.Up()
	out := p.wait()
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, "10 orders created\n", out.stdout)
	pushed(t, srv, orderLines(10))
}

// A table is pushed by its columns, and what was refused is read again once it is right.
func TestPushReadsTables(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "pesanan.csv", "Kode;Status Pesanan;customer.name;items.0.sku;items.0.qty;items.1.sku;items.1.qty;telepon;catatan\n"+
		"A-1;completed;Toko \"Maju\";KOPI;12;TEH;1.5;081234;\n"+
		"A-2;;Toko;KOPI;1;;;0812;\n"+
		"1,23E+12;completed;Toko;KOPI;1;;;0812;\n")
	out := run(t, dir, environment(srv), "push", "-columns", "code=Kode,status=Status Pesanan", "-text", "items.1.qty", "-results", "hasil.csv", "-rejects", "salah.csv", path)
	assert.Equal(t, 1, out.status)
	require.Len(t, srv.JSONOrders(), 1, out.stderr)
	assert.JSONEq(t, `{"customer":{"name":"Toko \"Maju\""},"items":[{"sku":"KOPI","qty":12},{"sku":"TEH","qty":"1.5"}],"telepon":"081234"}`, string(srv.JSONOrders()[0].Data))
	assert.Contains(t, out.stderr, "line 3, A-2: it has no status")
	assert.Len(t, lines(read(t, dir, "hasil.csv")), 4)
	assert.Contains(t, read(t, dir, "hasil.csv"), "A-1,created,1,")
	rejects := read(t, dir, "salah.csv")
	require.Len(t, lines(rejects), 3)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "salah.csv"), []byte(strings.ReplaceAll(rejects, `"1,23E+12"`, "A-3")), 0o600))
	out = run(t, dir, environment(srv), "push", "-columns", "code=Kode,status=Status Pesanan", "-status", "completed", "salah.csv")
	require.Zero(t, out.status, out.stderr)
	require.Len(t, srv.JSONOrders(), 3)
	assert.JSONEq(t, `{"customer":{"name":"Toko"},"items":[{"sku":"KOPI","qty":1}],"telepon":"0812"}`, string(srv.JSONOrders()[2].Data))
}

// Somebody who presses Ctrl-C learns at once what the program waits for.
func TestPushSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Nth: 1, Kind: pmpsmarttest.FaultDelay, Wait: time.Minute}))
	dir, path := write(t, "orders.jsonl", orderLines(3))
	p := start(t, dir, environment(srv), nil, "push", "-n", "1", path)
	p.until("the first is under way", func() bool { return holds(filepath.Join(dir, "orders.jsonl.journal"), `"P-0000"`) })
	assert.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	p.until("it says so", func() bool {
		return strings.Contains(p.stderr.String(), "pmpsmart push: finishing 1 order under way, which takes 15s at most; a second Ctrl-C does not wait\n")
	})
	p.signal(os.Interrupt)
}

// A number that means a thousand times as much to who typed it is not sent.
func TestPushAsksOfThousands(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir, path := write(t, "pesanan.csv", "kode;status;jumlah\nA-1;draft;1.500\nA-2;draft;1500\nA-3;draft;1,5\n")
	out := run(t, dir, environment(srv), "push", "-quiet", path)
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, `line 2, A-1: the column "jumlah" holds "1.500", which may be 1500 or 1,500: write one of these; with -text jumlah it stays a text`)
	out = run(t, dir, environment(srv), "push", "-quiet", "-text", "jumlah", "-journal", "new", path)
	assert.Equal(t, 1, out.status, "A-2 and A-3 are there with numbers")
	var data []string
	for _, o := range srv.JSONOrders() {
		data = append(data, string(o.Data))
	}
	assert.ElementsMatch(t, []string{`{"jumlah":1500}`, `{"jumlah":1.5}`, `{"jumlah":"1.500"}`}, data)
}

// What export wrote of the JSON orders is pushed to another server as the same orders, from
// each format.
func TestPushReadsWhatExportWrote(t *testing.T) {
	t.Parallel()
	from := newServer(t)
	dir, path := write(t, "orders.jsonl", orderLines(3)+`{"code":"TEXT","status":"draft","data":"catatan"}`+"\n"+`{"code":"012","status":"completed","data":{"harga":1234567.50,"nama":"Toko \"Maju\"; Jaya","id":10000000000000001}}`+"\n")
	require.Zero(t, run(t, dir, environment(from), "push", path).status)
	want := wholeOrders(from)
	require.Len(t, want, 5)
	for _, args := range [][]string{{"-o", "all.csv"}, {"-o", "excel.csv", "-excel"}, {"-o", "all.jsonl"}, {"-o", "all.xlsx"}} {
		out := run(t, dir, environment(from), "export", append([]string{"json-orders", "-quiet"}, args...)...)
		require.Zero(t, out.status, out.stderr)
		to := newServer(t)
		out = run(t, dir, environment(to), "push", args[1])
		assert.Zero(t, out.status, out.stderr)
		assert.Equal(t, "5 orders created\n", out.stdout, args[1])
		assert.Equal(t, want, wholeOrders(to), args[1])
	}
}

// wholeOrders returns the status and the data of a server's JSON orders, by code.
func wholeOrders(srv *pmpsmarttest.Server) map[string]string {
	orders := map[string]string{}
	for _, o := range srv.JSONOrders() {
		orders[o.Code] += fmt.Sprintf("%s %s", o.Status, o.Data)
	}
	return orders
}

// The fields of the data are columns, and go back as they were.
func TestPushReadsTheFieldsThatExportWrote(t *testing.T) {
	t.Parallel()
	from := newServer(t)
	dir, path := write(t, "orders.jsonl", `{"code":"A","status":"draft","data":{"items":[{"qty":2,"nama":"Kopi"},{"qty":1.5}],"toko":{"nama":"Maju"}}}`+"\n"+`{"code":"B","status":"completed","data":"catatan"}`)
	require.Zero(t, run(t, dir, environment(from), "push", "-n", "1", path).status)
	columns := "kode_order,status,json_data.items.0.qty,json_data.items.0.nama,json_data.items.1.qty,json_data.toko.nama"
	for _, name := range []string{"some.csv", "some.xlsx"} {
		out := run(t, dir, environment(from), "export", "json-orders", "-quiet", "-code", "A", "-columns", columns, "-o", name)
		require.Zero(t, out.status, out.stderr)
		to := newServer(t)
		out = run(t, dir, environment(to), "push", name)
		require.Zero(t, out.status, out.stderr)
		assert.Equal(t, map[string]string{"A": wholeOrders(from)["A"]}, wholeOrders(to), name)
	}
	out := run(t, dir, environment(from), "export", "json-orders", "-quiet", "-columns", columns, "-o", "all.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, columns+"\nA,draft,2,Kopi,1.5,Maju\nB,completed,,,,\n", read(t, dir, "all.csv"))
}
