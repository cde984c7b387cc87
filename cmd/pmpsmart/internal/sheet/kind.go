package sheet

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A kind is what the first bytes say that a file is. What the file is called does not
// count: many a file named .xls is HTML, and many a .csv an Excel workbook.
type kind uint8

const (
	textual kind = iota
	zipped
	oldExcel
	lockedExcel
	html
	spreadsheetXML
	xmlText
	pdf
	image
	archive
	gzipTwice
	database
	rtf
	parquet
	binary
)

// refuse says in one line what a file is that is no table.
func (k kind) refuse() error {
	switch k {
	case oldExcel:
		return lang.Errorf("the file is a workbook of an Excel before 2007 (.xls); open it in Excel and save it as .xlsx or as CSV")
	case lockedExcel:
		return lang.Errorf("the file is an Excel workbook locked with a password; save it without")
	case html:
		return lang.Errorf("the file is a web page (HTML), as some programs export for Excel; open it in Excel and save it as .xlsx or as CSV")
	case spreadsheetXML:
		return lang.Errorf("the file is an XML spreadsheet of Excel 2003; open it in Excel and save it as .xlsx or as CSV")
	case xmlText:
		return lang.Errorf("the file is XML; it has to be CSV, JSON Lines or .xlsx")
	case pdf:
		return lang.Errorf("the file is a PDF; it has to be CSV, JSON Lines or .xlsx")
	case image:
		return lang.Errorf("the file is a picture; it has to be CSV, JSON Lines or .xlsx")
	case archive:
		return lang.Errorf("the file is an archive of files; unpack it and give the table that is in it")
	case gzipTwice:
		return lang.Errorf("the file is compressed (gzip) more than once; unpack it")
	case database:
		return lang.Errorf("the file is an SQLite database; it has to be CSV, JSON Lines or .xlsx")
	case rtf:
		return lang.Errorf("the file is a text document (RTF); it has to be CSV, JSON Lines or .xlsx")
	case parquet:
		return lang.Errorf("the file is Parquet; it has to be CSV, JSON Lines or .xlsx")
	}
	return lang.Errorf("the file is no text; it has to be CSV, JSON Lines or .xlsx")
}

// signatures are the first bytes of files.
var signatures = []struct {
	start string
	kind  kind
}{
	{"PK\x03\x04", zipped}, {"PK\x05\x06", zipped}, {"PK\x07\x08", zipped},
	{"%PDF-", pdf},
	{"\x89PNG\r\n\x1a\n", image}, {"\xff\xd8\xff", image}, {"GIF87a", image}, {"GIF89a", image}, {"II*\x00", image}, {"MM\x00*", image},
	{"\x1f\x8b", gzipTwice},
	{"BZh", archive}, {"\xfd7zXZ\x00", archive}, {"7z\xbc\xaf\x27\x1c", archive}, {"Rar!\x1a\x07", archive}, {"\x28\xb5\x2f\xfd", archive},
	{"SQLite format 3\x00", database},
	{`{\rtf`, rtf},
	{"PAR1", parquet},
}

// kindOf recognizes a file by its start.
func kindOf(start []byte) kind {
	for _, s := range signatures {
		if bytes.HasPrefix(start, []byte(s.start)) {
			return s.kind
		}
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return oldExcel
	case len(start) > 262 && string(start[257:262]) == "ustar":
		return archive
	case bytes.HasPrefix(start, []byte("RIFF")) && len(start) > 12 && string(start[8:12]) == "WEBP":
		return image
	}
	return kindOfText(start)
}

// kindOfText recognizes markup, and what is no text.
func kindOfText(start []byte) kind {
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")))))
	switch {
	case isHTML(text):
		return html
	case strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<workbook"):
		switch {
		case strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet"):
			return spreadsheetXML
		case strings.Contains(text, "<html"):
			return html
		}
		return xmlText
	}
	if _, ok := looksUTF16(start); !ok && !hasUTF16Mark(start) && isBinary(start) {
		return binary
	}
	return textual
}

func isHTML(text string) bool {
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<meta", "<table", "<body", "<style", "<div", "<tr", "<!--"} {
		if strings.HasPrefix(text, tag) {
			return true
		}
	}
	return false
}

func hasUTF16Mark(start []byte) bool {
	return bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff"))
}

// isBinary reports whether there are more control characters than a text has.
func isBinary(start []byte) bool {
	controls := 0
	for _, c := range start {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			controls++
		}
	}
	return controls*10 > len(start)+20 // a few may be somebody's text
}

// isLocked reports whether an OLE file is a newer workbook that was encrypted: the name
// of the stream that holds it is in UTF-16.
func isLocked(in io.Reader) bool {
	const most = 32 << 20
	var name []byte
	for _, unit := range utf16.Encode([]rune("EncryptedPackage")) {
		name = append(name, byte(unit), byte(unit>>8))
	}
	all, _ := io.ReadAll(io.LimitReader(in, most)) // what can't be read is an old workbook to us
	return bytes.Contains(all, name)
}

// textFormat returns which format a text has: one of JSON, or CSV.
func (r *Reader) textFormat(start []byte) Format {
	text := bytes.TrimSpace(start)
	if len(text) == 0 {
		return CSV
	}
	rest := bytes.TrimSpace(text[1:])
	switch {
	case r.o.Format == JSONLines || r.o.Format == JSONArray:
		if text[0] == '[' {
			return JSONArray
		}
		if text[0] == '{' || r.o.Format == JSONLines && startsJSON(text) {
			return JSONLines
		}
	case text[0] == '{' && (len(rest) == 0 || rest[0] == '"' || rest[0] == '}'):
		return JSONLines
	case text[0] == '[' && (len(rest) == 0 || rest[0] == '{' || rest[0] == ']' || startsJSON(text)):
		return JSONArray
	}
	return CSV
}

// startsJSON reports whether the first line is JSON, though no object.
func startsJSON(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return json.Valid(line)
}
