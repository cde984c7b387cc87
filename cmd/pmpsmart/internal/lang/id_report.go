package lang

// reportMessages are those of the command report and its pictures.
var reportMessages = map[string]string{
	"count orders and visits, as tables and pictures": "menghitung order dan kunjungan, sebagai tabel dan gambar",
	`Report counts orders by day and status, and visits by salesperson, and prints both as
tables. With -o it also draws them, or writes the numbers into files:

  -o FOLDER             two pictures: orders-by-day.svg, visits-by-salesperson.svg
  -o FOLDER -format png the same as PNG; csv, xlsx and jsonl give the numbers
  -o report.png         both in one picture; .svg too
  -o report.csv         the numbers: report.csv and report-visits.csv; .xlsx, .jsonl too

-o can be given several times. In its names {date} is today, and {from} and {to} are the
days that are asked for. An order without a date counts on the day it was made. Where no
-from and -to ask for it, what is dated more than a year ahead, or alone before 2000, is
left out and named: its date is mistyped.`: `Report menghitung order per hari dan status, serta kunjungan per salesperson, lalu
menampilkan keduanya sebagai tabel. Dengan -o keduanya juga digambar, atau angkanya
ditulis ke file:

  -o FOLDER             dua gambar: orders-by-day.svg, visits-by-salesperson.svg
  -o FOLDER -format png sama, tetapi PNG; csv, xlsx, dan jsonl untuk angkanya
  -o report.png         keduanya dalam satu gambar; bisa juga .svg
  -o report.csv         angkanya: report.csv dan report-visits.csv; bisa juga .xlsx, .jsonl

-o boleh diberikan beberapa kali. Dalam namanya {date} adalah hari ini, {from} dan {to}
hari-hari yang diminta. Order tanpa tanggal dihitung pada hari dibuatnya. Bila tidak
diminta dengan -from dan -to, yang bertanggal lebih dari setahun ke depan, atau sendirian
sebelum tahun 2000, tidak ikut dihitung dan disebutkan: tanggalnya salah ketik.`,
	"`FILE` or folder for pictures or numbers, by the name's end; can be given several times":                "`FILE` atau folder untuk gambar atau angka, menurut akhiran namanya; boleh beberapa kali",
	"`FORMAT` of what goes into the folder of -o, or into this one without -o: svg, png, csv, xlsx or jsonl": "`FORMAT` isi folder dari -o, atau isi folder ini bila tanpa -o: svg, png, csv, xlsx, atau jsonl",
	"`PERIOD` that a row and a bar stand for: day, week, month, quarter or year":                             "`PERIODE` untuk satu baris dan satu batang: day, week, month, quarter, atau year",
	"CSV as Excel in Indonesia opens it by a double click":                                                   "CSV yang langsung terbuka di Excel Indonesia dengan klik ganda",
	"-by is %q; want day, week, month, quarter or year":                                                      "-by berisi %q; yang bisa: day, week, month, quarter, atau year",
	"-format is %q; want svg, png, csv, xlsx or jsonl":                                                       "-format berisi %q; yang bisa: svg, png, csv, xlsx, atau jsonl",
	"-o %q is no file; the tables go to the standard output anyway, and -json prints the numbers":            "-o %q bukan file; tabel memang tampil di layar, dan -json menampilkan angkanya",
	"-o %s ends in .%s, and -format is %s; give one of them":                                                 "-o %s berakhiran .%s, sedangkan -format berisi %s; berikan salah satu saja",
	"-excel is for numbers as CSV: -o report.csv, or -format csv":                                            "-excel hanya untuk angka dalam CSV: -o report.csv, atau -format csv",
	"count what a mirror has, in place of the server: a `FILE` of SQLite, or a postgres:// URL":              "hitung isi sebuah mirror, bukan server: `FILE` SQLite, atau URL postgres://",
	"-mirror is a database, and -sandbox a made-up server; give one of them":                                 "-mirror adalah database, sedangkan -sandbox server tiruan; berikan salah satu saja",
	"-mirror: %w":                     "-mirror: %w",
	"from the mirror of %s, as of %s": "dari mirror %s, per %s",
	"the mirror has not read them to the end; run pmpsmart mirror": "mirror belum membacanya sampai selesai; jalankan pmpsmart mirror",
	"can't make the folder %s: %w":                                 "tidak bisa membuat folder %s: %w",
	"stopped; nothing was drawn":                                   "dihentikan; tidak ada yang digambar",
	"Written: %s":                                                  "Ditulis: %s",

	// Tables.
	"Orders by day and status":     "Order per hari dan status",
	"Orders by week and status":    "Order per minggu dan status",
	"Orders by month and status":   "Order per bulan dan status",
	"Orders by quarter and status": "Order per triwulan dan status",
	"Orders by year and status":    "Order per tahun dan status",
	"Visits by salesperson":        "Kunjungan per salesperson",
	"quarter":                      "triwulan",
	"year":                         "tahun",
	"all":                          "semua",
	"visits":                       "kunjungan",
	"without a date":               "tanpa tanggal",
	"%d others":                    "%d lainnya",
	"user %d":                      "pengguna %d",
	"nobody's":                     "tanpa nama",
	"Without a date, and not in the table: %s.": "Tanpa tanggal, dan tidak ada di tabel: %s.",

	// What is wrong with the numbers.
	"the server listed %s again with other content; the first is counted: %s": "server menampilkan %s dua kali dengan isi berbeda; yang pertama dihitung: %s",
	"%s left out, of a day that can't be (-from and -to can ask for it): %s":  "%s tidak dihitung karena tanggalnya tidak mungkin (bisa diminta dengan -from dan -to): %s",
	"the orders are missing": "order tidak ada",
	"who made no visit is missing, and names are those that the visits have": "yang tidak berkunjung tidak tercantum, dan nama diambil dari kunjungan",
	"the visits are missing": "kunjungan tidak ada",
	"id %d":                  "id %d",
	"%s and %s more":         "%s dan %s lagi",

	// Pictures.
	"Orders":                                                    "Order",
	"Day of the order":                                          "Tanggal order",
	"Week of the order, by its Monday":                          "Minggu order, menurut hari Seninnya",
	"Month of the order":                                        "Bulan order",
	"Quarter of the order, by its first month":                  "Triwulan order, menurut bulan pertamanya",
	"Year of the order":                                         "Tahun order",
	"Decade of the order, by its first year":                    "Dasawarsa order, menurut tahun pertamanya",
	"Century of the order, by its first year":                   "Abad order, menurut tahun pertamanya",
	"A bar is a week: by day there would be too many.":          "Satu batang adalah seminggu: per hari akan terlalu banyak.",
	"A bar is a month: there would be too many shorter ones.":   "Satu batang adalah sebulan: yang lebih pendek akan terlalu banyak.",
	"A bar is a quarter: there would be too many shorter ones.": "Satu batang adalah satu triwulan: yang lebih pendek akan terlalu banyak.",
	"A bar is a year: there would be too many shorter ones.":    "Satu batang adalah setahun: yang lebih pendek akan terlalu banyak.",
	"A bar is a decade: there would be too many shorter ones.":  "Satu batang adalah satu dasawarsa: yang lebih pendek akan terlalu banyak.",
	"A bar is a century: there would be too many shorter ones.": "Satu batang adalah satu abad: yang lebih pendek akan terlalu banyak.",
	"No orders":                                   "Tidak ada order",
	"No orders from %s to %s":                     "Tidak ada order dari %s sampai %s",
	"The orders could not be read":                "Order tidak bisa dibaca",
	"The visits could not be read":                "Kunjungan tidak bisa dibaca",
	"No visits and no salespeople":                "Tidak ada kunjungan dan salesperson",
	"The %d busiest of %s.":                       "%d yang paling sibuk dari %s.",
	"Without a date, and not in the picture: %s.": "Tanpa tanggal, dan tidak ada di gambar: %s.",
	"Left out, of a day that can't be: %s.":       "Tidak dihitung karena tanggalnya tidak mungkin: %s.",
	"-o %s: can't write .%s; want .svg, .png, .csv, .xlsx or .jsonl, or the name of a folder": "-o %s: tidak bisa menulis .%s; pilih .svg, .png, .csv, .xlsx, atau .jsonl, atau nama folder",
}
