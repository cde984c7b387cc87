package pmpsmarttest_test

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// What the API lists and what the server tells of its state is the same.
func TestStateIsWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client()
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Equal(t, srv.Orders(), orders)
	outlets, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	assert.Equal(t, srv.Outlets(), outlets)
	users, err := c.ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{})
	require.NoError(t, err)
	assert.Equal(t, srv.Users(), users)
	visits, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.Equal(t, srv.Visits(), visits)
	jsonOrders, err := c.FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{})
	require.NoError(t, err)
	assert.Equal(t, srv.JSONOrders(), jsonOrders)
	assert.Equal(t, []int{240, 120, 12, 60, 0}, []int{len(orders), len(outlets), len(users), len(visits), len(jsonOrders)})
}

func TestWhatIsWrittenIsThere(t *testing.T) {
	t.Parallel()
	time := &clock{now: noon}
	srv := newServer(t, pmpsmarttest.WithEmpty(), pmpsmarttest.WithClock(time.Now))
	srv.AddOutlets(pmpsmart.Outlet{ID: 88, Name: "Toko Maju"})
	srv.AddOrders(pmpsmarttest.Order{Order: pmpsmart.Order{ID: 198, Status: pmpsmart.OrderOpen, OutletID: 88}})
	c := srv.Client()
	time.Advance(90e9)
	later := noon.Add(90e9)

	order, err := c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderComplete)
	require.NoError(t, err)
	assert.Equal(t, srv.Orders(), []pmpsmart.Order{*order})
	assert.Equal(t, []any{pmpsmart.OrderComplete, noon, later}, []any{order.Status, order.CreatedAt, order.UpdatedAt})

	outlet, err := c.UpdateOutletCode(t.Context(), 88, "OUT-001")
	require.NoError(t, err)
	assert.Equal(t, []pmpsmart.Outlet{{ID: 88, Code: "OUT-001", Name: "Toko Maju", CreatedAt: noon, UpdatedAt: later}}, srv.Outlets())
	assert.Equal(t, srv.Outlets(), []pmpsmart.Outlet{*outlet})

	first, err := c.InsertJSONOrder(t.Context(), input)
	require.NoError(t, err)
	second, err := c.InsertJSONOrder(t.Context(), input)
	require.NoError(t, err)
	want := pmpsmart.JSONOrder{ID: 1, Code: input.Code, Data: input.Data.(json.RawMessage), Status: input.Status, CreatedAt: later, UpdatedAt: later}
	assert.Equal(t, want, *first)
	want.ID = 2
	assert.Equal(t, want, *second)

	time.Advance(90e9)
	changed := input
	changed.Status = "draft"
	updated, err := c.UpdateJSONOrder(t.Context(), changed)
	require.NoError(t, err)
	assert.Equal(t, []pmpsmart.JSONOrder{*updated, *second}, srv.JSONOrders(), "the first of that code")
	assert.Equal(t, pmpsmart.JSONOrder{
		ID: 1, Code: input.Code, Data: want.Data, Status: "draft", CreatedAt: later, UpdatedAt: later.Add(90e9),
	}, *updated)
}

func TestFilters(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	at := func(day, hour int) time.Time { return time.Date(2026, time.May, day, hour, 0, 0, 0, time.UTC) }
	srv.AddJSONOrders(
		pmpsmart.JSONOrder{ID: 5, Code: "A-1", Data: json.RawMessage(`{"kota":"Cirebon"}`), Status: "completed", CreatedAt: at(1, 16)},
		pmpsmart.JSONOrder{Code: "a-2", Status: "draft", StatusOrder: "baru", CreatedAt: at(1, 17)}, // May 2 in WIB
		pmpsmart.JSONOrder{ID: 2, Code: "B", Status: "completed", CreatedAt: at(3, 16)},
	)
	c := srv.Client()
	second, third := pmpsmart.NewDate(2026, time.May, 2), pmpsmart.NewDate(2026, time.May, 3)
	for _, tt := range []struct {
		filter pmpsmart.JSONOrderFilter
		want   []int64
	}{
		{pmpsmart.JSONOrderFilter{}, []int64{2, 5, 6}},
		{pmpsmart.JSONOrderFilter{Search: "A-"}, []int64{5, 6}},
		{pmpsmart.JSONOrderFilter{Search: "cirebon"}, []int64{5}},
		{pmpsmart.JSONOrderFilter{Search: "_-%"}, []int64{5, 6}},
		{pmpsmart.JSONOrderFilter{Code: "A-1"}, []int64{5}},
		{pmpsmart.JSONOrderFilter{Code: "A-"}, []int64{}},
		{pmpsmart.JSONOrderFilter{Status: "completed"}, []int64{2, 5}},
		{pmpsmart.JSONOrderFilter{StatusOrder: "baru"}, []int64{6}},
		{pmpsmart.JSONOrderFilter{StartDate: second}, []int64{2, 6}},
		{pmpsmart.JSONOrderFilter{EndDate: second}, []int64{5, 6}},
		{pmpsmart.JSONOrderFilter{StartDate: second, EndDate: third}, []int64{2, 6}},
		{pmpsmart.JSONOrderFilter{StartDate: second, EndDate: second, Status: "completed"}, []int64{}},
	} {
		got, err := c.FilterJSONOrders(t.Context(), tt.filter)
		require.NoError(t, err)
		ids := []int64{}
		for _, order := range got {
			ids = append(ids, order.ID)
		}
		assert.Equal(t, tt.want, ids, "%+v", tt.filter)
	}
}

func TestAddGivesBackWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty(), pmpsmarttest.WithClock(atNoon))
	c := srv.Client()
	items := []pmpsmarttest.Item{{Product: "Kopi", Quantity: 2, Price: 250.25}, {ID: 9, Product: "Teh", Quantity: 1, Price: 500}}
	added := srv.AddOrders(
		pmpsmarttest.Order{Order: pmpsmart.Order{Code: "PMP-1", Status: "open", Date: pmpsmart.NewDate(2026, time.May, 1), UserID: 1, OutletID: 1}, Items: items},
		pmpsmarttest.Order{Order: pmpsmart.Order{ID: 7}},
		pmpsmarttest.Order{},
	)
	assert.Equal(t, srv.Orders(), added)
	assert.Equal(t, []int64{1, 7, 8}, []int64{added[0].ID, added[1].ID, added[2].ID})
	assert.Equal(t, noon, added[0].CreatedAt)

	// An order that came from a server goes into another as it is.
	order, err := c.GetOrder(t.Context(), 1)
	require.NoError(t, err)
	var got []pmpsmarttest.Item
	require.NoError(t, order.Extra.Decode("items", &got))
	items[0].ID = 1
	assert.Equal(t, items, got)
	other := newServer(t, pmpsmarttest.WithEmpty())
	other.AddOrders(pmpsmarttest.Order{Order: *order})
	again, err := other.Client().GetOrder(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, order, again)

	// A record of an id that is there takes its place.
	srv.AddUsers(pmpsmart.User{ID: 1, Name: "Ferryanto"}, pmpsmart.User{Name: "Siti"}, pmpsmart.User{ID: 1, Name: "Budi"})
	users := srv.Users()
	assert.Equal(t, []string{"Budi", "Siti"}, []string{users[0].Name, users[1].Name})
	assert.Equal(t, srv.Visits(), append([]pmpsmart.Visit{}, srv.AddVisits()...))
	assert.Equal(t, srv.AddVisits(pmpsmart.Visit{Name: "Budi"}), srv.Visits())
}

// A record's Extra is shown too, also in the place of a field that could not
// hold its value.
func TestAddExtra(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	var visit pmpsmart.Visit
	require.NoError(t, json.Unmarshal([]byte(`{"id":3,"name":"Budi","user_id":"abc","foto":{"url":"https://x/é"},"created_at":"2026-05-01T00:00:00Z","updated_at":null}`), &visit))
	srv.AddVisits(visit)
	got, err := srv.Client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	visit.UpdatedAt = visit.CreatedAt
	assert.Equal(t, []pmpsmart.Visit{visit}, got)
	assert.Equal(t, `"abc"`, string(got[0].Extra.Get("user_id")))
}

// manyOrders returns how many orders TestManyOrders lists: a million in a long run,
// a tenth of that otherwise, and a tenth of either under the race detector.
func manyOrders(t *testing.T) int64 {
	n := int64(100_000)
	if testserver.Long(t) {
		n *= 10
	}
	if raceDetector {
		n /= 10
	}
	return n
}

// However many orders there are, listing them takes no memory, on either side and
// whatever the list's form.
func TestManyOrders(t *testing.T) {
	for _, style := range []pmpsmarttest.Style{pmpsmarttest.Plain, pmpsmarttest.Paginated, pmpsmarttest.Keyed} {
		t.Run(string(style), func(t *testing.T) {
			most, many := int64(8<<20), manyOrders(t) // a million orders are some 200 MB of JSON
			srv := newServer(t, pmpsmarttest.WithSeed(int(many)), pmpsmarttest.WithStyle(style), pmpsmarttest.WithPerPage(1000))
			before, n := live(), int64(0)
			for order, err := range srv.Client().ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
				require.NoError(t, err)
				if n++; order.ID != n {
					t.Fatalf("order %d comes as number %d", order.ID, n)
				}
				if n%(many/4) == 0 {
					assert.Less(t, live()-before, most, "after %d orders", n)
				}
			}
			assert.Equal(t, many, n)
		})
	}
}

// live is how much memory is in use.
func live() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
