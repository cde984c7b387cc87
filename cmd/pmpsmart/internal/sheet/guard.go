package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A spreadsheet runs a text of CSV that starts like a formula, whatever the program that
// wrote it meant. guard puts an apostrophe before such a text, and unguard takes it
// away; a text that starts with apostrophes before such a start gets one more, so that
// every text comes back as it was.

// guard makes a text harmless.
func guard(text string) string {
	if runs(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// unguard takes the apostrophe of guard away.
func unguard(text string) string {
	if strings.HasPrefix(text, "'") && runs(strings.TrimLeft(text, "'")) {
		return text[1:]
	}
	return text
}

// runs reports whether a spreadsheet of some kind would take the text for a formula or a
// command. A negative number, digits and a point at most, is none.
func runs(text string) bool {
	if text == "" || isPlainNumber(text) {
		return false
	}
	for _, r := range text {
		switch r {
		case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
			return true
		case ' ', 0: // some programs skip them
			continue
		}
		if !isInvisible(r) {
			return false
		}
	}
	return false
}

// isPlainNumber reports whether a text is -1, 2 or 3.50.
func isPlainNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(text, ".")
	return isDigits(whole) && (!point || isDigits(fraction))
}

func isDigits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}

// unwrap makes 00012 of ="00012", which is how a text of digits is kept from Excel.
func unwrap(text string) string {
	if len(text) < 3 || text[:2] != `="` || text[len(text)-1] != '"' {
		return text
	}
	inner := text[2 : len(text)-1]
	if strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
		return text // a formula of more than one text
	}
	return strings.ReplaceAll(inner, `""`, `"`)
}

// isInvisible reports whether a character can't be seen, or is a space other than the
// space.
func isInvisible(r rune) bool {
	switch {
	case r == ' ':
		return false
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	case r == '\u034f', r == '\u115f', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uffa0',
		'\ufe00' <= r && r <= '\ufe0f', 0xe0100 <= r && r <= 0xe01ef: // fillers and variation selectors
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp)
}
