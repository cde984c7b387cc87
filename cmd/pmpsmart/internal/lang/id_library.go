package lang

// libraryPhrases are those that stand in the place of the library's own words in its
// errors. What else an error of the library says is in English.
var libraryPhrases = map[string]string{
	"$1 and $2 are both set":                     "$1 dan $2 dua-duanya diisi",
	"$1 is not in UTF-8":                         "$1 bukan UTF-8",
	"$1 is set without $2":                       "$1 diisi tanpa $2",
	": check {base URL}, or":                     ": periksa {base URL}, atau",
	"; longer than -patience allows":             "; lebih lama dari -patience",
	"; the wait is longer than -patience allows": "; menunggunya lebih lama dari -patience",
	"PMPSMART_EMAIL and PMPSMART_PASSWORD need an email and a password": "PMPSMART_EMAIL dan PMPSMART_PASSWORD perlu email dan kata sandi",
	"a setting": "sebuah pengaturan",
	"and there is no password to log in again with":                  "dan tidak ada kata sandi untuk login lagi",
	"check {base URL}, which goes as far as the version, as $1 does": "periksa {base URL}, yang berakhir pada versinya, seperti $1",
	"give -insecure if the network is trusted":                       "beri -insecure bila jaringannya tepercaya",
	"in which no server answers; want a time such as 30s":            "dan secepat itu tidak ada server yang menjawab; isilah waktu seperti 30s",
	"it was stopped": "dihentikan",
	"it was stopped while it waited to try again":                 "dihentikan saat menunggu untuk mencoba lagi",
	"larger than the $1 bytes that are read of one":               "lebih besar dari $1 byte yang dibaca",
	"look whether it is there before you send it again":           "lihat dulu apakah sudah ada sebelum mengirimnya lagi",
	"other ones end that wait":                                    "yang lain mengakhiri penantian itu",
	"set them as PMPSMART_EMAIL and PMPSMART_PASSWORD":            "isikan pada PMPSMART_EMAIL dan PMPSMART_PASSWORD",
	"the answer is larger than the $1 bytes that are read of one": "jawabannya lebih besar dari $1 byte yang dibaca",
	"the time was up":                "waktunya habis",
	"there is no account; {account}": "tidak ada akun; {account}",
	"too many requests have failed; try again when the server is well": "terlalu banyak permintaan yang gagal; coba lagi bila server sudah pulih",
	"two programs can't use one account at the same time":              "dua program tidak bisa memakai satu akun bersamaan",

	// what a call was about
	"JSON orders":                 "order JSON",
	"changing the order":          "mengubah order",
	"changing the order's status": "mengubah status order",
	"changing the outlet's code":  "mengubah kode outlet",
	"login":                       "login",
	"logout":                      "logout",
	"order":                       "order",
	"orders":                      "order",
	"outlets":                     "outlet",
	"salespeople":                 "salesperson",
	"sending the order":           "mengirim order",
	"visits":                      "kunjungan",
}
