package redact

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// JSON blanks out, in a valid JSON value, the members that hold secrets, at any
// depth, also in strings that hold JSON. It returns valid JSON on one line, in which
// characters that a terminal would obey are escaped.
func JSON(raw []byte) []byte {
	return new(hider).value(make([]byte, 0, len(raw)), raw, maxDepth)
}

// JSON blanks out what the function JSON does, and the secrets in strings, numbers
// and names. A value on one line that holds none is returned as it is.
func (s *Secrets) JSON(raw []byte) []byte {
	h := hider{text: s.Text}
	b := h.value(make([]byte, 0, len(raw)), raw, maxDepth)
	if !h.changed && !bytes.ContainsAny(raw, "\t\r\n") {
		return bytes.Clone(raw)
	}
	return b
}

// maxDepth limits how deep a value is shown.
const maxDepth = 64

// A hider writes JSON without secrets.
type hider struct {
	text    func(string) string // blanks the secrets out of a text; nil leaves it
	changed bool
}

func (h *hider) value(b, raw []byte, depth int) []byte {
	kind := loose.Kind(raw)
	switch {
	case kind == '"':
		return h.string(b, raw, depth)
	case kind != '{' && kind != '[':
		if h.text != nil && h.text(string(raw)) != string(raw) {
			return h.mark(b)
		}
		return append(b, raw...)
	case depth == 0:
		h.changed = true
		return append(b, `"…"`...)
	case kind == '[':
		return h.array(b, raw, depth)
	}
	return h.object(b, raw, depth)
}

func (h *hider) mark(b []byte) []byte {
	h.changed = true
	return append(b, `"`+Mark+`"`...)
}

func (h *hider) array(b, raw []byte, depth int) []byte {
	b = append(b, '[')
	first := true
	for element := range loose.Elements(raw) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = h.value(b, element, depth-1)
	}
	return append(b, ']')
}

func (h *hider) object(b, raw []byte, depth int) []byte {
	b = append(b, '{')
	first := true
	for name, value := range loose.Members(raw) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(h.plainString(b, name), ':')
		if SecretName(loose.Name(name)) {
			b = h.mark(b)
		} else {
			b = h.value(b, value, depth-1)
		}
	}
	return append(b, '}')
}

// string writes a string, which may hold JSON.
func (h *hider) string(b, raw []byte, depth int) []byte {
	if bytes.IndexByte(raw, '{') < 0 {
		return h.plainString(b, raw)
	}
	text := bytes.TrimSpace([]byte(loose.Unquote(raw)))
	if !json.Valid(text) {
		return h.plainString(b, raw)
	}
	inner := hider{text: h.text}
	clean := inner.value(nil, text, max(depth-1, 0))
	if !inner.changed {
		return h.plainString(b, raw)
	}
	h.changed = true
	return AppendString(b, string(clean))
}

// plainString writes a name, or a string that holds no JSON.
func (h *hider) plainString(b, raw []byte) []byte {
	if h.text != nil {
		text := loose.Unquote(raw)
		if clean := h.text(text); clean != text {
			h.changed = true
			return AppendString(b, clean)
		}
	}
	before := len(b)
	b = appendEscaped(b, raw)
	h.changed = h.changed || len(b)-before != len(raw)
	return b
}

// AppendString appends a JSON string in which characters that a terminal would obey
// are escaped.
func AppendString(b []byte, text string) []byte {
	quoted, _ := jsontext.AppendQuote(nil, text) // the error is only about UTF-8, which is mended
	return appendEscaped(b, quoted)
}

// appendEscaped appends a JSON string, in which it escapes what isInvisible, and
// what is not UTF-8 as U+FFFD.
func appendEscaped(b, quoted []byte) []byte {
	for len(quoted) > 0 {
		r, size := utf8.DecodeRune(quoted)
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, `\ufffd`...)
		case !isInvisible(r):
			b = append(b, quoted[:size]...)
		default: // none of them is above U+FFFF
			b = appendEscape(b, r)
		}
		quoted = quoted[size:]
	}
	return b
}

func appendEscape(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
