package mirror

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
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

// visits are those of the sample data but for some.
func visitsBut(w *world, ids ...int64) (left []pmpsmart.Visit) {
	for _, v := range w.srv.Visits() {
		if !slices.Contains(ids, v.ID) {
			left = append(left, v)
		}
	}
	return left
}

// withOrders starts a server that has these orders and visits.
func (w *world) withOrders(orders []pmpsmart.Order, visits []pmpsmart.Visit) {
	w.t.Helper()
	w.become(pmpsmarttest.WithEmpty())
	for _, o := range orders {
		w.srv.AddOrders(pmpsmarttest.Order{Order: o})
	}
	w.srv.AddVisits(visits...)
}

func testVanished(t *testing.T, name string) {
	w := newWorld(t, name)
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Orders, mirrordb.Visits}
	w.mustRun()
	orders, visits := w.srv.Orders(), w.srv.Visits()
	gone := orders[len(orders)-1]
	old := orders[0]
	left := slices.DeleteFunc(slices.Clone(orders), func(o pmpsmart.Order) bool { return o.ID == gone.ID || o.ID == old.ID })
	w.withOrders(left, visitsBut(w, 5, 6))

	result := w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {gone.ID, 5, 6}}, w.changed())
	require.Equal(t, int64(2), result.Kinds[mirrordb.Visits].Vanished)
	require.Len(t, w.mirror()["orders"], 239, "the old one was not looked for")
	require.Equal(t, []string{fmt.Sprintf(`{"order_id":%d}`, gone.ID)}, w.asked("GetOrder"), "the missing one was asked for")
	w.mustRun()
	require.Empty(t, w.events, "it vanishes once")
	w.plan.Full = true
	w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {old.ID}}, w.changed())
	w.requireEqual()

	w.withOrders(orders, visits)
	w.mustRun()
	require.ElementsMatch(t, []int64{old.ID, gone.ID, 5, 6}, w.changed()[mirrordb.Back])
	require.Len(t, w.events, 4)
	w.requireEqual()
}

func testEmptyLists(t *testing.T, name string) {
	w := newWorld(t, name)
	w.mustRun()
	before := w.mirror()
	good := *w.handler.Load()
	empty := http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if strings.HasSuffix(in.URL.Path, "auth/login") {
			good.ServeHTTP(out, in)
			return
		}
		out.Header().Set("Content-Type", "application/json")
		fmt.Fprint(out, `{"status":"success","message":"ok","data":[]}`)
	})
	for _, full := range []bool{false, true} {
		w.through(empty)
		w.plan.Full = full
		result, err := w.run()
		require.NoError(t, err)
		require.False(t, result.OK())
		require.Equal(t, int64(120), result.Kinds[mirrordb.Outlets].NotMarked)
		require.Contains(t, w.notes.problems, "120 of 120 outlets are not in the server's list any more: too many to believe it, and none is marked as vanished; -allow-vanish marks them")
		require.Empty(t, w.changed()[mirrordb.Vanished])
		require.Equal(t, before, w.mirror())
	}
	w.through(good)
	w.plan.Full = false
	w.mustRun()
	require.Empty(t, w.events)

	w.through(empty)
	w.plan.AllowVanish, w.plan.Full = true, true
	w.mustRun()
	require.Len(t, w.changed()[mirrordb.Vanished], 240+120+12+60)
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

// An order whose day is no longer one of those that are read is no vanished one.
func testAnotherDay(t *testing.T, name string) {
	w := newWorld(t, name)
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Orders}
	w.mustRun()
	orders := w.srv.Orders()
	n := len(orders)
	out, in, within := &orders[n-1], &orders[0], &orders[n-2]
	out.Date, in.Date, within.Date = lastDay.AddDays(-30), lastDay, lastDay.AddDays(-3)
	w.withOrders(orders, nil)
	w.mustRun()
	require.ElementsMatch(t, []int64{out.ID, in.ID, within.ID}, w.changed()[mirrordb.Changed])
	require.Len(t, w.events, 3)
	w.requireEqual()
	w.plan.Full = true
	w.mustRun()
	require.Empty(t, w.events, "the fields of one order alone are no change")
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

// Whatever a server sends fits into the tables, or is told.
func testOddValues(t *testing.T, name string) {
	const big = "123456789012345678901234567890"
	records := `{"id":1,"kode_order":"A\u0000B","status":"\ud83d\ude00","date_order":"2026-02-09","user_id":"abc","outlet_id":` + big + `,"created_at":"not a time","updated_at":null,
		"Total":` + big + `.10,"total":1e400000,"nested":{"x":"\u0000\\u0000","y":[1e5]},"long":"` + strings.Repeat("x", 70000) + `","":"empty","a\"b":true}`
	second := `{"id":2,"kode_order":"","status":null,"date_order":"2026-02-09","created_at":"0001-01-01T00:00:00Z"}`
	server := func(extra string) http.Handler {
		return http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			out.Header().Set("Content-Type", "application/json")
			if strings.HasSuffix(in.URL.Path, "auth/login") {
				fmt.Fprint(out, `{"status":"success","data":{"api_token":"1|abc"}}`)
				return
			}
			fmt.Fprintf(out, `{"status":"success","data":[%s,%s%s]}`, records, second, extra)
		})
	}
	w := newWorld(t, name)
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Orders}
	w.columns, w.plan.Full = true, true
	w.through(server(""))
	w.mustRun()
	w.mustRun()
	require.Empty(t, w.events, "it is the same the second time")
	r, err := mirrordb.OpenReader(t.Context(), name)
	require.NoError(t, err)
	defer r.Close()
	var got []pmpsmart.Order
	for o, err := range r.Orders(t.Context(), mirrordb.Range{}) {
		require.NoError(t, err)
		got = append(got, o)
	}
	require.Len(t, got, 2)
	assert.Equal(t, "A\ufffdB", got[0].Code)
	assert.Equal(t, pmpsmart.OrderStatus("😀"), got[0].Status)
	assert.Equal(t, `"abc"`, string(got[0].Extra.Get("user_id")))
	assert.Equal(t, big, string(got[0].Extra.Get("outlet_id")))
	assert.Equal(t, big+".10", string(got[0].Extra.Get("Total")))
	assert.Equal(t, `"1e400000"`, string(got[0].Extra.Get("total")), "too large for PostgreSQL")
	assert.Equal(t, int64(2), got[1].ID)

	// A record without an id, one that differs from itself.
	w.through(server(`,{"id":null,"kode_order":"X","date_order":"2026-02-09"},{"id":2,"kode_order":"other","date_order":"2026-02-09"}`))
	result, err := w.run()
	require.NoError(t, err)
	require.False(t, result.OK())
	require.Equal(t, []string{
		"the server listed other twice, with different fields (id 2); the later one is kept",
		"1 order have no id, or one that is no number, and are not in the mirror",
	}, w.notes.problems)
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

// Every style of the sandbox gives the same tables, but for how numbers of other fields
// are written.
func testStyles(t *testing.T, name string) {
	w := newWorld(t, name)
	w.mustRun()
	w.columns = true
	want := withoutExtra(t, w)
	for _, style := range []pmpsmarttest.Style{
		pmpsmarttest.Strings, pmpsmarttest.Paginated, pmpsmarttest.Simple, pmpsmarttest.Cursor, pmpsmarttest.Resources, pmpsmarttest.TopLevel,
		pmpsmarttest.Keyed, pmpsmarttest.Bare, pmpsmarttest.Loose, pmpsmarttest.Rows, pmpsmarttest.Carbon, pmpsmarttest.Debug,
		pmpsmarttest.JSONAPI, pmpsmarttest.Indonesian, pmpsmarttest.Grouped, pmpsmarttest.Plain,
	} {
		w.become(pmpsmarttest.WithStyle(style))
		w.plan.Full = !w.plan.Full
		result, err := w.run()
		require.NoError(t, err, style)
		require.Empty(t, w.notes.problems, style)
		require.True(t, result.OK(), style)
		require.Equal(t, want, withoutExtra(t, w), "STYLE %s", style)
		for _, e := range w.events {
			require.Equal(t, mirrordb.Changed, e.What, "%s: %+v", style, e)
			for _, m := range e.After {
				require.Contains(t, []string{"total", "type"}, m.Name, style) // that of JSON:API
			}
		}
	}
}

// withoutExtra is the mirror's orders and visits without their other fields.
func withoutExtra(t *testing.T, w *world) (all []string) {
	r, err := mirrordb.OpenReader(t.Context(), w.name)
	require.NoError(t, err)
	defer r.Close()
	for o, err := range r.Orders(t.Context(), mirrordb.Range{}) {
		require.NoError(t, err)
		var total float64
		require.NoError(t, o.Extra.Decode("total", &total))
		o.Extra = pmpsmart.Extra{}
		_, text := canonical(t, o)
		all = append(all, fmt.Sprint(text, total))
	}
	for v, err := range r.Visits(t.Context(), mirrordb.Range{}) {
		require.NoError(t, err)
		v.Extra = pmpsmart.Extra{}
		_, text := canonical(t, v)
		all = append(all, text)
	}
	return all
}

func testRanges(t *testing.T, name string) {
	w := newWorld(t, name)
	w.srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: 500, Code: "undated"}})
	w.mustRun()
	r, err := mirrordb.OpenReader(t.Context(), name)
	require.NoError(t, err)
	defer r.Close()
	require.Equal(t, mirrordb.Source{Server: "https://pmpsmart.test", Account: "a@pmpsmart.test"}, r.Source())
	from, to := lastDay.AddDays(-3), lastDay.AddDays(-1)
	want := map[int64]bool{}
	for _, o := range w.srv.Orders() {
		if !o.Date.Before(from) && !o.Date.After(to) {
			want[o.ID] = true
		}
	}
	require.NotEmpty(t, want)
	for _, undated := range []bool{false, true} {
		got := map[int64]bool{}
		var last pmpsmart.Date
		for o, err := range r.Orders(t.Context(), mirrordb.Range{From: from, To: to, Undated: undated}) {
			require.NoError(t, err)
			got[o.ID] = true
			if !o.Date.IsZero() {
				require.False(t, o.Date.Before(last), "in the order of their days")
				last = o.Date
			}
		}
		if undated {
			want[500] = true
		}
		require.Equal(t, want, got)
	}
	wantVisits, gotVisits := map[int64]bool{}, map[int64]bool{}
	for _, v := range w.srv.Visits() {
		if day := pmpsmart.DateOf(v.CreatedAt.In(pmpsmart.WIB)); !day.Before(from) && !day.After(to) {
			wantVisits[v.ID] = true
		}
	}
	for v, err := range r.Visits(t.Context(), mirrordb.Range{From: from, To: to}) {
		require.NoError(t, err)
		gotVisits[v.ID] = true
	}
	require.NotEmpty(t, wantVisits)
	require.Equal(t, wantVisits, gotVisits)
	for range r.Orders(t.Context(), mirrordb.Range{}) {
		break // a list that is left early leaves the reader as it was
	}
	n := 0
	for _, err := range r.Orders(t.Context(), mirrordb.Range{}) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 241, n)
}

// A record that another's deletion moves to a page that was read is not taken for a
// vanished one.
func testMovingList(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	w.plan = Plan{Kinds: []mirrordb.Kind{mirrordb.Visits, mirrordb.Orders}, Full: true}
	good, kept := *w.handler.Load(), map[string]*httptest.ResponseRecorder{} // the first page of each list
	w.through(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if in.URL.RawQuery != "" || strings.HasSuffix(in.URL.Path, "auth/login") {
			good.ServeHTTP(out, in)
			return
		}
		page := httptest.NewRecorder()
		good.ServeHTTP(page, in)
		kept[in.URL.Path] = page
		replay(out, page)
	}))
	w.mustRun()
	visits, orders := visitsBut(w, 3), ordersBut(t, 3)
	w.become(pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithEmpty())
	w.srv.AddVisits(visits...)
	w.srv.AddOrders(orders...)
	second := *w.handler.Load()
	w.through(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if page := kept[in.URL.Path]; page != nil && in.URL.RawQuery == "" {
			delete(kept, in.URL.Path)
			replay(out, page)
			return
		}
		second.ServeHTTP(out, in)
	}))
	result := w.mustRun()
	require.Empty(t, w.events)
	require.Equal(t, int64(2), result.Kinds[mirrordb.Visits].Windows)
	require.Equal(t, []string{`{"order_id":16}`}, w.asked("GetOrder"), "the first of the page that has become the last of the one before it")
	w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {3, 3}}, w.changed())
	w.requireEqual()
}

func replay(out http.ResponseWriter, page *httptest.ResponseRecorder) {
	maps.Copy(out.Header(), page.Header())
	out.WriteHeader(page.Code)
	_, _ = out.Write(page.Body.Bytes())
}

func testWithout(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithEmpty())
	w.plan.Kinds, w.plan.Without = []mirrordb.Kind{mirrordb.Orders}, []string{"kapan"}
	add := func(extra string) {
		o := pmpsmarttest.Order{Order: pmpsmart.Order{ID: 1, Code: "PMP-1", Date: lastDay}}
		require.NoError(t, json.Unmarshal([]byte(extra), &o.Order.Extra))
		w.srv.AddOrders(o)
	}
	add(`{"kapan":"1 menit lalu","note":"a"}`)
	w.mustRun()
	add(`{"kapan":"2 menit lalu","note":"a"}`)
	w.mustRun()
	require.Empty(t, w.events)
	add(`{"kapan":"3 menit lalu","note":"b"}`)
	w.mustRun()
	require.Len(t, w.events, 1)
	require.Equal(t, mirrordb.Object{{Name: "note", Value: json.RawMessage(`"a"`)}}, w.events[0].Before)
	require.Equal(t, `{"note":"b","total":0}`, strings.ReplaceAll(query(t, openSQL(t, name), "SELECT CAST(extra AS text) FROM orders"), " ", ""))
}
