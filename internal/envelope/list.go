package envelope

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// maxNesting bounds how far a list is looked for inside objects.
const maxNesting = 8

// List reads the records of a list as they come. Each is decoded into what next
// gives; commit takes it, or ends the reading by false, which makes the error
// ErrStopped. The Answer is never nil.
func List[T any](body io.Reader, m *Model[T], o Options, next func() *T, commit func() bool) (*Answer, error) {
	r := newReader(body, o)
	defer r.release()
	r.knows = m.knows
	var strict error
	var where place
	var zero T
	odd := func(f *Field[T], raw []byte) {
		err := r.driftAt(join(where.pattern(), f.Name), join(where.String(), f.Name), f.Want, raw)
		if strict == nil {
			strict = err
		}
	}
	r.emit = func(object []byte, at place) error {
		if err := r.took(object); err != nil {
			return err
		}
		where = at
		r.count++
		record := next()
		*record = zero
		m.Decode(object, record, &r.scope, odd)
		if strict != nil {
			return strict
		}
		if !commit() {
			return ErrStopped
		}
		return nil
	}
	return r.answer(r.list())
}

func (r *reader) list() error {
	onData := func() error {
		if r.failed() {
			return r.hold()
		}
		return r.records("data")
	}
	bare := func() error { return r.records("") }
	if err := r.top(onData, bare); err != nil || r.seen {
		return err
	}
	list := r.settle()
	if list == nil || r.failed() {
		return nil
	}
	return r.within(list, "", 0)
}

// records reads the value that holds a list's records.
func (r *reader) records(path string) error {
	switch kind := r.dec.PeekKind(); kind {
	case '[':
		return r.array(path)
	case '{':
		_, err := r.object(path, 0, false)
		return err
	default:
		raw, err := r.value()
		if err != nil {
			return err
		}
		if loose.IsBlank(raw) || kind == 'f' {
			return nil
		}
		return &Problem{Text: orBody(path) + ": want a list", Got: clip(string(raw), 80)}
	}
}

// array reads an array of records; the next thing to read is its bracket.
func (r *reader) array(path string) error {
	if err := r.delimiter(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		switch r.dec.PeekKind() {
		case ']':
			return r.delimiter()
		case '{':
			raw, err := r.value()
			if err != nil {
				return err
			}
			if err := r.emit(raw, place{path, i}); err != nil {
				return err
			}
		default:
			raw, err := r.value()
			if err != nil {
				return err
			}
			if loose.Kind(raw) != 'n' {
				return notRecord(place{path, i}, raw)
			}
			r.count++
		}
	}
}

func notRecord(where place, raw []byte) error {
	return &Problem{Text: where.String() + ": want an object", Got: clip(string(raw), 80)}
}

// within reads a list from an object that is held already.
func (r *reader) within(object []byte, path string, depth int) error {
	if depth > maxNesting {
		return &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	outer := r.dec
	defer func() { r.dec = outer }()
	r.dec = jsontext.NewDecoder(bytes.NewBuffer(object), lenient)
	_, err := r.object(path, depth, false)
	return err
}
