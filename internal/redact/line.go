package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SingleLine returns text as one line that reads the same wherever it is printed: a
// space stands for each line break or tab, and U+FFFD for each character that a
// terminal would obey rather than show and for bytes that are not UTF-8.
func SingleLine(text string) string {
	if isSingleLine(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case isBreak(r):
			return ' '
		case isInvisible(r):
			return '\ufffd'
		}
		return r
	}, text)
}

// isSingleLine reports whether text is one already, as nearly all are.
func isSingleLine(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func isBreak(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// isInvisible reports whether a terminal or an editor obeys a character rather than
// shows it: controls, line separators, what changes the direction of the text.
func isInvisible(r rune) bool {
	if r < 0x7f {
		return r < ' '
	}
	return unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// Line returns the start of text as a single line of at most limit bytes, secrets
// blanked out, and "…" where there was more. The time that it takes does not
// depend on the length of the text.
func (s *Secrets) Line(text string, limit int) string {
	looked := 2*limit + 1024
	isCut := len(text) > looked
	if isCut {
		text = string(s.Head([]byte(text[:looked]), looked))
	} else {
		text = s.Text(text)
	}
	text = SingleLine(text)
	if len(text) > limit {
		text, isCut = text[:limit], true
	}
	if !isCut {
		return text
	}
	return trimPartialRune(text) + "…"
}

// trimPartialRune drops what is left of a character that was cut.
func trimPartialRune(text string) string {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if start := len(text) - n; utf8.RuneStart(text[start]) {
			if !utf8.FullRuneInString(text[start:]) {
				return text[:start]
			}
			break
		}
	}
	return text
}

// Word returns a name as a single line of at most limit bytes, as Line does, in
// quotes if it holds more than letters, digits and the signs of identifiers and
// paths, so that nobody takes a part of it for the text around it.
func (s *Secrets) Word(name string, limit int) string { return Quote(s.Line(name, limit)) }

// Quote puts a line in quotes unless it is a plain word.
func Quote(line string) string {
	if line != "" && !strings.ContainsFunc(line, func(r rune) bool {
		return r < utf8.RuneSelf && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9') && !strings.ContainsRune("_-.*[]/@$", r)
	}) {
		return line
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(line) + `"`
}
