package mirrordb

import (
	"encoding/json"
	"math/big"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go"
)

// members returns the fields of a JSON object.
func members(object string) func(yield func(string, json.RawMessage) bool) {
	var extra pmpsmart.Extra
	if extra.UnmarshalJSON([]byte(object)) != nil { // as no extra is
		return func(func(string, json.RawMessage) bool) {}
	}
	return extra.All()
}

// sortOf returns what a value is, and whether it is one value rather than many or none.
func sortOf(raw []byte) (fieldSort, bool) {
	switch c := raw[0]; {
	case c == '"':
		return texts, true
	case c == 't' || c == 'f':
		return truths, true
	case c == '-' || '0' <= c && c <= '9':
		return numbers, true
	}
	return texts, false
}

func (sqlite) fieldType(fieldSort) string { return "" } // SQLite keeps each value as it is

func (sqlite) fieldValue(_ fieldSort, raw []byte) any {
	switch s, _ := sortOf(raw); s {
	case truths:
		return int64(map[bool]int{true: 1}[raw[0] == 't'])
	case numbers:
		return sqliteNumber(string(raw))
	}
	return fieldText(raw)
}

// sqliteNumber returns a number as SQLite holds it without a loss, or else as it is
// written.
func sqliteNumber(literal string) any {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil || len(literal) > 40 {
		return literal
	}
	want, ok := new(big.Rat).SetString(literal)
	if !ok {
		return literal
	}
	if got, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64)); ok && got.Cmp(want) == 0 {
		return f
	}
	return literal
}

func (postgres) fieldType(f fieldSort) string {
	switch f {
	case numbers:
		return "numeric"
	case truths:
		return "boolean"
	}
	return "text"
}

func (postgres) fieldValue(f fieldSort, raw []byte) any {
	if f == truths {
		return raw[0] == 't'
	}
	return fieldText(raw)
}

// fieldText returns a value as text: a JSON string's own, other JSON as it is.
func fieldText(raw []byte) string {
	var text string
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
