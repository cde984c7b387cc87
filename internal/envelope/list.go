package envelope

import (
	"bytes"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// List reads the records of a list as they come. Each is decoded into the zero value that
// next returns; commit takes it, or ends the reading by false, which makes the error
// ErrStopped. The Answer is never nil.
func List[T any](body io.Reader, m *Model[T], o Options, next func() *T, commit func() bool) (*Answer, error) {
	r := newReader(body, o, m.records.knows)
	defer r.release()
	return readRecords(r, m, next, commit)
}

func readRecords[T any](r *reader, m *Model[T], next func() *T, commit func() bool) (*Answer, error) {
	r.schema = m.records
	l := &listReader[T]{reader: r, model: m, next: next, commit: commit}
	l.mismatch = l.noteMismatch
	l.decodeNext, l.finishNext = l.decode, l.finish
	r.emit = func(element []byte, at location) error {
		return r.element(element, at, m.HasFields(), l.decodeNext, l.finishNext)
	}
	r.scanner = l
	a, err := r.answer(r.list())
	a.Single = r.form == SingleRecord
	return a, err
}

// A listReader decodes the records of a list.
type listReader[T any] struct {
	*reader
	model  *Model[T]
	next   func() *T
	commit func() bool
	record *T // that is scanned

	// Methods, made once.
	mismatch   func(*Field[T], []byte)
	decodeNext func([]byte, location) int
	finishNext func() error

	at     location // of the record that is decoded
	strict error    // of a field of it
}

// element takes an element of a list: a record, or what wraps records. decode decodes
// one and returns how many of its fields came, finish hands it to the consumer.
func (r *reader) element(object []byte, at location, hasFields bool, decode func([]byte, location) (known int), finish func() error) error {
	if err := r.take(object); err != nil || r.repeats {
		return err
	}
	return r.decoded(object, at, decode(object, at), hasFields, decode, finish)
}

// decoded is element for one that was decoded, and has so many known fields.
func (r *reader) decoded(object []byte, at location, known int, hasFields bool, decode func([]byte, location) (known int), finish func() error) error {
	if hasFields && known <= maxCommon && loose.Kind(object) == '{' {
		done, err := r.inElement(object, at, known, func(record []byte, at location) error {
			decode(record, at)
			return finish()
		})
		if done || err != nil {
			return err
		}
	}
	if hasFields && known == 0 {
		if err := r.driftAt(orBody(at.pattern()), orBody(at.String()), WantField, object); err != nil {
			return err
		}
	}
	return finish()
}

// decode sets the next record and returns how many of its fields came.
func (l *listReader[T]) decode(object []byte, at location) (known int) {
	l.at = at
	record := l.next()
	return l.model.Decode(object, record, &l.scope, l.mismatch)
}

// scan is that of a scanner.
func (l *listReader[T]) scan(b []byte) (end int) {
	l.record = l.next()
	return l.model.Scan(b, l.record, &l.pass, &l.scope)
}

// scanned is that of a scanner.
func (l *listReader[T]) scanned(object []byte, at *location) error {
	if err := l.take(object); err != nil || l.repeats {
		return err
	}
	l.at = *at
	known := l.model.Finish(object, l.record, &l.pass, &l.scope, ObjectOptions{}, l.mismatch)
	if known > maxCommon { // a record for certain, as nearly always
		return l.finish()
	}
	return l.decoded(object, l.at, known, l.model.HasFields(), l.decodeNext, l.finishNext)
}

// finish hands the record to the consumer.
func (l *listReader[T]) finish() error {
	if l.strict != nil {
		return l.strict
	}
	switch {
	case l.commit():
		return nil
	case l.isFull:
		return ErrTooMany
	}
	return ErrStopped
}

// noteMismatch notes a field of the record that can't be its type.
func (l *listReader[T]) noteMismatch(f *Field[T], value []byte) {
	err := l.driftAt(joinPath(l.at.pattern(), f.Name), joinPath(l.at.String(), f.Name), f.Want, value)
	if l.strict == nil {
		l.strict = err
	}
}

// take notes a record of a list.
func (r *reader) take(record []byte) error {
	if err := r.tookRecord(record); err != nil {
		return err
	}
	if r.count++; len(r.first) == 0 {
		r.first = append(r.first, record...)
		r.repeats = r.isOther(r.pager.Current) || r.pager.Current == 0 && loose.Kind(record) == '{' && bytes.Equal(record, r.Previous)
	}
	return nil
}

// isOther reports whether a page of that number is another than was asked for.
func (r *reader) isOther(number int) bool { return r.Page > 0 && number > 0 && number != r.Page }

// listBesideData reports, where data holds no record or there is none, a list of the
// model's records that stands beside it, if only as a text.
func (r *reader) listBesideData() error {
	if r.count > 0 || r.modelless || r.statement.failed() {
		return nil
	}
	for name, value := range loose.Members(orEmptyObject(r.siblings())) {
		if loose.Kind(value) == '"' {
			if value = jsonInString(value); loose.Kind(value) == '{' { // an answer
				value = member(value, "data")
			}
		}
		if first := firstObject(value); first != nil && !besideRecords(words.Of(name)) && r.isOfModel(first) {
			return r.drift(loose.Name(name), WantOneList, first)
		}
	}
	return nil
}

// list reads an answer whose data is a list.
func (r *reader) list() error {
	path := func() string {
		if r.hasData {
			return "data"
		}
		return ""
	}
	read := func() error {
		r.kind = byte(r.dec.PeekKind())
		if r.dec.PeekKind() == '"' || r.statement.failed() {
			return r.bufferData() // a text may hold an answer
		}
		return r.locator.list(path())
	}
	switch err := r.read(read, read); {
	case err != nil:
		return err
	case loose.Kind(r.data) == '"' && !r.statement.failed():
		return r.scalarForList(path(), r.data)
	case r.hasData || len(r.data) > 0:
		return r.listBesideData()
	}
	list, at := r.bareBody()
	if list == nil || r.statement.failed() {
		return r.listBesideData()
	}
	return r.within(list, func() error { return r.locator.list(at) })
}
