package sheet

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// xlsxRows reads the rows of a sheet that are not blank, and then those of the sheets in
// which the table goes on.
type xlsxRows struct {
	r      *Reader
	book   *book
	sheets []sheetPart // the one that is read and those after it
	part   io.Closer
	in     *xmlScanner
	first  bool // of a sheet that goes on: its heads are expected
	row    int
	ended  bool
	buf    []byte
}

func (s *xlsxRows) open() error {
	part, err := s.book.parts.open(s.sheets[0].path)
	if err != nil {
		return err
	}
	s.part, s.row, s.ended = part, 0, false
	s.in = newXMLScanner(part, s.r.o.MaxRow)
	return nil
}

func (s *xlsxRows) close() error {
	if s.part == nil {
		return nil
	}
	return s.part.Close()
}

func (s *xlsxRows) next() (Row, error) {
	for {
		row, err := s.read()
		switch {
		case errors.Is(err, io.EOF) && len(s.sheets) > 1 && s.r.heads != nil:
			if err := s.nextSheet(); err != nil {
				return Row{}, err
			}
			continue
		case err != nil:
			return row, err
		}
		row.Sheet = s.sheets[0].name
		if s.first {
			s.first = false
			if !slices.Equal(clean(texts(row.Cells)), s.r.heads) {
				s.sheets = s.sheets[:1] // another table
				return Row{}, io.EOF
			}
			continue
		}
		return row, nil
	}
}

func (s *xlsxRows) nextSheet() error {
	s.sheets, s.first = s.sheets[1:], true
	return errors.Join(s.close(), s.open())
}

// read reads the next row that has a cell with something in it.
func (s *xlsxRows) read() (Row, error) {
	for !s.ended {
		kind, err := s.token()
		if err != nil {
			return Row{}, err
		}
		switch name := string(s.in.name); {
		case kind == xmlEnd && name == "sheetData":
			s.ended = true
		case kind == xmlStart && name == "row":
			s.in.taken = 0
			s.row++
			if n, err := strconv.Atoi(s.in.attr("r")); err == nil && n > 0 {
				s.row = n
			}
			cells, err := s.cells()
			if err != nil {
				return Row{Line: s.row}, err
			}
			if filled(cells) > 0 {
				return Row{Line: s.row, Cells: cells}, nil
			}
		}
	}
	return Row{}, io.EOF
}

// token reads a token. That the sheet ends before its rows do is an error.
func (s *xlsxRows) token() (xmlKind, error) {
	kind, err := s.in.next()
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return 0, lang.Errorf("the sheet %q ends in the middle, after row %d", s.sheets[0].name, s.row)
	case err == nil && s.in.taken > int64(8*s.r.o.MaxRow): // XML is long-winded
		err = lang.Errorf("a row is longer than %s", lang.Size(8*s.r.o.MaxRow))
		fallthrough
	case err != nil:
		return 0, lang.Errorf("the sheet %q can't be read after row %d: %w", s.sheets[0].name, s.row, err)
	}
	return kind, nil
}

// cells reads the cells of a row.
func (s *xlsxRows) cells() (cells []Cell, err error) {
	var bad error
	for {
		kind, err := s.token()
		if err != nil {
			return nil, err
		}
		switch name := string(s.in.name); {
		case kind == xmlEnd && name == "row" && bad != nil:
			return nil, &RowError{Line: s.row, Err: bad}
		case kind == xmlEnd && name == "row":
			return cells, nil
		case kind != xmlStart || name != "c":
			continue
		}
		at, cell, err := s.cell(len(cells))
		switch {
		case err != nil:
			return nil, err
		case at >= s.r.o.MaxColumns:
			bad = lang.Errorf("the row has more than %s", lang.Count(int64(s.r.o.MaxColumns), "cell"))
		case len(cell.Text) > s.r.o.MaxCell:
			bad = lang.Errorf("column %d is longer than %s", at+1, lang.Size(s.r.o.MaxCell))
		default:
			for len(cells) <= at {
				cells = append(cells, Cell{})
			}
			cells[at] = cell
		}
	}
}

// cell reads a cell and finds its column: the next one, if it does not say.
func (s *xlsxRows) cell(next int) (at int, cell Cell, err error) {
	at = next
	if ref := s.in.attr("r"); ref != "" {
		at = columnOf(ref)
	}
	form, style := s.in.attr("t"), s.in.attr("s")
	s.buf = s.buf[:0]
	var in string // the element whose text is the value
	for {
		kind, err := s.token()
		if err != nil {
			return 0, cell, err
		}
		switch {
		case kind == xmlChars:
			if in == "v" || in == "t" {
				s.buf = append(s.buf, s.in.text...)
			}
		case kind == xmlStart:
			in = inside(in, string(s.in.name))
		case string(s.in.name) == "c":
			cell, err = s.value(form, style, strings.ToValidUTF8(string(s.buf), "\ufffd"))
			return at, cell, err
		case string(s.in.name) == in:
			in = ""
		}
	}
}

// inside says in which element a reader is after it met another: a text within a
// phonetic guide is none of the cell's.
func inside(in, element string) string {
	if in == "rPh" {
		return in
	}
	return element
}

// columnOf returns the column of a reference such as AB12, from 0.
func columnOf(ref string) int {
	at := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		at = at*26 + int(c-'A') + 1
	}
	return max(at-1, 0)
}

// value makes a cell of what the file has.
func (s *xlsxRows) value(kind, style, raw string) (Cell, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil {
			return Cell{}, nil
		}
		text, err := s.book.text(n)
		return textOrEmpty(text), err
	case "inlineStr", "str":
		return textOrEmpty(unescape(raw)), nil
	case "e":
		return textOrEmpty(raw), nil
	case "b":
		return Bool(strings.TrimSpace(raw) == "1"), nil
	case "d":
		if t, ok := Moment(raw, s.r.o.Location); ok && len(raw) > len("2006-01-02") {
			return Time(t), nil
		}
		return Date(raw), nil
	}
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return Cell{}, nil
	}
	var format numberFormat
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(s.book.formats) {
		format = s.book.formats[n]
	}
	return format.cell(raw, s.r.o.Location, s.book.date1904), nil
}

func textOrEmpty(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Text(text)
}
