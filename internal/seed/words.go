package seed

import (
	"strconv"
	"strings"
	"time"
)

type product struct {
	name  string
	price float64 // rupiah
}

var products = []product{
	{"Kopi Bubuk 165 g", 14500}, {"Teh Celup isi 25", 7250}, {"Gula Pasir 1 kg", 17500}, {"Minyak Goreng 1 L", 18900},
	{"Beras Pandan Wangi 5 kg", 76000}, {"Mi Instan Goreng isi 40", 118000}, {"Kecap Manis 520 ml", 22750}, {"Sambal Botol 335 ml", 19250},
	{"Susu Kental Manis 370 g", 12300}, {"Tepung Terigu 1 kg", 12900}, {"Garam Beryodium 250 g", 3150}, {"Sabun Mandi 85 g", 4250},
	{"Sampo Sachet isi 12", 11000}, {"Pasta Gigi 190 g", 14900}, {"Deterjen Bubuk 770 g", 21500}, {"Pewangi Pakaian 680 ml", 16250},
	{"Biskuit Kelapa 300 g", 9900}, {"Keripik Singkong 200 g", 13750}, {"Air Mineral 600 ml isi 24", 47500}, {"Sirop Jeruk 460 ml", 20400},
	{"Sarden Kaleng 155 g", 10850}, {"Tisu Wajah 250 lembar", 11600}, {"Pembersih Lantai 780 ml", 13400}, {"Obat Nyamuk Bakar isi 10", 5350},
}

var firstNames = []string{
	"Ferryanto", "Siti", "Budi", "Dewi", "Agus", "Rina", "Joko", "Wulan", "Hendra", "Maya", "Rudi", "Ayu",
	"Slamet", "Nur", "Bambang", "Indah", "Eko", "Sri", "Dedi", "Ratna", "Yusuf", "Lestari", "Iwan", "Fitri",
}

var lastNames = []string{
	"Santoso", "Aminah", "Wijaya", "Lestari", "Setiawan", "Anggraini", "Susilo", "Handayani", "Gunawan", "Puspita", "Hartono", "Rahayu",
	"Nugroho", "Hasanah", "Kurniawan", "Permata", "Saputra", "Wahyuni", "Firmansyah", "Kartika", "Siregar", "Nasution", "Simanjuntak",
}

var outletKinds = []string{"Toko", "Warung", "Toko Kelontong", "Minimarket", "UD", "Grosir", "Koperasi", "Kafé"}

var outletNames = []string{
	"Sumber Rejeki", "Maju Jaya", "Berkah", "Bu Siti", "Pak Darmo", "Sinar Abadi", "Makmur", "Sido Mulyo", "Barokah", "Cahaya Baru",
	"Mekar Sari", "Harapan Kita", "Tiga Putra", "Rukun", "Sumber Urip", "Senja", "Lancar Jaya", "Dua Saudara", "Mitra Tani", "Anugerah",
}

var streets = []string{
	"Jl. Diponegoro", "Jl. Ahmad Yani", "Jl. Gajah Mada", "Jl. Pahlawan", "Jl. Pemuda", "Jl. Merdeka", "Jl. Veteran", "Jl. Kartini",
	"Jl. Sudirman", "Jl. Imam Bonjol", "Jl. Pasar Baru", "Jl. Melati", "Jl. Kenanga", "Jl. Raya Timur", "Gg. Mawar", "Jl. Stasiun",
}

var cities = []string{
	"Semarang", "Surabaya", "Bandung", "Malang", "Solo", "Yogyakarta", "Cirebon", "Tegal", "Kediri", "Bogor", "Bekasi", "Purwokerto",
}

// pick returns a number below n that depends on the id and on what it is for.
// It mixes as splitmix64 does.
func pick(id int64, what string, n int64) int64 {
	x := uint64(id)
	for i := range len(what) {
		x = (x ^ uint64(what[i])) * 0x100000001b3
	}
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int64((x ^ x>>31) % uint64(n))
}

func oneOf(id int64, what string, words []string) string {
	return words[pick(id, what, int64(len(words)))]
}

// code returns an id with a prefix and at least width digits.
func code(prefix string, width int, id int64) string {
	b := make([]byte, 0, 16)
	b = append(b, prefix...)
	digits := strconv.AppendInt(nil, id, 10)
	for range width - len(digits) {
		b = append(b, '0')
	}
	return string(append(b, digits...))
}

// day returns the civil day of a moment in WIB.
func day(at time.Time) string { return at.In(wib).Format(time.DateOnly) }

func lower(name string) string { return strings.ToLower(name) }
