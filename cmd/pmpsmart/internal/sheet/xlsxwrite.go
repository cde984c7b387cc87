package sheet

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// What Excel holds: rows and columns of a sheet, characters of a cell in UTF-16.
const (
	sheetRows    = 1_048_576
	sheetColumns = 16_384
	cellChars    = 32_767
)

// An xlsxForm writes a workbook. Its rows wait in temporary files until it is closed.
type xlsxForm struct {
	out   io.Writer
	o     WriteOptions
	file  *excelize.File
	sheet *excelize.StreamWriter
	heads []string
	n     int // sheets
	at    int // the sheet's last row
	most  int // rows of a sheet
	style struct{ head, text, day, time, millis int }
	cells []any

	replaced, cut int64 // cells
	firstCut      lang.Text
}

func newXLSXForm(out io.Writer, heads []string, o WriteOptions) (*xlsxForm, error) {
	if len(heads) > sheetColumns {
		return nil, lang.Errorf("a workbook holds %s, and the table has %s", lang.Count(sheetColumns, "column"), lang.Number(len(heads)))
	}
	if o.Sheet == "" {
		o.Sheet = "Data"
	}
	f := &xlsxForm{out: out, o: o, heads: heads, most: sheetRows, file: excelize.NewFile(excelize.Options{TmpDir: o.TempDir})}
	err := errors.Join(
		f.file.SetDocProps(&excelize.DocProperties{Creator: "pmpsmart", LastModifiedBy: "pmpsmart"}),
		f.newStyle(&f.style.head, excelize.Style{Font: &excelize.Font{Bold: true}}),
		f.newStyle(&f.style.text, excelize.Style{NumFmt: 49}),
		f.newStyle(&f.style.day, excelize.Style{CustomNumFmt: new("dd/mm/yyyy")}),
		f.newStyle(&f.style.time, excelize.Style{CustomNumFmt: new("dd/mm/yyyy hh:mm:ss")}),
		f.newStyle(&f.style.millis, excelize.Style{CustomNumFmt: new("dd/mm/yyyy hh:mm:ss.000")}),
	)
	if err == nil {
		err = f.begin()
	}
	if err != nil {
		return nil, errors.Join(err, f.file.Close())
	}
	return f, nil
}

func (f *xlsxForm) newStyle(id *int, style excelize.Style) (err error) {
	*id, err = f.file.NewStyle(&style)
	return err
}

// sheetName returns the name of the n-th sheet of a table.
func sheetName(name string, n int) string {
	const most = 31
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '-'
		}
		return r
	}, strings.Trim(name, "'"))
	number := ""
	if n > 1 {
		number = fmt.Sprint(" ", n)
	}
	units := utf16.Encode([]rune(name))
	return string(utf16.Decode(units[:min(len(units), most-len(number))])) + number
}

// begin begins a sheet with its heads, which stay in sight.
func (f *xlsxForm) begin() (err error) {
	f.n++
	name := sheetName(f.o.Sheet, f.n)
	if f.n == 1 {
		err = f.file.SetSheetName("Sheet1", name)
	} else {
		_, err = f.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if f.sheet, err = f.file.NewStreamWriter(name); err != nil {
		return err
	}
	const narrowest, widest = 20, 60 // a time that does not fit is shown as #####
	for i, head := range f.heads {
		width := float64(min(max(utf8.RuneCountInString(head)+2, narrowest), widest))
		if err := f.sheet.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := f.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	f.at = 0
	cells := make([]any, len(f.heads))
	for i, head := range f.heads {
		cells[i] = excelize.Cell{StyleID: f.style.head, Value: f.text(head, i)}
	}
	return f.set(cells)
}

func (f *xlsxForm) set(cells []any) error {
	f.at++
	return f.sheet.SetRow("A"+strconv.Itoa(f.at), cells)
}

func (f *xlsxForm) row(cells []Cell) error {
	if f.at >= f.most {
		if err := f.sheet.Flush(); err != nil {
			return err
		}
		if err := f.begin(); err != nil {
			return err
		}
	}
	f.cells = f.cells[:0]
	for i, cell := range cells {
		f.cells = append(f.cells, f.value(cell, i))
	}
	return f.set(f.cells)
}

// value returns a cell as Excel has it. What Excel would not keep is a text: a number of more
// than 15 digits, a time before 1900 or finer than it shows.
func (f *xlsxForm) value(cell Cell, column int) any {
	switch cell.Kind {
	case KindEmpty:
		return nil
	case KindBool:
		return cell.Text == "true"
	case KindNumber:
		if n, err := strconv.ParseFloat(cell.Text, 64); err == nil && significant(cell.Text) <= excelDigits {
			return n
		}
		return excelize.Cell{StyleID: f.style.text, Value: f.text(cell.Text, column)}
	case KindDate:
		if t, err := time.Parse(time.DateOnly, cell.Text); err == nil && isExcelTime(t) {
			return excelize.Cell{StyleID: f.style.day, Value: serial(t)}
		}
	case KindTime:
		if t, ok := local(cell, f.o.Location); ok {
			return f.moment(t, column)
		}
	}
	text := f.text(cell.Text, column)
	if isDigits(text) || excelChanges(text) { // stays a text when it is edited
		return excelize.Cell{StyleID: f.style.text, Value: text}
	}
	if text == "" {
		return nil
	}
	return text
}

func (f *xlsxForm) moment(t time.Time, column int) any {
	switch nanos := t.Nanosecond(); {
	case !isExcelTime(t) || nanos%1e6 != 0:
		return f.text(t.Format(time.RFC3339Nano), column)
	case nanos != 0:
		return excelize.Cell{StyleID: f.style.millis, Value: serial(t)}
	}
	return excelize.Cell{StyleID: f.style.time, Value: serial(t)}
}

// isExcelTime reports whether Excel knows a time: one from March 1900, since it has a
// February 29 in that year, to 9999.
func isExcelTime(t time.Time) bool {
	return t.Year() > 1900 && t.Year() < 10_000 || t.Year() == 1900 && t.Month() > time.February
}

// serial returns the number of days since the end of 1899 by the clock of t.
func serial(t time.Time) float64 {
	year, month, day := t.Date()
	days := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86_400 + 25_569
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return float64(days) + clock.Hours()/24
}

// significant counts the digits of a number that Excel has to keep.
func significant(number string) int {
	mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
	mantissa = strings.TrimLeft(mantissa, "-0.")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(mantissa, "0")
	}
	return digits(mantissa)
}

// text makes a text one that a workbook can hold, and counts what it had to change.
func (f *xlsxForm) text(text string, column int) string {
	legal := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
	if legal != text {
		f.replaced++
	}
	if len(legal) <= cellChars {
		return legal
	}
	units := 0
	for i, r := range legal {
		if units += utf16.RuneLen(r); units > cellChars {
			if f.cut++; f.cut == 1 {
				f.firstCut = lang.T("row %d, column %q", f.at+1, shorten(f.heads[column], 40))
			}
			return legal[:i]
		}
	}
	return legal
}

func (f *xlsxForm) notes() (notes []lang.Text) {
	if f.replaced > 0 {
		notes = append(notes, lang.T("%s had characters that a workbook can't hold; each is U+FFFD (�) there", lang.Count(f.replaced, "cell")))
	}
	if f.cut > 0 {
		notes = append(notes, lang.T("%s had more than the %s characters that a cell of Excel holds and is cut, the first in %s; CSV and JSON Lines hold all", lang.Count(f.cut, "cell"), lang.Number(cellChars), f.firstCut))
	}
	return notes
}

func (f *xlsxForm) flush() error { return nil }

// finish writes the workbook as it is put together: by itself excelize would do that in
// memory.
func (f *xlsxForm) finish() error {
	out := bufio.NewWriterSize(f.out, windowSize)
	f.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(out) })
	err := f.sheet.Flush()
	if err == nil {
		err = f.file.Write(io.Discard)
	}
	return errors.Join(err, out.Flush(), f.file.Close())
}
