package pmpsmart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func TestCodesWithOddMiddlesAreSent(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"A B", "a\tb", "é", "订单", "a\u200bb", "0", "null", "😀"} {
		s := serve(t, success(`{"id":1}`))
		got, err := s.client().UpdateOutletCode(t.Context(), 88, code)
		require.NoError(t, err)
		require.Equal(t, &pmpsmart.Outlet{ID: 1, Code: code}, got)
	}
}
