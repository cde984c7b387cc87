package otelpmpsmart_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/otelpmpsmart"
)

// However many paths a program calls, those recorded are few, and show no id.
func TestPathsAreFew(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	h := otelpmpsmart.Hooks(r.options()...)
	for _, row := range []struct{ path, want string }{
		{"order/detail", "/order/detail"},
		{"/order/detail/", "/order/detail"},
		{"v2/report/by-day?token=rahasia#x", "/v2/report/by-day"},
		{"order/198", "/order/{id}"},
		{"order/PMP-0000198/items", "/order/{id}/items"},
		{"order/v1234567", "/order/{id}"},
		{"user/a@b.id", "/user/{id}"},
		{"x/" + strings.Repeat("a", 41), "/x/{id}"},
		{"x/%41", "/x/{id}"},
		{strings.Repeat("a/", 30), "/" + strings.Repeat("a/", 16) + "{id}"},
	} {
		_, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: "Call", Path: row.path, Class: "create"})
		end(pmpsmart.CallResult{})
		spans := r.traces.Ended()
		for _, a := range spans[len(spans)-1].Attributes() {
			if a.Key == "url.template" {
				want(t, row.path, a.Value.AsString(), row.want)
			}
		}
	}
	name := func(i int) string {
		return strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9", "j").Replace(fmt.Sprint(i))
	}
	for i := range 5000 {
		for _, op := range []string{"Call", "ListAs", "GetAs"} {
			_, answered := h.Attempt(t.Context(), pmpsmart.AttemptInfo{Op: op, Path: "report/" + name(i)})
			answered(pmpsmart.AttemptResult{HTTPStatus: http.StatusOK})
		}
		_, end := h.Call(t.Context(), pmpsmart.CallInfo{Op: name(i), Path: "visit"})
		end(pmpsmart.CallResult{})
	}
	_, answered := h.Attempt(t.Context(), pmpsmart.AttemptInfo{Op: "ListVisits", Path: "visit"})
	answered(pmpsmart.AttemptResult{HTTPStatus: http.StatusOK})
	points := r.points()
	if len(points) > 1000 {
		t.Errorf("there are %d points", len(points))
	}
	for _, part := range []string{"url.template=/visit}", "pmpsmart.operation.name=Call,url.template=_OTHER}", "call.duration{pmpsmart.operation.name=_OTHER}"} {
		if !strings.Contains(strings.Join(points, "\n"), part) {
			t.Errorf("no point has %s", part)
		}
	}
}

// Drift is counted by method and path, whatever the paths are.
func TestDrift(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	handle := otelpmpsmart.DriftHandler(r.options(otelpmpsmart.WithAttributes(attribute.String("account", "north")))...)
	ctx, span := r.tracer.Tracer("program").Start(t.Context(), "work")
	handle(ctx, pmpsmart.Drift{Op: "ListOrders", Path: "data.*.user_id", Want: "integer", Got: []byte(`"abc"`), Count: 3})
	span.End()
	handle(t.Context(), pmpsmart.Drift{Op: "Call", Path: "data.12.line2", Count: 1})
	handle(t.Context(), pmpsmart.Drift{Op: "Call", Path: "data.13.line2", Count: 1})
	handle(t.Context(), pmpsmart.Drift{Op: "Call", Path: "data.PMP0000198.total", Count: 1})
	handle(nil, pmpsmart.Drift{Op: "Call", Path: "data." + strings.Repeat("x", 41) + ".total"}) //nolint:staticcheck // nil is what is tested

	want(t, "metrics", r.points(), []string{
		"pmpsmart.client.drift{account=north,pmpsmart.drift.path=data.*.line2,pmpsmart.operation.name=Call} 2",
		"pmpsmart.client.drift{account=north,pmpsmart.drift.path=data.*.total,pmpsmart.operation.name=Call} 2",
		"pmpsmart.client.drift{account=north,pmpsmart.drift.path=data.*.user_id,pmpsmart.operation.name=ListOrders} 3",
	})
	want(t, "spans", r.tree(), `internal work {} pmpsmart.drift{pmpsmart.drift.count=3,pmpsmart.drift.path=data.*.user_id,pmpsmart.operation.name=ListOrders}`)

	for i := range 5000 {
		handle(t.Context(), pmpsmart.Drift{Op: "Call", Path: "data." + strings.Repeat(string(rune('a'+i%26)), i/26%40+1), Count: 1})
	}
	if points := r.points(); len(points) > 102 || !strings.Contains(strings.Join(points, "\n"), "drift.path=_OTHER") {
		t.Errorf("there are %d points", len(points))
	}
}
