package lang

// programMessages are those of the program as a whole and of what its commands share.
var programMessages = map[string]string{
	"-lang is %q; want en or id": "-lang berisi %q; yang bisa: en atau id",

	// The commands and the flags of all.
	"there is no command %q; did you mean %s?":                                                                 "perintah %q tidak ada; mungkin maksud Anda %s?",
	"there is no command %q; %s -h lists them":                                                                 "perintah %q tidak ada; %s -h menampilkan daftarnya",
	"something is missing: %s %s; %s -h tells more":                                                            "ada yang kurang: %s %s; lihat %s -h",
	"unexpected argument %q; %s -h tells more":                                                                 "argumen %q tidak dikenal; lihat %s -h",
	"`LANGUAGE` of the messages: en or id; by default that of the locale":                                      "`BAHASA` pesan: en atau id; bila tidak diisi, mengikuti bahasa komputer",
	"`NAME` of the account to use, of those that login has kept":                                               "`NAMA` akun yang dipakai, dari yang disimpan oleh login",
	"how many requests a second to make at most, such as 5 or 0.5; 0 is no limit":                              "paling banyak berapa permintaan per detik, misalnya 5 atau 0.5; 0 berarti tanpa batas",
	"how long the server may be silent, by default 30s":                                                        "berapa lama server boleh diam; bila tidak diisi, 30s",
	"how long to wait in a row for a server that is busy, in maintenance or away, such as 90s, 30m or 2h":      "berapa lama menunggu terus-menerus bila server sibuk, dalam pemeliharaan, atau tidak terjangkau, misalnya 90s, 30m, atau 2h",
	"send the password over http, where the network is trusted":                                                "izinkan kata sandi lewat http, bila jaringannya dipercaya",
	"print the result as JSON, for machines":                                                                   "tampilkan hasil sebagai JSON, untuk program lain",
	"print no notes and no progress, only problems and the result":                                             "tanpa catatan dan kemajuan; hanya masalah dan hasil",
	"talk to a made-up server inside this program":                                                             "pakai server tiruan di dalam program ini",
	"how many orders the sandbox starts with":                                                                  "jumlah order di server tiruan pada awalnya",
	"`FOLDER` for the account's token, which programs that share it use together; \"none\" keeps it in memory": "`FOLDER` untuk token akun, yang dipakai bersama oleh program-program; \"none\" menyimpannya di memori saja",
	"-rate is %v; want a number of requests a second":                                                          "-rate berisi %v; isilah jumlah permintaan per detik",
	"-tokens is for a real account; the sandbox's tokens end with it":                                          "-tokens hanya untuk akun sungguhan; token server tiruan berakhir bersamanya",
	"there is no flag -%s; %s -h lists them":                                                                   "flag -%s tidak ada; %s -h menampilkan daftarnya",
	"-%s needs a value; %s -h tells more":                                                                      "-%s harus diberi nilai; lihat %s -h",
	"-%s is %q; %w":                                                                                            "-%s berisi %q; %w",
	"%q is no flag; %s -h lists them":                                                                          "%q bukan flag; %s -h menampilkan daftarnya",
	"want a whole number":                                                                                      "isilah bilangan bulat",
	"want a number such as 5 or 0.5":                                                                           "isilah angka seperti 5 atau 0.5",
	"want true or false":                                                                                       "isilah true atau false",
	"want a duration such as 90s, 30m, 1h30m or 7d":                                                            "isilah lama waktu seperti 90s, 30m, 1h30m, atau 7d",
	"want a whole number of at least 1":                                                                        "isilah bilangan bulat mulai dari 1",
	"COMMAND":                                                                                                  "PERINTAH",
	"[flags]":                                                                                                  "[flag]",
	"NUMBER":                                                                                                   "ANGKA",
	"TEXT":                                                                                                     "TEKS",
	"LIST":                                                                                                     "DAFTAR",
	"VALUE":                                                                                                    "NILAI",
	"DURATION":                                                                                                 "LAMA",
	"Usage:":                                                                                                   "Pemakaian:",
	"Commands:":                                                                                                "Perintah:",
	"Flags:":                                                                                                   "Flag:",
	"Flags of every command:":                                                                                  "Flag untuk semua perintah:",
	"(default %s)":                                                                                             "(bawaan %s)",
	"pmpsmart is the tool for the back office of PMP Smart, a sales-force system.\nIt exports orders, visits and outlets, changes outlet codes from a file, pushes JSON\norders, draws reports and keeps a mirror of the data in a database.": "pmpsmart adalah alat kantor untuk PMP Smart, sistem tenaga penjualan. Ia mengekspor\norder, kunjungan, dan outlet, mengubah kode outlet dari file, mengirim order JSON,\nmembuat laporan, dan menyalin data ke database sendiri.",
	`The account is one that login has kept, or comes from the environment:
PMPSMART_EMAIL and PMPSMART_PASSWORD or PMPSMART_PASSWORD_FILE, or PMPSMART_TOKEN;
PMPSMART_BASE_URL where it is not https://api.pmpsmart.com/api/v1.

Exit status: 0 done; 1 something was refused or is missing; 2 wrong usage or input;
3 the account was refused; 4 the server could not be reached, run it again;
130 interrupted.`: `Akun adalah yang disimpan oleh login, atau berasal dari environment:
PMPSMART_EMAIL dan PMPSMART_PASSWORD atau PMPSMART_PASSWORD_FILE, atau PMPSMART_TOKEN;
PMPSMART_BASE_URL bila bukan https://api.pmpsmart.com/api/v1.

Status keluar: 0 selesai; 1 ada yang ditolak atau kurang; 2 pemakaian atau masukan salah;
3 akun ditolak; 4 server tidak terjangkau, jalankan lagi; 130 dihentikan.`,

	// Progress.
	"%s of %s, %d%%":       "%s dari %s, %d%%",
	"%s, %s a second":      "%s, %s per detik",
	"%s, waiting until %s": "%s, menunggu sampai %s",

	// Waits for the server.
	"%s; going on at %s":                                            "%s; dilanjutkan pukul %s",
	"the server can't be reached (%s)":                              "server tidak terjangkau (%s)",
	"the server asks to wait (%d)":                                  "server minta menunggu (%d)",
	"the server is in maintenance (503)":                            "server sedang dalam pemeliharaan (503)",
	"the server is not well (%d)":                                   "server sedang bermasalah (%d)",
	"the server asks to wait, since it had too many requests (429)": "server minta menunggu karena terlalu banyak permintaan (429)",

	// Files.
	"%s is a link that leads nowhere":                                        "%s adalah tautan yang tidak menuju ke mana pun",
	"%s is a folder; name a file in it":                                      "%s adalah folder; sebutkan file di dalamnya",
	"-%s %s is the input itself; name another file":                          "-%s %s adalah masukannya sendiri; sebutkan file lain",
	"-%s and -%s name one file; give each its own":                           "-%s dan -%s menyebut satu file; beri masing-masing filenya sendiri",
	"%s is not a regular file":                                               "%s bukan file biasa",
	"there is no folder %s":                                                  "folder %s tidak ada",
	"can't make a file in the folder %s: %w":                                 "tidak bisa membuat file di folder %s: %w",
	"%s is in the way: it is not the lock of a run, which is empty; move it": "%s menghalangi: itu bukan file kunci sebuah proses, yang selalu kosong; pindahkan",
	"another run is at work on %s":                                           "%s sedang dikerjakan oleh proses lain",

	// The server and the account.
	"on %s":       "di %s",
	"on %s as %s": "di %s sebagai %s",
	"on the sandbox, a made-up server with %s that ends with this program": "di sandbox, server tiruan dengan %s yang berakhir bersama program ini",
	"no account":                        "tidak ada akun",
	"the password's file is %q, and %w": "file kata sandinya %q, dan %w",
	"the server's address":              "alamat server",
	"pmpsmart login keeps one for this machine; or set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN":                              "pmpsmart login menyimpannya untuk komputer ini; atau isi PMPSMART_EMAIL dan PMPSMART_PASSWORD, atau PMPSMART_TOKEN",
	"%w: pmpsmart login keeps one for this machine; or set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN; or try it with -sandbox": "%w: pmpsmart login menyimpan akun untuk komputer ini; atau isi PMPSMART_EMAIL dan PMPSMART_PASSWORD, atau PMPSMART_TOKEN; atau coba dengan -sandbox",
	"%w; the token of %s is in no folder that can be used":                                                                                   "%w; token %s tidak berada di folder yang bisa dipakai",
	"%w; %s is not logged in on this machine: run pmpsmart login":                                                                            "%w; %s belum login di komputer ini: jalankan pmpsmart login",
	"%w; the token of %s is no longer good: run pmpsmart login":                                                                              "%w; token %s tidak berlaku lagi: jalankan pmpsmart login",
	"the account's token is not kept for the next run: %v":                                                                                   "token akun tidak disimpan untuk kali berikutnya: %v",
	"-tokens: %w":                "-tokens: %w",
	"-sandbox-orders: %w":        "-sandbox-orders: %w",
	"the answer is too long":     "jawabannya terlalu panjang",
	"the password is empty":      "kata sandinya kosong",
	"no folder for settings: %w": "tidak ada folder untuk pengaturan: %w",
	"%s can't be read: %w":       "%s tidak bisa dibaca: %w",
	"%s: %s is no setting":       "%s: %s bukan pengaturan",
	"%s: %s is %q; %w":           "%s: %s berisi %q; %w",
	"-profile is %q, and there are no profiles; pmpsmart login -profile %s makes it": "-profile berisi %q, dan belum ada profil; pmpsmart login -profile %s membuatnya",
	"-profile is %q; there are %s, and pmpsmart login -profile %s makes it":          "-profile berisi %q; yang ada %s, dan pmpsmart login -profile %s membuatnya",
	"-profile is %q; want a name of letters, digits and - _ .":                       "-profile berisi %q; isilah nama dari huruf, angka, dan - _ .",

	// login, logout, version
	"keep a token for this machine, so that no password stands in a shell's history": "simpan token untuk komputer ini, agar kata sandi tidak tercatat di riwayat shell",
	`Login asks for the account's email and password, logs in and keeps the token in the
user's folder of settings, not the password. The other commands use it until the
server no longer takes it. With -profile NAME it keeps one account of several; the
first one is the default. The password can also come through a pipe.`: `Login menanyakan email dan kata sandi akun, masuk, lalu menyimpan tokennya di folder
pengaturan pengguna, bukan kata sandinya. Perintah lain memakainya selama server masih
menerimanya. Dengan -profile NAMA beberapa akun bisa disimpan; yang pertama menjadi
bawaan. Kata sandi juga bisa masuk lewat pipe.`,
	"`EMAIL` of the account; asked for where it is not given":                              "`EMAIL` akun; ditanyakan bila tidak diisi",
	"`URL` of the server, by default PMPSMART_BASE_URL or https://api.pmpsmart.com/api/v1": "`URL` server; bila tidak diisi, PMPSMART_BASE_URL atau https://api.pmpsmart.com/api/v1",
	"`FILE` that holds the password; the profile keeps its name and logs in by itself":     "`FILE` berisi kata sandi; profil menyimpan nama file itu dan masuk sendiri",
	"make the profile the one that commands use without -profile":                          "jadikan profil ini bawaan bila -profile tidak diisi",
	"list the profiles":                        "tampilkan daftar profil",
	"logged in on %s as %s; the profile is %s": "sudah masuk di %s sebagai %s; profilnya %s",
	"Email: ":                        "Email: ",
	"which account? give its -email": "akun yang mana? isilah -email",
	"Password of %s: ":               "Kata sandi %s: ",
	"there is no folder that can keep a token; -tokens FOLDER names one": "tidak ada folder untuk menyimpan token; sebutkan dengan -tokens FOLDER",
	"profile":   "profil",
	"account":   "akun",
	"server":    "server",
	"(default)": "(bawaan)",
	"end the token that login has kept, and forget the profile":             "akhiri token yang disimpan oleh login, dan lupakan profilnya",
	"there is no profile to log out of; pmpsmart login -list lists them":    "tidak ada profil untuk keluar; lihat pmpsmart login -list",
	"the profile %s is forgotten, but the server did not end its token: %w": "profil %s sudah dilupakan, tetapi server belum mengakhiri tokennya: %w",
	"logged out; the profile %s is forgotten":                               "sudah keluar; profil %s dilupakan",
	"print the program's version":                                           "tampilkan versi program",
	"pmpsmart %s, with pmpsmart-go %s, %s, %s":                              "pmpsmart %s, dengan pmpsmart-go %s, %s, %s",

	// completion
	"print what lets a shell complete commands and flags by Tab": "tampilkan pengaturan agar shell melengkapi perintah dan flag dengan Tab",
	"print it for %s":                          "tampilkan untuk %s",
	"complete names without what they are for": "lengkapi nama saja, tanpa penjelasannya",
	`Lets bash complete commands and flags by Tab, with the package bash-completion.
In this shell:

  source <(pmpsmart completion bash)

In every new one:

  mkdir -p ~/.local/share/bash-completion/completions
  pmpsmart completion bash > ~/.local/share/bash-completion/completions/pmpsmart`: `Agar bash melengkapi perintah dan flag dengan Tab; perlu paket bash-completion.
Di shell ini saja:

  source <(pmpsmart completion bash)

Di setiap shell baru:

  mkdir -p ~/.local/share/bash-completion/completions
  pmpsmart completion bash > ~/.local/share/bash-completion/completions/pmpsmart`,
	`Lets zsh complete commands and flags by Tab. In every new shell:

  mkdir -p ~/.zfunc
  pmpsmart completion zsh > ~/.zfunc/_pmpsmart
  echo 'fpath=(~/.zfunc $fpath); autoload -U compinit; compinit' >> ~/.zshrc`: `Agar zsh melengkapi perintah dan flag dengan Tab. Di setiap shell baru:

  mkdir -p ~/.zfunc
  pmpsmart completion zsh > ~/.zfunc/_pmpsmart
  echo 'fpath=(~/.zfunc $fpath); autoload -U compinit; compinit' >> ~/.zshrc`,
	`Lets fish complete commands and flags by Tab. In every new shell:

  mkdir -p ~/.config/fish/completions
  pmpsmart completion fish > ~/.config/fish/completions/pmpsmart.fish`: `Agar fish melengkapi perintah dan flag dengan Tab. Di setiap shell baru:

  mkdir -p ~/.config/fish/completions
  pmpsmart completion fish > ~/.config/fish/completions/pmpsmart.fish`,
	`Lets PowerShell complete commands and flags by Tab. In this shell:

  pmpsmart completion powershell | Out-String | Invoke-Expression

In every new one, put that line at the end of the file that this opens:

  notepad $PROFILE`: `Agar PowerShell melengkapi perintah dan flag dengan Tab. Di shell ini saja:

  pmpsmart completion powershell | Out-String | Invoke-Expression

Untuk setiap shell baru, taruh baris itu di akhir file yang dibuka oleh:

  notepad $PROFILE`,

	// Days.
	"one `DAY`, such as 2026-02-02, today or yesterday; or this-week, last-week, this-month, last-month": "satu `HARI`, seperti 2026-02-02, hari-ini, atau kemarin; atau minggu-ini, minggu-lalu, bulan-ini, bulan-lalu",
	"only what is of this `DAY` or a later one":                                                          "hanya sejak `HARI` ini",
	"only what is of this `DAY` or an earlier one":                                                       "hanya sampai `HARI` ini",
	"the last days up to today, such as `7d`, 2w or 3m":                                                  "hari-hari terakhir sampai hari ini, seperti `7d`, 2w, atau 3m",
	"all days": "semua hari",
	"up to %s": "sampai %s",
	"from %s":  "sejak %s",
	"%s to %s": "%s sampai %s",
	"-date is one day or period, -last is the last days, and -from and -to are any; give one of the three": "-date untuk satu hari atau periode, -last untuk hari-hari terakhir, -from dan -to untuk rentang lain; pilih salah satu",
	"-date is %q; %w":                                "-date berisi %q; %w",
	"-last is %q; %w":                                "-last berisi %q; %w",
	"-to %s is before -from %s":                      "-to %s lebih awal dari -from %s",
	"want a day like 2026-02-02, today or yesterday": "isilah hari seperti 2026-02-02, hari-ini, atau kemarin",
	"want a day like 2026-02-02, today or yesterday, or this-week, last-week, this-month or last-month": "isilah hari seperti 2026-02-02, hari-ini, atau kemarin, atau minggu-ini, minggu-lalu, bulan-ini, bulan-lalu",
	"want a number of days, weeks or months such as 7d, 2w or 3m":                                       "isilah jumlah hari, minggu, atau bulan seperti 7d, 2w, atau 3m",

	// doctor, sandbox
	"report what the server really sends; it only reads": "laporkan apa yang sebenarnya dikirim server; hanya membaca",
	"serve a made-up server for tests, in any language":  "jalankan server tiruan untuk pengujian, dalam bahasa apa pun",
}
