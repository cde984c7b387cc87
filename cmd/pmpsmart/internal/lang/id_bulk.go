package lang

// bulkMessages are those of outlets and orders, and of what both do in bulk.
var bulkMessages = map[string]string{
	// flags
	"make the changes": "lakukan perubahannya",
	"print the plan and change nothing; so it is without -apply":                                                          "tampilkan rencana tanpa mengubah apa pun; begitu pula tanpa -apply",
	"save the plan as `FILE`, for -apply -plan FILE":                                                                      "simpan rencana sebagai `FILE`, untuk -apply -plan FILE",
	"with -apply, make exactly the changes of the plan in `FILE`":                                                         "dengan -apply, lakukan persis perubahan dalam rencana di `FILE`",
	"`FILE` that takes the changes back when it is applied; by default the input's name with .undo.csv; none for no file": "`FILE` yang mengembalikan perubahan bila diterapkan; bawaannya nama masukan dengan .undo.csv; none berarti tanpa file",
	"write what became of each row to `FILE`: .csv, .jsonl or .xlsx":                                                      "tulis hasil setiap baris ke `FILE`: .csv, .jsonl, atau .xlsx",
	"write the rows that were refused to `FILE`, as they were and with what is wrong":                                     "tulis baris yang ditolak ke `FILE`, seperti aslinya beserta alasannya",
	"make changes that are hardly meant, such as of leading zeros alone":                                                  "lakukan juga perubahan yang mencurigakan, misalnya yang hanya beda nol di depan",
	"which `HEADS` of the file are which column: id=No,code=\"Kode, baru\"":                                               "`JUDUL` mana di file untuk kolom mana: id=No,code=\"Kode, baru\"",
	"`NAME` of the sheet of a workbook, by default the first":                                                             "`NAMA` lembar di file Excel; bawaannya yang pertama",
	"write CSV for Excel in Indonesian":                                                                                   "tulis CSV untuk Excel berbahasa Indonesia",
	"-apply makes the changes and -dry-run does not; give one of them":                                                    "-apply melakukan perubahan dan -dry-run tidak; pilih salah satu",
	"-plan is for -apply; the plan can be read in its file":                                                               "-plan dipakai bersama -apply; rencananya bisa dibaca di filenya",
	"-plan is in place of a FILE and of -save-plan":                                                                       "-plan menggantikan FILE dan -save-plan",
	"-save-plan saves what -apply makes later; give one of them":                                                          "-save-plan menyimpan apa yang nanti dilakukan -apply; pilih salah satu",
	"-columns is %q; %w": "-columns berisi %q; %w",

	// reading
	"standard input":                              "masukan standar",
	"which FILE? %s -h tells more":                "FILE yang mana? lihat %s -h",
	"%s: holds no rows":                           "%s: tidak berisi baris",
	"the id is empty":                             "id-nya kosong",
	"%q is not an id":                             "%q bukan id",
	"the %s is empty":                             "%s kosong",
	"the %s is not UTF-8; save the file as UTF-8": "%s bukan UTF-8; simpan file sebagai UTF-8",
	"the %s %q holds what can't be seen: %s":      "%s %q berisi sesuatu yang tidak terlihat: %s",
	"the %s is %q: %s":                            "%s berisi %q: %s",
	"the id stands on line %d too":                "id ini juga ada di baris %d",

	// comparing
	"line %d gives the same %s to %s %d":                       "baris %d memberi %s yang sama kepada %s %d",
	"%s %d has this %s, and line %d does not change it":        "%s %d memakai %s ini, dan baris %d tidak mengubahnya",
	"%s %d has this %s":                                        "%s %d memakai %s ini",
	"the server knows no %s of this id":                        "server tidak mengenal %s dengan id ini",
	"changed since the plan: the server has %q in place of %q": "berubah sejak rencana dibuat: di server %q, bukan %q",
	"%q and %q differ by leading zeros alone, which spreadsheets take away; -force changes it all the same": "%q dan %q hanya beda nol di depan, yang sering dihapus spreadsheet; -force tetap mengubahnya",

	// changing
	"stopped before anything was changed":               "dihentikan sebelum ada yang diubah",
	"stopped at line %d; run it again for the rest":     "berhenti di baris %d; jalankan lagi untuk sisanya",
	"stopped at line %d; run it again for the rest: %w": "berhenti di baris %d; jalankan lagi untuk sisanya: %w",
	"can't look whether the changes are there: %w":      "tidak bisa memeriksa apakah perubahannya sudah ada: %w",
	"the server said yes, and has the %s %q":            "server menjawab ya, tetapi %s di sana %q",
	"%w; the server now has %q":                         "%w; di server sekarang %q",
	"line %d: %s":                                       "baris %d: %s",
	"line %d, id %s: %s":                                "baris %d, id %s: %s",
	"%s of %d refused":                                  "%s dari %d ditolak",

	// files
	"%s is no plan that -save-plan has written": "%s bukan rencana yang ditulis -save-plan",
	"%s is a plan of pmpsmart %s":               "%s adalah rencana dari pmpsmart %s",
	"%s is a plan for %s, and this is %s":       "%s adalah rencana untuk %s, sedangkan ini %s",
	"%s can't be written: %w":                   "%s tidak bisa ditulis: %w",
	"the plan can't be saved: %w":               "rencana tidak bisa disimpan: %w",
	"%s -apply %s takes the changes back":       "%s -apply %s mengembalikan perubahannya",

	// the result
	"line":         "baris",
	"now":          "sekarang",
	"new":          "baru",
	"what happens": "yang terjadi",
	"update":       "ubah",
	"refused: %s":  "ditolak: %s",
	"%d to update, %d right already, %d refused": "%d akan diubah, %d sudah benar, %d ditolak",
	"%d updated, %d right already, %d refused":   "%d diubah, %d sudah benar, %d ditolak",
	", %d left":                  ", %d tersisa",
	"; run with -apply to do it": "; jalankan dengan -apply untuk melakukannya",
	"; the plan is in %s: run with -apply -plan %s to do it": "; rencananya ada di %s: jalankan dengan -apply -plan %s untuk melakukannya",

	// outlets
	"give outlets the codes that a file says": "beri outlet kode menurut isi file",
	`Outlets gives outlets the codes that a file says: CSV as spreadsheets save it, a
workbook (.xlsx) or JSON Lines. The file has a column "id" (or "id_outlet",
"outlet_id") and a column "code" (or "kode", "kode_outlet"), and others that are not
read; without a line of heads the first two columns are the id and the code. "-" is
the standard input. A code that two lines give, or that another outlet has and keeps,
is refused; a swap is fine.

Without -apply it changes nothing and prints the plan, which -save-plan keeps. Before
the first change it writes a file that takes the changes back. It can be run again:
what is right already is left alone. With -sandbox and no FILE it takes a sample.`: `Outlets memberi outlet kode menurut isi file: CSV seperti yang disimpan spreadsheet,
file Excel (.xlsx), atau JSON Lines. File itu punya kolom "id" (atau "id_outlet",
"outlet_id") dan kolom "code" (atau "kode", "kode_outlet"); kolom lain tidak dibaca.
Tanpa baris judul, dua kolom pertama adalah id dan kode. "-" adalah masukan standar.
Kode yang diberikan dua baris, atau yang tetap dipakai outlet lain, ditolak; bertukar
kode boleh.

Tanpa -apply tidak ada yang diubah dan rencananya ditampilkan; -save-plan menyimpannya.
Sebelum perubahan pertama ditulis file yang mengembalikan semuanya. Perintah ini bisa
dijalankan lagi: yang sudah benar dibiarkan. Dengan -sandbox dan tanpa FILE dipakai
contoh.`,

	// orders
	`Orders lists orders, shows some with every field, or sets the status of many, of a
file or by their ids:

  pmpsmart orders list -date today
  pmpsmart orders show 198
  pmpsmart orders set-status -to complete 198 199`: `Orders menampilkan daftar order, atau beberapa order dengan semua kolomnya, atau
mengubah status banyak order, dari file atau menurut id:

  pmpsmart orders list -date hari-ini
  pmpsmart orders show 198
  pmpsmart orders set-status -to complete 198 199`,
	"list orders, show some, or set the status of many":                        "tampilkan order, atau ubah status banyak order",
	"list orders, of a status, a day, a salesperson or an outlet":              "daftar order menurut status, hari, salesperson, atau outlet",
	"only orders of this status: open, pending, complete or cancel":            "hanya order dengan status ini: open, pending, complete, atau cancel",
	"only orders of this `DAY`: 2026-02-02, today or yesterday":                "hanya order pada `HARI` ini: 2026-02-02, hari-ini, atau kemarin",
	"only orders of the salesperson of this `ID`":                              "hanya order dari salesperson dengan `ID` ini",
	"only orders of the outlet of this `ID`":                                   "hanya order dari outlet dengan `ID` ini",
	"how many orders to list at most; 0 for all":                               "paling banyak berapa order; 0 untuk semua",
	"-status is %q; want open, pending, complete or cancel":                    "-status berisi %q; pilih open, pending, complete, atau cancel",
	"-n is %d; want 0 or more":                                                 "-n berisi %d; isilah 0 atau lebih",
	"there are more than %s; -n 0 lists all, and export writes them to a file": "ada lebih dari %s; -n 0 menampilkan semua, dan export menulisnya ke file",
	"no orders": "tidak ada order",
	"code":      "kode",
	"status":    "status",
	"date":      "tanggal",
	"show orders with every field that the server has of them": "tampilkan order dengan semua kolom dari server",
	"order %d: %w": "order %d: %w",
	"set the status of orders, of a file or by their ids": "ubah status order, dari file atau menurut id",
	`Set-status sets the status of orders: of those of a file, which has a column "id" (or
"id_order", "order_id") and a column "status", or of those whose ids are given, to the
status of -to. With -to a file need have ids only.

Without -apply it changes nothing and prints the plan, which -save-plan keeps. Before
the first change it writes a file that takes the changes back. It can be run again:
what is right already is left alone.`: `Set-status mengubah status order: dari file dengan kolom "id" (atau "id_order",
"order_id") dan kolom "status", atau order yang id-nya disebut, menjadi status pada -to.
Dengan -to, file cukup berisi id.

Tanpa -apply tidak ada yang diubah dan rencananya ditampilkan; -save-plan menyimpannya.
Sebelum perubahan pertama ditulis file yang mengembalikan semuanya. Perintah ini bisa
dijalankan lagi: yang sudah benar dibiarkan.`,
	"`STATUS` for all: open, pending, complete or cancel":         "`STATUS` untuk semua: open, pending, complete, atau cancel",
	"-to is %q; want open, pending, complete or cancel":           "-to berisi %q; pilih open, pending, complete, atau cancel",
	"to which status? give -to open, pending, complete or cancel": "ke status apa? isilah -to open, pending, complete, atau cancel",
	"%q is no status; want open, pending, complete or cancel":     "%q bukan status; pilih open, pending, complete, atau cancel",
}
