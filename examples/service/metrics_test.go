package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testctx"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A series is a line of /metrics.
type series struct {
	name   string
	labels map[string]string
	value  float64
}

// A scrape is what Prometheus reads of /metrics.
type scrape struct {
	t      *testing.T
	series []series
}

func scrapeOf(t *testing.T, text string) scrape {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err, text)
	}
	all := scrape{t: t}
	add := func(name string, m *dto.Metric, value float64, more ...string) {
		s := series{name, map[string]string{}, value}
		for _, l := range m.GetLabel() {
			s.labels[l.GetName()] = l.GetValue()
		}
		for i := 0; i < len(more); i += 2 {
			s.labels[more[i]] = more[i+1]
		}
		all.series = append(all.series, s)
	}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			if h := m.GetHistogram(); h != nil {
				add(name+"_count", m, float64(h.GetSampleCount()))
				add(name+"_sum", m, h.GetSampleSum())
				for _, b := range h.GetBucket() {
					add(name+"_bucket", m, float64(b.GetCumulativeCount()), "le", fmt.Sprint(b.GetUpperBound()))
				}
				continue
			}
			add(name, m, m.GetCounter().GetValue()+m.GetGauge().GetValue())
		}
	}
	return all
}

var (
	selectors = regexp.MustCompile(`\b((?:pmpsmart|http_client)_\w+_(?:total|bucket|count|sum))\b(?:\{([^}]*)\})?`)
	matchers  = regexp.MustCompile(`(\w+)(=~|!~|!=|=)"([^"]*)"`)
)

// find returns the series that a selector of PromQL selects.
func (s scrape) find(selector string) (found []series) {
	s.t.Helper()
	parts := selectors.FindStringSubmatch(selector)
	if parts == nil || parts[0] != selector {
		s.t.Fatalf("%s is no selector", selector)
	}
	for _, one := range s.series {
		selected := one.name == parts[1]
		for _, m := range matchers.FindAllStringSubmatch(parts[2], -1) {
			value, pattern := one.labels[m[1]], m[3]
			if !strings.HasSuffix(m[2], "~") {
				pattern = regexp.QuoteMeta(pattern)
			}
			selected = selected && regexp.MustCompile("^(?:"+pattern+")$").MatchString(value) != strings.HasPrefix(m[2], "!")
		}
		if selected {
			found = append(found, one)
		}
	}
	return found
}

func (s scrape) sum(selector string) (sum float64) {
	s.t.Helper()
	for _, one := range s.find(selector) {
		sum += one.value
	}
	return sum
}

// TestFiveQuestions has PMP Smart refuse, slow down, forget its tokens, change, lose an
// answer and go away, and reads from /metrics alone what an operator wants to know.
func TestFiveQuestions(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{timeout: 10 * time.Second})
	scraped := func() scrape {
		t.Helper()
		w := httptest.NewRecorder()
		s.telemetry.scrape.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "PMP-") || strings.Contains(w.Body.String(), pmpsmarttest.Password) {
			t.Fatalf("/metrics is %d %s", w.Code, w.Body)
		}
		return scrapeOf(t, w.Body.String())
	}
	want := func(what string, got scrape, selector string, wanted float64) {
		t.Helper()
		if sum := got.sum(selector); sum != wanted {
			t.Errorf("%s: %s is %v; want %v", what, selector, sum, wanted)
		}
	}
	ask := func(times int) {
		for range times {
			get(s, "/orders/7")
		}
	}
	const requests, failed = `http_client_request_duration_seconds_count{pmpsmart_operation_name="GetOrder"}`,
		`http_client_request_duration_seconds_count{pmpsmart_operation_name="GetOrder",error_type=~"5..|no_answer|deadline_exceeded|decode|truncated"}`

	ask(1)
	got := scraped()
	want("well", got, requests, 1)
	want("well", got, failed, 0)
	want("well", got, `pmpsmart_client_logins_total`, 1)
	want("well", got, `pmpsmart_client_records_total{pmpsmart_operation_name="GetOrder"}`, 1)

	sandbox.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"error","message":"PMP-7 is not yours","errors":{"order_id":["PMP-7"]}}`})
	ask(1)
	got = scraped()
	want("refused", got, `pmpsmart_client_call_duration_seconds_count{pmpsmart_operation_parent="",error_type="validation"}`, 1)
	want("refused", got, `http_client_request_duration_seconds_count{error_type="validation",http_response_status_code="200"}`, 1)
	want("it is not theirs", got, failed, 0)

	sandbox.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultDelay, Wait: 600 * time.Millisecond})
	ask(1)
	got = scraped()
	const quick = `http_client_request_duration_seconds_bucket{pmpsmart_operation_name="GetOrder",le="0.5"}`
	if n := got.sum(quick); n > got.sum(requests)-1 { // others may be slow as well on a busy machine
		t.Errorf("slow: %s is %v of %v", quick, n, got.sum(requests))
	}
	want("slow", got, `http_client_request_duration_seconds_bucket{pmpsmart_operation_name="GetOrder",le="10"}`, got.sum(requests))

	sandbox.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultDelay, Wait: time.Minute})
	if _, err := s.client.GetOrder(testctx.When(t, func() bool { return len(sandbox.Unmet()) == 0 }), 7); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	want("hung, for longer than the program waits", scraped(), failed, 1)

	sandbox.ExpireTokens()
	ask(1)
	got = scraped()
	want("expired", got, `pmpsmart_client_logins_total`, 2)
	want("expired", got, `http_client_request_duration_seconds_count{pmpsmart_operation_name="GetOrder",error_type=~"401|unauthorized"}`, 1)

	sandbox.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer},
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":{"id":7,"user_id":"abc"}}`})
	_, err := s.client.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-7", Data: map[string]int{"a": 1}, Status: pmpsmart.JSONOrderCompleted})
	if err == nil {
		t.Error("no answer was lost")
	}
	ask(1)
	got = scraped()
	want("unknown", got, `pmpsmart_client_outcomes_unknown_total{pmpsmart_operation_name="InsertJSONOrder"}`, 1)
	want("drift", got, `pmpsmart_client_drift_total{pmpsmart_operation_name="GetOrder",pmpsmart_drift_path="data.user_id"}`, 1)

	stranger := sandbox.Client(append(instrumented(s.telemetry, sandbox.URL), pmpsmart.WithCredentials(pmpsmarttest.Email, "salah"))...)
	if _, err := stranger.GetOrder(t.Context(), 7); !errors.Is(err, pmpsmart.ErrUnauthorized) {
		t.Error(err)
	}
	got = scraped()
	want("not let in", got, `pmpsmart_client_logins_total{error_type="unauthorized"}`, 1)
	want("not let in", got, `pmpsmart_client_call_duration_seconds_count{pmpsmart_operation_parent="",error_type="unauthorized"}`, 1)

	before := got.sum(requests)
	want("not yet", got, `pmpsmart_client_give_ups_total`, 0)
	sandbox.Down(0)
	ask(110) // of which 100 are retried
	got = scraped()
	want("down", got, `pmpsmart_client_retries_total{pmpsmart_operation_name="GetOrder",error_type="503"}`, got.sum(requests)-before-110)
	want("down", got, failed, got.sum(requests)-before+1)
	if spent := got.sum(`pmpsmart_client_give_ups_total{pmpsmart_give_up_reason="budget"}`); spent < 5 {
		t.Errorf("the budget was spent %v times", spent)
	}
	want("down", got, `pmpsmart_client_call_duration_seconds_count{pmpsmart_operation_parent="",error_type="maintenance"}`, 110)

	if err := sandbox.Close(); err != nil {
		t.Error(err)
	}
	ask(3)
	want("gone", scraped(), `http_client_request_duration_seconds_count{error_type="no_answer",pmpsmart_operation_name="GetOrder"}`, 3)
	checkPages(t, scraped())

	open := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", "application/openmetrics-text")
	s.telemetry.scrape.ServeHTTP(open, r)
	if !regexp.MustCompile(`(?m)^pmpsmart_client_call_duration_seconds_bucket\{.* # \{.*trace_id="[0-9a-f]{32}"`).MatchString(open.Body.String()) {
		t.Error("no call has an exemplar")
	}
}

// checkPages checks that every selector in the queries of docs/telemetry.md and in the
// alerts selects something, and every metric that the page names is there.
func checkPages(t *testing.T, got scrape) {
	t.Helper()
	for _, page := range []string{"../../docs/telemetry.md", "../../docs/alerts.yaml"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := selectors.FindAllString(string(text), -1)
		if len(found) < 8 {
			t.Errorf("%s has %d selectors", page, len(found))
		}
		for _, selector := range found {
			if len(got.find(selector)) == 0 {
				t.Errorf("%s: nothing is selected by %s", page, selector)
			}
		}
		for _, name := range regexp.MustCompile("`((?:pmpsmart|http)_\\w+)`").FindAllStringSubmatch(string(text), -1) {
			selector := name[1]
			if !strings.HasSuffix(selector, "_total") {
				selector += "_count" // of a histogram
			}
			if len(got.find(selector)) == 0 {
				t.Errorf("%s: /metrics has no %s", page, name[1])
			}
		}
	}
}

// TestMetricsAreApart starts the program with -metrics: the listener of the public has
// none.
func TestMetricsAreApart(t *testing.T) {
	t.Parallel()
	r := startReplica(t, nil, "-metrics", "127.0.0.1:0")
	eventually(t, "ready", r.isReady)
	if status, _ := r.get("/metrics"); status != http.StatusNotFound {
		t.Errorf("the public gets /metrics with %d", status)
	}
	found := regexp.MustCompile(`"metrics":"(http://[^"]*)/metrics"`).FindStringSubmatch(r.text())
	if found == nil {
		t.Fatal("the log does not say where the metrics are")
	}
	metrics := &replica{url: found[1]}
	status, text := metrics.get("/metrics")
	if status != http.StatusOK {
		t.Fatal(status, text)
	}
	got := scrapeOf(t, text)
	for _, selector := range []string{
		`pmpsmart_client_call_duration_seconds_count{pmpsmart_operation_name="ListOrders"}`,
		`http_client_request_duration_seconds_count{server_address="127.0.0.1",server_port="` + strconv.Itoa(port(got)) + `"}`,
	} {
		if got.sum(selector) == 0 {
			t.Errorf("%s is 0", selector)
		}
	}
	if status, _ := metrics.get("/orders"); status != http.StatusNotFound {
		t.Errorf("the listener of metrics has /orders with %d", status)
	}
}

// port returns the port of the sandbox in a replica.
func port(got scrape) int {
	for _, s := range got.find(`http_client_request_duration_seconds_count`) {
		n, _ := strconv.Atoi(s.labels["server_port"])
		return n
	}
	return 0
}

// TestCollector has a collector for -telemetry=otlp: traces and metrics are there when
// the program has ended.
func TestCollector(t *testing.T) {
	t.Parallel()
	var received sync.Map
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		received.Store(r.URL.Path, true)
	}))
	defer collector.Close()
	r := startReplica(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL}, "-telemetry=otlp")
	eventually(t, "ready", r.isReady)
	_ = r.cmd.Process.Signal(os.Interrupt)
	<-r.done
	if err := r.cmd.Wait(); err != nil {
		t.Error(err)
	}
	for _, path := range []string{"/v1/traces", "/v1/metrics"} {
		if _, ok := received.Load(path); !ok {
			t.Errorf("the collector got nothing at %s", path)
		}
	}
}
