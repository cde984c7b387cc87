package doctor

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// TestReportHoldsNoValue runs the doctor against every style of answering, with
// data wherever it may stand, keys included, and looks for any of it in the
// report.
func TestReportHoldsNoValue(t *testing.T) {
	t.Parallel()
	for _, style := range pmpsmarttest.Styles() {
		t.Run(string(style), func(t *testing.T) {
			t.Parallel()
			s := start(t, pmpsmarttest.WithStyle(style), pmpsmarttest.WithSeed(20))
			addPrivate(t, s)
			file := filepath.Join(t.TempDir(), "report.json")
			run := runBinary(t, account(s.URL), fast, "-o", file, "-json")
			require.Contains(t, []int{exitDone, exitFailed}, run.code, run.stderr)
			saved, err := os.ReadFile(file)
			require.NoError(t, err, run.stderr)
			assert.Equal(t, string(saved), run.stdout)
			undated := strings.Replace(string(saved), today(), "", 1)
			for value := range values(t, s) {
				assert.False(t, strings.Contains(undated, value), "the report holds %q", value)
			}
			assert.NotContains(t, run.stderr, pmpsmarttest.Password)
		})
	}
}

// addPrivate adds data in the places where it is least expected.
func addPrivate(t *testing.T, s *pmpsmarttest.Server) {
	t.Helper()
	var extra pmpsmart.Extra
	require.NoError(t, json.Unmarshal([]byte(`{
		"catatan": "Bu Wulandari minta diantar", "telepon": "081298765432", "nilai": 918273645,
		"stok": {"OUT-777": 5, "Budi Santoso": 3},
		"per_sales": {"wahyu": {"jumlah": 1}, "ratna": {"jumlah": 2}},
		"foto": ["https://cdn.example/rahasia.jpg"], "lokasi": {"lat": "-6.20876512", "lng": 106.84559}
	}`), &extra))
	order := s.Orders()[0]
	order.ID, order.Code, order.Extra = 0, "RAHASIA-1", extra
	s.AddOrders(pmpsmarttest.Order{Order: order})
	s.AddVisits(pmpsmart.Visit{Name: "Kunjungan Rahasia", UserID: 1, OutletID: 1, Extra: extra})
	s.AddJSONOrders(pmpsmart.JSONOrder{Code: "RAHASIA-2", Data: json.RawMessage(`{"nama_rahasia":{"wahyu":1}}`), Status: "completed"})
}

// values are the texts that the server holds or sent, and the secrets.
func values(t *testing.T, s *pmpsmarttest.Server) map[string]bool {
	t.Helper()
	all := map[string]bool{pmpsmarttest.Email: true, pmpsmarttest.Password: true, "nama_rahasia": true,
		"wahyu": true, "ratna": true, "OUT-777": true, "Budi": true, "918273645": true}
	for _, records := range []any{s.Orders(), s.JSONOrders(), s.Outlets(), s.Users(), s.Visits()} {
		text, err := json.Marshal(records)
		require.NoError(t, err)
		gather(all, read(text).top)
	}
	for _, r := range s.Requests() {
		gather(all, read([]byte(r.Answer)).top)
	}
	for _, word := range []string{"Bearer", "bearer"} { // a token_type, not a secret
		delete(all, word)
	}
	return all
}

// gather takes the texts of a value, and numbers that are too long to be a
// count.
func gather(all map[string]bool, n node) {
	if text := strings.TrimSpace(n.text); len(text) > 3 && n.kind == '"' || len(text) > 7 && n.kind == '0' {
		all[text] = true
	}
	for _, inner := range n.nodes {
		gather(all, inner)
	}
}

// TestKeysAreData has records keyed by what may be data.
func TestKeysAreData(t *testing.T) {
	t.Parallel()
	many := make([]string, 0, 100)
	for i := range 100 {
		many = append(many, fmt.Sprintf(`"sales_%c%c": %d`, 'a'+i%26, 'a'+i/26, i))
	}
	body := `{"data":{"OUT-001":{"id":1,"per_sales":{` + strings.Join(many, ",") + `}},"Toko Budi":{"id":2}}}`
	found := find(read([]byte(body)), false, &wanted{fields: []string{"id"}, many: true})
	assert.Equal(t, "{data:{*:record}}", found.shape)
	c := newCensus(10)
	c.records(found.records)
	fields := c.result([]string{"id"}, nil)
	var names []string
	for _, f := range fields {
		names = append(names, fmt.Sprint(f.Name, " ", f.Count, " ", f.Named))
	}
	assert.Equal(t, []string{"id 2 true", "per_sales 1 false", "per_sales.* 100 false"}, names)
}
