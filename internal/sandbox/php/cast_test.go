package php_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

func TestString(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value any
		want  string
	}{
		{nil, ""}, {"x", "x"}, {true, "1"}, {false, ""}, {[]any{"x"}, ""},
		{json.Number("7"), "7"}, {json.Number("-0"), "0"}, {json.Number("2.0"), "2"}, {json.Number("1.5"), "1.5"},
		{json.Number("1e30"), "1.0e+30"}, {json.Number("12345678901234567890"), "1.2345678901234567e+19"},
	} {
		assert.Equal(t, tt.want, php.String(tt.value), "%#v", tt.value)
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value any
		want  int64
		ok    bool
	}{
		{"40", 40, true}, {"+40", 40, true}, {"-1", -1, true}, {"0", 0, true}, {"-0", 0, true}, {true, 1, true}, {json.Number("4e1"), 40, true},
		{"", 0, false}, {"040", 0, false}, {"--1", 0, false}, {"4.0", 0, false}, {"0x28", 0, false}, {" 40", 0, false}, {false, 0, false},
		{json.Number("9223372036854775808"), 0, false}, {json.Number("40.5"), 0, false}, {[]any{}, 0, false},
	} {
		n, ok := php.Int(tt.value)
		assert.Equal(t, tt.ok, ok, "%#v", tt.value)
		if ok {
			assert.Equal(t, tt.want, n, "%#v", tt.value)
		}
	}
}

func TestTrim(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "\u00a0x \f", php.Trim(" \t\n\r\x00\x0b\u00a0x \f\n"), "neither a no-break space nor a form feed")
}

func TestDate(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*3600)
	for text, want := range map[string]time.Time{
		"2026-02-02":           time.Date(2026, time.February, 2, 0, 0, 0, 0, wib),
		"2026/2/2":             time.Date(2026, time.February, 2, 0, 0, 0, 0, wib),
		"03/02/2026":           time.Date(2026, time.March, 2, 0, 0, 0, 0, wib),
		"03-02-2026":           time.Date(2026, time.February, 3, 0, 0, 0, 0, wib),
		"2 Feb 2026":           time.Date(2026, time.February, 2, 0, 0, 0, 0, wib),
		"2026-02-02 10:11:12":  time.Date(2026, time.February, 2, 10, 11, 12, 0, wib),
		"2026-02-02T10:00:00Z": time.Date(2026, time.February, 2, 10, 0, 0, 0, time.UTC),
	} {
		got, ok := php.Date(text, wib)
		assert.True(t, ok && want.Equal(got), "%s is %s", text, got)
	}
	for _, text := range []string{"", "kemarin", "2026-02-30", "5"} {
		_, ok := php.Date(text, wib)
		assert.False(t, ok, text)
	}
}
