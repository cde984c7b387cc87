package envelope

import (
	"bytes"
	"html"
	"io"
	"regexp"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// maxFailure bounds what is read of the body of a 3xx, 4xx or 5xx.
const maxFailure = 64 << 10

// Failure reads what an answer with the HTTP status of an error has to say: an
// envelope, a short text, or an HTML page's title. It never fails; where
// nothing is said, Message is "".
func Failure(body io.Reader, o Options) *Answer {
	text, err := io.ReadAll(io.LimitReader(body, maxFailure+headSize))
	o.Strict, o.PerRecord, o.MaxBytes, o.refused = false, false, int64(len(text))+1, true
	a, v, problem := Value(bytes.NewReader(text), o)
	a.Head, a.Broken, a.Drifts = text, err, nil
	switch {
	case a.Message != "": // also what a cut body still said
	case problem == nil:
		a.explainByWhole(v.Whole)
	default:
		a.Message = line(o.Mask, plainMessage(text))
	}
	return a
}

// explainByWhole reads what has no envelope: RFC 9457's members, which proxies
// and gateways send, or a validator's errors alone.
func (a *Answer) explainByWhole(whole []byte) {
	if loose.Kind(whole) != '{' {
		return
	}
	for _, name := range []string{"detail", "title", "reason"} {
		a.say(member(whole, name))
	}
	if a.Fields == nil {
		a.addLists(whole)
	}
	if a.Fields != nil {
		a.say(whole)
	}
}

// plainMessage is what a body that is no JSON says.
func plainMessage(text []byte) string {
	if title, ok := Title(text); ok {
		return title
	}
	if isShortText(text) {
		return string(text)
	}
	return ""
}

// isShortText tells a sentence from a page or a dump.
func isShortText(text []byte) bool {
	const most = 300
	trimmed := bytes.TrimSpace(text)
	return len(trimmed) > 0 && len(trimmed) <= most && bytes.IndexByte(trimmed, '<') < 0 && bytes.IndexByte(trimmed, 0) < 0
}

var (
	htmlPage   = regexp.MustCompile(`(?i)<(?:!doctype html|html|head|title|body|h1)\b`)
	htmlTitles = []*regexp.Regexp{
		regexp.MustCompile(`(?is)<title\b[^>]*>(.*?)</title`),
		regexp.MustCompile(`(?is)<h1\b[^>]*>(.*?)</h1`),
	}
	htmlTag = regexp.MustCompile(`<[^>]*>`)
)

// Title gives the title of an HTML page, or its first heading, whole, and whether
// text is a page at all.
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
