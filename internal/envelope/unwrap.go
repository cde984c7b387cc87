package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// maxGroupSiblings bounds what each record of a group gets of what stands beside
// them.
const maxGroupSiblings = 4 << 10

// A wrapper is an element of a list that is no record itself and holds one, or a
// group of them: {"order": {…}, "outlet": {…}}.
type wrapper struct {
	parts    [][]byte // the record, or arrays of them
	path     string   // of them in the element
	siblings []byte   // what stands beside them, as an object that is still open
	beside   []byte   // records that stand beside them, nil for none
	sure     bool     // only what is surely a record is one
}

// inElement looks for what an element of a list is that has known fields of the model
// and none of its own: an envelope, or what wraps records, which take reads. An id and
// a name do not make it the record where it holds what surely is. It reports whether
// the element was no record.
func (r *reader) inElement(object []byte, at location, known int, take func(record []byte, at location) error) (done bool, err error) {
	w := wrapper{sure: known > 0 && r.isRecord(object)}
	if w.sure {
		if r.isOfModel(object) || !isNested(object) {
			return false, nil
		}
		if _, own := r.fieldsOf(object); own > 0 { // in its attributes
			return false, nil
		}
	}
	if !w.sure {
		first := r.first
		if r.count == 1 {
			r.first = nil
		}
		if isAnswer, err := r.locator.answer(object, at.String(), 0); isAnswer || err != nil {
			r.count--
			return true, err
		}
		r.first = first
	}
	switch isOpen := r.openWrapper(&w, object); {
	case !isOpen && w.sure && r.isEmptyGroup(object):
		r.count--
		return true, nil
	case !isOpen && w.sure:
		return false, r.notUnwrapped(object, at)
	case !isOpen:
		return false, nil
	case w.sure:
		if err := r.foundGroup(w.path); err != nil {
			return true, err
		}
	}
	if hasPaginator(object) {
		r.addPager(object)
	}
	return true, r.unwrap(&w, at, take)
}

// unwrap has take read the records of an element that wraps them.
func (r *reader) unwrap(w *wrapper, at location, take func(record []byte, at location) error) error {
	outer := at.inner
	at.inner = joinPath(outer, w.path)
	if w.beside != nil {
		if err := r.driftAt(at.pattern(), at.String(), WantOneList, w.beside); err != nil {
			return err
		}
	}
	if len(w.parts) == 1 && loose.Kind(w.parts[0]) == '{' {
		return take(prepend(w.siblings, w.parts[0]), at)
	}
	at.inner = joinPath(at.inner, "*")
	if len(w.siblings) > maxGroupSiblings {
		if err := r.drift(at.pattern(), "little beside a group of records", append(w.siblings, '}')); err != nil {
			return err
		}
		w.siblings = nil
	}
	r.count-- // the records count, not their group
	for _, part := range w.parts {
		if err := r.takePart(part, w.siblings, at, take); err != nil {
			return err
		}
	}
	return nil
}

// takePart has take read a record of a group, or an array of them.
func (r *reader) takePart(part, siblings []byte, at location, take func(record []byte, at location) error) error {
	if loose.Kind(part) == '{' {
		r.count++
		return take(prepend(siblings, part), at)
	}
	for record := range loose.Elements(part) {
		r.count++
		if loose.Kind(record) == 'n' {
			continue
		}
		if loose.Kind(record) != '{' {
			return r.notRecord(at, record)
		}
		if err := take(prepend(siblings, record), at); err != nil {
			return err
		}
	}
	return nil
}

// openWrapper finds the records that an object wraps: what looks most like them among
// its members, else what the first member wraps that holds objects. An object that has
// scalars as well may be a record of unknown fields, and what it holds its relation:
// then only a field that none but the model has makes a record of it.
func (l *locator) openWrapper(w *wrapper, object []byte) bool {
	onlyNested := true
	for range maxNesting {
		onlyNested = onlyNested && !hasScalars(object)
		best := -1
		var name, value []byte
		for quoted, member := range loose.Members(object) {
			if likeness := l.wrappedLikeness(w, words.Of(quoted), member, onlyNested); likeness > best {
				best, name, value = likeness, quoted, member
			}
		}
		if name == nil {
			return false
		}
		if best > 0 {
			l.takeApart(w, object, name, value)
			return true
		}
		w.path = joinPath(w.path, loose.Name(name))
		w.siblings = l.appendSiblings(w.siblings, object, name)
		object = value
	}
	return false
}

// takeApart says which members of an object are the records that it wraps: value, which
// looks most like them, or it and others that are groups of the same list.
func (l *locator) takeApart(w *wrapper, object, name, value []byte) {
	grouped := isGroup(loose.Name(name), recordIn(value))
	for quoted, member := range loose.Members(object) {
		record := recordIn(member)
		switch {
		case bytes.Equal(quoted, name):
			w.parts = append(w.parts, value)
		case record == nil || besideRecords(words.Of(quoted)) || l.own(record) == 0:
		case grouped && loose.Kind(member) == loose.Kind(value):
			w.parts = append(w.parts, member)
		case loose.Kind(value) == '[' && l.own(record) >= l.own(recordIn(value)):
			w.beside = member
		}
	}
	if len(w.parts) == 1 {
		w.path = joinPath(w.path, loose.Name(name))
		w.siblings = l.appendSiblings(w.siblings, object, name)
	} else if loose.Kind(value) == '[' {
		w.path = joinPath(w.path, "*")
	}
}

// recordIn returns an object itself, or the first of an array; nil if there is none.
func recordIn(value []byte) []byte {
	if loose.Kind(value) == '{' {
		return value
	}
	return firstObject(value)
}

// wrappedLikeness returns how much a member of a wrapper looks like its record, or a
// group of them; 0 if it may wrap them, and less if it can't.
func (l *locator) wrappedLikeness(w *wrapper, name words.Word, value []byte, onlyNested bool) int {
	kind := loose.Kind(value)
	if kind != '{' && kind != '[' || besideRecords(name) || loose.IsEmpty(value) {
		return -1
	}
	record := recordIn(value)
	switch {
	case record == nil:
		return -1
	case w.sure && !(l.own(record) > 1 && l.isSurely(record)):
		if kind == '[' {
			return -1
		}
	case l.isRecord(record) && (onlyNested || l.isOfModel(record)):
		likeness := 2 * l.countFields(record)
		if kind == '{' {
			likeness++ // rather than an array with as many
		}
		return likeness + 1
	}
	if kind == '{' && isNested(value) {
		return 0
	}
	return -1
}

// hasScalars reports whether an object says something by itself, beside what it
// holds.
func hasScalars(object []byte) bool {
	for name, value := range loose.Members(object) {
		if kind := loose.Kind(value); kind != '{' && kind != '[' && !loose.IsBlank(value) && !words.Of(name).Known() {
			return true
		}
	}
	return false
}

// appendSiblings appends what stands beside a record in its holder, under name, but
// for words and the record's fields, to an object that is still open.
func (l *locator) appendSiblings(siblings, holder, name []byte) []byte {
	drop := func(w words.Word) bool { return onlyEnvelope(w) || w.BesideList() }
	if hasPaginator(holder) { // whose total is no record's
		drop = words.Word.Known
	}
	for quoted, value := range loose.Members(holder) {
		if !bytes.Equal(quoted, name) && !l.knows(quoted) && !drop(wordOf(quoted, value)) && !loose.IsBlank(value) {
			siblings = appendMember(siblings, quoted, value)
		}
	}
	return siblings
}

// prepend returns a record with siblings, an object that is still open, in front: of
// a name that comes twice the last counts.
func prepend(siblings, record []byte) []byte {
	if siblings == nil {
		return record
	}
	all := make([]byte, 0, len(siblings)+len(record)+1)
	all = append(all, siblings...)
	if !loose.IsEmpty(record) {
		all = append(all, ',')
	}
	return append(all, record[1:]...)
}
