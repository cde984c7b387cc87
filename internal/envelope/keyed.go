package envelope

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// firstByKey begins with records by key: those of the streak and next, if it is not
// nil.
func (l *locator) firstByKey(o *object, records streak, next []byte) error {
	l.decided(o, byKey)
	l.found(RecordsByKey, o.path)
	if err := l.leftovers(o, slices.Concat(o.all[:records.from], o.all[records.from+records.n:])); err != nil {
		return err
	}
	for _, one := range o.of(records) {
		if err := l.emitByKey(o, one.object); err != nil {
			return err
		}
	}
	if next == nil {
		return nil
	}
	return l.emitByKey(o, next)
}

// leftovers reports as drift the objects that are neither records nor hold any.
func (l *locator) leftovers(o *object, objects []candidate) error {
	for _, one := range objects {
		if !loose.IsEmpty(one.object) {
			if err := l.drift(orBody(o.path), WantObjects, one.object); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *locator) emitByKey(o *object, record []byte) error {
	if o.records == 0 {
		if isAnswer, err := l.answer(record, o.path, o.depth); isAnswer || err != nil {
			return err
		}
	}
	o.records++
	return l.emit(record, location{path: o.path, index: o.records - 1})
}

// nextByKey reads a member beside records by key: one more, or a paginator's word.
func (l *locator) nextByKey(o *object) error {
	value, err := l.value()
	if err != nil {
		return err
	}
	kind := loose.Kind(value)
	switch {
	case kind == '{' && !o.word.BesideList():
		return l.emitByKey(o, value)
	case kind != 'n' && isNumber(o.name()):
		return l.notRecord(location{path: o.memberPath(), index: -1}, value)
	case kind == '[' && !besideRecords(o.word) && !loose.IsEmpty(value):
		return l.drift(o.memberPath(), WantOneList, value)
	}
	l.pager.add(o.word, value)
	return nil
}

// single reads the one object under a name that is a record, or the holder of the
// list, and reports those beside it as drift.
func (l *locator) single(o *object) error {
	l.decided(o, holder)
	at := o.best(&l.schema)
	one := o.all[at]
	if err := l.leftovers(o, slices.Delete(o.all, at, at+1)); err != nil {
		return err
	}
	path := joinPath(o.path, one.name)
	if isAnswer, err := l.answer(one.object, path, o.depth+1); isAnswer || err != nil {
		return err
	}
	isList := l.holdsList(one.object, l.deepestList(one.object, maxNesting))
	if l.isRecord(one.object) && !isList || !isNested(one.object) && !l.isNoise(one.object) {
		return l.emitSingle(one.object, path)
	}
	return l.nestedList(one.object, path, o.depth+1)
}

// deeperList reads the list that stands in an object of a record's relations: of the
// user's orders, say. It reports whether there is one.
func (l *locator) deeperList(o *object, whole []byte) (found bool, err error) {
	for quoted, value := range loose.Members(whole) {
		if loose.Kind(value) != '{' || besideRecords(words.Of(quoted)) || !l.holdsList(whole, l.deepestList(value, maxNesting)) {
			continue
		}
		l.decided(o, holder)
		return true, l.nestedList(value, joinPath(o.path, loose.Name(quoted)), o.depth+1)
	}
	return false, nil
}
