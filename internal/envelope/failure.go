package envelope

import (
	"bytes"
	"html"
	"io"
	"strings"
)

// maxFailure bounds what is read of the body of a 3xx, 4xx or 5xx.
const maxFailure = 64 << 10

// Failure reads what an answer with the HTTP status of an error has to say: an
// envelope, a short text, or an HTML page's title. It never fails; where
// nothing is said, Message is "".
func Failure(body io.Reader, o Options) *Answer {
	text, err := io.ReadAll(io.LimitReader(body, maxFailure+headSize))
	o.Strict, o.PerRecord, o.MaxBytes, o.refused = false, false, int64(len(text))+1, true
	a, _, problem := Value(bytes.NewReader(text), o)
	a.Head = text
	a.Broken = err
	a.Drifts = nil
	if problem == nil {
		return a
	}
	a.Message = ""
	if title, ok := Title(text); ok {
		a.Message = line(title)
	} else if isShortText(text) {
		a.Message = line(string(text))
	}
	return a
}

// isShortText tells a sentence from a page or a dump.
func isShortText(text []byte) bool {
	const most = 300
	trimmed := bytes.TrimSpace(text)
	return len(trimmed) > 0 && len(trimmed) <= most && bytes.IndexByte(trimmed, '<') < 0 && bytes.IndexByte(trimmed, 0) < 0
}

// Title gives the title of an HTML page, or its first heading, and whether text
// is a page at all.
func Title(text []byte) (string, bool) {
	lower := strings.ToLower(string(text))
	if !strings.Contains(lower, "<html") && !strings.Contains(lower, "<!doctype html") && !strings.Contains(lower, "<title") && !strings.Contains(lower, "<body") {
		return "", false
	}
	for _, tag := range []string{"title", "h1"} {
		if inner, ok := element(string(text), lower, tag); ok && inner != "" {
			return inner, true
		}
	}
	return "", true
}

// element gives the text of the first element of that name.
func element(text, lower, tag string) (string, bool) {
	if len(text) != len(lower) { // lowering moved bytes: search as it stands
		lower = text
	}
	start := strings.Index(lower, "<"+tag)
	if start < 0 {
		return "", false
	}
	open := strings.IndexByte(lower[start:], '>')
	if open < 0 {
		return "", false
	}
	start += open + 1
	end := strings.Index(lower[start:], "</"+tag)
	if end < 0 {
		return "", false
	}
	return line(html.UnescapeString(text[start : start+end])), true
}
