package coerce

import (
	"bytes"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

var timeType = reflect.TypeFor[time.Time]()

// A use says whose a member of that name is.
type use struct {
	quoted  string // the name
	field   int    // the struct's own field, or -1
	variant bool   // the field's name is spelled in another way
	records uint64 // the embedded records that know it, a bit for each
}

// use returns the use of the n-th member that a pass over an object asks for, whose
// name is quoted. Servers send members in one order throughout, so the n-th of the
// object before is tried first.
func (p *plan) use(pass, n int, quoted []byte) *use {
	const most = 256
	uses := p.uses[pass]
	if n < len(uses) {
		if uses[n].quoted != string(quoted) {
			uses[n] = p.useOf(quoted)
		}
		return &uses[n]
	}
	u := p.useOf(quoted)
	if n < most {
		p.uses[pass] = append(uses, u)
	}
	return &u
}

// useOf returns the use of a member. What a record knows is also the struct's where
// its field has exactly that name.
func (p *plan) useOf(quoted []byte) use {
	u := use{quoted: string(quoted), field: -1, records: p.knownTo(quoted)}
	if i, exact := p.exact[loose.Name(quoted)]; exact {
		u.field = i
	} else if u.records == 0 {
		u.field = p.names.Find(quoted)
		u.variant = u.field >= 0
	}
	return u
}

// knownTo returns the embedded records that know a name.
func (p *plan) knownTo(quoted []byte) (records uint64) {
	for i := range p.records {
		if p.records[i].Knows(quoted) {
			records |= 1 << i
		}
	}
	return records
}

// A filling is the decoding of an object into a struct, in as many passes over the
// object as the struct embeds records, and one if it embeds none.
type filling struct {
	*decoder
	scope     envelope.Scope // of the struct's own fields
	ofRecords envelope.Scope // of the embedded records
	plan      *plan
	target    reflect.Value
	place     func() (path, at string) // of the object

	object []byte // nil while it is read member by member
	pass   int
	n      int // members of this pass so far that no record has taken
	known  int // members that set a field of the struct

	before *filling // that was done before this one, to be used again

	// The methods below, made once.
	takeOther func(quoted, raw []byte) bool
	drift     func(field, want string, got []byte)
}

// fill returns a filling. One that is done is used again.
func (d *decoder) fill(target reflect.Value, p *plan, place func() (path, at string)) *filling {
	f := d.done
	if f != nil {
		d.done = f.before
	} else {
		f = &filling{decoder: d, scope: envelope.Scope{Location: d.Location}, ofRecords: envelope.Scope{Location: d.Location}}
		f.takeOther, f.drift = f.other, f.mismatchOfRecord
	}
	f.plan, f.target, f.place, f.object, f.pass, f.n, f.known = p, target, place, nil, len(p.records), 0, 0
	return f
}

// free keeps the filling, which is done, for another object.
func (f *filling) free() {
	f.target, f.place, f.object = reflect.Value{}, nil, nil
	f.before, f.done = f.done, f
}

// next returns the use of the next member.
func (f *filling) next(quoted []byte) *use {
	f.n++
	return f.plan.use(f.pass, f.n-1, quoted)
}

// other takes a member that the record of this pass doesn't: one of the struct's own,
// or of another record.
func (f *filling) other(quoted, raw []byte) bool {
	u := f.next(quoted)
	switch {
	case u.field < 0:
		return u.records&^(1<<f.pass) != 0
	case u.variant && hasMember(f.object, f.plan.fields[u.field].name):
		return false
	case f.pass == 0 && u.records == 0:
		f.set(u, raw)
	}
	return true
}

func hasMember(object []byte, name string) bool {
	if object == nil {
		return false
	}
	for quoted := range loose.Members(object) {
		if loose.NameIs(quoted, name) {
			return true
		}
	}
	return false
}

// records has the embedded records decode an object, each the members that it knows,
// and those that nobody does.
func (f *filling) records(object []byte, flat bool) (known int) {
	for i, record := range f.plan.records {
		f.pass, f.n = i, 0
		to := f.Known(pointerTo(fieldAt(f.target, record.index)))
		known += to.DecodeObject(object, envelope.ObjectOptions{Flat: flat, Other: f.takeOther}, &f.ofRecords, f.drift)
	}
	return known
}

// mismatchOfRecord reports a field that an embedded record can't hold, unless the
// struct holds it.
func (f *filling) mismatchOfRecord(field, want string, got []byte) {
	if _, own := f.plan.exact[field]; !own {
		f.mismatchOf(field, want, got, f.place)
	}
}

// own sets the fields of the struct's own from an object's members, or from those
// only that records have too. Those of the attributes of a resource are the resource's.
func (f *filling) own(object []byte, shared, flat bool) {
	f.pass, f.n = len(f.plan.records), 0
	f.members(object, shared, flat)
}

func (f *filling) members(object []byte, shared, flat bool) {
	for quoted, raw := range loose.Members(object) {
		u := f.next(quoted)
		switch {
		case u.field >= 0:
			if shared == (u.records != 0) && !(u.variant && hasMember(object, f.plan.fields[u.field].name)) {
				f.set(u, raw)
			}
		case !flat && f.plan.told.InAttributes(object, quoted, raw):
			f.members(raw, shared, true)
		}
	}
}

// set sets a field of the struct's own.
func (f *filling) set(u *use, raw []byte) {
	f.known++
	own := &f.plan.fields[u.field]
	target := fieldAt(f.target, own.index)
	if own.kind == byScalar && !own.isPointer && setScalar(target, raw) { // most fields
		return
	}
	name := u.quoted
	f.assign(target, &own.setting, raw, func() (path, at string) {
		path, at = f.place()
		name := loose.Name([]byte(name))
		return join(path, name), join(at, name)
	})
}

// assign sets a value that stands at place.
func (f *filling) assign(target reflect.Value, s *setting, raw []byte, place func() (path, at string)) {
	if s.isPointer {
		if loose.Kind(raw) == 'n' {
			target.SetZero()
			return
		}
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	ok := true
	switch s.kind {
	case byScalar:
		ok = setScalar(target, raw)
	case byTime:
		v := target.Addr().Interface().(*time.Time)
		*v, ok = f.scope.Time(raw, f.Location)
	case byCopy:
		target.SetBytes(bytes.ToValidUTF8(raw, []byte("\ufffd"))) // a copy in any case
	case byKnown:
		ok = f.Known(target.Addr().Interface()).Decode(raw, &f.scope, func(field, want string, got []byte) {
			f.mismatchOf(field, want, got, place)
		})
	case byStruct:
		f.assignStruct(target, s, raw, place)
	case byList:
		f.assignList(target, s, raw, place)
	case byDecoder:
		f.within(raw, target, place)
	}
	if !ok {
		_ = f.mismatchAt(target, raw, place)
	}
}

// maxLevels limits how many structs and lists in one another are assigned: what is
// inside of one is looked through once more for each.
const maxLevels = 4

func (f *filling) assignStruct(target reflect.Value, s *setting, raw []byte, place func() (path, at string)) {
	if loose.Kind(raw) != '{' || f.level == maxLevels {
		f.within(raw, target, place)
		return
	}
	if s.plan == nil {
		s.plan = f.types.of(target.Type())
	}
	f.level++
	defer func() { f.level-- }()
	_, _ = f.decodeObjectAt(raw, target, s.plan, place)
}

func (f *filling) assignList(target reflect.Value, s *setting, raw []byte, place func() (path, at string)) {
	if loose.Kind(raw) != '[' || f.level == maxLevels {
		f.within(raw, target, place)
		return
	}
	f.level++
	defer func() { f.level-- }()
	n := 0
	for range loose.Elements(raw) {
		n++
	}
	target.Set(reflect.MakeSlice(target.Type(), n, n))
	i := 0
	placeOfElement := func() (path, at string) {
		path, at = place()
		return path + ".*", at + "." + strconv.Itoa(i)
	}
	for element := range loose.Elements(raw) {
		f.assign(target.Index(i), s.element, element, placeOfElement)
		i++
	}
}

// within decodes a value that was read whole.
func (f *filling) within(raw []byte, target reflect.Value, place func() (path, at string)) {
	if f.failed != nil && f.Drift != nil {
		return
	}
	inner := f.inner(place)
	err := inner.decode(raw, target.Addr().Interface())
	switch {
	case f.failed != nil:
	case inner.failed != nil:
		f.failed = inner.failed
	case err != nil:
		f.refused(target, raw, err, place)
	}
}

// refused reports a value that the type of target has refused for a reason of its own.
func (d *decoder) refused(target reflect.Value, raw []byte, err error, place func() (path, at string)) {
	if d.Drift == nil {
		d.failed = err
		return
	}
	_ = d.mismatchAt(target, raw, place)
}

// pointerTo returns a pointer to an embedded record, which is made if it stands as a
// nil pointer.
func pointerTo(record reflect.Value) any {
	if record.Kind() == reflect.Pointer {
		return pointee(record).Addr().Interface()
	}
	return record.Addr().Interface()
}

// fieldAt returns the field of a struct at index, and makes the structs that stand as
// nil pointers on the way.
func fieldAt(v reflect.Value, index []int) reflect.Value {
	for i, at := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			v = pointee(v)
		}
		if v = v.Field(at); !v.CanSet() {
			// The field is embedded and its type's name not exported. What it
			// has is the struct's, so it is set like the others.
			v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
		}
	}
	return v
}

// pointee returns what a pointer points to, which is made if the pointer is nil.
func pointee(pointer reflect.Value) reflect.Value {
	if pointer.IsNil() {
		pointer.Set(reflect.New(pointer.Type().Elem()))
	}
	return pointer.Elem()
}

// decodeObject decodes an object into a struct. It returns how many of its members are
// fields: of the records that the struct embeds, or if those name none, of the struct.
func (d *decoder) decodeObject(object []byte, target reflect.Value, p *plan) (known int, err error) {
	return d.decodeObjectAt(object, target, p, d.place)
}

func (d *decoder) decodeObjectAt(object []byte, target reflect.Value, p *plan, place func() (path, at string)) (known int, err error) {
	f := d.fill(target, p, place)
	f.object = object
	if known = f.records(object, false); len(p.records) == 0 || p.shared {
		f.own(object, p.shared, false)
	}
	if !p.byRecords {
		known = f.known
	}
	f.free()
	return known, d.failed
}

// unmarshalStruct decodes the next value into a struct. Its fields are decoded as they
// are read: structs in structs would otherwise be read as often as
// they are deep.
func (d *decoder) unmarshalStruct(dec *jsontext.Decoder, target reflect.Value, p *plan) error {
	object := bytes.TrimLeft(dec.UnreadBuffer(), " \t\r\n:,")
	if loose.Kind(object) != '{' {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if loose.IsBlank(raw) || string(raw) == "false" || string(raw) == "[]" {
			target.SetZero()
			return nil
		}
		return d.mismatch(dec, target, raw)
	}
	if mayBeResource(object) && d.conversions < maxConversions {
		return d.unmarshalResource(dec, target, p)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	f := d.fill(target, p, func() (path, at string) { return d.location(dec) })
	var rest []byte // what is not the struct's own alone
	for dec.PeekKind() != '}' {
		var err error
		if rest, err = f.readMember(dec, rest); err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if rest == nil {
		rest = []byte{'{'}
	}
	rest[0] = '{'
	f.records(append(rest, '}'), true)
	f.free()
	return d.failed
}

// readMember takes the next member of an object that dec reads. One that the records
// are to have is added to rest, an object that is still open.
func (f *filling) readMember(dec *jsontext.Decoder, rest []byte) ([]byte, error) {
	quoted, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	u := *f.next(quoted)
	if u.field < 0 && len(f.plan.records) == 0 {
		return nil, dec.SkipValue()
	}
	if u.field >= 0 && u.records == 0 {
		return rest, f.readField(dec, fieldAt(f.target, f.plan.fields[u.field].index))
	}
	rest = append(append(append(rest, ','), quoted...), ':')
	raw, err := dec.ReadValue()
	if err != nil || u.field < 0 {
		return append(rest, raw...), err
	}
	target := fieldAt(f.target, f.plan.fields[u.field].index)
	if f.conversions == maxConversions {
		return append(rest, raw...), f.mismatch(dec, target, raw)
	}
	path, at := f.location(dec)
	f.within(raw, target, func() (string, string) { return path, at })
	return append(rest, raw...), f.failed
}

// readField decodes the next value into a field. After an error it reads what is left
// of the value, so that the fields behind it are decoded all the same.
func (f *filling) readField(dec *jsontext.Decoder, target reflect.Value) error {
	unread, begin := dec.UnreadBuffer(), dec.InputOffset()
	depth := dec.StackDepth()
	_, length := dec.StackIndex(depth)
	err := decodeNext(dec, target)
	if err == nil || f.failed != nil && f.Drift != nil {
		return err
	}
	for {
		if _, n := dec.StackIndex(depth); dec.StackDepth() == depth && n > length {
			break
		}
		if kind := dec.PeekKind(); kind != '}' && kind != ']' {
			if err := dec.SkipValue(); err != nil {
				return err
			}
		} else if _, err := dec.ReadToken(); err != nil {
			return err
		}
	}
	if f.failed == nil {
		raw := bytes.TrimLeft(unread[:dec.InputOffset()-begin], " \t\r\n:")
		f.refused(target, raw, err, func() (path, at string) { return f.location(dec) })
	}
	if f.Drift != nil {
		return f.failed
	}
	return nil
}

// unmarshalResource decodes the next value, which may be a resource of JSON:API's.
func (d *decoder) unmarshalResource(dec *jsontext.Decoder, target reflect.Value, p *plan) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	path, at := d.location(dec)
	inner := d.inner(func() (string, string) { return path, at })
	_, err = inner.decodeObject(raw, target, p)
	if d.failed == nil {
		d.failed = inner.failed
	}
	return err
}

// mayBeResource reports whether an object starts as a resource does, up to the first
// array or object in it.
func mayBeResource(object []byte) bool {
	for name, value := range loose.LeadingMembers(object) {
		if loose.Kind(value) == '{' {
			return string(name) == `"attributes"` || string(name) == `"properties"`
		}
	}
	return false
}
