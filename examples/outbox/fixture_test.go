package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// eachDatabase runs a test on SQLite and on PostgreSQL. fresh returns the name of an
// empty database.
func eachDatabase(t *testing.T, f func(t *testing.T, fresh func(testing.TB) string)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		f(t, func(t testing.TB) string { return filepath.Join(t.TempDir(), "outbox.db") })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		f(t, newPostgres)
	})
}

// A fixture is the service in this process, before a sandbox of its own.
type fixture struct {
	*service
	t       *testing.T
	sandbox *pmpsmarttest.Server
	url     string
	client  *pmpsmart.Client
}

// testConfig has waits that no test notices.
func testConfig(database string) config {
	return config{addr: "127.0.0.1:0", database: database, workers: 4, maxAttempts: 3, timeout: 5 * time.Second, retryMin: time.Millisecond, retryMax: 10 * time.Millisecond,
		hold: 50 * time.Millisecond, sweep: time.Minute, drain: 10 * time.Second}
}

// newFixture returns a service whose jobs nobody works until start.
func newFixture(t *testing.T, cfg config, opts ...pmpsmart.Option) *fixture {
	t.Helper()
	f := &fixture{t: t, sandbox: pmpsmarttest.NewServer(pmpsmarttest.WithEmpty())}
	logger := slog.New(slog.DiscardHandler)
	t.Cleanup(func() { f.sandbox.Close() })
	db, err := openDatabase(t.Context(), cfg, logger)
	if err != nil {
		t.Fatal(err)
	}
	f.client = f.sandbox.Client(append([]pmpsmart.Option{
		pmpsmart.WithLocker(markedLocker{db.locker()}), pmpsmart.WithTokenStore(db.tokens()),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1, MinWait: time.Millisecond, MaxWait: time.Millisecond}),
	}, opts...)...)
	telemetry, err := newTelemetry(false)
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(cfg, db, f.client, logger, telemetry)
	if err := db.open(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := telemetry.observe(db); err != nil {
		t.Fatal(err)
	}
	f.service = &service{cfg: cfg, db: db, sender: s, logger: logger}
	server := httptest.NewServer(f.handler())
	f.url = server.URL
	t.Cleanup(func() { server.Close(); db.close() })
	return f
}

// start begins to send.
func (f *fixture) start() *fixture {
	f.t.Helper()
	if err := f.db.start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { f.stop(5 * time.Second) })
	return f
}

func (f *fixture) stop(most time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.t.Context()), most)
	defer cancel()
	if err := f.db.stop(ctx); err != nil {
		f.t.Error(err)
	}
}

// post posts an order and returns its path.
func (f *fixture) post(code, data string) string {
	f.t.Helper()
	return f.url + mustCall(f.t, http.StatusAccepted, "POST", f.url+"/orders", body(code, data)).location
}

func body(code, data string) string {
	return fmt.Sprintf(`{"code":%q,"status":"completed","data":%s}`, code, data)
}

// becomes waits until the order at a path has a state, and returns it.
func (f *fixture) becomes(state, path string) orderResponse {
	f.t.Helper()
	var o orderResponse
	if !soon(func() bool {
		o = mustCall(f.t, http.StatusOK, "GET", path, "").order
		return o.State == state
	}) {
		f.t.Fatalf("%s is %s, not %s: %s", path, o.State, state, o.Reason)
	}
	return o
}

// row returns an order as it is in the database.
func (f *fixture) row(code string) (o order) {
	f.t.Helper()
	err := f.db.read(f.t.Context(), func(t tx) (err error) { o, err = getOrder(f.t.Context(), t, code); return err })
	if err != nil {
		f.t.Fatal(err)
	}
	return o
}

// exec does something behind the service's back.
func (f *fixture) exec(statement string, args ...any) {
	f.t.Helper()
	err := f.db.inTx(f.t.Context(), func(t tx) error { _, err := t.exec(f.t.Context(), statement, args...); return err })
	if err != nil {
		f.t.Fatal(err)
	}
}

// jobState returns the state of an order's job.
func (f *fixture) jobState(code string) string {
	f.t.Helper()
	var found []string
	err := f.db.read(f.t.Context(), func(t tx) (err error) {
		found, err = collect(f.t.Context(), t, func(s *string) []any { return []any{s} },
			"SELECT CAST(j.state AS text) FROM river_job j JOIN outbox_orders o ON o.job_id = j.id WHERE o.code = $1", code)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// refuse makes the sandbox answer the next requests of an op with a status.
func (f *fixture) refuse(op string, status, times int, header ...string) {
	for range times {
		fault := pmpsmarttest.Fault{Op: op, Kind: pmpsmarttest.FaultAnswer, Status: status, Header: http.Header{}}
		if len(header) == 2 {
			fault.Header.Set(header[0], header[1])
		}
		f.sandbox.Fail(fault)
	}
}
