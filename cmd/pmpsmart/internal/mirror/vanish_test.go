package mirror

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// visitsBut returns the visits of the sample data but for some.
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
