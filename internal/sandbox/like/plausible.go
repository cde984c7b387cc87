package like

import (
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// sample is where invented values come from.
var sample = seed.New(seed.DefaultOrders)

// opened is when the sample data begins.
var opened = time.Date(2026, time.January, 2, 1, 0, 0, 0, time.UTC)

// plausible returns a value for a field of that name, nil where it knows none. A kind
// that can't hold it gets another.
func plausible(name, kind string, n int64) any {
	n = max(n, -n)
	name = strings.ToLower(name)
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(name, part) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.Contains(kind, "time") || kind == "date":
		return opened.Add(time.Duration(n%(40*24*60)) * time.Minute)
	case strings.Contains(kind, "bool"):
		return n%2 == 0
	case has("lat"):
		return -6 - float64(n%2000)/1000 - 0.0005
	case has("lng", "lon"):
		return 106.8 + float64(n%5000)/1000 + 0.0005
	case has("harga", "price", "total", "amount", "nilai", "jumlah", "bayar", "tagihan", "saldo") && kind != "string":
		return float64(500 * (7 + n%300))
	case has("qty", "quantity", "banyak", "count") && kind != "string":
		return 1 + n%24
	case strings.HasSuffix(name, "id") && kind != "string":
		return 1 + n%100
	case kind == "string":
		return plausibleText(name, n, has)
	}
	return nil
}

func plausibleText(name string, n int64, has func(parts ...string) bool) any {
	switch {
	case has("token"):
		return strings.Repeat("contohtoken", 4)
	case has("email", "mail"):
		return sample.User(1 + n%sample.Users).Email
	case has("produk", "product", "barang", "item"):
		return sample.Items(1 + n%sample.Orders)[0].Product
	case has("outlet", "toko", "store") && !has("kode", "code"):
		return sample.Outlet(1 + n%sample.Outlets).Name
	case has("alamat", "address"):
		return sample.Outlet(1 + n%sample.Outlets).Address
	case has("kota", "city"):
		address := sample.Outlet(1 + n%sample.Outlets).Address
		return address[strings.LastIndex(address, ", ")+2:]
	case has("url", "foto", "photo", "gambar", "image", "link"):
		return "https://pmpsmart.test/berkas/" + sample.Order(1+n%sample.Orders).Code + ".jpg"
	case has("kode", "code", "no_", "nomor"):
		return sample.Order(1 + n%sample.Orders).Code
	case has("nama", "name", "sales", "user", "oleh", "_by"):
		return sample.User(1 + n%sample.Users).Name
	case has("status"):
		return "aktif"
	case has("type"):
		return "Bearer"
	case has("catatan", "note", "keterangan", "remark", "alasan"):
		return "Diantar pagi"
	}
	return nil
}
