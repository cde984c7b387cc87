package envelope

import (
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

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

// answer takes an object in the place of a list that is an envelope, and reads the list
// from its data. It reports whether it is one.
func (l *locator) answer(object []byte, path string, depth int) (isAnswer bool, err error) {
	if !l.isAnswer(object) && !l.isRefusal(object) {
		return false, nil
	}
	l.hear(object)
	l.addPager(object)
	if l.nested.data == nil || l.nested.failed() {
		return true, nil
	}
	if depth >= maxNesting {
		return true, &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	return true, l.within(l.nested.data, func() error { return l.list(joinPath(path, "data")) })
}
