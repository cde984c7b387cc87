package redact

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// shortest is the length from which a secret is blanked out wherever it stands.
// Anything shorter would blank out half of every word.
const shortest = 4

// longestFirst returns the secrets in an order in which none is halved by another
// that is a part of it.
func (s Secrets) longestFirst() []string {
	all := slices.DeleteFunc(slices.Clone(s), func(secret string) bool { return len(secret) < shortest })
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// blank puts Mark in the place of each writing of secret.
func blank(text, secret string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		n, left := match(text[i:], secret)
		if left > 0 {
			i++
			continue
		}
		b.WriteString(text[done:i])
		b.WriteString(Mark)
		i += n
		done = i
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// blankPart puts Mark in the place of a beginning of secret that text ends with.
func blankPart(text, secret string) string {
	const longestEscape = 12 // \ud83d\ude00
	for i := max(0, len(text)-longestEscape*len(secret)); i < len(text); i++ {
		n, left := match(text[i:], secret)
		rest := text[i+n:]
		halfEscape := rest != "" && len(rest) < longestEscape && strings.IndexByte(`\%&`, rest[0]) >= 0
		if len(secret)-left >= shortest && (rest == "" || halfEscape) {
			return text[:i] + Mark
		}
	}
	return text
}

// match returns how much of text, from its start on, writes the secret, and how
// many bytes of the secret are left where it stops. A character may be written
// as itself or escaped for JSON, HTML or a URL, in whatever spelling.
func match(text, secret string) (n, left int) {
	if strings.HasPrefix(text, secret) {
		return len(secret), 0
	}
	for secret != "" && n < len(text) {
		if char, size := unescape(text[n:], secret[0]); size > 0 && strings.HasPrefix(secret, char) {
			n += size
			secret = secret[len(char):]
		} else if text[n] == secret[0] {
			n++
			secret = secret[1:]
		} else {
			break
		}
	}
	return n, len(secret)
}

// unescape reads the escaped character that text starts with; its size is 0
// where there is none. want is the byte that is looked for.
func unescape(text string, want byte) (char string, size int) {
	switch text[0] {
	case '\\':
		return unescapeJSON(text, want)
	case '%':
		if len(text) >= 3 {
			if b, err := strconv.ParseUint(text[1:3], 16, 8); err == nil {
				return string([]byte{byte(b)}), 3
			}
		}
	case '+':
		return " ", 1
	case '&':
		end := strings.IndexByte(text[:min(len(text), 12)], ';')
		if end > 0 {
			if char := html.UnescapeString(text[:end+1]); char != text[:end+1] {
				return char, end + 1
			}
		}
	}
	return "", 0
}

// mostBackslashes is how many are looked at in front of one character: 31 stand
// before a quote in JSON that stands five times in a string of JSON. Without an
// end, a text of nothing but backslashes would be read once from each of them.
const mostBackslashes = 32

// afterBackslashes is text without the backslashes that it starts with, as far
// as they are looked at.
func afterBackslashes(text string) string {
	n := 0
	for n < min(len(text), mostBackslashes) && text[n] == '\\' {
		n++
	}
	return text[n:]
}

// unescapeJSON reads one character after one backslash, or after more: JSON in a
// string of JSON.
func unescapeJSON(text string, want byte) (char string, size int) {
	if want == '\\' {
		if strings.HasPrefix(text, `\\`) {
			return `\`, 2
		}
		return "", 0
	}
	rest := afterBackslashes(text)
	if rest == "" {
		return "", 0
	}
	size = len(text) - len(rest) + 1
	if rest[0] == '&' { // escaped for JSON, and then for HTML
		if char, n := unescape(rest, want); n > 0 {
			return char, size - 1 + n
		}
	}
	if rest[0] != 'u' || len(rest) < 5 {
		return rest[:1], size // \/ and \"; \n is in no secret
	}
	code, err := strconv.ParseUint(rest[1:5], 16, 16)
	if err != nil {
		return rest[:1], size
	}
	r, size := rune(code), size+4
	if low := afterBackslashes(rest[5:]); utf16.IsSurrogate(r) && len(low) >= 5 && low[0] == 'u' {
		if second, err := strconv.ParseUint(low[1:5], 16, 16); err == nil {
			return string(utf16.DecodeRune(r, rune(second))), size + len(rest) - len(low)
		}
	}
	return string(r), size
}
