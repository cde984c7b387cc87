package contract

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func jsonOrder(code string, data any) pmpsmart.JSONOrderInput {
	return pmpsmart.JSONOrderInput{Code: code, Data: data, Status: pmpsmart.JSONOrderCompleted}
}

// documents are what people put into json_data.
var documents = map[string]any{
	"object":   map[string]any{"outlet": 88, "catatan": "Kopi Tubruk ☕ – “2 dus” 100% <segar> & \\ / Rp\u00a014.500\n日本語 🛵"},
	"struct":   struct{ Qty, Harga int }{3, 14500},
	"list":     []int{1, 2, 3},
	"empty":    json.RawMessage(`[]`),
	"raw":      json.RawMessage(`{ "b": 1.50, "a": 12345678901234567890 }`),
	"string":   `{"looks": "like JSON"}`,
	"number":   12,
	"bool":     false,
	"large":    strings.Repeat("Gula Pasir 1 kg; ", 4000),
	"nested":   json.RawMessage(`{"items":[{"sku":"A","qty":1},{"sku":"B","qty":2}],"meta":{}}`),
	"surprise": json.RawMessage(`{"data":[{"id":1}],"status":"error","next_page_url":"http://127.0.0.1/"}`),
}

// What is inserted and updated is read back as it was sent, to the byte.
func testJSONOrders(t *testing.T, p *place) {
	c := p.client(t)
	for name, data := range documents {
		t.Run(name, func(t *testing.T) {
			in := jsonOrder("KON-É-"+name, data)
			want := pmpsmart.JSONOrder{Code: in.Code, Data: marshal(t, data), Status: in.Status}
			got, err := c.InsertJSONOrder(t.Context(), in)
			require.NoError(t, err)
			p.assertWritten(t, want, *got)
			found := find(t, c, in.Code)
			require.Len(t, found, 1)
			id := found[0].ID
			assertStored(t, want, found[0])

			in.Data, in.Status = []any{data, "diubah"}, "dikirim"
			want.Data, want.Status = marshal(t, in.Data), in.Status
			got, err = c.UpdateJSONOrder(t.Context(), in)
			require.NoError(t, err)
			p.assertWritten(t, want, *got)
			found = find(t, c, in.Code)
			require.Len(t, found, 1)
			assert.Equal(t, id, found[0].ID)
			assertStored(t, want, found[0])
		})
	}
}

// marshal is encoding/json's, without its HTML escapes.
func marshal(t *testing.T, v any) json.RawMessage {
	t.Helper()
	if raw, ok := v.(json.RawMessage); ok {
		return raw
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(v))
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}

func find(t *testing.T, c *pmpsmart.Client, code string) []pmpsmart.JSONOrder {
	t.Helper()
	found, err := c.FilterJSONOrders(t.Context(), pmpsmart.JSONOrderFilter{Code: code})
	require.NoError(t, err)
	return found
}

// assertWritten checks what a write gives.
func (p *place) assertWritten(t *testing.T, want, got pmpsmart.JSONOrder) {
	t.Helper()
	if p.blind() {
		assert.Equal(t, want, plain(t, got))
		return
	}
	assertStored(t, want, got)
}

// assertStored checks a record that the server gave; its id and times are the server's own.
func assertStored(t *testing.T, want, got pmpsmart.JSONOrder) {
	t.Helper()
	assert.Positive(t, got.ID)
	assert.True(t, recent(got.CreatedAt), got.CreatedAt)
	assert.False(t, got.UpdatedAt.Before(got.CreatedAt))
	got.ID, got.CreatedAt, got.UpdatedAt = 0, time.Time{}, time.Time{}
	assert.Equal(t, string(want.Data), string(got.Data))
	assert.Equal(t, want, plain(t, got))
}

func testJSONOrderFilters(t *testing.T, p *place) {
	c := p.client(t)
	const many = perPage + 5
	var today pmpsmart.Date
	for i := range many {
		in := jsonOrder(fmt.Sprintf("FIL-%02d", i), map[string]any{"cari": fmt.Sprintf("Nomor %d dari %d ☕", i, many)})
		if i%2 == 1 {
			in.Status = "draf"
		}
		_, err := c.InsertJSONOrder(t.Context(), in)
		require.NoError(t, err)
	}
	found := find(t, c, "FIL-00")
	require.Len(t, found, 1)
	today = pmpsmart.DateOf(found[0].CreatedAt.In(time.FixedZone("WIB", 7*3600)))
	tomorrow, yesterday := shift(today, 1), shift(today, -1)

	for name, tt := range map[string]struct {
		filter pmpsmart.JSONOrderFilter
		want   int
	}{
		"search in codes":    {pmpsmart.JSONOrderFilter{Search: "FIL-"}, many},
		"search in any case": {pmpsmart.JSONOrderFilter{Search: "fil-0"}, 10},
		"search in data":     {pmpsmart.JSONOrderFilter{Search: fmt.Sprintf("dari %d ☕", many)}, many},
		"search for nothing": {pmpsmart.JSONOrderFilter{Search: "tidak ada"}, 0},
		"exact code":         {pmpsmart.JSONOrderFilter{Code: "FIL-0"}, 0},
		"code's case":        {pmpsmart.JSONOrderFilter{Code: "fil-00"}, 0},
		"status":             {pmpsmart.JSONOrderFilter{Search: "FIL-", Status: "draf"}, many / 2},
		"status of none":     {pmpsmart.JSONOrderFilter{Search: "FIL-", Status: "dra"}, 0},
		"status_order":       {pmpsmart.JSONOrderFilter{StatusOrder: "baru"}, 0},
		"from today":         {pmpsmart.JSONOrderFilter{Search: "FIL-00", StartDate: today}, 1},
		"until today":        {pmpsmart.JSONOrderFilter{Search: "FIL-00", EndDate: today}, 1},
		"today":              {pmpsmart.JSONOrderFilter{Search: "FIL-00", StartDate: today, EndDate: today}, 1},
		"from tomorrow":      {pmpsmart.JSONOrderFilter{Search: "FIL-00", StartDate: tomorrow}, 0},
		"until yesterday":    {pmpsmart.JSONOrderFilter{Search: "FIL-00", EndDate: yesterday}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.FilterJSONOrders(t.Context(), tt.filter)
			require.NoError(t, err)
			assert.NotNil(t, got)
			assert.Len(t, got, tt.want)
			assert.Equal(t, got, collect(t, c.FilterJSONOrdersSeq(t.Context(), tt.filter)))
		})
	}
}

func shift(d pmpsmart.Date, days int) pmpsmart.Date {
	return pmpsmart.DateOf(d.Time(nil).AddDate(0, 0, days))
}

func testEnsure(t *testing.T, p *place) {
	c := p.client(t)
	_, err := c.InsertJSONOrder(t.Context(), jsonOrder("ENS-10", "another"))
	require.NoError(t, err)
	first, created, err := c.EnsureJSONOrder(t.Context(), jsonOrder("ENS-1", map[string]int{"qty": 1}))
	require.NoError(t, err)
	assert.True(t, created)
	p.assertWritten(t, pmpsmart.JSONOrder{Code: "ENS-1", Data: json.RawMessage(`{"qty":1}`), Status: "completed"}, *first)

	for _, data := range []any{map[string]int{"qty": 1}, "other data"} {
		again, created, err := c.EnsureJSONOrder(t.Context(), jsonOrder("ENS-1", data))
		require.NoError(t, err)
		assert.False(t, created)
		assertStored(t, pmpsmart.JSONOrder{Code: "ENS-1", Data: json.RawMessage(`{"qty":1}`), Status: "completed"}, *again)
	}
	assert.Len(t, find(t, c, "ENS-1"), 1)
}

// Whoever ensures a code at the same time as others shares one insert with them.
func testEnsureTogether(t *testing.T, p *place) {
	c := p.client(t)
	var wait sync.WaitGroup
	var created atomic.Int32
	for range 8 {
		wait.Go(func() {
			_, mine, err := c.EnsureJSONOrder(t.Context(), jsonOrder("ENS-TOGETHER", 1))
			assert.NoError(t, err)
			if mine {
				created.Add(1)
			}
		})
	}
	wait.Wait()
	assert.Equal(t, int32(1), created.Load())
	assert.Len(t, find(t, c, "ENS-TOGETHER"), 1)
}

// A server that keeps codes unique says so by field; EnsureJSONOrder does not mind.
func testUniqueCodes(t *testing.T, p *place) {
	c := p.client(t)
	first, created, err := c.EnsureJSONOrder(t.Context(), jsonOrder("UNIQUE-1", 1))
	require.NoError(t, err)
	assert.True(t, created)
	_, err = c.InsertJSONOrder(t.Context(), jsonOrder("UNIQUE-1", 1))
	require.ErrorIs(t, err, pmpsmart.ErrValidation)
	var refusal *pmpsmart.APIError
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, map[string][]string{"kode_order": {"The kode order has already been taken."}}, refusal.Fields)
	again, created, err := c.EnsureJSONOrder(t.Context(), jsonOrder("UNIQUE-1", 1))
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, first, again)
}
