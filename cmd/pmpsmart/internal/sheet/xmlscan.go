package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// An xmlScanner reads the tags and texts of a sheet or of its shared texts. A long sheet
// is some hundred million bytes of both, of which encoding/xml makes objects one by one
// and takes ten times as long. It knows no more than a workbook needs: names without
// their prefix, attributes, entities, CDATA; no DTD.
type xmlScanner struct {
	in    io.Reader
	most  int // bytes of a token
	buf   []byte
	at    int // of what was not read yet, in buf
	ended bool
	err   error // of reading
	taken int64 // bytes, since the scanner's user set it to zero

	// The token, valid until the next one is asked for.
	name  []byte // of an element, without its prefix
	attrs []byte
	text  []byte
	empty bool // the element closes itself: its end is the next token
}

// An xmlKind is that of a token.
type xmlKind uint8

const (
	xmlChars xmlKind = iota
	xmlStart
	xmlEnd
)

var errXML = errors.New("XML syntax error")

func newXMLScanner(in io.Reader, most int) *xmlScanner {
	return &xmlScanner{in: in, most: most, buf: make([]byte, 0, windowSize)}
}

// next reads a token. At the end it returns io.EOF.
func (s *xmlScanner) next() (xmlKind, error) {
	if s.empty {
		s.empty = false
		return xmlEnd, nil
	}
	for {
		if s.at == len(s.buf) && !s.fill() {
			return 0, s.endOf(io.EOF)
		}
		if s.buf[s.at] != '<' {
			return xmlChars, s.readText()
		}
		switch {
		case s.starts("<!--"):
			if _, err := s.between("<!--", "-->"); err != nil {
				return 0, err
			}
		case s.starts("<![CDATA["):
			text, err := s.between("<![CDATA[", "]]>")
			s.text = text
			return xmlChars, err
		case s.starts("<?"):
			if _, err := s.between("<?", "?>"); err != nil {
				return 0, err
			}
		case s.starts("<!"):
			return 0, errXML
		default:
			return s.tag()
		}
	}
}

// fill reads more behind what is there. It reports whether there was more.
func (s *xmlScanner) fill() bool {
	if s.ended {
		return false
	}
	if s.at > 0 {
		n := copy(s.buf, s.buf[s.at:])
		s.buf, s.at = s.buf[:n], 0
	}
	if len(s.buf) == cap(s.buf) {
		s.buf = append(make([]byte, 0, 2*cap(s.buf)), s.buf...)
	}
	for !s.ended {
		n, err := s.in.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.ended = err != nil
		if err != nil && !errors.Is(err, io.EOF) {
			s.err = err
		}
		if n > 0 {
			return true
		}
	}
	return false
}

// endOf returns why there is no more.
func (s *xmlScanner) endOf(err error) error {
	if s.err != nil {
		return s.err
	}
	return err
}

func (s *xmlScanner) starts(with string) bool {
	for len(s.buf)-s.at < len(with) && s.fill() {
	}
	return bytes.HasPrefix(s.buf[s.at:], []byte(with))
}

// between takes start, which is next, and all up to end. It returns what is between them.
func (s *xmlScanner) between(start, end string) ([]byte, error) {
	s.take(len(start))
	for from := 0; ; {
		rest := s.buf[s.at:]
		if n := bytes.Index(rest[from:], []byte(end)); n >= 0 {
			s.take(from + n + len(end))
			return rest[:from+n], nil
		}
		from = max(len(rest)-len(end)+1, 0)
		if len(rest) > s.most {
			return nil, lang.Errorf("a row is longer than %s", lang.Size(s.most))
		}
		if !s.fill() {
			return nil, s.endOf(io.ErrUnexpectedEOF)
		}
	}
}

func (s *xmlScanner) take(n int) {
	s.at += n
	s.taken += int64(n)
}

// untilTagEnd takes a tag up to its >, which may stand in an attribute too.
func (s *xmlScanner) untilTagEnd() ([]byte, error) {
	var quote byte
	for i := 0; ; i++ {
		if s.at+i == len(s.buf) {
			if i > s.most {
				return nil, lang.Errorf("a row is longer than %s", lang.Size(s.most))
			}
			if !s.fill() {
				return nil, s.endOf(io.ErrUnexpectedEOF)
			}
		}
		switch c := s.buf[s.at+i]; {
		case c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && i > 0:
			return nil, errXML
		case c == '>':
			tag := s.buf[s.at : s.at+i]
			s.take(i + 1)
			return tag, nil
		}
	}
}

// tag reads <name attributes>, </name> or <name/>.
func (s *xmlScanner) tag() (xmlKind, error) {
	tag, err := s.untilTagEnd()
	if err != nil {
		return 0, err
	}
	tag = tag[1:]
	kind := xmlStart
	if len(tag) > 0 && tag[0] == '/' {
		kind, tag = xmlEnd, tag[1:]
	} else if len(tag) > 0 && tag[len(tag)-1] == '/' {
		s.empty, tag = true, tag[:len(tag)-1]
	}
	name := tag
	s.attrs = nil
	if end := bytes.IndexAny(tag, " \t\r\n"); end >= 0 {
		name, s.attrs = tag[:end], tag[end:]
	}
	if prefix := bytes.IndexByte(name, ':'); prefix > 0 && prefix < len(name)-1 {
		name = name[prefix+1:]
	}
	if len(name) == 0 {
		return 0, errXML
	}
	s.name = name
	return kind, nil
}

// attr returns an attribute of the tag, "" without.
func (s *xmlScanner) attr(name string) string {
	for rest := s.attrs; ; {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return ""
		}
		key := bytes.TrimRight(rest[:equals], " \t\r\n")
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if string(key) == name {
			return string(entities(rest[1 : end+1]))
		}
		rest = rest[end+2:]
	}
}

// readText reads what stands before the next tag.
func (s *xmlScanner) readText() error {
	for from := 0; ; {
		rest := s.buf[s.at:]
		n := bytes.IndexByte(rest[from:], '<')
		from += max(n, 0)
		if n < 0 {
			from = len(rest)
		}
		if n >= 0 || !s.fill() {
			s.text = entities(s.buf[s.at : s.at+from])
			s.take(from)
			return s.err
		}
		if from > s.most {
			return lang.Errorf("a row is longer than %s", lang.Size(s.most))
		}
	}
}

// entities decodes a text. Line ends are made LF, as XML has it.
func entities(text []byte) []byte {
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if bytes.IndexByte(text, '&') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for {
		before, after, found := bytes.Cut(text, []byte("&"))
		out = append(out, before...)
		if !found {
			return out
		}
		name, rest, closed := bytes.Cut(after, []byte(";"))
		r, known := entity(string(name[:min(len(name), 12)]))
		if !closed || !known {
			out, text = append(out, '&'), after
			continue
		}
		out, text = utf8.AppendRune(out, r), rest
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	return rune(n), err == nil && n <= utf8.MaxRune //nolint:gosec // 31 bits
}
