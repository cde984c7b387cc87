package sheet

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A Kind says what a cell holds.
type Kind uint8

// The kinds of a cell.
const (
	KindEmpty  Kind = iota // nothing: an empty cell, JSON's null
	KindPlain              // as CSV has it, where nobody can tell a text from a number
	KindText               // a text, be it of digits alone
	KindNumber             // a number, spelled as JSON spells it
	KindBool               // "true" or "false"
	KindTime               // a moment, as RFC 3339 has it
	KindDate               // a day, like 2026-02-02
	KindJSON               // an object or a list, as JSON
)

// A Cell is a value of a table. Text holds it whatever its kind. Cells are
// comparable; the zero Cell is an empty one.
type Cell struct {
	Kind Kind
	Text string
}

// String returns the cell's text.
func (c Cell) String() string { return c.Text }

// IsEmpty reports whether the cell holds nothing, or a text of no characters.
func (c Cell) IsEmpty() bool { return c.Text == "" }

// Text returns a cell that is a text, also where it looks like a number.
func Text(s string) Cell { return Cell{KindText, s} }

// Int returns a cell that is a whole number.
func Int(n int64) Cell { return Cell{KindNumber, strconv.FormatInt(n, 10)} }

// Number returns a cell that is a number, spelled as it is. What JSON would not take
// for a number, such as 007, +1 or NaN, becomes a text.
func Number(s string) Cell {
	if !isJSONNumber(s) {
		return Text(s)
	}
	return Cell{KindNumber, s}
}

// Bool returns a cell that is true or false.
func Bool(b bool) Cell { return Cell{KindBool, strconv.FormatBool(b)} }

// Time returns a cell that is a moment; of the zero time, an empty cell.
func Time(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{KindTime, t.Format(time.RFC3339Nano)}
}

// Date returns a cell that is a day, given like 2026-02-02. Of "" it is an empty
// cell, of what is not a day a text.
func Date(day string) Cell {
	if day == "" {
		return Cell{}
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return Text(day)
	}
	return Cell{KindDate, day}
}

// JSON returns the cell of a JSON value, which is to be one: a text, number, true or false become cells
// of their kind, null an empty one, and an object or a list stays JSON.
func JSON(value json.RawMessage) Cell {
	value = bytes.TrimSpace(value)
	switch kind := jsontext.Value(value).Kind(); kind {
	case 'n', 0:
		return Cell{}
	case 't', 'f':
		return Cell{KindBool, string(value)}
	case '0':
		return Cell{KindNumber, string(value)}
	case '"':
		text, _ := jsontext.AppendUnquote(nil, value) // its error tells of U+FFFD alone
		return Text(string(text))
	}
	return Cell{KindJSON, string(value)}
}

// JSON returns the cell as a JSON value. A cell of CSV is a text: who knows its
// column to hold numbers asks [Integer].
func (c Cell) JSON() json.RawMessage {
	switch {
	case c.Kind == KindEmpty:
		return json.RawMessage("null")
	case c.Kind == KindNumber || c.Kind == KindBool || c.Kind == KindJSON:
		return json.RawMessage(c.Text)
	}
	return appendString(nil, c.Text)
}

// appendString appends a JSON string. What is not UTF-8 becomes U+FFFD.
func appendString(to []byte, s string) []byte {
	to, _ = jsontext.AppendQuote(to, s) // its error tells of U+FFFD alone
	return to
}

// isJSONNumber reports whether a text is a number of JSON.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := leadingDigits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if fraction, ok := strings.CutPrefix(s, "."); ok {
		n := leadingDigits(fraction)
		if n == 0 {
			return false
		}
		s = fraction[n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '-' || s[0] == '+') {
			s = s[1:]
		}
		return isDigits(s)
	}
	return s == ""
}

// leadingDigits counts the digits that a text starts with.
func leadingDigits(s string) (n int) {
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
