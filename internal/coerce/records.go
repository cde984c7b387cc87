package coerce

import (
	"bytes"
	"encoding/json"
	"reflect"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Records decodes the records of one call, one after the other, into values of one
// type.
type Records struct {
	d     *decoder
	typ   reflect.Type // what a value is or points to
	model Known        // of the type, if it is known
	plan  *plan        // of the type, if it is a struct
}

// NewRecords returns the Records of values like the one that v points to.
func NewRecords(v any, o Options) *Records {
	r := &Records{d: newDecoder(o), typ: indirect(reflect.TypeOf(v).Elem())}
	r.model = o.known(reflect.New(r.typ).Interface())
	r.plan = r.d.types.of(r.typ)
	return r
}

// AreObjects reports whether the values can hold nothing but objects.
func (r *Records) AreObjects() bool {
	return r.typ.Kind() == reflect.Map || r.d.isRecord(r.typ)
}

// MayBeObjects reports whether the values can hold objects: not those of scalars and
// lists.
func (r *Records) MayBeObjects() bool {
	return r.AreObjects() || r.typ.Kind() == reflect.Interface || r.typ == reflect.TypeFor[json.RawMessage]()
}

// HasFields reports whether it is known which fields a record has.
func (r *Records) HasFields() bool {
	switch {
	case r.model != nil:
		return r.model.HasFields()
	case r.plan != nil:
		return r.plan.byRecords || len(r.plan.fields) > 0
	}
	return false
}

// EmbedModels reports whether the fields are those of known records, rather than of
// the struct alone.
func (r *Records) EmbedModels() bool {
	return r.model != nil || r.plan != nil && r.plan.byRecords
}

// Knows reports whether a record has a field of that name, in quotes. A struct that
// embeds known records is told by their fields. The names of a list's envelope are no
// fields unless a known record has them.
func (r *Records) Knows(quoted []byte) bool {
	switch {
	case r.model != nil:
		return r.model.Knows(quoted)
	case r.plan == nil:
		return false
	case !r.plan.byRecords:
		return !words.Of(quoted).Known() && r.plan.names.Find(quoted) >= 0
	}
	for _, record := range r.plan.records {
		if record.knows(quoted) {
			return true
		}
	}
	return false
}

// KnowsAlone is Knows for a record that stands alone, where the names of a page are
// fields of the struct like any others. Where it is not known which fields there are,
// each may be one.
func (r *Records) KnowsAlone(quoted []byte) bool {
	w := words.Of(quoted)
	switch {
	case r.EmbedModels():
		return r.Knows(quoted)
	case r.plan != nil:
		return !w.OfEnvelope() && r.plan.names.Find(quoted) >= 0
	}
	return !w.Known()
}

// Decode decodes a record, which is valid JSON, into the zero value that v points to.
// It returns how many fields came; at least one where it is not known which there are.
func (r *Records) Decode(record []byte, v any) (known int, err error) {
	d := r.d
	d.failed = nil
	if r.model == nil && r.plan == nil || loose.Kind(record) != '{' {
		if !utf8.Valid(record) {
			record = bytes.ToValidUTF8(record, []byte("\ufffd"))
		}
		return 1, d.decode(record, v)
	}
	target := reflect.ValueOf(v).Elem()
	for target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	if r.plan != nil {
		return d.decodeObject(record, target, r.plan)
	}
	model := r.d.known(target.Addr().Interface())
	if !model.IsRecord() {
		return 1, d.decode(record, v)
	}
	known = model.DecodeObject(record, envelope.ObjectOptions{Flat: !model.HasFields()}, &d.scope, func(field, want string, got []byte) {
		d.mismatchOf(field, want, got, d.place)
	})
	return known, d.failed
}
