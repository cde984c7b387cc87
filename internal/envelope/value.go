package envelope

import (
	"bytes"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
)

// A Loose is an answer without a model. Its values are valid JSON in UTF-8, nil
// where there is nothing.
type Loose struct {
	Data   []byte // data, or what stands in its place where there is none
	Beside []byte // the object of what stands beside data and the envelope
	Whole  []byte // the answer's outermost value
}

// Value reads an answer whose data has no model. The Answer is never nil.
func Value(body io.Reader, o Options) (*Answer, Loose, error) {
	r := newReader(body, o, func(name []byte) bool { return !words.Of(name).Known() })
	defer r.release()
	v, err := r.loose()
	a, err := r.answer(err)
	return a, v, err
}

// loose reads an answer without a model.
func (r *reader) loose() (v Loose, err error) {
	data, _, err := r.whole()
	switch {
	case err != nil:
		return Loose{}, err
	case r.hasData:
		v = Loose{Data: data, Beside: without(orEmptyObject(r.siblings()), words.Word.Known)}
		v.Whole = append(appendMember(bytes.Clone(r.rest), []byte(`"data"`), data), '}')
	case len(r.data) > 0: // no object
		v = Loose{Data: data, Whole: data}
	default:
		v = Loose{Data: data, Whole: r.siblings()}
	}
	return Loose{cloneUTF8(v.Data), cloneUTF8(v.Beside), cloneUTF8(v.Whole)}, nil
}

// cloneUTF8 returns a copy of value in valid UTF-8.
func cloneUTF8(value []byte) []byte {
	if value == nil {
		return nil
	}
	return []byte(toValidUTF8(value))
}

// Elements returns, as a JSON array, the records of a list that stands as an
// object: a paginator's page, or records by key.
func Elements(object []byte) []byte {
	array := []byte{'['}
	l := &locator{
		input:  input{src: new(source), maxBytes: int64(len(object))},
		schema: schema{func([]byte) bool { return false }},
	}
	l.emit = func(record []byte, _ location) error {
		if len(array) > 1 {
			array = append(array, ',')
		}
		array = append(array, record...)
		return nil
	}
	if err := l.nestedList(object, "data", 0); err != nil || len(l.all) > 0 {
		return object // and let the decoder say what is wrong: not all of it would be there
	}
	return append(array, ']')
}
