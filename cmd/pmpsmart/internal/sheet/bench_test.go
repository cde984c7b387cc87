package sheet

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// orders writes a table of orders.
func orders(t testing.TB, out io.Writer, n int, o WriteOptions) {
	t.Helper()
	w, err := Create(out, []string{"id", "kode_order", "status", "date_order", "user_id", "outlet_id", "created_at", "total", "note"}, o)
	require.NoError(t, err)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, wib)
	for i := range n {
		err := w.Write(Int(int64(i+1)), Text(fmt.Sprintf("ORD-%07d", i)), Text("complete"), Date("2026-01-02"), Int(int64(i%100)), Int(int64(i%5000)),
			Time(at.Add(time.Duration(i)*time.Second)), Number(fmt.Sprintf("%d.50", i%100_000)), Text("Toko Maju, Bandung"))
		if err != nil {
			t.Fatal(err)
		}
	}
	require.NoError(t, w.Close())
}

func BenchmarkWrite(b *testing.B) {
	for name, o := range formats {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				orders(b, io.Discard, 10_000, o)
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for name, o := range formats {
		var file bytes.Buffer
		orders(b, &file, 10_000, o)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := New("file", bytes.NewReader(file.Bytes()), ReadOptions{})
				require.NoError(b, err)
				for _, err := range r.Rows() {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

var formats = map[string]WriteOptions{"CSV": {}, "Excel": {Excel: true}, "JSONLines": {Format: JSONLines}, "XLSX": {Format: XLSX}}
