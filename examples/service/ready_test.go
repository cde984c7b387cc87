package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A good answer to any request makes a service ready that waits for minutes after
// it was denied access.
func TestGoodAnswerMakesReady(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/orders/7", "/orders?limit=1", "/orders?user_id=999999"} {
		s, sandbox := newTestService(t, config{})
		var log strings.Builder
		s.logger = newLogger(&log, false)
		// After a login that is denied the client itself would wait.
		sandbox.Fail(pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultAnswer, Status: 403})
		warm := make(chan struct{})
		go func() {
			s.warmUp(t.Context())
			close(warm)
		}()
		eventually(t, "it is denied access", func() bool { return sandbox.Unmet() == nil })
		if w := get(s, "/readyz"); w.Code != http.StatusServiceUnavailable {
			t.Errorf("/readyz is %d after it was denied access", w.Code)
		}
		if w := get(s, path); w.Code != http.StatusOK {
			t.Errorf("%s is %d %s", path, w.Code, w.Body)
		}
		if w := get(s, "/readyz"); w.Code != http.StatusOK {
			t.Errorf("/readyz is %d after %s was 200", w.Code, path)
		}
		select {
		case <-warm:
		case <-time.After(30 * time.Second):
			t.Error("it still waits to ask again")
		}
		if n := strings.Count(log.String(), "msg=ready"); n != 1 {
			t.Errorf("it said %d times that it is ready:\n%s", n, log.String())
		}
	}
}

// Nothing but a good answer of PMP Smart makes a service ready, and nothing does
// once it drains.
func TestWhatDoesNotMakeReady(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	sandbox.Fail(answer(500)...)
	for _, path := range []string{"/healthz", "/debug/telemetry", "/no-such-page", "/orders?limit=0", "/orders/7", "/orders/99999"} {
		get(s, path)
		if w := get(s, "/readyz"); w.Code != http.StatusServiceUnavailable {
			t.Errorf("/readyz is %d after %s", w.Code, path)
		}
	}
	s.state.Store(draining)
	if w := get(s, "/orders/7"); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	if w := get(s, "/readyz"); !strings.Contains(w.Body.String(), "draining") {
		t.Errorf("/readyz is %s", w.Body)
	}
}

// A warm-up that ends at the same time as a request makes the service ready once.
func TestReadyOnce(t *testing.T) {
	t.Parallel()
	s, _ := newTestService(t, config{}, pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan struct{})
	for range 4 {
		go func() { s.warmUp(ctx); done <- struct{}{} }()
		go func() { get(s, "/orders/7"); done <- struct{}{} }()
	}
	for range 8 {
		<-done
	}
	if w := get(s, "/readyz"); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
}
