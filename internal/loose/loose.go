// Package loose reads the scalars of a server that does not keep to its types.
//
// Each function takes one raw JSON value, already known to be valid JSON
// (though its strings may hold bytes that are no UTF-8), and returns the Go value
// that it means and whether it can mean one at all. null and "" mean the zero
// value everywhere. The functions keep nothing and change nothing, which makes
// them easy to test, to fuzz and to speed up.
package loose

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Int reads 7, "7", 12.0, "12.0", 1.2e1, true, false, null and "".
func Int(raw []byte) (int64, bool) {
	if n, ok := digits(raw); ok {
		return n, true
	}
	text, ok := scalar(raw)
	if !ok {
		return 0, false
	}
	if text == "" {
		return 0, true
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	switch text {
	case "true":
		return 1, true
	case "false":
		return 0, true
	}
	f, ok := parseFloat(text)
	// Beyond 2^53 a float no longer says which integer was meant.
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// digits is Int's way for the plain small number that nearly every value is.
func digits(raw []byte) (n int64, ok bool) {
	if len(raw) == 0 || len(raw) > 18 {
		return 0, false
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// Uint is Int for a type that has no negative numbers.
func Uint(raw []byte) (uint64, bool) {
	if n, ok := Int(raw); ok {
		return uint64(max(n, 0)), n >= 0
	}
	text, _ := scalar(raw)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, false
	}
	return n, true
}

// Float reads 12.3, "12.3", 1e25, true, false, null and "".
func Float(raw []byte) (float64, bool) {
	if n, ok := digits(raw); ok && n < 1<<53 {
		return float64(n), true
	}
	if Kind(raw) == '0' { // JSON has no number that strconv would read otherwise
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			return 0, false
		}
		return f, true
	}
	text, ok := scalar(raw)
	if !ok {
		return 0, false
	}
	switch text {
	case "", "false":
		return 0, true
	case "true":
		return 1, true
	}
	return parseFloat(text)
}

// parseFloat takes the decimal forms only: strconv also knows 0x1p-2, 1_000,
// Inf and NaN, which no server means by a number.
func parseFloat(text string) (float64, bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	return f, true
}

// Bool reads true, false, 1, 0, any other number as "not zero", each also in a
// string, the words yes, no, on and off, null and "".
func Bool(raw []byte) (value, ok bool) {
	text, ok := scalar(raw)
	if !ok {
		return false, false
	}
	switch strings.ToLower(text) {
	case "", "false", "no", "off":
		return false, true
	case "true", "yes", "on":
		return true, true
	}
	f, ok := parseFloat(text)
	return ok && f != 0, ok
}

// String reads a string, or a number or bool as its text. A value that is one
// of known costs no allocation.
func String(raw []byte, known ...string) (string, bool) {
	switch Kind(raw) {
	case '"':
		inner := raw[1 : len(raw)-1]
		for _, k := range known {
			if string(inner) == k {
				return k, true
			}
		}
		return Unquote(raw), true
	case 'n':
		return "", true
	case '{', '[':
		return "", false
	default:
		return string(raw), true
	}
}

// Unquote returns the text of a JSON string, with U+FFFD where its bytes are no
// UTF-8 or an escape is half a character.
func Unquote(raw []byte) string {
	inner := raw[1 : len(raw)-1]
	if isPlain(inner) {
		return string(inner)
	}
	// The error is only ever about bytes that are no UTF-8, which
	// AppendUnquote has replaced by then.
	text, _ := jsontext.AppendUnquote(nil, raw)
	return string(text)
}

// isPlain reports that text needs neither unescaping nor mending: it is ASCII
// without a backslash.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// Kind returns what a value is, by its first byte: 'n', 't', 'f', '"', '{', '[',
// and '0' for every number.
func Kind(raw []byte) byte {
	if len(raw) == 0 {
		return 'n'
	}
	switch c := raw[0]; c {
	case 'n', 't', 'f', '"', '{', '[':
		return c
	default:
		return '0'
	}
}

// IsBlank reports whether a value stands for nothing: null or "" (also one of
// blanks only).
func IsBlank(raw []byte) bool {
	switch Kind(raw) {
	case 'n':
		return true
	case '"':
		inner := bytes.TrimSpace(raw[1 : len(raw)-1])
		return len(inner) == 0 || inner[0] == '\\' && strings.TrimSpace(Unquote(raw)) == ""
	}
	return false
}

// IsEmpty reports whether a value holds nothing: it is blank, or an array or object
// without members.
func IsEmpty(raw []byte) bool {
	switch Kind(raw) {
	case '{':
		for range Members(raw) {
			return false
		}
		return true
	case '[':
		for range Elements(raw) {
			return false
		}
		return true
	}
	return IsBlank(raw)
}

// scalar returns the text of a number, bool, null or string, without the blanks
// around it; null is "".
func scalar(raw []byte) (string, bool) {
	switch Kind(raw) {
	case 'n':
		return "", true
	case '"':
		if inner := bytes.TrimSpace(raw[1 : len(raw)-1]); isPlain(inner) {
			return string(inner), true
		}
		return strings.TrimSpace(Unquote(raw)), true
	case '{', '[':
		return "", false
	default:
		return string(raw), true
	}
}

// Document reads a JSON document that stands in a string, or as itself: valid
// JSON in UTF-8, or nil if there is none. Text that is no JSON becomes a JSON
// string.
func Document(raw []byte) []byte {
	switch Kind(raw) {
	case 'n':
		return nil
	case '"':
		text := Unquote(raw)
		if strings.TrimSpace(text) == "" {
			return nil
		}
		if json.Valid([]byte(text)) {
			return []byte(text)
		}
		quoted, _ := jsontext.AppendQuote(nil, text)
		return quoted
	default:
		return bytes.ToValidUTF8(raw, []byte("\ufffd")) // a copy in any case
	}
}
