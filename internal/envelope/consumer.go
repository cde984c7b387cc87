package envelope

import (
	"bytes"
	"io"
)

// A Consumer decodes records that have no Model.
type Consumer struct {
	Fields
	// AnyElement says that the elements of a list need not be objects.
	AnyElement bool
	// AnyKind says that an object which has one of the fields is the record, also
	// if that is an array or object.
	AnyKind bool
	// Decode decodes the next record and returns how many of its fields came. It
	// reports to drift what their types can't hold, in strict mode until that
	// returns an error.
	Decode func(record []byte, place func() (path, at string), drift DriftFunc) (known int, err error)
	// Scan starts to decode the object at the start of b as it is scanned, and returns its
	// length; see package scan for a result below 0. Finish ends that as Decode does. If
	// Scan is nil, records are not scanned.
	Scan   func(b []byte) (end int)
	Finish func(record []byte, place func() (path, at string), drift DriftFunc) (known int, err error)
}

// A DriftFunc reports a value at a path, and at its own place, for which something else
// was wanted.
type DriftFunc func(path, at, want string, got []byte) error

// ListFor is List for a Consumer. commit takes each record that was decoded.
func ListFor(body io.Reader, c Consumer, o Options, commit func() bool) (*Answer, error) {
	r := newReader(body, o, c.Knows)
	defer r.release()
	r.anyElement = c.AnyElement
	if !c.Any {
		r.ownFields = -1
	}
	l := &consumerList{reader: r, Consumer: c, commit: commit}
	l.placeNext, l.driftNext = l.place, r.driftFor
	l.decodeNext, l.finishNext = l.decode, l.finish
	r.emit = func(element []byte, at location) error {
		return r.element(element, at, c.Any, l.decodeNext, l.finishNext)
	}
	if c.Scan != nil {
		r.scanner = l
	}
	return r.answer(r.list())
}

// A consumerList has a Consumer decode the records of a list.
type consumerList struct {
	*reader
	Consumer
	commit func() bool

	// Methods, made once.
	placeNext  func() (path, at string)
	driftNext  DriftFunc
	decodeNext func([]byte, location) int
	finishNext func() error

	at     location // of the record that is decoded
	strict error    // of the record
}

func (l *consumerList) place() (path, at string) { return l.at.pattern(), l.at.String() }

func (l *consumerList) decode(record []byte, at location) (known int) {
	l.at = at
	known, l.strict = l.Decode(record, l.placeNext, l.driftNext)
	return known
}

// scan is that of a scanner.
func (l *consumerList) scan(b []byte) (end int) { return l.Scan(b) }

// scanned is that of a scanner.
func (l *consumerList) scanned(object []byte, at *location) error {
	if err := l.take(object); err != nil || l.repeats {
		return err
	}
	l.at = *at
	known := 0
	known, l.strict = l.Finish(object, l.placeNext, l.driftNext)
	return l.decoded(object, l.at, known, l.Any, l.decodeNext, l.finishNext)
}

func (l *consumerList) finish() error {
	if l.strict != nil {
		return l.strict
	}
	if !l.commit() {
		return ErrStopped
	}
	return nil
}

// OneFor is One for a Consumer.
func OneFor(body io.Reader, c Consumer, o Options) (a *Answer, found bool, err error) {
	r := newReader(body, o, c.Knows)
	defer r.release()
	r.anyKind, r.ownStatus = c.AnyKind, c.IsStatus
	object, path, err := r.one()
	if object == nil {
		a, err = r.answer(err)
		return a, false, err
	}
	r.count++
	known, err := c.Decode(object, func() (string, string) { return path, path }, r.driftFor)
	a, err = r.answer(err)
	if a.Record = known > 0 || !c.Any; !a.Record {
		a.First = bytes.Clone(object)
	}
	return a, err == nil, err
}

// driftFor reports drift for a Consumer.
func (r *reader) driftFor(path, at, want string, got []byte) error {
	return r.driftAt(orBody(path), orBody(at), want, got)
}
