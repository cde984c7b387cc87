package otelpmpsmart_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quickly has retries follow at once.
var quickly = pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: time.Millisecond, MaxWait: time.Millisecond})

// newServer returns a sandbox of two or so pages, and a client that is recorded.
func newServer(t *testing.T, opts ...pmpsmart.Option) (*recorder, *pmpsmarttest.Server, *pmpsmart.Client) {
	t.Helper()
	r := newRecorder(t)
	server := pmpsmarttest.NewServer(pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithSeed(40))
	t.Cleanup(func() { server.Close() })
	client := server.Client(r.client(append([]pmpsmart.Option{quickly, pmpsmart.WithPagesAhead(0)}, opts...)...)...)
	return r, server, client
}

// A list of several pages, with a login and a retry in it, is one trace.
func TestListIsOneTrace(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t)
	server.Fail(pmpsmarttest.Fault{Op: "ListOrders", Page: 2, Kind: pmpsmarttest.FaultAnswer, Status: 502})
	orders, err := client.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	if err != nil || len(orders) != 40 {
		t.Fatal(len(orders), err)
	}
	want(t, "spans", r.tree(), `
internal PMPSmart/ListOrders {pmpsmart.attempts=4,pmpsmart.operation.class=read,pmpsmart.operation.name=ListOrders,pmpsmart.records=40,url.template=/order} pmpsmart.retry{error.type=502,pmpsmart.page=2,pmpsmart.retry.wait=…}
  internal PMPSmart/Login {pmpsmart.attempts=1,pmpsmart.operation.class=auth,pmpsmart.operation.name=Login,pmpsmart.operation.parent=ListOrders,pmpsmart.records=0,url.template=/auth/login}
    client POST /auth/login {http.request.method=POST,http.response.body.size=…,http.response.status_code=200,pmpsmart.operation.name=Login,url.template=/auth/login}
  client POST /order {http.request.method=POST,http.response.body.size=…,http.response.status_code=200,pmpsmart.operation.name=ListOrders,pmpsmart.page=1,url.template=/order}
  client POST /order Error {error.type=502,http.request.method=POST,http.response.body.size=…,http.response.status_code=502,pmpsmart.operation.name=ListOrders,pmpsmart.page=2,url.template=/order}
  client POST /order {http.request.method=POST,http.request.resend_count=1,http.response.body.size=…,http.response.status_code=200,pmpsmart.operation.name=ListOrders,pmpsmart.page=2,url.template=/order}
  client POST /order {http.request.method=POST,http.response.body.size=…,http.response.status_code=200,pmpsmart.operation.name=ListOrders,pmpsmart.page=3,url.template=/order}`)
	want(t, "metrics", r.points(), []string{
		"http.client.request.duration{error.type=502,http.request.method=POST,http.response.status_code=502,pmpsmart.operation.name=ListOrders,url.template=/order} 1",
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=ListOrders,url.template=/order} 3",
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=Login,url.template=/auth/login} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=ListOrders} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=Login,pmpsmart.operation.parent=ListOrders} 1",
		"pmpsmart.client.logins{} 1",
		"pmpsmart.client.records{pmpsmart.operation.name=ListOrders} 40",
		"pmpsmart.client.retries{error.type=502,pmpsmart.operation.name=ListOrders} 1",
	})
}

// A token that ends in the middle of a list shows as a 401, a login and a request that
// is sent again.
func TestExpiredToken(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t)
	var n int
	for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 {
			server.ExpireTokens()
		}
	}
	want(t, "spans", r.outline(), `
internal PMPSmart/ListOrders
  internal PMPSmart/Login
    client POST /auth/login
  client POST /order
  client POST /order Error
  internal PMPSmart/Login
    client POST /auth/login
  client POST /order
  client POST /order`)
	for _, part := range []string{"pmpsmart.client.logins{} 2", "http.response.status_code=401,pmpsmart.operation.name=ListOrders,url.template=/order} 1"} {
		if text := strings.Join(r.points(), "\n"); !strings.Contains(text, part) {
			t.Errorf("%s\nlacks %s", text, part)
		}
	}
}

// A login that is refused is counted, and is the error of the call.
func TestRefusedLogin(t *testing.T) {
	t.Parallel()
	r, _, client := newServer(t, pmpsmart.WithCredentials(pmpsmarttest.Email, "salah"))
	if _, err := client.GetOrder(t.Context(), 7); !errors.Is(err, pmpsmart.ErrUnauthorized) {
		t.Fatal(err)
	}
	want(t, "metrics", r.points(), []string{
		"http.client.request.duration{error.type=401,http.request.method=POST,http.response.status_code=401,pmpsmart.operation.name=Login,url.template=/auth/login} 1",
		"pmpsmart.client.call.duration{error.type=unauthorized,pmpsmart.operation.name=GetOrder} 1",
		"pmpsmart.client.call.duration{error.type=unauthorized,pmpsmart.operation.name=Login,pmpsmart.operation.parent=GetOrder} 1",
		"pmpsmart.client.logins{error.type=unauthorized} 1",
	})
}

// A server that refuses inside an HTTP 200.
func TestClientRefusedInAnHTTP200(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t)
	server.Fail(pmpsmarttest.Fault{Op: "UpdateOrderStatus", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"error","message":"The given data was invalid.","errors":{"order_id":["no"]}}`})
	if _, err := client.UpdateOrderStatus(t.Context(), 7, pmpsmart.OrderComplete); !errors.Is(err, pmpsmart.ErrValidation) {
		t.Fatal(err)
	}
	want(t, "spans", r.outline(), `
internal PMPSmart/UpdateOrderStatus Error(validation)
  internal PMPSmart/Login
    client POST /auth/login
  client POST /order/update Error(validation)`)
	if text := strings.Join(r.points(), "\n"); !strings.Contains(text, "{error.type=validation,http.request.method=POST,http.response.status_code=200,") {
		t.Errorf("got\n%s", text)
	}
}

// EnsureJSONOrder is one trace with its look, its insert and its second look. That the
// insert's outcome was unknown is nobody's trouble any more.
func TestEnsure(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t)
	server.Fail(pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer})
	_, created, err := client.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "PMP-RAHASIA-1", Data: map[string]int{"a": 1}, Status: pmpsmart.JSONOrderCompleted})
	if err != nil || !created {
		t.Fatal(created, err)
	}
	want(t, "spans", r.outline(), `
internal PMPSmart/EnsureJSONOrder
  internal PMPSmart/FilterJSONOrders
    internal PMPSmart/Login
      client POST /auth/login
    client POST /json/order/get/filter
  internal PMPSmart/InsertJSONOrder Error(outcome_unknown)
    client POST /json/order Error(no_answer)
  internal PMPSmart/FilterJSONOrders
    client POST /json/order/get/filter`)
	want(t, "metrics", r.points(), []string{
		"http.client.request.duration{error.type=no_answer,http.request.method=POST,pmpsmart.operation.name=InsertJSONOrder,url.template=/json/order} 1",
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=FilterJSONOrders,url.template=/json/order/get/filter} 2",
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=Login,url.template=/auth/login} 1",
		"pmpsmart.client.call.duration{error.type=outcome_unknown,pmpsmart.operation.name=InsertJSONOrder,pmpsmart.operation.parent=EnsureJSONOrder} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=EnsureJSONOrder} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=FilterJSONOrders,pmpsmart.operation.parent=EnsureJSONOrder} 2",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=Login,pmpsmart.operation.parent=FilterJSONOrders} 1",
		"pmpsmart.client.logins{} 1",
		"pmpsmart.client.records{pmpsmart.operation.name=EnsureJSONOrder} 1",
		"pmpsmart.client.retries{error.type=no_answer,pmpsmart.operation.name=EnsureJSONOrder} 1",
	})
	if text := r.tree() + strings.Join(r.points(), "\n"); strings.Contains(text, "RAHASIA") {
		t.Errorf("the order's code is recorded:\n%s", text)
	}
}

// A range that is left early is no error. Records are those that the program got.
func TestSeqLeftEarly(t *testing.T) {
	t.Parallel()
	r, _, client := newServer(t)
	var n int
	for _, err := range client.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
	want(t, "spans", r.outline(), `
internal PMPSmart/ListOrders
  internal PMPSmart/Login
    client POST /auth/login
  client POST /order`)
	want(t, "metrics", r.points(), []string{
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=ListOrders,url.template=/order} 1",
		"http.client.request.duration{http.request.method=POST,http.response.status_code=200,pmpsmart.operation.name=Login,url.template=/auth/login} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=ListOrders} 1",
		"pmpsmart.client.call.duration{pmpsmart.operation.name=Login,pmpsmart.operation.parent=ListOrders} 1",
		"pmpsmart.client.logins{} 1",
		"pmpsmart.client.records{pmpsmart.operation.name=ListOrders} 3",
	})
}

// Drift is an event of the call's span.
func TestDriftOfACall(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t)
	server.Fail(pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":{"id":7,"user_id":"PMP-RAHASIA"}}`})
	if _, err := client.GetOrder(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	text := r.tree() + strings.Join(r.points(), "\n")
	for _, part := range []string{
		"pmpsmart.drift{pmpsmart.drift.count=1,pmpsmart.drift.path=data.user_id,pmpsmart.operation.name=GetOrder}",
		"pmpsmart.client.drift{pmpsmart.drift.path=data.user_id,pmpsmart.operation.name=GetOrder} 1",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%s\nlacks %s", text, part)
		}
	}
	if strings.Contains(text, "RAHASIA") {
		t.Error("the value is recorded")
	}
}

// A histogram's exemplars lead to the traces of its slowest calls and requests.
func TestExemplars(t *testing.T) {
	t.Parallel()
	r, _, client := newServer(t)
	if _, err := client.GetOrder(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, s := range r.traces.Ended() {
		kept[s.SpanContext().SpanID().String()] = true
	}
	var collected metricdata.ResourceMetrics
	if err := r.reader.Collect(t.Context(), &collected); err != nil {
		t.Fatal(err)
	}
	for _, m := range collected.ScopeMetrics[0].Metrics {
		histogram, ok := m.Data.(metricdata.Histogram[float64])
		if !ok {
			continue
		}
		for _, p := range histogram.DataPoints {
			if len(p.Exemplars) != 1 || !kept[hex.EncodeToString(p.Exemplars[0].SpanID)] {
				t.Errorf("%s{%s} has the exemplars %v", m.Name, keyValues(p.Attributes.ToSlice()), p.Exemplars)
			}
		}
	}
}

// Many goroutines with one client: nothing is lost, no trace is mixed up with another.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r, server, client := newServer(t, pmpsmart.WithPagesAhead(2))
	server.Fail(pmpsmarttest.Fault{Op: "ListOrders", Page: 2, Kind: pmpsmarttest.FaultAnswer, Status: 502})
	const lists, gets = 16, 64
	var all sync.WaitGroup
	for range lists {
		all.Go(func() {
			if _, err := client.ListOrders(t.Context(), pmpsmart.OrderFilter{}); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range gets {
		all.Go(func() {
			if _, err := client.GetOrder(t.Context(), int64(i%40+1)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	points := strings.Join(r.points(), "\n")
	for _, part := range []string{
		fmt.Sprintf("pmpsmart.client.call.duration{pmpsmart.operation.name=ListOrders} %d", lists),
		fmt.Sprintf("pmpsmart.client.call.duration{pmpsmart.operation.name=GetOrder} %d", gets),
		fmt.Sprintf("pmpsmart.client.records{pmpsmart.operation.name=ListOrders} %d", lists*40),
		"pmpsmart.client.logins{} 1",
		"pmpsmart.client.retries{error.type=502,pmpsmart.operation.name=ListOrders} 1",
	} {
		if !strings.Contains(points, part) {
			t.Errorf("%s\nlacks %s", points, part)
		}
	}
	roots := 0
	for _, s := range r.traces.Ended() {
		if !s.Parent().IsValid() {
			roots++
		}
	}
	if roots != lists+gets || len(r.traces.Started()) != len(r.traces.Ended()) {
		t.Errorf("%d traces of %d calls; %d spans were started and %d ended", roots, lists+gets, len(r.traces.Started()), len(r.traces.Ended()))
	}
}
