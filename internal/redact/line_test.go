package redact_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

func TestSingleLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "",
		"Pesanan tidak ditemukan":   "Pesanan tidak ditemukan",
		" a \n b\t\r\n  c ":         " a   b     c ",
		"a\u0085b\u2028c\u2029d":    "a b c d",
		"\x1b[31mmerah\x1b[0m":      "\ufffd[31mmerah\ufffd[0m",
		"\u009b31mmerah":            "\ufffd31mmerah",
		"\u202egnp.exe\u202c":       "\ufffdgnp.exe\ufffd",
		"\u2066a\u2069\u200e\u061c": "\ufffda\ufffd\ufffd\ufffd",
		"a\x00b\x7fc\ufeffd":        "a\ufffdb\ufffdc\ufeffd",
		"a\xffb\xc2":                "a\ufffdb\ufffd",
		"é 😀 👩\u200d🌾":              "é 😀 👩\u200d🌾",
	} {
		assert.Equal(t, want, redact.SingleLine(text), "%q", text)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a b", secrets.Line("a\nb", 10))
	assert.Equal(t, "0123456789", secrets.Line("0123456789", 10))
	assert.Equal(t, "0123456789…", secrets.Line("0123456789a", 10))
	assert.Equal(t, "012345678…", secrets.Line("012345678é", 10), "no half character")
	assert.Equal(t, "x [redacted]", secrets.Line("x "+token, 20), "what is blanked out is no longer than that")
	for n := 2970; n < 3030; n++ { // what is looked at ends at 3,024 bytes
		line := secrets.Line(strings.Repeat("x", n)+token+strings.Repeat("x", 3000), 1000)
		require.NotContains(t, line, token[:4], n)
		require.True(t, utf8.ValidString(line))
	}
}

func TestWord(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"kode_order":                 "kode_order",
		"items.*.qty":                "items.*.qty",
		"items[0]":                   "items[0]",
		"nama":                       "nama",
		"":                           `""`,
		"nama lengkap":               `"nama lengkap"`,
		"x: y":                       `"x: y"`,
		"x\n::warning::z":            `"x ::warning::z"`,
		`say "hi" \`:                 `"say \"hi\" \\"`,
		token:                        "[redacted]",
		strings.Repeat("n", 50):      strings.Repeat("n", 40) + "…",
		strings.Repeat("n", 1<<20):   strings.Repeat("n", 40) + "…",
		"x " + token + " \u202e end": "\"x [redacted] \ufffd end\"",
	} {
		assert.Equal(t, want, secrets.Word(name, 40), "%q", name)
	}
}

// What is shown as JSON is JSON whatever was blanked out, on one line.
func TestSecretsInJSON(t *testing.T) {
	t.Parallel()
	numeric := redact.New("12345678", token)
	for raw, want := range map[string]string{
		`"x token=abc\"def"`:                              `"x token=[redacted]\"def"`,
		`{ "a": 1, "b":[ ] }`:                             `{ "a": 1, "b":[ ] }`,
		"{\n\"a\":1}":                                     `{"a":1}`,
		`{"` + token + `":1}`:                             `{"[redacted]":1}`,
		`["5|AbC\/dEf+gHi0123456789","é\/"]`:              `["[redacted]","é\/"]`,
		`{"password":{"a":1},"b":2}`:                      `{"password":"[redacted]","b":2}`,
		`12345678`:                                        `"[redacted]"`,
		`[1,12345678.5,true,null]`:                        `[1,"[redacted]",true,null]`,
		`"{\"a\":\"` + token + `\"}"`:                     `"{\"a\":\"[redacted]\"}"`,
		"\"\u202e\u0085\u009b\ufeff\"":                    "\"\\u202e\\u0085\\u009b\ufeff\"",
		"\"a\xff\"":                                       `"a\ufffd"`,
		`"Authorization: Bearer abc\"d"`:                  `"Authorization: Bearer [redacted]\"d"`,
		`"\"password\":\"a\\\\\""`:                        `"\"password\":\"[redacted]\""`,
		strings.Repeat(`[`, 70) + strings.Repeat(`]`, 70): strings.Repeat(`[`, 64) + `"…"` + strings.Repeat(`]`, 64),
	} {
		got := numeric.JSON([]byte(raw))
		assert.Equal(t, want, string(got))
		assert.True(t, json.Valid(got), "%s", got)
	}
}
