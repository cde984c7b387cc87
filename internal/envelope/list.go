package envelope

import (
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// List reads the records of a list as they come. Each is decoded into what next
// returns; commit takes it, or ends the reading by false, which makes the error
// ErrStopped. The Answer is never nil.
func List[T any](body io.Reader, m *Model[T], o Options, next func() *T, commit func() bool) (*Answer, error) {
	r := newReader(body, o, m.knows)
	defer r.release()
	var strict error
	var where location
	var zero T
	mismatch := func(f *Field[T], value []byte) {
		err := r.driftAt(joinPath(where.pattern(), f.Name), joinPath(where.String(), f.Name), f.Want, value)
		if strict == nil {
			strict = err
		}
	}
	r.emit = func(object []byte, at location) error {
		if err := r.take(object); err != nil {
			return err
		}
		where = at
		record := next()
		*record = zero
		m.Decode(object, record, &r.scope, mismatch)
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

// take notes a record of a list.
func (r *reader) take(record []byte) error {
	if err := r.tookRecord(record); err != nil {
		return err
	}
	if r.count++; len(r.first) == 0 {
		r.first = append(r.first, record...)
	}
	return nil
}

// list reads an answer whose data is a list.
func (r *reader) list() error {
	path := func() string {
		if r.hasData {
			return "data"
		}
		return ""
	}
	read := func() error {
		if r.dec.PeekKind() == '"' || r.statement.failed() {
			return r.bufferData() // a text may hold an answer
		}
		return r.locator.list(path())
	}
	switch err := r.read(read, read); {
	case err != nil:
		return err
	case loose.Kind(r.data) == '"' && !r.statement.failed():
		return r.scalarForList(path(), r.data)
	case r.hasData || len(r.data) > 0:
		return nil
	}
	list, at := r.bareBody()
	if list == nil || r.statement.failed() {
		return nil
	}
	return r.within(list, func() error { return r.locator.list(at) })
}
