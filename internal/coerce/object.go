package coerce

import (
	"bytes"
	"reflect"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

var timeType = reflect.TypeFor[time.Time]()

// A use says what becomes of a member of that name.
type use struct {
	quoted  string // the name
	field   int    // the struct's field that it sets, or -1
	variant bool   // the field's name is spelled in another way
	records uint64 // the embedded records that it goes to, a bit for each
}

// use returns the use of the n-th member of an object, whose name is quoted. Servers
// send members in one order throughout, so the n-th of the object before is tried first.
func (p *plan) use(quoted []byte, n int) use {
	const most = 256
	if n < len(p.uses) && p.uses[n].quoted == string(quoted) {
		return p.uses[n]
	}
	u := p.useOf(quoted)
	if n < len(p.uses) {
		p.uses[n] = u
	} else if len(p.uses) < most {
		p.uses = append(p.uses, u)
	}
	return u
}

// useOf returns the use of a member. One that the struct names is its field's, and
// also that of a record which knows it; one that nobody knows is an extra member of all
// records.
func (p *plan) useOf(quoted []byte) use {
	u := use{quoted: string(quoted), field: -1}
	for i := range p.records {
		if p.records[i].knows(quoted) {
			u.records |= 1 << i
		}
	}
	if i, exact := p.exact[loose.Name(quoted)]; exact {
		u.field = i
	} else if u.records == 0 {
		u.field = p.names.Find(quoted)
		u.variant = u.field >= 0
	}
	if u.field < 0 && u.records == 0 {
		u.records = p.allRecords()
	}
	return u
}

func (p *plan) allRecords() uint64 { return 1<<len(p.records) - 1 }

// A filling is the decoding of an object into a struct.
type filling struct {
	*decoder
	plan   *plan
	target reflect.Value
	place  func() (path, at string) // of the object
	n      int                      // members so far
	known  int                      // of them, those that set a field of the struct
	rest   [][]byte                 // for each embedded record its members, as an object that is still open
}

func (d *decoder) fill(target reflect.Value, p *plan, place func() (path, at string)) *filling {
	return &filling{decoder: d, plan: p, target: target, place: place, rest: make([][]byte, len(p.records))}
}

// next returns the use of the next member.
func (f *filling) next(quoted []byte) use {
	f.n++
	return f.plan.use(quoted, f.n-1)
}

// begin starts a member of the embedded records that it goes to.
func (f *filling) begin(u use) {
	for i := range f.rest {
		if u.records>>i&1 == 0 {
			continue
		}
		if f.rest[i] == nil {
			f.rest[i] = append(f.rest[i], '{')
		} else {
			f.rest[i] = append(f.rest[i], ',')
		}
		f.rest[i] = append(append(f.rest[i], u.quoted...), ':')
	}
}

// end ends the member that was begun last.
func (f *filling) end(u use, raw []byte) {
	for i := range f.rest {
		if u.records>>i&1 != 0 {
			f.rest[i] = append(f.rest[i], raw...)
		}
	}
}

// members takes the members of an object. Those of the attributes of a resource are
// the resource's.
func (f *filling) members(object []byte, mayBeResource bool) {
	for quoted, raw := range loose.Members(object) {
		u := f.next(quoted)
		if mayBeResource && u.field < 0 && string(quoted) == `"attributes"` {
			if attributes := envelope.Attributes(object); attributes != nil {
				f.members(attributes, false)
				continue
			}
		}
		if u.variant && hasMember(object, f.plan.fields[u.field].name) {
			u.field, u.records = -1, f.plan.allRecords()
		}
		if u.records != 0 {
			f.begin(u)
			f.end(u, raw)
		}
		if u.field >= 0 {
			f.set(&f.plan.fields[u.field], raw)
		}
	}
}

func hasMember(object []byte, name string) bool {
	for quoted := range loose.Members(object) {
		if loose.NameIs(quoted, name) {
			return true
		}
	}
	return false
}

// set sets a field of the struct's own.
func (f *filling) set(own *field, raw []byte) {
	f.known++
	target := fieldAt(f.target, own.index)
	if own.isPointer && own.kind != byDecoder {
		if loose.Kind(raw) == 'n' {
			target.SetZero()
			return
		}
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	place := func() (path, at string) {
		path, at = f.place()
		return join(path, own.name), join(at, own.name)
	}
	ok := true
	switch own.kind {
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
	case byDecoder:
		f.within(raw, target, place)
	}
	if !ok {
		_ = f.mismatchAt(target, raw, place)
	}
}

// within decodes a value that was read whole.
func (f *filling) within(raw []byte, target reflect.Value, place func() (path, at string)) {
	if f.failed != nil && f.Drift != nil {
		return
	}
	inner := f.inner(place)
	err := inner.decode(raw, target.Addr().Interface())
	if err == nil || inner.failed != nil {
		err = inner.failed
	}
	if f.failed == nil {
		f.failed = err
	}
}

// finish has the embedded records decode what goes to them, and returns how many
// members are their fields.
func (f *filling) finish() (known int, err error) {
	for i, record := range f.plan.records {
		rest := []byte("{}")
		if f.rest[i] != nil {
			rest = append(f.rest[i], '}')
		}
		known += f.Known(pointerTo(fieldAt(f.target, record.index))).DecodeObject(rest, true, &f.scope, func(field, want string, got []byte) {
			if _, own := f.plan.exact[field]; !own { // which holds what the record's can't
				f.mismatchOf(field, want, got, f.place)
			}
		})
	}
	return known, f.failed
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
	f := d.fill(target, p, d.place)
	f.members(object, true)
	if known, err = f.finish(); !p.byRecords {
		known = f.known
	}
	return known, err
}

// unmarshalStruct decodes the next value into a struct that embeds records. Its fields
// are decoded as they are read: structs in structs would otherwise be read as often as
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
	for dec.PeekKind() != '}' {
		if err := f.readMember(dec); err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	_, err := f.finish()
	return err
}

// readMember takes the next member of an object that dec reads.
func (f *filling) readMember(dec *jsontext.Decoder) error {
	quoted, err := dec.ReadValue()
	if err != nil {
		return err
	}
	u := f.next(quoted)
	if u.records == 0 && u.field < 0 {
		return dec.SkipValue()
	}
	if u.records == 0 {
		return decodeNext(dec, fieldAt(f.target, f.plan.fields[u.field].index))
	}
	f.begin(u)
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	f.end(u, raw)
	if u.field < 0 {
		return nil
	}
	target := fieldAt(f.target, f.plan.fields[u.field].index)
	if f.conversions == maxConversions {
		return f.mismatch(dec, target, raw)
	}
	path, at := f.location(dec)
	f.within(raw, target, func() (string, string) { return path, at })
	return f.failed
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
		if loose.NameIs(name, "attributes") && loose.Kind(value) == '{' {
			return true
		}
	}
	return false
}
