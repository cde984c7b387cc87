package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// ids are those of a CSV file's rows.
func ids(t *testing.T, elem ...string) (all []string) {
	t.Helper()
	_, rows := table(t, elem...)
	for _, row := range rows {
		all = append(all, row[0])
	}
	return all
}

// numbers are those from first to last.
func numbers(first, last int) (all []string) {
	for i := first; i <= last; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

// What stands in the way is not an export's own, and stays as it is.
func TestExportLeavesForeignFilesAlone(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for name, make := range map[string]func(dir string) error{
		"a link": func(dir string) error {
			return os.Symlink("precious.txt", filepath.Join(dir, "orders.csv.partial"))
		},
		"a link to nowhere": func(dir string) error {
			return os.Symlink("nothing", filepath.Join(dir, "orders.csv.partial"))
		},
		"a file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "orders.csv.partial"), []byte("mine"), 0o600)
		},
		"a file with a foreign checkpoint": func(dir string) error {
			if err := os.WriteFile(filepath.Join(dir, "orders.csv.partial.json"), []byte(`{"rows":1}`), 0o600); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "orders.csv.partial"), []byte("mine"), 0o600)
		},
		"a foreign checkpoint": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "orders.csv.partial.json"), []byte("mine"), 0o600)
		},
		"a link for a checkpoint": func(dir string) error {
			return os.Symlink("precious.txt", filepath.Join(dir, "orders.csv.partial.json"))
		},
		"a lock that is none": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "orders.csv.partial.lock"), []byte("mine"), 0o600)
		},
		"a link for a lock": func(dir string) error {
			return os.Symlink("precious.txt", filepath.Join(dir, "orders.csv.partial.lock"))
		},
		"a folder": func(dir string) error { return os.Mkdir(filepath.Join(dir, "orders.csv.partial"), 0o700) },
		"a pipe":   func(dir string) error { return mkfifo(filepath.Join(dir, "orders.csv.partial")) },
	} {
		for _, flags := range [][]string{nil, {"-restart"}, {"-resume"}} {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "precious.txt"), []byte("precious"), 0o600))
			require.NoError(t, make(dir), name)
			before := listing(t, dir)
			out := run(t, dir, environment(srv), "export", append(flags, "-quiet")...)
			assert.Equal(t, 1, out.status, name)
			assert.Contains(t, out.stderr, "orders.csv.partial", name)
			assert.Equal(t, before, listing(t, dir), name)
		}
	}
	assert.Zero(t, answered(srv, "ListOrders"), "nothing is asked for in vain")

	dir := t.TempDir() // one that is empty is in nobody's way
	require.NoError(t, os.WriteFile(filepath.Join(dir, "orders.csv.partial"), nil, 0o600))
	assert.Zero(t, run(t, dir, environment(srv), "export").status)
}

// listing is what a folder holds.
func listing(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		line := entry.Name() + " " + entry.Type().String()
		if entry.Type().IsRegular() {
			line += " " + read(t, dir, entry.Name())
		}
		all = append(all, line)
	}
	return all
}

// A record that comes twice and differs is told of, with its id; one that is the same is
// there once.
func TestExportTellsOfRepeatsThatDiffer(t *testing.T) {
	t.Parallel()
	orders := dayOrders(1, 2, 5)
	srv := newListServer(t, 3, append(orders, orders[1], strings.Replace(orders[4], "open", "cancel", 1)), "date_order")
	dir := t.TempDir()
	out := run(t, dir, srv.env(), "export", "-json")
	assert.Equal(t, 1, out.status, out.stderr)
	assert.Contains(t, out.stderr, "listed twice and not alike: 1 order (id 5); the file has the first of each\n")
	var result struct {
		Records, Repeats, Differing int
		Conflicts                   []int
	}
	require.NoError(t, json.Unmarshal([]byte(out.stdout), &result))
	assert.Equal(t, 10, result.Records)
	assert.Equal(t, 1, result.Repeats)
	assert.Equal(t, []int{5}, result.Conflicts)
	assert.Equal(t, numbers(1, 10), ids(t, dir, "orders.csv"))
}

// At so many requests a second, as at Laravel's 60 a minute, one run comes to the end.
func TestExportFinishesUnderAThrottle(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-from", "2026-01-01", "-to", "2026-01-20"}} {
		srv := newListServer(t, 10, dayOrders(1, 20, 10), "date_order")
		var window, n atomic.Int64
		srv.refuseBy(func(int) int {
			if now := time.Now().Unix(); window.Swap(now) != now {
				n.Store(0)
			}
			if n.Add(1) > 8 {
				return http.StatusTooManyRequests
			}
			return 0
		})
		dir := t.TempDir()
		out := run(t, dir, srv.env(), "export", args...)
		require.Zero(t, out.status, out.stderr)
		assert.Equal(t, numbers(1, 200), ids(t, dir, "orders.csv"))
		assert.Less(t, len(srv.requests()), 60, "%s", args)
	}
}

// A server that does not heed what it is asked for is noticed, and the file is right all
// the same. It is not asked for all of its orders once a day.
func TestExportDoesNotTrustTheServersFilters(t *testing.T) {
	t.Parallel()
	orders := dayOrders(1, 20, 10)
	for _, c := range []struct {
		args, heeds []string
		want        []string
		left, asked int
	}{
		{[]string{"-date", "2026-01-03"}, nil, numbers(21, 30), 191, 2},
		{[]string{"-from", "2026-01-03", "-to", "2026-01-17"}, nil, numbers(21, 170), 51, 10},
		{[]string{"-from", "2026-01-03", "-to", "2026-01-17"}, []string{"user_id"}, numbers(21, 170), 51, 10},
		{[]string{"-status", "cancel"}, []string{"date_order"}, nil, 200, 1},
		{[]string{"-user", "1", "-date", "2026-01-02"}, []string{"date_order"}, []string{"11", "13", "15", "17", "19"}, 5, 1},
		{[]string{"-outlet", "3"}, []string{"date_order", "status"}, nil, 200, 1},
	} {
		srv := newListServer(t, 0, orders, c.heeds...)
		dir := t.TempDir()
		out := run(t, dir, srv.env(), "export", append(c.args, "-json")...)
		assert.Equal(t, 1, out.status, "%v: %s", c.args, out.stderr)
		assert.Contains(t, out.stderr, "the server does not heed what it is asked for: it also sent ")
		assert.Equal(t, c.want, ids(t, dir, "orders.csv"), "%v", c.args)
		var result struct {
			LeftOut int `json:"left_out"`
		}
		require.NoError(t, json.Unmarshal([]byte(out.stdout), &result))
		assert.Equal(t, c.left, result.LeftOut, "%v", c.args)
		assert.LessOrEqual(t, len(srv.requests()), c.asked, "%v", c.args)

		stream := run(t, dir, srv.env(), "export", append(c.args, "-o", "-", "-quiet")...)
		assert.Equal(t, 1, stream.status)
		assert.Len(t, lines(stream.stdout), 1+len(c.want), "%v", c.args)
	}
}

// Orders without a day are in the export of all days, and told of where days are asked for.
func TestExportOfOrdersWithoutADay(t *testing.T) {
	t.Parallel()
	orders := append(dayOrders(1, 3, 10), `{"id":31,"kode_order":"K-31","date_order":null}`, `{"id":32,"date_order":"2206-01-01"}`)
	srv := newListServer(t, 7, orders, "date_order")
	dir := t.TempDir()
	out := run(t, dir, srv.env(), "export")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, numbers(1, 32), ids(t, dir, "orders.csv"))

	out = run(t, dir, srv.env(), "export", "-to", "2026-01-02")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, numbers(1, 20), ids(t, dir, "orders.csv"))
	assert.Contains(t, out.stderr, "left out since they have no day: 1 order; an export of all days has them\n")
}

// A list that ends before its own total is not all of it.
func TestExportTellsOfAListThatIsNotWhole(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"data":{"current_page":1,"last_page":1,"total":5,"data":[{"id":1},{"id":2}]}}`)
	})
	dir := t.TempDir()
	out := run(t, dir, []string{"PMPSMART_BASE_URL=" + url, "PMPSMART_TOKEN=t"}, "export")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "the server's list ends too soon")
	assert.Equal(t, numbers(1, 2), ids(t, dir, "orders.csv"))
}

// stopped runs an export that is interrupted at its n-th request.
func stopped(t *testing.T, srv *listServer, dir string, n int, args ...string) outcome {
	t.Helper()
	reached, release := make(chan struct{}), make(chan struct{})
	srv.mu.Lock()
	asked := len(srv.asked)
	srv.beforeN = func(i int) {
		if i == asked+n {
			close(reached)
		}
		if i >= asked+n {
			<-release
		}
	}
	srv.mu.Unlock()
	p := start(t, dir, srv.env(), nil, "export", args...)
	p.until("the request is there", isClosed(reached))
	out := p.signal(os.Interrupt)
	srv.callBefore(nil)
	close(release)
	require.Equal(t, 130, out.status, out.stderr)
	return out
}

// Without days an export goes on after the last page, with one page asked for again.
func TestExportResumesByPages(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 10, dayOrders(1, 20, 10))
	dir := t.TempDir()
	out := stopped(t, srv, dir, 9, "-parallel", "1")
	assert.Contains(t, out.stderr, "80 orders are in orders.csv.partial; -resume goes on from there\n")
	before := len(srv.requests())
	out = run(t, dir, srv.env(), "export", "-resume", "-parallel", "1")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, numbers(1, 200), ids(t, dir, "orders.csv"))
	assert.Len(t, srv.requests()[before:], 13, "pages 8 to 20")
	assert.Contains(t, out.stdout, ", 80 of them from before")
	assert.Contains(t, out.stderr, "going on after 80 orders, read up to ")
}

// If the pages are not what they were, the list is read anew.
func TestExportNoticesThatPagesHaveShifted(t *testing.T) {
	t.Parallel()
	orders := dayOrders(1, 20, 10)
	slices.Reverse(orders) // the newest come first, as many servers have it
	for name, now := range map[string][]string{
		"a new order":  append(dayOrders(201, 1, 1), orders...),
		"one is gone":  slices.Delete(slices.Clone(orders), 3, 4),
		"most is gone": orders[:25],
	} {
		srv := newListServer(t, 10, orders)
		dir := t.TempDir()
		stopped(t, srv, dir, 9, "-parallel", "1")
		srv.set(now)
		out := run(t, dir, srv.env(), "export", "-resume")
		require.Zero(t, out.status, out.stderr)
		var want []string
		for _, order := range now {
			var o struct{ ID int }
			require.NoError(t, json.Unmarshal([]byte(order), &o))
			want = append(want, fmt.Sprint(o.ID))
		}
		assert.Equal(t, want, ids(t, dir, "orders.csv"), name)
	}
}

// What is older than -resume-within is not mixed with what is there now.
func TestExportSaysHowOldTheKeptPartIs(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 10, dayOrders(1, 20, 10), "date_order")
	dir := t.TempDir()
	args := []string{"-from", "2026-01-01", "-to", "2026-01-20", "-parallel", "1"}
	stopped(t, srv, dir, 6, args...)
	checkpoint := filepath.Join(dir, "orders.csv.partial.json")
	var saved map[string]any
	require.NoError(t, json.Unmarshal([]byte(read(t, checkpoint)), &saved))
	assert.EqualValues(t, 5, saved["lists"])
	saved["read_from"] = time.Now().Add(-72 * time.Hour)
	text, err := json.Marshal(saved)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(checkpoint, text, 0o600))
	srv.set(append(dayOrders(1, 20, 10)[1:], dayOrders(201, 1, 1)...))

	copied := t.TempDir()
	require.NoError(t, os.CopyFS(copied, os.DirFS(dir)))
	out := run(t, copied, srv.env(), "export", append(args, "-resume", "-resume-within", "4d")...)
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "going on after 50 orders, read up to 72h ago\n")
	assert.Equal(t, numbers(1, 200), ids(t, copied, "orders.csv"), "somebody wants it so")

	out = run(t, dir, srv.env(), "export", append(args, "-resume")...)
	require.Zero(t, out.status, out.stderr)
	assert.Contains(t, out.stderr, "what orders.csv.partial has is 72h old, and is read anew; -resume-within tells how old it may be\n")
	assert.Equal(t, append(numbers(2, 10), append([]string{"201"}, numbers(11, 200)...)...), ids(t, dir, "orders.csv"))
}

// Days come in their order, however long each takes.
func TestExportReadsDaysAtATime(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 0, dayOrders(1, 20, 10), "date_order")
	var atOnce, most atomic.Int64
	srv.callBefore(func(n int) {
		now := atOnce.Add(1)
		for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
		}
		time.Sleep(time.Duration(20-n) * time.Millisecond)
		atOnce.Add(-1)
	})
	dir := t.TempDir()
	out := run(t, dir, srv.env(), "export", "-from", "2026-01-01", "-to", "2026-01-20", "-parallel", "6")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, numbers(1, 200), ids(t, dir, "orders.csv"))
	assert.Len(t, srv.requests(), 20)
	assert.Greater(t, most.Load(), int64(3))
	assert.LessOrEqual(t, most.Load(), int64(6))
}

// A login that fails leaves nothing, and tells of nothing to go on with.
func TestExportLeavesNothingAfterAFailedLogin(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	out := run(t, dir, append(environment(srv), "PMPSMART_PASSWORD=salah"), "export", "-from", "2026-01-01", "-to", "2026-01-05")
	assert.Equal(t, 3, out.status)
	assert.NotContains(t, out.stderr, "-resume")
	assert.Empty(t, listing(t, dir))
}

// The mode of a file that is replaced stays, and a new one has that of the umask; so has
// what is not complete yet.
func TestExportKeepsModes(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 10, dayOrders(1, 20, 10))
	dir := t.TempDir()
	path := filepath.Join(dir, "orders.csv")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Chmod(path, 0o640))
	stopped(t, srv, dir, 5)
	for _, name := range []string{"orders.csv", "orders.csv.partial"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o640), info.Mode().Perm(), name)
	}
	require.Zero(t, run(t, dir, srv.env(), "export", "-resume").status)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())

	require.NoError(t, os.Remove(path))
	cmd := exec.Command("sh", "-c", `umask 077; exec "$0" export`, built)
	cmd.Dir, cmd.Env = dir, srv.env()
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
	info, err = os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// Whoever reads stderr may be gone by the time of a Ctrl-C, as tee is; a terminal that is
// closed sends SIGHUP. What has come is kept.
func TestExportIsStoppedByOtherSignals(t *testing.T) {
	t.Parallel()
	testserver.HearHangup(t)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		srv := newListServer(t, 10, dayOrders(1, 20, 10))
		reached := make(chan struct{})
		srv.callBefore(func(n int) {
			if n == 9 {
				close(reached)
			}
			if n >= 9 {
				time.Sleep(time.Second)
			}
		})
		dir := t.TempDir()
		r, w, err := os.Pipe()
		require.NoError(t, err)
		cmd := exec.Command(built, "export", "-parallel", "1")
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, srv.env(), w, w
		require.NoError(t, cmd.Start())
		w.Close()
		<-reached
		r.Close()
		require.NoError(t, cmd.Process.Signal(sig))
		err = cmd.Wait()
		require.Error(t, err)
		assert.Equal(t, 130, cmd.ProcessState.ExitCode(), "%s", sig)
		assert.Len(t, lines(read(t, dir, "orders.csv.partial")), 80)
		srv.callBefore(nil)
		require.Zero(t, run(t, dir, srv.env(), "export", "-resume").status)
		assert.Equal(t, numbers(1, 200), ids(t, dir, "orders.csv"))
	}
}

// Other names of the standard output, and what is no file.
func TestExportToDevices(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 10, dayOrders(1, 2, 10))
	for _, name := range []string{"/dev/fd/1", "/proc/self/fd/1", "/dev/stdout"} {
		dir := t.TempDir()
		out := run(t, dir, srv.env(), "export", "-o", name, "-format", "csv")
		require.Zero(t, out.status, out.stderr)
		assert.Len(t, lines(out.stdout), 21)
		assert.Empty(t, listing(t, dir))
	}
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, mkfifo(pipe))
	p := start(t, dir, srv.env(), nil, "export", "-o", "pipe", "-format", "jsonl")
	in, err := os.Open(pipe)
	require.NoError(t, err)
	text, err := io.ReadAll(in)
	require.NoError(t, err)
	in.Close()
	assert.Zero(t, p.wait().status)
	assert.Len(t, lines(string(text)), 20)
	out := run(t, dir, srv.env(), "export", "-o", "/dev/full", "-format", "csv")
	assert.Equal(t, 1, out.status)
	assert.Contains(t, out.stderr, "no space left")
}

// All that the server has can be exported.
func TestExportOfEveryKind(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	for _, kind := range []struct {
		name  string
		want  int
		heads string
	}{
		{"orders", 240, "id,kode_order,status,date_order,user_id,outlet_id,created_at,updated_at"},
		{"visits", 60, "id,name,user_id,outlet_id,created_at,updated_at"},
		{"outlets", 120, "id,kode_outlet,nama_outlet,alamat,created_at,updated_at"},
		{"salespeople", 12, "id,name,email,created_at,updated_at"},
		{"json-orders", 3, "id,kode_order,json_data,status,status_order,created_at,updated_at"},
	} {
		if kind.name == "json-orders" {
			_, path := write(t, "orders.jsonl", orderLines(3))
			require.Zero(t, run(t, t.TempDir(), environment(srv), "push", path).status)
		}
		out := run(t, dir, environment(srv), "export", kind.name)
		require.Zero(t, out.status, out.stderr)
		heads, rows := table(t, dir, kind.name+".csv")
		assert.Equal(t, kind.heads, strings.Join(heads, ","))
		assert.Len(t, rows, kind.want)
		out = run(t, dir, environment(srv), "export", "-what", kind.name, "-o", "x.jsonl", "-quiet")
		require.Zero(t, out.status, out.stderr)
		assert.Len(t, lines(read(t, dir, "x.jsonl")), kind.want)
	}
	out := run(t, dir, environment(srv), "export", "json-orders", "-last", "2d", "-o", "today.csv")
	require.Zero(t, out.status, out.stderr)
	assert.Len(t, ids(t, dir, "today.csv"), 3)
	out = run(t, dir, environment(srv), "export", "visits", "-user", "1", "-to", "2026-01-20", "-o", "some.csv")
	require.Zero(t, out.status, out.stderr)
	var want int
	for _, visit := range srv.Visits() {
		if visit.UserID == 1 && visit.CreatedAt.Before(time.Date(2026, 1, 20, 17, 0, 0, 0, time.UTC)) {
			want++
		}
	}
	assert.Len(t, ids(t, dir, "some.csv"), want)
	assert.Positive(t, want)
}

// Columns of nested fields, all fields, and a row for each item.
func TestExportOfNestedFields(t *testing.T) {
	t.Parallel()
	srv := newListServer(t, 0, []string{
		`{"id":1,"kode_order":"A","total":"1500.50","items":[{"qty":2,"product":"Kopi"},{"qty":1,"product":"Teh"}],"customer":{"name":"Maju"}}`,
		`{"id":2,"kode_order":"=B","items":[],"note":"x;=1+1"}`,
	})
	dir := t.TempDir()
	export := func(args ...string) string {
		out := run(t, dir, srv.env(), "export", append(args, "-o", "x.csv", "-quiet")...)
		require.Zero(t, out.status, out.stderr)
		return read(t, dir, "x.csv")
	}
	assert.Equal(t, "id,items.0.qty,customer.name,items\n1,2,Maju,"+`"[{""qty"":2,""product"":""Kopi""},{""qty"":1,""product"":""Teh""}]"`+"\n2,,,[]\n",
		export("-columns", "id,items.0.qty,customer.name,items"))
	assert.Equal(t, "id,kode_order,items.product,items.qty\n1,A,Kopi,2\n1,A,Teh,1\n2,'=B,,\n", export("-items", "items", "-columns", "id,kode_order,items.product,items.qty"))
	assert.Equal(t, "id,kode_order,status,date_order,user_id,outlet_id,created_at,updated_at,items.qty,items.product\n"+
		"1,A,,,,,,,2,Kopi\n1,A,,,,,,,1,Teh\n2,'=B,,,,,,,,\n", export("-items", "items"))
	heads := "id,kode_order,status,date_order,user_id,outlet_id,created_at,updated_at,total,items,items.0.qty,items.0.product,items.1.qty,items.1.product,customer.name,note\n"
	assert.Equal(t, heads+"1,A,,,,,,,1500.50,,2,Kopi,1,Teh,Maju,\n2,'=B,,,,,,,,[],,,,,,\"x;=1+1\"\n", export("-extra", "all"))
	out := run(t, dir, srv.env(), "export", "-extra", "all", "-o", "-", "-quiet")
	assert.Equal(t, read(t, dir, "x.csv"), out.stdout, "a stream as well")
	out = run(t, dir, srv.env(), "export", "-extra", "total,items.0.qty", "-o", "x.xlsx", "-quiet")
	require.Zero(t, out.status, out.stderr)
	assert.Equal(t, []string{"1", "A", "", "", "", "", "", "", "1500.5", "2"}, workbook(t, filepath.Join(dir, "x.xlsx"))[0])
	assert.Equal(t, []string{"2", "=B", "", "", "", "", "", "", "", ""}, workbook(t, filepath.Join(dir, "x.xlsx"))[1])
	assert.Equal(t, "\ufeffid;total;kode_order\r\n1;1500,50;A\r\n2;;'=B\r\n", strings.ReplaceAll(export("-excel", "-columns", "id,total,kode_order"), `"`, ""))
}

// Days for cron, in what is asked for and in the file's name.
func TestExportForCron(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*3600)
	today := time.Now().In(wib)
	srv := newServer(t, pmpsmarttest.WithSeedEnd(pmpsmart.DateOf(today)))
	dir := t.TempDir()
	for _, args := range [][]string{{"-last", "7d"}, {"-date", "yesterday"}, {"-date", "this-month"}, {"-date", "last-month"}, {"-from", "yesterday"}} {
		out := run(t, dir, environment(srv), "export", append(args, "-o", "orders-{date}-{from}-{to}.csv")...)
		require.Zero(t, out.status, out.stderr)
	}
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	for _, name := range []string{day(-6) + "-" + day(0), day(-1) + "-" + day(-1), day(0)[:8] + "01-" + day(0), day(-1) + "-" + day(0)} {
		assert.FileExists(t, filepath.Join(dir, "orders-"+day(0)+"-"+name+".csv"))
	}
	var want []string
	for _, o := range srv.Orders() {
		if o.Date.String() >= day(-6) {
			want = append(want, fmt.Sprint(o.ID))
		}
	}
	assert.ElementsMatch(t, want, ids(t, dir, "orders-"+day(0)+"-"+day(-6)+"-"+day(0)+".csv"))
	assert.NotEmpty(t, want)
}

// A mirror gives what the server gives.
func TestExportFromAMirror(t *testing.T) {
	t.Parallel()
	srv, dir := newServer(t), t.TempDir()
	_, path := write(t, "orders.jsonl", orderLines(3))
	require.Zero(t, run(t, t.TempDir(), environment(srv), "push", path).status)
	out := run(t, dir, environment(srv), "export", "-mirror", "m.db")
	assert.NotZero(t, out.status)
	assert.Contains(t, out.stderr, "m.db")
	require.Empty(t, listing(t, dir))
	out = run(t, dir, environment(srv), "mirror", "-db", "m.db", "-quiet")
	require.Zero(t, out.status, out.stderr)
	srv.ClearRequests()
	for _, args := range [][]string{
		{"orders", "-extra", "total"}, {"orders", "-status", "pending", "-from", "2026-01-30", "-to", "2026-02-02"}, {"orders", "-user", "3"},
		{"visits", "-name", "FERRY"}, {"outlets"}, {"salespeople"}, {"json-orders", "-columns", "kode_order,status,created_at"}, {"json-orders", "-search", "0002", "-columns", "id,kode_order"},
	} {
		fromServer := run(t, dir, environment(srv), "export", append(args, "-o", "-", "-quiet")...)
		require.Zero(t, fromServer.status, fromServer.stderr)
		asked := len(srv.Requests())
		fromMirror := run(t, dir, nil, "export", append(args, "-o", "-", "-mirror", "m.db", "-quiet")...)
		require.Zero(t, fromMirror.status, fromMirror.stderr)
		assert.ElementsMatch(t, lines(fromServer.stdout), lines(fromMirror.stdout), "%s", args)
		assert.Greater(t, len(lines(fromMirror.stdout)), 1, "%s", args)
		assert.Len(t, srv.Requests(), asked)
	}
	out = run(t, dir, nil, "export", "-mirror", "m.db", "-last", "7d", "-o", "x.xlsx")
	require.Zero(t, out.status, out.stderr)
	assert.Regexp(t, `from the mirror m.db of http://.*, as it was at 20`, out.stderr)
}

// workbook reads the rows of an Excel workbook.
func workbook(t *testing.T, path string) (rows [][]string) {
	t.Helper()
	r, err := sheet.Open(path, sheet.ReadOptions{})
	require.NoError(t, err)
	defer r.Close()
	for row, err := range r.Rows() {
		require.NoError(t, err)
		var cells []string
		for _, cell := range row.Cells {
			cells = append(cells, cell.Text)
		}
		rows = append(rows, append(cells, make([]string, max(0, len(r.Heads())-len(cells)))...))
	}
	return rows
}

// A list of items that no record has is told of, as a column is.
func TestExportTellsOfItemsThatNothingHas(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for _, args := range [][]string{{"-items", "nothing"}, {"-items", "nothing", "-extra", "all"}, {"-items", "nothing", "-format", "jsonl"}} {
		out := run(t, t.TempDir(), environment(srv), "export", append(args, "-quiet", "-o", "-")...)
		require.Zero(t, out.status, out.stderr)
		assert.Equal(t, "pmpsmart export: nothing has a field nothing: the column is empty\n", out.stderr, "%q", args)
	}
}
