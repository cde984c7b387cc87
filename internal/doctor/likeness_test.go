package doctor

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// TestLikeness has the doctor examine servers in each style, and then the sandboxes
// that are like them: it says the same of both.
func TestLikeness(t *testing.T) {
	t.Parallel()
	for _, s := range eachStyle(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			checkLikeness(t, examineServer(t, s.url))
		})
	}
}

// checkLikeness compares the report in a file with that of a sandbox that is like it.
func checkLikeness(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want, err := report.Read(text)
	require.NoError(t, err)
	likeness := pmpsmarttest.NewServer(pmpsmarttest.WithReport(text))
	defer likeness.Close()
	got, err := readReport(examineServer(t, likeness.URL))
	require.NoError(t, err)
	for _, e := range want.Endpoints {
		assert.Equal(t, told(e), told(got.Of(e.Path)), "%s: %s", e.Path, text)
	}
}

// told is what a report tells of an endpoint that does not depend on how many records
// there are.
func told(e *report.Endpoint) (lines []string) {
	lines = append(lines, e.Outcome)
	for _, a := range e.Answers {
		lines = append(lines, fmt.Sprintf("%d %s", a.HTTP, a.Text()))
	}
	for _, f := range e.Fields {
		lines = append(lines, fmt.Sprintf("%s %t %s", f.Name, f.Named, f.KindNames()))
	}
	return lines
}

// Whatever the records look like in which a server answers, the likeness keeps in them
// what a test writes.
func TestLikenessKeepsState(t *testing.T) {
	t.Parallel()
	box := start(t, pmpsmarttest.WithSeed(5), pmpsmarttest.WithManyTokens())
	for _, style := range []string{"plain", "jsonapi", "elements=properties", "names=kebab", "names=camel", "names=upper"} {
		t.Run(style, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(examineServer(t, withStyle(t, box.URL, style)))
			require.NoError(t, err)
			likeness := start(t, pmpsmarttest.WithReport(text))
			c := likeness.Client()
			for _, created := range []bool{true, false} {
				order, isNew, err := c.EnsureJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "A-1", Data: map[string]int{"qty": 7}, Status: "completed"})
				require.NoError(t, err)
				assert.Equal(t, created, isNew)
				assert.Equal(t, []string{"A-1", `{"qty":7}`}, []string{order.Code, string(order.Data)})
			}
			added := likeness.AddOrders(pmpsmarttest.Order{
				Order: pmpsmart.Order{Code: "B-1", Status: pmpsmart.OrderOpen, UserID: 3, OutletID: 4, Date: pmpsmart.NewDate(2026, 3, 1)},
				Items: []pmpsmarttest.Item{{Product: "Kopi", Quantity: 2, Price: 14500}},
			})[0]
			_, err = c.UpdateOrderStatus(t.Context(), added.ID, pmpsmart.OrderComplete)
			require.NoError(t, err)
			orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{Date: pmpsmart.NewDate(2026, 3, 1)})
			require.NoError(t, err)
			require.Len(t, orders, 1)
			type detail struct {
				pmpsmart.Order
				Items []struct {
					Product string `json:"nama_produk"`
					Qty     int    `json:"qty"`
				} `json:"items"`
			}
			one, err := pmpsmart.GetAs[detail](t.Context(), c, "order/detail", map[string]any{"order_id": added.ID})
			require.NoError(t, err)
			for _, o := range []pmpsmart.Order{orders[0], one.Order} {
				assert.Equal(t, []any{added.ID, "B-1", pmpsmart.OrderComplete, int64(3), int64(4), "2026-03-01"}, []any{o.ID, o.Code, o.Status, o.UserID, o.OutletID, o.Date.String()})
			}
			require.Len(t, one.Items, 1)
			assert.Equal(t, "Kopi 2", fmt.Sprint(one.Items[0].Product, " ", one.Items[0].Qty))
		})
	}
}
