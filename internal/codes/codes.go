// Package codes compares the codes of records as servers write them.
package codes

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Alike reports whether two codes may be one that is written in two ways, though they
// are not equal: by case, by white space, by an escape of HTML, of a URL or of quotes,
// as a number (JSON_NUMERIC_CHECK makes 123 of "00123" and 1.0e+10 of "1E10"), in
// another Unicode form, or with characters lost that the server can't store.
func Alike(a, b string) bool {
	const room = 64
	if len(a) > 16*len(b)+room || len(b) > 16*len(a)+room {
		return false // no way of writing is so much longer
	}
	x, y := fold(a), fold(b)
	return x == y || sameNumber(x, y) || x == questionMarks(y) || questionMarks(x) == y
}

// fold returns what is common to the ways of writing a code.
func fold(code string) string {
	if isPlain(code) {
		return strings.ToLower(code)
	}
	for range 2 { // twice is what a page does to text that was escaped before
		code = html.UnescapeString(code)
	}
	if text, err := url.PathUnescape(code); err == nil {
		code = text
	}
	code = strings.ToLower(code)
	var b strings.Builder
	for _, r := range code {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			continue
		}
		b.WriteRune(r)
	}
	return foldMarks(strings.Join(strings.Fields(strings.Trim(b.String(), ` "'`)), " "))
}

// isPlain reports whether a code has nothing that is written in more ways than its case,
// as nearly all codes.
func isPlain(code string) bool {
	for _, c := range []byte(code) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '/', c == '+':
		default:
			return false
		}
	}
	return true
}

// foldMarks replaces each letter with a mark by one sign, be it one character or the
// letter and its mark, or what stands for text that is not UTF-8.
func foldMarks(text string) string {
	var letters []rune
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r) && len(letters) > 0:
			letters[len(letters)-1] = unicode.ReplacementChar
		case r >= 0xc0 && r < 0x250, r >= 0x1e00 && r < 0x1f00: // the Latin letters with marks
			letters = append(letters, unicode.ReplacementChar)
		default:
			letters = append(letters, r)
		}
	}
	return string(letters)
}

// questionMarks returns text as a database keeps it whose character set is ASCII.
func questionMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '?'
		}
		return r
	}, text)
}

// sameNumber reports whether two codes are one number. One with a point or an exponent
// may have been rounded to a float64.
func sameNumber(a, b string) bool {
	x, okX := decimal(a)
	y, okY := decimal(b)
	if !okX || !okY {
		return false
	}
	if x == y {
		return true
	}
	f, errF := strconv.ParseFloat(a, 64)
	g, errG := strconv.ParseFloat(b, 64)
	rounded := strings.ContainsAny(a, ".e") != strings.ContainsAny(b, ".e")
	return rounded && errF == nil && errG == nil && f == g
}

// A decimalNumber is 0.digits times a power of ten.
type decimalNumber struct {
	negative bool
	digits   string // without zeros at its ends
	exponent int
}

// decimal reads a number, in lower case, without rounding it.
func decimal(text string) (n decimalNumber, ok bool) {
	text, n.negative = strings.CutPrefix(text, "-")
	text = strings.TrimPrefix(text, "+")
	mantissa, exponent, hasExponent := strings.Cut(text, "e")
	if hasExponent {
		var err error
		if n.exponent, err = strconv.Atoi(exponent); err != nil || max(n.exponent, -n.exponent) > 1<<20 {
			return decimalNumber{}, false
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return decimalNumber{}, false
	}
	significant := strings.TrimLeft(digits, "0")
	n.exponent += len(whole) - (len(digits) - len(significant))
	if n.digits = strings.TrimRight(significant, "0"); n.digits == "" {
		return decimalNumber{}, true // 0, whatever its sign
	}
	return n, true
}
