package pmpsmart_test

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
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
			s := serve(t, ok(`{"id":1,"api_token":"x1234567"}`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Equal(t, []request{row.request()}, s.asked())
		})
	}
}

func (row shown) request() request {
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
	return request{Method: "POST", Path: "/api/v1/" + row.path, Header: header, Body: row.body}
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
			s := serve(t, ok(`[{"id":1}]`))
			var err error
			ask(t.Context(), s.client(), last(&err))
			require.NoError(t, err)
			require.Equal(t, []request{row.request()}, s.asked())
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
			s := serve(t, ok(`[]`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.Len(t, s.asked(), 1)
			require.Equal(t, row.want, s.asked()[0].Body)
		})
	}
}

func orders(f pmpsmart.OrderFilter) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.ListOrders(ctx, f); return err }
}

func jsonOrders(f pmpsmart.JSONOrderFilter) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.FilterJSONOrders(ctx, f)
		return err
	}
}

// What is given as Data stands in json_data as text, whatever it is.
func TestDataGoesAsJSONInAString(t *testing.T) {
	t.Parallel()
	type item struct {
		Name string `json:"nama"`
	}
	rows := []struct {
		name string
		data any
		want string // the text that json_data holds, itself in JSON
	}{
		{"bytes as they are", []byte("{\"a\" :  1.0}"), `"{\"a\" :  1.0}"`},
		{"raw JSON as it is", rawJSON(`[1, 2]`), `"[1, 2]"`},
		{"a string becomes a JSON string", "teks", `"\"teks\""`},
		{"a string that holds JSON too", `{"a":1}`, `"\"{\\\"a\\\":1}\""`},
		{"a number", 7, `"7"`},
		{"false", false, `"false"`},
		{"a struct", item{"Kopi & Gula <1>"}, `"{\"nama\":\"Kopi & Gula <1>\"}"`},
		{"a pointer", &item{"Teh"}, `"{\"nama\":\"Teh\"}"`},
		{"an empty map", map[string]int{}, `"{}"`},
		{"an empty list", []int{}, `"[]"`},
		{"a literal null", rawJSON(`null`), `"null"`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, ok(`{"id":1}`))
			_, err := s.client().InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A", Data: row.data, Status: "x"})
			require.NoError(t, err)
			require.Equal(t, `{"kode_order":"A","json_data":`+row.want+`,"status":"x"}`, s.asked()[0].Body)
		})
	}
}
