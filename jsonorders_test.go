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

var jsonOrderRequests = []documented{
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
		},
		seq: func(ctx context.Context, c *pmpsmart.Client) error {
			return lastError(c.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{Search: "PMP-3903001", Code: "veniam", Status: "completed", StatusOrder: "soluta",
				StartDate: pmpsmart.NewDate(2026, time.May, 1), EndDate: pmpsmart.NewDate(2026, time.May, 31)}))
		}},
}

var jsonOrderFilters = []sentBody{
	{"no JSON orders' filter", `{}`, jsonOrders(pmpsmart.JSONOrderFilter{})},
	{"search", `{"search":"a & b <\"é\">"}`, jsonOrders(pmpsmart.JSONOrderFilter{Search: `a & b <"é">`})},
	{"code", `{"kode_order":"A"}`, jsonOrders(pmpsmart.JSONOrderFilter{Code: "A"})},
	{"JSON status", `{"status":"baru"}`, jsonOrders(pmpsmart.JSONOrderFilter{Status: "baru"})},
	{"status of the order", `{"status_order":"x"}`, jsonOrders(pmpsmart.JSONOrderFilter{StatusOrder: "x"})},
	{"start", `{"start_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{StartDate: february})},
	{"end", `{"end_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{EndDate: february})},
	{"one day", `{"start_date":"2026-02-02","end_date":"2026-02-02"}`, jsonOrders(pmpsmart.JSONOrderFilter{StartDate: february, EndDate: february})},
}

var jsonOrderInput = []refused{
	{"end before start", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "EndDate", Problem: "2026-02-02 is before StartDate 2026-03-03"},
		jsonOrders(pmpsmart.JSONOrderFilter{StartDate: march, EndDate: february})},
	{"search in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Search", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Search: "\xff"})},
	{"code in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Code", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Code: "\xff"})},
	{"JSON status in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "Status", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{Status: "\xff"})},
	{"status of the order in Latin-1", pmpsmart.InputError{Op: "FilterJSONOrders", Field: "StatusOrder", Problem: `is not UTF-8: "\xff"`}, jsonOrders(pmpsmart.JSONOrderFilter{StatusOrder: "\xff"})},
}

func TestJSONOrderInJSON(t *testing.T) {
	t.Parallel()
	want := pmpsmart.JSONOrder{ID: 1, Code: "PMP-1", Data: rawJSON(`{"a":"é<\u0001"}`), Status: "completed", StatusOrder: "baru", CreatedAt: morning, Extra: extra(t, moreFields)}
	text, got := again(t, want)
	require.Equal(t, `{"id":1,"kode_order":"PMP-1","json_data":"{\"a\":\"é\u003c\\u0001\"}","status":"completed","status_order":"baru","created_at":"2026-02-02T09:00:00.123456+07:00","updated_at":null,"total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
	equalTimes(t, &want.CreatedAt, &got.CreatedAt)
	require.Equal(t, want, got)
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
			s := serve(t, success(`{"id":1}`))
			_, err := s.client().InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A", Data: row.data, Status: "x"})
			require.NoError(t, err)
			require.Equal(t, `{"kode_order":"A","json_data":`+row.want+`,"status":"x"}`, s.Requests()[0].Body)
		})
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
				s := serve(t, success(`{}`))
				require.ErrorIs(t, do(t.Context(), s.client()), pmpsmart.ErrInvalidInput)
				require.Empty(t, s.Requests())
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

func TestJSONOrderMatches(t *testing.T) {
	t.Parallel()
	order := &pmpsmart.JSONOrder{ID: 7, Code: "A", Data: rawJSON(`{"qty": 10000000000000001, "note": [], "nama": "Kopi"}`), Status: "completed", StatusOrder: "baru"}
	for _, row := range []struct {
		name string
		in   pmpsmart.JSONOrderInput
		want bool
	}{
		{"the same", pmpsmart.JSONOrderInput{Code: "A", Data: order.Data, Status: "completed"}, true},
		{"written in another way", pmpsmart.JSONOrderInput{Code: "A", Data: []byte(`{"nama":"K\u006fpi","note":{},"qty":10000000000000001}`), Status: "completed"}, true},
		{"a map", pmpsmart.JSONOrderInput{Code: "A", Data: map[string]any{"qty": int64(10000000000000001), "note": map[string]int{}, "nama": "Kopi"}, Status: "completed"}, true},
		{"a number that float64 takes for the same", pmpsmart.JSONOrderInput{Code: "A", Data: []byte(`{"qty":10000000000000000,"note":[],"nama":"Kopi"}`), Status: "completed"}, false},
		{"a number written in another way", pmpsmart.JSONOrderInput{Code: "A", Data: []byte(`{"qty":1.0000000000000001e16,"note":[],"nama":"Kopi"}`), Status: "completed"}, false},
		{"another code", pmpsmart.JSONOrderInput{Code: "a", Data: order.Data, Status: "completed"}, false},
		{"another status", pmpsmart.JSONOrderInput{Code: "A", Data: order.Data, Status: "open"}, false},
		{"other data", pmpsmart.JSONOrderInput{Code: "A", Data: "x", Status: "completed"}, false},
		{"no data", pmpsmart.JSONOrderInput{Code: "A", Status: "completed"}, false},
		{"data that is no JSON", pmpsmart.JSONOrderInput{Code: "A", Data: []byte("{"), Status: "completed"}, false},
	} {
		require.Equal(t, row.want, order.Matches(row.in), row.name)
	}
	require.False(t, (&pmpsmart.JSONOrder{Code: "A", Status: "x"}).Matches(pmpsmart.JSONOrderInput{Code: "A", Data: []byte("null"), Status: "x"}))
}
