package contract

import (
	"context"
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// Every list, as a slice and as a Seq, gives the same records.
func testSeqIsSlice(t *testing.T, p *place) {
	c, ctx := p.client(t), t.Context()
	t.Run("Orders", func(t *testing.T) {
		slice, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
		same(t, slice, err, c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}))
	})
	t.Run("Outlets", func(t *testing.T) {
		slice, err := c.ListOutlets(ctx)
		same(t, slice, err, c.ListOutletsSeq(ctx))
	})
	t.Run("SalesUsers", func(t *testing.T) {
		slice, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{})
		same(t, slice, err, c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{}))
	})
	t.Run("Visits", func(t *testing.T) {
		slice, err := c.ListVisits(ctx, pmpsmart.VisitFilter{})
		same(t, slice, err, c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{}))
	})
	t.Run("JSONOrders", func(t *testing.T) {
		slice, err := c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{})
		same(t, slice, err, c.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{}))
	})
}

func same[T any](t *testing.T, slice []T, err error, seq iter.Seq2[T, error]) {
	t.Helper()
	require.NoError(t, err)
	assert.NotNil(t, slice)
	assert.Equal(t, slice, collect(t, seq))
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	records := []T{}
	for record, err := range seq {
		require.NoError(t, err)
		records = append(records, record)
	}
	return records
}

// A range that is broken off leaves the client usable.
func testSeqEndsEarly(t *testing.T, p *place) {
	c := p.client(t)
	for range 3 {
		for order, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			assert.Positive(t, order.ID)
			break
		}
	}
	_, err := c.ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{Name: "a"})
	require.NoError(t, err)
}

// The detail of an order agrees with its row in the list.
func testDetailOfListed(t *testing.T, p *place) {
	c := p.client(t)
	for order, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
		require.NoError(t, err)
		got, err := c.GetOrder(t.Context(), order.ID)
		require.NoError(t, err)
		order.Extra, got.Extra = pmpsmart.Extra{}, pmpsmart.Extra{}
		assert.Equal(t, order, *got)
		return
	}
	t.Log("the server holds no order")
}

func testNotFound(t *testing.T, p *place) {
	order, err := p.client(t).GetOrder(t.Context(), math.MaxInt32)
	assert.Nil(t, order)
	p.assertNotFound(t, err, "GetOrder")
}

// assertNotFound checks the error of a record that is not there.
func (p *place) assertNotFound(t *testing.T, err error, op string) {
	t.Helper()
	var refusal *pmpsmart.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, op, refusal.Op)
	if p.style == "" {
		return // a live server has its own way to say so
	}
	if p.soft() {
		assert.EqualError(t, err, "pmpsmart: "+op+": refused with HTTP 200: Data tidak ditemukan")
		return
	}
	require.ErrorIs(t, err, pmpsmart.ErrNotFound)
	assert.True(t, strings.HasPrefix(err.Error(), "pmpsmart: "+op+": 404 Not Found"), err)
}

// The sample data, whole records with every field that no struct names.
func testRecords(t *testing.T, p *place) {
	c, ctx := p.client(t), t.Context()
	orders, err := c.ListOrders(ctx, pmpsmart.OrderFilter{})
	require.NoError(t, err)
	assert.Equal(t, all(p.data.Orders, p.listed, nil), fulls(t, orders))
	outlets, err := c.ListOutlets(ctx)
	require.NoError(t, err)
	assert.Equal(t, all(p.data.Outlets, p.outlet, nil), plains(t, outlets))
	users, err := c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{})
	require.NoError(t, err)
	assert.Equal(t, all(p.data.Users, p.user, nil), plains(t, users))
	visits, err := c.ListVisits(ctx, pmpsmart.VisitFilter{})
	require.NoError(t, err)
	assert.Equal(t, all(p.data.Visits, p.visit, nil), plains(t, visits))
}

func testDetail(t *testing.T, p *place) {
	c := p.client(t)
	for _, id := range []int64{1, 2, pageOrder, p.data.Orders} {
		order, err := c.GetOrder(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, p.detailed(id), full(t, *order))
	}
}

func testFilters(t *testing.T, p *place) {
	day := pmpsmart.NewDate(2026, time.February, 2)
	for name, f := range map[string]pmpsmart.OrderFilter{
		"status":  {Status: pmpsmart.OrderPending},
		"date":    {Date: day},
		"user":    {UserID: 1},
		"outlet":  {OutletID: 1},
		"page's":  {Status: pmpsmart.OrderPending, Date: day, UserID: 1, OutletID: 1},
		"unknown": {Status: "lunas"},
		"nothing": {UserID: p.data.Users + 1},
	} {
		t.Run("orders by "+name, func(t *testing.T) {
			want := all(p.data.Orders, p.listed, func(o fullOrder) bool { return matches(f, o.Order) })
			got, err := p.client(t).ListOrders(t.Context(), f)
			require.NoError(t, err)
			assert.Equal(t, want, fulls(t, got))
		})
	}
	for _, name := range []string{"Ferryanto", "ferry", "an", "o s", "%", "_", "nobody of this name", "Siti Aminah'; --"} {
		t.Run("by name "+name, func(t *testing.T) {
			c := p.client(t)
			users, err := c.ListSalesUsers(t.Context(), pmpsmart.SalesUserFilter{Name: name})
			require.NoError(t, err)
			assert.Equal(t, all(p.data.Users, p.user, func(u pmpsmart.User) bool { return like(u.Name, name) }), plains(t, users))
			visits, err := c.ListVisits(t.Context(), pmpsmart.VisitFilter{Name: name})
			require.NoError(t, err)
			assert.Equal(t, all(p.data.Visits, p.visit, func(v pmpsmart.Visit) bool { return like(v.Name, name) }), plains(t, visits))
		})
	}
}

func matches(f pmpsmart.OrderFilter, o pmpsmart.Order) bool {
	return (f.Status == "" || f.Status == o.Status) && (f.Date.IsZero() || f.Date == o.Date) &&
		(f.UserID == 0 || f.UserID == o.UserID) && (f.OutletID == 0 || f.OutletID == o.OutletID)
}

// like is SQL's LIKE with % around the part, as the server asks its database; the names hold no wildcards.
func like(text, part string) bool {
	if part == "%" || part == "_" {
		return true
	}
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// A list of more than one page takes as many requests as it has pages.
func testPages(t *testing.T, p *place) {
	var response pmpsmart.Response
	orders, err := p.client(t).ListOrders(t.Context(), pmpsmart.OrderFilter{}, pmpsmart.WithResponse(&response))
	require.NoError(t, err)
	assert.Len(t, orders, int(p.data.Orders))
	pages, message := 1, "Data order berhasil diambil"
	if p.paged() {
		pages = (int(p.data.Orders) + perPage - 1) / perPage
	}
	if p.wordless() {
		message = ""
	}
	assert.Equal(t, pages, response.Attempts)
	assert.Equal(t, 200, response.HTTPStatus)
	assert.Equal(t, message, response.Message)
	assert.Positive(t, response.Duration)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var met []int64
	for order, err := range p.client(t).ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			break
		}
		if met = append(met, order.ID); len(met) == perPage+1 {
			cancel() // on the second page
		}
	}
	assert.GreaterOrEqual(t, len(met), perPage+1)
}
