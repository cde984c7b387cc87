package store_test

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/store"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

var noon = time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC)

// open returns a store, on a clock that stands still, that the test's end closes.
func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	s, err := store.Open(o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// all returns the rows of a table.
func all[T any](s *store.Store, table func(*store.Store) *store.Table[T]) []T {
	return slices.Collect(store.Find(s, table, nil, func(row *T) T { return *row }).All())
}

// change makes changes in one transaction.
func change(s *store.Store, f func(tx store.Tx)) {
	tx := s.Begin()
	defer tx.End()
	f(tx)
}

func TestPutFillsIn(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Data: seed.New(3)})
	last := noon.Add(time.Hour)
	for _, tt := range []struct{ put, want seed.Outlet }{
		{seed.Outlet{Name: "new"}, seed.Outlet{ID: 121, Name: "new", CreatedAt: noon, UpdatedAt: noon}},
		{seed.Outlet{ID: 500, CreatedAt: last}, seed.Outlet{ID: 500, CreatedAt: last, UpdatedAt: last}},
		{seed.Outlet{}, seed.Outlet{ID: 501, CreatedAt: noon, UpdatedAt: noon}},
		{seed.Outlet{ID: 7, Code: "K"}, seed.Outlet{ID: 7, Code: "K", CreatedAt: noon, UpdatedAt: noon}},
	} {
		change(s, func(tx store.Tx) {
			require.NoError(t, tx.PutOutlet(&tt.put))
			got, ok := tx.Outlet(tt.put.ID)
			assert.True(t, ok)
			assert.Equal(t, []seed.Outlet{tt.want, tt.want}, []seed.Outlet{tt.put, got})
			assert.Error(t, tx.PutOutlet(&seed.Outlet{ID: -1}))
		})
	}
	assert.Len(t, all(s, store.Outlets), 123)
}

// Items have ids of their own, which continue after the sample data's.
func TestItems(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Data: seed.New(3)})
	change(s, func(tx store.Tx) {
		sample, ok := tx.Order(2)
		require.True(t, ok)
		assert.Equal(t, seed.New(3).Items(2), tx.Items(&sample))
		sample.Items = []seed.Item{}
		require.NoError(t, tx.PutOrder(&sample))
		assert.Empty(t, tx.Items(&sample), "an order can lose its items")
		order := seed.Order{Items: []seed.Item{{Product: "a"}, {ID: 90, Product: "b"}, {Product: "c"}}}
		require.NoError(t, tx.PutOrder(&order))
		assert.Equal(t, []seed.Item{{ID: 13, Product: "a"}, {ID: 90, Product: "b"}, {ID: 91, Product: "c"}}, tx.Items(&order))
		require.NoError(t, tx.PutOrder(&seed.Order{Items: []seed.Item{{ID: math.MaxInt64}}}))
		assert.EqualError(t, tx.PutOrder(&seed.Order{Items: []seed.Item{{}}}), "items: no id is left")
	})
}

func TestNoIDIsLeft(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{})
	change(s, func(tx store.Tx) {
		require.NoError(t, tx.PutVisit(&seed.Visit{ID: math.MaxInt64}))
		assert.EqualError(t, tx.PutVisit(&seed.Visit{}), "visits: no id is left")
		assert.NoError(t, tx.PutVisit(&seed.Visit{ID: 5}), "one that has an id")
	})
	assert.Len(t, all(s, store.Visits), 2)
}

// A JSON order is found under its present code alone.
func TestCodes(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{})
	change(s, func(tx store.Tx) {
		for _, o := range []seed.JSONOrder{{ID: 1, Code: "OLD"}, {ID: 2, Code: "OLD"}, {ID: 3, Code: "OLD"}, {ID: 1, Code: "NEW"}, {ID: 3, Code: "NEW"}} {
			require.NoError(t, tx.PutJSONOrder(&o))
		}
		assert.Equal(t, [][]int64{{2}, {1, 3}, {}}, [][]int64{tx.JSONOrderIDs("OLD"), tx.JSONOrderIDs("NEW"), tx.JSONOrderIDs("NONE")})
		first, ok := tx.JSONOrder("NEW")
		assert.True(t, ok)
		assert.EqualValues(t, 1, first.ID)
		_, ok = tx.JSONOrder("NONE")
		assert.False(t, ok)
	})
}

func TestOutletCodeTaken(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Data: seed.New(3)})
	change(s, func(tx store.Tx) { require.NoError(t, tx.PutOutlet(&seed.Outlet{ID: 500, Code: "MINE"})) })
	v := s.View()
	defer v.End()
	assert.True(t, v.OutletCodeTaken("MINE", 1))
	assert.False(t, v.OutletCodeTaken("MINE", 500), "it may keep its own")
	assert.True(t, v.OutletCodeTaken("OUT-003", 500))
	assert.False(t, v.OutletCodeTaken("NONE", 1))
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for single, want := range map[bool]bool{true: false, false: true} {
		s := open(t, store.Options{SingleToken: single})
		s.PutAccount("A", "a@b.test", "secret", "viewer")
		s.PutAccount("B", "b@b.test", "secret", "")
		login := func(email string) string {
			a, token, ok, err := s.Login(email, "secret")
			require.NoError(t, err)
			require.True(t, ok && len(token) == 60 && a.Email == email)
			return token
		}
		valid := func(token string) bool {
			_, ok := s.Authenticate(token)
			return ok
		}
		former, other, last := login("a@b.test"), login("b@b.test"), login("a@b.test")
		assert.Equal(t, []bool{want, true, true}, []bool{valid(former), valid(other), valid(last)})
		a, _ := s.Authenticate(last)
		assert.Equal(t, seed.Account{ID: 1, Name: "A", Email: "a@b.test", Password: "secret", Role: "viewer", CreatedAt: noon, UpdatedAt: noon}, a)
		require.NoError(t, s.Logout(last))
		assert.Equal(t, []bool{want, true, false}, []bool{valid(former), valid(other), valid(last)})
		require.NoError(t, s.ExpireTokens())
		assert.False(t, valid(former) || valid(other) || valid(""))

		_, _, ok, err := s.Login("a@b.test", "wrong")
		assert.True(t, !ok && err == nil)
		s.PutAccount("A", "a@b.test", "changed", "")
		_, _, ok, _ = s.Login("a@b.test", "changed")
		assert.True(t, ok)
		assert.Equal(t, 4, s.Logins(), "only those that succeeded")
	}
}

// A reader that stops halfway keeps nobody from writing.
func TestQueryLetsOthersWrite(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Data: seed.New(1000)})
	n := 0
	var wg sync.WaitGroup
	for id := range store.Find(s, store.Orders, nil, func(o *seed.Order) int64 { return o.ID }).All() {
		if n++; n == 500 {
			wg.Go(func() { change(s, func(tx store.Tx) { assert.NoError(t, tx.PutOrder(&seed.Order{})) }) })
			wg.Wait()
		}
		require.EqualValues(t, n, id)
	}
	assert.Equal(t, 1000, n, "the order that was added meanwhile is left out")
}
