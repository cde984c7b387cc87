package pmpsmarttest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithClock(atNoon), pmpsmarttest.WithStyleFor("ListVisits", "list=paginated"), pmpsmarttest.WithPerPage(40))
	c := srv.Client(pmpsmart.WithUserAgent("gudang/1"), pmpsmart.WithPagesAhead(0))
	_, err := c.UpdateOutletCode(t.Context(), 88, "OUT-001")
	require.NoError(t, err)
	_, err = c.GetOrder(t.Context(), 999)
	require.Error(t, err)
	_, err = c.ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	require.NoError(t, c.Call(t.Context(), "order/detail", map[string]int{"order_id": 1}, nil))
	require.Error(t, c.Call(t.Context(), "nothing", nil, nil))

	got := srv.Requests()
	for i := range got {
		assert.Positive(t, got[i].Duration)
		assert.Equal(t, "gudang/1", strings.Fields(got[i].Header.Get("User-Agent"))[0])
		got[i].Duration, got[i].Header = 0, nil
		if len(got[i].Answer) > 300 {
			got[i].Answer, got[i].Sent = "long", 0
		}
	}
	const notFound = "{\n    \"message\": \"No query results for model [App\\\\Models\\\\Order] 999\"\n}"
	const outlet = `{"status":"success","message":"Kode outlet berhasil diperbarui","data":{"id":88,"kode_outlet":"OUT-001","nama_outlet":"Warung Senja","alamat":"Jl. Pemuda No. 151, Malang","created_at":"2026-01-01T01:01:28.000000Z","updated_at":"2026-03-01T05:00:00.000000Z"}}`
	const login = `{"status":"success","message":"Submit Login berhasil","data":{"id":1,"name":"Sandbox","email":"sandbox@pmpsmart.test","created_at":"2026-03-01T05:00:00.000000Z","updated_at":"2026-03-01T05:00:00.000000Z","api_token":"[redacted]"}}`
	assert.Equal(t, []pmpsmarttest.Request{
		{Op: "Login", Method: "POST", Path: "/api/v1/auth/login", Body: `{"email":"sandbox@pmpsmart.test","password":"[redacted]"}`, Status: 200, Answer: login, Sent: int64(len(login) + 60 - len("[redacted]"))},
		{Op: "UpdateOutletCode", Method: "POST", Path: "/api/v1/master/outlet/update", Body: `{"id_outlet":"88","kode_outlet":"OUT-001"}`, Status: 200, Answer: outlet, Sent: int64(len(outlet))},
		{Op: "GetOrder", Method: "POST", Path: "/api/v1/order/detail", Body: `{"order_id":999}`, Status: 404, Answer: notFound, Sent: int64(len(notFound))},
		{Op: "ListVisits", Method: "POST", Path: "/api/v1/visit", Body: `{}`, Status: 200, Answer: "long"},
		{Op: "ListVisits", Method: "POST", Path: "/api/v1/visit", Query: "page=2", Body: `{}`, Status: 200, Answer: "long"},
		{Op: "GetOrder", Method: "POST", Path: "/api/v1/order/detail", Body: `{"order_id":1}`, Status: 200, Answer: "long"},
		{Method: "POST", Path: "/api/v1/nothing", Status: 404, Answer: "{\n    \"message\": \"\"\n}", Sent: 21},
	}, got)
}
