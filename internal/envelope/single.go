package envelope

import (
	"fmt"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// one finds one record in a value: the object itself, the only element of an array,
// or what stands under some name of an object that is no record. It returns nil if
// there is none.
func (l *locator) one(value []byte, path string) (record []byte, at string, err error) {
	record, at, err = l.oneIn(value, path, 0)
	if record != nil {
		l.found(SingleRecord, at)
	}
	return record, at, err
}

func (l *locator) oneIn(value []byte, path string, depth int) (record []byte, at string, err error) {
	if depth > maxNesting {
		return nil, "", &Problem{Text: orBody(path) + ": a record nested too deep"}
	}
	switch loose.Kind(value) {
	case '{':
		return l.oneInObject(value, path, depth)
	case '[':
		return l.oneInArray(value, path, depth)
	case '"':
		if inner := jsonInString(value); inner != nil {
			if err := l.driftOfText(orBody(path), "object", string(inner)); err != nil {
				return nil, "", err
			}
			return l.oneIn(inner, path, depth+1)
		}
		if _, number := loose.Float(value); !number { // "1" and "true" count changed rows
			return nil, "", l.drift(orBody(path), "object", value)
		}
	}
	return nil, "", nil
}

// oneInArray takes the only element of an array.
func (l *locator) oneInArray(array []byte, path string, depth int) (record []byte, at string, err error) {
	var only []byte
	n := 0
	for element := range loose.Elements(array) {
		if loose.Kind(element) != 'n' {
			only = element
			n++
		}
	}
	path0 := joinPath(path, "0")
	switch {
	case n == 0:
		return nil, "", nil
	case n > 1:
		return nil, "", &Problem{Text: fmt.Sprintf("%s: want one record, got a list of %d", orBody(path), n)}
	case isOutcome(only):
		return nil, "", nil // a count of rows, or whether there were any
	case loose.Kind(only) != '{':
		return nil, "", l.notRecord(location{path: path0, index: -1}, only)
	}
	return l.oneIn(only, path0, depth+1)
}

// oneInObject takes the object itself or, if it is no record, what it holds: the
// member that looks most like one, else the first that may hold one. What stands
// beside it is kept with the record's extra members.
func (l *locator) oneInObject(object []byte, path string, depth int) (record []byte, at string, err error) {
	if allEmpty(object) {
		return nil, "", nil
	}
	if l.isRecord(object) {
		return object, path, nil
	}
	if l.isAnswer(object) || l.isRefusal(object) {
		l.hear(object)
		if l.nested.data == nil || l.nested.failed() {
			return nil, "", nil
		}
		return l.oneIn(l.nested.data, joinPath(path, "data"), depth+1)
	}
	var chosen, name []byte
	best := -1
	for quoted, value := range loose.Members(object) {
		if likeness := l.likeness(words.Of(quoted), value); likeness > best {
			best, chosen, name = likeness, value, quoted
		}
	}
	switch {
	case chosen != nil:
		record, at, err = l.oneIn(chosen, joinPath(path, loose.Name(name)), depth+1)
		if record != nil {
			record = prepend(l.appendSiblings(nil, object, name), record)
		}
		return record, at, err
	case l.isNoise(object):
		return nil, "", l.remark(object, orBody(path), "object")
	}
	return object, path, nil
}
