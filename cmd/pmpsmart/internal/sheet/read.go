package sheet

import (
	"errors"
	"io"
	"iter"
	"os"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A Format is a form that a table has as a file.
type Format string

// The formats.
const (
	Auto      Format = ""      // found by content
	CSV       Format = "csv"   // with any separator
	JSONLines Format = "jsonl" // an object a line, or objects that take several
	JSONArray Format = "json"  // a list of objects; only for reading
	XLSX      Format = "xlsx"  // Excel's since 2007
)

// ReadOptions say how a file is read. The zero value finds everything out and wants
// no column in particular.
type ReadOptions struct {
	Format    Format            // refuses a file of another; default Auto
	Sheet     string            // of a workbook; default the first that is shown
	Separator rune              // of CSV; default found
	Columns   []Column          // looked for, for Row.Get; default none
	Mapping   map[string]string // column → head, from ParseMapping; default none

	// Headless reports whether the first row of CSV or of a workbook, in which no
	// wanted column was found, is a row of data; the columns are then the wanted ones
	// in their order. Default nil: a file without heads is refused.
	Headless func(cells []Cell) bool

	Whole    bool           // leaves objects and lists of JSON whole; default: as columns like items.0.qty
	Raw      bool           // leaves CSV's apostrophes before formulas and ="…"; default: takes them away
	Location *time.Location // of times that a workbook has; default WIB, UTC+7
	GiveUp   int            // after that many bad rows at the start the file is the wrong one; default 20

	MaxCell    int   // bytes of a cell of CSV; default 1 MiB
	MaxRow     int   // bytes of a row; default 16 MiB
	MaxColumns int   // default 16,384
	MaxSize    int64 // bytes of a compressed file once it is unpacked; default 8 GiB
}

// wib is the zone of times without one.
var wib = time.FixedZone("WIB", 7*3600)

func (o ReadOptions) withDefaults() ReadOptions {
	if o.Location == nil {
		o.Location = wib
	}
	for _, bound := range []struct {
		n     *int
		usual int
	}{{&o.GiveUp, 20}, {&o.MaxCell, 1 << 20}, {&o.MaxRow, 16 << 20}, {&o.MaxColumns, 16_384}} {
		if *bound.n <= 0 {
			*bound.n = bound.usual
		}
	}
	if o.MaxSize <= 0 {
		o.MaxSize = 8 << 30
	}
	return o
}

// A Reader reads a table row by row. It is for one goroutine.
type Reader struct {
	name      string
	o         ReadOptions
	format    Format
	encoding  string
	separator string // of CSV
	sheet     string
	sheets    []string
	heads     []string
	headLine  int
	choice    *choice
	rows      rowSource
	close     []func() error
}

// A rowSource gives the rows of a format, io.EOF after the last. A [*RowError] is of
// one row alone, and the next may be asked for.
type rowSource interface{ next() (Row, error) }

// A Row is a row of a table.
type Row struct {
	Line  int    // the line or row of the file where it begins, from 1; of a JSON array the item
	Sheet string // of a workbook
	Cells []Cell // by Reader.Heads; the row's own
	JSON  []byte // of JSON, the object as the file has it; the row's own

	choice *choice
}

// Get returns the cell of a wanted column: an empty one where the file lacks the column
// or the row the cell.
func (r Row) Get(column string) Cell {
	if r.choice == nil {
		return Cell{}
	}
	if at := r.choice.index(column); at >= 0 && at < len(r.Cells) {
		return r.Cells[at]
	}
	return Cell{}
}

// A RowError is of one row: the others can be read.
type RowError struct {
	Line int // as Row has it
	Err  error

	unit  unit
	sheet string // where the table began in another
}

// A unit is what the rows of a file are counted in.
type unit uint8

const (
	lines unit = iota
	rowsOfSheet
	items
)

// In returns the message in a language.
func (e *RowError) In(l lang.Language) string {
	switch e.unit {
	case rowsOfSheet:
		if e.sheet != "" {
			return l.Sprintf("sheet %q, row %d: %w", e.sheet, e.Line, e.Err)
		}
		return l.Sprintf("row %d: %w", e.Line, e.Err)
	case items:
		return l.Sprintf("item %d: %w", e.Line, e.Err)
	}
	return l.Sprintf("line %d: %w", e.Line, e.Err)
}

// Error returns the message in English.
func (e *RowError) Error() string { return e.In(lang.English) }

// Unwrap returns what is wrong with the row.
func (e *RowError) Unwrap() error { return e.Err }

// Open opens a file, which may be a pipe or /dev/stdin. Its errors name it.
func Open(path string, o ReadOptions) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := New(path, file, o)
	if err != nil {
		file.Close()
		return nil, err
	}
	r.close = append(r.close, file.Close)
	return r, nil
}

// New reads a table from in, which it calls name in errors. It reads ahead, and finds
// out the format, the separator and the heads. Close does not close in.
func New(name string, in io.Reader, o ReadOptions) (*Reader, error) {
	r := &Reader{name: name, o: o.withDefaults()}
	var err error
	if r.choice, err = newChoice(o.Columns, o.Mapping); err != nil {
		return nil, err // of the command line, not of the file
	}
	if err := r.open(in); err != nil {
		return nil, errors.Join(lang.Errorf("%s: %w", name, err), r.Close())
	}
	return r, nil
}

// Name returns the name that New was given, or Open's path.
func (r *Reader) Name() string { return r.name }

// Format returns what the file turned out to be.
func (r *Reader) Format() Format { return r.format }

// Encoding returns how the text is encoded as far as it was read: "UTF-8", "UTF-16" or
// "Windows-1252", which is what a text counts as that is not UTF-8; "" of a workbook.
func (r *Reader) Encoding() string { return r.encoding }

// Sheet returns the name of the workbook's sheet, or "".
func (r *Reader) Sheet() string { return r.sheet }

// Sheets returns the names of all sheets that a workbook shows.
func (r *Reader) Sheets() []string { return r.sheets }

// Heads returns the heads, by which Row.Cells are in order. Those of JSON grow as rows
// are read. It is nil in a file without heads.
func (r *Reader) Heads() []string { return r.heads }

// HeadLine returns the line or row of the heads, or 0 without.
func (r *Reader) HeadLine() int { return r.headLine }

// At returns where a wanted column is among Row.Cells, or -1 where the file lacks it as
// far as it was read.
func (r *Reader) At(column string) int { return r.choice.index(column) }

// Has reports whether the file has a wanted column, as far as it was read.
func (r *Reader) Has(column string) bool { return r.At(column) >= 0 }

// Rows returns the rows. A [*RowError] is of one row, and the rows after it follow; any
// other error ends them. Where the first ReadOptions.GiveUp rows are all bad, these are
// told in one error that ends the rows: it is the wrong file. Rows can be read once.
func (r *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		doubt := Doubt{Most: r.o.GiveUp}
		for {
			row, err := r.rows.next()
			if errors.Is(err, io.EOF) {
				break
			}
			var bad *RowError
			if err != nil && !errors.As(err, &bad) {
				yield(Row{}, lang.Errorf("%s: %w", r.name, err))
				return
			}
			held, wrong := doubt.Row(err)
			if wrong != nil {
				yield(Row{}, lang.Errorf("%s: %w", r.name, wrong))
				return
			}
			if !each(held, yield) || err == nil && !yield(row, nil) {
				return
			}
		}
		each(doubt.Rest(), yield)
	}
}

func each(errs []error, yield func(Row, error) bool) bool {
	for _, err := range errs {
		if !yield(Row{}, err) {
			return false
		}
	}
	return true
}

// Close ends the reading. It closes what Open opened and removes temporary files.
func (r *Reader) Close() error {
	var errs []error
	for _, end := range r.close {
		errs = append(errs, end())
	}
	r.close = nil
	return errors.Join(errs...)
}
