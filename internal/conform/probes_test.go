package conform

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// base is the address by which the sandboxes of this package are asked, whatever their port.
const base = "http://127.0.0.1:8089/api/v1"

// noon is when it is there.
var noon = time.Date(2026, time.February, 9, 12, 0, 0, 0, pmpsmart.WIB)

// A probe is an exchange with a sandbox.
type probe struct {
	testserver.Exchange
	example string // the name under which it is an example, "" if it is none
	wrong   bool   // the request is wrong on purpose
}

// probes is a place to ask from: it keeps what was asked and answered.
type probes struct {
	t   *testing.T
	all []probe
}

// A box is a sandbox that is probed.
type box struct {
	*probes
	server  *pmpsmarttest.Server
	client  *pmpsmart.Client
	token   string
	example string // of the next exchange
	wrong   bool
	style   string // of the next exchanges
}

func (p *probes) open(opts ...pmpsmarttest.Option) *box {
	p.t.Helper()
	opts = append([]pmpsmarttest.Option{
		pmpsmarttest.WithSeedEnd(pmpsmart.DateOf(noon)), pmpsmarttest.WithClock(func() time.Time { return noon }),
		pmpsmarttest.WithPerPage(1),
	}, opts...)
	b := &box{probes: p, server: pmpsmarttest.NewServer(opts...)}
	p.t.Cleanup(func() { require.NoError(p.t, b.server.Close()) })
	b.server.AddViewer("viewer@pmpsmart.test", pmpsmarttest.Password)
	at, err := url.Parse(b.server.URL)
	require.NoError(p.t, err)
	direct := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, at.Host)
	}}
	p.t.Cleanup(direct.CloseIdleConnections)
	styled := roundTripper(func(r *http.Request) (*http.Response, error) {
		if b.style != "" {
			r = r.Clone(r.Context())
			r.Header.Set(pmpsmarttest.StyleHeader, b.style)
		}
		return direct.RoundTrip(r)
	})
	b.client, err = pmpsmart.New(pmpsmart.WithBaseURL(base), pmpsmart.WithPagesAhead(0),
		pmpsmart.WithHTTPClient(&http.Client{Transport: testserver.Tap(styled, b.keep)}))
	require.NoError(p.t, err)
	b.login("", pmpsmarttest.Email)
	return b
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// keep keeps an exchange: the first of a call as an example, if it is to be one.
func (b *box) keep(e testserver.Exchange) {
	b.all = append(b.all, probe{e, b.example, b.wrong})
	b.example = ""
}

// login logs in, with an example of that name, if any.
func (b *box) login(example, email string) {
	b.t.Helper()
	b.example = example
	s, err := b.client.Login(b.t.Context(), email, pmpsmarttest.Password)
	require.NoError(b.t, err)
	b.token = string(s.Token)
}

// call makes a call of the client, which must go well.
func call[T any](b *box, example string, f func(context.Context, *pmpsmart.Client) (T, error)) {
	b.t.Helper()
	b.example = example
	_, err := f(b.t.Context(), b.client)
	require.NoError(b.t, err)
	b.example = ""
}

// post sends a request as it is, of which status is the answer.
func (b *box) post(example string, status int, token, path, body string) {
	b.t.Helper()
	transport := testserver.Tap(roundTripper(http.DefaultTransport.RoundTrip), b.keep)
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.server.URL+path, strings.NewReader(body))
	require.NoError(b.t, err)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	b.example, b.wrong = example, status == 422
	resp, err := (&http.Client{Transport: transport}).Do(r)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, status, resp.StatusCode, "%s: %s", path, text)
	b.wrong = false
}

var pageData = json.RawMessage(`{"key": "value"}`)

// The page's own examples, as the client sends them.
var (
	pageOrders     = pmpsmart.OrderFilter{Status: "pending", Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1}
	pageJSONOrder  = pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: pageData, Status: pmpsmart.JSONOrderCompleted}
	pageJSONFilter = pmpsmart.JSONOrderFilter{Search: "PMP-3903001", Code: "veniam", Status: "completed", StatusOrder: "soluta",
		StartDate: pmpsmart.NewDate(2026, time.May, 1), EndDate: pmpsmart.NewDate(2026, time.May, 31)}
)

// probeAll asks sandboxes for all that is described.
func probeAll(t *testing.T) []probe {
	t.Helper()
	p := &probes{t: t}
	b := p.open()
	b.login("Login.200", pmpsmarttest.Email)
	b.successes()
	b.failures()
	p.open(pmpsmarttest.WithEmpty()).lists()
	p.limits()
	return p.all
}

func (b *box) successes() {
	type ctx = context.Context
	type client = *pmpsmart.Client
	call(b, "InsertJSONOrder.200", func(ctx ctx, c client) (any, error) { return c.InsertJSONOrder(ctx, pageJSONOrder) })
	call(b, "UpdateJSONOrder.200", func(ctx ctx, c client) (any, error) { return c.UpdateJSONOrder(ctx, pageJSONOrder) })
	call(b, "FilterJSONOrders.200", func(ctx ctx, c client) (any, error) {
		return c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{Search: "PMP-3903001", Status: "completed",
			StartDate: pmpsmart.NewDate(2026, time.February, 1), EndDate: pmpsmart.NewDate(2026, time.February, 28)})
	})
	call(b, "", func(ctx ctx, c client) (any, error) { return c.FilterJSONOrders(ctx, pageJSONFilter) })
	call(b, "UpdateOutletCode.200", func(ctx ctx, c client) (any, error) { return c.UpdateOutletCode(ctx, 88, "OUT-001") })
	call(b, "ListOrders.200", func(ctx ctx, c client) (any, error) { return c.ListOrders(ctx, pageOrders) })
	call(b, "GetOrder.200", func(ctx ctx, c client) (any, error) { return c.GetOrder(ctx, 198) })
	for _, status := range []pmpsmart.OrderStatus{pmpsmart.OrderOpen, pmpsmart.OrderCancel, pmpsmart.OrderPending} {
		call(b, "", func(ctx ctx, c client) (any, error) { return c.UpdateOrderStatus(ctx, 198, status) })
	}
	call(b, "UpdateOrderStatus.200", func(ctx ctx, c client) (any, error) { return c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderComplete) })
	call(b, "ListSalesUsers.200", func(ctx ctx, c client) (any, error) {
		return c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"})
	})
	for _, style := range []string{"status=true", "status=1"} { // which the page does not rule out
		b.style = style
		call(b, "", func(ctx ctx, c client) (any, error) { return c.GetOrder(ctx, 198) })
	}
	b.style = ""
}

// lists asks for lists that are short and have all that there may be.
func (b *box) lists() {
	type ctx = context.Context
	type client = *pmpsmart.Client
	b.server.AddOutlets(
		pmpsmart.Outlet{ID: 1, Code: "OUT-001", Name: "Toko Sumber Rejeki", Address: "Jl. Diponegoro No. 12, Semarang"},
		pmpsmart.Outlet{ID: 88, Code: "OUT-088", Name: "Warung Bu Siti", Address: "Jl. Malioboro No. 3, Yogyakarta"})
	b.server.AddUsers(pmpsmart.User{ID: 1, Name: "Ferryanto", Email: "ferryanto@pmpsmart.test"}, pmpsmart.User{ID: 2, Name: "Ferryanto Putra"})
	b.server.AddVisits(pmpsmart.Visit{ID: 1, Name: "Ferryanto", UserID: 1, OutletID: 1}, pmpsmart.Visit{ID: 2, Name: "Ferryanto", UserID: 1, OutletID: 88})
	day := pmpsmart.NewDate(2026, time.February, 2)
	coffee := []pmpsmarttest.Item{{ID: 1, Product: "Kopi Tubruk", Quantity: 2, Price: 14500}}
	b.server.AddOrders(
		pmpsmarttest.Order{Order: pmpsmart.Order{ID: 198, Code: "PMP-0000198", Status: "pending", Date: day, UserID: 1, OutletID: 1}, Items: coffee},
		pmpsmarttest.Order{Order: pmpsmart.Order{ID: 199, Code: "PMP-0000199", Status: "pending", Date: day, UserID: 1, OutletID: 1}, Items: coffee},
		pmpsmarttest.Order{Order: pmpsmart.Order{ID: 200, UserID: 9, OutletID: 9}, Items: []pmpsmarttest.Item{{ID: 1, Price: 0.5}}}) // whose user and outlet are not there
	for _, code := range []string{"PMP-3903001", "PMP-3903002"} {
		b.server.AddJSONOrders(pmpsmart.JSONOrder{Code: code, Data: pageData, Status: "completed"})
	}
	b.server.AddJSONOrders(pmpsmart.JSONOrder{Code: "PMP-3903003", Data: pageData, Status: "completed", StatusOrder: "baru"})
	call(b, "ListOutlets.200", func(ctx ctx, c client) (any, error) { return c.ListOutlets(ctx) })
	call(b, "ListVisits.200", func(ctx ctx, c client) (any, error) {
		return c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"})
	})
	call(b, "", func(ctx ctx, c client) (any, error) { return c.GetOrder(ctx, 200) })
	for _, style := range []string{"paginated", "simple", "cursor", "fields=null"} {
		b.style = style
		name := func(op string) string {
			if style == "paginated" {
				return op + ".200.paginated"
			}
			return ""
		}
		call(b, name("ListOutlets"), func(ctx ctx, c client) (any, error) { return c.ListOutlets(ctx) })
		call(b, name("ListOrders"), func(ctx ctx, c client) (any, error) { return c.ListOrders(ctx, pageOrders) })
		call(b, name("ListSalesUsers"), func(ctx ctx, c client) (any, error) {
			return c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"})
		})
		call(b, name("ListVisits"), func(ctx ctx, c client) (any, error) {
			return c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"})
		})
		call(b, name("FilterJSONOrders"), func(ctx ctx, c client) (any, error) {
			return c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{Search: "PMP-"})
		})
		// A page without records.
		call(b, "", func(ctx ctx, c client) (any, error) {
			return c.ListOrders(ctx, pmpsmart.OrderFilter{UserID: 999})
		})
	}
	call(b, "", func(ctx ctx, c client) (any, error) { return c.GetOrder(ctx, 198) }) // all null
	b.style = ""
	call(b, "Logout.200", func(ctx ctx, c client) (any, error) { return nil, c.Logout(ctx) })
}

// named returns a name for one of the operations, which is the example of what all have.
func named(op, name string) string {
	if op == "InsertJSONOrder" {
		return name
	}
	return ""
}

// failures asks for each error of each endpoint but those of a rate limit.
func (b *box) failures() {
	server, token := b.server, b.token
	viewer := func() string {
		b.login("", "viewer@pmpsmart.test")
		return b.token
	}()
	for _, op := range operations(document(b.t)) {
		body := bodies[op.id]
		if op.id == "Login" {
			b.post("Login.401", 401, "", op.path, strings.Replace(body, pmpsmarttest.Password, "salah", 1))
		} else {
			b.post(named(op.id, "Unauthenticated"), 401, "", op.path, body)
		}
		if at(op.tree, "responses", "403") != nil {
			b.post(named(op.id, "Forbidden"), 403, viewer, op.path, body)
		}
		if at(op.tree, "responses", "404") != nil {
			b.post(op.id+".404", 404, token, op.path, body)
		}
		if at(op.tree, "responses", "422") != nil {
			b.post(op.id+".422", 422, token, op.path, wrongs[op.id])
		}
		server.Fail(pmpsmarttest.Fault{Op: op.id, Kind: pmpsmarttest.FaultAnswer, Status: 500})
		b.post(named(op.id, "ServerError"), 500, token, op.path, body)
		server.Down(30 * time.Second)
		b.post(named(op.id, "Maintenance"), 503, token, op.path, body)
		server.Up()
	}
}

// limits asks for a 429 of each endpoint.
func (p *probes) limits() {
	b := p.open(pmpsmarttest.WithRateLimit(1)) // its login is the one of its address
	b.post("", 200, b.token, "/order/detail", `{"order_id":198}`)
	for _, op := range operations(document(p.t)) {
		token := b.token
		if op.id == "Login" {
			token = ""
		}
		b.post(named(op.id, "TooManyRequests"), 429, token, op.path, bodies[op.id])
	}
}
