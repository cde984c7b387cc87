package main_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/testpostgres"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// mirrorOrders is what a mirror holds of orders that have not vanished, by their id: a
// row as SQL has it, without when it was seen.
func mirrorOrders(t *testing.T, name string) map[int64]string {
	t.Helper()
	db := openMirror(t, name)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT id, kode_order, status, date_order, user_id, outlet_id, created_at, extra FROM orders WHERE vanished_at IS NULL`)
	require.NoError(t, err)
	defer rows.Close()
	all := map[int64]string{}
	for rows.Next() {
		var id, user, outlet int64
		var code, status, extra string
		var date pmpsmart.Date
		var created any
		require.NoError(t, rows.Scan(&id, &code, &status, &date, &user, &outlet, &created, &extra))
		if at, ok := created.(time.Time); ok {
			created = at.UTC().Format("2006-01-02T15:04:05.000000Z")
		}
		all[id] = fmt.Sprint(code, status, date, user, outlet, created, strings.ReplaceAll(extra, " ", ""))
	}
	require.NoError(t, rows.Err())
	return all
}

func openMirror(t *testing.T, name string) *sql.DB {
	t.Helper()
	if !mirrordb.IsURL(name) {
		db, err := sql.Open("sqlite", name)
		require.NoError(t, err)
		return db
	}
	config, err := pgx.ParseConfig(name)
	require.NoError(t, err)
	return stdlib.OpenDB(*config)
}

// serverOrders is the same of what a server holds.
func serverOrders(srv *pmpsmarttest.Server) map[int64]string {
	all := map[int64]string{}
	for _, o := range srv.Orders() {
		all[o.ID] = orderRow(&o)
	}
	return all
}

func orderRow(o *pmpsmart.Order) string {
	return fmt.Sprint(o.Code, o.Status, o.Date, o.UserID, o.OutletID, o.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000Z"), o.Extra)
}

// requireSame compares what would fill pages if it were printed.
func requireSame(t *testing.T, want, got map[int64]string) {
	t.Helper()
	if maps.Equal(want, got) {
		return
	}
	for id, row := range want {
		require.Equal(t, row, got[id], "order %d of %d; the mirror has %d", id, len(want), len(got))
	}
	t.Fatalf("want %d orders, got %d", len(want), len(got))
}

// anywhere runs a test on each database.
func anywhere(t *testing.T, test func(t *testing.T, name string)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), "pmpsmart.db"))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, testpostgres.Start(t).URL("mirror"))
	})
}

type mirrorResult struct {
	Database string
	Kinds    map[string]map[string]any
}

func mirrorCounts(t *testing.T, o outcome) map[string]map[string]any {
	t.Helper()
	require.Equal(t, 0, o.status, o.stderr)
	var r mirrorResult
	require.NoError(t, json.Unmarshal([]byte(o.stdout), &r), o.stdout)
	return r.Kinds
}

// Many orders of which one in a hundred changes: only the days of the lookback are asked
// for, and what changed is right. Killed at any moment and run again, the mirror is as
// the server.
func TestMirrorOfManyOrders(t *testing.T) {
	t.Parallel()
	orders, times := 4000, 3
	if testserver.Long(t) {
		orders, times = 200_000, 10
	}
	anywhere(t, func(t *testing.T, name string) {
		srv := newServer(t, pmpsmarttest.WithSeed(orders), pmpsmarttest.WithSeedEnd(today()))
		env, args := environment(srv), []string{"-db", name, "-json", "-kinds", "orders,visits,json_orders"}
		random := rand.New(rand.NewPCG(rand.Uint64(), 1)) //nolint:gosec // a test

		began := time.Now()
		counts := mirrorCounts(t, runLong(t, env, args...))
		t.Logf("the first pass over %d orders took %s", orders, time.Since(began))
		require.EqualValues(t, orders, counts["orders"]["new"])
		first := today().AddDays(-7)
		server := serverOrders(srv)
		requireSame(t, server, mirrorOrders(t, name))
		recent := slices.DeleteFunc(srv.Orders(), func(o pmpsmart.Order) bool { return o.Date.Before(first) })
		for range times {
			want := changeOrders(srv, server, random, recent, orders/100)
			srv.ClearRequests()
			p := start(t, t.TempDir(), env, nil, "mirror", args...)
			// At once, while it reads, or while it writes.
			time.Sleep(time.Duration(random.IntN(150)) * time.Millisecond) //nolint:forbidigo // at any moment
			p.kill()
			counts := mirrorCounts(t, runLong(t, env, args...))
			require.LessOrEqual(t, counts["orders"]["changed"], float64(want))
			requireSame(t, server, mirrorOrders(t, name))
			for _, r := range srv.Requests() {
				var filter struct {
					Date pmpsmart.Date `json:"date_order"`
				}
				require.NoError(t, json.Unmarshal([]byte(r.Body+map[bool]string{true: "{}"}[r.Body == ""]), &filter))
				if r.Op == "ListOrders" {
					require.False(t, filter.Date.Before(first), "asked for %s", r.Body)
				}
				require.NotEqual(t, "GetOrder", r.Op)
			}
		}
	})
}

func today() pmpsmart.Date { return pmpsmart.Today(pmpsmart.WIB) }

// changeOrders gives some orders another status, on the server and in server.
func changeOrders(srv *pmpsmarttest.Server, server map[int64]string, random *rand.Rand, of []pmpsmart.Order, n int) int {
	changed := map[int64]bool{}
	for range n {
		o := of[random.IntN(len(of))]
		o.Status = pmpsmart.OrderStatus([]string{"open", "complete", "cancel"}[random.IntN(3)])
		server[o.ID] = orderRow(&srv.AddOrders(pmpsmarttest.Order{Order: o})[0])
		changed[o.ID] = true
	}
	return len(changed)
}

// runLong runs a program that may take minutes on a busy machine.
func runLong(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	p := start(t, t.TempDir(), env, nil, "mirror", args...)
	select {
	case <-p.ended:
	case <-time.After(10 * patience):
	}
	return p.wait()
}

// kill ends the program as a power cut does, if it has not ended.
func (p *process) kill() {
	p.t.Helper()
	_ = p.cmd.Process.Kill()
	p.wait()
}

// A first pass that is killed over and over is whole in the end.
func TestMirrorKilledInItsFirstPass(t *testing.T) {
	t.Parallel()
	anywhere(t, func(t *testing.T, name string) {
		srv := newServer(t, pmpsmarttest.WithSeed(20_000))
		env := environment(srv)
		random := rand.New(rand.NewPCG(rand.Uint64(), 1)) //nolint:gosec // a test
		times := 2
		if testserver.Long(t) {
			times = 20
		}
		for range times {
			p := start(t, t.TempDir(), env, nil, "mirror", "-db", name, "-kinds", "orders")
			time.Sleep(time.Duration(50+random.IntN(700)) * time.Millisecond) //nolint:forbidigo // at any moment
			p.kill()
		}
		mirrorCounts(t, runLong(t, env, "-db", name, "-json", "-full"))
		requireSame(t, serverOrders(srv), mirrorOrders(t, name))
	})
}

// One run works on a mirror at a time; the other says so.
func TestMirrorTwiceAtOnce(t *testing.T) {
	t.Parallel()
	anywhere(t, func(t *testing.T, name string) {
		srv := newServer(t)
		env, reached := newGate(t, srv, "order", 1)
		p := start(t, t.TempDir(), env, nil, "mirror", "-db", name)
		p.until("it reads the orders", isClosed(reached))
		second := run(t, t.TempDir(), env, "mirror", "-db", name)
		assert.Equal(t, 1, second.status)
		assert.Contains(t, second.stderr, "another run is at work on "+name)
		out := p.signal(syscall.SIGTERM)
		assert.Equal(t, 130, out.status)
		assert.Contains(t, out.stderr, "stopped; what was read is kept")
		mirrorCounts(t, run(t, t.TempDir(), env, "mirror", "-db", name, "-json"))
	})
}

// A list that takes longer than the server's limit allows is read in several runs, each
// of which goes on where the one before it was.
func TestMirrorUnderALimit(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	srv := newServer(t, pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithPerPage(3), pmpsmarttest.WithRateLimit(30),
		pmpsmarttest.WithClock(func() time.Time { return time.Unix(1_770_000_000+now.Load(), 0) }))
	dir, requests := t.TempDir(), 0
	for runs := 1; ; runs++ {
		srv.ClearRequests()
		out := run(t, dir, environment(srv), "mirror", "-kinds", "orders", "-patience", "0s", "-tokens", "tokens")
		for _, r := range srv.Requests() {
			if r.Status == http.StatusOK && r.Op == "ListOrders" {
				requests++
			}
		}
		if out.status == 0 {
			require.Greater(t, runs, 1)
			break
		}
		require.Equal(t, 4, out.status, out.stderr)
		require.Less(t, runs, 10)
		now.Add(61)
	}
	require.Less(t, requests, 80+20, "of 80 pages")
	requireSame(t, serverOrders(srv), mirrorOrders(t, filepath.Join(dir, "pmpsmart.db")))
}

func TestMirrorStatuses(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	env, dir := environment(srv), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "orders.csv"), []byte("id\n1\n"), 0o600))
	for _, c := range []struct {
		args   []string
		status int
		stderr string
	}{
		{[]string{"-db", "orders.csv"}, 2, "orders.csv is not a database of SQLite; it is left as it is"},
		{[]string{"-o", "none/pmpsmart.db"}, 2, "there is no folder none"},
		{[]string{"-kinds", "orders,photos"}, 2, `-kinds has "photos"; want some of outlets, salespeople, orders, visits, json_orders`},
		{[]string{"-to", "2026-02-02"}, 2, "-to needs -from"},
		{[]string{"-watch", "-from", "2026-02-01", "-to", "2026-02-02"}, 2, "-watch never ends, and -to is a last day"},
		{[]string{"-watch", "-every", "1ms"}, 2, "-every is 1ms; want at least 1s"},
		{[]string{"-db", "postgres://kasir:rahasia@127.0.0.1:1/toko"}, 4, "can't open postgres://kasir@127.0.0.1:1/toko"},
	} {
		out := run(t, dir, env, "mirror", c.args...)
		assert.Equal(t, c.status, out.status, c.args)
		assert.Contains(t, out.stderr, c.stderr)
		assert.NotContains(t, out.stderr, "rahasia")
	}
	other := newServer(t)
	require.Equal(t, 0, run(t, dir, env, "mirror").status)
	out := run(t, dir, environment(other), "mirror")
	assert.Equal(t, 2, out.status)
	assert.Contains(t, out.stderr, "pmpsmart.db is the mirror of "+srv.URL+" as "+pmpsmarttest.Email+", and this run reads "+other.URL)
}

// A salespeople's list that the account may not see keeps nothing else from being read.
func TestMirrorOfWhatIsAllowed(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "ListSalesUsers", Kind: pmpsmarttest.FaultAnswer, Status: 403}))
	dir := t.TempDir()
	out := run(t, dir, environment(srv), "mirror", "-json")
	assert.Equal(t, 3, out.status)
	assert.Contains(t, out.stderr, "the others are read")
	requireSame(t, serverOrders(srv), mirrorOrders(t, filepath.Join(dir, "pmpsmart.db")))
	assert.True(t, json.Valid([]byte(out.stdout)))
}

// A mirror is called up to date only if all of it was read.
func TestMirrorThatIsNotUpToDate(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	dir := t.TempDir()
	out := run(t, dir, environment(srv), "mirror")
	require.Equal(t, 0, out.status, out.stderr)
	assert.Contains(t, out.stdout, "pmpsmart.db is up to date (")
	srv.Fail(pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultAnswer, Status: 403})
	out = run(t, dir, environment(srv), "mirror")
	assert.Equal(t, 3, out.status)
	assert.Contains(t, out.stdout, "pmpsmart.db is not up to date (")
}

// -watch tells of what changes, survives a server that is away, and ends when it is told.
func TestMirrorWatch(t *testing.T) {
	t.Parallel()
	anywhere(t, func(t *testing.T, name string) {
		srv := newServer(t, pmpsmarttest.WithSeedEnd(today()))
		var down atomic.Bool
		gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				panic(http.ErrAbortHandler)
			}
			srv.ServeHTTP(w, r)
		}))
		defer gate.Close()
		env := append(environment(srv), "PMPSMART_BASE_URL="+gate.URL+"/api/v1")
		p := start(t, t.TempDir(), env, nil, "mirror", "-db", name, "-watch", "-every", "1s", "-lists-every", "1s", "-patience", "0s", "-kinds", "orders,outlets")
		seen := func(text string) func() bool {
			return func() bool { return strings.Contains(p.stdout.String(), text) }
		}
		last := srv.Orders()[239]
		p.until("it has read all", func() bool { return strings.Count(p.stdout.String(), `"change":"new"`) == 240+120 })
		client := srv.Client()
		set := func(status pmpsmart.OrderStatus) {
			_, err := client.UpdateOrderStatus(t.Context(), last.ID, status)
			require.NoError(t, err)
		}
		set(pmpsmart.OrderComplete)
		set(pmpsmart.OrderOpen)
		p.until("it tells of the order", seen(fmt.Sprintf(`{"kind":"orders","change":"changed","id":%d,"code":"%s"`, last.ID, last.Code)))
		down.Store(true)
		p.until("it says that the server is away", func() bool { return strings.Contains(p.stderr.String(), "trying again every 1s") })
		_, err := client.UpdateOutletCode(t.Context(), 7, "BARU-7")
		require.NoError(t, err)
		down.Store(false)
		p.until("it tells of the outlet", seen(`"before":{"kode_outlet":"OUT-007"`))
		out := p.signal(os.Interrupt)
		assert.Equal(t, 130, out.status, out.stderr)
		lines := bufio.NewScanner(strings.NewReader(out.stdout))
		for lines.Scan() {
			require.True(t, json.Valid(lines.Bytes()), lines.Text())
		}
		requireSame(t, serverOrders(srv), mirrorOrders(t, name))
	})
}

// A PostgreSQL that is started anew is waited for.
func TestMirrorWatchOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithSeedEnd(today()))
	database := testpostgres.Start(t)
	p := start(t, t.TempDir(), environment(srv), nil, "mirror", "-db", database.URL("mirror"), "-watch", "-every", "1s", "-kinds", "orders")
	p.until("it has read all", func() bool { return strings.Count(p.stdout.String(), `"change":"new"`) == 240 })
	database.Stop()
	p.until("it says that the database is away", func() bool { return strings.Contains(p.stderr.String(), "trying again every 1s") })
	database.Up()
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: 900, Code: "PMP-900", Date: today()}})
	p.until("it goes on", func() bool { return strings.Contains(p.stdout.String(), `"code":"PMP-900"`) })
	assert.Equal(t, 130, p.signal(syscall.SIGTERM).status)
	assert.Equal(t, "241", database.SQL("mirror", "SELECT count(*) FROM orders"))
}
