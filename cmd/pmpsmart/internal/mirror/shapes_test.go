package mirror

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

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
