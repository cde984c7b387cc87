package mirror

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A model is what a mirror of orders should be.
type model struct {
	server map[int64]pmpsmart.Order
	mirror map[int64]modelRow
}

type modelRow struct {
	order    pmpsmart.Order
	vanished bool
}

// edit changes the server at random.
func (m *model) edit(random *rand.Rand) {
	day := func() pmpsmart.Date { return lastDay.AddDays(-random.IntN(25)) }
	for range 1 + random.IntN(12) {
		id := 1 + random.Int64N(60)
		o, there := m.server[id]
		switch {
		case !there || random.IntN(4) == 0:
			o = pmpsmart.Order{ID: id, Code: fmt.Sprint("PMP-", random.IntN(1000)), Status: "open", Date: day(), UserID: random.Int64N(3), CreatedAt: noon(), UpdatedAt: noon()}
			if random.IntN(8) == 0 {
				o.Date = pmpsmart.Date{}
			}
		case random.IntN(3) == 0:
			delete(m.server, id)
			continue
		case random.IntN(2) == 0:
			o.Date = day()
		default:
			o.Status = pmpsmart.OrderStatus(fmt.Sprint("s", random.IntN(5)))
		}
		m.server[id] = o
	}
}

// run does to the mirror what a run should do.
func (m *model) run(from, to pmpsmart.Date) {
	within := func(d pmpsmart.Date) bool {
		return from.IsZero() || !d.IsZero() && !d.Before(from) && !d.After(to)
	}
	for id, o := range m.server {
		row, known := m.mirror[id]
		if within(o.Date) || known && !row.vanished && within(row.order.Date) {
			m.mirror[id] = modelRow{order: o}
		}
	}
	for id, row := range m.mirror {
		if _, there := m.server[id]; !there && within(row.order.Date) {
			row.vanished = true
			m.mirror[id] = row
		}
	}
}

// state is what the mirror should show.
func (m *model) state(t *testing.T, vanished bool) []string {
	all := map[int64]string{}
	for id, row := range m.mirror {
		if !row.vanished || vanished {
			_, all[id] = canonical(t, row.order)
		}
	}
	return sorted(all)
}

// Whatever happens on the server between runs, full or of days, broken off or not, the
// mirror is as the model has it.
func testRandomEdits(t *testing.T, name string) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test
	w := newWorld(t, name, pmpsmarttest.WithEmpty())
	w.plan = Plan{Kinds: []mirrordb.Kind{mirrordb.Orders}, AllowVanish: true}
	m := &model{server: map[int64]pmpsmart.Order{}, mirror: map[int64]modelRow{}}
	steps := 25
	if testserver.Long(t) {
		steps = 400
	}
	for step := range steps {
		m.edit(random)
		w.become(pmpsmarttest.WithEmpty(), pmpsmarttest.WithStyle([]pmpsmarttest.Style{pmpsmarttest.Plain, pmpsmarttest.Paginated, pmpsmarttest.Keyed}[random.IntN(3)]))
		for _, o := range m.server {
			o := w.srv.AddOrders(pmpsmarttest.Order{Order: o})[0]
			o.CreatedAt, o.UpdatedAt = o.CreatedAt.UTC(), o.UpdatedAt.UTC()
			m.server[o.ID] = o
		}
		var from, to pmpsmart.Date
		w.plan.Full, w.plan.From, w.plan.Lookback = random.IntN(6) == 0, pmpsmart.Date{}, 3+random.IntN(8)
		switch {
		case step == 0 || w.plan.Full:
		case random.IntN(4) == 0:
			w.plan.From = lastDay.AddDays(-random.IntN(20))
			from, to = w.plan.From, lastDay
		default:
			from, to = lastDay.AddDays(-w.plan.Lookback), lastDay
		}
		if random.IntN(3) == 0 { // broken off, and again
			ctx, cancel := context.WithCancel(t.Context())
			left := random.IntN(20)
			_, err := w.runUntil(ctx, func(int64) {
				if left--; left < 0 {
					cancel()
				}
			})
			cancel()
			if err != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
			if step == 0 && err != nil {
				from, to = pmpsmart.Date{}, pmpsmart.Date{}
			}
		}
		_, err := w.run()
		require.NoError(t, err)
		m.run(from, to)
		r, err := mirrordb.OpenReader(t.Context(), name)
		require.NoError(t, err)
		for _, vanished := range []bool{false, true} {
			require.Equal(t, m.state(t, vanished), drain(t, r.Orders(t.Context(), mirrordb.Range{Vanished: vanished})), "step %d, vanished %t, %s to %s", step, vanished, from, to)
		}
		require.NoError(t, r.Close())
	}
}

// A pass over many days that broke off goes on with the day that it was at.
func testResume(t *testing.T, name string) {
	w := newWorld(t, name)
	w.plan.Kinds, w.plan.From = []mirrordb.Kind{mirrordb.Orders}, lastDay.AddDays(-60)
	gone := w.srv.Orders()[100]
	for broken := 0; ; broken++ {
		require.Less(t, broken, 20)
		ctx, cancel := context.WithCancel(t.Context())
		read := 0
		_, err := w.runUntil(ctx, func(int64) {
			if read++; read == 60 {
				cancel()
			}
		})
		cancel()
		asked := w.asked("ListOrders")
		if err == nil {
			require.NotContains(t, asked, `{"date_order":"2026-01-01"}`, "what was read is not asked for again")
			require.Contains(t, asked, `{"date_order":"2026-02-09"}`)
			require.Contains(t, w.notes.notes[0], "orders: going on with the run of 2026-02-09")
			break
		}
		require.ErrorIs(t, err, context.Canceled)
	}
	w.requireEqualOrders()
	// An order that is gone is noticed by the pass that goes on, also if its day was read
	// before the break.
	w.withOrders(slices.DeleteFunc(w.srv.Orders(), func(o pmpsmart.Order) bool { return o.ID == gone.ID }), nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.runUntil(ctx, func(int64) {
		if day := pmpsmart.NewDate(2026, 2, 4).String(); slices.ContainsFunc(w.asked("ListOrders"), func(body string) bool { return body == `{"date_order":"`+day+`"}` }) {
			cancel()
		}
	})
	cancel()
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, w.changed()[mirrordb.Vanished])
	w.mustRun()
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {gone.ID}}, w.changed())
	w.requireEqualOrders()
}

func (w *world) requireEqualOrders() {
	w.t.Helper()
	require.Equal(w.t, w.server()["orders"], w.mirror()["orders"])
}

// A whole list that broke off goes on with the page that it was at, unless the list is
// another there.
func testPages(t *testing.T, name string) {
	w := newWorld(t, name, pmpsmarttest.WithStyle(pmpsmarttest.Paginated))
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Orders}
	broken := func(records int) *Result {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		result, err := w.runUntil(ctx, func(int64) {
			if records--; records == 0 {
				cancel()
			}
		})
		require.ErrorIs(t, err, context.Canceled)
		return result
	}
	pages := func() (asked []string) {
		for _, r := range w.srv.Requests() {
			if r.Op == "ListOrders" || r.Op == "" || strings.HasSuffix(r.Path, "/order") {
				asked = append(asked, r.Query)
			}
		}
		return asked
	}
	broken(100) // in page 7 of 16
	require.GreaterOrEqual(t, len(w.mirror()["orders"]), 90)
	broken(40)
	require.Regexp(t, "page=[6-9]$", pages()[0])
	require.Contains(t, w.notes.notes[0], "orders: going on with the run of 2026-02-09")

	// Something on the page is gone: from the start.
	gone := w.srv.Orders()[3]
	w.become(pmpsmarttest.WithStyle(pmpsmarttest.Paginated), pmpsmarttest.WithEmpty())
	w.srv.AddOrders(ordersBut(t, gone.ID)...)
	result, err := w.run()
	require.NoError(t, err)
	require.Empty(t, w.notes.problems)
	require.Equal(t, "orders: the list has changed meanwhile and is read from its start", w.notes.notes[1])
	require.Equal(t, map[mirrordb.What][]int64{mirrordb.Vanished: {gone.ID}}, map[mirrordb.What][]int64{mirrordb.Vanished: w.changed()[mirrordb.Vanished]})
	require.True(t, result.Kinds[mirrordb.Orders].Full)
	w.requireEqualOrders()

	// As it was: the rest, and it is complete.
	w.plan.Full = true
	broken(100)
	result = w.mustRun()
	require.Regexp(t, "page=[6-9]$", pages()[0])
	require.Less(t, result.Kinds[mirrordb.Orders].Read, int64(170))
	require.Empty(t, w.events)
	w.requireEqualOrders()
}

// ordersBut are those of the sample data but for one.
func ordersBut(t *testing.T, id int64) (all []pmpsmarttest.Order) {
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithSeedEnd(lastDay))
	defer srv.Close()
	for _, o := range srv.Orders() {
		if o.ID != id {
			all = append(all, pmpsmarttest.Order{Order: o})
		}
	}
	require.NotEmpty(t, all)
	return all
}
