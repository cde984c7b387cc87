// Package coerce decodes JSON into any Go type as leniently as the client decodes
// its own records: numbers and times in strings, an empty array for an empty
// object, a list as an object by key. What a type can't hold at all is reported,
// and the rest is decoded. A struct may embed records: they take their fields, and
// the struct the others.
package coerce

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// Options say how a value is decoded.
type Options struct {
	// Location is the zone of times that name none.
	Location *time.Location
	// Drift is told of each value that its place can't hold, which is left
	// zero. Its error ends the decoding. If Drift is nil, every such value is an
	// error.
	Drift func(Mismatch) error
	// Known returns how the value that v points to is decoded, or nil for a
	// type that it doesn't know. A struct that embeds a known type is none
	// itself, although it has its methods.
	Known func(v any) Known
	// Place returns the place of the outermost value. If it is nil, that is data.
	Place func() (path, at string)
}

// A Mismatch is a value that its place in a Go type can't hold.
type Mismatch struct {
	Path  string // of all places that are alike: "data.*.id"
	At    string // of this one: "data.0.id"
	Want  string // the type, or what it stands for
	Got   []byte // valid during the call only
	Whole bool   // it is the outermost value
}

// A Known is a value whose type has its own way to be decoded.
type Known interface {
	// IsRecord reports whether the value stands in JSON as an object. Only that of
	// a record has the methods after Decode.
	IsRecord() bool
	// Decode sets the value from raw, which is valid JSON, and reports whether
	// its type can hold raw. Fields of a record that can't hold theirs are zero,
	// and reported to mismatch.
	Decode(raw []byte, s *envelope.Scope, mismatch func(field, want string, got []byte)) bool
	// Fields returns what tells the record from other objects.
	Fields() envelope.Fields
	// DecodeObject is Decode for an object, with options. It returns how many of
	// the object's members are fields.
	DecodeObject(object []byte, o envelope.ObjectOptions, s *envelope.Scope, mismatch func(field, want string, got []byte)) (known int)
	// Scan sets the record from the object at the start of b as it is scanned, and Finish
	// ends that as DecodeObject does: see [envelope.Model].
	Scan(b []byte, p *envelope.Pass, s *envelope.Scope) (end int)
	Finish(object []byte, p *envelope.Pass, o envelope.ObjectOptions, s *envelope.Scope, mismatch func(field, want string, got []byte)) (known int)
}

// Record returns the Known of a record that has a table of fields.
func Record[T any](m *envelope.Model[T], value *T) Known { return record[T]{m, value} }

type record[T any] struct {
	model *envelope.Model[T]
	value *T
}

func (r record[T]) IsRecord() bool { return true }

func (r record[T]) Decode(raw []byte, s *envelope.Scope, mismatch func(field, want string, got []byte)) bool {
	if loose.Kind(raw) != '{' {
		*r.value = *new(T)
		return loose.IsBlank(raw) || string(raw) == "[]"
	}
	r.DecodeObject(raw, envelope.ObjectOptions{Flat: !r.model.HasFields()}, s, mismatch)
	return true
}

func (r record[T]) Fields() envelope.Fields { return r.model.Fields() }

func (r record[T]) DecodeObject(object []byte, o envelope.ObjectOptions, s *envelope.Scope, mismatch func(field, want string, got []byte)) (known int) {
	*r.value = *new(T)
	return r.model.DecodeWith(object, r.value, s, o, func(f *envelope.Field[T], got []byte) { mismatch(f.Name, f.Want, got) })
}

func (r record[T]) Scan(b []byte, p *envelope.Pass, s *envelope.Scope) (end int) {
	*r.value = *new(T)
	return r.model.Scan(b, r.value, p, s)
}

func (r record[T]) Finish(object []byte, p *envelope.Pass, o envelope.ObjectOptions, s *envelope.Scope, mismatch func(field, want string, got []byte)) (known int) {
	return r.model.Finish(object, r.value, p, s, o, func(f *envelope.Field[T], got []byte) { mismatch(f.Name, f.Want, got) })
}

// Scalar is the Known of a value that stands as a number or a string. It sets the
// value.
type Scalar func(raw []byte, s *envelope.Scope) bool

// IsRecord returns false.
func (Scalar) IsRecord() bool { return false }

// Decode sets the value.
func (set Scalar) Decode(raw []byte, s *envelope.Scope, _ func(field, want string, got []byte)) bool {
	return set(raw, s)
}

// Fields returns none.
func (Scalar) Fields() envelope.Fields {
	return envelope.Fields{Knows: func([]byte) bool { return false }}
}

// DecodeObject does nothing.
func (Scalar) DecodeObject([]byte, envelope.ObjectOptions, *envelope.Scope, func(field, want string, got []byte)) int {
	return 0
}

// Scan does nothing.
func (Scalar) Scan([]byte, *envelope.Pass, *envelope.Scope) int { return -1 }

// Finish does nothing.
func (Scalar) Finish([]byte, *envelope.Pass, envelope.ObjectOptions, *envelope.Scope, func(field, want string, got []byte)) int {
	return 0
}

// Decode decodes raw, which is valid JSON, into what v points to.
func Decode(raw []byte, v any, o Options) error {
	switch out := reflect.ValueOf(v); {
	case v == nil:
		return errors.New("want a pointer, got nil")
	case out.Kind() != reflect.Pointer:
		return fmt.Errorf("want a pointer, got a value of type %T", v)
	case out.IsNil():
		return fmt.Errorf("want a pointer, got a nil %T", v)
	}
	d := newDecoder(o)
	if d.isRecord(reflect.TypeOf(v).Elem()) {
		raw = Unwrap(raw)
	}
	if target := reflect.ValueOf(v).Elem(); loose.Kind(raw) == '{' {
		if p := d.types.of(target.Type()); p != nil {
			_, err := d.decodeObject(raw, target, p)
			return err
		}
	}
	return d.decode(raw, v)
}

// IsRecord reports whether v points to what is decoded from an object.
func (o Options) IsRecord(v any) bool { return newDecoder(o).isRecord(reflect.TypeOf(v).Elem()) }

// known returns how v is decoded, or nil if it is not known.
func (o Options) known(v any) Known {
	if o.Known == nil {
		return nil
	}
	return o.Known(v)
}

// readsItself reports whether the type of v has its own way to be decoded from JSON.
func readsItself(v any) bool {
	switch v.(type) {
	case json.Unmarshaler, jsonv2.UnmarshalerFrom, encoding.TextUnmarshaler:
		return true
	}
	return false
}

// Unwrap returns the element of an array of one, as which PHP may send a record,
// and any other value as it is.
func Unwrap(raw []byte) []byte {
	if loose.Kind(raw) == '[' {
		if only := loose.Only(raw); only != nil {
			return only
		}
	}
	return raw
}
