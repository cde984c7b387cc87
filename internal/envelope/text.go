package envelope

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// A Mask hides secrets. It does so in the start of a text before it cuts that to
// most bytes: cut first, half a secret would be left, which nobody can tell from
// other text.
type Mask interface {
	Cut(start string, most int) string
}

// maxLine limits a message, a status or a text of a validator's.
const maxLine = 500

// singleLine makes a text fit for one line of a log.
func singleLine(m Mask, text string) string { return truncate(m, text, maxLine) }

// truncate makes a text fit for the inside of a line and cuts it to most bytes. What
// is not cut still has its secrets. The time that it takes does not depend on the
// length of the text.
func truncate(m Mask, text string, most int) string {
	looked := lookedAt(most)
	isCut := len(text) > looked
	if isCut {
		text = trimPartialRune(text[:looked])
	}
	text = clean(text)
	switch {
	case !isCut && len(text) <= most:
		return text
	case m != nil:
		text = m.Cut(text, most)
	default:
		text = text[:min(len(text), most)]
	}
	return strings.ToValidUTF8(text, "") + "…"
}

// quoted returns the start of what is no JSON as a string of Go's, in which bytes show
// that can't be printed.
func quoted(m Mask, text []byte, most int) string {
	start := string(text[:min(len(text), lookedAt(most))])
	switch {
	case len(text) <= most:
		return strconv.Quote(start)
	case m != nil:
		start = m.Cut(start, most)
	default:
		start = start[:most]
	}
	return strconv.Quote(trimPartialRune(start) + "…")
}

// lookedAt returns how much of a text is looked at that is cut to most bytes: a
// secret may reach beyond the cut.
func lookedAt(most int) int { return 2*most + 1024 }

// trimPartialRune drops what is left of a character that was cut.
func trimPartialRune(text string) string {
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRuneInString(text); r != utf8.RuneError || size != 1 {
			break
		}
		text = text[:len(text)-1]
	}
	return text
}

// clean returns text as a single line, with single spaces and without control
// characters.
func clean(text string) string {
	if isLine(text) {
		return text
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	return redact.SingleLine(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text))
}

// isLine reports whether text is a line already, as nearly all are.
func isLine(text string) bool {
	before := byte(' ')
	for _, c := range []byte(text) {
		if c < ' ' || c >= 0x7f || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return text == "" || before != ' '
}

// unquoteStart returns the text of a JSON string, or the start of it that at least
// limit bytes are written as.
func unquoteStart(quoted []byte, limit int) string {
	if len(quoted) <= limit+2 {
		return loose.Unquote(quoted)
	}
	end := 1
	for end <= limit {
		switch {
		case quoted[end] != '\\':
			end++
		case quoted[end+1] == 'u':
			end += len(`\u0000`)
		default:
			end += len(`\n`)
		}
	}
	start := append(make([]byte, 0, end+1), quoted[:end]...)
	return loose.Unquote(append(start, '"'))
}
