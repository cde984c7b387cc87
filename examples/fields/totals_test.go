package fields_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/examples/fields"
	"github.com/pmpsmart/pmpsmart-go/examples/fields/toko"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// TestTotals runs on a sandbox that responds like the server of the report.
func TestTotals(t *testing.T) {
	report, err := os.ReadFile("testdata/report.json")
	require.NoError(t, err)
	srv := pmpsmarttest.NewServer(pmpsmarttest.WithReport(report))
	defer srv.Close()

	client := srv.Client(pmpsmart.WithStrictDecoding())
	day := pmpsmart.NewDate(2026, time.February, 2)
	totals, err := fields.Totals(t.Context(), client, day)
	require.NoError(t, err)
	want := make(map[int64]float64)
	for _, o := range srv.Orders() {
		if o.Date == day {
			var total float64
			require.NoError(t, o.Extra.Decode("total", &total))
			want[o.UserID] += total
		}
	}
	assert.Equal(t, want, totals)
	assert.NotEmpty(t, totals)

	order, err := toko.GetOrder(t.Context(), client, 198)
	require.NoError(t, err)
	require.NotEmpty(t, order.Items)
	assert.Equal(t, []any{"Pasta Gigi 190 g", int64(6), 14900.0}, []any{order.Items[0].NamaProduk, order.Items[0].Qty, order.Items[0].Harga})
}
