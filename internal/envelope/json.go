package envelope

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Lenient has the JSON decoder read what PHP sends: bytes that are no UTF-8, names that come twice.
var Lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// AppendString writes text as a JSON string.
func AppendString(b []byte, text string) []byte {
	b, _ = jsontext.AppendQuote(b, text) // the error is only about UTF-8, which is replaced
	return b
}

// toValidUTF8 returns b as a string, U+FFFD for each run of bytes that are no UTF-8.
func toValidUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// appendName starts a member of an object that is still open.
func appendName(object, quoted []byte) []byte {
	if len(object) == 0 {
		object = append(object, '{')
	} else {
		object = append(object, ',')
	}
	return append(append(object, quoted...), ':')
}

// appendMember adds a member to an object that is still open.
func appendMember(object, quoted, value []byte) []byte {
	return append(appendName(object, quoted), value...)
}

// member returns an object's member of that name, nil if there is none.
func member(object []byte, want string) (found []byte) {
	for name, value := range loose.Members(object) {
		if loose.NameIs(name, want) {
			found = value
		}
	}
	return found
}

// without returns an object without the members that drop names, nil if that
// leaves none.
func without(object []byte, drop func(words.Word) bool) (rest []byte) {
	for name, value := range loose.Members(object) {
		if !drop(wordOf(name, value)) {
			rest = appendMember(rest, name, value)
		}
	}
	if rest == nil {
		return nil
	}
	return append(rest, '}')
}

// wordOf returns the word of a member.
func wordOf(quoted, value []byte) words.Word { return words.Of(quoted).For(loose.Kind(value)) }

// onlyEnvelope reports whether a word is an envelope's and never is data.
func onlyEnvelope(w words.Word) bool { return w.OfEnvelope() && w.Known() }

// orEmptyObject returns object, or an empty one for nil.
func orEmptyObject(object []byte) []byte {
	if object == nil {
		return []byte("{}")
	}
	return object
}

// firstOf returns an array's first element, nil if there is none.
func firstOf(array []byte) []byte {
	for element := range loose.Elements(array) {
		return element
	}
	return nil
}

// jsonInString returns the object or array that a JSON string holds as text, nil
// if it holds none.
func jsonInString(raw []byte) []byte {
	text := []byte(strings.TrimSpace(loose.Unquote(raw)))
	if kind := loose.Kind(text); kind != '{' && kind != '[' {
		return nil
	}
	if !jsontext.Value(text).IsValid(Lenient) {
		return nil
	}
	return text
}
