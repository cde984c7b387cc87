package pmpsmarttest_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A state is all that a server keeps.
type state struct {
	Orders     []pmpsmart.Order
	Outlets    []pmpsmart.Outlet
	Users      []pmpsmart.User
	Visits     []pmpsmart.Visit
	JSONOrders []pmpsmart.JSONOrder
}

func stateOf(srv *pmpsmarttest.Server) state {
	return state{srv.Orders(), srv.Outlets(), srv.Users(), srv.Visits(), srv.JSONOrders()}
}

func TestDataFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data.jsonl")
	options := []pmpsmarttest.Option{pmpsmarttest.WithDataFile(path), pmpsmarttest.WithSeed(200)}
	var token string
	srv := pmpsmarttest.NewServer(options...)
	c := srv.Client(pmpsmart.WithTokenStore(spy{pmpsmart.NewMemoryTokenStore(), &token}))
	_, err := c.UpdateOrderStatus(t.Context(), 198, pmpsmart.OrderCancel)
	require.NoError(t, err)
	_, err = c.UpdateOutletCode(t.Context(), 88, "OUT-<é>")
	require.NoError(t, err)
	_, err = c.InsertJSONOrder(t.Context(), input)
	require.NoError(t, err)
	added := srv.AddOrders(pmpsmarttest.Order{Items: []pmpsmarttest.Item{{Product: "Kopi", Quantity: 1, Price: 2.5}}}, pmpsmarttest.Order{Order: pmpsmart.Order{ID: 7}})
	srv.AddUsers(pmpsmart.User{Name: "Budi"})
	srv.AddVisits(pmpsmart.Visit{Name: "Budi", Extra: added[0].Extra})
	details := func(c *pmpsmart.Client) (details []string) {
		for _, id := range []int64{7, 198, added[0].ID} {
			order, err := c.GetOrder(t.Context(), id)
			require.NoError(t, err)
			details = append(details, order.Extra.String())
		}
		return details
	}
	want, wantDetails := stateOf(srv), details(c)
	require.NoError(t, srv.Close())

	for range 2 {
		srv = pmpsmarttest.NewServer(options...)
		assert.Equal(t, want, stateOf(srv))
		assert.Equal(t, wantDetails, details(srv.Client(pmpsmart.WithToken(token))))
		assert.Zero(t, srv.Logins(), "the former token is good")
		require.NoError(t, srv.Close())
	}

	srv = pmpsmarttest.NewServer(options...)
	order, err := srv.Client().InsertJSONOrder(t.Context(), input)
	require.NoError(t, err)
	assert.EqualValues(t, 2, order.ID, "ids go on")
	require.NoError(t, srv.Close())
}

// Options that can't be had are an error of this package's.
func TestDataFileThatCanNotBe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "foreign")
	require.NoError(t, os.WriteFile(path, []byte(`{"precious":1}`), 0o600))
	_, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithDataFile(path))
	assert.EqualError(t, err, "pmpsmarttest: data file "+path+": line 1: this is no data file of a sandbox")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, `{"precious":1}`, string(text), "it is left as it was")
}

func TestDataFileConcurrently(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(path))
	c := srv.Client()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				_, err := c.InsertJSONOrder(t.Context(), input)
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	want := stateOf(srv)
	require.NoError(t, srv.Close())
	assert.Len(t, want.JSONOrders, 160)
	srv = newServer(t, pmpsmarttest.WithDataFile(path))
	assert.Equal(t, want, stateOf(srv))
}
