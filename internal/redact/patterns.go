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
	// glue stands between a name and its value in HTML, JSON and PHP's dumps.
	glue = `(?:\s|<[^>]*>|&quot;|&gt;|&#0?39;|[:=>\[{("'])*`
)

var (
	bearer        = regexp.MustCompile(`(?i)\b(bearer|basic)(?:\s|&nbsp;|%20|\+)+([^\s"'<>\\&,;]+)`)
	authorization = regexp.MustCompile(`(?i)(authorization\s*(?:<[^>]*>|&quot;|&gt;|&#0?39;|[:=>\[{("'])` + glue + `)([^\s"'<>\\&,;]+)`)
	secretInput   = regexp.MustCompile(`(?i)(\b` + secretWord + `=)[^&\s"'<>]+`)
	secretCell    = regexp.MustCompile(`(?i)(>` + secretWord + `</[a-z]+>` + glue + `)[^<>"&]+`)
	secretNumber  = regexp.MustCompile(`(?i)("` + secretWord + `"\s*:\s*)-?\d[\d.eE+\-]*`)
	secretMembers = []*regexp.Regexp{
		member(`"`, `(?:[^"\\]|\\.)*`),
		member(`\\+"`, `.*?`),
		member(`'`, `(?:[^'\\]|\\.)*`),
		member(`&quot;`, `.*?`),
		member(`&#0?39;`, `.*?`),
	}
)

// member matches "password": "…" and 'password' => '…' in quotes of one kind.
func member(quote, value string) *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(?is)(%[1]s%[2]s%[1]s\s*(?::|=>|=&gt;)\s*%[1]s)%[3]s(%[1]s|$)`, quote, secretWord, value))
}

// prose are the words that follow "bearer" and "authorization" in a sentence.
var prose = []string{"token", "tokens", "auth", "authentication", "authorization", "header", "headers", "credentials", "scheme", "access", "is", "was", "not", "realm", "bearer", "basic"}

func isProse(word string) bool {
	word = strings.ToLower(strings.TrimRight(word, ".:!?)="))
	return slices.Contains(prose, word) || strings.HasPrefix(word, "[redact")
}

func blankPatterns(text string) string {
	text = bearer.ReplaceAllStringFunc(text, func(found string) string {
		parts := bearer.FindStringSubmatch(found)
		if isProse(parts[2]) {
			return found
		}
		return parts[1] + " " + Mark
	})
	text = authorization.ReplaceAllStringFunc(text, func(found string) string {
		parts := authorization.FindStringSubmatch(found)
		if isProse(parts[2]) {
			return found // the scheme, whose value is blanked out already
		}
		return parts[1] + Mark
	})
	for _, member := range secretMembers {
		text = member.ReplaceAllString(text, "${1}"+Mark+"${2}")
	}
	text = secretNumber.ReplaceAllString(text, `${1}"`+Mark+`"`)
	text = secretCell.ReplaceAllString(text, "${1}"+Mark)
	return secretInput.ReplaceAllString(text, "${1}"+Mark)
}
