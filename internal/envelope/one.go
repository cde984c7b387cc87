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
		if err == nil && !a.Failed && r.aside != nil {
			m.Decode(r.aside, record, &r.scope, func(*Field[T], []byte) {}) // all of it unknown fields
		}
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
	raw, path, err := r.whole()
	if err != nil || raw == nil || r.failed() {
		return nil, "", err
	}
	return r.pick(raw, path, 0)
}

// whole reads an answer and gives its data, or what stands in the place of data,
// with its path; nil where nothing does.
func (r *reader) whole() (raw []byte, path string, err error) {
	switch err := r.top(r.hold, r.hold); {
	case err != nil:
		return nil, "", err
	case r.seen:
		return r.data, "data", nil
	case len(r.data) > 0:
		return r.data, "", nil
	}
	raw, path = r.settle()
	return raw, path, nil
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
		if inner := jsonIn(raw); inner != nil {
			if err := r.driftOfText(orBody(path), "object", string(inner)); err != nil {
				return nil, "", err
			}
			return r.pick(inner, path, depth+1)
		}
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
		return nil, "", r.notRecord(place{join(path, "0"), -1}, only)
	}
	return r.pick(only, join(path, "0"), depth+1)
}

// pickMember takes the object itself or, where it is no record, what it holds:
// the member that looks most like one, else the first that may hold one. What
// stands beside it is kept with the record's extra members.
func (r *reader) pickMember(raw []byte, path string, depth int) (object []byte, at string, err error) {
	if r.isRecord(raw) {
		return raw, path, nil
	}
	var chosen, name []byte
	best := -1
	for quoted, value := range loose.Members(raw) {
		if likeness := r.likeness(quoted, value); likeness > best {
			best, chosen, name = likeness, value, quoted
		}
	}
	switch {
	case chosen != nil:
		object, at, err = r.pick(chosen, join(path, loose.Name(name)), depth+1)
		if object != nil {
			object = r.withBeside(object, raw, name)
		}
		return object, at, err
	case r.isVoid(raw):
		return nil, "", r.remark(raw, orBody(path), "object")
	}
	return raw, path, nil
}

// likeness says how much a member looks like the record that is looked for: how
// many of the model's fields it has, be it as an array of one; 0 where it may hold
// the record, and less where it can't.
func (r *reader) likeness(quoted, value []byte) int {
	kind := loose.Kind(value)
	if kind != '{' && kind != '[' || isPageObject(wordName(quoted)) || loose.IsEmpty(value) {
		return -1
	}
	object := value
	if kind == '[' {
		object = loose.Only(value)
	}
	if loose.Kind(object) != '{' || !r.isRecord(object) {
		if kind == '{' && r.isVoid(value) || kind == '[' && loose.Kind(firstOf(value)) == '"' {
			return -1
		}
		return 0
	}
	fields := 0
	for name := range loose.Members(object) {
		if r.knows(name) {
			fields++
		}
	}
	if kind == '{' {
		return 2*fields + 2 // rather than an array with as many
	}
	return 2*fields + 1
}

// withBeside gives the record with what stands beside it in its holder, but for
// words and the record's fields. It goes in front: of a name that comes twice the
// last counts.
func (r *reader) withBeside(record, holder, name []byte) []byte {
	drop := func(name string) bool { return wordOf(name) != noWord || isPageObject(name) }
	for quoted := range loose.Members(holder) {
		if isPaginator(wordName(quoted)) { // whose total is no record's
			drop = isWord
		}
	}
	var beside []byte
	for quoted, value := range loose.Members(holder) {
		if !bytes.Equal(quoted, name) && !r.knows(quoted) && !drop(wordName(quoted)) && !loose.IsBlank(value) {
			beside = append(startMember(beside, quoted), value...)
		}
	}
	if beside == nil {
		return record
	}
	if !loose.IsEmpty(record) {
		beside = append(beside, ',')
	}
	return append(beside, record[1:]...)
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
	data, _, err := r.whole()
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
	if err := r.within(object, "data", 0); err != nil || len(r.drifts) > 0 {
		return object // and let the decoder say what is wrong: not all of it would be there
	}
	return append(array, ']')
}
