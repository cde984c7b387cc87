package envelope

import (
	"bytes"
	"io"
)

// One reads a single record; fields that the answer lacks stay as they are. found
// is false if the answer says that the call went well and holds no record: an empty
// value, a number, a bool. The Answer is never nil.
func One[T any](body io.Reader, m *Model[T], o Options, record *T) (a *Answer, found bool, err error) {
	r := newReader(body, o, m.records.knows)
	r.schema = m.records
	defer r.release()
	object, path, err := r.one()
	if object == nil {
		a, err = r.answer(err)
		if err == nil && !a.Failed && r.remainder != nil {
			m.Decode(r.remainder, record, &r.scope, func(*Field[T], []byte) {}) // all of it unknown fields
		}
		return a, false, err
	}
	r.count++
	var strict error
	m.Decode(object, record, &r.scope, func(f *Field[T], value []byte) {
		if err := r.drift(joinPath(path, f.Name), f.Want, value); strict == nil {
			strict = err
		}
	})
	a, err = r.answer(strict)
	if a.Record = r.isSaid(object); !a.Record {
		a.First = bytes.Clone(object)
		a.Payload = r.written(object)
	}
	if o.New && !hasID(object) {
		a.NoID, a.Refused = true, refuses(object, path)
		if deniesItself(object, path) {
			a.Record, a.Payload = false, No
		}
	}
	return a, err == nil, err
}

// one reads an answer that holds one record and returns the record's object and its
// path, nil if there is none.
func (r *reader) one() (object []byte, path string, err error) {
	value, path, err := r.whole()
	if err != nil || value == nil || r.statement.failed() {
		return nil, "", err
	}
	return r.locator.one(value, path)
}
