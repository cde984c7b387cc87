package lang

// developerMessages are the help of doctor and sandbox, which are in packages that know no
// languages, and what sandbox prints.
var developerMessages = map[string]string{
	`Tells what a PMP Smart server really answers. It logs in, calls
every endpoint that only reads, and prints a row an endpoint and every field that
came, with a star where the library's structs do not name it. It never writes:
what would is refused before it is sent. A login of its own may end the token of
other programs that use the account; give it theirs by PMPSMART_TOKEN.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with (or
  PMPSMART_PASSWORD_FILE              the file of its password), or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's

A server that allows few requests a minute, or is in maintenance for some minutes, is
waited for: -patience says how long, -rate sends fewer.

The exit status is 0 when every endpoint gave a good answer, 1 for bad input or an
endpoint that failed, 2 when -diff found a change, 130 after Ctrl-C.

Usage: %s [flags]
`: `Memberi tahu apa yang sebenarnya dijawab server PMP Smart. Perintah ini login,
memanggil setiap endpoint yang hanya membaca, lalu menampilkan satu baris untuk setiap
endpoint dan setiap kolom yang datang, dengan bintang bila tidak dikenal oleh struct
library. Ia tidak pernah menulis: yang akan menulis ditolak sebelum dikirim. Login-nya
bisa mengakhiri token program lain yang memakai akun itu; beri token mereka lewat
PMPSMART_TOKEN.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   akun untuk login (atau
  PMPSMART_PASSWORD_FILE              file kata sandinya), atau
  PMPSMART_TOKEN                      token yang sudah berlaku
  PMPSMART_BASE_URL                   server lain, bukan server vendor

Server yang hanya menerima sedikit permintaan per menit, atau sedang dalam pemeliharaan
beberapa menit, ditunggu: -patience menentukan berapa lama, -rate memperlambat.

Status keluarnya 0 bila setiap endpoint menjawab dengan baik, 1 bila masukan salah atau
ada endpoint yang gagal, 2 bila -diff menemukan perubahan, 130 setelah Ctrl-C.

Pemakaian: %s [flag]
`,
	"ask a sandbox in this process, whatever the environment says":                                         "tanyai sandbox di dalam program ini, apa pun isi environment",
	"print the report as JSON, values left out, and nothing else":                                          "tampilkan laporan sebagai JSON, tanpa nilai-nilainya, dan tidak ada yang lain",
	"save the report, values left out, to this `file`":                                                     "simpan laporan, tanpa nilai-nilainya, di `file` ini",
	"say what changed since the report in this `file`":                                                     "sebutkan yang berubah sejak laporan di `file` ini",
	"ask no server; print the report in this `file`":                                                       "jangan tanyai server; tampilkan laporan di `file` ini",
	"print a Go file of package `name`, with types for all fields, and nothing else":                       "tampilkan file Go dari package `nama`, dengan tipe untuk semua kolom, dan tidak ada yang lain",
	"read at most `n` records of a list":                                                                   "baca paling banyak `n` data dari satu daftar",
	"send at most `n` requests a second; 1 for a server that allows 60 a minute":                           "kirim paling banyak `n` permintaan per detik; 1 untuk server yang menerima 60 per menit",
	"`how long` the server may stay silent: 30s, 2m, or a number of seconds":                               "berapa `lama` server boleh diam: 30s, 2m, atau jumlah detik",
	"print the version and end":                                                                            "tampilkan versi lalu selesai",
	"print no progress":                                                                                    "jangan tampilkan kemajuan",
	"allow http:// to another machine: whoever listens reads the password":                                 "izinkan http:// ke komputer lain: siapa pun yang menyadap bisa membaca kata sandi",
	"the `file` of the account's password, in place of PMPSMART_PASSWORD_FILE and PMPSMART_PASSWORD":       "`file` kata sandi akun, sebagai ganti PMPSMART_PASSWORD_FILE dan PMPSMART_PASSWORD",
	"`how long` to wait, in a row, for a server that says that it is busy or in maintenance; 0 not at all": "berapa `lama` menunggu terus-menerus bila server sibuk atau dalam pemeliharaan; 0 berarti tidak menunggu",
	"ask the host, too, for descriptions of its API that are open to anybody, without a token: /docs.openapi, /docs.postman, /docs/openapi.yaml, /docs/collection.json": "tanyai juga server tentang uraian API-nya yang terbuka untuk siapa pun, tanpa token: /docs.openapi, /docs.postman, /docs/openapi.yaml, /docs/collection.json",

	`Usage: %s [flags]

Serves a PMP Smart API for tests: all twelve endpoints, with sample data, and under
/_sandbox an API that steers it, for programs in any language, and a page on which
people do. A flag that is not given is taken from the environment, -per-page from
PMPSMART_SANDBOX_PER_PAGE.

`: `Pemakaian: %s [flag]

Menjalankan API PMP Smart untuk pengujian: kedua belas endpoint, dengan data contoh, dan
di /_sandbox sebuah API untuk mengendalikannya dari program dalam bahasa apa pun, serta
halaman untuk orang. Flag yang tidak diisi diambil dari environment: -per-page dari
PMPSMART_SANDBOX_PER_PAGE.

`,
	"`address` to serve; port 0 is any free one. Beyond loopback the account needs a password of its own: without -password it gets a random one": "`alamat` yang dilayani; port 0 berarti port mana saja yang kosong. Di luar komputer ini akun perlu kata sandi sendiri: tanpa -password dibuatkan yang acak",
	"`email` of the account that may log in": "`email` akun yang boleh login",
	"its `password`":                         "kata `sandi` akun itu",
	"`styles` of the answers, commas between them, from the list below":                                                             "`gaya` jawaban, dipisah koma, dari daftar di bawah",
	"answer as the server does of which the `report` of pmpsmart-doctor in this file tells; what it can't tell is as -style has it": "menjawab seperti server yang diceritakan `laporan` pmpsmart-doctor di file ini; yang tidak diceritakannya mengikuti -style",
	"how many `orders` there are at first; those of the last week end today":                                                        "jumlah `order` pada awalnya; yang seminggu terakhir berakhir hari ini",
	"no sample data": "tanpa data contoh",
	"`file` that keeps what is written across restarts (default memory alone)":                                                              "`file` yang menyimpan yang ditulis, juga setelah dijalankan ulang (bila tidak diisi, di memori saja)",
	"write the URL into this `file` once it is served; the end removes it":                                                                  "tulis URL ke `file` ini begitu siap; dihapus bila selesai",
	`the first line of the output is JSON: {"base_url","control_url","email","password"}`:                                                   `baris pertama keluaran adalah JSON: {"base_url","control_url","email","password"}`,
	"print no line for each request, and without -json nothing at all":                                                                      "jangan tampilkan baris untuk setiap permintaan; tanpa -json tidak ada apa pun",
	"serve the control API under /_sandbox; -control=false leaves it out":                                                                   "layani API pengendali di /_sandbox; -control=false meniadakannya",
	"end also when the standard input ends, as it does when the program that started it is gone":                                            "selesai juga bila masukan standar berakhir, seperti ketika program yang menjalankannya sudah tidak ada",
	"start nothing, but ask whether a sandbox serves at -addr: if not, the exit status is 1":                                                "jangan jalankan apa pun, tetapi periksa apakah ada sandbox di -addr: bila tidak, status keluarnya 1",
	"`op=styles` of one endpoint, such as ListOrders=list=cursor; may be given many times":                                                  "`op=gaya` satu endpoint, seperti ListOrders=list=cursor; boleh beberapa kali",
	"`day` on which the sample data ends, such as 2026-02-09 (default today by its clock)":                                                  "`hari` terakhir data contoh, seperti 2026-02-09 (bila tidak diisi, hari ini menurut jamnya)",
	"an account has many tokens; else a login ends the former one":                                                                          "satu akun punya banyak token; bila tidak, login mengakhiri token sebelumnya",
	"a second JSON order of the same code is refused":                                                                                       "order JSON kedua dengan kode yang sama ditolak",
	"an outlet is refused the code of another":                                                                                              "outlet ditolak bila memakai kode outlet lain",
	"`records` on a page, in styles with pages":                                                                                             "jumlah `data` per halaman, untuk gaya yang berhalaman",
	"`requests` a minute that an account may make (default any number)":                                                                     "jumlah `permintaan` per menit yang boleh dibuat satu akun (bila tidak diisi, tanpa batas)",
	"`bytes` of a request's body; a larger one is answered by 413":                                                                          "`byte` isi permintaan; yang lebih besar dijawab 413",
	"`time` at which its clock stands, such as 2031-01-02T03:04:05+07:00 (default the real time)":                                           "`waktu` pada jamnya, seperti 2031-01-02T03:04:05+07:00 (bila tidak diisi, waktu sebenarnya)",
	"`wait` before each request is handled, such as 200ms, or a number of seconds":                                                          "`lama` menunggu sebelum setiap permintaan dikerjakan, seperti 200ms, atau jumlah detik",
	"what goes wrong with one request, in the `JSON` of the control API: {\"op\":\"GetOrder\",\"kind\":\"reset\"}; may be given many times": "gangguan pada satu permintaan, dalam `JSON` API pengendali: {\"op\":\"GetOrder\",\"kind\":\"reset\"}; boleh beberapa kali",
	"`kind=chance` of what goes wrong with each request, commas between them: reset=0.05,lost answer=0.05":                                  "`jenis=peluang` gangguan pada setiap permintaan, dipisah koma: reset=0.05,lost answer=0.05",
	"`number` that the random faults follow from":                                                                                           "`angka` asal gangguan acak",
	"`host` by which it may be steered, beside localhost and its own address; commas between several":                                       "`host` yang boleh mengendalikannya, selain localhost dan alamatnya sendiri; dipisah koma bila beberapa",
	"Styles:":             "Gaya:",
	"in memory":           "di memori",
	"in %s":               "di %s",
	"none":                "tidak ada",
	"closed":              "ditutup",
	"%s\n  page      %s/": "%s\n  halaman   %s/",
	", and what %s tells": ", dan menurut %s",
	`PMP Smart sandbox
  URL       %[1]s
  email     %[2]s
  password  %[3]s
  style     %[4]s%[8]s
  data      %[5]d orders at first, kept %[6]s
  control   %[9]s

Try:  curl -X POST %[1]s/auth/login -H 'Content-Type: application/json' -H 'Accept: application/json' -d %[7]s
Then: TOKEN=...   # the token in the answer
      curl -X POST %[1]s/order -H "Authorization: Bearer $TOKEN" -H 'Accept: application/json'
Stop: Ctrl-C

`: `Sandbox PMP Smart
  URL       %[1]s
  email     %[2]s
  sandi     %[3]s
  gaya      %[4]s%[8]s
  data      %[5]d order pada awalnya, disimpan %[6]s
  kendali   %[9]s

Coba: curl -X POST %[1]s/auth/login -H 'Content-Type: application/json' -H 'Accept: application/json' -d %[7]s
Lalu: TOKEN=...   # token di jawabannya
      curl -X POST %[1]s/order -H "Authorization: Bearer $TOKEN" -H 'Accept: application/json'
Stop: Ctrl-C

`,
}
