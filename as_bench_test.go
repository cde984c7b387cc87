package pmpsmart_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// sold is an order with two fields more, sellable the same for encoding/json, which would
// call the order's UnmarshalJSON and drop them.
type (
	sold struct {
		pmpsmart.Order
		Total float64 `json:"total"`
		Note  string  `json:"note"`
	}
	soldPlain struct {
		ID        int64     `json:"id"`
		Code      string    `json:"kode_order"`
		Status    string    `json:"status"`
		Date      string    `json:"date_order"`
		UserID    int64     `json:"user_id"`
		OutletID  int64     `json:"outlet_id"`
		CreatedAt time.Time `json:"created_at"`
		UpdatedAt time.Time `json:"updated_at"`
		Total     float64   `json:"total"`
		Note      string    `json:"note"`
	}
	soldItem struct {
		Product  string  `json:"nama_produk"`
		Quantity int64   `json:"qty"`
		Price    float64 `json:"harga"`
	}
	soldItems struct {
		pmpsmart.Order
		Total float64    `json:"total"`
		Items []soldItem `json:"items"`
	}
	soldItemsPlain struct {
		soldPlain
		Items []soldItem `json:"items"`
	}
)

// soldList returns a response with n orders, with items or without.
func soldList(n int, items string) []byte {
	var b bytes.Buffer
	b.WriteString(`{"status":"success","message":"Data order berhasil diambil","data":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"kode_order":"PMP-%07d","status":"pending","date_order":"2026-02-02","user_id":%d,"outlet_id":%d,"total":%d.5,"note":"kirim pagi"%s,`+
			`"created_at":"2026-02-02T01:15:%02d.000000Z","updated_at":"2026-02-02T02:15:%02d.000000Z"}`, i+1, i+1, i%40+1, i%900+1, i%5000*250, items, i%60, i%60)
	}
	b.WriteString("]}")
	return b.Bytes()
}

// canned is a transport that responds with the same body without a network.
type canned []byte

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(c)), ContentLength: int64(len(c)),
	}, nil
}

// BenchmarkListAs reads a list without a network, as a slice and as a Seq of the model,
// as structs that embed it, and with encoding/json, in turns.
func BenchmarkListAs(b *testing.B) {
	const items = `,"items":[{"nama_produk":"Kopi Bubuk 165 g","qty":2,"harga":14500},{"nama_produk":"Teh Celup","qty":"5","harga":"5200.00"}]`
	for name, list := range map[string][]byte{"two fields": soldList(2_000, ""), "items": soldList(2_000, items)} {
		b.Run(name, func(b *testing.B) { raceListAs(b, list, name == "items") })
	}
}

func raceListAs(b *testing.B, list canned, withItems bool) {
	c, err := pmpsmart.New(pmpsmart.WithToken(aToken), pmpsmart.WithHTTPClient(&http.Client{Transport: list}))
	require.NoError(b, err)
	ctx := context.Background()
	names := []string{"ListOrders", "ListOrdersSeq", "ListAs", "encoding/json"}
	entrants := []func(){
		func() { _, err = c.ListOrders(ctx, pmpsmart.OrderFilter{}) },
		func() { err = lastError(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{})) },
		func() { err = lastError(pmpsmart.ListAs[sold](ctx, c, "order", pmpsmart.OrderFilter{})) },
		func() {
			var answer struct{ Data []soldPlain }
			err = json.NewDecoder(bytes.NewReader(list)).Decode(&answer)
		},
	}
	if withItems {
		entrants[2] = func() { err = lastError(pmpsmart.ListAs[soldItems](ctx, c, "order", pmpsmart.OrderFilter{})) }
		entrants[3] = func() { // which wants no numbers in strings
			var answer struct{ Data []soldItemsPlain }
			_ = json.NewDecoder(bytes.NewReader(list)).Decode(&answer)
		}
	}
	took := make([][]time.Duration, len(entrants))
	for b.Loop() {
		for i, run := range entrants {
			began := time.Now()
			run()
			took[i] = append(took[i], time.Since(began))
			require.NoError(b, err)
		}
	}
	lowest := func(i int) float64 { // the decile, which other work on the machine does not move
		slices.Sort(took[i])
		return float64(took[i][len(took[i])/10])
	}
	for i, name := range names {
		b.ReportMetric(lowest(i)/2_000, "ns/order/"+name)
		b.ReportMetric(lowest(i)/lowest(0), "x/"+name)
	}
}
