package pmpsmart_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/cookiejar"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A shown request is one that the vendor's page shows, byte for byte but for the
// blanks that its JavaScript would not send either.
type shown struct {
	name string
	path string
	body string // "" for none
	free bool   // carries no token
	do   func(context.Context, *pmpsmart.Client) error
}

func (row shown) request() testserver.Request {
	header := http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"Authorization":   {"Bearer " + aToken},
		"Content-Length":  {strconv.Itoa(len(row.body))},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"pmpsmart-go/0.1.0 (" + runtime.Version() + ")"},
	}
	if row.free {
		header.Del("Authorization")
	}
	return testserver.Request{Method: "POST", Path: "/api/v1/" + row.path, Header: header, Body: row.body}
}

var page = []shown{
	{name: "Login", path: "auth/login", body: `{"email":"api@pmpsmart.com","password":"*****"}`, free: true,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.Login(ctx, "api@pmpsmart.com", "*****")
			return err
		}},
	{name: "Logout", path: "auth/logout",
		do: func(ctx context.Context, c *pmpsmart.Client) error { return c.Logout(ctx) }},
	{name: "InsertJSONOrder", path: "json/order",
		body: `{"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.InsertJSONOrder(ctx, anOrder)
			return err
		}},
	{name: "UpdateJSONOrder", path: "json/order/update",
		body: `{"kode_order":"PMP-3903001","json_data":"{\"key\": \"value\"}","status":"completed"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateJSONOrder(ctx, anOrder)
			return err
		}},
	{name: "FilterJSONOrders", path: "json/order/get/filter",
		body: `{"search":"PMP-3903001","kode_order":"veniam","status":"completed","status_order":"soluta","start_date":"2026-05-01","end_date":"2026-05-31"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{Search: "PMP-3903001", Code: "veniam", Status: "completed", StatusOrder: "soluta",
				StartDate: pmpsmart.NewDate(2026, time.May, 1), EndDate: pmpsmart.NewDate(2026, time.May, 31)})
			return err
		}},
	{name: "ListOutlets", path: "master/outlet",
		do: func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.ListOutlets(ctx); return err }},
	{name: "UpdateOutletCode", path: "master/outlet/update", body: `{"id_outlet":"88","kode_outlet":"OUT-001"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOutletCode(ctx, 88, "OUT-001")
			return err
		}},
	{name: "ListOrders", path: "order", body: `{"status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending, Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1})
			return err
		}},
	{name: "UpdateOrderStatus", path: "order/update", body: `{"order_id":198,"status":"complete"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOrderStatus(ctx, 198, pmpsmart.OrderComplete)
			return err
		}},
	{name: "GetOrder", path: "order/detail", body: `{"order_id":198}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.GetOrder(ctx, 198); return err }},
	{name: "ListSalesUsers", path: "user/sales", body: `{"name":"Ferryanto"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"})
			return err
		}},
	{name: "ListVisits", path: "visit", body: `{"name":"Ferryanto"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"})
			return err
		}},
}

func TestRequestsAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	for _, row := range page {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`{"id":1,"api_token":"x1234567"}`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Equal(t, []testserver.Request{row.request()}, s.Requests())
		})
	}
}

// The streaming twins ask exactly what the lists ask.
func TestSeqRequestsAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	last := func(err *error) func(e error) bool {
		return func(e error) bool { *err = e; return true }
	}
	rows := map[string]func(context.Context, *pmpsmart.Client, func(error) bool){
		"FilterJSONOrders": func(ctx context.Context, c *pmpsmart.Client, yield func(error) bool) {
			for _, err := range c.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{Search: "PMP-3903001", Code: "veniam", Status: "completed", StatusOrder: "soluta",
				StartDate: pmpsmart.NewDate(2026, time.May, 1), EndDate: pmpsmart.NewDate(2026, time.May, 31)}) {
				yield(err)
			}
		},
		"ListOutlets": func(ctx context.Context, c *pmpsmart.Client, yield func(error) bool) {
			for _, err := range c.ListOutletsSeq(ctx) {
				yield(err)
			}
		},
		"ListOrders": func(ctx context.Context, c *pmpsmart.Client, yield func(error) bool) {
			for _, err := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderPending, Date: pmpsmart.NewDate(2026, time.February, 2), UserID: 1, OutletID: 1}) {
				yield(err)
			}
		},
		"ListSalesUsers": func(ctx context.Context, c *pmpsmart.Client, yield func(error) bool) {
			for _, err := range c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{Name: "Ferryanto"}) {
				yield(err)
			}
		},
		"ListVisits": func(ctx context.Context, c *pmpsmart.Client, yield func(error) bool) {
			for _, err := range c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{Name: "Ferryanto"}) {
				yield(err)
			}
		},
	}
	for _, row := range page {
		ask := rows[row.name]
		if ask == nil {
			continue
		}
		delete(rows, row.name)
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`[{"id":1}]`))
			var err error
			ask(t.Context(), s.client(), last(&err))
			require.NoError(t, err)
			require.Equal(t, []testserver.Request{row.request()}, s.Requests())
		})
	}
	require.Empty(t, rows)
}

func TestZeroFilterFieldsAreLeftOut(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	rows := []struct {
		name, want string
		do         func(context.Context, *pmpsmart.Client) error
	}{
		{"no orders' filter", `{}`, orders(pmpsmart.OrderFilter{})},
		{"status", `{"status":"open"}`, orders(pmpsmart.OrderFilter{Status: "open"})},
		{"date", `{"date_order":"2026-02-02"}`, orders(pmpsmart.OrderFilter{Date: day})},
		{"user", `{"user_id":7}`, orders(pmpsmart.OrderFilter{UserID: 7})},
		{"outlet", `{"outlet_id":9007199254740993}`, orders(pmpsmart.OrderFilter{OutletID: 9007199254740993})},
		{"no JSON orders' filter", `{}`, jsonOrders(pmpsmart.JSONOrderFilter{})},
		{"search", `{"search":"a & b <\"é\">"}`, jsonOrders(pmpsmart.JSONOrderFilter{Search: `a & b <"é">`})},
		{"code", `{"kode_order":"A"}`, jsonOrders(pmpsmart.JSONOrderFilter{Code: "A"})},
		{"JSON status", `{"status":"baru"}`, jsonOrders(pmpsmart.JSONOrderFilter{Status: "baru"})},
		{"status of the order", `{"status_order":"x"}`, jsonOrders(pmpsmart.JSONOrderFilter{StatusOrder: "x"})},
		{"start", `{"start_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{StartDate: day})},
		{"end", `{"end_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{EndDate: day})},
		{"one day", `{"start_date":"2026-02-02","end_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{StartDate: day, EndDate: day})},
		{"no name of a user", `{}`, func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{})
			return err
		}},
		{"no name of a visit", `{}`, func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{})
			return err
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, success(`[]`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Len(t, s.Requests(), 1)
			require.Equal(t, row.want, s.Requests()[0].Body)
		})
	}
}

// A refused row is input that must not be sent.
type refused struct {
	name string
	want pmpsmart.InputError
	do   func(context.Context, *pmpsmart.Client) error
}

// check sends nothing, and says the same as a Response and in errors.Is.
func (row refused) check(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{}`))
	err := row.do(t.Context(), s.client())
	var got *pmpsmart.InputError
	require.ErrorAs(t, err, &got)
	require.Equal(t, row.want, *got)
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.EqualError(t, err, "pmpsmart: "+row.want.Op+": "+row.want.Field+" "+row.want.Problem)
	require.Empty(t, s.Requests())
}

var impossible = []refused{
	{"order 0", pmpsmart.InputError{Op: "GetOrder", Field: "orderID", Problem: "is 0; an id is at least 1"}, getOrder(0)},
	{"order below 0", pmpsmart.InputError{Op: "GetOrder", Field: "orderID", Problem: "is -9223372036854775808; an id is at least 1"}, getOrder(math.MinInt64)},
	{"update of order 0", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "orderID", Problem: "is 0; an id is at least 1"}, updateStatus(0, "open")},
	{"no status", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is ""; want open, pending, complete or cancel`}, updateStatus(1, "")},
	{"a fifth status", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is "completed"; want open, pending, complete or cancel`}, updateStatus(1, "completed")},
	{"a capital", pmpsmart.InputError{Op: "UpdateOrderStatus", Field: "status", Problem: `is "Open"; want open, pending, complete or cancel`}, updateStatus(1, "Open")},
	{"user below 0", pmpsmart.InputError{Op: "ListOrders", Field: "UserID", Problem: "is -1; an id is at least 1, and 0 does not filter"}, orders(pmpsmart.OrderFilter{UserID: -1})},
	{"outlet below 0", pmpsmart.InputError{Op: "ListOrders", Field: "OutletID", Problem: "is -2; an id is at least 1, and 0 does not filter"}, orders(pmpsmart.OrderFilter{OutletID: -2})},
	{"status in Latin-1", pmpsmart.InputError{Op: "ListOrders", Field: "Status", Problem: `is not UTF-8: "caf\xe9"`}, orders(pmpsmart.OrderFilter{Status: "caf\xe9"})},
	{"end before start", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "EndDate", Problem: "2026-02-02 is before StartDate 2026-03-03"},
		jsonOrders(pmpsmart.JSONOrderFilter{StartDate: march, EndDate: february})},
	{"search in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Search", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Search: "\xff"})},
	{"code in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Code", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Code: "\xff"})},
	{"JSON status in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Status", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Status: "\xff"})},
	{"status of the order in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "StatusOrder", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{StatusOrder: "\xff"})},
	{"user's name in Latin-1", pmpsmart.InputError{Op: "ListSalesUsers", Field: "Name", Problem: `is not UTF-8: "\xff"`},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{Name: "\xff"})
			return err
		}},
	{"visit's name in Latin-1", pmpsmart.InputError{Op: "ListVisits", Field: "Name", Problem: `is not UTF-8: "\xff"`},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "\xff"})
			return err
		}},
	{"outlet 0", pmpsmart.InputError{Op: "UpdateOutletCode", Field: "outletID", Problem: "is 0; an id is at least 1"},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOutletCode(ctx, 0, "A")
			return err
		}},
	{"no email", pmpsmart.InputError{Op: "Login", Field: "email", Problem: "is empty"}, login("", aPassword)},
	{"no password", pmpsmart.InputError{Op: "Login", Field: "password", Problem: "is empty"}, login("a@b.id", "")},
	{"email in Latin-1", pmpsmart.InputError{Op: "Login", Field: "email", Problem: "is not UTF-8"}, login("caf\xe9@b.id", aPassword)},
	{"password in Latin-1, not shown", pmpsmart.InputError{Op: "Login", Field: "password", Problem: "is not UTF-8"}, login("a@b.id", "caf\xe9")},
}

func TestImpossibleInputIsNotSent(t *testing.T) {
	t.Parallel()
	for _, row := range impossible {
		t.Run(row.name, row.check)
	}
}

var february, march = pmpsmart.NewDate(2026, time.February, 2), pmpsmart.NewDate(2026, time.March, 3)

// A nil context is a mistake to hear of, not to panic at.
func TestNilContext(t *testing.T) {
	t.Parallel()
	ensuring := operation{name: "EnsureJSONOrder", do: func(ctx context.Context, c *pmpsmart.Client, _ ...pmpsmart.CallOption) error {
		_, _, err := c.EnsureJSONOrder(ctx, anOrder)
		return err
	}}
	ranging := operation{name: "ListOrders", do: func(ctx context.Context, c *pmpsmart.Client, _ ...pmpsmart.CallOption) error {
		_, err := collect(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}))
		return err
	}}
	for _, o := range []operation{reading, listing, overwriting, creating, calling, loggingIn, loggingOut, ensuring, ranging} {
		want := pmpsmart.InputError{Op: o.name, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
		row := refused{want: want, do: func(_ context.Context, c *pmpsmart.Client) error { return o.do(nil, c) }} //nolint:staticcheck // the mistake itself
		t.Run(o.name, row.check)
	}
}

func TestCallsWithoutATokenAreNotSent(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`[]`))
	c := newClient(t, s.URL)
	for _, o := range []operation{reading, overwriting, creating, calling, listing, loggingOut} {
		err := o.do(t.Context(), c)
		require.EqualError(t, err, "pmpsmart: "+o.name+": "+callPath(o)+"not sent, unauthorized: no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv")
		require.ErrorIs(t, err, pmpsmart.ErrUnauthorized)
		var open *pmpsmart.OutcomeUnknownError
		require.NotErrorAs(t, err, &open)
	}
	require.Empty(t, s.Requests())
}

// callPath is what Call's errors say before everything else.
func callPath(o operation) string {
	if o.name == "Call" {
		return o.path + ": "
	}
	return ""
}

func TestManyGoroutinesShareConnections(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	c := s.client()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 20 {
				if err := reading.do(t.Context(), c); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, s.Opened(), 128)
}

func TestAClientIsOfUseAfterClose(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	c := s.client()
	for range 3 {
		require.NoError(t, reading.do(t.Context(), c))
		require.NoError(t, c.Close())
		waitFor(t, "the idle connection is closed", func() bool { return s.Open() == 0 })
	}
	require.Equal(t, 3, s.Opened())
}

func TestCloseLeavesTheCallersTransportAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	c := s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))
	for range 3 {
		require.NoError(t, reading.do(context.Background(), c))
		require.NoError(t, c.Close())
	}
	require.Equal(t, 1, s.Opened())
}

// A caller's own HTTP client is used and not changed; its redirects are not
// followed either.
func TestTheCallersHTTPClientIsNotChanged(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(respond(302, "", "Location", "/ke-mana", "Set-Cookie", "a=b"), success(`{"id":198}`)))
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	used := 0
	transport := roundTrip(func(r *http.Request) (*http.Response, error) { used++; return http.DefaultTransport.RoundTrip(r) })
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	followed := errors.New("asked")
	hc := &http.Client{Transport: &transport, Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return followed }}
	before := *hc
	c := s.client(pmpsmart.WithHTTPClient(hc))
	err = reading.do(t.Context(), c)
	require.NotErrorIs(t, err, followed)
	require.ErrorContains(t, err, "302 Found; it points to /ke-mana")
	require.NoError(t, reading.do(t.Context(), c))
	require.Equal(t, 2, used)
	require.Equal(t, "a=b", s.Requests()[1].Header.Get("Cookie"), "the Jar is used")
	require.Same(t, before.Transport, hc.Transport)
	require.Equal(t, before.Jar, hc.Jar)
	require.Equal(t, before.Timeout, hc.Timeout)
	require.ErrorIs(t, hc.CheckRedirect(nil, nil), followed)

	bare := new(http.Client)
	require.NoError(t, reading.do(t.Context(), s.client(pmpsmart.WithHTTPClient(bare))))
	require.Equal(t, http.Client{}, *bare)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f *roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return (*f)(r) }
