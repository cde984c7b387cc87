package record_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

var at = time.Date(2026, time.March, 1, 5, 0, 0, 0, time.UTC)

func TestEmptyIsNull(t *testing.T) {
	t.Parallel()
	assert.Equal(t, record.Record{Kind: record.OrderKind, Columns: php.Object{
		{"id", int64(7)}, {"kode_order", nil}, {"status", nil}, {"date_order", nil}, {"user_id", nil}, {"outlet_id", nil},
		{"total", 0.0}, {"created_at", at}, {"updated_at", at},
	}}, record.Order(&seed.Order{ID: 7, CreatedAt: at, UpdatedAt: at}))
	full := record.JSONOrder(&seed.JSONOrder{ID: 7, Code: "K", Data: "{}", Status: "s", StatusOrder: "baru", CreatedAt: at, UpdatedAt: at})
	assert.Equal(t, php.Object{
		{"id", int64(7)}, {"kode_order", "K"}, {"json_data", record.Document("{}")}, {"status", "s"}, {"status_order", "baru"},
		{"created_at", at}, {"updated_at", at},
	}, full.Columns)
	assert.EqualValues(t, 7, full.ID())
}

// Columns that have no field of their own follow those that do, and replace one
// of the same name.
func TestExtra(t *testing.T) {
	t.Parallel()
	visit := record.Visit(&seed.Visit{ID: 3, CreatedAt: at, UpdatedAt: at, Extra: json.RawMessage(`{"user_id":"abc","foto":{"url":"https://x/é"},"n\u0061":[1, 2]}`)})
	assert.Equal(t, php.Object{
		{"id", int64(3)}, {"name", nil}, {"user_id", php.Raw(`"abc"`)}, {"outlet_id", nil}, {"created_at", at}, {"updated_at", at},
		{"foto", php.Raw(`{"url":"https://x/é"}`)}, {"na", php.Raw(`[1, 2]`)},
	}, visit.Columns)
}

func TestOrderDetail(t *testing.T) {
	t.Parallel()
	order := &seed.Order{ID: 7, Extra: json.RawMessage(`{"catatan":"x"}`)}
	user := &seed.User{ID: 2, Name: "Budi"}
	detail := record.OrderDetail(order, []seed.Item{{ID: 1, Product: "Kopi", Quantity: 2, Price: 250.25}}, nil, user)
	n := len(detail.Columns)
	assert.Equal(t, php.Object{
		{"catatan", php.Raw(`"x"`)},
		{"items", []record.Record{{Kind: record.ItemKind, Columns: php.Object{{"id", int64(1)}, {"nama_produk", "Kopi"}, {"qty", int64(2)}, {"harga", 250.25}}}}},
		{"outlet", nil},
		{"user", record.User(user)},
	}, detail.Columns[n-4:])
	empty := record.OrderDetail(&seed.Order{ID: 8}, nil, nil, nil)
	assert.Equal(t, php.Member{"items", []record.Record{}}, empty.Columns[len(empty.Columns)-3])
}
