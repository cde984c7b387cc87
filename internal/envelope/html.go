package envelope

import (
	"html"
	"regexp"
	"strings"
)

var (
	htmlPage   = regexp.MustCompile(`(?i)<(?:!doctype html|html|head|title|body|h1)\b`)
	htmlTitles = []*regexp.Regexp{
		regexp.MustCompile(`(?is)<title\b[^>]*>(.*?)</title`),
		regexp.MustCompile(`(?is)<h1\b[^>]*>(.*?)</h1`),
	}
	htmlTag  = regexp.MustCompile(`<[^>]*>`)
	breakTag = regexp.MustCompile(`(?i)</?(?:p|br|div|li|ul|ol|tr|td|th|h[1-6]|hr|pre)\b[^<>]*>`)
	anyTag   = regexp.MustCompile(`<!--[^>]*-->|</?[a-zA-Z][^<>]*>`)
)

// withoutTags returns the text of HTML, and any other text as it is.
func withoutTags(text string) string {
	if strings.IndexByte(text, '<') < 0 || !anyTag.MatchString(text) {
		return text
	}
	text = breakTag.ReplaceAllString(text, " ")
	return html.UnescapeString(anyTag.ReplaceAllString(text, ""))
}

// Title returns the title of an HTML page, or its first heading, whole, and reports
// whether text is a page at all.
func Title(text []byte) (string, bool) {
	if !htmlPage.Match(text) {
		return "", false
	}
	for _, element := range htmlTitles {
		if found := element.FindSubmatch(text); found != nil {
			if title := clean(html.UnescapeString(string(htmlTag.ReplaceAll(found[1], nil)))); title != "" {
				return title, true
			}
		}
	}
	return "", true
}
