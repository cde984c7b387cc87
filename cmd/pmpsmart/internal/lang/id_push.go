package lang

// pushMessages are those of push.
var pushMessages = map[string]string{
	"send JSON orders, each exactly once": "kirim order JSON, masing-masing tepat satu kali",
	`Push sends JSON orders to the server, each exactly once. A line of the file is

  {"code": "PMP-3903001", "status": "completed", "data": {"any": "JSON"}}

or it is a row of a table, CSV or a workbook (.xlsx), with a column "code" and a
column "status": the data is the JSON of a column "data", or an object of the other
columns, where "items.0.qty" is a field of a field. "-" is the standard input.

FILE.journal says what is done: start a run that broke off again, with the same
command, and it does the rest. One that is stopped by Ctrl-C finishes the orders that
are under way; a second Ctrl-C does not wait. With -sandbox and no FILE it takes a
sample.`: `Push mengirim order JSON ke server, masing-masing tepat satu kali. Satu baris file
adalah

  {"code": "PMP-3903001", "status": "completed", "data": {"any": "JSON"}}

atau satu baris tabel, CSV atau file Excel (.xlsx), dengan kolom "code" dan kolom
"status": datanya adalah JSON di kolom "data", atau objek dari kolom-kolom lain, dan
"items.0.qty" berarti kolom di dalam kolom. "-" adalah masukan standar.

FILE.journal mencatat apa yang sudah selesai: bila terputus, jalankan lagi dengan
perintah yang sama, dan sisanya dikerjakan. Bila dihentikan dengan Ctrl-C, order yang
sedang berjalan diselesaikan dulu; Ctrl-C kedua tidak menunggu. Dengan -sandbox dan
tanpa FILE dipakai contoh.`,
	"how many orders are under way at once":                                                   "berapa order yang dikirim sekaligus",
	"`FILE` that says what is done; by default FILE.journal beside the input":                 "`FILE` catatan apa yang sudah selesai; bawaannya FILE.journal di samping masukan",
	"how long after a kill the server may still be at work on an order":                       "berapa lama server mungkin masih mengerjakan order setelah program dimatikan",
	"which `HEADS` of a table are the code, the status and the data: code=Kode,status=Status": "`JUDUL` tabel mana untuk kode, status, dan data: code=Kode,status=Status",
	"`STATUS` of all orders of a table: completed or draft":                                   "`STATUS` untuk semua order dari tabel: completed atau draft",
	"`HEADS` of a CSV file whose cells stay texts, though they look like numbers":             "`JUDUL` kolom CSV yang isinya tetap teks, walau seperti angka",
	"what to do with data that is a text which holds JSON: `keep` or unwrap":                  "bila data berupa teks yang berisi JSON: `keep` (biarkan) atau unwrap (buka)",
	"write what became of each order to `FILE`: .csv, .jsonl or .xlsx":                        "tulis hasil setiap order ke `FILE`: .csv, .jsonl, atau .xlsx",
	"write the orders that were refused or failed to `FILE`, as they were":                    "tulis order yang ditolak atau gagal ke `FILE`, seperti aslinya",
	"-n is %d; want 1 to %d":                             "-n berisi %d; isilah 1 sampai %d",
	"-data-text is %q; want keep or unwrap":              "-data-text berisi %q; pilih keep atau unwrap",
	"orders from the standard input need a -journal":     "order dari masukan standar memerlukan -journal",
	"the journal can't be there: %w":                     "catatan tidak bisa di sana: %w",
	"-journal %s is the input itself; name another file": "-journal %s adalah masukan itu sendiri; sebutkan file lain",
	"-results: %w":                     "-results: %w",
	"-rejects: %w":                     "-rejects: %w",
	"the results can't be written: %w": "hasilnya tidak bisa ditulis: %w",
	"the input holds no orders":        "masukan tidak berisi order",

	// lines
	"it has no status: -status completed gives one to all, or name its column by -columns status=…": "tidak ada statusnya: -status completed memberi status untuk semua, atau sebutkan kolomnya dengan -columns status=…",
	`it has no "data"`:                         `tidak ada "data"-nya`,
	"the column %q holds %q, which is no JSON": "kolom %q berisi %q, yang bukan JSON",
	"the column %q holds %q: %s":               "kolom %q berisi %q: %s",
	"the column %q holds %q, which may be %s or %s: write one of these; with -text %s it stays a text": "kolom %q berisi %q, yang bisa berarti %s atau %s: tulis salah satunya; dengan -text %s isinya tetap teks",
	"no column is left for the data: %s":                    "tidak ada kolom tersisa untuk data: %s",
	"-text %s: there is no such column; the columns are %s": "-text %s: kolom itu tidak ada; yang ada %s",
	"is not UTF-8; save the file as UTF-8":                  "bukan UTF-8; simpan file sebagai UTF-8",
	"is %s; want an order like %s":                          "berupa %s; seharusnya order seperti %s",
	"holds more than one order":                             "berisi lebih dari satu order",
	"has %q after the order":                                "ada %q setelah order",
	"has %q twice":                                          "ada dua %q",
	`needs a "code", a "status" and "data"`:                 `perlu "code", "status", dan "data"`,
	`has a %q, which would be lost; an order has a "code", a "status" and "data"`: `ada %q, yang akan hilang; order punya "code", "status", dan "data"`,
	`its "data" is null`: `"data"-nya null`,
	`its "data" is a text that holds JSON, and would be wrapped twice: -data-text unwrap sends the JSON, -data-text keep sends the text`: `"data"-nya teks yang berisi JSON, dan akan terbungkus dua kali: -data-text unwrap mengirim JSON-nya, -data-text keep mengirim teksnya`,
	"%q is %s; want a text": "%q berupa %s; seharusnya teks",
	"an object":             "objek",
	"a list":                "daftar",
	"a text":                "teks",
	"a number":              "angka",
	"null":                  "null",
	"true or false":         "true atau false",
	"ends in the middle of an order; an order stands whole on one line": "berakhir di tengah order; satu order harus utuh di satu baris",
	"is not JSON, near %q; want an order like %s":                       "bukan JSON, di dekat %q; seharusnya order seperti %s",
	"is not JSON: %q; want an order like %s":                            "bukan JSON: %q; seharusnya order seperti %s",
	"line %d, %s: %s":                                                   "baris %d, %s: %s",

	// the journal
	"line %d is not a journal line; give another file by -journal. If this is a journal that was damaged, move it away: the run then begins anew, and finds again what is there": "baris %d bukan baris catatan; sebutkan file lain dengan -journal. Bila ini catatan yang rusak, pindahkan: proses akan mulai dari awal dan menemukan lagi apa yang sudah ada",
	"is the journal of %s, not of %s; give another by -journal": "adalah catatan untuk %s, bukan %s; sebutkan yang lain dengan -journal",
	"the journal can't be written: %w":                          "catatan tidak bisa ditulis: %w",

	// pushing
	"finishing %s under way, which takes %s at most; a second Ctrl-C does not wait":     "menyelesaikan %s yang sedang berjalan, paling lama %s; Ctrl-C kedua tidak menunggu",
	"%s under way when the last run ended; looking for them when the server has had %s": "%s sedang berjalan ketika proses sebelumnya berakhir; akan dicari setelah %s",
	"the code stands on an earlier line, with other data":                               "kode ini ada di baris sebelumnya, dengan data lain",
	"an earlier run sent this code with other data":                                     "proses sebelumnya mengirim kode ini dengan data lain",
	"the server has this code with %s, as id %d":                                        "server sudah punya kode ini dengan %s, sebagai id %d",
	"the status %q":                         "status %q",
	"no data, which the list may leave out": "tanpa data, yang mungkin tidak ditampilkan di daftar",
	"other data":                            "data lain",
	"%d failures in a row: %w":              "%d kegagalan berturut-turut: %w",

	// the result
	"%s created":                             "%s dibuat",
	"%s done by earlier runs":                "%s selesai oleh proses sebelumnya",
	"%s there before":                        "%s sudah ada",
	"%s repeated in the file":                "%s berulang di file",
	"%s refused":                             "%s ditolak",
	"%s failed":                              "%s gagal",
	"stopped; run it again for the rest":     "dihentikan; jalankan lagi untuk sisanya",
	"stopped: %w; run it again for the rest": "berhenti: %w; jalankan lagi untuk sisanya",
	"%s failed; run it again for the rest":   "%s gagal; jalankan lagi untuk sisanya",
}
