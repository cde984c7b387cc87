package envelope

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// inside gives the answer that stands inside another: JSON that was made a string
// of and encoded again, or what response()->json() makes of a response. want is
// what was expected in its place.
func (r *reader) inside() (inner []byte, want string) {
	if loose.Kind(r.data) == '"' {
		inner = jsonIn(r.data)
		if r.seen && (loose.Kind(inner) != '{' || !isEnvelope(inner)) {
			inner = nil // a record or a list as text
		}
		return inner, "JSON that is encoded once"
	}
	for _, object := range [][]byte{r.data, r.beside()} {
		if loose.Kind(object) == '{' && isResponse(object) {
			return bytes.Clone(member(object, "original")), "an answer that stands alone"
		}
	}
	return nil, ""
}

// jsonIn gives the object or array that a JSON string holds as text, nil where it
// holds none.
func jsonIn(raw []byte) []byte {
	text := []byte(strings.TrimSpace(loose.Unquote(raw)))
	if kind := loose.Kind(text); kind != '{' && kind != '[' {
		return nil
	}
	if !jsontext.Value(text).IsValid(Lenient) {
		return nil
	}
	return text
}

// isResponse tells a response of Laravel's that was made JSON, by the three public
// members that it has.
func isResponse(object []byte) bool {
	n := 0
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		switch {
		case loose.NameIs(name, "headers"), loose.NameIs(name, "exception"):
		case loose.NameIs(name, "original") && (kind == '{' || kind == '['):
		default:
			return false
		}
		n++
	}
	return n == 3
}

// on has read work on a value that is held already.
func (r *reader) on(value []byte, read func() error) error {
	outer := r.dec
	defer func() { r.dec = outer }()
	r.dec = jsontext.NewDecoder(bytes.NewBuffer(value), Lenient)
	return read()
}
