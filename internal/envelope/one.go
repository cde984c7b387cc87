package envelope

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// One reads a single record; fields that the answer lacks stay as they are. found
// is false where the answer says that the call
// went well and holds no record: an empty value, a number, a bool. The Answer
// is never nil.
func One[T any](body io.Reader, m *Model[T], o Options, record *T) (a *Answer, found bool, err error) {
	r := newReader(body, o)
	defer r.release()
	r.knows = m.knows
	object, path, err := r.one()
	if object == nil {
		a, err = r.answer(err)
		return a, false, err
	}
	var strict error
	m.Decode(object, record, &r.scope, func(f *Field[T], raw []byte) {
		if err := r.drift(join(path, f.Name), f.Want, raw); strict == nil {
			strict = err
		}
	})
	a, err = r.answer(strict)
	return a, err == nil, err
}

// one finds the record's object and its path, nil where there is none.
func (r *reader) one() (object []byte, path string, err error) {
	var bare []byte
	takeBare := func() error {
		raw, err := r.value()
		bare = bytes.Clone(raw)
		return err
	}
	if err := r.top(r.hold, takeBare); err != nil {
		return nil, "", err
	}
	raw, path := r.data, "data"
	if !r.seen {
		r.settle()
		raw, path = r.rest, ""
		if bare != nil {
			raw = bare
		}
	}
	if raw == nil || r.failed() {
		return nil, "", nil
	}
	return r.pick(raw, path, 0)
}

// pick finds one record in a value: the object itself, the only element of an
// array, or what stands under some name of an object that is no record.
func (r *reader) pick(raw []byte, path string, depth int) (object []byte, at string, err error) {
	if depth > maxNesting {
		return nil, "", &Problem{Text: orBody(path) + ": a record nested too deep"}
	}
	switch loose.Kind(raw) {
	case '{':
		return r.pickMember(raw, path, depth)
	case '[':
		var only []byte
		n := 0
		for element := range loose.Elements(raw) {
			if loose.Kind(element) != 'n' {
				only = element
				n++
			}
		}
		switch {
		case n == 0:
			return nil, "", nil
		case n > 1:
			return nil, "", &Problem{Text: fmt.Sprintf("%s: want one record, got a list of %d", orBody(path), n)}
		case loose.Kind(only) != '{':
			return nil, "", notRecord(place{join(path, "0"), -1}, only)
		}
		return r.pick(only, join(path, "0"), depth+1)
	case '"':
		if !loose.IsBlank(raw) && !isScalarText(raw) {
			return nil, "", r.drift(path, "object", raw)
		}
	}
	return nil, "", nil
}

// isScalarText tells "1" and "true", which count changed rows, from a remark.
func isScalarText(raw []byte) bool {
	_, number := loose.Float(raw)
	return number
}

// pickMember takes the object itself, or the first of its members that holds a
// record where the object is none.
func (r *reader) pickMember(raw []byte, path string, depth int) (object []byte, at string, err error) {
	if isEmpty(raw) {
		return nil, "", nil
	}
	if r.isRecord(raw) {
		return raw, path, nil
	}
	for name, value := range loose.Members(raw) {
		text := loose.Name(name)
		if k := loose.Kind(value); (k == '{' || k == '[') && !isPageObject(text) && !isEmpty(value) {
			return r.pick(value, join(path, text), depth+1)
		}
	}
	if hasNested(raw) {
		return nil, "", nil // {"order": []}: a name, and no record under it
	}
	return raw, path, nil
}

// A Loose is an answer without a model. Its values are valid JSON in UTF-8, nil
// where there is nothing.
type Loose struct {
	Data   []byte // data, or what stands in its place where there is none
	Beside []byte // the object of what stands beside data and the envelope
	Whole  []byte // the answer's outermost value
}

// Value reads an answer whose data has no model. The Answer is never nil.
func Value(body io.Reader, o Options) (a *Answer, v Loose, err error) {
	r := newReader(body, o)
	defer r.release()
	r.knows = func(name []byte) bool { return !IsWord(loose.Name(name)) }
	var bare []byte
	err = r.top(r.hold, func() error {
		raw, err := r.value()
		bare = bytes.Clone(raw)
		return err
	})
	switch {
	case err != nil:
	case bare != nil:
		v.Data, v.Whole = bare, bare
	case r.seen:
		v.Data, v.Beside = r.data, r.withoutWords()
		v.Whole = appendMember(trimBrace(r.rest), []byte(`"data"`), r.data)
		v.Whole = append(v.Whole, '}')
	default:
		v.Whole = bytes.Clone(r.rest)
		r.settle()
		v.Data = r.rest
	}
	a, err = r.answer(err)
	return a, Loose{mend(v.Data), mend(v.Beside), mend(v.Whole)}, err
}

// withoutWords gives the members of the top that are not the envelope's.
func (r *reader) withoutWords() (object []byte) {
	if r.rest == nil {
		return nil
	}
	for name, raw := range loose.Members(r.rest) {
		if !IsWord(loose.Name(name)) {
			object = appendMember(object, name, raw)
		}
	}
	if object == nil {
		return nil
	}
	return append(object, '}')
}

// trimBrace gives a copy of an object that members can be added to.
func trimBrace(object []byte) []byte {
	if object == nil {
		return nil
	}
	return bytes.Clone(object[:len(object)-1])
}

// mend makes UTF-8 of raw.
func mend(raw []byte) []byte {
	if raw == nil {
		return nil
	}
	return []byte(validUTF8(raw))
}

// Elements gives, as a JSON array, the records of a list that stands as an
// object: a paginator's page, or records by key.
func Elements(object []byte) []byte {
	r := &reader{Options: Options{MaxBytes: int64(len(object)) + 1}, knows: func([]byte) bool { return false }}
	array := []byte{'['}
	r.emit = func(record []byte, _ place) error {
		if len(array) > 1 {
			array = append(array, ',')
		}
		array = append(array, record...)
		return nil
	}
	if err := r.within(object, "data", 0); err != nil {
		return object // and let the decoder say what is wrong
	}
	return append(array, ']')
}
