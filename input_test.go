package pmpsmart_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// An inputRow is an input of a method, with the body of the method's request.
type inputRow struct {
	name string
	in   any
	body string
	do   func(context.Context, *pmpsmart.Client) error // the method with that input
}

func inputs() []inputRow {
	day := pmpsmart.NewDate(2026, time.February, 2)
	orders := func(f pmpsmart.OrderFilter) func(context.Context, *pmpsmart.Client) error {
		return func(ctx context.Context, c *pmpsmart.Client) error { return lastError(c.ListOrdersSeq(ctx, f)) }
	}
	jsonOrders := func(f pmpsmart.JSONOrderFilter) func(context.Context, *pmpsmart.Client) error {
		return func(ctx context.Context, c *pmpsmart.Client) error { return lastError(c.FilterJSONOrdersSeq(ctx, f)) }
	}
	insert := func(in pmpsmart.JSONOrderInput) func(context.Context, *pmpsmart.Client) error {
		return func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.InsertJSONOrder(ctx, in)
			return err
		}
	}
	order := pmpsmart.OrderFilter{Status: "open", Date: day, UserID: 7, OutletID: 8}
	jsonOrder := pmpsmart.JSONOrderFilter{Search: "kopi", Code: "K", Status: "completed", StatusOrder: "baru", StartDate: day, EndDate: day.AddDays(1)}
	users, visits := pmpsmart.SalesUserFilter{Name: "Budi"}, pmpsmart.VisitFilter{Name: "é"}
	document := pmpsmart.JSONOrderInput{Code: "K-1", Data: map[string]any{"a": "é"}, Status: "completed"}
	raw := pmpsmart.JSONOrderInput{Code: "K-1", Data: rawJSON(`{"a": 1.0}`), Status: "completed"}
	return []inputRow{
		{"OrderFilter", order, `{"status":"open","date_order":"2026-02-02","user_id":7,"outlet_id":8}`, orders(order)},
		{"OrderFilter that filters nothing", pmpsmart.OrderFilter{}, `{}`, orders(pmpsmart.OrderFilter{})},
		{"a pointer", &order, `{"status":"open","date_order":"2026-02-02","user_id":7,"outlet_id":8}`, orders(order)},
		{"JSONOrderFilter", jsonOrder, `{"search":"kopi","kode_order":"K","status":"completed","status_order":"baru","start_date":"2026-02-02","end_date":"2026-02-03"}`, jsonOrders(jsonOrder)},
		{"JSONOrderFilter that filters nothing", pmpsmart.JSONOrderFilter{}, `{}`, jsonOrders(pmpsmart.JSONOrderFilter{})},
		{"SalesUserFilter", users, `{"name":"Budi"}`, func(ctx context.Context, c *pmpsmart.Client) error { return lastError(c.ListSalesUsersSeq(ctx, users)) }},
		{"VisitFilter", visits, `{"name":"é"}`, func(ctx context.Context, c *pmpsmart.Client) error { return lastError(c.ListVisitsSeq(ctx, visits)) }},
		{"JSONOrderInput", document, `{"kode_order":"K-1","json_data":"{\"a\":\"é\"}","status":"completed"}`, insert(document)},
		{"JSONOrderInput with raw JSON", raw, `{"kode_order":"K-1","json_data":"{\"a\": 1.0}","status":"completed"}`, insert(raw)},
	}
}

// An input in JSON is what its method sends, and so does Call.
func TestInputsInJSON(t *testing.T) {
	t.Parallel()
	for _, row := range inputs() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(row.in)
			require.NoError(t, err)
			require.Equal(t, row.body, string(text))

			s := serve(t, success(`[{"id":1}]`))
			require.NoError(t, row.do(t.Context(), s.client()))
			require.NoError(t, s.client().Call(t.Context(), "x", row.in, nil))
			require.NoError(t, s.client().Call(t.Context(), "x", map[string]any{"in": row.in}, nil))
			sent := s.Requests()
			require.Equal(t, row.body, sent[0].Body, "by the method")
			require.Equal(t, row.body, sent[1].Body, "by Call")
			require.Equal(t, `{"in":`+row.body+`}`, sent[2].Body, "in something else")
		})
	}
}

// What was written is read back.
func TestInputsFromJSON(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	requireReadBack(t, pmpsmart.OrderFilter{Status: "open", Date: day, UserID: 7, OutletID: 8})
	requireReadBack(t, pmpsmart.OrderFilter{})
	requireReadBack(t, pmpsmart.JSONOrderFilter{Search: "a", Code: "b", Status: "c", StatusOrder: "d", StartDate: day, EndDate: day})
	requireReadBack(t, pmpsmart.SalesUserFilter{Name: "Budi"})
	requireReadBack(t, pmpsmart.VisitFilter{Name: "Budi"})
	requireReadBack(t, pmpsmart.JSONOrderInput{Code: "K", Data: rawJSON(`{"a":[1.0,"é"]}`), Status: "completed"})
	var in pmpsmart.JSONOrderInput
	require.NoError(t, json.Unmarshal([]byte(`{"kode_order":"K"}`), &in))
	require.Equal(t, pmpsmart.JSONOrderInput{Code: "K"}, in)
	require.Error(t, json.Unmarshal([]byte(`{"kode_order":7}`), &in))
}

func requireReadBack[T any](t *testing.T, in T) {
	t.Helper()
	text, err := json.Marshal(in)
	require.NoError(t, err)
	var out T
	require.NoError(t, json.Unmarshal(text, &out))
	require.Equal(t, in, out)
}

// Call refuses an input that the input's own method would refuse, in the same words.
func TestCallRefusesInputsAsTheirMethodsDo(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	var nilFilter *pmpsmart.OrderFilter
	for _, row := range []struct {
		name           string
		in             any
		field, problem string
	}{
		{"an order's user", pmpsmart.OrderFilter{UserID: -1}, "UserID", "is -1; an id is at least 1, and 0 does not filter"},
		{"a pointer", &pmpsmart.OrderFilter{OutletID: -1}, "OutletID", "is -1; an id is at least 1, and 0 does not filter"},
		{"Latin-1", pmpsmart.VisitFilter{Name: "\xe9"}, "Name", `is not UTF-8: "\xe9"`},
		{"a user's name", pmpsmart.SalesUserFilter{Name: "\xe9"}, "Name", `is not UTF-8: "\xe9"`},
		{"an end", pmpsmart.JSONOrderFilter{StartDate: day, EndDate: day.AddDays(-1)}, "EndDate", "2026-02-01 is before StartDate 2026-02-02"},
		{"no code", pmpsmart.JSONOrderInput{Data: 1, Status: "completed"}, "Code", "is empty"},
		{"no data", pmpsmart.JSONOrderInput{Code: "K", Status: "completed"}, "Data", "is nil; want a value or raw JSON"},
		{"in a map", map[string]any{"x": pmpsmart.JSONOrderInput{Data: 1, Status: "completed"}}, "Code", "is empty"},
		{"a nil filter", nilFilter, "in", "is a nil *pmpsmart.OrderFilter; want a value or raw JSON"},
	} {
		refused := refused{want: pmpsmart.InputError{Op: "Call", Field: row.field, Problem: row.problem}}
		refused.do = func(ctx context.Context, c *pmpsmart.Client) error { return c.Call(ctx, "x", row.in, nil) }
		t.Run(row.name, refused.check)
	}
	_, err := json.Marshal(pmpsmart.JSONOrderInput{Data: 1, Status: "completed"})
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.ErrorContains(t, err, "pmpsmart: JSONOrderInput: Code is empty")
}
