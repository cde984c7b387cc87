package pmpsmarttest_test

import (
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestUnique(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithUnique())
	c := srv.Client()
	_, err := c.InsertJSONOrder(t.Context(), input)
	require.NoError(t, err)
	_, err = c.InsertJSONOrder(t.Context(), input)
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, map[string][]string{"kode_order": {"The kode order has already been taken."}}, api.Fields)
	assert.Len(t, srv.JSONOrders(), 1)
}

// An outlet keeps its own code and gets one that nobody has, whether the other's
// is of the sample data, changed or added.
func TestUniqueOutletCodes(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithUniqueOutletCodes())
	srv.AddOutlets(pmpsmart.Outlet{ID: 500, Code: "BARU"})
	c := srv.Client()
	update := func(id int64, code string) error {
		_, err := c.UpdateOutletCode(t.Context(), id, code)
		return err
	}
	require.NoError(t, update(88, "OUT-088"), "its own")
	require.NoError(t, update(88, "OUT-NEW"))
	require.NoError(t, update(1, "OUT-088"), "nobody's any more")
	for _, code := range []string{"OUT-NEW", "OUT-003", "BARU"} {
		var api *pmpsmart.APIError
		require.ErrorAs(t, update(2, code), &api, code)
		assert.Equal(t, http.StatusUnprocessableEntity, api.HTTPStatus)
		assert.Equal(t, map[string][]string{"kode_outlet": {"The kode outlet has already been taken."}}, api.Fields)
	}
	assert.ErrorIs(t, update(9999, "BARU"), pmpsmart.ErrValidation, "Laravel validates before it looks for the outlet")
	assert.ErrorIs(t, update(9999, "LAIN"), pmpsmart.ErrNotFound)
	assert.Equal(t, []string{"OUT-088", "OUT-002", "OUT-003"}, []string{srv.Outlets()[0].Code, srv.Outlets()[1].Code, srv.Outlets()[2].Code})

	many := newServer(t)
	_, err := many.Client().UpdateOutletCode(t.Context(), 2, "OUT-003")
	assert.NoError(t, err, "by default two outlets may share a code")
}

// The validator asks for no other order of a code that is wrong already.
func TestUniqueComesLast(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithUnique())
	long := input
	long.Code = strings.Repeat("k", 101)
	srv.AddJSONOrders(pmpsmart.JSONOrder{Code: long.Code})
	_, err := srv.Client().InsertJSONOrder(t.Context(), long)
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, map[string][]string{"kode_order": {"The kode order must not be greater than 100 characters."}}, api.Fields)
}

// An order that another takes the place of is found under its code no longer,
// also after a restart.
func TestAReplacedOrderLosesItsCode(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	options := []pmpsmarttest.Option{pmpsmarttest.WithUnique(), pmpsmarttest.WithDataFile(path)}
	order := func(id int64, code string) pmpsmart.JSONOrder {
		return pmpsmart.JSONOrder{ID: id, Code: code, Status: "draft"}
	}
	srv := pmpsmarttest.NewServer(options...)
	srv.AddJSONOrders(order(1, "OLD"), order(2, "OLD"), order(3, "OLD"), order(1, "NEW"), order(3, "NEW"))
	check := func(srv *pmpsmarttest.Server, found map[string][]int64) {
		t.Helper()
		for code, want := range found {
			orders, err := srv.Client().FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{Code: code})
			require.NoError(t, err)
			ids := []int64{}
			for _, o := range orders {
				ids = append(ids, o.ID)
			}
			assert.Equal(t, want, ids, code)
		}
	}
	check(srv, map[string][]int64{"OLD": {2}, "NEW": {1, 3}})
	srv.AddJSONOrders(order(2, "NEW"))
	require.NoError(t, srv.Close())
	for _, restarted := range []bool{false, true} {
		if restarted {
			require.NoError(t, srv.Close())
		}
		srv = pmpsmarttest.NewServer(options...)
		check(srv, map[string][]int64{"OLD": {}, "NEW": {1, 2, 3}})
	}
	defer srv.Close()
	c := srv.Client()
	in := pmpsmart.JSONOrderInput{Code: "OLD", Data: 1, Status: "draft"}
	_, err := c.UpdateJSONOrder(t.Context(), in)
	assert.ErrorIs(t, err, pmpsmart.ErrNotFound)
	_, err = c.InsertJSONOrder(t.Context(), in)
	assert.NoError(t, err, "nobody has the code")
}

// After the greatest id there is none: what needs one is refused and changes
// nothing.
func TestNoIDIsLeft(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithEmpty())
	srv.AddJSONOrders(pmpsmart.JSONOrder{ID: math.MaxInt64, Code: "K"})
	_, err := srv.Client(once).InsertJSONOrder(t.Context(), input)
	assert.ErrorIs(t, err, pmpsmart.ErrServer)
	assert.Len(t, srv.JSONOrders(), 1)
	assert.PanicsWithValue(t, "pmpsmarttest: Add: json_orders: no id is left", func() { srv.AddJSONOrders(pmpsmart.JSONOrder{}) })
	assert.NotPanics(t, func() { srv.AddJSONOrders(pmpsmart.JSONOrder{ID: 5}) }, "one that has an id")

	item := func(id int64) pmpsmarttest.Order { return pmpsmarttest.Order{Items: []pmpsmarttest.Item{{ID: id}}} }
	srv.AddOrders(item(math.MaxInt64))
	assert.PanicsWithValue(t, "pmpsmarttest: Add: items: no id is left", func() { srv.AddOrders(item(0)) })
	assert.Len(t, srv.Orders(), 1)
}
