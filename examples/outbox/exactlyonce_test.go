package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // reads PostgreSQL

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A trial is how hard the service is tried.
type trial struct {
	processes, orders, kills int
	outages                  int // maintenances of PMP Smart
	clients                  int
	options                  []string
}

// The short form is for every run, the long one for PMPSMART_LONG=1.
func newTrial() trial {
	t := trial{processes: 2, orders: 150, kills: 2, outages: 1, clients: 12,
		options: []string{"-timeout=2s", "-retry-min=50ms", "-retry-max=1s", "-hold=300ms", "-sweep=400ms", "-max-attempts=100"}}
	if long {
		t.processes, t.orders, t.kills, t.outages = 3, 3000, 10, 4
		t.options = []string{"-timeout=8s", "-retry-min=100ms", "-retry-max=4s", "-hold=500ms", "-sweep=1s", "-max-attempts=100"}
	}
	return t
}

// Processes that share a PostgreSQL bring each order to PMP Smart once, though they are
// killed and a fifth of PMP Smart's answers go wrong.
func TestExactlyOnceOnPostgreSQL(t *testing.T) {
	t.Parallel()
	url := newPostgres(t)
	newTrial().run(t, url, func() (*sql.DB, error) { return sql.Open("pgx", url) })
}

// The same of those that share a SQLite file.
func TestExactlyOnceOnSQLite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "outbox.db")
	newTrial().run(t, file, func() (*sql.DB, error) {
		return sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(30000)")
	})
}

func (c trial) run(t *testing.T, database string, open func() (*sql.DB, error)) {
	began := time.Now()
	sandbox := pmpsmarttest.NewServer(pmpsmarttest.WithEmpty(), pmpsmarttest.WithStyle(pmpsmarttest.Paginated),
		pmpsmarttest.WithRandomFaults(7, map[pmpsmarttest.FaultKind]float64{
			pmpsmarttest.FaultLostAnswer: .06, pmpsmarttest.FaultReset: .05, pmpsmarttest.FaultAnswer: .05,
		}))
	defer sandbox.Close()
	var asked, busy atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%25 == 0 {
			busy.Add(1)
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		sandbox.ServeHTTP(w, r)
	}))
	defer front.Close()

	swarm := newSwarm(t, c, account(front.URL+"/api/v1"), append(c.options, "-database="+database))
	posted := swarm.post()
	db, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sentSoFar := func() (n int) {
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM outbox_orders WHERE state = 'sent'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	steps := c.kills + c.outages
	for step := range steps {
		until := c.orders * (step + 1) / 2 / steps
		waitLong(t, fmt.Sprintf("%d orders are sent", until), func() bool { return sentSoFar() >= until })
		if step%((steps+c.outages-1)/c.outages) == 0 {
			sandbox.Down(time.Second)
			time.AfterFunc(time.Second, sandbox.Up)
			continue
		}
		swarm.killOne(step)
	}
	<-posted
	waitLong(t, "every order is sent", func() bool { return sentSoFar() >= c.orders })
	took := time.Since(began)

	checkRecords(t, db, sandbox, c.orders)
	for _, p := range swarm.all() {
		p.end()
	}
	checkRecords(t, db, sandbox, c.orders)
	t.Logf("%d orders by %d processes in %.1f s: %d posts (%d gave up, %d refused for the moment), %d kills, %d outages, %d requests to PMP Smart, %d of them answered 503 in front of it",
		c.orders, c.processes, took.Seconds(), swarm.posts.Load(), swarm.gaveUp.Load(), swarm.failed.Load(), c.kills, c.outages, asked.Load(), busy.Load())
}

// checkRecords compares the two sides: the service's database by SQL, and what PMP
// Smart has.
func checkRecords(t *testing.T, db *sql.DB, sandbox *pmpsmarttest.Server, orders int) {
	t.Helper()
	there := map[string]int{}
	for _, o := range sandbox.JSONOrders() {
		there[o.Code]++
		if in := (pmpsmart.JSONOrderInput{Code: o.Code, Data: []byte(dataOf(o.Code)), Status: pmpsmart.JSONOrderCompleted}); !o.Matches(in) {
			t.Errorf("PMP Smart has %s with %s", o.Code, o.Data)
		}
	}
	for n := range orders {
		if code := codeOf(n); there[code] != 1 {
			t.Errorf("PMP Smart has %s %d times", code, there[code])
		}
	}
	if len(there) != orders {
		t.Errorf("PMP Smart has %d codes of %d orders", len(there), orders)
	}
	count := func(want int, query string) {
		t.Helper()
		var n int
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != want {
			t.Errorf("%s: %d, %v; want %d", query, n, err, want)
		}
	}
	count(orders, "SELECT count(*) FROM outbox_orders WHERE state = 'sent'")
	count(0, "SELECT count(*) FROM outbox_orders WHERE state <> 'sent'")
	count(0, "SELECT count(*) FROM outbox_orders o LEFT JOIN river_job j ON j.id = o.job_id WHERE j.id IS NULL OR j.state NOT IN ('completed', 'running', 'retryable', 'available')")
}

func codeOf(n int) string { return fmt.Sprintf("ORD/%05d é", n) }
func dataOf(code string) string {
	return fmt.Sprintf(`{"kode":%q,"total":12345678901234567890.10,"items":[]}`, code)
}

func waitLong(t *testing.T, what string, met func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Minute); !met(); <-tick.C {
		if t.Failed() || time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
