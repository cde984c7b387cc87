package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A jsonTable makes rows of JSON objects. Its heads grow as objects bring new fields.
type jsonTable struct {
	r       *Reader
	objects objectSource
	at      map[string]int // by head
	seen    []int          // by column: the last object that had it
	n       int            // objects
	unfit   error          // of the wanted columns, by the heads so far
	unit    unit
	first   []read
}

// An objectSource gives JSON values, each with its line or number, until io.EOF. What it
// returns is valid until the next call.
type objectSource interface {
	next() (value []byte, line int, err error)
}

// openJSON reads JSON Lines, a JSON array or objects that take several lines each.
func (r *Reader) openJSON(b *bufio.Reader, start []byte) error {
	t := &jsonTable{r: r, at: map[string]int{}}
	isArray := bytes.HasPrefix(bytes.TrimSpace(start), []byte("["))
	r.format = JSONLines
	switch {
	case isArray:
		r.format = JSONArray
		t.objects, t.unit = newJSONStream(b, r.o.MaxRow, true), items
	case areSpread(b, start):
		t.objects, t.unit = newJSONStream(b, r.o.MaxRow, false), items
	default:
		t.objects = &jsonLines{in: b, most: r.o.MaxRow}
	}
	r.rows = t
	return t.open()
}

// areSpread reports whether the first object goes on beyond its line.
func areSpread(b *bufio.Reader, start []byte) bool {
	line, _, whole := bytes.Cut(bytes.TrimLeft(start, " \t\r\n"), []byte("\n"))
	if whole && json.Valid(line) {
		return false // the usual, for which nobody has to wait
	}
	window, _ := b.Peek(windowSize)
	window = bytes.TrimLeft(window, " \t\r\n")
	line, rest, found := bytes.Cut(window, []byte("\n"))
	if !found || len(bytes.TrimSpace(rest)) == 0 || json.Valid(line) {
		return false
	}
	_, err := decoder(bytes.NewReader(window)).ReadValue()
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF) // and a line break was fine
}

// open reads the first object, so that the wanted columns can be looked for.
func (t *jsonTable) open() error {
	row, err := t.read()
	var bad *RowError
	switch {
	case errors.Is(err, io.EOF):
		return errNoRows
	case errors.As(err, &bad) && t.n == 0: // not even an object
		for i := range t.r.choice.at {
			t.r.choice.at[i] = -1
		}
	case err != nil && bad == nil:
		return err
	}
	if name := t.listOfRows(row.JSON); name != "" {
		return lang.Errorf("the file is one JSON object, and the rows are in its list %q; take them out, as by jq -c '.%s[]'", name, name)
	}
	t.first = []read{{row, err}}
	return nil
}

// listOfRows returns the name of a list of objects in an object that has none of the
// wanted columns: so are answers of servers saved.
func (t *jsonTable) listOfRows(object []byte) (list string) {
	if object == nil || len(t.r.choice.columns) == 0 || t.r.choice.score(t.r.heads) > 0 {
		return ""
	}
	_ = members(object, func(name string, cell Cell) error { // which was read before
		if rest, ok := strings.CutPrefix(cell.Text, "["); ok && cell.Kind == KindJSON && strings.HasPrefix(strings.TrimSpace(rest), "{") {
			list = name
		}
		return nil
	})
	return list
}

func (t *jsonTable) next() (Row, error) {
	if len(t.first) > 0 {
		first := t.first[0]
		t.first = nil
		return first.row, first.err
	}
	return t.read()
}

// read reads an object into a row.
func (t *jsonTable) read() (Row, error) {
	value, line, err := t.objects.next()
	if err != nil {
		var bad *RowError
		if errors.As(err, &bad) {
			bad.unit = t.unit
		}
		return Row{}, err
	}
	if t.n == 0 && t.unit == lines {
		value = bytes.TrimPrefix(value, []byte("\xef\xbb\xbf"))
	}
	row, err := t.row(value, line)
	var missing *missingError
	if t.unfit != nil && !errors.As(t.unfit, &missing) {
		return Row{}, t.unfit // two columns that fit: every row would be a guess
	}
	if err != nil {
		return row, &RowError{Line: line, Err: err, unit: t.unit}
	}
	return row, nil
}

func (t *jsonTable) row(value []byte, line int) (Row, error) {
	object, err := checkObject(value)
	if err != nil {
		return Row{}, err
	}
	t.n++
	row := Row{Line: line, JSON: bytes.Clone(object), choice: t.r.choice}
	row.Cells = make([]Cell, len(t.r.heads), len(t.r.heads)+8)
	before := len(t.r.heads)
	add := func(name string, cell Cell) error { return t.add(&row, name, cell) }
	if t.r.o.Whole {
		err = members(row.JSON, add)
	} else {
		err = Flatten(row.JSON, add)
	}
	if err != nil {
		return Row{}, err
	}
	if len(t.r.heads) > before || t.n == 1 {
		t.unfit = t.r.choice.find(t.r.heads)
	}
	return row, t.unfit
}

// add puts a cell into its column, which may be a new one.
func (t *jsonTable) add(row *Row, name string, cell Cell) error {
	at, known := t.at[name]
	if !known {
		if at = len(t.r.heads); at >= t.r.o.MaxColumns {
			return lang.Errorf("its fields take more than %s", lang.Count(int64(t.r.o.MaxColumns), "column"))
		}
		t.r.heads = append(t.r.heads, name)
		t.at[name], t.seen = at, append(t.seen, 0)
	}
	if t.seen[at] == t.n {
		return lang.Errorf("has %q twice", name)
	}
	t.seen[at] = t.n
	for len(row.Cells) <= at {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells[at] = cell
	return nil
}

// checkObject refuses what is not one whole object.
func checkObject(value []byte) ([]byte, error) {
	value = bytes.TrimSpace(value)
	if !utf8.Valid(value) {
		return nil, lang.Errorf("is not UTF-8; save the file as UTF-8")
	}
	in := decoder(bytes.NewBuffer(value))
	object, err := in.ReadValue()
	if err != nil {
		return nil, plainly(err, value)
	}
	rest := bytes.TrimSpace(value[in.InputOffset():])
	switch kind := object.Kind(); {
	case kind != '{':
		return nil, lang.Errorf("is %s; want an object like {\"id\":1}", KindName(kind))
	case bytes.HasPrefix(rest, []byte("{")):
		return nil, lang.Errorf("holds more than one object; want each on a line of its own")
	case len(rest) > 0:
		return nil, lang.Errorf("has %q after the object", shorten(string(rest), 20))
	}
	return value[:in.InputOffset()], nil
}

// plainly says in plain words what is wrong with JSON.
func plainly(err error, value []byte) error {
	var syntax *jsontext.SyntacticError
	isSyntax := errors.As(err, &syntax)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && isSyntax:
		return lang.Errorf("has %q twice", syntax.JSONPointer.LastToken())
	case errors.Is(err, io.ErrUnexpectedEOF) && len(value) > 0 && (value[0] == '{' || value[0] == '['):
		return lang.Errorf("ends in the middle of an object")
	case len(value) == 0:
		return lang.Errorf("is not JSON")
	case isSyntax && syntax.ByteOffset > 0:
		const around = 12
		at := min(int(syntax.ByteOffset), len(value))
		near := bytes.ToValidUTF8(value[max(at-around, 0):min(at+around, len(value))], nil)
		return lang.Errorf("is not JSON, near %q", near)
	}
	return lang.Errorf("is not JSON: %q", shorten(string(value), 20))
}

// KindName says what kind of JSON something is.
func KindName(kind jsontext.Kind) lang.Text {
	switch kind {
	case '{':
		return lang.T("an object")
	case '[':
		return lang.T("a list")
	case '"':
		return lang.T("a text")
	case '0':
		return lang.T("a number")
	case 'n':
		return lang.T("null")
	}
	return lang.T("true or false")
}
