package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// Only GET reads, and only reading is done here. The answer says so, and has a
// trace by which the log is found.
func TestOtherMethods(t *testing.T) {
	t.Parallel()
	s, _ := newTestService(t, config{})
	for _, path := range []string{"/orders", "/orders/7", "/healthz", "/readyz", "/debug/telemetry"} {
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, nil))
		var got struct{ Error problem }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err, w.Body)
		}
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || got.Error.Code != "wrong_method" || got.Error.TraceID == "" {
			t.Errorf("POST %s is %d, Allow %q, %s", path, w.Code, w.Header().Get("Allow"), w.Body)
		}
	}
	w := httptest.NewRecorder()
	if s.handler().ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/orders", nil)); w.Code != http.StatusOK {
		t.Errorf("HEAD /orders is %d", w.Code)
	}
}

// What can't be JSON is an error in the answer and in the log, with the cause.
func TestAnswerThatCantBeWritten(t *testing.T) {
	t.Parallel()
	s, _ := newTestService(t, config{})
	var log strings.Builder
	s.logger = newLogger(&log, false)
	w := httptest.NewRecorder()
	s.route("odd", func(*http.Request) (any, error) { return math.NaN(), nil }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"code":"internal"`) || !strings.Contains(w.Body.String(), `"trace_id":"`) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "status=500") || !strings.Contains(log.String(), "NaN") {
		t.Errorf("logged %s", log.String())
	}
}

// Trouble is asked after ever more slowly; a refusal, which could lock the account
// when it comes again and again, rarely from the start.
func TestWaitsToGetReady(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	for wait := time.Duration(0); len(waits) < 9; {
		wait = nextWait(pmpsmart.ErrMaintenance, wait)
		waits = append(waits, wait)
	}
	if waits[0] != 500*time.Millisecond || waits[1] != time.Second || waits[8] != 30*time.Second {
		t.Errorf("waits %v after trouble", waits)
	}
	for _, err := range []error{pmpsmart.ErrUnauthorized, pmpsmart.ErrForbidden} {
		if wait := nextWait(err, 0); wait < time.Minute {
			t.Errorf("waits %s after %v", wait, err)
		}
	}
	if wait := nextWait(pmpsmart.ErrServer, deniedWait); wait > time.Minute {
		t.Errorf("waits %s for trouble after a refusal", wait)
	}
}

func TestWrongPasswordIsTriedRarely(t *testing.T) {
	t.Parallel()
	sandbox := pmpsmarttest.NewServer()
	defer sandbox.Close()
	env := append(account(sandbox.URL), "PMPSMART_PASSWORD=keliru")
	r := startReplica(t, env)
	eventually(t, "it says when it asks again", func() bool {
		return strings.Contains(r.text(), `"level":"ERROR","msg":"not ready: PMP Smart does not let this service in;`) &&
			strings.Contains(r.text(), `"again_in":300000000000`)
	})
	if n := len(sandbox.Requests()); n != 1 {
		t.Errorf("it asked %d times", n)
	}
	if strings.Contains(r.text(), "keliru") {
		t.Error("the password is in the log")
	}
	_ = r.cmd.Process.Signal(os.Interrupt)
	<-r.done
	if err := r.cmd.Wait(); err != nil {
		t.Errorf("it does not end while it waits: %v", err)
	}
}

// With Redis away nothing was asked of PMP Smart, and the caller is not told that
// it failed.
func TestRedisIsAway(t *testing.T) {
	t.Parallel()
	sandbox := pmpsmarttest.NewServer()
	defer sandbox.Close()
	r := startReplica(t, account(sandbox.URL), "-redis", freeAddr(t))
	status, body := r.get("/orders/7")
	if status != http.StatusServiceUnavailable || !strings.Contains(body, `"code":"token_store"`) || !strings.Contains(body, "PMP Smart was not asked") {
		t.Errorf("got %d %s", status, body)
	}
	if n := len(sandbox.Requests()); n != 0 {
		t.Errorf("PMP Smart was asked %d times", n)
	}
}

// A mark changes nothing of an error but what it matches.
func TestMark(t *testing.T) {
	t.Parallel()
	if mark(nil) != nil {
		t.Error("no error is one")
	}
	cause := io.ErrUnexpectedEOF
	if err := mark(cause); err.Error() != cause.Error() || !errors.Is(err, cause) || !errors.Is(err, errTokenStore) || errors.Is(err, pmpsmart.ErrServer) {
		t.Errorf("got %v", err)
	}
}

// A sandbox in the process is no other replica's: the greeting says that Redis
// then shares nothing.
func TestRedisBesideASandbox(t *testing.T) {
	t.Parallel()
	telemetry, err := newTelemetry(nowhere, false, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, sandbox := range []bool{true, false} {
		cfg := config{sandbox: sandbox}
		if cfg.redis, err = parseRedis("127.0.0.1:1"); err != nil {
			t.Fatal(err)
		}
		u, err := newUpstream(cfg, slog.New(slog.DiscardHandler), telemetry)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(u.tokens, "shared with nobody") != sandbox {
			t.Errorf("sandbox %v: tokens are kept in %s", sandbox, u.tokens)
		}
		u.close()
	}
}
