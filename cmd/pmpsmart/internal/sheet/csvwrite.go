package sheet

import (
	"bufio"
	"io"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A csvForm writes CSV as RFC 4180 has it.
type csvForm struct {
	out  *bufio.Writer
	o    WriteOptions
	sep  string
	end  string
	line []byte
	rows int64
}

func newCSVForm(out io.Writer, heads []string, o WriteOptions) (*csvForm, error) {
	f := &csvForm{out: bufio.NewWriterSize(out, windowSize), o: o, sep: ",", end: "\n"}
	if o.Excel {
		f.sep, f.end = ";", "\r\n"
	}
	if o.Separator != 0 {
		f.sep = string(o.Separator)
	}
	if o.Append {
		return f, nil
	}
	if o.Excel {
		f.out.WriteString("\ufeff")
	}
	cells := make([]Cell, len(heads))
	for i, head := range heads {
		cells[i] = Text(head)
	}
	return f, f.row(cells)
}

func (f *csvForm) row(cells []Cell) error {
	f.rows++
	f.line = f.line[:0]
	for i, cell := range cells {
		if i > 0 {
			f.line = append(f.line, f.sep...)
		}
		f.line = f.append(f.line, f.text(cell))
	}
	if len(strings.Trim(string(f.line), " "+f.sep)) == 0 { // or it would be read as a blank line
		f.line = append([]byte(`""`), f.line...)
	}
	_, err := f.out.Write(append(f.line, f.end...))
	return err
}

// text returns what a cell's field says.
func (f *csvForm) text(cell Cell) string {
	switch cell.Kind {
	case KindTime:
		if t, ok := local(cell, f.o.Location); ok {
			return f.moment(t)
		}
	case KindDate:
		if t, err := time.Parse(time.DateOnly, cell.Text); err == nil && f.o.Excel {
			return t.Format("02/01/2006")
		}
		return cell.Text
	case KindNumber:
		if isJSONNumber(cell.Text) {
			return f.number(cell.Text)
		}
	case KindEmpty:
		return ""
	case KindBool:
		return cell.Text
	}
	if f.o.Raw {
		return cell.Text
	}
	if f.o.Excel && excelChanges(cell.Text) {
		return `="` + strings.ReplaceAll(cell.Text, `"`, `""`) + `"`
	}
	return guard(cell.Text)
}

func (f *csvForm) moment(t time.Time) string {
	if !f.o.Excel {
		return t.Format(time.RFC3339Nano)
	}
	return t.Format("02/01/2006 15:04:05,999999999")
}

// number returns a number as it is written or, for Excel, with a comma; one that Excel would
// round is a text.
func (f *csvForm) number(text string) string {
	switch {
	case !f.o.Excel:
		return text
	case strings.ContainsAny(text, "eE") || digits(text) > excelDigits:
		return `="` + text + `"`
	}
	return strings.Replace(text, ".", ",", 1)
}

// excelDigits is how many digits of a number Excel keeps.
const excelDigits = 15

func digits(text string) (n int) {
	for i := range len(text) {
		if isDigit(text[i]) {
			n++
		}
	}
	return n
}

// append appends a field, in quotes if it holds what any program may take for a
// separator.
func (f *csvForm) append(to []byte, text string) []byte {
	if !f.needsQuotes(text) {
		return append(to, text...)
	}
	to = append(to, '"')
	for {
		before, after, found := strings.Cut(text, `"`)
		to = append(to, before...)
		if !found {
			return append(to, '"')
		}
		to, text = append(to, `""`...), after
	}
}

func (f *csvForm) needsQuotes(text string) bool {
	if text == "" {
		return false
	}
	if text == `\.` { // PostgreSQL takes it for the end of the data
		return true
	}
	if strings.ContainsAny(text, ",;\t|\"\r\n\x00") || strings.Contains(text, f.sep) {
		return true
	}
	first, last := text[0], text[len(text)-1]
	return first == ' ' || last == ' ' || strings.EqualFold(text[:min(4, len(text))], "sep=")
}

func (f *csvForm) flush() error { return f.out.Flush() }

func (f *csvForm) finish() error { return f.out.Flush() }

func (f *csvForm) notes() []lang.Text {
	if f.o.Excel && f.rows > sheetRows {
		return []lang.Text{lang.T("Excel shows no more than the first %s of the file", lang.Count(sheetRows, "row"))}
	}
	return nil
}
