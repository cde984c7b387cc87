package pmpsmarttest_test

import (
	"context"
	"errors"
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

	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		assert.Error(t, err)
	})
	wg.Go(func() {
		_, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
		assert.Error(t, err)
	})
	for srv.Unused() != nil {
		time.Sleep(time.Millisecond)
	}
	require.NoError(t, srv.Close())
	wg.Wait()
	_, err = net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(srv.URL, "/api/v1"), "http://"))
	assert.Error(t, err, "nobody listens any more")
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
		`unknown style "odd", known are plain, strings, `:                      pmpsmarttest.WithStyle("odd"),
		`unknown style "list=odd", known are array, paginated, `:               pmpsmarttest.WithStyle("list=odd"),
		`unknown style "status=a b", known are "success", `:                    pmpsmarttest.WithStyleFor("ListOrders", "status=a b"),
		`unknown op "Orders", known are FilterJSONOrders, GetOrder, `:          pmpsmarttest.WithStyleFor("Orders", "plain"),
		`WithAccount needs an email address and a password; `:                  pmpsmarttest.WithAccount("gudang", "x"),
		`WithSeed is -1; want 0 to 2147483647 orders`:                          pmpsmarttest.WithSeed(-1),
		`WithPerPage is 0; want 1 to 1000000`:                                  pmpsmarttest.WithPerPage(0),
		`WithRateLimit is 0 a minute; want at least 1`:                         pmpsmarttest.WithRateLimit(0),
		`WithMaxBody is 0 bytes; want at least 1`:                              pmpsmarttest.WithMaxBody(0),
		`WithClock needs a function`:                                           pmpsmarttest.WithClock(nil),
		`WithDataFile needs a path`:                                            pmpsmarttest.WithDataFile(""),
		`fault has the unknown kind "", known are reset, lost answer, `:        pmpsmarttest.WithFaults(pmpsmarttest.Fault{}),
		`unknown op "Order", known are `:                                       pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "Order", Kind: pmpsmarttest.FaultReset}),
		`fault reset (GetOrder, next request) has a number that can't be`:      pmpsmarttest.WithFaults(pmpsmarttest.Fault{Op: "GetOrder", Nth: -1, Kind: pmpsmarttest.FaultReset}),
		`WithRandomFaults has chances that can't be: map[reset:1.5]`:           pmpsmarttest.WithRandomFaults(1, map[pmpsmarttest.FaultKind]float64{pmpsmarttest.FaultReset: 1.5}),
		`fault has the unknown kind "fire", known are reset, lost answer, del`: pmpsmarttest.WithRandomFaults(1, map[pmpsmarttest.FaultKind]float64{"fire": 0.1}),
	} {
		_, err := pmpsmarttest.Open("127.0.0.1:0", opt)
		if assert.Error(t, err, want) {
			assert.Contains(t, err.Error(), "pmpsmarttest: "+want)
		}
		assert.PanicsWithValue(t, err.Error(), func() { pmpsmarttest.NewServer(opt) })
	}
	srv := newServer(t)
	assert.PanicsWithValue(t, "pmpsmarttest: Client: pmpsmart: New: WithTimeout is -1s; want a positive duration", func() {
		srv.Client(pmpsmart.WithTimeout(-time.Second))
	})
	assert.Panics(t, func() { srv.Fail(pmpsmarttest.Fault{}) })
	assert.Panics(t, func() { srv.AddOutlets(pmpsmart.Outlet{ID: -1}) })
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		opts   []pmpsmarttest.Option
		former error // of the client that logged in before
	}{
		{"one an account", nil, pmpsmart.ErrUnauthorized},
		{"many", []pmpsmarttest.Option{pmpsmarttest.WithManyTokens()}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, tt.opts...)
			srv.AddAccount("kedua@pmpsmart.test", "rahasia-kedua")
			var clients []*pmpsmart.Client
			for _, email := range []string{pmpsmarttest.Email, pmpsmarttest.Email, "kedua@pmpsmart.test"} {
				c, err := pmpsmart.New(pmpsmart.WithBaseURL(srv.URL))
				require.NoError(t, err)
				password := map[bool]string{true: pmpsmarttest.Password, false: "rahasia-kedua"}[email == pmpsmarttest.Email]
				_, err = c.Login(t.Context(), email, password)
				require.NoError(t, err)
				clients = append(clients, c)
			}
			ask := func(c *pmpsmart.Client) error {
				_, err := c.GetOrder(t.Context(), 198)
				return err
			}
			assert.ErrorIs(t, ask(clients[0]), tt.former)
			assert.NoError(t, ask(clients[1]))
			assert.NoError(t, ask(clients[2]))
			assert.Equal(t, 3, srv.Logins())
			srv.ExpireTokens()
			for _, c := range clients {
				assert.ErrorIs(t, ask(c), pmpsmart.ErrUnauthorized)
				assert.NoError(t, c.Close())
			}
			_, err := clients[0].Login(t.Context(), pmpsmarttest.Email, "salah")
			assert.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
			assert.Equal(t, 3, srv.Logins(), "only those that succeeded")
		})
	}
}

func TestExpireTokensIsMetByANewLogin(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client()
	for want := 1; want <= 3; want++ {
		_, err := c.GetOrder(t.Context(), 198)
		require.NoError(t, err)
		assert.Equal(t, want, srv.Logins())
		srv.ExpireTokens()
	}
}

func TestViewer(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.AddViewer("tamu@pmpsmart.test", "rahasia-tamu")
	c := srv.Client(pmpsmart.WithCredentials("tamu@pmpsmart.test", "rahasia-tamu"))
	_, err := c.GetOrder(t.Context(), 198)
	require.NoError(t, err)
	_, err = c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
	assert.EqualError(t, err, "pmpsmart: UpdateOrderStatus: 403 Forbidden: This action is unauthorized.")
	assert.ErrorIs(t, err, pmpsmart.ErrForbidden)
	srv.AddAccount("tamu@pmpsmart.test", "rahasia-tamu")
	_, err = c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
	assert.NoError(t, err, "an account that is added again is another")
}

func TestMaintenance(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	srv.Down(90 * time.Second)
	_, err := c.ListOutlets(t.Context())
	assert.ErrorIs(t, err, pmpsmart.ErrMaintenance)
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, 90*time.Second, api.RetryAfter)
	srv.Up()
	_, err = c.ListOutlets(t.Context())
	assert.NoError(t, err)
}

// clock is a clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	time := &clock{now: noon}
	srv := newServer(t, pmpsmarttest.WithRateLimit(2), pmpsmarttest.WithClock(time.Now))
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	var resp pmpsmart.Response
	left := func() (int, string, error) {
		_, err := c.GetOrder(t.Context(), 198, pmpsmart.WithResponse(&resp))
		return resp.HTTPStatus, resp.Header.Get("X-RateLimit-Remaining"), err
	}
	for _, want := range []string{"1", "0"} {
		status, remaining, err := left()
		require.NoError(t, err)
		assert.Equal(t, 200, status)
		assert.Equal(t, want, remaining)
	}
	time.Advance(20e9)
	_, _, err := left()
	assert.ErrorIs(t, err, pmpsmart.ErrRateLimited)
	assert.Equal(t, http.Header{"X-Ratelimit-Limit": {"2"}, "X-Ratelimit-Remaining": {"0"}, "Retry-After": {"40"}, "X-Ratelimit-Reset": {"1772341260"}},
		only(resp.Header, "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Retry-After", "X-Ratelimit-Reset"))
	time.Advance(40e9)
	_, remaining, err := left()
	require.NoError(t, err)
	assert.Equal(t, "1", remaining, "a new minute has begun")
}

func only(header http.Header, names ...string) http.Header {
	some := http.Header{}
	for _, name := range names {
		some[name] = header[name]
	}
	return some
}

func TestMaxBody(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithMaxBody(1000))
	c := srv.Client()
	_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K", Data: strings.Repeat("x", 1000), Status: "completed"})
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, http.StatusRequestEntityTooLarge, api.HTTPStatus)
	assert.Empty(t, srv.JSONOrders())
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
