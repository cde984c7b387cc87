package envelope

import (
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A locator finds the records of a list, or a single record, in what stands in
// their place.
type locator struct {
	input
	drifts
	schema
	pager pager
	nested

	anyElement bool // the elements of a list need not be objects

	emit  func(record []byte, at location) error // takes a record of a list
	count int                                    // elements of a list so far
	form  Form                                   // how the records stand
	path  string                                 // of the list or the record
}

// A Form is how the records of an answer stand in it.
type Form uint8

// The forms of records.
const (
	NoRecords    Form = iota // no place of records was found
	SingleRecord             // an object
	RecordArray              // the elements of an array
	RecordsByKey             // members of an object
	RecordGroups             // the elements of arrays that are members of an object
)

// maxNesting bounds how far records are looked for inside objects.
const maxNesting = 8

// list reads the value that holds a list's records.
func (l *locator) list(path string) error {
	switch kind := l.dec.PeekKind(); kind {
	case '[':
		return l.array(path)
	case '{':
		_, err := l.object(path, 0, false)
		return err
	default:
		value, err := l.value()
		if err != nil {
			return err
		}
		return l.scalarForList(path, value)
	}
}

// scalarForList takes a scalar in a list's place: one that stands for nothing, or
// the list as text.
func (l *locator) scalarForList(path string, value []byte) error {
	kind := loose.Kind(value)
	if loose.IsBlank(value) || kind == 'f' {
		return nil
	}
	if kind == '"' {
		if list := jsonInString(value); list != nil {
			if err := l.driftOfText(orBody(path), "a list", string(list)); err != nil {
				return err
			}
			return l.within(list, func() error { return l.list(path) })
		}
	}
	return &Problem{Text: orBody(path) + ": want a list", Got: truncate(l.input.mask, string(value), 80)}
}

// array reads an array of records; the next thing to read is its bracket.
func (l *locator) array(path string) error {
	if err := l.delimiter(); err != nil {
		return err
	}
	l.found(RecordArray, path)
	return l.elements(&group{location{path: path}, 1})
}

// elements reads the elements of an array of records, and its end.
func (l *locator) elements(g *group) error {
	for ; l.dec.PeekKind() != ']'; g.at.index += g.step {
		value, err := l.value()
		if err != nil {
			return err
		}
		if err := l.emitElement(value, g.at); err != nil {
			return err
		}
	}
	return l.delimiter()
}

// emitElement takes an element of an array of records: a record, or an array of some,
// as chunk and groupBy make of a list.
func (l *locator) emitElement(value []byte, at location) error {
	switch loose.Kind(value) {
	case '{':
		return l.emit(value, at)
	case 'n':
		l.count++
		return nil
	}
	switch {
	case l.anyElement:
		return l.emit(value, at)
	case firstObject(value) == nil:
		return l.notRecord(at, value)
	}
	at.inner = joinPath(at.inner, "*")
	for element := range loose.Elements(value) {
		switch loose.Kind(element) {
		case '{':
			if err := l.emit(element, at); err != nil {
				return err
			}
		case 'n':
			l.count++
		default:
			return l.notRecord(at, element)
		}
	}
	return nil
}

// found notes where the records stand.
func (l *locator) found(form Form, path string) { l.form, l.path = form, path }

// emitSingle takes the only record of a list, unless it is one of nothing.
func (l *locator) emitSingle(record []byte, path string) error {
	if allEmpty(record) {
		return nil
	}
	if isAnswer, err := l.answer(record, path, 0); isAnswer || err != nil {
		return err
	}
	l.found(SingleRecord, path)
	return l.emit(record, location{path: path, index: -1})
}

func (l *locator) notRecord(at location, value []byte) error {
	return &Problem{Text: at.String() + ": want an object", Got: truncate(l.input.mask, string(value), 80)}
}

// nestedList reads a list from an object that is buffered already.
func (l *locator) nestedList(object []byte, path string, depth int) error {
	if depth > maxNesting {
		return &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	return l.within(object, func() error {
		_, err := l.object(path, depth, false)
		return err
	})
}

// remark reports as drift what an object says that holds no record.
func (l *locator) remark(object []byte, path, want string) error {
	text := without(object, words.Word.InPage)
	for _, value := range loose.Members(orEmptyObject(text)) {
		if _, flag := loose.Bool(value); !flag && !loose.IsEmpty(value) {
			return l.drift(path, want, text)
		}
	}
	return nil
}

func isNumber(name string) bool {
	_, err := strconv.ParseUint(name, 10, 64)
	return err == nil
}
