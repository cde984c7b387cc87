package sandbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// The curl commands of the vendor's page work word for word, host and token
// aside.
func TestTheVendorsExamples(t *testing.T) {
	t.Parallel()
	srv := start(t, func(c *sandbox.Config) { c.Email, c.Password = "api@pmpsmart.com", "*****" })
	body, err := post(t, srv.url+"/auth/login", "", `{"email": "api@pmpsmart.com","password": "*****"}`)
	require.NoError(t, err)
	token := token60.FindString(body)
	require.NotEmpty(t, token, body)
	for _, tt := range []struct{ path, body, want string }{
		{"json/order", `{"kode_order": "PMP-3903001","json_data": "{\"key\": \"value\"}","status": "completed"}`, `"message":"Kode outlet berhasil diperbarui","data":{"id":1,"kode_order":"PMP-3903001"`},
		{"json/order/update", `{"kode_order": "PMP-3903001","json_data": "{\"key\": \"value\"}","status": "completed"}`, `"message":"Kode outlet berhasil diperbarui","data":{"id":1,`},
		{"json/order/get/filter", `{"search": "PMP-3903001","kode_order": "veniam","status": "completed","status_order": "soluta","start_date": "2026-05-01","end_date": "2026-05-31"}`, `"message":"Data JSON order berhasil diambil","data":[]`},
		{"master/outlet", ``, `"message":"Logout berhasil","data":[{"id":1,"kode_outlet":"OUT-001"`},
		{"master/outlet/update", `{"id_outlet": "88","kode_outlet": "OUT-001"}`, `"message":"Kode outlet berhasil diperbarui","data":{"id":88,"kode_outlet":"OUT-001"`},
		{"order", `{"status": "pending","date_order": "2026-02-02","user_id": 1,"outlet_id": 1}`, `"message":"Data order berhasil diambil","data":[{"id":198,"kode_order":"PMP-0000198","status":"pending","date_order":"2026-02-02","user_id":1,"outlet_id":1`},
		{"order/detail", `{"order_id": 198}`, `"message":"Data order berhasil diambil","data":{"id":198,`},
		{"order/update", `{"order_id": 198,"status": "open,pending,complete,cancel"}`, `"errors":{"status":["The selected status is invalid."]}`}, // the page lists the four
		{"order/update", `{"order_id": 198,"status": "complete"}`, `"message":"Data order berhasil diupdate","data":{"id":198,`},
		{"user/sales", `{"name": "Ferryanto"}`, `"data":[{"id":1,"name":"Ferryanto"`},
		{"visit", `{"name": "Ferryanto"}`, `"data":[{"id":1,"name":"Ferryanto"`},
		{"auth/logout", ``, `"message":"Logout berhasil"`},
		{"auth/logout", ``, `{"message":"Unauthenticated."}`},
	} {
		body, err := post(t, srv.url+"/"+tt.path, token, tt.body)
		require.NoError(t, err)
		assert.True(t, strings.Contains(body, tt.want), "%s: got %.300s, want %s", tt.path, body, tt.want)
	}
}
