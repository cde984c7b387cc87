package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

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
	if o := f.becomes(parked, a); !strings.Contains(o.Reason, `other data: it differs at "/v"`) {
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

// An order that alone is refused as the account would be, by a firewall that does not
// like its data, does not hold up the others for ever, and is parked in the end.
func TestOneOrderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, fresh func(testing.TB) string) {
		f := newFixture(t, testConfig(fresh(t)), pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper { return firewall{next} })).start()
		first := f.post("A", `{"note":"1=1"}`)
		eventually(t, "it is held", func() bool {
			return strings.Contains(mustCall(t, http.StatusOK, "GET", first, "").order.Reason, "403")
		})
		var others []string
		for n := range 10 {
			others = append(others, f.post(fmt.Sprintf("B-%d", n), `{"v":1}`))
		}
		for _, path := range others {
			f.becomes(sent, path)
		}
		if o := f.becomes(parked, first); o.Attempts != 3 || !strings.Contains(o.Reason, "403") || !strings.Contains(o.Reason, "other orders were sent meanwhile") {
			t.Errorf("%+v", o)
		}
	})
}

// A firewall refuses orders that it takes for an attack.
type firewall struct{ next http.RoundTripper }

func (f firewall) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(body), "1=1") {
		return &http.Response{StatusCode: http.StatusForbidden, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return f.next.RoundTrip(r)
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

// Without an account orders that are to be kept would go to a sandbox in silence.
func TestKeptOrdersForASandbox(t *testing.T) {
	t.Parallel()
	const warning = "orders of this database are sent to a sandbox alone"
	p := startProcess(t, nil, "-database", filepath.Join(t.TempDir(), "outbox.db"))
	eventually(t, "it warns", func() bool { return strings.Contains(p.text(), warning) })
}

func TestRunsAsItStands(t *testing.T) {
	t.Parallel()
	var stdout strings.Builder
	temporary := t.TempDir()
	c := command([]string{"TMPDIR=" + temporary}, "-addr", "127.0.0.1:0")
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
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, pipe)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("%v is left behind, %v", left, err)
	}
}
