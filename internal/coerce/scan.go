package coerce

import (
	"reflect"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// A scanning decodes records as they are scanned.
type scanning struct {
	pass   envelope.Pass
	scope  envelope.Scope
	record Known    // that is scanned: the value itself, or what it embeds
	own    *filling // of the struct that embeds it, nil if the value is the record
	drift  func(field, want string, got []byte)
}

// CanScan reports whether records can be decoded as they are scanned: the values are
// known records, or structs that embed one and share no field with it.
func (r *Records) CanScan() bool {
	if r.plan != nil {
		return len(r.plan.records) == 1 && r.plan.byRecords && !r.plan.shared
	}
	return r.model != nil && r.model.IsRecord() && r.model.Fields().Any
}

// Scan starts to decode the object at the start of b into the zero value target, and
// returns the object's length; see [envelope.Model.Scan]. CanScan must be true.
func (r *Records) Scan(b []byte, target reflect.Value) (end int) {
	s := r.scanning
	if s == nil {
		s = r.newScanning()
		r.scanning = s
	}
	for target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	if s.own == nil {
		s.record = r.d.known(target.Addr().Interface())
	} else {
		s.own.target = target
		s.record = s.own.recordAt(&r.plan.records[0])
	}
	return s.record.Scan(b, &s.pass, &s.scope)
}

func (r *Records) newScanning() *scanning {
	s := &scanning{scope: envelope.Scope{Location: r.d.Location}}
	s.drift = func(field, want string, got []byte) { r.d.mismatchOf(field, want, got, r.d.place) }
	if r.plan != nil {
		s.own = r.d.fill(reflect.Value{}, r.plan, r.d.place)
		s.drift = s.own.drift
	}
	return s
}

// Finish ends the decoding of the record that was scanned last, and returns what Decode
// does.
func (r *Records) Finish(object []byte) (known int, err error) {
	s := r.scanning
	r.d.failed = nil
	o := envelope.ObjectOptions{}
	if s.own != nil {
		s.own.object, s.own.pass, s.own.n = object, 0, 0
		o.Other = s.own.takeOther
	}
	known = s.record.Finish(object, &s.pass, o, &s.scope, s.drift)
	return known, r.d.failed
}
