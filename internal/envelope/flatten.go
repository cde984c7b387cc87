package envelope

import (
	"bytes"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// flatten makes one text of any value: lists joined, objects as "name: text". Of a
// value that is longer than a line it returns as much as a line is cut from.
func flatten(value []byte) string {
	f := flattener{limit: lookedAt(maxLine) + 1}
	if loose.Kind(value) == '"' {
		return strings.TrimSpace(unquoteStart(value, f.limit))
	}
	f.add(value, 4)
	return string(f.text)
}

// A flattener makes a text of at least limit bytes, if there is so much.
type flattener struct {
	text  []byte
	limit int
}

// add adds the text of a value.
func (f *flattener) add(value []byte, depth int) {
	switch kind := loose.Kind(value); {
	case kind == 'n':
	case kind == '[' && depth > 0:
		start := len(f.text)
		for element := range loose.Elements(value) {
			if len(f.text) >= f.limit {
				return
			}
			f.addPart(start, nil, element, depth-1)
		}
	case kind == '{' && depth > 0:
		start := len(f.text)
		for name, inner := range loose.Members(value) {
			if len(f.text) >= f.limit {
				return
			}
			f.addPart(start, name, inner, depth-1)
		}
	case kind == '"':
		f.text = append(f.text, strings.TrimSpace(unquoteStart(value, f.limit))...)
	default:
		f.text = append(f.text, bytes.TrimSpace(value[:min(len(value), f.limit)])...)
	}
}

// addPart adds an element or a member, unless it has no text, behind those before it
// since start.
func (f *flattener) addPart(start int, name, value []byte, depth int) {
	before := len(f.text)
	if before > start {
		f.text = append(f.text, "; "...)
	}
	if name != nil {
		f.text = append(append(f.text, unquoteStart(name, f.limit)...), ": "...)
	}
	prefix := len(f.text)
	if f.add(value, depth); len(f.text) == prefix {
		f.text = f.text[:before]
	}
}
