package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// newTestService is the service in this process, before a sandbox of its own.
func newTestService(t *testing.T, cfg config, opts ...pmpsmart.Option) (*service, *pmpsmarttest.Server) {
	t.Helper()
	sandbox := pmpsmarttest.NewServer(pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	t.Cleanup(func() { sandbox.Close() })
	telemetry, err := newTelemetry(inMemory, true, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.timeout == 0 {
		cfg.timeout = 10 * time.Second
	}
	options := append(instrumented(telemetry, sandbox.URL),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 2, MinWait: time.Millisecond, MaxWait: time.Millisecond}))
	client := sandbox.Client(append(options, opts...)...)
	return newService(cfg, client, slog.New(slog.DiscardHandler), telemetry), sandbox
}

func get(s *service, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestOrders(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	all := sandbox.Orders()
	var open []int64
	for _, o := range all {
		if o.Status == pmpsmart.OrderOpen {
			open = append(open, o.ID)
		}
	}
	for _, test := range []struct {
		query string
		want  []int64
		more  bool
	}{
		{"?limit=1", []int64{all[0].ID}, true},
		{"?status=open&limit=1000", open, false},
		{"?status=open&limit=2", open[:2], true},
		{"?user_id=999999", nil, false},
		{"?status=&user_id=999999", nil, false},
	} {
		w := get(s, "/orders"+test.query)
		var list struct {
			Orders []pmpsmart.Order
			More   bool
		}
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != http.StatusOK {
			t.Fatal(test.query, w.Code, w.Body, err)
		}
		var ids []int64
		for _, o := range list.Orders {
			ids = append(ids, o.ID)
		}
		if !slices.Equal(ids, test.want) || list.More != test.more {
			t.Errorf("%s gave %v, more %v; want %v, %v", test.query, ids, list.More, test.want, test.more)
		}
	}
	if w := get(s, "/orders?user_id=999999"); !strings.HasPrefix(w.Body.String(), `{"orders":[],`) {
		t.Errorf("no orders are %s", w.Body)
	}
	if w := get(s, "/orders/7"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"kode_order":"`+all[6].Code) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// answer has an order's detail answered with a status, for all attempts of a call.
func answer(status int, header ...string) []pmpsmarttest.Fault {
	f := pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: status, Header: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		f.Header.Set(header[i], header[i+1])
	}
	return []pmpsmarttest.Fault{f, f, f, f}
}

// resets loses the connection n times before anything is done.
func resets(n int) (faults []pmpsmarttest.Fault) {
	for range n {
		faults = append(faults, pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultReset})
	}
	return faults
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, path string
		faults     []pmpsmarttest.Fault
		status     int
		code       string
		retryAfter string
		words      string // how the message starts
	}{
		{"no such order", "/orders/99999", nil, 404, "not_found", "", ""},
		{"id that is none", "/orders/abc", nil, 400, "invalid_input", "", "id must be a whole number"},
		{"id that can't be", "/orders/0", nil, 400, "invalid_input", "", "id must be a whole number of at least 1"},
		{"filter that is none", "/orders?stat=open", nil, 400, "invalid_input", "", "stat is not a filter"},
		{"date that is none", "/orders?date=2026-02-30", nil, 400, "invalid_input", "", "date must be a date"},
		{"limit too high", "/orders?limit=1001", nil, 400, "invalid_input", "", "limit must be a whole number from 1 to 1000"},
		{"user that can't be", "/orders?user_id=-1", nil, 400, "invalid_input", "", "user_id must be a whole number of at least 1"},
		{"user 0", "/orders?user_id=0", nil, 400, "invalid_input", "", "user_id must be a whole number of at least 1"},
		{"outlet that is none", "/orders?outlet_id=x", nil, 400, "invalid_input", "", "outlet_id must be a whole number of at least 1"},
		{"limit that is none", "/orders?limit=x", nil, 400, "invalid_input", "", "limit must be a whole number from 1 to 1000"},
		{"status with a typo", "/orders?status=opne", nil, 400, "invalid_input", "", "status must be open, pending, complete or cancel"},
		{"status in capitals", "/orders?status=Open", nil, 400, "invalid_input", "", "status must be open, pending, complete or cancel"},
		{"status that can't be", "/orders?status=%ff", nil, 400, "invalid_input", "", "status must be open, pending, complete or cancel"},
		{"limit given twice", "/orders?limit=1&limit=2", nil, 400, "invalid_input", "", "limit is given more than once"},
		{"query that is none", "/orders?status=open;limit=2", nil, 400, "invalid_input", "", "the query can't be read: "},
		{"no such page", "/order", nil, 404, "no_such_page", "", ""},
		{"validation", "/orders/7", answer(422), 422, "refused", "", ""},
		{"conflict", "/orders/7", answer(409), 409, "conflict", "", ""},
		{"refusal in an HTTP 200", "/orders/7", []pmpsmarttest.Fault{{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"error","message":"Sales tidak aktif"}`}}, 422, "refused", "", "PMP Smart refused the request"},
		{"connection lost", "/orders/7", resets(4), 502, "upstream", "", "PMP Smart can't be reached"},
		{"rate limit", "/orders/7", answer(429, "Retry-After", "30"), 503, "busy", "30", ""},
		{"maintenance", "/orders/7", answer(503), 503, "maintenance", "1", ""},
		{"unauthorized", "/orders/7", answer(401), 502, "not_let_in", "", ""},
		{"forbidden", "/orders/7", answer(403), 502, "not_let_in", "", ""},
		{"server error", "/orders/7", answer(500), 502, "upstream", "", ""},
		{"no JSON", "/orders/7", answer(200), 502, "upstream", "", ""},
		{"silence", "/orders/7", []pmpsmarttest.Fault{{Op: "GetOrder", Kind: pmpsmarttest.FaultDelay, Wait: time.Minute}}, 504, "timeout", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			timeout := time.Minute
			if test.code == "timeout" {
				timeout = 3 * time.Second
			}
			s, sandbox := newTestService(t, config{timeout: timeout})
			if err := s.tryUpstream(t.Context()); err != nil {
				t.Fatal(err)
			}
			sandbox.Fail(test.faults...)
			w := get(s, test.path)
			var got struct{ Error problem }
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err, w.Body)
			}
			if w.Code != test.status || got.Error.Code != test.code || w.Header().Get("Retry-After") != test.retryAfter {
				t.Errorf("got %d %q, Retry-After %q; want %d %q, %q", w.Code, got.Error.Code, w.Header().Get("Retry-After"), test.status, test.code, test.retryAfter)
			}
			if !strings.HasPrefix(got.Error.Message, test.words) {
				t.Errorf("said %q; want %q", got.Error.Message, test.words)
			}
			if got.Error.Message == "" || got.Error.TraceID == "" {
				t.Errorf("got %s", w.Body)
			}
		})
	}
}

// TestRefusedLogin has PMP Smart refuse the service's own login with a status that
// the caller's input could have had.
func TestRefusedLogin(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 422} {
		s, sandbox := newTestService(t, config{})
		sandbox.Fail(pmpsmarttest.Fault{Op: "Login", Kind: pmpsmarttest.FaultAnswer, Status: status})
		if w := get(s, "/orders/7"); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), `"code":"not_let_in"`) {
			t.Errorf("a login's %d is %d %s", status, w.Code, w.Body)
		}
	}
}

// TestTelemetryIsOff has nobody ask for it.
func TestTelemetryIsOff(t *testing.T) {
	t.Parallel()
	cfg, err := parseConfig(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	telemetry, err := newTelemetry(cfg.telemetry, cfg.metrics != "", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	sandbox := pmpsmarttest.NewServer()
	defer sandbox.Close()
	s := newService(config{timeout: 10 * time.Second}, sandbox.Client(instrumented(telemetry, sandbox.URL)...), slog.New(slog.DiscardHandler), telemetry)
	if w := get(s, "/debug/telemetry"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "no_such_page") {
		t.Errorf("/debug/telemetry is %d %s", w.Code, w.Body)
	}
	if w := get(s, "/orders/99999"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `"trace_id":"`) {
		t.Errorf("an error without a trace: %d %s", w.Code, w.Body)
	}
	if err := telemetry.close(); err != nil {
		t.Error(err)
	}
}

func TestProbes(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	sandbox.Down(0)
	want := func(path string, status int, body string) {
		t.Helper()
		if w := get(s, path); w.Code != status || !strings.Contains(w.Body.String(), body) {
			t.Errorf("%s is %d %s; want %d %s", path, w.Code, w.Body, status, body)
		}
	}
	want("/healthz", 200, "live")
	want("/readyz", 503, "starting")
	warm := make(chan bool)
	go func() {
		s.warmUp(t.Context())
		close(warm)
	}()
	sandbox.Up()
	<-warm
	want("/readyz", 200, "ready")
	sandbox.Down(0) // is everybody's trouble, and no reason to leave the load balancer
	want("/readyz", 200, "ready")
	s.state.Store(draining)
	want("/readyz", 503, "draining")
	want("/healthz", 200, "live")
}

// TestTelemetry follows one request from its caller's trace to PMP Smart.
func TestTelemetry(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	sandbox.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
	r.Header.Set("Traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	s.handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	text := get(s, "/debug/telemetry").Body.String()
	var shown struct {
		Spans   []span
		Metrics []measurement
	}
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range shown.Spans {
		if s.TraceID != trace {
			t.Errorf("%s has the trace %s", s.Name, s.TraceID)
		}
		names = append(names, s.Kind+" "+s.Name)
	}
	want := []string{
		"client POST /auth/login", "internal PMPSmart/Login", "client POST /order/detail", "client POST /order/detail",
		"internal PMPSmart/GetOrder", "server GET /orders/{id}",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got the spans %q; want %q", names, want)
	}
	counts := make(map[string]uint64)
	for _, m := range shown.Metrics {
		counts[m.Name] += m.Count
	}
	if counts["http.client.request.duration"] != 3 || counts["pmpsmart.client.call.duration"] != 2 || counts["http.server.request.duration"] != 1 {
		t.Errorf("got the metrics %v", counts)
	}
	for _, r := range sandbox.Requests() {
		if r.Header.Get("Traceparent") != "" {
			t.Error("the trace left the house")
		}
	}
	if strings.Contains(text, pmpsmarttest.Password) || strings.Contains(text, "Bearer") {
		t.Error("a secret is in the telemetry")
	}
}

// TestLatestSpans has more spans than are kept.
func TestLatestSpans(t *testing.T) {
	t.Parallel()
	telemetry, err := newTelemetry(inMemory, true, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for range maxSpans {
		_, s := telemetry.tracers.Tracer("test").Start(t.Context(), "early")
		s.End()
	}
	_, s := telemetry.tracers.Tracer("test").Start(t.Context(), "late")
	s.End()
	list := telemetry.latest.list()
	if len(list) != maxSpans || list[maxSpans-1].Name != "late" || list[0].Name != "early" {
		t.Errorf("kept %d spans, the last %s", len(list), list[len(list)-1].Name)
	}
}
