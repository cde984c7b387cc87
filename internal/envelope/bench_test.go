package envelope

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyOrders is the answer to a list of n orders, as Laravel writes it.
func manyOrders(n int) []byte {
	body := []byte(`{"status":"success","message":"Data order berhasil diambil","data":[`)
	statuses := [...]string{"open", "pending", "complete", "cancel"}
	for i := range n {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"id":%d,"kode_order":"PMP-%07d","status":"%s","date_order":"2026-02-%02d","user_id":%d,"outlet_id":%d,"total":%d.5,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02T01:15:30.000000Z"}`,
			i+1, i+1, statuses[i%4], i%28+1, i%40+2, i%300+2, 1000+i)
	}
	return append(body, `]}`...)
}

// readSlice reads a list as a slice, and readSeq one record at a time.
func readSlice(tb testing.TB, body []byte) []order {
	o := asJSON
	o.MaxBytes = 64 << 20
	g := orders.Gather()
	defer g.Free()
	if _, err := g.Read(bytes.NewReader(body), o); err != nil {
		tb.Fatal(err)
	}
	return g.Join()
}

func readSeq(tb testing.TB, body []byte, yield func(*order)) {
	o := asJSON
	o.PerRecord = true
	record := new(order)
	_, err := List(bytes.NewReader(body), orders, o, func() *order { *record = order{}; return record }, func() bool { yield(record); return true })
	if err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkList(b *testing.B) {
	const n = 20_000
	body := manyOrders(n)
	b.Run("slice", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if all := readSlice(b, body); len(all) != n {
				b.Fatal(len(all))
			}
		}
	})
	b.Run("one at a time", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			got := 0
			if readSeq(b, body, func(*order) { got++ }); got != n {
				b.Fatal(got)
			}
		}
	})
}

// BenchmarkPage reads a page of 15 orders as Laravel's paginator writes it.
func BenchmarkPage(b *testing.B) {
	const link = `https:\/\/api.pmpsmart.com\/api\/v1\/order?page=`
	records := bytes.TrimSuffix(bytes.SplitAfter(manyOrders(15), []byte(`"data":`))[1], []byte("}"))
	body := fmt.Appendf(nil, `{"status":"success","message":"m","data":{"current_page":1,"data":%s,"first_page_url":"%[2]s1","from":1,"last_page":3,"last_page_url":"%[2]s3","links":[`+
		`{"url":null,"label":"&laquo; Previous","active":false},{"url":"%[2]s1","label":"1","active":true},{"url":"%[2]s2","label":"2","active":false},`+
		`{"url":"%[2]s3","label":"3","active":false},{"url":"%[2]s2","label":"Next &raquo;","active":false}],`+
		`"next_page_url":"%[2]s2","path":"x","per_page":15,"prev_page_url":null,"to":15,"total":45}}`, records, link)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if all := readSlice(b, body); len(all) != 15 {
			b.Fatal(len(all))
		}
	}
}

const oneOrder = `{"status":"success","message":"Data order berhasil diambil","data":{"id":1,"kode_order":"PMP-0000001","status":"pending","date_order":"2026-02-02","user_id":2,"outlet_id":2,"total":1000.5,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02T01:15:30.000000Z"}}`

func BenchmarkOne(b *testing.B) {
	body := []byte(oneOrder)
	b.ReportAllocs()
	for b.Loop() {
		var record order
		if _, found, err := One(bytes.NewReader(body), orders, asJSON, &record); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}

// TestBenchmarkBodies holds what the benchmarks read against encoding/json.
func TestBenchmarkBodies(t *testing.T) {
	t.Parallel()
	const n = 3000
	body := manyOrders(n)
	var want struct{ Data []strictOrder }
	require.NoError(t, json.Unmarshal(body, &want))
	assert.Equal(t, want.Data, asStrict(t, readSlice(t, body)))
	var seq []order
	readSeq(t, body, func(o *order) { seq = append(seq, *o) })
	assert.Equal(t, readSlice(t, body), seq)
	created := time.Date(2026, 2, 2, 1, 15, 30, 0, time.UTC)
	assert.Equal(t, order{ID: n, Code: "PMP-0003000", Status: "cancel", Day: day{2026, 2, 4}, UserID: 41, OutletID: 301, CreatedAt: created, UpdatedAt: created, Extra: `{"total":3999.5}`}, seq[n-1])

	got := readOne(t, oneOrder, asJSON)
	assert.Equal(t, order{ID: 1, Code: "PMP-0000001", Status: "pending", Day: day{2026, 2, 2}, UserID: 2, OutletID: 2, CreatedAt: created, UpdatedAt: created, Extra: `{"total":1000.5}`}, got.Record)
}
