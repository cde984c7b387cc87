package envelope

import (
	"io"

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
		if r.count++; len(r.first) == 0 {
			r.first = append(r.first, object...)
		}
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
	path := func() string {
		if r.seen {
			return "data"
		}
		return ""
	}
	read := func() error {
		if r.dec.PeekKind() == '"' || r.failed() {
			return r.hold() // a text may hold an answer
		}
		return r.records(path())
	}
	switch err := r.top(read, read); {
	case err != nil:
		return err
	case loose.Kind(r.data) == '"' && !r.failed():
		return r.noRecords(path(), r.data)
	case r.seen || len(r.data) > 0:
		return nil
	}
	list, at := r.settle()
	if list == nil || r.failed() {
		return nil
	}
	return r.on(list, func() error { return r.records(at) })
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
		return r.noRecords(path, raw)
	}
}

// noRecords takes a scalar in a list's place: one that stands for nothing, or the
// list as text.
func (r *reader) noRecords(path string, raw []byte) error {
	kind := loose.Kind(raw)
	if loose.IsBlank(raw) || kind == 'f' {
		return nil
	}
	if kind == '"' {
		if list := jsonIn(raw); list != nil {
			if err := r.driftOfText(orBody(path), "a list", string(list)); err != nil {
				return err
			}
			return r.on(list, func() error { return r.records(path) })
		}
	}
	return &Problem{Text: orBody(path) + ": want a list", Got: clip(r.Mask, string(raw), 80)}
}

// array reads an array of records; the next thing to read is its bracket.
func (r *reader) array(path string) error {
	if err := r.delimiter(); err != nil {
		return err
	}
	return r.elements(path)
}

// elements reads an array's elements and its end.
func (r *reader) elements(path string) error {
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
				return r.notRecord(place{path, i}, raw)
			}
			r.count++
		}
	}
}

func (r *reader) notRecord(where place, raw []byte) error {
	return &Problem{Text: where.String() + ": want an object", Got: clip(r.Mask, string(raw), 80)}
}

// within reads a list from an object that is held already.
func (r *reader) within(object []byte, path string, depth int) error {
	if depth > maxNesting {
		return &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	return r.on(object, func() error {
		_, err := r.object(path, depth, false)
		return err
	})
}
