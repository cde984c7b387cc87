package pmpsmarttest_test

import (
	"os"
	"path/filepath"
	"strings"
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

func TestDataFileThatCanNotBe(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	good := filepath.Join(folder, "good")
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(good))
	_, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithDataFile(good))
	assert.EqualError(t, err, "pmpsmarttest: data file "+good+": another sandbox uses it")
	srv.AddOutlets(pmpsmart.Outlet{Name: "Toko"})
	require.NoError(t, srv.Close())
	text, err := os.ReadFile(good)
	require.NoError(t, err)

	for name, tt := range map[string]struct{ text, want string }{
		"no data file":    {"catatan belanja\n", "line 1: this is no data file of a sandbox"},
		"another version": {strings.Replace(string(text), `"seed_version":1`, `"seed_version":99`, 1), "line 1: it was made by another version of the sandbox; begin a new one"},
		"another seed":    {strings.Replace(string(text), `"Orders":240`, `"Orders":7`, 1), "line 1: it was begun with 7 seeded orders, not 240"},
		"damaged":         {string(text) + "x\n", "line 3: invalid character 'x' looking for beginning of value"},
		"unknown table":   {string(text) + `{"table":"x","row":{}}` + "\n", `line 3: unknown table "x"`},
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(tt.text), 0o600))
		_, err := pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithDataFile(path))
		assert.EqualError(t, err, "pmpsmarttest: data file "+path+": "+tt.want)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, tt.text, string(after), "it is left as it was")
	}
	_, err = pmpsmarttest.Open("127.0.0.1:0", pmpsmarttest.WithDataFile(filepath.Join(folder, "none", "data")))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// What a crash leaves of the last line was never acknowledged.
func TestDataFileCutAnywhere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data")
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(path), pmpsmarttest.WithEmpty())
	srv.AddOutlets(pmpsmart.Outlet{Name: "Satu"}, pmpsmart.Outlet{Name: "Dua"})
	require.NoError(t, srv.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for cut := range len(text) + 1 {
		require.NoError(t, os.WriteFile(path, text[:cut], 0o600))
		srv := pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(path), pmpsmarttest.WithEmpty())
		whole := max(0, strings.Count(string(text[:cut]), "\n")-1)
		assert.Len(t, srv.Outlets(), whole)
		srv.AddOutlets(pmpsmart.Outlet{Name: "Tiga"})
		require.NoError(t, srv.Close())
		srv = pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(path), pmpsmarttest.WithEmpty())
		assert.Len(t, srv.Outlets(), whole+1)
		require.NoError(t, srv.Close())
	}
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

// What can't be kept is not acknowledged, then and later.
func TestDataFileThatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithDataFile(filepath.Join(t.TempDir(), "data")))
	c := srv.Client(once)
	_, err := c.ListOutlets(t.Context())
	require.NoError(t, err)
	srv.BreakDisk()
	for range 2 {
		_, err = c.InsertJSONOrder(t.Context(), input)
		assert.ErrorIs(t, err, pmpsmart.ErrServer)
		_, err = c.UpdateOutletCode(t.Context(), 88, "OUT-BARU")
		assert.ErrorIs(t, err, pmpsmart.ErrServer)
	}
	assert.Empty(t, srv.JSONOrders())
	assert.Equal(t, "OUT-088", srv.Outlets()[87].Code)
	assert.ErrorIs(t, srv.Close(), os.ErrClosed)
}
