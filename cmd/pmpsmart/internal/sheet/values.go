package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// Unquote returns the text of a cell that people kept Excel from reading as a number:
// 00012 of ="00012" and of '00012. Other texts it returns as they are. [Reader] unwraps
// ="00012" in CSV by itself; an apostrophe it leaves, since a text may have one.
func Unquote(text string) string {
	if inner := unwrap(text); inner != text {
		return inner
	}
	if rest, ok := strings.CutPrefix(text, "'"); ok && rest != "" && strings.ContainsRune("0123456789=+-@", rune(rest[0])) {
		return rest
	}
	return text
}

var (
	scientific = regexp.MustCompile(`^-?[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,3}$`)
	excelError = regexp.MustCompile(`^(?:#[\p{Lu}0-9/_]{2,}[!?]|#N/A|#GETTING_DATA|#{2,}|Err:[0-9]{3})$`)
)

// Damaged reports whether a spreadsheet has lost what a cell held, and how: a long
// number rounded to 1,23E+12, an error such as #N/A, ##### for what did not fit, a
// character that became U+FFFD.
func Damaged(text string) (why lang.Text, damaged bool) {
	text = strings.TrimSpace(text)
	switch {
	case scientific.MatchString(text):
		return lang.T("%q is what a spreadsheet made of a long number; format the column as text and enter it anew", text), true
	case excelError.MatchString(text):
		return lang.T("%q is an error of the spreadsheet, not a value", text), true
	case strings.ContainsRune(text, utf8.RuneError):
		return lang.T("%q has a character that was lost when the file was saved; save it as UTF-8", text), true
	}
	return lang.Text{}, false
}

// Invisible reports the first character of a text that can't be seen, or looks like a
// space and is none: line breaks, no-break and zero-width spaces, marks that turn the
// direction.
func Invisible(text string) (what lang.Text, found bool) {
	for _, r := range text {
		if !isInvisible(r) {
			continue
		}
		switch {
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return lang.T("a line break"), true
		case r == '\t':
			return lang.T("a tab"), true
		case r == '\u00a0' || r == '\u202f':
			return lang.T("a no-break space (U+%04X)", r), true
		case unicode.Is(unicode.Bidi_Control, r):
			return lang.T("a mark that turns the direction of writing (U+%04X)", r), true
		case unicode.Is(unicode.Zs, r):
			return lang.T("a space that is not the usual one (U+%04X)", r), true
		case unicode.IsControl(r):
			return lang.T("a control character (U+%04X)", r), true
		}
		return lang.T("an invisible character (U+%04X)", r), true
	}
	return lang.Text{}, false
}

var whole = regexp.MustCompile(`^([+-]?[0-9]+)(?:[.,](0+))?$`)

// Integer reads a whole number: 2, 2.0 and 2,00, as spreadsheets write it. 2.000 it does
// not read: that may be two thousand.
func Integer(text string) (n int64, ok bool) {
	match := whole.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil || len(match[2]) == 3 {
		return 0, false
	}
	n, err := strconv.ParseInt(match[1], 10, 64)
	return n, err == nil
}

// The spellings of times, without those of RFC 3339. The day comes before the month, as
// in Indonesia; Excel there puts a point between hours and minutes, too.
var (
	timeLayouts = []string{
		"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04",
		"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006 15.04.05", "2/1/2006 15.04",
		"2-1-2006 15:04:05", "2-1-2006 15:04", "2-1-2006 15.04.05", "2-1-2006 15.04",
	}
	dayLayouts = []string{time.DateOnly, "2/1/2006", "2-1-2006", "2006/1/2"}
)

// Moment reads a time as [Writer] and spreadsheets write it: RFC 3339, 2026-02-09
// 14:05:30, 09/02/2026 14:05. One without a zone is in loc, nil for WIB; a day alone is its
// midnight.
func Moment(text string, loc *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if loc == nil {
		loc = wib
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, true
	}
	for _, layouts := range [][]string{timeLayouts, dayLayouts} {
		for _, layout := range layouts {
			// Go takes a comma before a fraction of a second for a point.
			if t, err := time.ParseInLocation(layout, text, loc); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}
