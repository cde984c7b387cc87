package envelope

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// One reads a single record; fields that the answer lacks stay as they are. found
// is false where the answer says that the call went well and holds no record: an
// empty value, a number, a bool. The Answer is never nil.
func One[T any](body io.Reader, m *Model[T], o Options, record *T) (a *Answer, found bool, err error) {
	r := newReader(body, o)
	defer r.release()
	r.knows = m.knows
	object, path, err := r.one()
	if object == nil {
		a, err = r.answer(err)
		return a, false, err
	}
	r.count++
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
	raw, err := r.whole()
	if err != nil || raw == nil || r.failed() {
		return nil, "", err
	}
	if r.seen {
		path = "data"
	}
	return r.pick(raw, path, 0)
}

// whole reads an answer and gives its data, or what stands in the place of data,
// nil where nothing does.
func (r *reader) whole() ([]byte, error) {
	switch err := r.top(r.hold, r.hold); {
	case err != nil:
		return nil, err
	case len(r.data) > 0:
		return r.data, nil
	}
	return r.settle(), nil
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
		return r.pickElement(raw, path, depth)
	case '"':
		if _, number := loose.Float(raw); !number { // "1" and "true" count changed rows
			return nil, "", r.drift(orBody(path), "object", raw)
		}
	}
	return nil, "", nil
}

// pickElement takes the only element of an array.
func (r *reader) pickElement(raw []byte, path string, depth int) (object []byte, at string, err error) {
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
}

// pickMember takes the object itself or, where it is no record, what it holds:
// the first member that is a record, else the first that may hold one.
func (r *reader) pickMember(raw []byte, path string, depth int) (object []byte, at string, err error) {
	if r.isRecord(raw) {
		return raw, path, nil
	}
	var holder, name []byte
	for quoted, value := range loose.Members(raw) {
		k := loose.Kind(value)
		if k != '{' && k != '[' || isPageObject(wordName(quoted)) || isEmpty(value) {
			continue
		}
		if k == '{' && r.isRecord(value) {
			return value, join(path, loose.Name(quoted)), nil
		}
		if holder == nil && (k == '[' || !r.isVoid(value)) {
			holder, name = value, quoted
		}
	}
	switch {
	case holder != nil:
		return r.pick(holder, join(path, loose.Name(name)), depth+1)
	case r.isVoid(raw):
		return nil, "", r.remark(raw, orBody(path), "object")
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
func Value(body io.Reader, o Options) (*Answer, Loose, error) {
	r := newReader(body, o)
	defer r.release()
	v, err := r.loose()
	a, err := r.answer(err)
	return a, v, err
}

// loose reads an answer without a model.
func (r *reader) loose() (v Loose, err error) {
	r.knows = func(name []byte) bool { return !isWord(wordName(name)) }
	data, err := r.whole()
	switch {
	case err != nil:
		return Loose{}, err
	case r.seen:
		v = Loose{Data: data, Beside: without(orEmpty(r.beside()), isWord)}
		v.Whole = append(append(startMember(bytes.Clone(r.rest), []byte(`"data"`)), data...), '}')
	case len(r.data) > 0: // no object
		v = Loose{Data: data, Whole: data}
	default:
		v = Loose{Data: data, Whole: r.beside()}
	}
	return Loose{mend(v.Data), mend(v.Beside), mend(v.Whole)}, nil
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
	r := &reader{Options: Options{MaxBytes: int64(len(object))}, src: new(source), knows: func([]byte) bool { return false }}
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
