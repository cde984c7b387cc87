package loose_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// seeds are values of every kind; the fuzzer makes the rest.
var seeds = []string{
	`7`, `-7`, `12.0`, `1.0e+25`, `1e400`, `9223372036854775807`, `18446744073709551615`, `"7"`, `"12.50"`, `" 7 "`, `"\u0037"`,
	`true`, `false`, `null`, `""`, `"true"`, `"abc"`, `"Caf\u00e9"`, "\"Caf\xe9\"", `"\ud83d\ude00"`, `"\ud83d"`,
	`{}`, `[]`, `[1]`, `{"a":[1,{"b":null}]}`, `"{\"key\": \"value\"}"`, `"{\"key\": \"val"`,
	`"2026-02-02T01:15:30.000000Z"`, `"2026-02-02 08:15:30"`, `"2026-02-02"`, `"2026-02-02T08:15:30+07:00"`,
	`"0000-00-00 00:00:00"`, `"-000001-11-29T16:52:48.000000Z"`, `1769994930`, `1769994930123`,
	`{"date":"2026-02-02 08:15:30.000000","timezone_type":3,"timezone":"Asia/Jakarta"}`,
}

// fuzz gives f every value that the decoder would pass on.
func fuzz(f *testing.F, check func(t *testing.T, raw []byte)) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = []byte(strings.Trim(string(raw), " \t\r\n"))
		if jsontext.Value(raw).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)) {
			before := string(raw)
			check(t, raw)
			if string(raw) != before {
				t.Errorf("%s was changed to %s", before, raw)
			}
		}
	})
}

// FuzzScalar reads each value as each scalar.
func FuzzScalar(f *testing.F) {
	fuzz(f, func(t *testing.T, raw []byte) {
		checkInt(t, raw)
		checkFloat(t, raw)
		checkString(t, raw)
		checkTime(t, raw)
	})
}

// checkInt holds Int, Uint against encoding/json for plain numbers: what it takes
// they take alike, and the same number in a string means the same.
func checkInt(t *testing.T, raw []byte) {
	n, ok := loose.Int(raw)
	u, uok := loose.Uint(raw)
	if !ok && n != 0 || !uok && u != 0 {
		t.Errorf("%s: not ok, and %d, %d", raw, n, u)
	}
	if ok && n >= 0 && (!uok || u != uint64(n)) {
		t.Errorf("%s: Int %d and Uint %d %t", raw, n, u, uok)
	}
	var strict int64
	if loose.Kind(raw) == '0' && json.Unmarshal(raw, &strict) == nil && (!ok || n != strict) {
		t.Errorf("%s: got %d %t, want %d", raw, n, ok, strict)
	}
	sameInString(t, raw, n, ok, loose.Int)
}

// checkFloat holds Float and Bool against encoding/json.
func checkFloat(t *testing.T, raw []byte) {
	n, ok := loose.Float(raw)
	if math.IsNaN(n) || math.IsInf(n, 0) || !ok && n != 0 {
		t.Errorf("%s: got %v %t", raw, n, ok)
	}
	var strict float64
	if loose.Kind(raw) == '0' && json.Unmarshal(raw, &strict) == nil && (!ok || n != strict) {
		t.Errorf("%s: got %v %t, want %v", raw, n, ok, strict)
	}
	sameInString(t, raw, n, ok, loose.Float)
	b, bok := loose.Bool(raw)
	if ok && (!bok || b != (n != 0)) {
		t.Errorf("%s: Float %v and Bool %t %t", raw, n, b, bok)
	}
	sameInString(t, raw, b, bok, loose.Bool)
}

// sameInString checks that a value in quotes means what it means without them.
func sameInString[T comparable](t *testing.T, raw []byte, want T, ok bool, read func([]byte) (T, bool)) {
	switch loose.Kind(raw) {
	case '0', 't', 'f':
		if got, gotOK := read([]byte(`"` + string(raw) + `"`)); got != want || gotOK != ok {
			t.Errorf("%s: %v %t, and in a string %v %t", raw, want, ok, got, gotOK)
		}
	}
}

// checkString holds String and Document against encoding/json.
func checkString(t *testing.T, raw []byte) {
	text, ok := loose.String(raw, "open", "pending")
	if !utf8.ValidString(text) {
		t.Errorf("%q is no UTF-8", text)
	}
	var strict string
	if loose.Kind(raw) == '"' && json.Unmarshal(raw, &strict) == nil && (!ok || text != strict) {
		t.Errorf("%s: got %q %t, want %q", raw, text, ok, strict)
	}
	if document := loose.Document(raw); document != nil && !(json.Valid(document) && utf8.Valid(document)) {
		t.Errorf("%s: the document %q is no JSON", raw, document)
	}
}

var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// checkTime checks that what is read can be written and read back, and that
// time.Parse agrees where it understands the text. It takes more than RFC 3339, such
// as an offset of 24 hours.
func checkTime(t *testing.T, raw []byte) {
	var zones loose.Zones
	at, ok := zones.Time(raw, wib)
	if !ok && !at.IsZero() {
		t.Errorf("%s: not ok, and %v", raw, at)
	}
	if at.Year() < 0 || at.Year() > 10000 {
		t.Errorf("%s: got %v", raw, at)
	}
	if loose.Kind(raw) == '"' {
		text := strings.TrimSpace(loose.Unquote(raw))
		if strict, err := time.Parse(time.RFC3339Nano, text); err == nil && rfc3339.MatchString(text) && strict.Year() > 0 && (!ok || !at.Equal(strict)) {
			t.Errorf("%s: got %v %t, want %v", raw, at, ok, strict)
		}
		if strict, err := time.ParseInLocation(time.DateTime, text, wib); err == nil && strict.Year() > 0 && (!ok || !at.Equal(strict)) {
			t.Errorf("%s: got %v %t, want %v", raw, at, ok, strict)
		}
	}
	if again, ok := zones.Time([]byte(at.Format(`"`+time.RFC3339Nano+`"`)), wib); at.Year() > 0 && at.Year() < 10000 && (!ok || !again.Equal(at)) {
		t.Errorf("%s: %v became %v %t", raw, at, again, ok)
	}
	year, month, day, dok := zones.Day(raw, wib)
	if dok && year != 0 && time.Date(year, month, day, 0, 0, 0, 0, wib).Day() != day {
		t.Errorf("%s: no such day: %d-%d-%d", raw, year, month, day)
	}
	if !dok && year+int(month)+day != 0 {
		t.Errorf("%s: not ok, and %d-%d-%d", raw, year, month, day)
	}
}

// FuzzWalk holds Members, Elements and Unique against encoding/json: the parts
// put together again are the whole.
func FuzzWalk(f *testing.F) {
	f.Add([]byte(odd))
	fuzz(f, func(t *testing.T, raw []byte) {
		var b []byte
		switch loose.Kind(raw) {
		case '{':
			for name, value := range loose.Members(raw) {
				b = append(append(append(append(b, ','), name...), ':'), value...)
			}
			b = append(append([]byte{'{'}, b[min(1, len(b)):]...), '}')
			checkUnique(t, raw)
		case '[':
			for element := range loose.Elements(raw) {
				b = append(append(b, ','), element...)
			}
			b = append(append([]byte{'['}, b[min(1, len(b)):]...), ']')
		default:
			return
		}
		if got, want := compact(b), compact(raw); got != want {
			t.Errorf("%s: put together %s", want, got)
		}
	})
}

func compact(raw []byte) string {
	v := append(jsontext.Value(nil), raw...)
	_ = v.Compact(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), jsontext.PreserveRawStrings(true))
	return string(v)
}

func checkUnique(t *testing.T, object []byte) {
	var strict map[string]json.RawMessage
	if !utf8.Valid(object) || json.Unmarshal(object, &strict) != nil {
		return
	}
	n := 0
	for name, value := range loose.Unique(object) {
		if n++; string(strict[name]) != string(value) {
			t.Errorf("%s: %q is %s, want %s", object, name, value, strict[name])
		}
	}
	if n != len(strict) {
		t.Errorf("%s: %d names, want %d", object, n, len(strict))
	}
}
