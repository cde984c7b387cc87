package lang

// catalog has the translations of each part of the program.
var catalog = []map[string]string{
	nouns,
	programMessages,
	bulkMessages,
	pushMessages,
	sheetMessages,
	exportMessages,
	reportMessages,
	mirrorMessages,
}

// translation returns the Indonesian of an English format or noun.
func translation(english string) (string, bool) {
	for _, messages := range catalog {
		if text, ok := messages[english]; ok {
			return text, true
		}
	}
	text, ok := developerMessages[english]
	return text, ok
}

var nouns = map[string]string{
	"byte":        "byte",
	"day":         "hari",
	"week":        "minggu",
	"month":       "bulan",
	"file":        "file",
	"line":        "baris",
	"row":         "baris",
	"cell":        "sel",
	"column":      "kolom",
	"order":       "order",
	"JSON order":  "order JSON",
	"outlet":      "outlet",
	"visit":       "kunjungan",
	"salesperson": "salesperson",
	"record":      "data",
	"request":     "permintaan",
	"change":      "perubahan",
	"problem":     "masalah",
	"field":       "kolom",
	"window":      "jendela waktu",
	"name":        "nama",
	"code":        "kode",
	"id":          "id",
	"page":        "halaman",
}
