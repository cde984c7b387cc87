package envelope

import (
	"bytes"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// An object in a list's place is read member by member until it shows what it
// is. Its members are held until then.
type object struct {
	path  string
	depth int
	inner bool // it stands under a name of data: only a paginator is streamed
	shape shape
	held  []byte // the members so far, as an object that is still open
	paged bool   // a word came that only a paginator has
	known bool   // a scalar that is a field of the model came
	keyed int    // how many records by key were read

	quoted  []byte  // the name of the member that is read
	objects []lying // members that may be records, or hold the list
	row     int     // how many of the last stand in a row, null between them
	run     run     // the longest row that has ended
	emptied bool    // an empty array came, which is the list unless there is a better one
}

// A shape is what an object in a list's place is.
type shape uint8

const (
	undecided shape = iota
	oneRecord       // an id or a code came before any array or object
	holder          // its list was read
	byKey           // its members are the records
)

// object reads an object in a list's place. Where it is inner and turns out to
// hold no list of its own, its bytes are given back unread.
func (r *reader) object(path string, depth int, inner bool) (raw []byte, err error) {
	if depth > maxNesting {
		return nil, &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	if err := r.delimiter(); err != nil {
		return nil, err
	}
	o := &object{path: path, depth: depth, inner: inner}
	for {
		quoted, err := r.name()
		if err != nil {
			return nil, err
		}
		if quoted == nil {
			return r.close(o)
		}
		if err := r.member(o, quoted); err != nil {
			return nil, err
		}
	}
}

// member reads one member of the object.
func (r *reader) member(o *object, quoted []byte) error {
	o.quoted = append(o.quoted[:0], quoted...)
	name := wordName(o.quoted)
	kind := r.dec.PeekKind()
	switch {
	case o.shape == oneRecord:
		return r.retain(o)
	case o.shape == holder:
		return r.besideList(o, name)
	case o.shape == byKey:
		return r.nextByKey(o, name)
	case o.objects == nil && !o.emptied && kind != '[' && r.isIdentity(o.quoted, byte(kind)): // a validator's errors have a code's name, and lists
		o.shape = oneRecord
		return r.retain(o)
	case kind == '[' && !isListOfOthers(name) && (!o.inner || o.paged || name == "data"):
		return r.listIn(o, name)
	case kind == '{' && !isPageObject(name) && (!o.inner || o.paged && name == "data"):
		return r.nested(o, name)
	case kind == '{' || kind == '[':
		if !isListOfOthers(name) {
			o.endRow()
		}
		return r.retain(o)
	}
	return r.scalar(o, name)
}

// isListOfOthers names the arrays that stand beside records, never for them. PHP
// writes an empty "meta" as an array too.
func isListOfOthers(name string) bool { return name == "errors" || isPageObject(name) }

// retain keeps a member while the object may yet be a record.
func (r *reader) retain(o *object) error {
	raw, err := r.value()
	o.hold(raw)
	return err
}

func (o *object) hold(raw []byte) { o.held = append(startMember(o.held, o.quoted), raw...) }

// scalar reads a member that is neither array nor object.
func (r *reader) scalar(o *object, name string) error {
	raw, err := r.value()
	if err != nil {
		return err
	}
	null := loose.Kind(raw) == 'n'
	if !null && !isPageWord(name) {
		o.endRow()
	}
	switch {
	case isNumber(name) && !o.inner && !null:
		return r.notRecord(place{join(o.path, name), -1}, raw)
	case isPaginator(name):
		o.paged = true
	case r.isField(o.quoted, loose.Kind(raw)):
		o.known = true
	}
	o.hold(raw)
	return nil
}

// nested reads a member that is an object and may be a record, one of many by
// key, or hold the list.
func (r *reader) nested(o *object, name string) error {
	path := join(o.path, name)
	switch {
	case o.paged && name == "data":
		r.adopt(o, holder)
		_, err := r.object(path, o.depth+1, false)
		return err
	case isNumber(name):
		raw, err := r.value()
		if err != nil {
			return err
		}
		return r.firstByKey(o, o.lastRow(), bytes.Clone(raw)) // the records before it are read first
	}
	raw, err := r.object(path, o.depth+1, true)
	switch {
	case err != nil:
		return err
	case raw == nil: // it held the list, which is read
		r.adopt(o, holder)
		return nil
	case r.beginsByKey(o, raw):
		return r.firstByKey(o, o.lastRow(), raw)
	case o.emptied && o.row == 0: // beside an empty list
		o.hold(raw)
		return nil
	}
	o.objects = append(o.objects, lying{name, raw})
	o.row++
	o.hold(raw)
	return nil
}

// adopt says what the object is, and takes the members so far as those of a
// list's holder.
func (r *reader) adopt(o *object, s shape) {
	o.shape = s
	if o.held != nil {
		for name, raw := range loose.Members(append(o.held, '}')) {
			r.pages.add(wordName(name), raw)
		}
	}
	o.held = nil
}

// close decides, at the object's end, what is left to decide. It gives back an
// inner object that holds no list.
func (r *reader) close(o *object) (raw []byte, err error) {
	if o.shape == holder || o.shape == byKey {
		return nil, nil
	}
	whole := []byte("{}")
	if o.held != nil {
		whole = append(o.held, '}')
	}
	switch {
	case o.inner:
		return whole, nil
	case o.emptied:
		return nil, r.decide(o)
	case o.shape == oneRecord || o.known:
		return nil, r.emit(whole, place{o.path, -1})
	case o.objects != nil:
		return nil, r.decide(o)
	case r.isVoid(whole):
		r.adopt(o, holder)
		return nil, r.remark(whole, orBody(o.path), "a list")
	}
	return nil, r.emit(whole, place{o.path, -1})
}

func isNumber(name string) bool {
	_, err := strconv.ParseUint(name, 10, 64)
	return err == nil
}
