package scan_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/scan"
)

// values are JSON of every kind, plain and not, and what is none.
var values = []string{
	`0`, `-0`, `7`, `-12.50`, `1e5`, `1.5E-07`, `00`, `01`, `-`, `1.`, `.5`, `1e`, `1e+`, `+1`, `1_000`, `0x1`, `NaN`,
	`null`, `true`, `false`, `nul`, `nulL`, `True`, `truefalse`,
	`""`, `"a"`, `"seven b"`, `"eight by"`, `"nine byte"`, `"PMP-0000001"`, `"a\"b\\c\/d\b\f\n\r\t"`, `"\u00e9\ud83d\ude00\ud83d"`, `"\u00g0"`, `"\x"`, `"\`,
	"\"Caf\xc3\xa9 \xf0\x9f\x98\x80\"", "\"Caf\xe9\"", "\"\xff\xfe\"", "\"\xe2\x80\"", "\"\xe2\"", "\"tab\t\"", "\"nul\x00\"", "\"\x7f\"", "\"12345678\x1f\"",
	`[]`, `{}`, `[ ]`, "{\n\t}", `[1,2]`, `[1 , 2]`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a":1}`, `{"a":1,"a":2}`, "{ \"a\" : 1 , \"b\" : [ ] }",
	`{"a"}`, `{"a":}`, `{a:1}`, `{1:1}`, `{"a":1,}`, `{"a":1]`, `{"a":{"b":[[{"c":null}],"x"]}}`, `[[[[[[[[]]]]]]]]`, `[{"a":[{}]},[],{}]`,
	"\x00", "[\x00]", "[1\x00]", "{\"a\"\x00:1}", ``, ` `, `,`, `:`, `]`, `}`,
	strings.Repeat("[", scan.MaxDepth) + strings.Repeat("]", scan.MaxDepth),
	strings.Repeat(`{"a":`, scan.MaxDepth) + "1" + strings.Repeat("}", scan.MaxDepth),
	strings.Repeat("[", scan.MaxDepth+1) + strings.Repeat("]", scan.MaxDepth+1),
	strings.Repeat(`[{"a":`, scan.MaxDepth/2) + "[]" + strings.Repeat("}]", scan.MaxDepth/2),
}

// FuzzValue holds the scanner against jsontext: both accept the same values, of the same
// length, but for those that are not plain, and a value that is cut short is seen as cut
// wherever that is.
func FuzzValue(f *testing.F) {
	for _, value := range values {
		f.Add([]byte(value))
		f.Add([]byte(value + `,"next":1}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) == 0 || len(text) > 4<<10 {
			return
		}
		text0 := append(bytes.Clone(text), 0) // behind which a number may go on
		got := scan.Value(text0, 0)
		want, depth := byJSONText(text)
		switch {
		case got > len(text) || got == 0 || ^got > len(text):
			t.Fatalf("%q: %d is outside of it", text, got)
		case got > 0 && got != want:
			t.Errorf("%q: got %d, want %d", text, got, want)
		case got < 0 && want > 0 && depth <= scan.MaxDepth && !(text0[want] == 0 && isNumber(text[want-1])):
			t.Errorf("%q: stopped at %d, want %d", text, ^got, want)
		}
		if got < 0 {
			return
		}
		for cut := range got {
			if end := scan.Value(append(bytes.Clone(text[:cut]), 0), 0); end != ^cut {
				t.Errorf("%q, cut at %d: got %d", text[:got], cut, end)
			}
		}
	})
}

func isNumber(last byte) bool { return '0' <= last && last <= '9' }

// byJSONText returns the length of the value that text starts with, 0 if it starts with
// none, and how deep it is nested.
func byJSONText(text []byte) (length, depth int) {
	if strings.IndexByte(" \t\r\n", text[0]) >= 0 {
		return 0, 0
	}
	lenient := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	value, err := jsontext.NewDecoder(bytes.NewReader(text), lenient...).ReadValue()
	if err != nil {
		return 0, 0
	}
	length = len(value)
	dec := jsontext.NewDecoder(bytes.NewReader(text[:length]), lenient...)
	for {
		if _, err := dec.ReadToken(); err != nil {
			return length, depth
		}
		depth = max(depth, dec.StackDepth())
	}
}

// TestNotPlain has what jsontext has to judge, and where the scanner stops.
func TestNotPlain(t *testing.T) {
	t.Parallel()
	for text, at := range map[string]int{
		"\"a\tb\"": 2, "\"123456\x01\"": 7, `"\q"`: 2, `"\u12g4"`: 5, `01x`: -1, `nuLl`: 2, `[1}`: 2, `{"a" 1}`: 5, `{1:2}`: 1,
		strings.Repeat("[", scan.MaxDepth+1): scan.MaxDepth, "[1,\x00]": 3,
	} {
		got := scan.Value([]byte(text+"\x00"), 0)
		if want := ^at; at >= 0 && got != want || at < 0 && got != 1 {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

// TestTexts has what strings are said to hold.
func TestTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]scan.Text{
		`""`: 0, `"plain, and long enough"`: 0, `"a\/b"`: scan.Escapes, "\"\xe9\"": scan.NonASCII, "\"12345678é\\n\"": scan.Escapes | scan.NonASCII, "\"\x7f\"": 0,
	} {
		if end, got := scan.String([]byte(text+"\x00"), 0); end != len(text) || got != want {
			t.Errorf("%q: got %d, %d, want %d", text, end, got, want)
		}
	}
}

// TestPrefix compares prefixes of less than 16 bytes, of 16 and of more, with and without
// bytes behind them.
func TestPrefix(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"":`, `"id":`, `"total":`, `"status":`, `"created_at":`, `"twelve_byte":`, `"exactly_16_b":`, `"seventeen_by_":`, `"a name of more than sixteen bytes":`} {
		p := scan.NewPrefix(text)
		for _, behind := range []string{"", "1", `"a long value"`} {
			if !p.IsAt([]byte(text + behind)) {
				t.Errorf("%s is not at the start of %s", text, text+behind)
			}
		}
		for i := range text {
			other := []byte(text + "0123456789abcdef")
			other[i] ^= 0x20
			if p.IsAt(other) || p.IsAt(other[:len(text)]) || p.IsAt([]byte(text[:i])) {
				t.Errorf("%s is at the start of %s, or of its first %d bytes", text, other, i)
			}
		}
	}
}

func TestIsASCII(t *testing.T) {
	t.Parallel()
	for n := range 20 {
		text := bytes.Repeat([]byte{0x7f}, n)
		if !scan.IsASCII(text) {
			t.Errorf("%q is ASCII", text)
		}
		for i := range text {
			text[i] = 0x80
			if scan.IsASCII(text) {
				t.Errorf("%q is not ASCII", text)
			}
			text[i] = 0x7f
		}
	}
}
