package envelope

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// decode reads one record with the table, and what was odd in it.
func decode(object string) (record order, odd []string) {
	orders.Decode([]byte(object), &record, &Scope{Location: wib}, func(f *Field[order], raw []byte) {
		odd = append(odd, f.Name+" want "+f.Want+" got "+string(raw))
	})
	return record, odd
}

func TestDecode(t *testing.T) {
	t.Parallel()
	full := order{
		ID: 1, Code: "PMP-1", Status: "pending", Day: day{2026, time.February, 2}, UserID: 2, OutletID: 3,
		CreatedAt: time.Date(2026, 2, 2, 1, 15, 30, 0, time.UTC), UpdatedAt: time.Date(2026, 2, 2, 8, 15, 30, 0, wib),
	}
	withTotal := full
	withTotal.Extra = `{"total":1000.50}`
	for _, row := range []struct {
		row
		object string
		want   order
		odd    []string
	}{
		{named("in the table's order"), `{"id":1,"kode_order":"PMP-1","status":"pending","date_order":"2026-02-02","user_id":2,"outlet_id":3,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02 08:15:30"}`, full, nil},
		{named("with a field in between"), `{"id":1,"kode_order":"PMP-1","status":"pending","date_order":"2026-02-02","user_id":2,"outlet_id":3,"total":1000.50,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02 08:15:30"}`, withTotal, nil},
		{named("in another order"), `{"updated_at":"2026-02-02 08:15:30","created_at":"2026-02-02T01:15:30.000000Z","outlet_id":3,"user_id":2,"date_order":"2026-02-02","status":"pending","kode_order":"PMP-1","id":1}`, full, nil},
		{named("as strings"), `{"id":"1","kode_order":"PMP-1","status":"pending","date_order":"2026-02-01T17:00:00.000000Z","user_id":"2","outlet_id":"3.0","created_at":"2026-02-02T01:15:30Z","updated_at":"2026-02-02T08:15:30"}`, full, nil},
		{named("names in escapes"), `{"\u0069d":1,"kode\u005forder":"A"}`, order{ID: 1, Code: "A"}, nil},
		{named("printed"), "{\n  \"id\" : 1 ,\n  \"x\" : [ 1 ]\n}", order{ID: 1, Extra: `{"x":[ 1 ]}`}, nil},
		{named("empty"), `{}`, order{}, nil},
		{named("nothing in each"), `{"id":null,"kode_order":null,"status":"","date_order":null,"user_id":"","outlet_id":false,"created_at":"","updated_at":null}`, order{}, nil},
		{named("unknown fields in order"), `{"b":1,"id":1,"a":{"x":null},"b":2}`, order{ID: 1, Extra: `{"b":1,"a":{"x":null},"b":2}`}, nil},
		{named("odd fields"), `{"id":"x","user_id":{},"status":"open"}`, order{Status: "open", Extra: `{"id":"x","user_id":{}}`}, []string{`id want integer got "x"`, `user_id want integer got {}`}},
		{named("names in capitals"), `{"ID":1,"KODE_ORDER":"A","Created_At":"2026-02-02T01:15:30Z"}`, order{ID: 1, Code: "A", CreatedAt: full.CreatedAt}, nil},
		{named("names in camel case"), `{"id":1,"kodeOrder":"A","userId":7,"updatedAt":"2026-02-02 08:15:30"}`, order{ID: 1, Code: "A", UserID: 7, UpdatedAt: full.UpdatedAt}, nil},
		{named("names with other separators"), `{"kode-order":"A","user id":7,"OutletID":3}`, order{Code: "A", UserID: 7, OutletID: 3}, nil},
		{named("a name in two spellings"), `{"kodeOrder":"B","kode_order":"A","KODE_ORDER":"C"}`, order{Code: "A", Extra: `{"kodeOrder":"B","KODE_ORDER":"C"}`}, nil},
		{named("a name in another spelling twice"), `{"kodeOrder":"B","KODE_ORDER":"C"}`, order{Code: "C"}, nil},
		{named("an odd field in another spelling"), `{"userId":"x"}`, order{Extra: `{"userId":"x"}`}, []string{`user_id want integer got "x"`}},
		{named("no UTF-8"), "{\"a\xe9\":\"\xe9\xe8\",\"kode_order\":\"\xe9\"}", order{Code: "\ufffd", Extra: "{\"a\ufffd\":\"\ufffd\"}"}, nil},
	} {
		row.run(t, func(t *testing.T) {
			got, odd := decode(row.object)
			assert.Equal(t, row.want, got)
			assert.Equal(t, row.odd, odd)
		})
	}
}

// TestAppend writes records with the API's names, and reads them back equal.
func TestAppend(t *testing.T) {
	t.Parallel()
	const empty = `{"id":0,"kode_order":"","status":"","date_order":null,"user_id":0,"outlet_id":0,"created_at":null,"updated_at":null}`
	for _, row := range []struct {
		row
		record order
		want   string
	}{
		{named("empty"), order{}, empty},
		{named("full"), order{ID: 1, Code: "A<\"\n>", Status: "open", Day: day{2026, 2, 2}, UserID: -2, OutletID: 3, CreatedAt: time.Date(2026, 2, 2, 1, 15, 30, 123456000, time.UTC), UpdatedAt: time.Date(2026, 2, 2, 8, 15, 30, 0, wib)},
			`{"id":1,"kode_order":"A<\"\n>","status":"open","date_order":"2026-02-02","user_id":-2,"outlet_id":3,"created_at":"2026-02-02T01:15:30.123456Z","updated_at":"2026-02-02T08:15:30+07:00"}`},
		{named("extra members"), order{ID: 1, Extra: `{"total":1.50,"b":{"c":[1]},"total":2}`},
			strings.Replace(strings.TrimSuffix(empty, "}"), `"id":0`, `"id":1`, 1) + `,"b":{"c":[1]},"total":2}`},
		{named("a value that its field could not hold"), order{Extra: `{"user_id":"abc","x":1}`},
			`{"id":0,"kode_order":"","status":"","date_order":null,"outlet_id":0,"created_at":null,"updated_at":null,"user_id":"abc","x":1}`},
		{named("a value that its field holds by now"), order{UserID: 7, Extra: `{"user_id":"abc"}`}, strings.Replace(empty, `"user_id":0`, `"user_id":7`, 1)},
		{named("all in extra members"), order{Extra: `{"id":{},"kode_order":[],"status":{},"date_order":"x","user_id":{},"outlet_id":{},"created_at":"x","updated_at":"x"}`},
			`{"id":{},"kode_order":[],"status":{},"date_order":"x","user_id":{},"outlet_id":{},"created_at":"x","updated_at":"x"}`},
		{named("a year that JSON can't write"), order{CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, empty},
	} {
		row.run(t, func(t *testing.T) {
			got := orders.Append([]byte("x"), &row.record)
			assert.Equal(t, "x"+row.want, string(got))
			assert.True(t, json.Valid(got[1:]))
			again, _ := decode(string(got[1:]))
			assert.Equal(t, string(got[1:]), string(orders.Append(nil, &again)), "read back")
		})
	}
}

// TestDecodeIsFrugal: a record costs its strings, and its extra members one.
func TestDecodeIsFrugal(t *testing.T) {
	object := []byte(`{"id":1,"kode_order":"PMP-0000001","status":"pending","date_order":"2026-02-02","user_id":2,"outlet_id":2,"total":1000.5,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02T01:15:30.000000Z"}`)
	s := &Scope{Location: wib}
	record := new(order)
	odd := func(*Field[order], []byte) {}
	assert.Equal(t, 2.0, testing.AllocsPerRun(100, func() { orders.Decode(object, record, s, odd) }))
}
