package coerce

import (
	"reflect"
	"time"

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
	for i := range f.plan.records {
		f.pass, f.n = i, 0
		to := f.recordAt(&f.plan.records[i])
		known += to.DecodeObject(object, envelope.ObjectOptions{Flat: flat, Other: f.takeOther}, &f.ofRecords, f.drift)
	}
	return known
}

// recordAt returns the embedded record of the struct. The records of a list are decoded
// one after the other into the same.
func (f *filling) recordAt(e *embedded) Known {
	target := fieldAt(f.target, e.index)
	if target.Kind() == reflect.Pointer {
		return f.Known(pointee(target).Addr().Interface())
	}
	if value := (*byte)(target.Addr().UnsafePointer()); e.value != value {
		e.value, e.last = value, f.Known(target.Addr().Interface())
	}
	return e.last
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
