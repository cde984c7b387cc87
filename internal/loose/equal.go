package loose

import (
	"bytes"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"
)

// Equal reports whether two JSON documents hold the same data: white space, the order
// of members and the escapes of a string do not count, and an empty object equals an
// empty array, which PHP makes of it. Numbers are compared as they are written, since
// any arithmetic would take some of them for others: 10000000000000001 is not
// 10000000000000000, and 1.0 is not 1, which for an amount may be another precision. A
// document that is no JSON, or has a name twice in an object, equals only the same
// bytes.
func Equal(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, okX := tree(a)
	y, okY := tree(b)
	return okX && okY && reflect.DeepEqual(x, y)
}

// A number is a JSON number as it is written.
type number string

// nothing stands for an empty array and an empty object.
type nothing struct{}

// tree returns a document as maps, slices, strings, numbers and bools. The decoder
// bounds its depth.
func tree(document []byte) (value any, ok bool) {
	d := jsontext.NewDecoder(bytes.NewBuffer(document))
	value, err := node(d)
	if err != nil || d.PeekKind() != 0 || len(bytes.TrimSpace(d.UnreadBuffer())) > 0 {
		return nil, false
	}
	return value, true
}

func node(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		return object(d)
	case '[':
		return array(d)
	case '"':
		return token.String(), nil
	case '0':
		return number(token.String()), nil
	case 'n':
		return nil, nil
	}
	return token.Bool(), nil
}

func object(d *jsontext.Decoder) (any, error) {
	members := make(map[string]any)
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if members[name], err = node(d); err != nil {
			return nil, err
		}
	}
	_, err := d.ReadToken()
	if len(members) == 0 {
		return nothing{}, err
	}
	return members, err
}

func array(d *jsontext.Decoder) (any, error) {
	var elements []any
	for d.PeekKind() != ']' {
		element, err := node(d)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	_, err := d.ReadToken()
	if len(elements) == 0 {
		return nothing{}, err
	}
	return elements, err
}
