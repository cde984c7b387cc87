package envelope

import (
	"bytes"
	"fmt"
	"testing"
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

func BenchmarkList(b *testing.B) {
	body := manyOrders(20_000)
	o := asJSON
	o.MaxBytes = 64 << 20
	b.Run("slice", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			g := orders.Gather()
			if _, err := List(bytes.NewReader(body), orders, o, g.Next, g.Keep); err != nil {
				b.Fatal(err)
			}
			if all := g.Join(); len(all) != 20_000 {
				b.Fatal(len(all))
			}
			g.Free()
		}
	})
	b.Run("one at a time", func(b *testing.B) {
		o.PerRecord = true
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var record order
			n := 0
			_, err := List(bytes.NewReader(body), orders, o, func() *order { return &record }, func() bool { n++; return true })
			if err != nil || n != 20_000 {
				b.Fatal(n, err)
			}
		}
	})
}

func BenchmarkOne(b *testing.B) {
	body := []byte(`{"status":"success","message":"Data order berhasil diambil","data":{"id":1,"kode_order":"PMP-0000001","status":"pending","date_order":"2026-02-02","user_id":2,"outlet_id":2,"total":1000.5,"created_at":"2026-02-02T01:15:30.000000Z","updated_at":"2026-02-02T01:15:30.000000Z"}}`)
	b.ReportAllocs()
	for b.Loop() {
		var record order
		if _, found, err := One(bytes.NewReader(body), orders, asJSON, &record); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}
