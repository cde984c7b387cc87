package pmpsmart

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A driftFunc takes what a type can't hold: path is that of all places which
// count as one, where exactly this place.
type driftFunc func(path, where, want string, got []byte) error

// decodeInto decodes raw into what v points to, loosely. Where drift is nil,
// what a type can't hold is an error.
func decodeInto(raw []byte, v any, loc *time.Location, drift driftFunc) error {
	if out := reflect.ValueOf(v); out.Kind() != reflect.Pointer || out.IsNil() {
		return fmt.Errorf("want a pointer, got a %T", v)
	}
	d := &looseDecoder{scope: envelope.Scope{Location: loc}, drift: drift}
	switch kind := loose.Kind(raw); {
	case kind == '{' && isList(reflect.TypeOf(v).Elem()):
		raw = envelope.Elements(raw)
	case kind == '[' && isRecord(v):
		raw = onlyOf(raw)
	}
	return jsonv2.Unmarshal(raw, v, jsonv1.DefaultOptionsV1(), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
		jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(d.unmarshal)))
}

func isList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
}

// isRecord reports whether v points to what an object is read into.
func isRecord(v any) bool {
	switch v.(type) {
	case *Order, *JSONOrder, *Outlet, *User, *Visit:
		return true
	case json.Unmarshaler, jsonv2.UnmarshalerFrom, encoding.TextUnmarshaler:
		return false
	}
	return reflect.TypeOf(v).Elem().Kind() == reflect.Struct
}

// onlyOf unwraps an array of one, as which PHP may send a record.
func onlyOf(list []byte) []byte {
	only, n := list, 0
	for element := range loose.Elements(list) {
		only, n = element, n+1
	}
	if n != 1 {
		return list
	}
	return only
}

// A looseDecoder reads values of any Go type as the client reads its own.
type looseDecoder struct {
	scope envelope.Scope
	drift driftFunc
}

// unmarshal is asked for every value; the pointer v says its type.
func (d *looseDecoder) unmarshal(dec *jsontext.Decoder, v any) error {
	set := d.setter(dec, v)
	if set == nil {
		return d.unmarshalOther(dec, v)
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if ok, err := set(raw); ok || err != nil {
		return err
	}
	return d.odd(dec, reflect.ValueOf(v).Elem(), raw)
}

// odd takes a value that its type can't hold.
func (d *looseDecoder) odd(dec *jsontext.Decoder, target reflect.Value, raw []byte) error {
	target.SetZero()
	if d.drift == nil {
		return fmt.Errorf("want %s, got %.80s", target.Type(), raw)
	}
	path, where := placeOf(dec)
	return d.drift(path, where, target.Type().String(), raw)
}

// placeOf gives the place of the value that was read last, once with * for the
// index in a list.
func placeOf(dec *jsontext.Decoder) (path, where string) {
	path, where = "data", "data"
	depth := 0
	for name := range dec.StackPointer().Tokens() {
		depth++
		where += "." + name
		if kind, _ := dec.StackIndex(depth); kind == '[' {
			name = "*"
		}
		path += "." + name
	}
	return path, where
}

// setter gives the function that reads a raw value into what v points to, or nil
// where encoding/json does it well.
func (d *looseDecoder) setter(dec *jsontext.Decoder, v any) func(raw []byte) (bool, error) {
	switch v := v.(type) {
	case *time.Time:
		return scalar(func(raw []byte) (ok bool) { *v, ok = d.scope.Time(raw, d.scope.Location); return ok })
	case *Date:
		return scalar(func(raw []byte) bool { return v.set(raw, d.scope.Location, &d.scope.Zones) })
	case *Order:
		return setRecord(d, dec, orderModel, v)
	case *JSONOrder:
		return setRecord(d, dec, jsonOrderModel, v)
	case *Outlet:
		return setRecord(d, dec, outletModel, v)
	case *User:
		return setRecord(d, dec, userModel, v)
	case *Visit:
		return setRecord(d, dec, visitModel, v)
	case json.Unmarshaler, jsonv2.UnmarshalerFrom, encoding.TextUnmarshaler:
		return nil
	}
	if set := setKind(reflect.ValueOf(v).Elem()); set != nil {
		return scalar(set)
	}
	return nil
}

// scalar is a setter that meets no drift inside its value.
func scalar(set func(raw []byte) bool) func(raw []byte) (bool, error) {
	return func(raw []byte) (bool, error) { return set(raw), nil }
}

// setKind is the setter of a type that is one of Go's own underneath.
func setKind(target reflect.Value) func(raw []byte) bool {
	switch target.Kind() {
	case reflect.Bool:
		return func(raw []byte) bool {
			b, ok := loose.Bool(raw)
			target.SetBool(b)
			return ok
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(raw []byte) bool {
			n, ok := loose.Int(raw)
			if ok = ok && !target.OverflowInt(n); ok {
				target.SetInt(n)
			}
			return ok
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(raw []byte) bool {
			n, ok := loose.Uint(raw)
			if ok = ok && !target.OverflowUint(n); ok {
				target.SetUint(n)
			}
			return ok
		}
	case reflect.Float32, reflect.Float64:
		return func(raw []byte) bool {
			f, ok := loose.Float(raw)
			if ok = ok && !target.OverflowFloat(f); ok {
				target.SetFloat(f)
			}
			return ok
		}
	case reflect.String:
		return func(raw []byte) bool {
			s, ok := loose.String(raw)
			target.SetString(s)
			return ok
		}
	}
	return nil
}

// setRecord reads one of our models.
func setRecord[T any](d *looseDecoder, dec *jsontext.Decoder, m *envelope.Model[T], record *T) func(raw []byte) (bool, error) {
	return func(raw []byte) (bool, error) {
		*record = *new(T)
		if loose.Kind(raw) != '{' {
			return loose.IsBlank(raw) || string(raw) == "[]", nil
		}
		var strict error
		m.Decode(raw, record, &d.scope, func(f *envelope.Field[T], got []byte) {
			if d.drift == nil || strict != nil {
				return
			}
			path, where := placeOf(dec)
			strict = d.drift(path+"."+f.Name, where+"."+f.Name, f.Want, got)
		})
		return true, strict
	}
}

// unmarshalOther reads lists, maps and structs: PHP sends an empty array for an
// empty object, and "" for nothing at all.
func (d *looseDecoder) unmarshalOther(dec *jsontext.Decoder, v any) error {
	if _, ok := v.(json.Unmarshaler); ok {
		return errors.ErrUnsupported
	}
	target := reflect.ValueOf(v).Elem()
	kind := dec.PeekKind()
	switch target.Kind() {
	case reflect.Struct, reflect.Map:
		if kind != '[' && kind != '"' {
			return errors.ErrUnsupported
		}
	case reflect.Slice:
		if kind != '"' || !isList(target.Type()) {
			return errors.ErrUnsupported
		}
	default:
		return errors.ErrUnsupported
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if loose.IsBlank(raw) || string(raw) == "[]" {
		target.SetZero()
		return nil
	}
	return d.odd(dec, target, raw)
}
