package envelope

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// ErrStopped is what a List gives whose consumer wants no more.
var ErrStopped = errors.New("stopped by its consumer")

// maxNesting bounds how far a list is looked for inside objects.
const maxNesting = 8

// List reads the records of a list as they come. Each is decoded into what next
// gives; commit takes it, or ends the reading by false, which makes the error
// ErrStopped. The Answer is never nil.
func List[T any](body io.Reader, m *Model[T], o Options, next func() *T, commit func() bool) (*Answer, error) {
	r := newReader(body, o)
	defer r.release()
	r.knows = m.knows
	var strict error
	var where place
	var zero T
	odd := func(f *Field[T], raw []byte) {
		err := r.driftAt(join(where.pattern(), f.Name), join(where.String(), f.Name), f.Want, raw)
		if strict == nil {
			strict = err
		}
	}
	r.emit = func(object []byte, at place) error {
		where = at
		r.count++
		record := next()
		*record = zero
		m.Decode(object, record, &r.scope, odd)
		if strict != nil {
			return strict
		}
		if !commit() {
			return ErrStopped
		}
		return nil
	}
	return r.answer(r.list())
}

func (r *reader) list() error {
	onData := func() error {
		if r.failed() {
			return r.hold()
		}
		return r.records("data")
	}
	bare := func() error { return r.records("") }
	if err := r.top(onData, bare); err != nil {
		return err
	}
	if r.seen {
		return nil
	}
	if r.settle(); r.rest == nil || r.failed() {
		return nil
	}
	return r.within(r.rest, "", 0)
}

// records reads the value that holds a list's records.
func (r *reader) records(path string) error {
	r.allow()
	switch kind := r.dec.PeekKind(); kind {
	case '[':
		return r.array(path)
	case '{':
		_, err := r.object(path, 0, false)
		return err
	default:
		raw, err := r.value()
		if err != nil {
			return err
		}
		if loose.IsBlank(raw) || kind == 'f' {
			return nil
		}
		return &Problem{Text: orBody(path) + ": want a list", Got: clip(string(raw), 80)}
	}
}

func orBody(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}

// array reads an array of records; the next thing to read is its bracket.
func (r *reader) array(path string) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return r.problem(err)
	}
	for i := 0; ; i++ {
		r.allow()
		switch r.dec.PeekKind() {
		case ']':
			_, err := r.dec.ReadToken()
			return r.problem(err)
		case '{':
			raw, err := r.dec.ReadValue()
			if err != nil {
				return r.problem(err)
			}
			if err := r.emit(raw, place{path, i}); err != nil {
				return err
			}
		default:
			raw, err := r.value()
			if err != nil {
				return err
			}
			if loose.Kind(raw) != 'n' {
				return notRecord(place{path, i}, raw)
			}
			r.count++
		}
	}
}

func notRecord(where place, raw []byte) error {
	return &Problem{Text: where.String() + ": want an object", Got: clip(string(raw), 80)}
}

// within reads a list from an object that is held already.
func (r *reader) within(object []byte, path string, depth int) error {
	if depth > maxNesting {
		return &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	outer := r.dec
	defer func() { r.dec = outer }()
	perRecord := r.PerRecord
	defer func() { r.PerRecord = perRecord }()
	r.PerRecord = false // bounded already when it was read
	r.dec = jsontext.NewDecoder(bytes.NewReader(object), lenient)
	_, err := r.object(path, depth, false)
	return err
}

// An object in a list's place is read member by member until it shows what it
// is: one record, the holder of an array of records, or records by key.
type object struct {
	path   string
	depth  int
	inner  bool   // it stands under a name of data: only a paginator is streamed
	held   []byte // the members so far
	record bool   // an id or a code came before any array or object
	paged  bool   // a paginator's word came
	listed bool   // its array of records was read
	keyed  int    // how many records by key were read
	known  bool   // a scalar that is a field of the model came

	pending     []byte // an object that may be a record, or hold the list
	pendingName string
	previous    bool // pending was the member right before
}

// object reads an object in a list's place. Where it is inner and turns out to
// hold no list of its own, its bytes are given back unread.
func (r *reader) object(path string, depth int, inner bool) (raw []byte, err error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, r.problem(err)
	}
	o := &object{path: path, depth: depth, inner: inner}
	for {
		quoted, more, err := r.name()
		if err != nil {
			return nil, err
		}
		if !more {
			return r.close(o)
		}
		if err := r.member(o, quoted); err != nil {
			return nil, err
		}
	}
}

// member reads one member of the object.
func (r *reader) member(o *object, quoted []byte) error {
	name := loose.Name(quoted)
	follows := o.previous
	o.previous = false
	switch r.dec.PeekKind() {
	case '[':
		if !o.record && !isListOfOthers(name) {
			if o.listed || o.keyed > 0 {
				return r.skipArray(join(o.path, name))
			}
			if !o.inner || name == "data" || o.paged {
				r.adopt(o)
				o.listed = true
				return r.array(join(o.path, name))
			}
		}
	case '{':
		if !o.record && !o.inner && !isPageObject(name) {
			return r.nested(o, quoted, follows)
		}
	default:
		return r.scalar(o, quoted)
	}
	raw, err := r.value()
	if err != nil {
		return err
	}
	return r.retain(o, quoted, raw)
}

// isListOfOthers names the arrays that stand beside records, never for them.
func isListOfOthers(name string) bool { return name == "links" || name == "errors" }

// scalar reads a member that is neither array nor object.
func (r *reader) scalar(o *object, quoted []byte) error {
	raw, err := r.value()
	if err != nil {
		return err
	}
	name := loose.Name(quoted)
	switch {
	case o.record || o.listed || o.keyed > 0 || o.pending != nil:
	case isIdentity(quoted):
		o.record = true
	case isNumber(name) && loose.Kind(raw) != 'n' && !o.inner:
		return notRecord(place{join(o.path, name), -1}, raw)
	}
	if isPageWord(name) {
		o.paged = true
	} else if r.knows(quoted) {
		o.known = true
	}
	return r.retain(o, quoted, raw)
}

// nested reads a member that is an object and may be a record, one of many by
// key, or hold the list.
func (r *reader) nested(o *object, quoted []byte, follows bool) error {
	name := loose.Name(quoted)
	switch {
	case o.listed:
		return r.skip()
	case o.keyed > 0 || isNumber(name):
		return r.keyed(o)
	}
	raw, err := r.object(join(o.path, name), o.depth+1, true)
	if err != nil {
		return err
	}
	if raw == nil { // it held the list, which is read
		r.adopt(o)
		o.listed = true
		return nil
	}
	if o.pending != nil && follows {
		r.adopt(o)
		o.keyed = 2
		if err := r.emit(o.pending, place{o.path, 0}); err != nil {
			return err
		}
		return r.emit(raw, place{o.path, 1})
	}
	// Of objects that do not follow each other the first is the candidate, the
	// others are members like any.
	if o.pending == nil {
		o.pending, o.pendingName, o.previous = raw, name, true
	}
	return r.retain(o, quoted, raw)
}

// keyed reads one of many records by key.
func (r *reader) keyed(o *object) error {
	r.adopt(o)
	raw, err := r.value()
	if err != nil {
		return err
	}
	o.keyed++
	return r.emit(raw, place{o.path, o.keyed - 1})
}

// retain keeps a member while the object may yet be a record; the words of a
// paginator are read once it is known to hold a list.
func (r *reader) retain(o *object, quoted, raw []byte) error {
	if o.listed || o.keyed > 0 {
		r.pages.add(loose.Name(quoted), raw, 3)
		return nil
	}
	if int64(len(o.held)+len(quoted)+len(raw)) > r.MaxBytes {
		return ErrTooLarge
	}
	o.held = appendMember(o.held, quoted, raw)
	return nil
}

// adopt takes the members so far as those of a list's holder.
func (r *reader) adopt(o *object) {
	if o.held == nil {
		return
	}
	for name, raw := range loose.Members(append(o.held, '}')) {
		r.pages.add(loose.Name(name), raw, 3)
	}
	o.held = nil
}

// close decides, at the object's end, what is left to decide. It gives back an
// inner object that holds no list.
func (r *reader) close(o *object) (raw []byte, err error) {
	if o.listed || o.keyed > 0 {
		return nil, nil
	}
	whole := []byte("{}")
	if o.held != nil {
		whole = append(o.held, '}')
	}
	switch {
	case o.inner:
		return whole, nil
	case o.held == nil:
		return nil, nil
	case o.record || o.known:
		return nil, r.emit(whole, place{o.path, -1})
	case o.pending != nil:
		r.adopt(o)
		path := join(o.path, o.pendingName)
		if isWholeRecord(o.pending, r.knows) {
			return nil, r.emit(o.pending, place{path, -1})
		}
		return nil, r.within(o.pending, path, o.depth+1)
	case o.paged:
		r.adopt(o) // a paginator of nothing
		return nil, nil
	}
	return nil, r.emit(whole, place{o.path, -1})
}

// isWholeRecord tells a record under a name from an object around a list.
func isWholeRecord(object []byte, knows func([]byte) bool) bool {
	for name, raw := range loose.Members(object) {
		if k := loose.Kind(raw); k != '{' && k != '[' && (isIdentity(name) || knows(name)) {
			return true
		}
	}
	return !hasNested(object) && !isEmpty(object)
}

// skip passes over a value that holds no records.
func (r *reader) skip() error {
	r.allow()
	return r.problem(r.dec.SkipValue())
}

// skipArray passes over a second array. Objects in it would be records of a
// list in parts: that is told rather than lost in silence.
func (r *reader) skipArray(path string) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return r.problem(err)
	}
	for first := true; ; first = false {
		r.allow()
		if r.dec.PeekKind() == ']' {
			_, err := r.dec.ReadToken()
			return r.problem(err)
		}
		raw, err := r.value()
		if err != nil {
			return err
		}
		if first && loose.Kind(raw) == '{' {
			if err := r.drift(path, "one list of records", raw); err != nil {
				return err
			}
		}
	}
}

func isNumber(name string) bool {
	_, err := strconv.ParseUint(name, 10, 64)
	return err == nil
}
