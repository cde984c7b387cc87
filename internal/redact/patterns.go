package redact

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What a debug page shows of a request is blanked out by its looks too: its
// headers, in a table or a dump, and its input.
const (
	// secretWord is a name that SecretName tells; authorization has a pattern of
	// its own, which leaves the scheme.
	secretWord = `(?:[\w.\-]*(?:token|password|secret)[\w.\-]*|pwd|passwd|api_?key)`
	// glue stands between a name and its value in HTML, JSON and PHP's dumps. A
	// bracket in a bracket ends it: the end of one that never closes would be
	// looked for again after each match.
	glue = `(?:\s|<[^<>]*>|&quot;|&gt;|&#0?39;|[:=>\[{("'])*`
)

// patterns are applied one after the other. A text without what one needs is not
// searched by it.
var patterns = []struct {
	needs   string
	regexp  *regexp.Regexp
	replace string // the groups to keep, and Mark
	isProse bool   // a word of prose in the second group is no secret
}{
	{"", regexp.MustCompile(`(?i)\b(bearer|basic)(?:\s|&nbsp;|%20|\+)+([^\s"'<>\\&,;]+)`), "${1} " + Mark, true},
	{"", regexp.MustCompile(`(?i)(authorization\s*(?:<[^<>]*>|&quot;|&gt;|&#0?39;|[:=>\[{("'])` + glue + `)([^\s"'<>\\&,;]+)`), "${1}" + Mark, true},
	{`"`, member(`"`, `(?:[^"\\]|\\.)*`), "${1}" + Mark + "${2}", false},
	{`\`, member(`\\+"`, `.*?`), "${1}" + Mark + "${2}", false},
	{"'", member(`'`, `(?:[^'\\]|\\.)*`), "${1}" + Mark + "${2}", false},
	{"&quot;", member(`&quot;`, `.*?`), "${1}" + Mark + "${2}", false},
	{"&#", member(`&#0?39;`, `.*?`), "${1}" + Mark + "${2}", false},
	{`"`, regexp.MustCompile(`(?i)("` + secretWord + `"\s*:\s*)-?\d[\d.eE+\-]*`), `${1}"` + Mark + `"`, false},
	{"</", regexp.MustCompile(`(?i)(>` + secretWord + `</[a-z]+>` + glue + `)[^<>"&]+`), "${1}" + Mark, false},
	{"=", regexp.MustCompile(`(?i)(\b` + secretWord + `=)[^&\s"'<>]+`), "${1}" + Mark, false},
}

// member matches "password": "…" and 'password' => '…' in quotes of one kind.
func member(quote, value string) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?is)(%[1]s%[2]s%[1]s\s*(?::|=>|=&gt;)\s*%[1]s)%[3]s(%[1]s|$)`, quote, secretWord, value))
}

// blankPatterns puts Mark in the place of what the patterns take for a secret.
func blankPatterns(text string) string {
	if !mayMatch(text) {
		return text
	}
	for _, p := range patterns {
		switch {
		case !strings.Contains(text, p.needs):
		case p.isProse:
			text = p.regexp.ReplaceAllStringFunc(text, func(found string) string {
				groups := p.regexp.FindStringSubmatch(found)
				if isProse(groups[2]) {
					return found
				}
				return strings.Replace(p.replace, "${1}", groups[1], 1)
			})
		default:
			text = p.regexp.ReplaceAllString(text, p.replace)
		}
	}
	return text
}

// prose are the words that follow "bearer" and "authorization" in a sentence.
var prose = []string{"token", "tokens", "auth", "authentication", "authorization", "header", "headers", "credentials", "scheme", "access", "is", "was", "not", "realm", "bearer", "basic"}

func isProse(word string) bool {
	word = strings.ToLower(strings.TrimRight(word, ".:!?)="))
	return slices.Contains(prose, word) || strings.HasPrefix(word, "[redact")
}

// stems are what each of the patterns needs a part of.
var stems = []string{"authorization", "bearer", "basic", "token", "password", "secret", "pwd", "passwd", "api_key", "apikey"}

// mayMatch reports whether a pattern may match in text, as none does in most texts.
func mayMatch(text string) bool {
	for i := range len(text) {
		switch text[i] | 0x20 {
		case 'a', 'b', 't', 'p', 's':
			for _, stem := range stems {
				if len(text)-i >= len(stem) && strings.EqualFold(text[i:i+len(stem)], stem) {
					return true
				}
			}
		}
	}
	return false
}
