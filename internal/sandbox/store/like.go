package store

import (
	"regexp"
	"strings"
)

// Like returns a function that reports whether a text matches a pattern of
// SQLite's LIKE: % and _ are wildcards, and letters of ASCII match in either case.
func Like(pattern string) func(text string) bool {
	var b strings.Builder
	b.WriteString("(?s)^")
	for _, r := range pattern {
		switch {
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteString(".")
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			b.WriteString("[" + strings.ToLower(string(r)) + strings.ToUpper(string(r)) + "]") // (?i) folds beyond ASCII
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String()).MatchString
}
