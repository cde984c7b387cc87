package contract

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func testOrderStatus(t *testing.T, p *place) {
	c := p.client(t)
	for _, status := range []pmpsmart.OrderStatus{
		pmpsmart.OrderOpen, pmpsmart.OrderComplete, pmpsmart.OrderCancel, pmpsmart.OrderPending,
	} {
		got, err := c.UpdateOrderStatus(t.Context(), pageOrder, status)
		require.NoError(t, err)
		want := p.listed(pageOrder)
		want.Order.Status = status
		if p.blind() {
			want = fullOrder{Order: pmpsmart.Order{ID: pageOrder, Status: status}}
		} else {
			assert.True(t, recent(got.UpdatedAt), got.UpdatedAt)
			want.Order.UpdatedAt = got.UpdatedAt.UTC()
		}
		assert.Equal(t, want, full(t, *got))

		read, err := c.GetOrder(t.Context(), pageOrder)
		require.NoError(t, err)
		changed := p.detailed(pageOrder)
		changed.Order.Status, changed.Order.UpdatedAt = status, read.UpdatedAt.UTC()
		assert.Equal(t, changed, full(t, *read))

		found, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{Status: status, UserID: 1, OutletID: 1})
		require.NoError(t, err)
		assert.Contains(t, ids(found), int64(pageOrder))
	}
}

func ids(orders []pmpsmart.Order) (all []int64) {
	for _, o := range orders {
		all = append(all, o.ID)
	}
	return all
}

func testOutletCode(t *testing.T, p *place) {
	const id = 88
	c := p.client(t)
	for _, code := range []string{"OUT-001", "Kafé № 7 “Senja”", "OUT-088"} {
		got, err := c.UpdateOutletCode(t.Context(), id, code)
		require.NoError(t, err)
		want := p.outlet(id)
		want.Code = code
		if p.blind() {
			want = pmpsmart.Outlet{ID: id, Code: code}
		} else {
			assert.True(t, recent(got.UpdatedAt), got.UpdatedAt)
			want.UpdatedAt = got.UpdatedAt.UTC()
		}
		assert.Equal(t, want, plain(t, *got))

		all, err := c.ListOutlets(t.Context())
		require.NoError(t, err)
		require.Len(t, all, int(p.data.Outlets))
		changed := p.outlet(id)
		changed.Code, changed.UpdatedAt = code, all[id-1].UpdatedAt.UTC()
		assert.Equal(t, changed, plain(t, all[id-1]))
		assert.Equal(t, p.outlet(id+1), plain(t, all[id]), "the next one is as it was")
	}
}

// Writes to what is not there.
func testUnknownRecords(t *testing.T, p *place) {
	c := p.client(t)
	_, err := c.UpdateOrderStatus(t.Context(), math.MaxInt32, pmpsmart.OrderOpen)
	p.assertNotFound(t, err, "UpdateOrderStatus")
	_, err = c.UpdateOutletCode(t.Context(), math.MaxInt32, "OUT-X")
	p.assertNotFound(t, err, "UpdateOutletCode")
	_, err = c.UpdateJSONOrder(t.Context(), jsonOrder("KON-UNKNOWN", 1))
	p.assertNotFound(t, err, "UpdateJSONOrder")
}

// The escape hatch reaches the documented endpoints too, and gives what data holds.
func testCall(t *testing.T, p *place) {
	c := p.client(t)
	type detail struct {
		ID    int64
		Code  string  `json:"kode_order"`
		Total float64 `json:"total"`
		Items []item
	}
	var one detail
	var named struct{ Order detail }
	var list []detail
	var out any = &one
	switch p.style {
	case "keyed":
		out = &named
	case "rows":
		out = &list
	}
	require.NoError(t, c.Call(t.Context(), "order/detail", map[string]any{"order_id": 2}, out))
	want := p.detailed(2)
	assert.Contains(t, append(list, one, named.Order), detail{2, want.Order.Code, want.Total, want.Items})

	var users []pmpsmart.User
	require.NoError(t, c.Call(t.Context(), "/user/sales", map[string]any{"name": "Ferryanto"}, &users))
	assert.Equal(t, []pmpsmart.User{p.user(1)}, plains(t, users))

	err := c.Call(t.Context(), "order/nothing", nil, nil)
	require.ErrorIs(t, err, pmpsmart.ErrNotFound)
}

// What the validator says comes by field.
func testValidation(t *testing.T, p *place) {
	c := p.client(t)
	long := make([]byte, 101)
	for i := range long {
		long[i] = 'K'
	}
	for name, tt := range map[string]struct {
		err    func() error
		fields map[string][]string
		text   string
	}{
		"insert": {
			func() error { _, err := c.InsertJSONOrder(t.Context(), jsonOrder(string(long), 1)); return err },
			map[string][]string{"kode_order": {"The kode order must not be greater than 100 characters."}},
			"InsertJSONOrder: 422 Unprocessable Entity: The given data was invalid. [kode_order: The kode order must not be greater than 100 characters.]",
		},
		"update": {
			func() error { _, err := c.UpdateOutletCode(t.Context(), 88, string(long)); return err },
			map[string][]string{"kode_outlet": {"The kode outlet must not be greater than 100 characters."}},
			"UpdateOutletCode: 422 Unprocessable Entity: The given data was invalid. [kode_outlet: The kode outlet must not be greater than 100 characters.]",
		},
		"two fields": {
			func() error {
				return c.Call(t.Context(), "order/update", map[string]any{"order_id": "x", "status": "lunas"}, nil)
			},
			map[string][]string{"order_id": {"The order id must be an integer."}, "status": {"The selected status is invalid."}},
			"Call: order/update: 422 Unprocessable Entity: The given data was invalid. [order_id: The order id must be an integer.; status: The selected status is invalid.]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.err()
			require.ErrorIs(t, err, pmpsmart.ErrValidation)
			var refusal *pmpsmart.APIError
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, tt.fields, refusal.Fields)
			if p.soft() {
				assert.Equal(t, 200, refusal.HTTPStatus)
				return
			}
			assert.Equal(t, 422, refusal.HTTPStatus)
			assert.EqualError(t, err, "pmpsmart: "+tt.text)
		})
	}
}
