package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// A form says how the records become a file.
type form struct {
	kind    *kind
	write   sheet.WriteOptions
	columns []string // those that were asked for by -columns; nil for the kind's own
	extra   []string // more of them
	all     bool     // every other field of the records too
	items   string   // the list of which each item has a row of its own; "" for a row a record
}

// isWhole reports whether each record goes out as it came.
func (f *form) isWhole() bool {
	return f.write.Format == sheet.JSONLines && f.columns == nil && f.extra == nil && !f.all && f.items == ""
}

// learns reports whether the columns are known only once all records are.
func (f *form) learns() bool { return f.all || f.items != "" && f.columns == nil }

// heads returns the columns that are known before any record is.
func (f *form) heads() []string {
	if f.columns != nil {
		return f.columns
	}
	return slices.Concat(f.kind.columns, f.extra)
}

// learn returns all columns: those that the records have are behind the others.
func (f *form) learn(each func(func(line []byte) error) error) ([]string, error) {
	heads := f.heads()
	if !f.learns() {
		return heads, nil
	}
	var fields sheet.Fields
	err := each(func(line []byte) error {
		return f.objects(line, func(object []byte) error { return fields.Learn(object) })
	})
	if err != nil {
		return nil, err
	}
	for _, name := range fields.Heads() {
		if (f.all || f.items != "" && f.isItem(name)) && !slices.Contains(heads, name) {
			heads = append(heads, name)
		}
	}
	return heads, nil
}

// isItem reports whether a column is of the items.
func (f *form) isItem(head string) bool {
	return head == f.items || strings.HasPrefix(head, f.items+".")
}

// objects calls each with what makes a row: the record, or each of its items.
func (f *form) objects(line []byte, each func(object []byte) error) error {
	if f.items == "" {
		return each(line)
	}
	objects, err := sheet.Explode(line, f.items)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if err := each(object); err != nil {
			return err
		}
	}
	return nil
}

// A table writes records as rows.
type table struct {
	form   *form
	out    countingWriter
	whole  *bufio.Writer // where records go as they came
	to     *sheet.Writer // else
	heads  []string
	at     map[string]int      // by head
	nested map[string][]string // heads within a field, by its name
	met    []bool              // by head: a record had such a field
	cells  []sheet.Cell
	in     *jsontext.Decoder
	rows   int64
}

// newTable begins a table.
func (f *form) newTable(out io.Writer, heads []string) (*table, error) {
	t := &table{form: f, out: countingWriter{w: out}, heads: heads, at: map[string]int{}, nested: map[string][]string{}, in: jsontext.NewDecoder(bytes.NewReader(nil))}
	if f.isWhole() {
		t.whole = bufio.NewWriterSize(&t.out, 64<<10)
		return t, nil
	}
	for i, head := range heads {
		t.at[head] = i
		for n := range head {
			if head[n] == '.' {
				t.nested[head[:n]] = append(t.nested[head[:n]], head)
				break
			}
		}
	}
	t.met, t.cells = make([]bool, len(heads)), make([]sheet.Cell, len(heads))
	var err error
	t.to, err = sheet.Create(&t.out, heads, f.write)
	return t, err
}

// record writes a record's line.
func (t *table) record(line []byte) error {
	if t.to == nil {
		t.rows++
		if _, err := t.whole.Write(line); err != nil {
			return err
		}
		return t.whole.WriteByte('\n')
	}
	return t.form.objects(line, t.row)
}

// row writes a row.
func (t *table) row(object []byte) error {
	clear(t.cells)
	t.in.Reset(bytes.NewReader(object), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if _, err := t.in.ReadToken(); err != nil {
		return err
	}
	for t.in.PeekKind() == '"' {
		token, err := t.in.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		value, err := t.in.ReadValue()
		if err != nil {
			return err
		}
		within := t.nested[name]
		if at, ok := t.at[name]; ok && (within == nil || t.form.names(name) || !hasMembers(value)) {
			t.cells[at], t.met[at] = t.form.cell(name, json.RawMessage(value)), true
		}
		if within != nil {
			if err := t.inside(name, held(value)); err != nil {
				return err
			}
		}
	}
	t.rows++
	return t.to.Write(t.cells...)
}

// names reports whether a column was asked for by its name.
func (f *form) names(head string) bool {
	return slices.Contains(f.columns, head) || slices.Contains(f.extra, head)
}

// hasMembers reports whether a value is an object or list that is not empty.
func hasMembers(value jsontext.Value) bool {
	kind := value.Kind()
	return (kind == '{' || kind == '[') && len(value) > 1 && len(bytes.TrimSpace(value[1:len(value)-1])) > 0
}

// held returns the object or the list that a text holds, as that of json_data does, or the
// value itself.
func held(value jsontext.Value) jsontext.Value {
	if value.Kind() != '"' {
		return value
	}
	text, err := jsontext.AppendUnquote(nil, value)
	inner := jsontext.Value(bytes.TrimSpace(text))
	if err != nil || !hasMembers(inner) || !inner.IsValid() {
		return value
	}
	return inner
}

// inside writes the cells of the fields that are inside of one.
func (t *table) inside(name string, value jsontext.Value) error {
	quoted, err := jsontext.AppendQuote(nil, name)
	if err != nil {
		return err
	}
	object := slices.Concat([]byte{'{'}, quoted, []byte{':'}, []byte(value), []byte{'}'})
	return sheet.Flatten(object, func(path string, cell sheet.Cell) error {
		if at, ok := t.at[path]; ok {
			t.cells[at], t.met[at] = t.form.decimal(cell), true
		}
		return nil
	})
}

// cell returns the cell of a field. The kind's own columns have kinds of their own.
func (f *form) cell(name string, value json.RawMessage) sheet.Cell {
	cell := sheet.JSON(value)
	if !slices.Contains(f.kind.columns, name) {
		return f.decimal(cell)
	}
	switch {
	case cell.Kind == sheet.KindNumber && cell.Text == "0": // an id that the server did not send
		return sheet.Cell{}
	case cell.Kind != sheet.KindText:
	case strings.HasSuffix(name, "_at"):
		if at, err := time.Parse(time.RFC3339Nano, cell.Text); err == nil {
			return sheet.Time(at)
		}
	case strings.HasPrefix(name, "date_"):
		return sheet.Date(cell.Text)
	}
	return cell
}

// decimal makes a number of a text like "1500.50", which is how PHP sends sums of money,
// where a spreadsheet is to reckon with it. Other digits may be a code, or a telephone's.
func (f *form) decimal(cell sheet.Cell) sheet.Cell {
	if f.write.Excel || f.write.Format == sheet.XLSX {
		if cell.Kind == sheet.KindText && sum.MatchString(cell.Text) {
			return sheet.Number(cell.Text)
		}
	}
	return cell
}

var sum = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,10})\.[0-9]{2,4}$`)

// close ends the table.
func (t *table) close() error {
	if t.to == nil {
		return t.whole.Flush()
	}
	return t.to.Close()
}

// flush writes what is there of a table that is not complete.
func (t *table) flush() error {
	if t.to == nil {
		return t.whole.Flush()
	}
	return t.to.Flush()
}

// bytes returns how many were written.
func (t *table) bytes() int64 { return t.out.n }

// A countingWriter counts what is written.
type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// notes returns what could not be written as it was.
func (t *table) notes() []lang.Text {
	if t.to == nil {
		return nil
	}
	return t.to.Notes()
}

// unmet returns the columns that were asked for and that no record had.
func (t *table) unmet() (names []string) {
	if t.to == nil || t.rows == 0 {
		return nil
	}
	for i, head := range t.heads {
		if !t.met[i] && (t.form.columns != nil || slices.Contains(t.form.extra, head)) {
			names = append(names, head)
		}
	}
	if t.form.items != "" && t.form.columns == nil && !slices.ContainsFunc(t.heads, t.form.isItem) {
		names = append(names, t.form.items)
	}
	return names
}
