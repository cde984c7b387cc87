package otelpmpsmart_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// everything has one of all that can be traced and measured.
func everything(t *testing.T) *recorder {
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options(otelpmpsmart.WithBaseURL("https://api.example/v1"))...)
	broken := &pmpsmart.APIError{HTTPStatus: 502}
	ctx, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "ListOrders", Path: "order", Class: "read"})
	_, endLogin := h.Call(ctx, pmpsmart.CallInfo{Op: "Login", Path: "auth/login", Class: "auth"})
	endLogin(pmpsmart.CallResult{Err: broken})
	_, answered := h.Attempt(ctx, pmpsmart.AttemptInfo{Op: "ListOrders", Path: "order", Page: 1, Try: 2})
	answered(pmpsmart.AttemptResult{HTTPStatus: 502, Bytes: 1, Err: broken})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 1, Try: 1, Wait: time.Second, Err: broken})
	h.Retry(ctx, pmpsmart.RetryInfo{Op: "ListOrders", Path: "order", Page: 1, Try: 2, Err: broken, GaveUp: "attempts"})
	otelpmpsmart.DriftHandler(r.options()...)(ctx, pmpsmart.Drift{Op: "ListOrders", Path: "data.*.user_id", Count: 1})
	end(pmpsmart.CallResult{Records: 1, Err: broken})
	_, end = h.Call(t.Context(), pmpsmart.CallInfo{Op: "InsertJSONOrder", Path: "json/order", Class: "create"})
	end(pmpsmart.CallResult{Err: &pmpsmart.OutcomeUnknownError{Err: context.DeadlineExceeded}})
	return r
}

// docs/telemetry.md lists every span, event, metric and attribute, and no other.
func TestPageIsComplete(t *testing.T) {
	t.Parallel()
	r := everything(t)
	page := readPage(t)
	used := map[string][]string{} // attributes by the span, event or metric
	attributes := func(of string, kv []attribute.KeyValue) {
		used[of] = append(used[of], of)
		for _, a := range kv {
			used[of] = append(used[of], string(a.Key))
		}
	}
	for _, s := range r.traces.Ended() {
		kind := strings.ToUpper(s.SpanKind().String())
		attributes(kind, s.Attributes())
		for _, e := range s.Events() {
			attributes("event "+e.Name, e.Attributes)
		}
	}
	var collected metricdata.ResourceMetrics
	if err := r.reader.Collect(t.Context(), &collected); err != nil {
		t.Fatal(err)
	}
	for _, m := range collected.ScopeMetrics[0].Metrics {
		of := "metric " + m.Name + " in " + m.Unit
		switch data := m.Data.(type) {
		case metricdata.Histogram[float64]:
			for _, p := range data.DataPoints {
				attributes(of, p.Attributes.ToSlice())
			}
		case metricdata.Sum[int64]:
			for _, p := range data.DataPoints {
				attributes(of, p.Attributes.ToSlice())
			}
		}
	}
	listed := map[string][]string{}
	for _, row := range tableRows(page) {
		names := backticked(row[len(row)-1])
		switch {
		case strings.HasPrefix(row[0], "`PMPSmart/"), strings.HasPrefix(row[0], "`POST "):
			listed[row[1]] = append(names, row[1])
		case strings.HasPrefix(row[0], "`pmpsmart.client.") || strings.HasPrefix(row[0], "`http.client."):
			of := "metric " + backticked(row[0])[0] + " in " + row[2]
			listed[of] = append(names, of)
		case len(row) == 2 && slices.Contains([]string{"`pmpsmart.retry`", "`pmpsmart.give_up`", "`pmpsmart.drift`"}, row[0]):
			of := "event " + backticked(row[0])[0]
			listed[of] = append(names, of)
		}
	}
	want(t, "the page's tables", outlineOf(listed), outlineOf(used))

	explained := strings.Join(firstCells(page), " ")
	for of, names := range used {
		for _, name := range names {
			if name != of && !strings.Contains(explained, "`"+name+"`") {
				t.Errorf("the page does not say what %s is", name)
			}
		}
	}
}

func readPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/telemetry.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// tableRows gives the cells of the page's tables.
func tableRows(page string) (rows [][]string) {
	for line := range strings.Lines(page) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "| ") {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return rows
}

func firstCells(page string) (cells []string) {
	for _, row := range tableRows(page) {
		cells = append(cells, row[0])
	}
	return cells
}

func backticked(text string) (names []string) {
	for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	return names
}

func outlineOf(names map[string][]string) (lines []string) {
	for of, list := range names {
		lines = append(lines, of+": "+strings.Join(slices.Compact(slices.Sorted(slices.Values(list))), " "))
	}
	slices.Sort(lines)
	return lines
}

// A storeThatKeeps drops no token.
type storeThatKeeps struct{ pmpsmart.TokenStore }

func (storeThatKeeps) Delete(context.Context, pmpsmart.Account, pmpsmart.Token) error {
	return errors.New("the disk is full")
}

// docs/telemetry.md lists every log line, with its level and attributes.
func TestLogLinesAreListed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_, server, client := newServer(t, pmpsmart.WithLogger(logger), pmpsmart.WithTokenStore(storeThatKeeps{pmpsmart.NewMemoryTokenStore()}),
		pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 2, MinWait: time.Millisecond}))
	failing := pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502}
	server.Fail(failing, failing, pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":{"id":7,"user_id":"abc"}}`})
	for range 2 {
		client.GetOrder(t.Context(), 7)
	}
	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultAnswer, Status: 502})
	if _, _, err := client.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-7", Data: 1, Status: pmpsmart.JSONOrderCompleted}); err != nil {
		t.Fatal(err)
	}
	if err := client.Logout(t.Context()); err != nil {
		t.Fatal(err)
	}
	used := map[string][]string{}
	for line := range strings.Lines(log.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		of := record["msg"].(string) + " " + strings.ToUpper(record["level"].(string))
		used[of] = append(used[of], slices.Collect(maps.Keys(record))...)
	}
	listed := map[string][]string{}
	for _, row := range tableRows(readPage(t)) {
		if strings.HasPrefix(row[0], "`pmpsmart: ") {
			listed[backticked(row[0])[0]+" "+strings.ToUpper(row[1])] = append(backticked(row[2]), "time", "level", "msg", "op")
		}
	}
	want(t, "the page's log lines", outlineOf(listed), outlineOf(used))
}
