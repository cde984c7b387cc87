package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kinds are all that a value can be said to be.
var kinds = []string{
	"null", "bool", "integer", "number", "string", "array", "object", "empty-string", "empty-array", "empty-object",
	"integer-in-string", "number-in-string", "digits-in-string", "bool-in-string", "json-in-string",
	"iso-time", "iso-time-no-zone", "sql-time", "date", "zero-time", "unix-time", "unix-time-in-string", "carbon-time",
	"nothing",
}

// IsKind reports whether kind is one that a value can be said to be.
func IsKind(kind string) bool { return slices.Contains(kinds, kind) }

// StringKind names what a string of that field's name holds.
func StringKind(name, text string) string {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "empty-string"
	case text == "true" || text == "false":
		return "bool-in-string"
	case (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text)):
		return "json-in-string"
	}
	if kind := timeKind(text); kind != "" {
		return kind
	}
	return numberKind(name, text, "string")
}

// NumberKind names what a number of that field's name is.
func NumberKind(name, text string) string { return numberKind(name, text, "") }

var (
	integer = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimal = regexp.MustCompile(`^-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
	digits  = regexp.MustCompile(`^\+?[0-9]+$`)
)

// numberKind names a number, or a text that may hold one: then in is "string".
// Seconds since 1970 look like any integer; the field's name tells them. An integer
// that no int64 holds is a number, and in a text the digits of a code.
func numberKind(name, text, in string) string {
	kind := in
	switch {
	case integer.MatchString(text):
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err == nil && n > 1e8 && n < 1e10 && IsTimeName(name):
			kind = "unix-time"
		case err == nil:
			kind = "integer"
		case in == "":
			kind = "number"
		default:
			kind = "digits"
		}
	case decimal.MatchString(text):
		kind = "number"
	case digits.MatchString(text):
		kind = "digits" // a telephone number, a code
	default:
		return in
	}
	if in != "" {
		kind += "-in-" + in
	}
	return kind
}

// IsTimeName reports whether a field's name is that of a time.
func IsTimeName(name string) bool {
	return strings.HasSuffix(name, "_at") || strings.Contains(name, "time") || strings.Contains(name, "date")
}

// timeKinds are tried in this order.
var timeKinds = []struct{ layout, kind string }{
	{time.RFC3339Nano, "iso-time"},
	{"2006-01-02T15:04:05", "iso-time-no-zone"},
	{time.DateTime, "sql-time"},
	{time.DateOnly, "date"},
}

func timeKind(text string) string {
	if strings.HasPrefix(text, "0000-00-00") || strings.HasPrefix(text, "-0001-11-") {
		return "zero-time"
	}
	if len(text) < len(time.DateOnly) {
		return ""
	}
	for _, t := range timeKinds {
		if _, err := time.Parse(t.layout, text); err == nil {
			return t.kind
		}
	}
	return ""
}
