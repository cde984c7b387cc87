package envelope

import (
	"bytes"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A Place is where the records of an answer stand.
type Place struct {
	Form    Form
	Path    string   // of the list, or of the record: "data.orders", "" for the outermost value
	Records [][]byte // their objects, in order
}

// Locate finds the records of an answer for a model of those fields: as List does, or
// as One does unless many. The Place of an answer that can't be read to its end is
// that of what was read.
func Locate(body io.Reader, o Options, fields []string, many bool) (p Place, err error) {
	names := loose.NewNameIndex(fields...)
	r := newReader(body, o, func(quoted []byte) bool { return names.Find(quoted) >= 0 })
	r.ownFields = countOwn(fields)
	defer r.release()
	keep := func(record []byte) { p.Records = append(p.Records, bytes.Clone(record)) }
	if many {
		r.emit = func(object []byte, at location) error {
			if err := r.take(object); err != nil {
				return err
			}
			if known, _ := r.fieldsOf(object); known <= maxCommon {
				done, err := r.inElement(object, at, known, func(record []byte, _ location) error {
					keep(record)
					return nil
				})
				if done || err != nil {
					return err
				}
			}
			keep(object)
			return nil
		}
		err = r.list()
	} else {
		var record []byte
		if record, _, err = r.one(); record != nil {
			keep(record)
		}
	}
	p.Form, p.Path = r.form, r.path
	return p, err
}
