package mirror

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/testpostgres"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func sorted(byID map[int64]string) []string {
	all := []string{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		all = append(all, byID[id])
	}
	return all
}

// scenarios are what holds on every database.
var scenarios = []struct {
	name string
	run  func(t *testing.T, database string)
}{
	{"first run, then only the lookback", testLookback},
	{"changes", testChanges},
	{"vanished and back", testVanished},
	{"empty lists are not believed", testEmptyLists},
	{"a server that ignores days", testIgnoredDays},
	{"an order gets another day", testAnotherDay},
	{"JSON orders", testJSONOrders},
	{"JSON orders of weeks", testJSONWeeks},
	{"odd values", testOddValues},
	{"columns", testColumns},
	{"random edits", testRandomEdits},
	{"broken off and gone on with", testResume},
	{"pages gone on with", testPages},
	{"a list that moves while it is read", testMovingList},
	{"fields that always change", testWithout},
	{"another server's mirror", testAnotherSource},
	{"styles", testStyles},
	{"ranges", testRanges},
	{"the page", testPage},
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.run(t, sqliteName(t))
		})
	}
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	server := testpostgres.Start(t)
	for i, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.run(t, server.URL(fmt.Sprintf("t%d", i)))
		})
	}
}

func testLookback(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithSeed(3000))
	result := w.mustRun()
	require.Equal(t, []string{"{}"}, w.asked("ListOrders"), "the whole list at first")
	w.requireEqual()
	require.Equal(t, int64(3000), result.Kinds[mirrordb.Orders].New)
	require.True(t, result.Kinds[mirrordb.Orders].Full)

	result = w.mustRun()
	var days []string
	for i := -7; i <= 0; i++ {
		days = append(days, fmt.Sprintf(`{"date_order":"%s"}`, lastDay.AddDays(i)))
	}
	require.Equal(t, days, w.asked("ListOrders"))
	require.Equal(t, []string{`{"start_date":"2026-02-02","end_date":"2026-02-09"}`, `{"start_date":"2026-02-09","end_date":"2026-02-10"}`}, w.asked("FilterJSONOrders"))
	require.Empty(t, w.asked("GetOrder"))
	require.Empty(t, w.events)
	c := result.Kinds[mirrordb.Orders]
	require.Equal(t, Counts{Read: c.Read, Windows: 8, Requests: 8}, *c)
	w.requireEqual()

	w.plan.Full = true
	result = w.mustRun()
	require.Equal(t, []string{"{}"}, w.asked("ListOrders"))
	require.Equal(t, int64(3000), result.Kinds[mirrordb.Orders].Read)
	require.Empty(t, w.events)
}

func testChanges(t *testing.T, name string) {
	w := newWorld(t, name)
	w.mustRun()
	require.Len(t, w.events, 240+120+12+60)
	var last pmpsmart.Order
	for _, o := range w.srv.Orders() {
		if o.Date == lastDay.AddDays(-1) && o.Status != pmpsmart.OrderCancel {
			last = o
		}
	}
	_, err := w.client.UpdateOrderStatus(t.Context(), last.ID, pmpsmart.OrderCancel)
	require.NoError(t, err)
	_, err = w.client.UpdateOutletCode(t.Context(), 7, "BARU-7")
	require.NoError(t, err)
	w.srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: 900, Code: "PMP-900", Status: "open", Date: lastDay}})
	w.mustRun()
	w.requireEqual()
	var lines []string
	for _, e := range w.events {
		b, err := json.Marshal(e)
		require.NoError(t, err)
		lines = append(lines, string(b))
	}
	at := w.events[0].At.Format(time.RFC3339Nano)
	require.Len(t, lines, 3, lines)
	assert.JSONEq(t, `{"kind":"outlets","change":"changed","id":7,"code":"BARU-7","at":"`+at+`",
		"before":{"kode_outlet":"OUT-007","updated_at":"2026-01-01T01:00:07Z"},"after":{"kode_outlet":"BARU-7","updated_at":"2026-02-09T05:00:00Z"}}`, lines[0])
	var change struct {
		Change        string
		ID            int64
		Before, After map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &change))
	assert.Equal(t, "changed", change.Change)
	assert.Equal(t, map[string]any{"status": string(last.Status), "updated_at": last.UpdatedAt.UTC().Format(time.RFC3339Nano)}, change.Before)
	assert.Equal(t, "cancel", change.After["status"])
	assert.Contains(t, lines[2], `"kind":"orders","change":"new","id":900,"code":"PMP-900"`)
	assert.Contains(t, lines[2], `"after":{"id":900,"kode_order":"PMP-900","status":"open","date_order":"2026-02-09","user_id":null,`)
}

func testIgnoredDays(t *testing.T, name string) {
	w := newWorld(t, name)
	jsonOrder := pmpsmart.JSONOrder{ID: 1, Code: "J-1", Data: json.RawMessage(`{"a":1}`), Status: "completed", CreatedAt: noon().AddDate(0, -3, 0)}
	w.srv.AddJSONOrders(jsonOrder)
	w.mustRun()
	good := *w.handler.Load()
	w.through(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if strings.HasSuffix(in.URL.Path, "/order") || strings.HasSuffix(in.URL.Path, "/json/order/get/filter") {
			_, _ = io.Copy(io.Discard, in.Body)
			in = in.Clone(in.Context())
			in.Body, in.ContentLength = io.NopCloser(strings.NewReader("{}")), 2
		}
		good.ServeHTTP(out, in)
	}))
	orders := w.srv.Orders()
	_, err := w.client.UpdateOrderStatus(t.Context(), orders[0].ID, pmpsmart.OrderCancel) // long ago
	require.NoError(t, err)
	result, err := w.run()
	require.NoError(t, err)
	require.True(t, result.OK())
	require.True(t, result.Kinds[mirrordb.Orders].FilterIgnored)
	require.True(t, result.Kinds[mirrordb.Orders].Full)
	require.True(t, result.Kinds[mirrordb.JSONOrders].FilterIgnored)
	require.Equal(t, "asked for the orders of 2026-02-02 to 2026-02-02 the server gave others too (PMP-0000001): it does not heed the days; the whole list is read instead", w.notes.problems[0])
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Changed: {orders[0].ID}}, w.changed())
	w.requireEqual()
}

func testJSONOrders(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithEmpty())
	w.plan.Kinds = []mirrordb.Kind{mirrordb.JSONOrders}
	order := func(id int64, daysAgo int) pmpsmart.JSONOrder {
		return pmpsmart.JSONOrder{ID: id, Code: fmt.Sprint("J-", id), Data: json.RawMessage(`{"b":[1.50,{"y":1,"x":"é"}], "a":null}`), Status: "completed", StatusOrder: "baru",
			CreatedAt: noon().AddDate(0, 0, -daysAgo), UpdatedAt: noon().AddDate(0, 0, -daysAgo)}
	}
	all := []pmpsmart.JSONOrder{order(1, 0), order(2, 1), order(3, 6), order(4, 7), order(5, 8), order(6, 100), {ID: 7, Code: "null", CreatedAt: noon()}}
	w.srv.AddJSONOrders(all...)
	w.mustRun()
	w.requireEqual()

	w.become(pmpsmarttest.WithEmpty())
	all[1].Status = "draft"
	all[0].Data = json.RawMessage(`{"a":null,"b":[1.50,{"x":"é","y":1}]}`) // the same
	w.srv.AddJSONOrders(all[0], all[1], all[3], all[4], all[6])
	w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Changed: {2}, mirrordb.Vanished: {3}}, w.changed())
	w.plan.Full = true
	w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {6}}, w.changed())
	w.requireEqual()
}

func testAnotherSource(t *testing.T, name string) {
	w := newWorld(t, name)
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Salespeople}
	w.mustRun()
	for _, s := range []mirrordb.Source{{Server: "https://other.test", Account: "a@pmpsmart.test"}, {Server: "https://pmpsmart.test", Account: "b@pmpsmart.test"}} {
		_, err := mirrordb.Open(t.Context(), name, mirrordb.Options{Source: s})
		require.ErrorIs(t, err, mirrordb.ErrForeign)
		require.ErrorContains(t, err, "is the mirror of https://pmpsmart.test as a@pmpsmart.test, and this run reads "+s.String())
	}
	db := w.open()
	_, err := mirrordb.Open(t.Context(), name, mirrordb.Options{Source: mirrordb.Source{Server: "https://pmpsmart.test"}})
	require.ErrorIs(t, err, mirrordb.ErrLocked)
	require.ErrorContains(t, err, "another run is at work on ")
	require.NoError(t, db.Close())
	db, err = mirrordb.Open(t.Context(), name, mirrordb.Options{Source: mirrordb.Source{Server: "https://pmpsmart.test"}})
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// The weeks that JSON orders are asked for overlap by a day, whose orders are new once.
func testJSONWeeks(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithEmpty())
	w.plan.Kinds, w.plan.From = []mirrordb.Kind{mirrordb.JSONOrders}, lastDay.AddDays(-20)
	for i := range 21 {
		w.srv.AddJSONOrders(pmpsmart.JSONOrder{Code: fmt.Sprint("J-", i), Status: "draft", CreatedAt: noon().AddDate(0, 0, i-20)})
	}
	result := w.mustRun()
	require.Equal(t, int64(3), result.Kinds[mirrordb.JSONOrders].Windows)
	require.Equal(t, int64(23), result.Kinds[mirrordb.JSONOrders].Read)
	require.Equal(t, int64(21), result.Kinds[mirrordb.JSONOrders].New)
	require.Len(t, w.events, 21)
	w.requireEqual()
}
