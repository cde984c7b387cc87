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
	records  []byte // an object, or an array of them
	path     string // of them in the element
	siblings []byte // what stands beside them, as an object that is still open
}

// unwrap looks for records in an element that has no field of the model, and has take
// read them. It reports whether there are any.
func (l *locator) unwrap(element []byte, at location, take func(record []byte, at location) error) (found bool, err error) {
	var w wrapper
	if !l.openWrapper(&w, element) {
		return false, nil
	}
	at.inner = w.path
	if loose.Kind(w.records) == '{' {
		return true, take(prepend(w.siblings, w.records), at)
	}
	at.inner = joinPath(w.path, "*")
	if len(w.siblings) > maxGroupSiblings {
		if err := l.drift(at.pattern(), "little beside a group of records", append(w.siblings, '}')); err != nil {
			return true, err
		}
		w.siblings = nil
	}
	l.count-- // the records count, not their group
	for record := range loose.Elements(w.records) {
		l.count++
		if loose.Kind(record) == 'n' {
			continue
		}
		if loose.Kind(record) != '{' {
			return true, l.notRecord(at, record)
		}
		if err := take(prepend(w.siblings, record), at); err != nil {
			return true, err
		}
	}
	return true, nil
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
			if likeness := l.wrappedLikeness(words.Of(quoted), member, onlyNested); likeness > best {
				best, name, value = likeness, quoted, member
			}
		}
		if name == nil {
			return false
		}
		w.path = joinPath(w.path, loose.Name(name))
		w.siblings = l.appendSiblings(w.siblings, object, name)
		if best > 0 {
			w.records = value
			return true
		}
		object = value
	}
	return false
}

// wrappedLikeness returns how much a member of a wrapper looks like its record, or a
// group of them; 0 if it may wrap them, and less if it can't.
func (l *locator) wrappedLikeness(name words.Word, value []byte, onlyNested bool) int {
	kind := loose.Kind(value)
	if kind != '{' && kind != '[' || besideRecords(name) || loose.IsEmpty(value) {
		return -1
	}
	record := value
	if kind == '[' {
		record = firstOf(value)
	}
	switch {
	case loose.Kind(record) != '{':
		return -1
	case l.isRecord(record) && (onlyNested || l.isOfModel(record)):
		likeness := 2 * l.countFields(record)
		if kind == '{' {
			likeness++ // rather than an array with as many
		}
		return likeness + 1
	case kind == '{' && isNested(value):
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
	for quoted := range loose.Members(holder) {
		if words.Of(quoted).OfPaginator() { // whose total is no record's
			drop = words.Word.Known
		}
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
