package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// An object in a list's place is read member by member until it shows what it is.
// Its members are buffered until then.
type object struct {
	path      string
	depth     int
	inner     bool // it stands under a name of data: only a paginator is streamed
	shape     shape
	buffered  []byte // the members so far, as an object that is still open
	paged     bool   // a word came that only a paginator has
	known     bool   // a scalar that is a field of the model came
	holdsData bool   // its list is its member data
	records   int    // how many records by key were read

	quoted []byte // the name of the member that is read
	word   words.Word
	candidates
	emptyArray bool   // an empty array came, which is the list unless there is a better one
	emptyPath  string // where it stands
	waiting    bool   // an array waits until it is clear whether it is the list
	grouped    bool   // the list stands in groups by name
}

// A shape is what an object in a list's place is.
type shape uint8

const (
	undecided shape = iota
	oneRecord       // an id or a code came before any array or object
	holder          // its list was read
	byKey           // its members are the records
)

// object reads an object in a list's place. If it is inner and turns out to hold no
// list of its own, its bytes are returned unread.
func (l *locator) object(path string, depth int, inner bool) (unread []byte, err error) {
	if depth > maxNesting {
		return nil, &Problem{Text: orBody(path) + ": records nested too deep"}
	}
	if err := l.delimiter(); err != nil {
		return nil, err
	}
	o := &object{path: path, depth: depth, inner: inner}
	for {
		quoted, err := l.name()
		if err != nil {
			return nil, err
		}
		if quoted == nil {
			return l.endObject(o)
		}
		o.quoted, o.word = append(o.quoted[:0], quoted...), words.Of(quoted).For(byte(l.dec.PeekKind()))
		if err := l.member(o); err != nil {
			return nil, err
		}
	}
}

// name returns the text of the member's name.
func (o *object) name() string { return loose.Name(o.quoted) }

// memberPath returns the path of the member.
func (o *object) memberPath() string { return joinPath(o.path, o.name()) }

// isData reports whether the member is data.
func (o *object) isData() bool { return o.word.Role() == words.Data }

// member reads one member of the object.
func (l *locator) member(o *object) error {
	kind := l.dec.PeekKind()
	switch {
	case o.shape == oneRecord:
		return l.buffer(o)
	case o.shape == holder:
		return l.siblingOfList(o)
	case o.shape == byKey:
		return l.nextByKey(o)
	case o.all == nil && !o.emptyArray && kind != '[' && l.isIdentity(o.quoted, byte(kind)): // a validator's errors have a code's name, and lists
		o.shape = oneRecord
		return l.buffer(o)
	case kind == '[' && !besideRecords(o.word) && (!o.inner || o.paged || o.isData()):
		return l.arrayMember(o)
	case kind == '{' && !o.word.BesideList() && (!o.inner || o.paged && o.isData()):
		return l.objectMember(o)
	case kind == '{' || kind == '[':
		if !besideRecords(o.word) {
			o.endStreak()
		}
		return l.buffer(o)
	}
	return l.scalarMember(o)
}

// buffer keeps a member while the object may yet be a record.
func (l *locator) buffer(o *object) error {
	value, err := l.value()
	o.buffer(value)
	return err
}

func (o *object) buffer(value []byte) { o.buffered = appendMember(o.buffered, o.quoted, value) }

// scalarMember reads a member that is neither array nor object.
func (l *locator) scalarMember(o *object) error {
	value, err := l.value()
	if err != nil {
		return err
	}
	null := loose.Kind(value) == 'n'
	if !null && !o.word.InPage() {
		o.endStreak()
	}
	switch {
	case !o.inner && !null && isNumber(o.name()):
		return l.notRecord(location{path: o.memberPath(), index: -1}, value)
	case o.word.OfPaginator():
		o.paged = true
	case l.isField(o.quoted, loose.Kind(value)):
		o.known = true
	}
	o.buffer(value)
	return nil
}

// objectMember reads a member that is an object and may be a record, one of many by
// key, or hold the list.
func (l *locator) objectMember(o *object) error {
	switch {
	case o.paged && o.isData():
		l.decided(o, holder)
		_, err := l.object(o.memberPath(), o.depth+1, false)
		return err
	case isNumber(o.name()):
		value, err := l.value()
		if err != nil {
			return err
		}
		return l.firstByKey(o, o.lastStreak(), bytes.Clone(value)) // the records before it are read first
	}
	inner, err := l.object(o.memberPath(), o.depth+1, true)
	switch {
	case err != nil:
		return err
	case inner == nil: // it held the list, which is read
		l.decided(o, holder)
		return nil
	case o.word.MayHoldPage() && !l.isRecord(inner) && !isNested(inner): // Spring's page
		o.endStreak()
		o.buffer(inner)
		return nil
	case o.beginRecords(&l.schema, inner):
		return l.firstByKey(o, o.lastStreak(), inner)
	case o.emptyArray && firstObject(member(inner, "data")) != nil: // a page, rather than beside an empty list
		l.decided(o, holder)
		return l.nestedList(inner, o.memberPath(), o.depth+1)
	case o.emptyArray && o.streak == 0: // beside an empty list
		o.buffer(inner)
		return nil
	}
	o.add(candidate{o.name(), o.word, inner})
	o.buffer(inner)
	return nil
}

// decided says what the object is, and takes the members so far as those around a
// list.
func (l *locator) decided(o *object, s shape) {
	o.shape = s
	if o.buffered != nil {
		for name, value := range loose.Members(append(o.buffered, '}')) {
			w := wordOf(name, value)
			l.pager.addMember(w, value)
			o.hear(l, w, value)
		}
	}
	o.buffered = nil
}

// hear takes in a word that stands beside a list under data: the object is an envelope.
func (o *object) hear(l *locator, w words.Word, value []byte) {
	if o.holdsData && w.OfEnvelope() {
		l.nested.add(w, bytes.Clone(value))
	}
}

// endObject decides, at the object's end, what is left to decide. It returns an
// inner object that holds no list.
func (l *locator) endObject(o *object) (inner []byte, err error) {
	if o.shape == holder || o.shape == byKey {
		return nil, nil
	}
	whole := []byte("{}")
	if o.buffered != nil {
		whole = append(o.buffered, '}')
	}
	if o.inner {
		return whole, nil
	}
	if isAnswer, err := l.answer(whole, o.path, o.depth); isAnswer || err != nil {
		return nil, err
	}
	if o.waiting || o.shape == oneRecord {
		if chosen, err := l.chooseArray(o, whole); chosen || err != nil {
			return nil, err
		}
	}
	if o.shape == oneRecord {
		if found, err := l.deeperList(o, whole); found || err != nil {
			return nil, err
		}
	}
	switch {
	case o.emptyArray:
		return nil, l.decide(o)
	case o.shape == oneRecord || o.known:
		return nil, l.emitSingle(whole, o.path)
	case o.all != nil:
		return nil, l.decide(o)
	case l.isNoise(whole):
		l.decided(o, holder)
		return nil, l.remark(whole, orBody(o.path), "a list")
	}
	return nil, l.emitSingle(whole, o.path)
}

// decide says what the objects in an object are that held no list: records by key,
// or what stands beside an empty list, or a record or the list's holder among
// others.
func (l *locator) decide(o *object) error {
	records, ok := o.byKey(&l.schema)
	switch {
	case ok:
		return l.firstByKey(o, records, nil)
	case o.emptyArray:
		l.decided(o, holder)
		l.found(RecordArray, o.emptyPath)
		return nil
	}
	return l.single(o)
}
