package lang

// exportMessages are those of the command export.
var exportMessages = map[string]string{
	"write orders, visits, outlets, salespeople or JSON orders to a file": "tulis order, kunjungan, outlet, salesperson, atau order JSON ke file",
	`Export writes a list of the server's to a file: orders (that is the default), visits,
outlets, salespeople or json-orders, as CSV, JSON Lines or an Excel workbook.

The file appears when it is complete. Until then FILE.partial keeps what has come, and
after a break -resume goes on with it: with -from and -to, -date or -last after the days
that are complete, else after the last page. Days are asked for one by one, several at a
time; orders without a day are in an export of all days only. With -mirror all is read from
a mirror that pmpsmart mirror keeps, and nothing from the server. What the server sends
without having been asked for it is left out and counted, and the exit status is 1; so it
is if a record comes twice and differs.`: `Export menulis sebuah daftar dari server ke file: orders (bawaan), visits, outlets,
salespeople, atau json-orders, sebagai CSV, JSON Lines, atau buku kerja Excel.

File itu muncul setelah lengkap. Sebelum itu FILE.partial menyimpan yang sudah diterima,
dan bila terputus, -resume melanjutkannya: dengan -from dan -to, -date, atau -last
setelah hari-hari yang sudah lengkap, selain itu setelah halaman terakhir. Hari diminta
satu per satu, beberapa sekaligus; order tanpa tanggal hanya ada di ekspor semua hari.
Dengan -mirror semuanya dibaca dari salinan yang dibuat pmpsmart mirror, bukan dari server.
Yang dikirim server tanpa diminta tidak ditulis tetapi dihitung, dan status keluarnya 1;
begitu juga bila sebuah data muncul dua kali dengan isi berbeda.`,

	// Flags.
	"`LIST` to export, as the argument: orders, visits, outlets, salespeople or json-orders":                                                                     "`DAFTAR` yang diekspor, sama seperti argumen: orders, visits, outlets, salespeople, atau json-orders",
	"`FILE` to write, by default orders.csv and the like; one that is there is replaced; - is the standard output; {date}, {from} and {to} in it stand for days": "`FILE` yang ditulis, bawaannya orders.csv dan sejenisnya; yang sudah ada diganti; - berarti keluaran standar; {date}, {from}, dan {to} di dalamnya diganti dengan tanggal",
	"csv, jsonl or xlsx; by default what FILE's name ends with, csv for -":                                                                                       "csv, jsonl, atau xlsx; bila tidak diisi, menurut akhiran nama FILE, csv untuk -",
	"only what has this status: of orders open, pending, complete or cancel":                                                                                     "hanya yang berstatus ini: untuk order open, pending, complete, atau cancel",
	"take a -status of orders that the vendor does not document":                                                                                                 "terima -status order yang tidak ada di dokumentasi vendor",
	"only orders or visits of the salesperson of this `ID`":                                                                                                      "hanya order atau kunjungan dari salesperson dengan `ID` ini",
	"only orders or visits of the outlet of this `ID`":                                                                                                           "hanya order atau kunjungan dari outlet dengan `ID` ini",
	"only salespeople, or visits, with this in their `NAME`":                                                                                                     "hanya salesperson atau kunjungan yang `NAMA`-nya memuat ini",
	"only the JSON orders of this `CODE`":                                                                                                                        "hanya order JSON dengan `KODE` ini",
	"only JSON orders in which the server finds this `TEXT`":                                                                                                     "hanya order JSON yang memuat `TEKS` ini menurut server",
	"only JSON orders of this `STATUS` of the order":                                                                                                             "hanya order JSON dengan `STATUS` order ini",
	"the columns by the server's `NAMES`, in this order: id,kode_order,items.0.qty":                                                                              "kolom-kolom menurut `NAMA` dari server, dalam urutan ini: id,kode_order,items.0.qty",
	"more columns by the server's `NAMES`, behind the usual ones: total,customer.name; all is every field":                                                       "kolom tambahan menurut `NAMA` dari server, di belakang yang biasa: total,customer.name; all berarti semua",
	"a row for each item of this `LIST` in a record, with columns like items.qty":                                                                                "satu baris untuk setiap isi `DAFTAR` ini di dalam data, dengan kolom seperti items.qty",
	"write CSV that Excel in Indonesia opens by a double click":                                                                                                  "tulis CSV yang langsung terbuka di Excel Indonesia dengan klik dua kali",
	"`CHARACTER` between the cells of CSV; by default a comma, with -excel a semicolon":                                                                          "`KARAKTER` pemisah sel CSV; bawaannya koma, dengan -excel titik koma",
	"don't put ' before cells that a spreadsheet would run as a formula":                                                                                         "jangan beri ' di depan sel yang akan dijalankan spreadsheet sebagai rumus",
	"go on with the file of a run that broke off, if there is one":                                                                                               "lanjutkan file dari proses yang terputus, bila ada",
	"with -resume: read anew what is older":                                                                                                                      "dengan -resume: baca ulang yang lebih lama dari ini",
	"begin anew, and throw away what a run that broke off has left":                                                                                              "mulai dari awal, dan buang sisa proses yang terputus",
	"how many days, or pages, to read at a time":                                                                                                                 "berapa hari, atau halaman, yang dibaca sekaligus",

	"`FILE`, or postgres:// URL, of a mirror to read in place of the server": "`FILE`, atau URL postgres://, sebuah salinan yang dibaca sebagai ganti server",

	// What is wrong with the command line.
	"can't export %q; want %s or %s":                                                                               "%q tidak bisa diekspor; yang bisa: %s, atau %s",
	"-what is %q, and the argument %q; give one of them":                                                           "-what berisi %q, sedangkan argumennya %q; isilah salah satu saja",
	"-resume goes on and -restart begins anew; give one of them":                                                   "-resume melanjutkan dan -restart memulai dari awal; isilah salah satu saja",
	"the %d records of its total":                                                                                  "seluruhnya %d data",
	"the standard output":                                                                                          "keluaran standar",
	"the standard output can't be resumed; name a FILE by -o":                                                      "keluaran standar tidak bisa dilanjutkan; sebutkan FILE dengan -o",
	"-json prints the result where -o - writes the records; leave out one of them":                                 "-json menampilkan hasil di tempat -o - menulis data; pakailah salah satu saja",
	"-parallel is %d; want 1 to %d":                                                                                "-parallel berisi %d; isilah 1 sampai %d",
	"-columns names all columns and -extra some more; give one of them":                                            "-columns menyebut semua kolom dan -extra menambah; isilah salah satu saja",
	"-separator is %q; want one character such as ; that is no quote":                                              "-separator berisi %q; isilah satu karakter seperti ; yang bukan tanda petik",
	"-excel, -raw and -separator are for CSV":                                                                      "-excel, -raw, dan -separator hanya untuk CSV",
	"JSON Lines hold every field as it came; -extra is for CSV and xlsx, and -columns for these alone":             "JSON Lines memuat semua kolom apa adanya; -extra untuk CSV dan xlsx, dan -columns untuk kolom itu saja",
	"-%s %s: there is such a column already":                                                                       "-%s %s: kolom itu sudah ada",
	"can't write %q: -format is csv, jsonl or xlsx":                                                                "%q tidak bisa ditulis: -format berisi csv, jsonl, atau xlsx",
	"-o %s ends in neither .csv, .jsonl nor .xlsx; name it so, or give -format csv, -format jsonl or -format xlsx": "-o %s tidak berakhiran .csv, .jsonl, atau .xlsx; beri nama begitu, atau isi -format csv, -format jsonl, atau -format xlsx",
	"%s is not a regular file, and can't be resumed":                                                               "%s bukan file biasa, dan tidak bisa dilanjutkan",
	"%s is not a regular file: %w":                                                                                 "%s bukan file biasa: %w",
	"-%s does not go with %s":                                                                                      "-%s tidak berlaku untuk %s",
	"-status is %q; want open, pending, complete or cancel, or give -any-status too":                               "-status berisi %q; isilah open, pending, complete, atau cancel, atau tambahkan -any-status",
	"-from %s is after today; give -to as well":                                                                    "-from %s sesudah hari ini; isilah -to juga",

	// What an earlier run has left.
	"%s is a link, and an export keeps there what is not complete yet; remove it, or write another file by -o":             "%s adalah tautan, padahal di sana ekspor menyimpan yang belum lengkap; hapuslah, atau tulis ke file lain dengan -o",
	"%s is not a regular file, and an export keeps there what is not complete yet; remove it, or write another file by -o": "%s bukan file biasa, padahal di sana ekspor menyimpan yang belum lengkap; hapuslah, atau tulis ke file lain dengan -o",
	"%s is in the way: no export has left it, and it is not thrown away; move it, or write another file by -o":             "%s menghalangi: itu bukan sisa ekspor, dan tidak akan dibuang; pindahkan, atau tulis ke file lain dengan -o",
	"%s is what a run that broke off has left: -resume goes on with it, -restart throws it away and begins anew":           "%s adalah sisa proses yang terputus: -resume melanjutkannya, -restart membuangnya dan memulai dari awal",
	"can't resume: %s is of another export (%s); with -restart the export begins anew":                                     "tidak bisa dilanjutkan: %s milik ekspor lain (%s); dengan -restart ekspor dimulai dari awal",
	"can't resume: %w; with -restart the export begins anew":                                                               "tidak bisa dilanjutkan: %w; dengan -restart ekspor dimulai dari awal",
	"%s is not the file that its checkpoint tells of":                                                                      "%s bukan file yang dicatat oleh checkpoint-nya",
	"the server can't be asked for the rest of the list: it is read anew":                                                  "server tidak bisa dimintai sisa daftarnya saja: daftar dibaca ulang",
	"what %s has is %s old, and is read anew; -resume-within tells how old it may be":                                      "isi %s sudah berumur %s, jadi dibaca ulang; -resume-within menentukan batas umurnya",
	"going on after %s, read up to %s ago":                                                                                 "melanjutkan setelah %s, dibaca paling lama %s yang lalu",
	"%s of %s on %s; status %q %q, user %d, outlet %d, name %q, code %q, search %q":                                        "%s dari %s di %s; status %q %q, user %d, outlet %d, name %q, code %q, search %q",

	"the mirror %s has not yet read all %s; run pmpsmart mirror first": "salinan %s belum membaca semua %s; jalankan pmpsmart mirror dulu",
	"from the mirror %s of %s, as it was at %s":                        "dari salinan %s atas %s, keadaan pada %s",

	// How it ended.
	"stopped":                                  "dihentikan",
	"stopped: %s":                              "dihentikan: %s",
	"stopped; nothing had come yet":            "dihentikan; belum ada yang diterima",
	"%s were written, and not all":             "%s sudah ditulis, tetapi belum semua",
	"%s are in %s; -resume goes on from there": "%s ada di %s; -resume melanjutkan dari sana",
	"%s are in %s; the server can't be asked for the rest alone, and -resume reads the list anew": "%s ada di %s; server tidak bisa dimintai sisanya saja, jadi -resume membaca ulang daftarnya",
	"%s in %s (%s), %s":                                                   "%s di %s (%s), %s",
	"%s in %s of %s (%s), %s":                                             "%s dalam %s di %s (%s), %s",
	"%s, %s of them from before":                                          "%s, %s di antaranya dari sebelumnya",
	"%s; %s that the server listed twice are there once":                  "%s; %s yang dikirim dua kali oleh server hanya ada sekali",
	"nothing has a field %s: the column is empty":                         "tidak ada data dengan kolom %s: kolomnya kosong",
	"left out since they have no day: %s; an export of all days has them": "tidak ditulis karena tidak bertanggal: %s; ekspor semua hari memuatnya",
	"not known to be what was asked for, since the field is missing: %s":  "tidak diketahui apakah sesuai permintaan, karena kolomnya tidak ada: %s",
	"the server does not heed what it is asked for: it also sent what is not of %s, which is left out: %s": "server tidak mengikuti permintaan: ia juga mengirim yang bukan %s, dan itu tidak ditulis: %s",
	"listed twice and not alike: %s (id %s); the file has the first of each":                               "muncul dua kali dengan isi berbeda: %s (id %s); file memuat yang pertama",
	"the server's list ends too soon: it is not all of it (%s)":                                            "daftar dari server berakhir terlalu cepat: belum semuanya (%s)",
	"the pages of the list change all the time; try it when less is done on the server":                    "halaman daftarnya terus berubah; cobalah saat server tidak terlalu sibuk",
}
