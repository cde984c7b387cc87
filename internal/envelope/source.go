package envelope

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	// window is how far into a body noise is looked through for JSON, and the
	// size of the buffer before the decoder.
	window = 32 << 10
	// headSize is how much of a body is kept to show in an error. Twice as
	// much is captured, so that a secret that the cut would halve is still
	// whole when it is blanked out.
	headSize = 4 << 10
	// candidates bounds the places at which noise is tried as JSON.
	candidates = 512
)

// ErrTooLarge is the error of an answer, or a record, beyond its bound.
var ErrTooLarge = errors.New("larger than the bound")

// A source is a body on its way to the decoder: it skips what stands before the
// JSON, bounds what is read and keeps the head. It remembers the error that
// ended the body, so that a broken connection is not taken for broken JSON.
type source struct {
	body  *bufio.Reader
	taken int64 // bytes given to the decoder
	limit int64 // the most that taken may become
	err   error // what ended the body, unless that was its end
	head  []byte
}

// tap reads the body for the buffer and keeps its head.
type tap struct {
	r io.Reader
	s *source
}

func (t tap) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if room := 2*headSize - len(t.s.head); room > 0 {
		t.s.head = append(t.s.head, p[:min(n, room)]...)
	}
	if err != nil && err != io.EOF && t.s.err == nil {
		t.s.err = err
	}
	return n, err
}

func (s *source) reset(body io.Reader, limit int64) {
	if s.body == nil {
		s.body = bufio.NewReaderSize(nil, window)
	}
	s.body.Reset(tap{body, s})
	s.taken, s.limit, s.err, s.head = 0, limit, nil, s.head[:0]
}

// Read gives the decoder what the bound still allows.
func (s *source) Read(p []byte) (int, error) {
	room := s.limit - s.taken
	if room <= 0 {
		if _, err := s.body.Peek(1); err != nil {
			return 0, err
		}
		return 0, ErrTooLarge
	}
	if int64(len(p)) > room {
		p = p[:room]
	}
	n, err := s.body.Read(p)
	s.taken += int64(n)
	return n, err
}

// skipNoise moves to where the JSON starts and gives what stood before it other
// than white space. Where there is no JSON the error is a *Problem.
func (s *source) skipNoise() (noise []byte, err error) {
	if bom, _ := s.body.Peek(3); string(bom) == "\xef\xbb\xbf" {
		noise = append(noise, bom...)
		_, _ = s.body.Discard(3)
	}
	if err := s.skipSpace(); err != nil {
		return nil, err
	}
	if s.startsJSON() {
		return noise, nil
	}
	all, err := s.body.Peek(window)
	whole := err == io.EOF
	at := findJSON(all, whole)
	if at < 0 {
		if s.err != nil {
			return nil, s.err
		}
		return nil, notJSON(all)
	}
	noise = append(noise, all[:at]...)
	_, _ = s.body.Discard(at)
	return noise, nil
}

// skipSpace fails where nothing but white space comes.
func (s *source) skipSpace() error {
	for s.taken = 0; s.taken < s.limit; s.taken++ {
		b, err := s.body.Peek(1)
		if err != nil {
			if s.err != nil {
				return s.err
			}
			return notJSON(nil)
		}
		if !isSpace(b[0]) {
			return nil
		}
		_, _ = s.body.Discard(1)
	}
	return ErrTooLarge
}

// startsJSON reports whether what comes is sure to be JSON: an object, or an
// array of objects, as all but the oddest answers are.
func (s *source) startsJSON() bool {
	for n := 2; n <= 64; n++ {
		b, err := s.body.Peek(n)
		if err != nil {
			return false
		}
		next := b[n-1]
		switch {
		case isSpace(next):
			continue
		case b[0] == '{':
			return next == '"' || next == '}'
		case b[0] == '[':
			return next == '{' || next == ']'
		default:
			return false
		}
	}
	return false
}

// findJSON gives the place in text at which the JSON starts, or -1: the whole of
// it, or else the first bracket whose value runs on to the end of what is there
// or is followed by nothing. whole says that nothing comes after text.
func findJSON(text []byte, whole bool) int {
	if isJSON(text, whole) {
		return 0
	}
	tries := 0
	for i, c := range text {
		if c != '{' && c != '[' {
			continue
		}
		if isJSON(text[i:], whole) {
			return i
		}
		if tries++; tries == candidates {
			return -1
		}
	}
	return -1
}

// isJSON reports whether text is one JSON value, or, of an object or array, a
// part that ends where text ends.
func isJSON(text []byte, whole bool) bool {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), lenient)
	kind := dec.PeekKind()
	_, err := dec.ReadValue()
	if err != nil {
		return errors.Is(err, io.ErrUnexpectedEOF) && (kind == '{' || kind == '[')
	}
	return whole && len(bytes.TrimSpace(text[dec.InputOffset():])) == 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
