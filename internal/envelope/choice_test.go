package envelope

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The records of the tests of this file: each has a field that only orders have, and
// the first is surely one.
const (
	orderA = `{"id":1,"kode_order":"A","user_id":7,"outlet_id":3}`
	orderB = `{"id":2,"kode_order":"B","user_id":7,"outlet_id":3}`
)

func abOrders() []order {
	return []order{{ID: 1, Code: "A", UserID: 7, OutletID: 3}, {ID: 2, Code: "B", UserID: 7, OutletID: 3}}
}

// TestTheArrayMostLikeTheModel: of the arrays in an object the one that looks most like
// the model's records is the list, wherever it stands among them.
func TestTheArrayMostLikeTheModel(t *testing.T) {
	t.Parallel()
	const list = `[` + orderA + `,` + orderB + `]`
	outlets := `[{"id":3,"name":"Toko","created_at":"2026-02-02 01:15:30"}]`
	told := func(path, got string) Answer { return Answer{Drifts: []Drift{drift(path, WantOneList, got)}} }
	first := strings.Trim(outlets, "[]")
	checkLists(t, asJSON, []listRow{
		{named("after a summary"), `{"data":{"summary":[{"label":"open","n":2}],"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after a summary by status"), `{"data":{"summary":[{"status":"open","n":2}],"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after outlets"), `{"data":{"outlets":` + outlets + `,"orders":` + list + `}}`, abOrders(), told("data.outlets", first), ""},
		{named("after visits, with fields of orders"), `{"data":{"visits":[{"id":9,"user_id":7,"outlet_id":3}],"orders":` + list + `}}`, abOrders(), told("data.visits", `{"id":9,"user_id":7,"outlet_id":3}`), ""},
		{named("after the names of columns"), `{"data":{"columns":["id","kode_order"],"rows":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after columns as objects"), `{"data":{"columns":[{"title":"Kode","data":"kode_order"}],"rows":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after numbers"), `{"data":{"series":[1,2],"matrix":[[1],[2]],"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after a summary, at the top"), `{"status":"success","summary":[{"status":"open","n":2}],"orders":` + list + `}`, abOrders(), Answer{Status: "success"}, ""},
		{named("after a summary, as a page"), `{"data":{"summary":[{"n":2}],"orders":{"current_page":1,"data":` + list + `}}}`, abOrders(), Answer{Page: Page{Current: 1}}, ""},
		{named("after a summary, under data"), `{"data":{"summary":[{"n":2}],"orders":{"data":` + list + `}}}`, abOrders(), Answer{}, ""},
		{named("after a summary that is a page"), `{"data":{"summary":{"data":[{"n":2}]},"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("less than surely, after others"), `{"data":{"outlets":` + outlets + `,"orders":[{"id":1,"kode_order":"A"}]}}`, []order{{ID: 1, Code: "A"}}, told("data.outlets", first), ""},
		{named("less than surely, before others"), `{"data":{"orders":[{"id":1,"kode_order":"A"}],"outlets":` + outlets + `}}`, []order{{ID: 1, Code: "A"}}, told("data.outlets", first), ""},
		{named("before others"), `{"data":{"orders":` + list + `,"outlets":` + outlets + `}}`, abOrders(), told("data.outlets", first), ""},
		{named("the first of those alike"), `{"data":{"a":[{"id":1},null],"b":[{"id":2}]}}`, ids(1), Answer{Count: 2, Drifts: []Drift{drift("data.b", WantOneList, `{"id":2}`)}}, ""},
		{named("the first of those of unknown fields"), `{"data":{"a":[{"x":1}],"b":[{"y":2}]}}`, []order{{Extra: `{"x":1}`}}, Answer{Drifts: fieldless("data.a.*", `{"x":1}`, 1)}, ""},
		{named("never links or errors"), `{"data":{"errors":[{"kode_order":"x"}],"links":[{"kode_order":"x"}],"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("an array of texts beside one record"), `{"data":{"tags":["x"],"order":` + orderA + `}}`, abOrders()[:1], Answer{}, ""},
		{named("texts before an empty list"), `{"data":{"columns":["id"],"rows":[]}}`, nil, Answer{}, ""},
		{named("objects before an empty list"), `{"data":{"columns":[{"title":"x"}],"rows":[]}}`, nil, told("data.columns", `{"title":"x"}`), ""},
		{named("rows without names"), `{"data":{"columns":["id","kode_order"],"rows":[[1,"A"]]}}`, nil, Answer{}, `data.rows.0: want an object, got [1,"A"]`},

		{named("of a user with an id"), `{"data":{"user":{"id":2,"name":"Ferry","orders":` + list + `}}}`, abOrders(), Answer{}, ""},
		{named("of a user with an id, at the top"), `{"user":{"id":2,"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("of a user in place of data"), `{"data":{"id":2,"name":"Ferry","orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("of a user in place of data, as a page"), `{"data":{"id":2,"orders":{"current_page":1,"last_page":4,"data":` + list + `}}}`, abOrders(), Answer{Page: Page{Current: 1, Last: 4}}, ""},
		{named("of a user in place of the answer"), `{"id":2,"name":"Ferry","orders":` + list + `}`, abOrders(), Answer{}, ""},
		{named("of a user whose id comes last"), `{"data":{"orders":` + list + `,"id":2}}`, abOrders(), Answer{}, ""},
		{named("of a user beside a filter"), `{"data":{"filter":{"a":1},"user":{"id":2,"orders":` + list + `}}}`, abOrders(), Answer{Drifts: []Drift{drift("data", WantObjects, `{"a":1}`)}}, ""},
		{named("of a user beside an outlet"), `{"data":{"outlet":{"id":5,"name":"x"},"user":{"id":2,"orders":` + list + `}}}`, abOrders(), Answer{Drifts: []Drift{drift("data", WantObjects, `{"id":5,"name":"x"}`)}}, ""},
		{named("of a user, with one field of their own"), `{"data":{"id":2,"orders":[{"id":1,"kode_order":"A"}]}}`, []order{{ID: 1, Code: "A"}}, Answer{}, ""},
		{named("after a user and an outlet"), `{"data":{"user":{"id":2},"outlet":{"id":5},"orders":` + list + `}}`, abOrders(), Answer{}, ""},
		{named("after a user and an outlet, by ids alone"), `{"data":{"user":{"id":2},"outlet":{"id":5},"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("an order and its items"), `{"data":{"id":1,"kode_order":"A","items":[{"id":9,"kode_order":"A"}]}}`, []order{{ID: 1, Code: "A", Extra: `{"items":[{"id":9,"kode_order":"A"}]}`}}, Answer{}, ""},
		{named("an order after its items"), `{"data":{"items":[{"id":9,"kode_order":"A"}],"id":1,"kode_order":"A"}}`, []order{{ID: 1, Code: "A", Extra: `{"items":[{"id":9,"kode_order":"A"}]}`}}, Answer{}, ""},
		{named("an order that holds the user's others"), `{"data":{"id":1,"kode_order":"A","user_id":7,"outlet_id":3,"user":{"orders":` + list + `}}}`,
			[]order{{ID: 1, Code: "A", UserID: 7, OutletID: 3, Extra: `{"user":{"orders":` + list + `}}`}}, Answer{}, ""},
	})
}

// TestGroups has lists that stand in groups by what their records say.
func TestGroups(t *testing.T) {
	t.Parallel()
	const open, done = `{"id":1,"kode_order":"A","status":"open"}`, `{"id":2,"kode_order":"B","status":"complete"}`
	both := []order{{ID: 1, Code: "A", Status: "open"}, {ID: 2, Code: "B", Status: "complete"}}
	checkLists(t, asJSON, []listRow{
		{named("by day"), `{"data":{"2026-02-01":[` + orderA + `],"2026-02-02":[` + orderB + `]}}`, abOrders(), Answer{}, ""},
		{named("by day, less than surely"), `{"data":{"2026-02-01":[` + open + `],"2026-02-02":[` + done + `]}}`, both, Answer{}, ""},
		{named("by day, at the top"), `{"2026-02-01":[{"id":1}],"2026-02-02":[{"id":2}]}`, ids(1, 2), Answer{}, ""},
		{named("by number"), `{"data":{"7":[` + orderA + `,null],"8":[` + orderB + `]}}`, abOrders(), Answer{Count: 3}, ""},
		{named("by status"), `{"data":{"open":[` + open + `],"complete":[` + done + `]}}`, both, Answer{}, ""},
		{named("by status, some empty"), `{"data":{"open":[` + open + `],"pending":[],"complete":[` + done + `]}}`, both, Answer{}, ""},
		{named("by day and status"), `{"data":{"2026-02-01":{"open":[` + open + `],"complete":[` + done + `]},"2026-02-02":{"open":[` + orderA + `]}}}`, append(both, abOrders()[0]), Answer{}, ""},
		{named("by day, keyed"), `{"data":{"2026-02-01":{"0":` + orderA + `,"3":` + orderB + `},"2026-02-02":{"4":` + open + `}}}`, append(abOrders(), both[0]), Answer{}, ""},
		{named("as elements"), `{"data":[[` + orderA + `],[` + orderB + `,null]]}`, abOrders(), Answer{Count: 3}, ""},
		{named("as elements by status"), `{"data":[{"hari":"Senin","open":[` + open + `],"complete":[` + done + `]}]}`, both, Answer{}, ""},
		{named("of users"), `{"data":[{"id":7,"name":"Ferry","orders":[` + orderA + `]},{"id":8,"name":"Budi","orders":[` + orderB + `]}]}`,
			[]order{{ID: 1, Code: "A", UserID: 7, OutletID: 3, Extra: `{"name":"Ferry"}`}, {ID: 2, Code: "B", UserID: 7, OutletID: 3, Extra: `{"name":"Budi"}`}}, Answer{}, ""},
		{named("by status, the first empty"), `{"data":{"pending":[],"open":[` + open + `],"complete":[` + done + `]}}`, both, Answer{}, ""},
		{named("by day, the second surely"), `{"data":{"2026-02-01":[` + open + `],"2026-02-02":[` + orderB + `]}}`, []order{both[0], abOrders()[1]}, Answer{}, ""},
		{named("an odd field"), `{"data":{"2026-02-01":[{"id":1,"user_id":"x"}],"2026-02-02":[{"id":2,"user_id":"y"}]}}`,
			[]order{{ID: 1, Extra: `{"user_id":"x"}`}, {ID: 2, Extra: `{"user_id":"y"}`}}, Answer{Drifts: []Drift{{"data.*.*.user_id", "integer", []byte(`"x"`), 2}}}, ""},
		{named("others beside a group"), `{"data":[{"orders":[` + orderA + `],"returned":[` + orderB + `]}]}`, []order{{ID: 1, Code: "A", UserID: 7, OutletID: 3, Extra: `{"returned":[` + orderB + `]}`}},
			Answer{Drifts: []Drift{drift("data.*.orders", WantOneList, `[`+orderB+`]`)}}, ""},
		{named("texts as elements"), `{"data":[["a"]]}`, nil, Answer{}, `data.0: want an object, got ["a"]`},
	})
}

// TestElementsThatAreAnswers has arrays whose elements are envelopes.
func TestElementsThatAreAnswers(t *testing.T) {
	t.Parallel()
	ok := Answer{Status: "success"}
	checkLists(t, asJSON, []listRow{
		{named("around a list"), `[{"status":"success","data":[` + orderA + `,` + orderB + `]}]`, abOrders(), ok, ""},
		{named("around records"), `[{"status":"success","data":` + orderA + `},{"status":"success","data":` + orderB + `}]`, abOrders(), ok, ""},
		{named("around nothing"), `[{"status":"success","message":"kosong","data":[]}]`, nil, Answer{Status: "success", Message: "kosong"}, ""},
		{named("a refusal"), `[{"status":"error","message":"Token salah"}]`, nil, Answer{Status: "error", Failed: true, Message: "Token salah"}, ""},
		{named("a refusal under data"), `{"status":"success","data":[{"success":false,"message":"x"}]}`, nil, Answer{Failed: true, Message: "x"}, ""},
		{named("around a page"), `[{"status":"success","data":[` + orderA + `],"total":5}]`, abOrders()[:1], Answer{Status: "success", Total: 5}, ""},
		{named("a page without a status"), `[{"current_page":1,"data":[` + orderA + `],"last_page":3}]`, abOrders()[:1], Answer{Page: Page{Current: 1, Last: 3}}, ""},
		{named("a record's status"), `[{"status":"open"}]`, []order{{Status: "open"}}, Answer{}, ""},
	})
}

// TestLargeArrays has arrays that are too large to wait until their object ends.
func TestLargeArrays(t *testing.T) {
	t.Parallel()
	many := func(element string) string {
		return `[` + strings.Repeat(element+`,`, maxWaiting/len(element)+1) + element + `]`
	}
	read := func(body string) result { return readList(strings.NewReader(body), asJSON) }
	got := read(`{"data":{"orders":` + many(`{"id":1,"kode_order":"A"}`) + `,"outlets":[{"id":3}]}}`)
	assert.Empty(t, got.Err)
	assert.Len(t, got.Records, maxWaiting/len(`{"id":1,"kode_order":"A"}`)+2)
	assert.Equal(t, []Drift{drift("data.outlets", WantOneList, `{"id":3}`)}, got.Answer.Drifts)

	for name, row := range map[string]struct {
		before string
		drifts []Drift
	}{
		"texts":   {many(`"x"`), nil},
		"numbers": {many(`[1,2]`), nil},
	} {
		got = read(`{"data":{"x":` + row.before + `,"orders":[` + orderA + `]}}`)
		assert.Empty(t, got.Err, name)
		assert.Equal(t, abOrders()[:1], got.Records, name)
		assert.Equal(t, row.drifts, got.Answer.Drifts, name)
	}

	got = read(`{"data":{"orders":[{"id":1,"kode_order":"A"}],"outlets":` + many(`{"id":3,"name":"x"}`) + `}}`)
	assert.Equal(t, []order{{ID: 1, Code: "A"}}, got.Records, "the one that waits is more alike")
	assert.Equal(t, []Drift{drift("data.outlets", WantOneList, `{"id":3,"name":"x"}`)}, got.Answer.Drifts)

	got = read(fmt.Sprintf(`{"data":{"2026-02-01":[%s],"2026-02-02":%s}}`, `{"id":1,"kode_order":"A"}`, many(`{"id":2,"kode_order":"B"}`)))
	assert.Empty(t, got.Err)
	assert.Empty(t, got.Answer.Drifts)
	assert.Len(t, got.Records, maxWaiting/len(`{"id":2,"kode_order":"B"}`)+3, "groups")
}
