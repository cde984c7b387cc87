package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// served returns the response to an order that PMP Smart sends, on its own and in
// a list.
func served(t *testing.T, order string) (one, list string) {
	t.Helper()
	s, sandbox := newTestService(t, config{})
	sandbox.Fail(
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":` + order + `}`},
		pmpsmarttest.Fault{Op: "ListOrders", Kind: pmpsmarttest.FaultAnswer, Status: 200, Body: `{"status":"success","data":[` + order + `]}`})
	for _, answer := range []struct {
		path string
		body *string
	}{{"/orders/7", &one}, {"/orders", &list}} {
		w := get(s, answer.path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", answer.path, w.Code, w.Body)
		}
		*answer.body = strings.TrimSpace(w.Body.String())
	}
	return one, list
}

// A response has the fields that it names, whatever else PMP Smart sends.
func TestResponseShowsNamedFieldsOnly(t *testing.T) {
	t.Parallel()
	one, list := served(t, `{"id":7,"kode_order":"PMP-7","status":"open","date_order":"2026-02-02","user_id":3,"outlet_id":4,
		"created_at":"2026-02-02T08:00:00Z","updated_at":null,"total":"231750.50","rahasia":"rahasia-1","api_token":"rahasia-2",
		"items":[{"id":1,"nama_produk":"Kecap","qty":"3","harga":9900,"supplier_key":"rahasia-3"}],
		"user":{"name":"Budi","email":"rahasia-4","password":"$2y$10$rahasia-5","remember_token":"rahasia-6"},
		"outlet":{"id":4,"api_token":"rahasia-7"}}`)
	const want = `{"id":7,"kode_order":"PMP-7","status":"open","date_order":"2026-02-02","user_id":3,"outlet_id":4,` +
		`"created_at":"2026-02-02T08:00:00Z","updated_at":null,"total":231750.5,` +
		`"items":[{"id":1,"nama_produk":"Kecap","qty":3,"harga":9900}]}`
	if one != want {
		t.Errorf("got  %s\nwant %s", one, want)
	}
	if want := `{"orders":[` + want + `],"more":false}`; list != want {
		t.Errorf("got  %s\nwant %s", list, want)
	}
}

// What a total or items can't be is left out.
func TestResponseLeavesOddFieldsOut(t *testing.T) {
	t.Parallel()
	const head = `{"id":7,"kode_order":"","status":"","date_order":null,"user_id":0,"outlet_id":0,"created_at":null,"updated_at":null`
	for odd, want := range map[string]string{
		``:                              `}`,
		`,"total":null`:                 `}`,
		`,"total":"mahal"`:              `}`,
		`,"total":"NaN"`:                `}`,
		`,"total":"Inf"`:                `}`,
		`,"items":"banyak"`:             `}`,
		`,"items":[]`:                   `}`,
		`,"items":[{"qty":"NaN"}]`:      `}`,
		`,"items":[{"harga":"mahal"}]`:  `}`,
		`,"created_at":"besok"`:         `}`,
		`,"items":[{"qty":1},{"id":2}]`: `,"items":[{"id":0,"nama_produk":"","qty":1,"harga":0},{"id":2,"nama_produk":"","qty":0,"harga":0}]}`,
	} {
		if one, _ := served(t, `{"id":7`+odd+`}`); one != head+want {
			t.Errorf("%s: %s", odd, one)
		}
	}
}

// The fields of the library's Order are those of the response.
func TestResponseHasTheFieldsOfAnOrder(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	for _, order := range sandbox.Orders()[:20] {
		total := order.Extra.Get("total")
		order.Extra = pmpsmart.Extra{}
		want, err := json.Marshal(order)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(newOrderResponse(order))
		if string(got) != string(want) || err != nil {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
		if total == nil {
			t.Error("the sandbox sends no total")
		}
	}
	w := get(s, "/orders/7")
	var shown map[string]json.RawMessage
	if err := json.Unmarshal(w.Body.Bytes(), &shown); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"total", "items"} {
		if shown[name] == nil {
			t.Errorf("no %s in %s", name, w.Body)
		}
	}
}

// The four statuses are filters, each by its name.
func TestStatuses(t *testing.T) {
	t.Parallel()
	s, sandbox := newTestService(t, config{})
	for _, status := range statuses {
		w := get(s, "/orders?limit=1&status="+string(status))
		has := slices.ContainsFunc(sandbox.Orders(), func(o pmpsmart.Order) bool { return o.Status == status })
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"status":"`+string(status)+`"`) != has {
			t.Errorf("%s: %d %s", status, w.Code, w.Body)
		}
	}
}
