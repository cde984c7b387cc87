package envelope

import (
	"bytes"
	"io"
)

// maxFailure bounds what is read of the body of a 3xx, 4xx or 5xx.
const maxFailure = 64 << 10

// Failure reads what an answer with the HTTP status of an error has to say: an
// envelope, a short text, or an HTML page's title. It never fails; if nothing is
// said, Message is "".
func Failure(body io.Reader, o Options) *Answer {
	text, err := io.ReadAll(io.LimitReader(body, maxFailure+headSize))
	o.Strict, o.PerRecord, o.MaxBytes, o.refused = false, false, int64(len(text))+1, true
	a, v, problem := Value(bytes.NewReader(text), o)
	a.Head, a.Broken, a.Drifts = text, err, nil
	switch {
	case a.Message != "" && (a.Fields != nil || problem != nil): // also what a cut body still said
	case a.Message != "":
		e := explanation{mask: o.Mask}
		e.search(v.Whole, maxErrorDepth)
		a.Fields = e.fields
	case problem == nil:
		e := explanation{mask: o.Mask, fields: a.Fields}
		e.addWhole(v.Whole)
		a.Message, a.Fields = e.message, e.fields
	default:
		a.Message = singleLine(o.Mask, plainMessage(text))
	}
	return a
}

// plainMessage returns what a body that is no JSON says.
func plainMessage(text []byte) string {
	if title, ok := Title(text); ok {
		return title
	}
	if isShortText(text) {
		return string(text)
	}
	return ""
}

// isShortText reports whether text is a sentence rather than a page or a dump.
func isShortText(text []byte) bool {
	const most = 300
	trimmed := bytes.TrimSpace(text)
	return len(trimmed) > 0 && len(trimmed) <= most && bytes.IndexByte(trimmed, '<') < 0 && bytes.IndexByte(trimmed, 0) < 0
}
