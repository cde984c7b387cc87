package pmpsmart_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func rawJSON(text string) json.RawMessage { return json.RawMessage(text) }

// A refused row is input that must not be sent.
type refused struct {
	name string
	want pmpsmart.InputError
	do   func(context.Context, *pmpsmart.Client) error
}

// check sends nothing, and says the same as a Response and in errors.Is.
func (row refused) check(t *testing.T) {
	t.Parallel()
	s := serve(t, ok(`{}`))
	err := row.do(t.Context(), s.client())
	var got *pmpsmart.InputError
	require.ErrorAs(t, err, &got)
	require.Equal(t, row.want, *got)
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.EqualError(t, err, "pmpsmart: "+row.want.Op+": "+row.want.Field+" "+row.want.Problem)
	require.Empty(t, s.asked())
}

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

func getOrder(id int64) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.GetOrder(ctx, id); return err }
}

func updateStatus(id int64, s pmpsmart.OrderStatus) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.UpdateOrderStatus(ctx, id, s)
		return err
	}
}

func login(email, password string) func(context.Context, *pmpsmart.Client) error {
	return func(ctx context.Context, c *pmpsmart.Client) error {
		_, err := c.Login(ctx, email, password)
		return err
	}
}

var february, march = pmpsmart.NewDate(2026, time.February, 2), pmpsmart.NewDate(2026, time.March, 3)

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

// A code with white space at an end would be trimmed by Laravel and never found
// again.
func TestCodesThatTheServerWouldTrimAreRefused(t *testing.T) {
	t.Parallel()
	const trimmed = "has white space or a control character at an end, which the server would trim: "
	rows := map[string]string{ // code to problem
		"":                "is empty",
		" ":               trimmed + `" "`,
		"A ":              trimmed + `"A "`,
		" A":              trimmed + `" A"`,
		"A\t":             trimmed + `"A\t"`,
		"\nA":             trimmed + `"\nA"`,
		"A\x00":           trimmed + `"A\x00"`,
		"A\x7f":           trimmed + `"A\x7f"`,
		"A\u0085":         trimmed + `"A\u0085"`,
		"\u00a0A":         trimmed + `"\u00a0A"`,
		"A\u2003":         trimmed + `"A\u2003"`,
		"A\u200b":         trimmed + `"A\u200b"`,
		"\ufeffA":         trimmed + `"\ufeffA"`,
		"\u3000A":         trimmed + `"\u3000A"`,
		"A\xff":           `is not UTF-8: "A\xff"`,
		"\xc3(":           `is not UTF-8: "\xc3("`,
		"PMP\xed\xa0\x80": `is not UTF-8: "PMP\xed\xa0\x80"`,
	}
	for code, problem := range rows {
		for op, do := range codeTakers(code) {
			field := "Code"
			if op == "UpdateOutletCode" {
				field = "code"
			}
			row := refused{want: pmpsmart.InputError{Op: op, Field: field, Problem: problem}, do: do}
			t.Run(op+" "+problem, row.check)
		}
	}
}

// codeTakers are the methods that take a code.
func codeTakers(code string) map[string]func(context.Context, *pmpsmart.Client) error {
	return map[string]func(context.Context, *pmpsmart.Client) error{
		"UpdateOutletCode": func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOutletCode(ctx, 88, code)
			return err
		},
		"InsertJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.InsertJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: code, Data: 1, Status: "x"})
			return err
		},
		"UpdateJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: code, Data: 1, Status: "x"})
			return err
		},
		"EnsureJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error {
			_, _, err := c.EnsureJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: code, Data: 1, Status: "x"})
			return err
		},
	}
}

func TestCodesWithOddMiddlesAreSent(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"A B", "a\tb", "é", "订单", "a\u200bb", "0", "null", "😀"} {
		s := serve(t, ok(`{"id":1}`))
		got, err := s.client().UpdateOutletCode(t.Context(), 88, code)
		require.NoError(t, err)
		require.Equal(t, &pmpsmart.Outlet{ID: 1, Code: code}, got)
	}
}

func TestDataThatIsNoJSONIsRefused(t *testing.T) {
	t.Parallel()
	var nilMap map[string]int
	var nilList []int
	var nilPointer *struct{ A int }
	loop := map[string]any{}
	loop["loop"] = loop
	rows := []struct {
		name string
		data any
		want string
	}{
		{"nothing", nil, "is nil; want a value or raw JSON"},
		{"a nil map", nilMap, "is a nil map[string]int; want a value or raw JSON"},
		{"a nil list", nilList, "is a nil []int; want a value or raw JSON"},
		{"a nil pointer", nilPointer, "is a nil *struct { A int }; want a value or raw JSON"},
		{"nil raw JSON", json.RawMessage(nil), "is empty; want a value or raw JSON"},
		{"nil bytes", []byte(nil), "is empty; want a value or raw JSON"},
		{"blank raw JSON", rawJSON(" \n"), "is empty; want a value or raw JSON"},
		{"half of an object", rawJSON(`{"a":`), "is not JSON: \"{\\\"a\\\":\""},
		{"two values", []byte(`{} {}`), `is not JSON: "{} {}"`},
		{"a trailing comma", []byte(`[1,]`), `is not JSON: "[1,]"`},
		{"NaN as text", []byte(`NaN`), `is not JSON: "NaN"`},
		{"bytes in Latin-1", []byte("\"caf\xe9\""), "is not UTF-8"},
		{"NaN", math.NaN(), "can't be made JSON: json: unsupported value: NaN"},
		{"a function", func() {}, "can't be made JSON: json: unsupported type: func()"},
	}
	for _, row := range rows {
		for op, do := range dataTakers(row.data) {
			r := refused{want: pmpsmart.InputError{Op: op, Field: "Data", Problem: row.want}, do: do}
			t.Run(op+" "+row.name, r.check)
		}
	}
	for name, data := range map[string]any{"a string in Latin-1": "caf\xe9", "Latin-1 inside": map[string]string{"a": "\xff"}, "a loop": loop} {
		for op, do := range dataTakers(data) {
			t.Run(op+" "+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, ok(`{}`))
				require.ErrorIs(t, do(t.Context(), s.client()), pmpsmart.ErrInvalidInput)
				require.Empty(t, s.asked())
			})
		}
	}
}

// dataTakers are the methods that take a JSON document.
func dataTakers(data any) map[string]func(context.Context, *pmpsmart.Client) error {
	in := pmpsmart.JSONOrderInput{Code: "A", Data: data, Status: "x"}
	return map[string]func(context.Context, *pmpsmart.Client) error{
		"InsertJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.InsertJSONOrder(ctx, in); return err },
		"UpdateJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.UpdateJSONOrder(ctx, in); return err },
		"EnsureJSONOrder": func(ctx context.Context, c *pmpsmart.Client) error {
			_, _, err := c.EnsureJSONOrder(ctx, in)
			return err
		},
	}
}

func TestAJSONOrderNeedsItsStatus(t *testing.T) {
	t.Parallel()
	for status, problem := range map[pmpsmart.JSONOrderStatus]string{
		"":     "is empty",
		"x ":   `has white space or a control character at an end, which the server would trim: "x "`,
		"\xff": `is not UTF-8: "\xff"`,
	} {
		in := pmpsmart.JSONOrderInput{Code: "A", Data: 1, Status: status}
		row := refused{want: pmpsmart.InputError{Op: "InsertJSONOrder", Field: "Status", Problem: problem},
			do: func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.InsertJSONOrder(ctx, in); return err }}
		t.Run(problem, row.check)
	}
}

// A refusal of the input fills the Response in as well, with nothing.
func TestRefusedInputLeavesAZeroResponse(t *testing.T) {
	t.Parallel()
	s := serve(t, ok(`{}`))
	response := pmpsmart.Response{HTTPStatus: 200, Attempts: 7}
	_, err := s.client().GetOrder(t.Context(), 0, pmpsmart.WithResponse(&response))
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.Equal(t, pmpsmart.Response{}, response)
}
