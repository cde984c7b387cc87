package like

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/report"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

// carry returns a value of the sandbox's as a kind, if that kind can hold it.
func carry(held any, name, kind string) (shown any, ok bool) {
	switch v := held.(type) {
	case nil:
		return nil, kind == "null"
	case bool:
		return carryBool(v, kind)
	case int64:
		return carryInt(v, name, kind)
	case float64:
		return carryFloat(v, name, kind)
	case string:
		return v, report.StringKind(name, v) == kind
	case record.Document:
		return carryDocument(string(v), name, kind)
	case record.Day:
		day, err := time.ParseInLocation(time.DateOnly, string(v), wib)
		if err != nil || kind == "unix-time" || kind == "unix-time-in-string" {
			return nil, false
		}
		return carryTime(day, name, kind)
	case time.Time:
		return carryTime(v, name, kind)
	case php.Raw:
		return v, true
	}
	return nil, false
}

func carryBool(v bool, kind string) (any, bool) {
	switch kind {
	case "bool":
		return v, true
	case "bool-in-string":
		return strconv.FormatBool(v), true
	}
	return nil, false
}

func carryInt(v int64, name, kind string) (any, bool) {
	digits := strconv.FormatInt(v, 10)
	switch kind {
	case "integer", "unix-time":
		return v, report.NumberKind(name, digits) == kind
	case "integer-in-string", "unix-time-in-string":
		return digits, report.StringKind(name, digits) == kind
	case "number":
		return php.Raw(digits + ".0"), true
	case "number-in-string":
		return digits + ".00", true
	}
	return nil, false
}

func carryFloat(v float64, name, kind string) (any, bool) {
	if v == float64(int64(v)) {
		return carryInt(int64(v), name, kind)
	}
	digits := php.Float(v)
	switch kind {
	case "number":
		return php.Raw(digits), report.NumberKind(name, digits) == kind
	case "number-in-string":
		return digits, report.StringKind(name, digits) == kind
	}
	return nil, false
}

// carryDocument returns JSON that is kept as a text.
func carryDocument(text, name, kind string) (any, bool) {
	if report.StringKind(name, text) == kind {
		return text, true
	}
	if !json.Valid([]byte(text)) {
		return nil, false
	}
	is := map[byte]string{'{': "object", '[': "array"}[text[0]]
	if compact := strings.Join(strings.Fields(text), ""); compact == "{}" || compact == "[]" {
		is = "empty-" + is
	}
	return php.Raw(text), is == kind
}

var wib = time.FixedZone("WIB", 7*3600)

// layouts are how times are written, those of no zone in WIB.
var layouts = map[string]string{
	"iso-time-no-zone": "2006-01-02T15:04:05", "sql-time": time.DateTime, "date": time.DateOnly,
}

func carryTime(v time.Time, name, kind string) (any, bool) {
	switch kind {
	case "iso-time":
		return v.UTC().Format("2006-01-02T15:04:05.000000Z"), true
	case "integer", "unix-time":
		return v.Unix(), report.NumberKind(name, strconv.FormatInt(v.Unix(), 10)) == kind
	case "integer-in-string", "unix-time-in-string":
		text := strconv.FormatInt(v.Unix(), 10)
		return text, report.StringKind(name, text) == kind
	case "carbon-time":
		return php.Object{{"date", v.In(wib).Format("2006-01-02 15:04:05.000000")}, {"timezone_type", 3}, {"timezone", "Asia/Jakarta"}}, true
	}
	layout, ok := layouts[kind]
	return v.In(wib).Format(layout), ok
}

// invent returns a value of a kind for a field of that name. Records of another n have
// others.
func invent(name, kind string, n int64) any {
	if shown, ok := carry(plausible(name, kind, n), name, kind); ok {
		return shown
	}
	switch kind {
	case "null", "nothing":
		return nil
	case "empty-string":
		return ""
	case "empty-array":
		return php.Raw("[]")
	case "empty-object":
		return php.Raw("{}")
	case "array":
		return php.Raw("[{}]")
	case "object":
		return php.Object{{keyName(0), "-"}}
	case "zero-time":
		return "0000-00-00 00:00:00"
	case "digits-in-string":
		return fmt.Sprintf("08%09d", 120_000_000+n*7919%800_000_000)
	case "bool-in-string":
		return strconv.FormatBool(n%2 == 0)
	case "json-in-string":
		return fmt.Sprintf(`{"n":%d}`, n)
	case "number":
		return php.Raw(fmt.Sprintf("%d.5", 1+n%90))
	case "number-in-string":
		return fmt.Sprintf("%d.50", 1+n%90)
	case "integer":
		return 1 + n%90
	case "integer-in-string":
		return strconv.FormatInt(1+n%90, 10)
	}
	return fmt.Sprintf("teks %d", n)
}

// keyName returns a name that is data.
func keyName(i int) string { return fmt.Sprintf("OUT-%03d", i+1) }
