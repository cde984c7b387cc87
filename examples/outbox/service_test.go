package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
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

func TestSent(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t))).start()
		path := f.post("A/1 é", `{"total":12345678901234567890.10,"kode":"<b>"}`)
		o := f.becomes(sent, path)
		if o.Attempts != 1 || o.Reason != "" || o.SentAt == nil || o.NextTry != nil || o.RemoteID == nil {
			t.Errorf("%+v", o)
		}
		if string(o.Data) != `{"total":12345678901234567890.10,"kode":"<b>"}` {
			t.Errorf("the data is %s", o.Data)
		}
		if got := f.jobState("A/1 é"); got != "completed" {
			t.Errorf("its job is %s", got)
		}
		if all := f.sandbox.JSONOrders(); len(all) != 1 || all[0].Code != "A/1 é" || all[0].ID != *o.RemoteID {
			t.Errorf("PMP Smart has %+v", all)
		}
		mustCall(t, http.StatusConflict, "POST", path+"/retry", "")
		mustCall(t, http.StatusConflict, "PUT", path, `{"status":"completed","data":{}}`)
		mustCall(t, http.StatusOK, "PUT", path, `{"status":"completed","data":{"kode":"<b>", "total":12345678901234567890.10}}`)
	})
}

func TestRefusedMendedSent(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t))).start()
		f.refuse("InsertJSONOrder", http.StatusUnprocessableEntity, 1)
		path := f.post("A", `{"v":1}`)
		o := f.becomes(parked, path)
		if !strings.Contains(o.Reason, "422") || o.Attempts != 1 || o.NextTry != nil {
			t.Errorf("%+v", o)
		}
		if got := f.jobState("A"); got != "completed" {
			t.Errorf("its job is %s", got)
		}
		mustCall(t, http.StatusUnprocessableEntity, "PUT", path, `{"status":"","data":{"v":2}}`)
		mustCall(t, http.StatusBadRequest, "PUT", path, `{"code":"B","status":"completed","data":{"v":2}}`)
		mustCall(t, http.StatusNotFound, "PUT", f.url+"/orders/B", `{"status":"completed","data":{"v":2}}`)
		mustCall(t, http.StatusAccepted, "PUT", path, `{"status":"done","data":{"v":2}}`)
		f.becomes(sent, path)
		all := f.sandbox.JSONOrders()
		if len(all) != 1 || string(all[0].Data) != `{"v":2}` || all[0].Status != "done" {
			t.Errorf("PMP Smart has %+v", all)
		}
		if o := f.row("A"); o.version != 2 || !o.created {
			t.Errorf("%+v", o)
		}
	})
}

// An order of somebody else's under the code is a refusal, never taken for ours.
func TestAnotherOrderOfThatCode(t *testing.T) {
	t.Parallel()
	f := newFixture(t, testConfig(filepath.Join(t.TempDir(), "outbox.db"))).start()
	f.sandbox.AddJSONOrders(pmpsmart.JSONOrder{Code: "A", Status: "completed", Data: []byte(`{"v":1}`)}, pmpsmart.JSONOrder{Code: "B", Status: "draft", Data: []byte(`{"v":1}`)})
	a, b := f.post("A", `{"v":2}`), f.post("B", `{"v":1}`)
	if o := f.becomes(parked, a); !strings.Contains(o.Reason, "other data") {
		t.Errorf("%+v", o)
	}
	if o := f.becomes(parked, b); !strings.Contains(o.Reason, `"draft"`) {
		t.Errorf("%+v", o)
	}
	mustCall(t, http.StatusAccepted, "PUT", a, `{"status":"completed","data":{"v":1}}`)
	f.becomes(sent, a)
	if o := f.row("A"); o.created {
		t.Error("it says that it made somebody else's order")
	}
	if all := f.sandbox.JSONOrders(); len(all) != 2 {
		t.Errorf("PMP Smart has %+v", all)
	}
}

func TestEveryAttemptFails(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t))).start()
		f.refuse("FilterJSONOrders", http.StatusInternalServerError, 3)
		path := f.post("A", `{"v":1}`)
		if o := f.becomes(parked, path); !strings.HasPrefix(o.Reason, "3 attempts have failed; the last: pmpsmart: EnsureJSONOrder: look up: 500") || o.Attempts != 3 {
			t.Errorf("%+v", o)
		}
		mustCall(t, http.StatusAccepted, "POST", path+"/retry", "")
		if o := f.becomes(sent, path); o.Attempts != 1 || o.Reason != "" {
			t.Errorf("%+v", o)
		}
	})
}

// In maintenance, and while the account is locked out, orders wait and lose no attempts.
func TestHeld(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t))).start()
		f.sandbox.Down(0)
		path := f.post("A", `{"v":1}`)
		eventually(t, "it was tried twice", func() bool { return len(f.sandbox.Requests()) > 2 })
		var o orderResponse
		eventually(t, "it waits", func() bool {
			o = mustCall(t, http.StatusOK, "GET", path, "").order
			return o.State == waiting
		})
		if !strings.Contains(o.Reason, "503") || o.Attempts != 0 || o.NextTry == nil {
			t.Errorf("%+v", o)
		}
		f.sandbox.Up()
		if o := f.becomes(sent, path); o.Attempts != 1 {
			t.Errorf("%+v", o)
		}
	})
}

// One order that meets a maintenance spares the server the others; a person need not
// wait for its end.
func TestHeldForAll(t *testing.T) {
	t.Parallel()
	f := newFixture(t, testConfig(filepath.Join(t.TempDir(), "outbox.db"))).start()
	f.sandbox.Down(10 * time.Minute)
	first := f.post("A", `{"v":1}`)
	eventually(t, "it waits", func() bool {
		return strings.Contains(mustCall(t, http.StatusOK, "GET", first, "").order.Reason, "10m0s")
	})
	before := len(f.sandbox.Requests())
	f.sandbox.Up()
	second := f.post("B", `{"v":1}`)
	var o orderResponse
	eventually(t, "the other waits too", func() bool {
		o = mustCall(t, http.StatusOK, "GET", second, "").order
		return strings.Contains(o.Reason, "10m0s")
	})
	if wait := time.Until(*o.NextTry); wait < 9*time.Minute || wait > 13*time.Minute || len(f.sandbox.Requests()) != before {
		t.Errorf("it waits %s, after %d requests", wait, len(f.sandbox.Requests())-before)
	}
	eventually(t, "their jobs are scheduled", func() bool { return f.jobState("A") == "scheduled" && f.jobState("B") == "scheduled" })
	mustCall(t, http.StatusAccepted, "POST", second+"/retry", "")
	f.becomes(sent, second)
	if o := f.row("A"); o.state != waiting {
		t.Errorf("%+v", o)
	}
}

func TestNotLetIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, testConfig(filepath.Join(t.TempDir(), "outbox.db")), pmpsmart.WithCredentials(pmpsmarttest.Email, "salah")).start()
	path := f.post("A", `{"v":1}`)
	eventually(t, "it waits with a reason", func() bool {
		o := mustCall(t, http.StatusOK, "GET", path, "").order
		return o.State == waiting && strings.Contains(o.Reason, "login") && o.Attempts == 0
	})
}

// An attempt that is under way when the process ends is given back, and counts not.
func TestGivenBackAtTheEnd(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		cfg := testConfig(fresh(t))
		cfg.timeout = time.Minute
		f := newFixture(t, cfg)
		f.sandbox.Fail(pmpsmarttest.Fault{Op: "FilterJSONOrders", Kind: pmpsmarttest.FaultDelay, Wait: time.Hour})
		path := f.post("A", `{"v":1}`)
		if err := f.db.start(); err != nil {
			t.Fatal(err)
		}
		f.becomes(sending, path)
		f.stop(50 * time.Millisecond)
		if o := f.row("A"); o.state != waiting || o.attempts != 0 {
			t.Errorf("%+v", o)
		}
		if got := f.jobState("A"); got != "available" {
			t.Errorf("its job is %s", got)
		}
	})
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	cfg := testConfig(filepath.Join(t.TempDir(), "outbox.db"))
	cfg.timeout = time.Minute
	f := newFixture(t, cfg).start()
	f.sandbox.Fail(pmpsmarttest.Fault{Op: "FilterJSONOrders", Kind: pmpsmarttest.FaultDelay, Wait: time.Hour})
	path := f.post("A", `{"v":1}`)
	f.becomes(sending, path)
	if _, err := f.db.(*sqliteDatabase).river.JobCancel(t.Context(), f.row("A").jobID); err != nil {
		t.Fatal(err)
	}
	if o := f.becomes(parked, path); !strings.Contains(o.Reason, "its job was canceled") {
		t.Errorf("%+v", o)
	}
}

// A job that a later one has replaced does nothing.
func TestJobOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	f := newFixture(t, testConfig(filepath.Join(t.TempDir(), "outbox.db")))
	path := f.post("A", `{"v":1}`)
	f.exec("UPDATE outbox_orders SET version = 2, state = 'parked', reason = 'mended by hand'")
	f.start()
	eventually(t, "the job is done", func() bool { return f.jobState("A") == "completed" })
	if o := f.becomes(parked, path); o.Attempts != 0 || o.Reason != "mended by hand" || len(f.sandbox.Requests()) != 0 {
		t.Errorf("%+v", o)
	}
}

// The sweep finds what nobody works on, and leaves alone what somebody does.
func TestSweep(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		job := func(code, change string) {
			f.exec("UPDATE river_job SET "+change+" WHERE id = (SELECT job_id FROM outbox_orders WHERE code = $1)", code)
		}
		old := "'2026-01-02 03:04:05.000'"
		finalized := ", finalized_at = " + old
		steps := []struct {
			code      string
			state     string // of the order
			attempts  int
			job       string // what becomes of its job
			wantState string
			version   int    // afterwards
			wantJob   string // the state of its job then
		}{
			{"lost", waiting, 0, "", waiting, 2, "available"},
			{"lost while sending", sending, 1, "", waiting, 2, "available"},
			{"completed", waiting, 1, "state = 'completed'" + finalized, waiting, 2, "available"},
			{"discarded", waiting, 2, "state = 'discarded'" + finalized, parked, 1, "discarded"},
			{"canceled", waiting, 0, "state = 'cancelled'" + finalized, parked, 1, "cancelled"},
			{"died", sending, 1, "state = 'running', attempted_at = " + old, waiting, 2, "available"},
			{"died before it began", waiting, 0, "state = 'running', attempted_at = " + old, waiting, 2, "available"},
			{"died each time", sending, 3, "state = 'running', attempted_at = " + old, parked, 1, "running"},
			{"late", waiting, 1, "state = 'scheduled', scheduled_at = " + old, waiting, 1, "available"},
			{"failed and late", waiting, 1, "state = 'retryable', scheduled_at = " + old, waiting, 1, "available"},
			{"running", sending, 1, "state = 'running', attempted_at = CURRENT_TIMESTAMP", sending, 1, "running"},
			{"in the queue", waiting, 0, "state = 'available'", waiting, 1, "available"},
			{"sent", sent, 1, "state = 'completed'" + finalized, sent, 1, "completed"},
			{"parked", parked, 1, "state = 'completed'" + finalized, parked, 1, "completed"},
		}
		for _, s := range steps {
			f.post(s.code, `{"v":1}`)
			f.exec("UPDATE outbox_orders SET state = $2, attempts = $3, next_try = "+old+" WHERE code = $1", s.code, s.state, s.attempts)
			if s.job == "" {
				f.exec("DELETE FROM river_job WHERE id = (SELECT job_id FROM outbox_orders WHERE code = $1)", s.code)
				continue
			}
			job(s.code, s.job)
		}
		f.post("soon", `{"v":1}`)
		f.exec("UPDATE outbox_orders SET next_try = $1 WHERE code = 'soon'", time.Now().Add(time.Hour).UTC())
		job("soon", "state = 'scheduled'")
		for range 2 { // the second time there is nothing more to do
			if err := f.sender.sweepOnce(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				if o := f.row(s.code); o.state != s.wantState || o.version != s.version || f.jobState(s.code) != s.wantJob {
					t.Errorf("%s: %s, version %d, its job %s; want %s, %d, %s", s.code, o.state, o.version, f.jobState(s.code), s.wantState, s.version, s.wantJob)
				}
			}
			if got := f.jobState("soon"); got != "scheduled" {
				t.Errorf("the order whose time has not come has a job that is %s", got)
			}
		}
		f.start()
		for _, s := range steps {
			if s.wantState == waiting {
				f.becomes(sent, f.url+"/orders/"+strings.ReplaceAll(s.code, " ", "%20"))
			}
		}
	})
}

// Both databases keep each order of a code once, whoever posts it when.
func TestPostedAtOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)))
		answers := make(chan string)
		for n := range 10 {
			go func() {
				got, err := call(t.Context(), "POST", f.url+"/orders", body("A", fmt.Sprintf(`{"v":%d}`, n%2)))
				answers <- fmt.Sprint(got.status, err)
			}()
		}
		counts := map[string]int{}
		for range 10 {
			counts[<-answers]++
		}
		if counts["202 <nil>"] != 5 || counts["409 <nil>"] != 5 {
			t.Errorf("%v", counts)
		}
	})
}

func TestRunsAsItStands(t *testing.T) {
	t.Parallel()
	var stdout strings.Builder
	c := command(nil, "-addr", "127.0.0.1:0")
	c.Stderr = io.Discard
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	buffer := make([]byte, 4096)
	for !strings.Contains(stdout.String(), "Ctrl-C ends it.") {
		n, err := pipe.Read(buffer)
		if err != nil {
			t.Fatal(err, stdout.String())
		}
		stdout.Write(buffer[:n])
	}
	for _, want := range []string{"Sending orders to a sandbox in this process", "a temporary file, gone at the end"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, stdout.String())
		}
	}
}
