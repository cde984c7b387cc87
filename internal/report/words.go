package report

import (
	"regexp"
	"strings"
)

// number is what names of fields do not have: address2 is one, order1234 may be a code.
var number = regexp.MustCompile(`[0-9]{3}`)

// hyphened is what names with hyphens look like where they are a field's: OUT-01 is a code.
var hyphened = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)

// IsWords reports whether a name is made of words that name fields, and so of
// nothing that could be somebody's: kode_outlet, createdAt, grand-total.
func IsWords(name string) bool {
	if number.MatchString(name) || strings.Contains(name, "-") && !hyphened.MatchString(name) {
		return false
	}
	found := false
	for word := range strings.FieldsFuncSeq(splitCamel(name), isBetweenWords) {
		if !fieldWords[word] {
			return false
		}
		found = true
	}
	return found
}

// isBetweenWords reports whether a character stands between words.
func isBetweenWords(r rune) bool { return r == '_' || r == '-' || r >= '0' && r <= '9' }

// splitCamel writes createdAt as created_at.
func splitCamel(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fieldWords are the words of which the names of fields are made, in the two
// languages in which they are written. No name of a person, a place or a product is
// among them.
var fieldWords = wordSet(`
	id ids uuid guid code codes kode key no nomor nomer number num name names nama title judul label slug alias
	type tipe jenis kind kategori category categories group grup level tier class kelas brand merek merk
	status state flag active aktif is has can enabled verified deleted created updated approved paid lunas
	at by on of in out per to from start end mulai selesai awal akhir first last next prev
	date dates tanggal tgl time times jam waktu hari bulan tahun day month year timestamp expired expires due tempo jatuh
	qty quantity jumlah banyak count total totals subtotal sub sum amount nilai value values jml
	price prices harga cost biaya ongkir discount diskon disc potongan tax taxes pajak ppn rate percent persen
	pembayaran payment payments bayar dibayar tagihan invoice faktur balance saldo currency grand net gross method metode
	kirim dikirim pengiriman shipping delivery
	unit units satuan size ukuran weight berat volume stock stok min max limit
	address addresses alamat street jalan city kota province provinsi district kecamatan kelurahan village desa
	postal zip country negara region wilayah area zone zona rt rw
	lat latitude lng lon long longitude lokasi location locations coordinate coordinates koordinat position gps radius distance jarak
	phone phones telepon telp tel hp mobile fax email mail url uri link links website
	photo photos foto image images gambar picture avatar logo file files path attachment attachments lampiran
	note notes catatan keterangan ket description deskripsi remark remarks comment comments message messages pesan reason alasan
	item items detail details line lines row rows list data meta metadata extra info
	product products produk barang variant outlet outlets toko store customer customers pelanggan
	user users sales salesman order orders pesanan visit visits kunjungan check checkin checkout
	role roles permission permissions account accounts company perusahaan branch cabang gudang warehouse
	token access refresh json api ref reference source target version index page pages
`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
