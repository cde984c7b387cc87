package lang

import "strings"

// foreignWords are what the library and the operating system say in errors, in English.
var foreignWords = strings.NewReplacer(
	"can't reach ", "tidak bisa menjangkau ",
	"; after 1 attempt", "; setelah 1 percobaan",
	"; after ", "; setelah ",
	" attempts", " percobaan",
	"connect: connection refused", "koneksi ditolak",
	"connection reset by peer", "koneksi diputus",
	"no such host", "nama server tidak dikenal",
	"i/o timeout", "tidak ada jawaban",
	"no such file or directory", "tidak ada file atau folder itu",
	"The system cannot find the file specified.", "tidak ada file itu",
	"permission denied", "tidak diizinkan",
	"Access is denied.", "tidak diizinkan",
	"no space left on device", "disk penuh",
	"There is not enough space on the disk.", "disk penuh",
	"is a directory", "adalah folder",
	"token store: ", "",
	"the server's address is ", "alamat server adalah ",
	", and http would show the password and the token to whoever listens; use https, or -insecure where the network is trusted",
	", dan lewat http kata sandi dan token terlihat oleh siapa saja yang menyadap; pakai https, atau -insecure bila jaringannya dipercaya",
)
