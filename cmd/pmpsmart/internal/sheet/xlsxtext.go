package sheet

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// sharedStrings are the texts of a workbook that cells refer to, one after the other.
type sharedStrings struct {
	all  []byte
	ends []int
}

// mostStrings bounds the memory that they take.
const mostStrings = 512 << 20

// text returns a shared text.
func (b *book) text(n int) (string, error) {
	if b.strings == nil {
		shared, err := b.readStrings()
		if err != nil {
			return "", err
		}
		b.strings = shared
	}
	if n < 0 || n >= len(b.strings.ends) {
		return "", lang.Errorf("the workbook is damaged: it has no text %d", n)
	}
	start := 0
	if n > 0 {
		start = b.strings.ends[n-1]
	}
	return string(b.strings.all[start:b.strings.ends[n]]), nil
}

func (b *book) readStrings() (*sharedStrings, error) {
	s := &sharedStrings{}
	if b.stringsAt == "" {
		return s, nil
	}
	part, err := b.parts.open(b.stringsAt)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	const longest = 16 << 20
	in := newXMLScanner(part, longest)
	for {
		kind, err := in.next()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err == nil && kind == xmlStart && string(in.name) == "si" {
			in.taken = 0
			err = s.read(in, longest)
		}
		if err != nil {
			return nil, lang.Errorf("the workbook's texts can't be read: %w", err)
		}
		if kind == xmlEnd && string(in.name) == "sst" {
			return s, nil
		}
	}
}

// read reads one text, which may be in pieces of different looks.
func (s *sharedStrings) read(in *xmlScanner, longest int64) error {
	var inner string
	var text []byte
	for {
		kind, err := in.next()
		if err != nil {
			return err
		}
		switch {
		case in.taken > longest:
			return lang.Errorf("they are longer than %s", lang.Size(longest))
		case kind == xmlChars:
			if inner == "t" {
				text = append(text, in.text...)
			}
		case kind == xmlStart:
			inner = inside(inner, string(in.name))
		case string(in.name) == "si":
			s.all = append(s.all, unescape(strings.ToValidUTF8(string(text), "\ufffd"))...)
			s.ends = append(s.ends, len(s.all))
			if len(s.all) > mostStrings || len(s.ends)*8 > mostStrings {
				return lang.Errorf("they are longer than %s", lang.Size(mostStrings))
			}
			return nil
		case string(in.name) == inner:
			inner = ""
		}
	}
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads _x000D_, which is how a workbook has a character that XML has not.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 {
			return code
		}
		return string(rune(n))
	})
}
