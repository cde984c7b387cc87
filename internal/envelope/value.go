package envelope

import (
	"bytes"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
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
	r.modelless = true
	v, err := r.loose()
	a, err := r.answer(err)
	a.Record = a.Payload == Content || a.Payload == Other || a.Payload == Zero
	return a, v, err
}

// loose reads an answer without a model.
func (r *reader) loose() (v Loose, err error) {
	data, _, err := r.whole()
	if object := onlyObject(data); object != nil && r.isAnswer(object) {
		r.hear(object)
	}
	switch {
	case err != nil:
		return Loose{}, err
	case r.hasData:
		v = Loose{Data: data, Beside: without(orEmptyObject(r.siblings()), words.Word.Known)}
		v.Whole = append(appendMember(bytes.Clone(r.rest), r.dataName, data), '}')
	case len(r.data) > 0: // no object
		v = Loose{Data: data, Whole: data}
	default:
		v = Loose{Data: data, Whole: r.siblings()}
	}
	return Loose{cloneUTF8(v.Data), cloneUTF8(v.Beside), cloneUTF8(v.Whole)}, nil
}

// onlyObject returns an object, or the only element of an array if it is one, or nil.
func onlyObject(value []byte) []byte {
	if loose.Kind(value) == '[' {
		value = loose.Only(value)
	}
	if loose.Kind(value) != '{' {
		return nil
	}
	return value
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
	l, err := locateElements(object, func(record []byte, _ location) error {
		if len(array) > 1 {
			array = append(array, ',')
		}
		array = append(array, record...)
		return nil
	})
	if err != nil || len(l.all) > 0 {
		return object // and let the decoder say what is wrong: not all of it would be there
	}
	return append(array, ']')
}

// locateElements has emit take the records of a list that stands as an object.
func locateElements(object []byte, emit func(record []byte, at location) error) (*locator, error) {
	l := &locator{
		input:  input{src: new(source), maxBytes: int64(len(object))},
		schema: schema{knows: func([]byte) bool { return false }},
		emit:   emit,
	}
	return l, l.nestedList(object, "data", 0)
}

// A ListInfo is what a value says of the list that it holds.
type ListInfo struct {
	Count int   // its elements
	Total int64 // records of all pages, 0 if that is not said
	Page  Page
}

// InfoOfList returns what data says of the list that it is, or that it holds as a
// paginator does. It reports whether there is one.
func InfoOfList(data []byte) (info ListInfo, ok bool) {
	switch loose.Kind(data) {
	case '[':
		for range loose.Elements(data) {
			info.Count++
		}
		return info, true
	case '{':
		l, err := locateElements(data, func([]byte, location) error { info.Count++; return nil })
		info.Total, info.Page = max(l.pager.total, 0), l.pager.page()
		return info, err == nil && l.form == RecordArray
	}
	return info, false
}
