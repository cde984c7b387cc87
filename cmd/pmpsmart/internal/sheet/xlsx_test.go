package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// zipOf makes a zip file of parts.
func zipOf(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sorted(parts) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(w, parts[name])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

// aBook is a workbook of one sheet, as plain as can be.
func aBook(rows string) map[string]string {
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	return map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="` + types + `/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<x:workbook xmlns:x="m" xmlns:r="` + types + `"><x:sheets><x:sheet name="Outlet" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="` + types + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + types + `/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="rId3" Type="` + types + `/styles" Target="styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst><si><t>id</t></si><si><r><t xml:space="preserve">Kode </t></r><r><t>Outlet</t></r><rPh><t>x</t></rPh></si><si><t>000_x0031_2</t></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-421]dd\ mmmm\ yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml":   `<x:worksheet xmlns:x="m"><x:sheetData>` + rows + `</x:sheetData></x:worksheet>`,
	}
}

const bookRows = `<x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="s"><x:v>1</x:v></x:c></x:row>` +
	`<x:row r="3"/><x:row r="4"><x:c r="B4"><x:v>1</x:v></x:c><x:c r="C4" t="s"><x:v>2</x:v></x:c><x:c r="E4" t="str"><x:v>note</x:v></x:c></x:row>` +
	`<x:row r="5"><x:c r="B5" t="n"><x:v>2</x:v></x:c><x:c r="C5" s="1"><x:v>12</x:v></x:c></x:row>` +
	`<x:row r="6"><x:c r="B6"><x:f>1+2</x:f><x:v>3</x:v></x:c><x:c r="C6" t="inlineStr"><x:is><x:t> A </x:t></x:is></x:c></x:row>` +
	`<x:row r="7"><x:c r="C7" t="e"><x:v>#N/A</x:v></x:c></x:row>`

func TestXLSXIsRead(t *testing.T) {
	t.Parallel()
	want := []string{"4 |1|00012", "5 |2|00012", "6 |3| A ", "7 ||#N/A"}
	file := zipOf(t, aBook(bookRows))
	for name, file := range map[string]string{"pipe": file, "gzip": gzipOf(t, file)} {
		rows, problems := readAll(t, file, ReadOptions{Columns: wanted})
		assert.Empty(t, problems, name)
		assert.Equal(t, want, rows, name)
	}
	path := filepath.Join(t.TempDir(), "outlets.csv")
	require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
	r, err := Open(path, ReadOptions{Sheet: "outlet"})
	require.NoError(t, err)
	defer r.Close()
	assert.Equal(t, XLSX, r.Format())
	assert.Equal(t, "Outlet", r.Sheet())
	assert.Equal(t, []string{"", "id", "Kode Outlet"}, r.Heads())
	assert.Equal(t, 2, r.HeadLine())
	n := 0
	for _, err := range r.Rows() {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 4, n)
}

func TestXLSXFromALongPipeWaitsInATemporaryFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	parts := aBook(bookRows)
	file := zipOf(t, parts)
	var b bytes.Buffer // something long that does not shrink
	z := zip.NewWriter(&b)
	for _, name := range sorted(parts) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, _ = io.WriteString(w, parts[name])
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "xl/media/picture.png", Method: zip.Store})
	require.NoError(t, err)
	_, _ = io.WriteString(w, strings.Repeat("\x00", 5<<20))
	require.NoError(t, z.Close())
	require.Greater(t, b.Len(), len(file))

	r, err := New("pipe", pipe{&b, 100_000}, ReadOptions{Columns: wanted})
	require.NoError(t, err)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Len(t, left, 1)
	for _, err := range r.Rows() {
		require.NoError(t, err)
	}
	require.NoError(t, r.Close())
	left, err = os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// What Excel's formats make of numbers, by the library that knows them best.
func TestNumbersAndTimesOfAWorkbookAreTheirValues(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	style := func(code string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		require.NoError(t, err)
		return id
	}
	at := time.Date(2026, 2, 9, 14, 5, 30, 0, time.UTC)
	cases := []struct {
		code  string
		value any
		want  Cell
	}{
		{"General", 12, Cell{KindNumber, "12"}},
		{"00000", 12, Cell{KindText, "00012"}},
		{"00000", 123456, Cell{KindText, "123456"}},
		{"0.00", 12.5, Cell{KindNumber, "12.5"}},
		{`"Rp"#,##0.00`, 1234567.5, Cell{KindNumber, "1234567.5"}},
		{`#,##0_);[Red]\(#,##0\)`, -5, Cell{KindNumber, "-5"}},
		{"0%", 0.25, Cell{KindNumber, "0.25"}},
		{"0.00E+00", 1234567890123.0, Cell{KindNumber, "1234567890123"}},
		{"General", 0.1 + 0.2, Cell{KindNumber, "0.3"}},
		{"General", 1.2345678901234567e17, Cell{KindText, "1.23456789012345E+17"}},
		{"dd/mm/yyyy", at, Cell{KindTime, "2026-02-09T14:05:30+07:00"}},
		{"dd/mm/yyyy", at.Truncate(24 * time.Hour), Cell{KindDate, "2026-02-09"}},
		{"dd/mm/yyyy hh:mm", at.Truncate(24 * time.Hour), Cell{KindTime, "2026-02-09T00:00:00+07:00"}},
		{`[$-421]dddd, dd mmmm yyyy;@`, at.Truncate(24 * time.Hour), Cell{KindDate, "2026-02-09"}},
		{"mmm-yy", at.Truncate(24 * time.Hour), Cell{KindDate, "2026-02-09"}},
		{"hh:mm:ss", 0.5, Cell{KindText, "12:00:00"}},
		{"[h]:mm", 1.5, Cell{KindText, "36:00:00"}},
		{"@", "00012", Cell{KindText, "00012"}},
		{"General", "<&>\r\n ", Cell{KindText, "<&>\r\n "}},
		{"General", true, Cell{KindBool, "true"}},
		{`"day "0`, 3, Cell{KindNumber, "3"}},
	}
	require.NoError(t, f.SetCellValue("Sheet1", "A1", "value"))
	for i, c := range cases {
		ref := fmt.Sprintf("A%d", i+2)
		require.NoError(t, f.SetCellValue("Sheet1", ref, c.value))
		require.NoError(t, f.SetCellStyle("Sheet1", ref, ref, style(c.code)))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	rows := readBack(t, b.String(), ReadOptions{Columns: []Column{{Name: "value"}}})
	require.Len(t, rows, len(cases))
	for i, c := range cases {
		assert.Equal(t, c.want, rows[i][0], "%s %v", c.code, c.value)
	}
	_, damaged := Damaged("1.23456789012345E+17")
	assert.True(t, damaged)
}

func TestDatesOfAMacWorkbookAndOf1900(t *testing.T) {
	t.Parallel()
	loc := time.UTC
	day := numberFormat{day: true}
	for _, c := range []struct {
		serial   string
		date1904 bool
		want     string
	}{
		{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"61", false, "1900-03-01"},
		{"46062", false, "2026-02-09"}, {"44600", true, "2026-02-09"}, {"2958465", false, "9999-12-31"},
	} {
		assert.Equal(t, Cell{KindDate, c.want}, day.cell(c.serial, loc, c.date1904), c.serial)
	}
	assert.Equal(t, Cell{KindNumber, "2958466"}, day.cell("2958466", loc, false))
	assert.Equal(t, Cell{KindNumber, "-1"}, day.cell("-1", loc, false))
}

func TestSheets(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	for _, name := range []string{"Outlet", "Lain"} {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
	}
	require.NoError(t, f.SetSheetVisible("Outlet", true))
	f.SetActiveSheet(1)
	require.NoError(t, f.SetSheetVisible("Sheet1", false))
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"hidden"}))
	require.NoError(t, f.SetSheetRow("Outlet", "A1", &[]any{"id", "code"}))
	require.NoError(t, f.SetSheetRow("Outlet", "A2", &[]any{1, "A"}))
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	assert.Equal(t, []string{"1=A"}, idsAndCodes(t, b.String(), ReadOptions{}))
	_, problems := readAll(t, b.String(), ReadOptions{Sheet: "lain"})
	assert.Equal(t, []string{`file: the sheet "Lain" is empty; the sheets are "Outlet", "Lain"`}, problems)
	_, problems = readAll(t, b.String(), ReadOptions{Sheet: "x"})
	assert.Equal(t, []string{`file: there is no sheet "x"; the sheets are "Outlet", "Lain"`}, problems)
	_, problems = readAll(t, b.String(), ReadOptions{Columns: []Column{{Name: "total"}}})
	assert.Equal(t, []string{`file: sheet "Outlet", one of "Outlet", "Lain": row 1: there is no column "total"; the columns are "id", "code"`}, problems)
}

func TestDamagedAndOtherZipFiles(t *testing.T) {
	t.Parallel()
	with := func(name, content string) string {
		parts := aBook(bookRows)
		parts[name] = content
		return zipOf(t, parts)
	}
	whole := zipOf(t, aBook(bookRows))
	for want, file := range map[string]string{
		"is an Excel workbook (.xlsx) or an archive, and is damaged or not whole": whole[:len(whole)-30],
		"the file is an archive of files":                                         zipOf(t, map[string]string{"a.csv": "id,code\n"}),
		"an OpenDocument spreadsheet (.ods)":                                      zipOf(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
		"a binary Excel workbook (.xlsb)":                                         with("xl/workbook.bin", ""),
		"a document, not a table":                                                 zipOf(t, map[string]string{"[Content_Types].xml": "", "word/document.xml": ""}),
		`the sheet "Outlet" ends in the middle, after row 2`:                      with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2"><c><v>1</v></c></row>`),
		`the sheet "Outlet" can't be read after row 2`:                            with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2"><c><v>1<</v></c></row>`),
		`the workbook is damaged: it has no text 7`:                               with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2"><c t="s"><v>7</v></c></row>`),
		`the workbook's part "xl/styles.xml" can't be read`:                       with("xl/styles.xml", "<a><b></a>"),
		"made to fill memory":                                                     with("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+strings.Repeat(strings.Repeat(" ", 100_000)+"<row/>", 400)),
		"a row is longer than":                                                    with("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="2">`+strings.Repeat(`<c><v>12</v></c>`, 100_000)),
	} {
		_, problems := readAll(t, file, ReadOptions{MaxRow: 100_000})
		require.Len(t, problems, 1, want)
		assert.Contains(t, problems[0], want)
		assert.NotContains(t, problems[0], "\n")
	}
	_, problems := readAll(t, whole, ReadOptions{Format: CSV})
	assert.Equal(t, []string{"file: the file is an Excel workbook (.xlsx), not CSV"}, problems)
	_, problems = readAll(t, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 5000)+utf16Of("EncryptedPackage", "UTF-16LE without BOM"), ReadOptions{})
	assert.Equal(t, []string{"file: the file is an Excel workbook locked with a password; save it without"}, problems)
}

func TestXLSXIsWritten(t *testing.T) {
	t.Parallel()
	file := write(t, WriteOptions{Format: XLSX, Sheet: "Order [1/2]"}, []string{"id", "code", "total", "at", "day", "ok"},
		[]Cell{Int(12345678901234567), Text("00012"), Number("-1.50"), Time(noon), Date("2026-02-09"), Bool(true)},
		[]Cell{Int(7), Text("=1+1"), Number("1e5"), Time(noon.Add(time.Microsecond)), Date("1850-01-01"), {}})
	f, err := excelize.OpenReader(strings.NewReader(file))
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, []string{"Order -1-2-"}, f.GetSheetList())
	shown := map[string]string{
		"A1": "id", "A2": "12345678901234567", "B2": "00012", "C2": "-1.5", "D2": "09/02/2026 12:05:30", "E2": "09/02/2026", "F2": "TRUE",
		"A3": "7", "B3": "=1+1", "C3": "100000", "D3": "2026-02-09T12:05:30.000001+07:00", "E3": "1850-01-01", "F3": "",
	}
	kinds := map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "A3": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "D2": excelize.CellTypeUnset, "B2": excelize.CellTypeInlineString, "F2": excelize.CellTypeBool}
	for ref, want := range shown {
		got, err := f.GetCellValue("Order -1-2-", ref)
		require.NoError(t, err)
		assert.Equal(t, want, got, ref)
		formula, err := f.GetCellFormula("Order -1-2-", ref)
		require.NoError(t, err)
		assert.Empty(t, formula, ref)
		if kind, ok := kinds[ref]; ok {
			got, err := f.GetCellType("Order -1-2-", ref)
			require.NoError(t, err)
			assert.Equal(t, kind, got, ref)
		}
	}
	panes, err := f.GetPanes("Order -1-2-")
	require.NoError(t, err)
	assert.True(t, panes.Freeze)
	style, err := f.GetCellStyle("Order -1-2-", "A1")
	require.NoError(t, err)
	bold, err := f.GetStyle(style)
	require.NoError(t, err)
	assert.True(t, bold.Font.Bold)
}

func TestXLSXTellsWhatItCouldNotHold(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w, err := Create(&b, []string{"id", "text"}, WriteOptions{Format: XLSX})
	require.NoError(t, err)
	require.NoError(t, w.Write(Int(1), Text("a\x00b\x1fc\xffd")))
	require.NoError(t, w.Write(Int(2), Text(strings.Repeat("x", cellChars))))
	require.NoError(t, w.Write(Int(3), Text(strings.Repeat("x", cellChars-1)+"😀")))
	require.NoError(t, w.Close())
	var notes []string
	for _, note := range w.Notes() {
		notes = append(notes, note.String())
	}
	assert.Equal(t, []string{
		"1 cell had characters that a workbook can't hold; each is U+FFFD (�) there",
		`1 cell had more than the 32,767 characters that a cell of Excel holds and is cut, the first in row 4, column "text"; CSV and JSON Lines hold all`,
	}, notes)
	rows := readBack(t, b.String(), ReadOptions{})
	assert.Equal(t, "a�b�c�d", rows[0][1].Text)
	assert.Len(t, rows[1][1].Text, cellChars)
	assert.Equal(t, strings.Repeat("x", cellChars-1), rows[2][1].Text)
}

func TestALongTableGoesOnInFurtherSheets(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	form, err := newXLSXForm(&b, []string{"id", "code"}, WriteOptions{Location: wib})
	require.NoError(t, err)
	form.most = 3
	for i := range 7 {
		require.NoError(t, form.row([]Cell{Int(int64(i)), Text(fmt.Sprint("A", i))}))
	}
	require.NoError(t, form.finish())
	assert.Equal(t, []string{"0=A0", "1=A1", "2=A2", "3=A3", "4=A4", "5=A5", "6=A6"}, idsAndCodes(t, b.String(), ReadOptions{}))
	assert.Equal(t, []string{"2=A2", "3=A3"}, idsAndCodes(t, b.String(), ReadOptions{Sheet: "Data 2"}))
}

func TestAFailedWorkbookIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	w, err := Create(fullDisk{}, []string{"id"}, WriteOptions{Format: XLSX, TempDir: temp})
	require.NoError(t, err)
	for range 20 {
		require.NoError(t, w.Write(Text(strings.Repeat("x", 1<<20)[:30000])))
	}
	require.ErrorContains(t, w.Close(), "no space")
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	assert.Empty(t, left)
}
