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

	scanning *scanning // nil before the first
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

// EmbedModels reports whether the records are told by the fields of known records,
// rather than of a struct alone.
func (r *Records) EmbedModels() bool {
	return r.model != nil || r.plan != nil && r.plan.byRecords
}

// Fields returns what tells the records of a list from what stands around them. The
// words of its envelope are fields only of known records.
func (r *Records) Fields() envelope.Fields {
	return r.fields(words.Word.Known, func([]byte) bool { return false })
}

// FieldsAlone is Fields for a record that stands alone: the words of a page are fields of
// a struct like any others. Where it is not known which fields there are, each member is
// one.
func (r *Records) FieldsAlone() envelope.Fields {
	return r.fields(words.Word.OfEnvelope, func(quoted []byte) bool { return !words.Of(quoted).Known() })
}

// fields returns the fields without the words that a struct's own can't be, or what
// unknown says where it is not known which there are.
func (r *Records) fields(no func(words.Word) bool, unknown func(quoted []byte) bool) envelope.Fields {
	switch {
	case r.model != nil:
		return r.model.Fields()
	case r.plan == nil:
		return envelope.Fields{Knows: unknown}
	case r.plan.byRecords:
		return r.plan.told
	}
	told := r.plan.told
	return envelope.Fields{Knows: func(quoted []byte) bool { return !no(words.Of(quoted)) && told.Knows(quoted) }, Any: told.Any}
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
	known = model.DecodeObject(record, envelope.ObjectOptions{Flat: !model.Fields().Any}, &d.scope, func(field, want string, got []byte) {
		d.mismatchOf(field, want, got, d.place)
	})
	return known, d.failed
}
