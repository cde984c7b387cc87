package pmpsmarttest_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newServer starts a server that the test's end closes.
func newServer(t *testing.T, opts ...pmpsmarttest.Option) *pmpsmarttest.Server {
	t.Helper()
	srv := pmpsmarttest.NewServer(opts...)
	t.Cleanup(func() { assert.NoError(t, srv.Close()) })
	return srv
}

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, patience, time.Millisecond, what)
}

func TestServersAreApart(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 5 {
		srv := newServer(t, pmpsmarttest.WithEmpty())
		wg.Go(func() {
			c := srv.Client()
			for range i {
				_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K", Data: i, Status: "completed"})
				assert.NoError(t, err)
			}
			assert.Len(t, srv.JSONOrders(), i)
		})
	}
	wg.Wait()
}

func TestNilOptionIsSkipped(t *testing.T) {
	t.Parallel()
	srv := newServer(t, nil, pmpsmarttest.WithSeed(3), nil)
	orders, err := srv.Client(nil).ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Len(t, orders, 3)
}

// What a test sets up wrongly ends it at once.
func TestAddPanics(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	odd := func(text string) (e pmpsmart.Extra) {
		require.NoError(t, e.UnmarshalJSON([]byte(text)))
		return e
	}
	for name, add := range map[string]func(){
		"an order's id":    func() { srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: -1}}) },
		"an order's items": func() { srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{Extra: odd(`{"items":7}`)}}) },
		"an order's total": func() { srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{Extra: odd(`{"total":"banyak"}`)}}) },
		"an outlet's id":   func() { srv.AddOutlets(pmpsmart.Outlet{ID: -1}) },
		"a user's id":      func() { srv.AddUsers(pmpsmart.User{ID: -1}) },
		"a visit's id":     func() { srv.AddVisits(pmpsmart.Visit{ID: -1}) },
		"a JSON order's":   func() { srv.AddJSONOrders(pmpsmart.JSONOrder{ID: -1}) },
	} {
		assert.Panics(t, add, name)
	}
	assert.NotPanics(t, func() { srv.AddOrders(pmpsmarttest.Order{}) }, "the server is usable after a panic")
	assert.Len(t, srv.Orders(), 1)
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithFaults(
		pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultDelay, Wait: time.Hour},
		pmpsmarttest.Fault{Op: "ListVisits", Kind: pmpsmarttest.FaultDrip, Wait: time.Hour},
	))
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	conn, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(srv.URL, "/api/v1"), "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	resp, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)

	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		assert.Error(t, err)
	})
	wg.Go(func() {
		_, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
		assert.Error(t, err)
	})
	eventually(t, "both are under way", func() bool { return srv.Unused() == nil })
	require.NoError(t, srv.Close())
	wg.Wait()
	conn.SetReadDeadline(time.Now().Add(patience))
	_, err = reader.ReadByte()
	assert.ErrorIs(t, err, io.EOF, "its connections are closed; TestMain sees a listener that is left")
	assert.NoError(t, srv.Close(), "closed again")
	assert.Len(t, srv.Outlets(), 120, "the state stays readable")
}

// A server is a handler too, behind whatever a test puts before it.
func TestServeElsewhere(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for name, start := range map[string]func(http.Handler) *httptest.Server{"http": httptest.NewServer, "https": httptest.NewTLSServer} {
		t.Run(name, func(t *testing.T) {
			elsewhere := start(http.StripPrefix("/cabang/2", srv))
			defer elsewhere.Close()
			c, err := pmpsmart.New(
				pmpsmart.WithBaseURL(elsewhere.URL+"/cabang/2/api/v1"), pmpsmart.WithHTTPClient(elsewhere.Client()),
				pmpsmart.WithCredentials(pmpsmarttest.Email, pmpsmarttest.Password),
			)
			require.NoError(t, err)
			orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
			require.NoError(t, err)
			assert.Equal(t, srv.Orders(), orders)
			srv.Fail(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultLostAnswer})
			_, err = c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K-" + name, Data: 1, Status: "completed"})
			var unknown *pmpsmart.OutcomeUnknownError
			assert.ErrorAs(t, err, &unknown)
		})
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	srv, err := pmpsmarttest.Open("localhost:0", pmpsmarttest.WithAccount("gudang@toko.test", "rahasia-gudang"))
	require.NoError(t, err)
	defer srv.Close()
	_, err = srv.Client().ListOutlets(t.Context())
	require.NoError(t, err)
	_, err = srv.Client().Login(t.Context(), pmpsmarttest.Email, pmpsmarttest.Password)
	assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized, "another account takes the place of the default one")

	taken := strings.TrimPrefix(strings.TrimSuffix(srv.URL, "/api/v1"), "http://")
	_, err = pmpsmarttest.Open(taken)
	assert.ErrorContains(t, err, "pmpsmarttest: listen tcp "+taken)
}

func TestOptionsThatCanNotBe(t *testing.T) {
	t.Parallel()
	for want, opt := range map[string]pmpsmarttest.Option{
		`unknown style "odd", known are plain, strings, `:                                                pmpsmarttest.WithStyle("odd"),
		`unknown style "list=odd", known are array, paginated, `:                                         pmpsmarttest.WithStyle("list=odd"),
		`unknown style "status=a b", known are "success", `:                                              pmpsmarttest.WithStyleFor("ListOrders", "status=a b"),
		`unknown op "Orders", known are FilterJSONOrders, GetOrder, `:                                    pmpsmarttest.WithStyleFor("Orders", "plain"),
		`WithAccount needs an email address and a password; `:                                            pmpsmarttest.WithAccount("gudang", "x"),
		`WithSeed is -1; want 0 to 2147483647 orders`:                                                    pmpsmarttest.WithSeed(-1),
		`WithPerPage is 0; want 1 to 1000000`:                                                            pmpsmarttest.WithPerPage(0),
		`WithRateLimit is 0 a minute; want at least 1`:                                                   pmpsmarttest.WithRateLimit(0),
		`WithMaxBody is 0 bytes; want at least 1`:                                                        pmpsmarttest.WithMaxBody(0),
		`WithClock needs a function`:                                                                     pmpsmarttest.WithClock(nil),
		`WithDataFile needs a path`:                                                                      pmpsmarttest.WithDataFile(""),
		`fault has the unknown kind "", known are reset, lost answer, `:                                  pmpsmarttest.WithFaults(pmpsmarttest.Fault{}),
		`unknown op "Order", known are `:                                                                 pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "Order", Kind: pmpsmarttest.FaultReset}),
		`fault reset (GetOrder, next request) has the Nth -1; want 0 or more`:                            pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "GetOrder", Nth: -1, Kind: pmpsmarttest.FaultReset}),
		`fault cut (GetOrder, page 2, next request) names a page, but GetOrder is no list`:               pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "GetOrder", Page: 2, Kind: pmpsmarttest.FaultCut}),
		`fault reset (any op, next request) has the Page -1; want 0 or more`:                             pmpsmarttest.WithFaults(pmpsmarttest.Fault{Page: -1, Kind: pmpsmarttest.FaultReset}),
		`fault delay (any op, request 3) needs a Wait`:                                                   pmpsmarttest.WithFaults(pmpsmarttest.Fault{Nth: 3, Kind: pmpsmarttest.FaultDelay}),
		`fault reset (any op, next request) has Bytes, which are for the kinds cut and drip`:             pmpsmarttest.WithFaults(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultReset, Bytes: 1}),
		`fault reset (any op, next request) has a Status, Header or Body, which are for the kind answer`: pmpsmarttest.WithFaults(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultReset, Status: 500}),
		`fault cut (any op, next request) has a Status, Header or Body, which are for the kind answer`:   pmpsmarttest.WithFaults(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultCut, Body: "x"}),
		`fault drip (any op, next request) has a Status, Header or Body, which are for the kind answer`:  pmpsmarttest.WithFaults(pmpsmarttest.Fault{Kind: pmpsmarttest.FaultDrip, Header: http.Header{"Retry-After": {"7"}}}),
		`WithRandomFaults has invalid chances: map[reset:1.5]`:                                           pmpsmarttest.WithRandomFaults(1, map[pmpsmarttest.FaultKind]float64{pmpsmarttest.FaultReset: 1.5}),
		`fault has the unknown kind "fire", known are reset, lost answer, del`:                           pmpsmarttest.WithRandomFaults(1, map[pmpsmarttest.FaultKind]float64{"fire": 0.1}),
	} {
		_, err := pmpsmarttest.Open("127.0.0.1:0", opt)
		if !assert.Error(t, err, want) {
			continue
		}
		assert.Contains(t, err.Error(), "pmpsmarttest: "+want)
		assert.PanicsWithValue(t, err.Error(), func() { pmpsmarttest.NewServer(opt) })
	}
	srv := newServer(t)
	assert.PanicsWithValue(t, "pmpsmarttest: Client: pmpsmart: New: WithTimeout is -1s; want a positive duration", func() {
		srv.Client(pmpsmart.WithTimeout(-time.Second))
	})
	assert.Panics(t, func() { srv.Fail(pmpsmarttest.Fault{}) })
	assert.Panics(t, func() { srv.AddOutlets(pmpsmart.Outlet{ID: -1}) })
}

func TestClientOptionsComeAfter(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	_, err := srv.Client(pmpsmart.WithCredentials(pmpsmarttest.Email, "salah")).ListOutlets(t.Context())
	assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = srv.Client().ListOutlets(ctx)
	assert.True(t, errors.Is(err, context.Canceled))
}
