package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A csvSource reads the records of a CSV file.
type csvSource struct {
	r      *Reader
	in     io.Reader
	data   []byte // read and not parsed yet: buf's end
	buf    []byte
	ended  bool
	parser csvParser
	line   int  // of the next record
	wide   bool // a character beyond ASCII was UTF-8
	ansi   bool // a text was not UTF-8
}

// openCSV finds the separator and the heads.
func (r *Reader) openCSV(b *bufio.Reader) error {
	s := &csvSource{r: r, in: b, line: 1, buf: make([]byte, 0, windowSize), parser: csvParser{maxCell: r.o.MaxCell, maxCells: r.o.MaxColumns}}
	if err := s.fill(windowSize); err != nil {
		return err
	}
	r.format = CSV
	s.parser.sep = s.separatorLine()
	if r.o.Separator != 0 {
		s.parser.sep = string(r.o.Separator)
	}
	if s.parser.sep == "" {
		s.parser.sep = findSeparator(s.data, s.ended, s.parser, r.choice)
	}
	r.separator = s.parser.sep
	return r.openTable(s, lines)
}

// fill reads until that much is there to be parsed, or all.
func (s *csvSource) fill(size int) error {
	if cap(s.buf) < size {
		s.buf = append(make([]byte, 0, size), s.data...)
	} else {
		s.buf = append(s.buf[:0], s.data...) // to the front
	}
	for len(s.buf) < size && !s.ended {
		n, err := s.in.Read(s.buf[len(s.buf):size])
		s.buf = s.buf[:len(s.buf)+n]
		if errors.Is(err, io.EOF) {
			s.ended = true
		} else if err != nil {
			return err
		}
	}
	s.data = s.buf
	return nil
}

// separatorLine takes a first line "sep=;" away, by which Excel is told the separator.
func (s *csvSource) separatorLine() string {
	end := bytes.IndexAny(s.data, "\r\n")
	if end < 0 || end > 16 {
		return ""
	}
	line := strings.Trim(string(s.data[:end]), `"`)
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		return ""
	}
	sep, size := utf8.DecodeRuneInString(line[4:])
	if strings.Trim(line[4+size:], ",;\t|") != "" || sep == utf8.RuneError || sep == '"' {
		return ""
	}
	s.data = s.data[end+lineEnd(s.data[end:]):]
	s.line++
	return string(sep)
}

// next returns the next record that is not blank.
func (s *csvSource) next() (Row, error) {
	for {
		n, err := s.parse()
		if err != nil {
			return Row{}, err
		}
		if n == 0 {
			return Row{}, io.EOF
		}
		line := s.line
		s.line += s.parser.lines
		s.data = s.data[n:]
		if s.parser.isBlank() {
			continue
		}
		cells, err := s.cells()
		if err != nil {
			return Row{}, &RowError{Line: line, Err: err}
		}
		return Row{Line: line, Cells: cells}, nil
	}
}

// parse parses a record, reading what it needs.
func (s *csvSource) parse() (int, error) {
	for size := windowSize; ; {
		final := s.ended || len(s.data) >= s.r.o.MaxRow
		if len(s.data) > 0 {
			if n := s.parser.parse(s.data, final); n > 0 {
				if n >= s.r.o.MaxRow {
					return 0, s.skip()
				}
				return n, nil
			}
		}
		if final {
			return 0, nil
		}
		for size <= len(s.data) {
			size *= 2
		}
		if err := s.fill(min(size, s.r.o.MaxRow)); err != nil {
			return 0, err
		}
	}
}

// skip leaves a record out that is too long to be one.
func (s *csvSource) skip() error {
	err := &RowError{Line: s.line, Err: lang.Errorf("the row is longer than %s", lang.Size(s.r.o.MaxRow))}
	for {
		if end := bytes.IndexAny(s.data, "\r\n"); end >= 0 && (end+1 < len(s.data) || s.ended) {
			s.data = s.data[end+lineEnd(s.data[end:]):]
			s.line++
			return err
		}
		if s.ended {
			s.data = nil
			return err
		}
		s.data = nil
		if bad := s.fill(windowSize); bad != nil {
			return bad
		}
	}
}

// cells makes texts of the record's cells.
func (s *csvSource) cells() ([]Cell, error) {
	raw := s.parser.cells
	if s.parser.width > len(raw) {
		return nil, lang.Errorf("the row has more than %s", lang.Count(int64(s.r.o.MaxColumns), "cell"))
	}
	cells := make([]Cell, len(raw))
	for i, cell := range raw {
		if len(cell) > s.r.o.MaxCell {
			return nil, lang.Errorf("column %d is longer than %s", i+1, lang.Size(s.r.o.MaxCell))
		}
		text, err := s.text(cell)
		if err != nil {
			return nil, err
		}
		if !s.r.o.Raw {
			text = unguard(unwrap(text))
		}
		if text != "" {
			cells[i] = Cell{KindPlain, text}
		}
	}
	return cells, nil
}

// text decodes a cell. The first bytes that are not UTF-8 make the file Windows-1252,
// the encoding of Excel's plain "CSV" in Indonesia and the West, unless it had UTF-8
// before: then it is a mixture, which nobody can read right.
func (s *csvSource) text(cell []byte) (string, error) {
	if isASCII(cell) {
		return string(cell), nil
	}
	if !s.ansi {
		if utf8.Valid(cell) {
			s.wide = true
			return string(cell), nil
		}
		if s.wide || s.r.encoding != "UTF-8" {
			return "", lang.Errorf("the text %q is not UTF-8, as the rows before are; save the file as CSV UTF-8", bytes.ToValidUTF8(cell[:min(len(cell), 60)], []byte("�")))
		}
		s.ansi, s.r.encoding = true, "Windows-1252"
	}
	for _, b := range cell {
		if b >= 0x80 && charmap.Windows1252.DecodeByte(b) == utf8.RuneError {
			return "", lang.Errorf("the text %q is neither UTF-8 nor Windows-1252; save the file as CSV UTF-8", bytes.ToValidUTF8(cell[:min(len(cell), 60)], []byte("�")))
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(cell)
	return string(text), err
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
