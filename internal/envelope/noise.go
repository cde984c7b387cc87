package envelope

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// window is how far into a body noise is looked through for JSON, and the size of
// the buffer before the decoder.
const window = 32 << 10

// nothing is what a decoder without a body reads.
var nothing = bytes.NewReader(nil)

// findJSON returns the place in text at which the JSON starts, or -1: the whole of
// it, or else the first bracket whose value runs on to the end of what is there
// or is followed by nothing. whole says that nothing comes after text.
func findJSON(text []byte, whole bool) int {
	dec := jsontext.NewDecoder(nothing, Lenient)
	pageEnd := sync.OnceValue(func() int { return endOfPageTag(text) })
	answer, answerEnd := -1, 0 // the last one that more than white space follows
	// Brackets in brackets may be read again and again: the work is bounded,
	// not the number of brackets, of which a dump of PHP's has thousands.
	for i, work := 0, 16*window; i < len(text) && work > 0; {
		scalar := text[i] != '{' && text[i] != '['
		if scalar && i > 0 && !startsEncoded(text[i:]) {
			i++
			continue
		}
		dec.Reset(bytes.NewBuffer(text[i:]), Lenient)
		value, err := dec.ReadValue()
		switch {
		case err == nil && i > 0 && loose.IsEmpty(value) && isSentence(text[:i], pageEnd) && !isGuard(text[:i]):
			// "Undefined offset in bindings []" is no answer.
			work -= len(value)
			i += len(value)
		case err == nil && endsAnswer(value, text[i+len(value):]):
			return i
		case err == nil: // what is in the value is no nearer to the end
			if isAnswerIn(value) || isCall(text[:i]) {
				answer, answerEnd = i, i+len(value)
			}
			work -= len(value)
			i += len(value)
		case errors.Is(err, io.ErrUnexpectedEOF) && !(scalar && whole):
			return i
		default:
			read := readTo(err)
			work -= read
			i += max(1, bracketsOnly(text[i:i+read]))
		}
	}
	if answer >= 0 && whole && pageEnd() > len(text) && isTailOf(text[:answer], text[answerEnd:]) {
		return answer
	}
	return -1
}

// guards are what servers put before JSON so that a browser can't run it as a script, or
// so that it can.
var guards = regexp.MustCompile(`^\s*(?:\)\]\}'?,?|while\s*\(1\);?|for\s*\(;;\);?|throw [^\n]*|[^\n]*\()\s*$`)

// isGuard reports whether text before JSON is one of those; they are short.
func isGuard(before []byte) bool {
	const longest = 200
	return len(before) <= longest && guards.Match(before)
}

// isCall reports whether text before JSON is a call of JSONP's, of which the end follows.
func isCall(before []byte) bool {
	return len(before) > 0 && before[len(before)-1] == '(' && isGuard(before)
}

// isTailOf is isTail for what follows an answer behind that noise.
func isTailOf(before, tail []byte) bool {
	if isCall(before) {
		rest, closes := bytes.CutPrefix(bytes.TrimSpace(tail), []byte(")"))
		if !closes {
			return false
		}
		tail = bytes.TrimLeft(rest, "; \t\r\n")
	}
	return isTail(tail)
}

// isAnswerIn reports whether a value between noise is an answer: an envelope, or an array
// of objects.
func isAnswerIn(value []byte) bool {
	return isEnvelope(value) || value[0] == '[' && firstObject(value) != nil
}

// startsEncoded reports whether text starts with JSON that was encoded twice.
func startsEncoded(text []byte) bool { return bytes.HasPrefix(text, []byte(`"{\"`)) }

// readTo returns how far the decoder came.
func readTo(err error) int {
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return int(syntactic.ByteOffset)
	}
	return 0
}

// bracketsOnly returns how much of text can be passed over where a value that starts
// with it breaks off at its end: the brackets outside of strings break off there
// as well.
func bracketsOnly(text []byte) int {
	if quote := bytes.IndexByte(text, '"'); quote >= 0 {
		return quote
	}
	return len(text)
}

// endsAnswer reports whether a value before rest is where the JSON starts: it is
// followed by nothing, or it is an answer that is followed by another right away,
// which is an error that skipping the first would hide.
func endsAnswer(value, rest []byte) bool {
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || rest[0] == '{' && isEnvelope(value)
}

// isEnvelope reports whether an object is an answer rather than one that noise
// shows: it has an envelope's words.
func isEnvelope(value []byte) bool {
	if value[0] != '{' {
		return false
	}
	for quoted, member := range loose.Members(value) {
		if w := wordOf(quoted, member); w.Role() == words.Data || w.OfEnvelope() && w.Role() != words.Exception {
			return true
		}
	}
	return false
}

// diagnostics are how PHP starts what it prints of its own accord.
var diagnostics = [][]byte{
	[]byte("Warning:"), []byte("Notice:"), []byte("Deprecated:"), []byte("Fatal error:"),
	[]byte("PHP Warning:"), []byte("PHP Notice:"), []byte("PHP Deprecated:"), []byte("PHP Fatal error:"),
}

// hidden is what of a page is not shown: a debug bar's or hosting company's script.
var hidden = regexp.MustCompile(`(?is)<script\b.*?(?:</script\s*>|$)|<style\b.*?(?:</style\s*>|$)|<!--.*?(?:-->|$)`)

// isTail reports whether what follows an answer is noise rather than a second answer:
// what PHP prints at the end of a request, HTML that others add, a byte-order mark.
func isTail(tail []byte) bool {
	tail = bytes.Trim(tail, "\ufeff\x00 \t\r\n")
	isHTML := bytes.HasPrefix(tail, []byte("<"))
	if isHTML {
		tail = bytes.TrimSpace(hidden.ReplaceAll(tail, nil))
	}
	if at := findJSON(tail, true); at >= 0 && tail[at] == '{' {
		return false
	}
	return isHTML || len(tail) == 0 ||
		slices.ContainsFunc(diagnostics, func(start []byte) bool { return bytes.HasPrefix(tail, start) })
}

// isSentence reports whether text goes on in its line, or is a page, rather than
// noise that an answer stands behind. pageEnd returns where the first tag of a page
// ends in what text is the start of.
func isSentence(text []byte, pageEnd func() int) bool {
	whole := len(text)
	text = bytes.TrimRight(text, " \t")
	for _, end := range []string{"\n", "\r", ">", "\ufeff"} {
		if bytes.HasSuffix(text, []byte(end)) {
			return pageEnd() <= whole
		}
	}
	return len(text) > 0
}

// endOfPageTag returns where the first tag of an HTML page ends in text.
func endOfPageTag(text []byte) int {
	if tag := htmlPage.FindIndex(text); tag != nil {
		return tag[1]
	}
	return len(text) + 1
}

// notJSON returns the problem of a body that holds no JSON at all.
func notJSON(body []byte, m Mask) *Problem {
	title, isHTML := Title(body)
	switch {
	case len(body) == 0:
		return &Problem{Text: "want JSON", Err: ErrEmpty}
	case isHTML && title != "":
		return &Problem{Text: fmt.Sprintf("want JSON, and it is an HTML page titled %q", singleLine(m, title))}
	case isHTML:
		return &Problem{Text: "want JSON, and it is an HTML page"}
	}
	return &Problem{Text: "want JSON", Got: quoted(m, body, 80)}
}
