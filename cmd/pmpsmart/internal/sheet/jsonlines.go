package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// jsonLines reads the lines of JSON Lines that are not blank.
type jsonLines struct {
	in   *bufio.Reader
	most int
	line int
	long []byte // a line that the buffer does not hold
}

func (l *jsonLines) next() ([]byte, int, error) {
	for {
		line, err := l.read()
		if err != nil {
			return nil, l.line, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return line, l.line, nil
		}
	}
}

// read reads one line. One that is too long is left out, and the next one can be read.
func (l *jsonLines) read() ([]byte, error) {
	l.line++
	l.long = l.long[:0]
	size := 0
	for {
		part, err := l.in.ReadSlice('\n')
		size += len(part)
		if err == nil && size == len(part) && size <= l.most {
			return part, nil
		}
		if size <= l.most {
			l.long = append(l.long, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || size == 0):
			return nil, err
		case size > l.most:
			l.long = nil
			return nil, &RowError{Line: l.line, Err: lang.Errorf("the line is longer than %s", lang.Size(l.most))}
		}
		return l.long, nil
	}
}

// A jsonStream gives the items of an array, or values one after the other. Where it is
// no JSON it ends: nobody can tell where the next item begins.
type jsonStream struct {
	in      *jsontext.Decoder
	bound   *bound
	isArray bool
	n       int
}

// A bound ends the reading of a value that is too long.
type bound struct {
	in         io.Reader
	most, left int
}

func (b *bound) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, lang.Errorf("a row is longer than %s", lang.Size(b.most))
	}
	n, err := b.in.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func newJSONStream(in io.Reader, most int, isArray bool) *jsonStream {
	b := &bound{in: in, most: most, left: most}
	return &jsonStream{in: decoder(b), bound: b, isArray: isArray}
}

func (s *jsonStream) next() ([]byte, int, error) {
	s.bound.left = s.bound.most
	if s.n == 0 && s.isArray {
		if _, err := s.in.ReadToken(); err != nil {
			return nil, 0, err
		}
	}
	if s.isArray && s.in.PeekKind() == ']' {
		_, err := s.in.ReadToken()
		if err == nil {
			err = s.end()
		}
		return nil, s.n, err
	}
	value, err := s.in.ReadValue()
	if errors.Is(err, io.EOF) && !s.isArray {
		return nil, s.n, io.EOF
	}
	s.n++
	if err != nil {
		return nil, s.n, s.explain(err)
	}
	return value, s.n, nil
}

// end looks for what stands behind an array.
func (s *jsonStream) end() error {
	if _, err := s.in.ReadToken(); !errors.Is(err, io.EOF) {
		return lang.Errorf("something follows the list of %s", lang.Count(int64(s.n), "row"))
	}
	return io.EOF
}

// explain keeps io.EOF from being taken for the end of the rows.
func (s *jsonStream) explain(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return lang.Errorf("item %d: the file ends in the middle of it", s.n)
	case errors.As(err, &syntax):
		return lang.Errorf("item %d: %w", s.n, plainly(err, nil))
	}
	return lang.Errorf("item %d: %w", s.n, err)
}
