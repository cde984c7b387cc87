package sheet

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAServersAnswerIsNoTable(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"status":true,"data":[{"id":1,"code":"A"}],"meta":{}}`, "{\n\"data\": [\n{\"id\": 1}\n]\n}\n"} {
		for _, whole := range []bool{false, true} {
			_, problems := readAll(t, answer, ReadOptions{Columns: wanted, Whole: whole})
			assert.Equal(t, []string{`file: the file is one JSON object, and the rows are in its list "data"; take them out, as by jq -c '.data[]'`}, problems)
		}
	}
	_, problems := readAll(t, "id,code\n1,A\n", ReadOptions{Sheet: "x"})
	assert.Equal(t, []string{`file: the file has no sheets, of which one is "x": it is no Excel workbook (.xlsx)`}, problems)
}

func TestForeignFilesAreNamed(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"":                                   "the file is empty",
		"\n\n":                               "there are no rows in it",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x": "the file is a workbook of an Excel before 2007 (.xls)",
		"%PDF-1.7\n":                         "the file is a PDF",
		"\x89PNG\r\n\x1a\n\x00\x00":          "the file is a picture",
		"<html><table>":                      "the file is a web page (HTML)",
		" \r\n<!DOCTYPE html>":               "the file is a web page (HTML)",
		"\ufeff<table border=1>":             "the file is a web page (HTML)",
		"<?xml version=\"1.0\"?><a/>":        "the file is XML",
		"SQLite format 3\x00":                "the file is an SQLite database",
		"\x01\x02\x03\x00\x05\x06":           "the file is no text",
		"<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">": "the file is an XML spreadsheet of Excel 2003",
		"\xff\xfe\x00\x00i\x00\x00\x00":   "the file is UTF-32",
		"\x1f\x8bxx":                      "the file is compressed (gzip) and damaged",
		gzipOf(t, gzipOf(t, "id,code\n")): "the file is compressed (gzip) more than once",
		gzipOf(t, "id,code\n1,2\n")[:25]:  "the file is compressed (gzip) and damaged or not whole",
	} {
		for _, format := range []Format{Auto, CSV} {
			_, problems := readAll(t, file, ReadOptions{Format: format})
			require.Len(t, problems, 1, file)
			assert.Contains(t, problems[0], "file: "+want, file)
			assert.NotContains(t, problems[0], "\n")
		}
	}
}

func TestAGzipBombEnds(t *testing.T) {
	t.Parallel()
	bomb := gzipOf(t, "id,code\n"+strings.Repeat("0", 40<<20))
	_, problems := readAll(t, bomb, ReadOptions{})
	require.NotEmpty(t, problems)
	assert.Contains(t, problems[len(problems)-1], "the compressed file grows more than 300 times")
	_, problems = readAll(t, gzipOf(t, "id\n"+strings.Repeat("12345\n", 1000)), ReadOptions{MaxSize: 1000})
	assert.Equal(t, "file: the compressed file holds more than 1,000 bytes", problems[len(problems)-1])
}
