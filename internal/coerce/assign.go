package coerce

import (
	"bytes"
	"reflect"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

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
