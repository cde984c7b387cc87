package pmpsmart_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var outletRequests = []documented{
	{name: "ListOutlets", path: "master/outlet",
		do:  func(ctx context.Context, c *pmpsmart.Client) error { _, err := c.ListOutlets(ctx); return err },
		seq: func(ctx context.Context, c *pmpsmart.Client) error { return lastError(c.ListOutletsSeq(ctx)) }},
	{name: "UpdateOutletCode", path: "master/outlet/update", body: `{"id_outlet":"88","kode_outlet":"OUT-001"}`,
		do: func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOutletCode(ctx, 88, "OUT-001")
			return err
		}},
}

var outletInput = []refused{
	{"outlet 0", pmpsmart.InputError{Op: "UpdateOutletCode", Field: "outletID", Problem: "is 0; an id is at least 1"},
		func(ctx context.Context, c *pmpsmart.Client) error {
			_, err := c.UpdateOutletCode(ctx, 0, "A")
			return err
		}},
}

func TestOutletInJSON(t *testing.T) {
	t.Parallel()
	want := pmpsmart.Outlet{ID: 1, Code: "OUT-001", Name: "Toko \"A\"", Address: "Jl. Contoh No.1\n", UpdatedAt: evening, Extra: extra(t, moreFields)}
	text, got := again(t, want)
	require.Equal(t, `{"id":1,"kode_outlet":"OUT-001","nama_outlet":"Toko \"A\"","alamat":"Jl. Contoh No.1\n","created_at":null,"updated_at":"2026-02-02T12:00:00Z","total":1000.50,"items":[{"qty":"2"}],"catatan":null}`, text)
	equalTimes(t, &want.UpdatedAt, &got.UpdatedAt)
	require.Equal(t, want, got)
}

func TestCodesWithOddMiddlesAreSent(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"A B", "a\tb", "é", "订单", "a\u200bb", "0", "null", "😀"} {
		s := serve(t, success(`{"id":1}`))
		got, err := s.client().UpdateOutletCode(t.Context(), 88, code)
		require.NoError(t, err)
		require.Equal(t, &pmpsmart.Outlet{ID: 1, Code: code}, got)
	}
}
