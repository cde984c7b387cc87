package control_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// Each kind takes records by the API's names, keeps what has no column, and gives back
// what can be sent again.
func TestRecords(t *testing.T) {
	t.Parallel()
	s := start(t, func(_ *control.Config, c *sandbox.Config) {
		c.Data = seed.Data{}
		c.Now = func() time.Time { return time.Date(2026, 3, 1, 5, 0, 0, 0, time.UTC) }
	})
	const now = `"created_at":"2026-03-01T05:00:00.000000Z","updated_at":"2026-03-01T05:00:00.000000Z"`
	for _, tt := range []struct{ path, in, want string }{
		{
			"orders", `[{"kode_order":"K","status":"open","date_order":"2026-02-02","user_id":1,"outlet_id":2,"catatan":{"a":[1]},"outlet":null,` +
				`"items":[{"nama_produk":"Kopi","qty":2,"harga":14500.5}]}]`,
			`{"id":1,"kode_order":"K","status":"open","date_order":"2026-02-02","user_id":1,"outlet_id":2,"total":29001,` + now +
				`,"catatan":{"a":[1]},"items":[{"id":1,"nama_produk":"Kopi","qty":2,"harga":14500.5}]}`,
		},
		{"orders", `[{"id":7,"total":5,"created_at":"2026-02-02 09:00:00","updated_at":"2026-02-02T09:00:00.5Z"}]`,
			`{"id":7,"kode_order":null,"status":null,"date_order":null,"user_id":null,"outlet_id":null,"total":5,` +
				`"created_at":"2026-02-02T02:00:00.000000Z","updated_at":"2026-02-02T09:00:00.000000Z","items":[]}`},
		{"json-orders", `[{"kode_order":"J","json_data":{"key":"é"},"status":"completed","status_order":"baru"}]`,
			`{"id":1,"kode_order":"J","json_data":"{\"key\":\"é\"}","status":"completed","status_order":"baru",` + now + `}`},
		{"outlets", `[{"kode_outlet":"O","nama_outlet":"Toko","alamat":"Jl. Kenanga"}]`,
			`{"id":1,"kode_outlet":"O","nama_outlet":"Toko","alamat":"Jl. Kenanga",` + now + `}`},
		{"users", `[{"name":"Budi","email":"budi@toko.test","telepon":"0812"}]`, `{"id":1,"name":"Budi","email":"budi@toko.test",` + now + `,"telepon":"0812"}`},
		{"visits", `[{"name":"Budi","user_id":1,"outlet_id":2}]`, `{"id":1,"name":"Budi","user_id":1,"outlet_id":2,` + now + `}`},
	} {
		got := s.steer(201, "POST /"+tt.path, tt.in)
		assert.JSONEq(t, `{"records":[`+tt.want+`]}`, got)
		all := s.steer(200, "GET /"+tt.path, "")
		var in struct{ Records json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(all), &in))
		assert.JSONEq(t, all, s.steer(201, "POST /"+tt.path, string(in.Records)), "what is given back can be sent again")
	}
	token := s.login()
	assert.Contains(t, s.call(token, "/order/detail", `{"order_id":1}`).Body, `"nama_produk":"Kopi"`)
	assert.JSONEq(t, `{"records":[]}`, s.steer(201, "POST /users", `[]`))
	s = start(t)
	assert.Len(t, records(t, s.steer(200, "GET /orders", ""))[197]["items"], 1)
	for path, n := range map[string]int{"orders": 240, "json-orders": 0, "outlets": 120, "users": 12, "visits": 60} {
		assert.Len(t, records(t, s.steer(200, "GET /"+path, "")), n)
	}
}

// What can't have an id is the caller's mistake, not the server's.
func TestNoIDIsLeft(t *testing.T) {
	t.Parallel()
	s := start(t)
	for path, table := range map[string]string{"orders": "orders", "json-orders": "json_orders", "outlets": "outlets", "users": "users", "visits": "visits"} {
		s.steer(201, "POST /"+path, `[{"id":9223372036854775807}]`)
		assert.JSONEq(t, `{"error":"`+table+`: no id is left: the largest one is taken; give the record an id"}`, s.steer(409, "POST /"+path, `[{}]`))
		s.steer(201, "POST /"+path, `[{"id":700}]`)
	}
	s.steer(201, "POST /orders", `[{"id":701,"items":[{"id":9223372036854775807,"nama_produk":"Kopi","qty":1,"harga":1}]}]`)
	s.steer(409, "POST /orders", `[{"id":702,"items":[{"nama_produk":"Kopi","qty":1,"harga":1}]}]`)
}
