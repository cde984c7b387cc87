package envelope

import (
	"errors"
	"io"
)

// headSize is how much of a body is kept to show in an error. Twice as much is
// captured, so that a secret that the cut would halve is still whole when it is
// blanked out.
const headSize = 4 << 10

// A source is a body on its way to the decoder: it skips what stands before the
// JSON, bounds what is read and keeps the head. It remembers the error that the
// decoder met in the body, so that a broken connection is not taken for broken
// JSON.
type source struct {
	body    buffer
	nesting []byte // JSON that the decoder reads first, and that the body does not hold
	skipped int64  // bytes before the JSON
	taken   int64  // bytes given to the decoder
	limit   int64  // the most that taken may become
	broken  error  // what ended the body before its end
	widest  int    // the longest read that the decoder asked for
	mask    Mask
	headReader
}

// A headReader reads the body for the buffer, keeps its head and remembers its end.
type headReader struct {
	from  io.Reader
	head  []byte
	end   error // what ended the body
	whole bool  // that was its end
}

func (r *headReader) Read(p []byte) (n int, err error) {
	if r.end != nil {
		return 0, r.end
	}
	n, err = r.from.Read(p)
	r.end, r.whole = err, err == io.EOF
	if room := 2*headSize - len(r.head); room > 0 {
		r.head = append(r.head, p[:min(n, room)]...)
	}
	return n, err
}

// copyHead returns a copy of the head, nil if the body was empty, whatever body the reader
// read before.
func (r *headReader) copyHead() []byte { return append([]byte(nil), r.head...) }

func (s *source) reset(body io.Reader, limit int64, m Mask) {
	*s = source{body: s.body, limit: limit, mask: m, headReader: headReader{from: body, head: s.head[:0]}}
	s.body.reset(&s.headReader)
}

// Read reads what the bound still allows.
func (s *source) Read(p []byte) (int, error) {
	s.widest = max(s.widest, len(p))
	if len(s.nesting) > 0 {
		n := copy(p, s.nesting)
		s.nesting = s.nesting[n:]
		return n, nil
	}
	room := s.limit - s.taken
	if room <= 0 {
		if _, err := s.body.peek(1); err != nil {
			return 0, s.ended(err)
		}
		return 0, ErrTooLarge
	}
	if int64(len(p)) > room {
		p = p[:room]
	}
	n, err := s.body.Read(p)
	s.taken += int64(n)
	return n, s.ended(err)
}

// ended notes the error that ended the body.
func (s *source) ended(err error) error {
	if err != nil && !s.whole {
		s.broken = err
	}
	return err
}

// skipNoise moves to where the JSON starts and returns what stood before it other
// than white space. Where there is no JSON the error is a *Problem.
func (s *source) skipNoise() (noise []byte, err error) {
	for {
		if err := s.skipSpace(); err != nil {
			return nil, err
		}
		bom, _ := s.body.peek(3)
		if string(bom) != "\xef\xbb\xbf" {
			break
		}
		noise = append(noise, bom...)
		s.skip(3)
	}
	if s.startsJSON() {
		return noise, nil
	}
	all, err := s.body.peek(window)
	at := findJSON(all, errors.Is(err, io.EOF))
	if at < 0 {
		if _ = s.ended(err); s.broken != nil {
			return nil, s.broken
		}
		return nil, notJSON(all, s.mask)
	}
	noise = append(noise, all[:at]...)
	s.skip(at)
	return noise, nil
}

func (s *source) skip(n int) {
	s.body.skip(n)
	s.skipped += int64(n)
}

// skipSpace fails where nothing but white space comes.
func (s *source) skipSpace() error {
	for ; s.skipped < s.limit; s.skip(1) {
		b, err := s.body.peek(1)
		if errors.Is(err, io.EOF) {
			return notJSON(nil, s.mask)
		}
		if err != nil {
			return s.ended(err)
		}
		if !isSpace(b[0]) {
			return nil
		}
	}
	return ErrTooLarge
}

// startsJSON reports whether what comes is sure to be JSON: an object, or an
// array of objects, as all but the oddest answers are.
func (s *source) startsJSON() bool {
	for n := 2; n <= 64; n++ {
		b, err := s.body.peek(n)
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

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
