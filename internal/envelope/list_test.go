package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ids are orders of which only the id was sent.
func ids(all ...int64) []order {
	records := make([]order, 0, len(all))
	for _, id := range all {
		records = append(records, order{ID: id})
	}
	return records
}

// drift is one drift met once.
func drift(path, want, got string) Drift { return Drift{path, want, []byte(got), 1} }

// fieldless is the drift of n elements without a field of the model.
func fieldless(path, first string, n int) []Drift {
	return []Drift{{path, "a field of the record", []byte(first), n}}
}

type listRow struct {
	row
	body   string
	want   []order // never nil
	answer Answer  // Count is len(want) where it is left out
	err    string
}

func checkLists(t *testing.T, o Options, rows []listRow) {
	for _, row := range rows {
		row.run(t, func(t *testing.T) {
			if row.want == nil {
				row.want = []order{}
			}
			if row.answer.Count == 0 {
				row.answer.Count = len(row.want)
			}
			assert.Equal(t, result{row.want, row.answer, row.err}, readEveryWay(t, row.body, o))
		})
	}
}

// TestListShapes has each shape in which a server may send a list.
func TestListShapes(t *testing.T) {
	t.Parallel()
	checkLists(t, asJSON, []listRow{
		{named("an array"), `{"data":[{"id":1},{"id":2}]}`, ids(1, 2), Answer{}, ""},
		{named("records that lack fields"), `[{"id":1,"kode_order":"A","user_id":7,"x":1},{"id":2}]`, []order{{ID: 1, Code: "A", UserID: 7, Extra: `{"x":1}`}, {ID: 2}}, Answer{}, ""},
		{named("a bare array"), `[{"id":1},{"id":2}]`, ids(1, 2), Answer{}, ""},
		{named("null among the records"), `{"data":[null,{"id":1},null,{"id":2}]}`, ids(1, 2), Answer{Count: 4}, ""},
		{named("objects that say nothing"), `{"data":[{},{"id":1}]}`, ids(0, 1), Answer{Drifts: fieldless(`data.*`, `{}`, 1)}, ""},
		{named("an empty array"), `{"data":[]}`, nil, Answer{}, ""},
		{named("an empty object"), `{"data":{}}`, nil, Answer{}, ""},
		{named("null"), `{"data":null}`, nil, Answer{}, ""},
		{named("an empty string"), `{"data":""}`, nil, Answer{}, ""},
		{named("blanks"), `{"data":" "}`, nil, Answer{}, ""},
		{named("false"), `{"data":false}`, nil, Answer{}, ""},
		{named("no data"), `{"status":"success","message":"ok"}`, nil, Answer{Status: "success", Message: "ok"}, ""},
		{named("a bare empty array"), `[]`, nil, Answer{}, ""},
		{named("a bare empty object"), `{}`, nil, Answer{}, ""},
		{named("a bare null"), `null`, nil, Answer{}, ""},
		{named("a bare empty string"), `""`, nil, Answer{}, ""},
		{named("a bare false"), `false`, nil, Answer{}, ""},

		{named("one record"), `{"data":{"id":1,"kode_order":"A"}}`, []order{{ID: 1, Code: "A"}}, Answer{}, ""},
		{named("one record that holds a list"), `{"data":{"id":1,"items":[{"id":7}]}}`, []order{{ID: 1, Extra: `{"items":[{"id":7}]}`}}, Answer{}, ""},
		{named("one record by its code"), `{"data":{"kode_order":"A","items":[{"id":7}]}}`, []order{{Code: "A", Extra: `{"items":[{"id":7}]}`}}, Answer{}, ""},
		{named("one record without an id"), `{"data":{"user_id":7,"status":"open"}}`, []order{{UserID: 7, Status: "open"}}, Answer{}, ""},
		{named("one record of unknown fields"), `{"data":{"nama":"x"}}`, []order{{Extra: `{"nama":"x"}`}}, Answer{Drifts: fieldless(`data`, `{"nama":"x"}`, 1)}, ""},
		{named("one record after its relation"), `{"data":{"outlet":{"id":5},"id":1}}`, []order{{ID: 1, Extra: `{"outlet":{"id":5}}`}}, Answer{}, ""},
		{named("one bare record"), `{"id":1,"kode_order":"A","status":"cancel"}`, []order{{ID: 1, Code: "A", Status: "cancel"}}, Answer{}, ""},
		{named("one bare record beside a message"), `{"message":"ok","id":1,"total":5}`, []order{{ID: 1, Extra: `{"total":5}`}}, Answer{Message: "ok"}, ""},
		{named("one record under a name"), `{"data":{"order":{"id":1}}}`, ids(1), Answer{}, ""},
		{named("one record under a name at the top"), `{"status":true,"order":{"id":1}}`, ids(1), Answer{Status: "true"}, ""},

		{named("by number"), `{"data":{"0":{"id":1},"1":{"id":2}}}`, ids(1, 2), Answer{}, ""},
		{named("by number, sorted"), `{"data":{"2":{"id":3},"0":{"id":1},"10":{"id":2}}}`, ids(3, 1, 2), Answer{}, ""},
		{named("one by number"), `{"data":{"7":{"id":1}}}`, ids(1), Answer{}, ""},
		{named("by code"), `{"data":{"PMP-1":{"id":1},"PMP-2":{"id":2}}}`, ids(1, 2), Answer{}, ""},
		{named("one by code"), `{"data":{"PMP-1":{"id":1}}}`, ids(1), Answer{}, ""},
		{named("by key, null among them"), `{"data":{"a":{"id":1},"b":null,"c":{"id":2},"3":null}}`, ids(1, 2), Answer{}, ""},
		{named("by names and numbers"), `{"data":{"a":{"id":1},"1":{"id":2},"b":{"id":3}}}`, ids(1, 2, 3), Answer{}, ""},
		{named("by key, with a paginator's words"), `{"data":{"total":2,"a":{"id":1},"b":{"id":2},"per_page":"1"}}`, ids(1, 2), Answer{Page: Page{Last: 2}, Total: 2}, ""},
		{named("by key at the top"), `{"0":{"id":1},"1":{"id":2},"status":"success"}`, ids(1, 2), Answer{Status: "success"}, ""},
		{named("records by key that hold lists"), `{"data":{"a":{"id":1,"items":[1]},"b":{"id":2,"data":[2]}}}`,
			[]order{{ID: 1, Extra: `{"items":[1]}`}, {ID: 2, Extra: `{"data":[2]}`}}, Answer{}, ""},

		{named("under a name"), `{"data":{"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("under a name, after words"), `{"data":{"total":1,"label":"x","filter":{"a":1},"orders":[{"id":1}]}}`, ids(1), Answer{Total: 1}, ""},
		{named("under a name, empty"), `{"data":{"orders":[]}}`, nil, Answer{}, ""},
		{named("under a name, null"), `{"data":{"orders":null}}`, nil, Answer{}, ""},
		{named("under a name, null, with a count"), `{"data":{"orders":null,"count":0}}`, nil, Answer{}, ""},
		{named("under a name at the top"), `{"status":"success","message":"ok","orders":[{"id":1}]}`, ids(1), Answer{Status: "success", Message: "ok"}, ""},
		{named("under two names"), `{"data":{"result":{"orders":[{"id":1}]}}}`, ids(1), Answer{}, ""},
		{named("under two names, with a count"), `{"data":{"result":{"count":1,"status":"x","orders":[{"id":1}]}}}`, ids(1), Answer{Total: 1}, ""},
		{named("under data, three times"), `{"data":{"data":{"data":[{"id":1}]}}}`, ids(1), Answer{}, ""},
		{named("after links and errors"), `{"data":{"links":[{"url":null}],"errors":[],"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("after an empty meta"), `{"data":{"meta":[],"pagination":[],"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("beside an object"), `{"data":{"orders":[{"id":1}],"summary":{"id":9}}}`, ids(1), Answer{}, ""},
		{named("after an empty array, as a page"), `{"data":{"filters":[],"orders":{"current_page":1,"data":[{"id":1}],"last_page":3}}}`, ids(1), Answer{Page: Page{Current: 1, Last: 3}}, ""},
		{named("after an empty array, under data"), `{"data":{"filters":[],"orders":{"data":[{"id":1}]}}}`, ids(1), Answer{}, ""},
		{named("by number after an empty array"), `{"data":{"filters":[],"1":{"id":1},"2":{"id":2}}}`, ids(1, 2), Answer{}, ""},
		{named("by key before an empty array"), `{"data":{"A1":{"nama":"x"},"A2":{"nama":"y"},"filters":[]}}`, []order{{Extra: `{"nama":"x"}`}, {Extra: `{"nama":"y"}`}}, Answer{Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("by key before a count"), `{"data":{"A1":{"nama":"x"},"A2":{"nama":"y"},"total":2}}`, []order{{Extra: `{"nama":"x"}`}, {Extra: `{"nama":"y"}`}}, Answer{Total: 2, Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("by key before a remark"), `{"data":{"A1":{"nama":"x"},"A2":{"nama":"y"},"catatan":"z"}}`, []order{{Extra: `{"nama":"x"}`}, {Extra: `{"nama":"y"}`}}, Answer{Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("by key before a page's objects"), `{"data":{"A1":{"nama":"x"},"A2":{"nama":"y"},"meta":{},"links":[],"errors":[]}}`, []order{{Extra: `{"nama":"x"}`}, {Extra: `{"nama":"y"}`}}, Answer{Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("by key, one of unknown fields"), `{"data":{"A":{"id":1},"B":{"catatan":"y"}}}`, []order{{ID: 1}, {Extra: `{"catatan":"y"}`}}, Answer{Drifts: fieldless(`data.*`, `{"catatan":"y"}`, 1)}, ""},
		{named("by key, one of known fields"), `{"data":{"A":{"nama":"x"},"B":{"id":2},"C":{"nama":"z"}}}`, []order{{Extra: `{"nama":"x"}`}, {ID: 2}, {Extra: `{"nama":"z"}`}}, Answer{Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("a page of none before others"), `{"data":{"current_page":1,"data":[],"last_page":1,"total":0,"user":{"id":1}}}`, nil, Answer{Page: Page{Current: 1, Last: 1}}, ""},
		{named("none before records of others by key"), `{"data":{"orders":[],"user":{"id":1},"outlet":{"id":2}}}`, nil, Answer{}, ""},
		{named("none before a code"), `{"data":{"orders":[],"id":7,"kode_order":"A"}}`, nil, Answer{}, ""},
		{named("empty, before arrays that are none of records"), `{"data":{"orders":[],"tags":["x"],"user":{"id":3}}}`, nil, Answer{}, ""},
		{named("after two objects"), `{"data":{"user":{"id":3,"name":"x"},"filter":{"status":"open"},"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("after two objects, as a page"), `{"data":{"summary":{"omset":1},"filter":{"a":1},"orders":{"current_page":1,"data":[{"id":1}]}}}`, ids(1), Answer{Page: Page{Current: 1}}, ""},
		{named("after empty objects"), `{"data":{"filter":{},"user":{},"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("an empty object after a summary"), `{"data":{"summary":{"total":0},"orders":{}}}`, nil, Answer{}, ""},
		{named("after metadata"), `{"metadata":{"code":200,"message":"Ok"},"response":{"list":[{"id":1}]}}`, ids(1), Answer{Message: "Ok"}, ""},
		{named("records of unknown fields by key"), `{"data":{"a":{"nama":"x"},"b":{"nama":"y"}}}`, []order{{Extra: `{"nama":"x"}`}, {Extra: `{"nama":"y"}`}}, Answer{Drifts: fieldless(`data.*`, `{"nama":"x"}`, 2)}, ""},
		{named("many of unknown fields by key"), `{"data":{"a":{"n":1},"b":{"n":2},"c":{"n":3},"d":{"n":4},"e":{"n":5},"f":{"n":6},"g":{"n":7},"h":{"n":8},"i":{"n":9},"j":{"n":10}}}`,
			[]order{{Extra: `{"n":1}`}, {Extra: `{"n":2}`}, {Extra: `{"n":3}`}, {Extra: `{"n":4}`}, {Extra: `{"n":5}`}, {Extra: `{"n":6}`}, {Extra: `{"n":7}`}, {Extra: `{"n":8}`}, {Extra: `{"n":9}`}, {Extra: `{"n":10}`}}, Answer{Drifts: fieldless(`data.*`, `{"n":1}`, 10)}, ""},
		{named("under success"), `{"success":[{"id":1},{"id":2}]}`, ids(1, 2), Answer{}, ""},
		{named("under success and a name"), `{"success":{"orders":[{"id":1}]}}`, ids(1), Answer{}, ""},
		{named("resources of JSON:API"), `{"data":[{"type":"orders","id":"1","attributes":{"kode_order":"A","total":7},"links":{"self":"x"}}]}`,
			[]order{{ID: 1, Code: "A", Extra: `{"type":"orders","total":7,"links":{"self":"x"}}`}}, Answer{}, ""},
		{named("empty data first"), `{"data":null,"data":[{"id":1}]}`, ids(1), Answer{}, ""},
		{named("names in escapes"), `{"\u0064ata":[{"\u0069d":1}]}`, ids(1), Answer{}, ""},
	})
}

// TestWrappedElements has elements that are no record and hold one, or a group of
// them.
func TestWrappedElements(t *testing.T) {
	t.Parallel()
	const a, b = `{"id":1,"kode_order":"A"}`, `{"id":2,"kode_order":"B"}`
	both := []order{{ID: 1, Code: "A"}, {ID: 2, Code: "B"}}
	extra := func(first, second string) []order {
		return []order{{ID: 1, Code: "A", Extra: first}, {ID: 2, Code: "B", Extra: second}}
	}
	checkLists(t, asJSON, []listRow{
		{named("under a name"), `[{"order":` + a + `},{"order":` + b + `}]`, both, Answer{}, ""},
		{named("under data"), `{"data":[{"data":` + a + `},{"data":` + b + `}]}`, both, Answer{}, ""},
		{named("under attributes without a type"), `[{"attributes":` + a + `},{"attributes":` + b + `}]`, both, Answer{}, ""},
		{named("beside its relation"), `[{"outlet":{"id":5},"order":` + a + `},{"order":` + b + `,"outlet":{"id":6}}]`, extra(`{"outlet":{"id":5}}`, `{"outlet":{"id":6}}`), Answer{}, ""},
		{named("beside a scalar"), `[{"no":1,"order":` + a + `},{"no":2,"order":` + b + `}]`, extra(`{"no":1}`, `{"no":2}`), Answer{}, ""},
		{named("under two names"), `[{"node":{"order":` + a + `},"cursor":"x"},{"node":{"order":` + b + `},"cursor":"y"}]`, extra(`{"cursor":"x"}`, `{"cursor":"y"}`), Answer{}, ""},
		{named("under two names, both with siblings"), `[{"x":{"y":{"z":1},"order":` + a + `}}]`, []order{{ID: 1, Code: "A", Extra: `{"y":{"z":1}}`}}, Answer{}, ""},
		{named("by key"), `{"data":{"15":{"order":` + a + `},"16":{"order":` + b + `}}}`, both, Answer{}, ""},
		{named("a group"), `[{"header":{"hari":"Senin"},"records":[` + a + `,null,` + b + `]}]`, extra(`{"header":{"hari":"Senin"}}`, `{"header":{"hari":"Senin"}}`), Answer{Count: 3}, ""},
		{named("a group beside a scalar"), `[{"hari":"Senin","orders":[` + a + `]},{"hari":"Rabu","orders":[` + b + `]}]`, extra(`{"hari":"Senin"}`, `{"hari":"Rabu"}`), Answer{}, ""},
		{named("a group beside much"), `[{"x":"` + strings.Repeat("x", maxGroupSiblings) + `","orders":[` + a + `,` + b + `]}]`, both,
			Answer{Drifts: []Drift{drift("*.orders.*", "little beside a group of records", `{"x":"`+strings.Repeat("x", maxGroupSiblings)+`"}`)}}, ""},
		{named("an odd field"), `{"data":[{"order":{"id":1,"user_id":"x"}}]}`, []order{{ID: 1, Extra: `{"user_id":"x"}`}}, Answer{Drifts: []Drift{drift("data.*.order.user_id", "integer", `"x"`)}}, ""},
		{named("an odd field in a group"), `{"data":[{"orders":[{"id":1,"user_id":"x"},{"id":2,"user_id":"y"}]}]}`, []order{{ID: 1, Extra: `{"user_id":"x"}`}, {ID: 2, Extra: `{"user_id":"y"}`}},
			Answer{Drifts: []Drift{{"data.*.orders.*.user_id", "integer", []byte(`"x"`), 2}}}, ""},
		{named("a group that holds a text"), `{"data":[{"orders":[` + a + `,"x"]}]}`, both[:1], Answer{Count: 2}, `data.0.orders.*: want an object, got "x"`},

		{named("a record of unknown fields and its relation"), `{"data":[{"nama":"x","outlet":{"id":5,"name":"y"}}]}`, []order{{Extra: `{"nama":"x","outlet":{"id":5,"name":"y"}}`}},
			Answer{Drifts: fieldless("data.*", `{"nama":"x","outlet":{"id":5,"name":"y"}}`, 1)}, ""},
		{named("a record of unknown fields and its items"), `{"data":[{"nama":"x","items":[{"id":7}]}]}`, []order{{Extra: `{"nama":"x","items":[{"id":7}]}`}},
			Answer{Drifts: fieldless("data.*", `{"nama":"x","items":[{"id":7}]}`, 1)}, ""},
		{named("links"), `{"data":[{"links":{"id":7}}]}`, []order{{Extra: `{"links":{"id":7}}`}}, Answer{Drifts: fieldless("data.*", `{"links":{"id":7}}`, 1)}, ""},
		{named("nested without end"), `{"data":[` + strings.Repeat(`{"a":`, 20) + a + strings.Repeat("}", 20) + `]}`, []order{{Extra: strings.Repeat(`{"a":`, 20) + a + strings.Repeat("}", 20)}},
			Answer{Drifts: fieldless("data.*", strings.Repeat(`{"a":`, 20)+a+strings.Repeat("}", 20), 1)}, ""},
	})
}

// TestFieldlessElementsStrict: in strict mode an element without a field is an error.
func TestFieldlessElementsStrict(t *testing.T) {
	t.Parallel()
	strict := asJSON
	strict.Strict = true
	checkLists(t, strict, []listRow{
		{named("in an array"), `{"data":[{"id":1},{"nama":"x"}]}`, ids(1), Answer{Count: 2}, `data.1: want a field of the record, got {"nama":"x"}`},
		{named("a single one"), `{"data":{"nama":"x"}}`, nil, Answer{Count: 1}, `data: want a field of the record, got {"nama":"x"}`},
		{named("at the top"), `{"nama":"x"}`, nil, Answer{Count: 1}, `body: want a field of the record, got {"nama":"x"}`},
		{named("wrapped"), `{"data":[{"order":{"id":1}}]}`, ids(1), Answer{}, ""},
	})
}

// TestListOddities has what is told rather than lost in silence, or refused.
func TestListOddities(t *testing.T) {
	t.Parallel()
	const parts, strays = "one list of records", "one object, or objects only"
	checkLists(t, asJSON, []listRow{
		{named("a list in parts"), `{"data":{"a":[{"id":1}],"b":[{"id":2},{"id":3}]}}`, ids(1),
			Answer{Drifts: []Drift{drift("data.b", parts, `{"id":2}`)}}, ""},
		{named("an array beside that is none of records"), `{"data":{"a":[{"id":1}],"tags":["x"],"none":[]}}`, ids(1), Answer{}, ""},
		{named("an array beside records by key"), `{"data":{"1":{"id":1},"b":[{"id":2}]}}`, ids(1),
			Answer{Drifts: []Drift{drift("data.b", parts, `[{"id":2}]`)}}, ""},
		{named("data twice"), `{"data":[{"id":1}],"data":[{"id":2}]}`, ids(1), Answer{Drifts: []Drift{drift("data", parts, `[{"id":2}]`)}}, ""},
		{named("objects not in a row"), `{"data":{"a":{"id":1},"n":5,"b":{"id":2}}}`, ids(1), Answer{Drifts: []Drift{drift("data", strays, `{"id":2}`)}}, ""},
		{named("an object before a row"), `{"data":{"a":{"id":1},"n":5,"b":{"id":2},"c":{"id":3}}}`, ids(2, 3), Answer{Drifts: []Drift{drift("data", strays, `{"id":1}`)}}, ""},
		{named("a remark for a list"), `{"data":{"message":"Tidak ada data"}}`, nil, Answer{Drifts: []Drift{drift("data", "a list", `{"message":"Tidak ada data"}`)}}, ""},

		{named("an empty array before what is surely the list"), `{"data":{"count":2,"filters":[],"orders":[{"id":1,"kode_order":"A"},null,{"id":2}]}}`, []order{{ID: 1, Code: "A"}, {ID: 2}},
			Answer{Count: 3, Total: 2, Drifts: []Drift{drift("data.orders", parts, `{"id":1,"kode_order":"A"}`)}}, ""},
		{named("an empty array at the top before what is surely the list"), `{"status":"success","warnings":[],"orders":[{"user_id":1}]}`, []order{{UserID: 1}},
			Answer{Status: "success", Drifts: []Drift{drift("orders", parts, `{"user_id":1}`)}}, ""},
		{named("an empty list before others"), `{"data":{"orders":[],"statuses":[{"id":1,"name":"open"}]}}`, nil,
			Answer{Drifts: []Drift{drift("data.statuses", parts, `{"id":1,"name":"open"}`)}}, ""},
		{named("an empty page before others"), `{"data":{"current_page":1,"data":[],"last_page":1,"orders":[{"id":1,"kode_order":"A"}]}}`, nil,
			Answer{Page: Page{Current: 1, Last: 1}, Drifts: []Drift{drift("data.orders", parts, `{"id":1,"kode_order":"A"}`)}}, ""},
		{named("data as text"), `{"data":"[{\"id\":1},{\"id\":2}]"}`, ids(1, 2), Answer{Drifts: []Drift{drift("data", "a list", `"[{\"id\":1},{\"id\":2}]"`)}}, ""},
		{named("encoded twice"), `"{\"status\":true,\"data\":[{\"id\":1}]}"`, ids(1),
			Answer{Status: "true", Drifts: []Drift{drift("body", "JSON that is encoded once", `"{\"status\":true,\"data\":[{\"id\":1}]}"`)}}, ""},
		{named("encoded twice, a bare list"), `"[{\"id\":1}]"`, ids(1), Answer{Drifts: []Drift{drift("body", "JSON that is encoded once", `"[{\"id\":1}]"`)}}, ""},
		{named("a response in a response"), `{"headers":{},"original":[{"id":1}],"exception":null}`, ids(1), Answer{Drifts: []Drift{drift("body", "an answer that stands alone", `"[{\"id\":1}]"`)}}, ""},
		{named("a refusal as text in data"), `{"data":"{\"status\":\"error\",\"message\":\"x\"}"}`, nil,
			Answer{Status: "error", Message: "x", Failed: true, Drifts: []Drift{drift("body", "JSON that is encoded once", `"{\"status\":\"error\",\"message\":\"x\"}"`)}}, ""},
		{named("success that is a list of texts"), `{"success":["Tidak ada order."]}`, nil, Answer{Message: "Tidak ada order."}, ""},
		{named("a refusal in a response"), `{"headers":{},"original":{"status":"error","message":"x","data":null},"exception":null}`, nil,
			Answer{Status: "error", Message: "x", Failed: true, Drifts: []Drift{drift("body", "an answer that stands alone", `"{\"status\":\"error\",\"message\":\"x\",\"data\":null}"`)}}, ""},
		{named("a number in a list"), `[1,2]`, nil, Answer{}, `0: want an object, got 1`},
		{named("a list in a list"), `{"data":[["a"]]}`, nil, Answer{}, `data.0: want an object, got ["a"]`},
		{named("an empty list in a list"), `{"data":[{"id":1},[]]}`, ids(1), Answer{}, `data.1: want an object, got []`},
		{named("a text in a list"), `{"data":{"orders":[{"id":1},null,"x"]}}`, ids(1), Answer{Count: 2}, `data.orders.2: want an object, got "x"`},
		{named("a bool in a list"), `{"data":[false]}`, nil, Answer{}, `data.0: want an object, got false`},
		{named("a text by number"), `{"data":{"0":"x"}}`, nil, Answer{}, `data.0: want an object, got "x"`},
		{named("a text among records by number"), `{"data":{"0":{"id":1},"1":"x"}}`, ids(1), Answer{}, `data.1: want an object, got "x"`},
		{named("a list among records by number"), `{"data":{"0":{"id":1},"1":[2]}}`, ids(1), Answer{}, `data.1: want an object, got [2]`},
		{named("a list of texts under a name"), `{"data":{"tags":["x"],"catatan":"y"}}`, nil, Answer{}, `data.tags.0: want an object, got "x"`},
		{named("a text"), `{"data":"Data kosong"}`, nil, Answer{}, `data: want a list, got "Data kosong"`},
		{named("true"), `{"data":true}`, nil, Answer{}, `data: want a list, got true`},
		{named("a number"), `{"data":0}`, nil, Answer{}, `data: want a list, got 0`},
		{named("a bare text"), `"Unauthorized"`, nil, Answer{}, `body: want a list, got "Unauthorized"`},
		{named("too deep"), `{"data":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":{"j":[]}}}}}}}}}}}`, nil, Answer{}, `data.a.b.c.d.e.f.g.h.i: records nested too deep`},
	})
}

// TestOneOddFieldCostsNoList has fields that can't be their type: every record
// is there, the value is in its extra members, and the drift is told once.
func TestOneOddFieldCostsNoList(t *testing.T) {
	t.Parallel()
	checkLists(t, asJSON, []listRow{
		{named("in some records"), `{"data":[{"id":1,"user_id":"abc"},{"id":2,"user_id":7},{"id":3,"user_id":{}},{"id":"x","user_id":[1]}]}`,
			[]order{{ID: 1, Extra: `{"user_id":"abc"}`}, {ID: 2, UserID: 7}, {ID: 3, Extra: `{"user_id":{}}`}, {Extra: `{"id":"x","user_id":[1]}`}},
			Answer{Drifts: []Drift{{"data.*.user_id", "integer", []byte(`"abc"`), 3}, {"data.*.id", "integer", []byte(`"x"`), 1}}}, ""},
		{named("of each kind"), `[{"id":{},"kode_order":[],"status":{"a":1},"date_order":"2026-02-30","created_at":true}]`,
			[]order{{Extra: `{"id":{},"kode_order":[],"status":{"a":1},"date_order":"2026-02-30","created_at":true}`}},
			Answer{Drifts: []Drift{drift("*.id", "integer", `{}`), drift("*.kode_order", "string", `[]`), drift("*.status", "string", `{"a":1}`),
				drift("*.date_order", "date", `"2026-02-30"`), drift("*.created_at", "time", `true`)}}, ""},
		{named("by key"), `{"data":{"a":{"id":"x"},"b":{"id":"y"}}}`, []order{{Extra: `{"id":"x"}`}, {Extra: `{"id":"y"}`}},
			Answer{Drifts: []Drift{{"data.*.id", "integer", []byte(`"x"`), 2}}}, ""},
		{named("under a name at the top"), `{"orders":[{"id":1,"user_id":"abc"}]}`, []order{{ID: 1, Extra: `{"user_id":"abc"}`}},
			Answer{Drifts: []Drift{drift("orders.*.user_id", "integer", `"abc"`)}}, ""},
		{named("in one record for a list"), `{"data":{"id":1,"user_id":"abc"}}`, []order{{ID: 1, Extra: `{"user_id":"abc"}`}},
			Answer{Drifts: []Drift{drift("data.user_id", "integer", `"abc"`)}}, ""},
		{named("an id in one record for a list"), `{"data":{"id":{"$oid":"5f"},"items":[{"id":2}]}}`, []order{{Extra: `{"id":{"$oid":"5f"},"items":[{"id":2}]}`}},
			Answer{Drifts: []Drift{drift("data.id", "integer", `{"$oid":"5f"}`)}}, ""},
		{named("twice, and the last can be"), `[{"id":"x","id":7}]`, []order{{ID: 7, Extra: `{"id":"x"}`}}, Answer{Drifts: []Drift{drift("*.id", "integer", `"x"`)}}, ""},
		{named("twice, and the last can't be"), `[{"id":7,"id":"x"}]`, []order{{Extra: `{"id":"x"}`}}, Answer{Drifts: []Drift{drift("*.id", "integer", `"x"`)}}, ""},
	})
	strict := asJSON
	strict.Strict = true
	checkLists(t, strict, []listRow{
		{named("strict"), `{"data":[{"id":1},{"id":2,"user_id":"abc"},{"id":3}]}`, ids(1), Answer{Count: 2}, `data.1.user_id: want integer, got "abc"`},
		{named("strict, one record"), `{"data":{"id":2,"user_id":"abc"}}`, nil, Answer{Count: 1}, `data.user_id: want integer, got "abc"`},
		{named("strict, a status"), `{"status":"jalan","data":[{"id":1}]}`, ids(1), Answer{Status: "jalan"}, `status: want a known status, got "jalan"`},
		{named("strict, in parts"), `{"data":{"a":[{"id":1}],"b":[{"id":2}]}}`, ids(1), Answer{}, `data.b: want one list of records, got {"id":2}`},
	})
}

// TestBrokenLists has bodies that end too soon or are no JSON: the records before
// the break, none of them by half, and an error.
func TestBrokenLists(t *testing.T) {
	t.Parallel()
	checkLists(t, asJSON, []listRow{
		{named("cut in a record"), `{"data":[{"id":1},{"id":2,"kode_`, ids(1), Answer{}, "the body is cut short after 32 bytes: unexpected EOF"},
		{named("cut between records"), `{"data":[{"id":1},`, ids(1), Answer{}, "the body is cut short after 18 bytes: unexpected EOF"},
		{named("cut after the records"), `{"data":[{"id":1}]`, ids(1), Answer{}, "the body is cut short after 18 bytes: unexpected EOF"},
		{named("cut in the words"), `{"data":[{"id":1}],"message":"ab`, ids(1), Answer{}, "the body is cut short after 32 bytes: unexpected EOF"},
		{named("cut by key"), `{"data":{"a":{"kode_order":"A"},"b":{"kode_order":"B"},"c":{"id":3`, []order{{Code: "A"}, {Code: "B"}}, Answer{}, "the body is cut short after 66 bytes: unexpected EOF"},
		{named("cut after its first byte"), `{`, nil, Answer{}, "the body is cut short after 1 bytes: unexpected EOF"},
		{named("NaN"), `{"data":[{"id":1},{"id":NaN}]}`, ids(1), Answer{}, `not the JSON that it starts as after 24 bytes, got "NaN}]}"`},
		{named("a comma too many"), `{"data":[{"id":1},]}`, ids(1), Answer{}, `not the JSON that it starts as after 17 bytes, got ",]}"`},
		{named("two values"), `{"data":[{"id":1}]}{"data":[]}`, ids(1), Answer{}, `want one JSON value, and more follows it, got "{\"data\":[]}"`},
		{named("two values, the first a failure"), `{"status":false,"message":"x","data":null}{"status":true,"data":[]}`, nil,
			Answer{Status: "false", Message: "x", Failed: true}, `want one JSON value, and more follows it, got "{\"status\":true,\"data\":[]}"`},
		{named("a bracket too many"), `{"data":[{"id":1}]}]`, ids(1), Answer{}, `want one JSON value, and more follows it, got "]"`},
	})
}

// TestDataThatIsNoListMayStillBeARefusal: the verdict may stand behind data.
func TestDataThatIsNoListMayStillBeARefusal(t *testing.T) {
	t.Parallel()
	checkLists(t, asJSON, []listRow{
		{named("a text"), `{"data":"Email wajib diisi","success":false}`, nil, Answer{Message: "Email wajib diisi", Failed: true}, ""},
		{named("a validator's errors"), `{"data":{"email":["wajib"]},"status":"error","message":"Gagal"}`, nil,
			Answer{Status: "error", Message: "Gagal", Failed: true, Fields: map[string][]string{"email": {"wajib"}}}, ""},
		{named("a validator's errors under a code"), `{"data":{"kode_order":["wajib"]},"status":false,"message":"Gagal"}`, nil,
			Answer{Status: "false", Message: "Gagal", Failed: true, Fields: map[string][]string{"kode_order": {"wajib"}}}, ""},
		{named("a number"), `{"data":0,"status":404}`, nil, Answer{Status: "404", Failed: true, Code: 404}, ""},
		{named("records, and then a refusal"), `{"data":[{"id":1}],"status":"error","message":"x"}`, ids(1), Answer{Status: "error", Message: "x", Failed: true}, ""},
		{named("a refusal, and data of any kind"), `{"status":"error","message":"x","data":[["y"],1]}`, nil, Answer{Status: "error", Message: "x", Failed: true}, ""},
	})
}

// A page without records has no first one, whatever the reader read before.
func TestFirstOfNothing(t *testing.T) {
	t.Parallel()
	for range 10 { // a reader is most likely used again
		require.Equal(t, ids(1), readList(strings.NewReader(`{"data":[{"id":1}],"last_page":3}`), asJSON).Records)
		got := readWhole(strings.NewReader(`{"data":[],"last_page":3}`), asJSON, true)
		require.Equal(t, 3, got.Answer.Page.Last)
		require.Nil(t, got.Answer.First)
	}
}
