package sheet

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// WriteOptions say how a table is written. The zero value is CSV for programs: commas,
// UTF-8, times as RFC 3339.
type WriteOptions struct {
	Format Format // CSV, JSONLines or XLSX; default CSV

	// Excel writes the CSV that Excel in Indonesia opens by a double click: with a
	// byte-order mark, semicolons and CR LF, times as 09/02/2026 14:05:30 in Location,
	// decimals with a comma, and as ="00012" what Excel would make another value of.
	Excel     bool
	Separator rune           // of CSV; default a comma, for Excel a semicolon
	Raw       bool           // leaves out CSV's apostrophe before what a spreadsheet would run
	Append    bool           // goes on with a file: no byte-order mark and no heads; not for XLSX
	Sheet     string         // the name of a workbook's sheet; default "Data"
	Location  *time.Location // of times; default WIB, UTC+7
	TempDir   string         // for a workbook that is large; default the system's
}

// FormatOf returns the format that a file's name stands for, or "" if it stands for
// none.
func FormatOf(path string) Format {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt":
		return CSV
	case ".jsonl", ".ndjson":
		return JSONLines
	case ".xlsx":
		return XLSX
	}
	return Auto
}

// A Writer writes a table row by row. It is for one goroutine.
type Writer struct {
	heads int
	form  form
	err   error
}

// A form is how a format writes rows.
type form interface {
	row(cells []Cell) error
	flush() error
	finish() error
	notes() []lang.Text
}

// Create begins a table with these heads. It buffers what it writes: the table is whole
// once Close returned nil. Close does not close out.
func Create(out io.Writer, heads []string, o WriteOptions) (*Writer, error) {
	if o.Location == nil {
		o.Location = wib
	}
	if err := checkHeads(heads, o); err != nil {
		return nil, err
	}
	w := &Writer{heads: len(heads)}
	var err error
	switch o.Format {
	case CSV, Auto:
		w.form, err = newCSVForm(out, heads, o)
	case JSONLines:
		w.form = newJSONForm(out, heads, o)
	case XLSX:
		w.form, err = newXLSXForm(out, heads, o)
	default:
		err = lang.Errorf("can't write %q; it can be csv, jsonl or xlsx", string(o.Format))
	}
	return w, err
}

// checkHeads refuses heads by which a column would not be found again.
func checkHeads(heads []string, o WriteOptions) error {
	seen := map[string]bool{}
	for _, head := range heads {
		if seen[head] {
			return lang.Errorf("two columns would be called %q", head)
		}
		seen[head] = true
	}
	switch {
	case len(heads) == 0:
		return lang.Errorf("a table needs a column")
	case o.Excel && o.Format != CSV && o.Format != Auto:
		return lang.Errorf("the form for Excel is one of CSV, not of %s", string(o.Format))
	case o.Append && o.Format == XLSX:
		return lang.Errorf("a workbook can't be gone on with")
	case strings.ContainsRune("\"\r\n"+string(utf8.RuneError), o.Separator) && o.Separator != 0:
		return lang.Errorf("%q can't separate cells; take one character such as ;", string(o.Separator))
	}
	return nil
}

// Write writes a row: a cell for each head.
func (w *Writer) Write(cells ...Cell) error {
	if w.err != nil {
		return w.err
	}
	if len(cells) != w.heads {
		return lang.Errorf("the row has %s, and there are %d heads", lang.Count(int64(len(cells)), "cell"), w.heads)
	}
	w.err = w.form.row(cells)
	return w.err
}

// Flush hands on to out what was written, so that a file is whole up to here. Of a
// workbook it does nothing: that is written by Close.
func (w *Writer) Flush() error {
	if w.err == nil {
		w.err = w.form.flush()
	}
	return w.err
}

// Close ends the table.
func (w *Writer) Close() error {
	w.err = errors.Join(w.err, w.form.finish())
	if w.err != nil {
		return w.err
	}
	w.err = lang.Errorf("the table is closed")
	return nil
}

// Notes returns what could not be written as it was, such as a text that is longer than
// a cell of Excel may be. It is complete after Close.
func (w *Writer) Notes() []lang.Text { return w.form.notes() }

// local puts a moment into the writer's zone.
func local(cell Cell, loc *time.Location) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, cell.Text)
	return t.In(loc), err == nil
}
