package pmpsmart

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
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
	switch out := reflect.ValueOf(v); {
	case v == nil:
		return errors.New("want a pointer, got nil")
	case out.Kind() != reflect.Pointer:
		return fmt.Errorf("want a pointer, got a value of type %T", v)
	case out.IsNil():
		return fmt.Errorf("want a pointer, got a nil %T", v)
	}
	d := &looseDecoder{scope: envelope.Scope{Location: loc}, drift: drift, path: "data", where: "data"}
	if loose.Kind(raw) == '[' && isRecord(v) {
		raw = onlyOf(raw)
	}
	return d.decode(raw, v)
}

// decode decodes raw into what v points to.
func (d *looseDecoder) decode(raw []byte, v any) error {
	return jsonv2.Unmarshal(raw, v, jsonv1.DefaultOptionsV1(), envelope.Lenient,
		jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(d.unmarshal)))
}

// isRecord reports whether v points to what an object is read into.
func isRecord(v any) bool {
	switch v.(type) {
	case *Order, *JSONOrder, *Outlet, *User, *Visit:
		return true
	}
	return !readsItself(v) && reflect.TypeOf(v).Elem().Kind() == reflect.Struct
}

// readsItself reports whether a type has a way of its own to be read.
func readsItself(v any) bool {
	switch v.(type) {
	case *json.Number:
		return false // with encoding/json/v2 it does, but strictly
	case json.Unmarshaler, jsonv2.UnmarshalerFrom, encoding.TextUnmarshaler:
		return true
	}
	return false
}

// onlyOf unwraps an array of one, as which PHP may send a record.
func onlyOf(list []byte) []byte {
	if only := loose.Only(list); only != nil {
		return only
	}
	return list
}

// A looseDecoder reads values of any Go type as the client reads its own.
type looseDecoder struct {
	scope       envelope.Scope
	drift       driftFunc
	path, where string // of the value that is read
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
	path, where := d.placeOf(dec)
	return d.drift(path, where, target.Type().String(), raw)
}

// placeOf gives the place of the value that was read last, once with * for the
// index in a list.
func (d *looseDecoder) placeOf(dec *jsontext.Decoder) (path, where string) {
	path, where = d.path, d.where
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

// inside is the decoder of a value that stands where dec read last, in another
// form than its type's.
func (d *looseDecoder) inside(dec *jsontext.Decoder) *looseDecoder {
	inner := &looseDecoder{scope: envelope.Scope{Location: d.scope.Location}, drift: d.drift}
	inner.path, inner.where = d.placeOf(dec)
	return inner
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
	}
	if readsItself(v) {
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
			if target.Type() == reflect.TypeFor[json.Number]() && ok {
				_, ok = loose.Float(raw)
			}
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
			path, where := d.placeOf(dec)
			strict = d.drift(path+"."+f.Name, where+"."+f.Name, f.Want, got)
		})
		return true, strict
	}
}

// unmarshalOther reads structs, maps and lists: PHP sends an empty array for an
// empty object, a list whose keys have gaps as an object, and "" or false for
// nothing at all.
func (d *looseDecoder) unmarshalOther(dec *jsontext.Decoder, v any) error {
	target := reflect.ValueOf(v).Elem()
	kind := dec.PeekKind()
	isList := target.Kind() == reflect.Slice && target.Type().Elem().Kind() != reflect.Uint8
	switch {
	case readsItself(v), kind == 'n',
		!isList && target.Kind() != reflect.Struct && target.Kind() != reflect.Map,
		isList && kind == '[', !isList && kind == '{':
		return errSkip // encoding/json does it well
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch {
	case loose.IsBlank(raw) || kind == 'f' || string(raw) == "[]":
		target.SetZero()
		return nil
	case isList && kind == '{':
		if list := listOf(raw); list != nil {
			return d.inside(dec).decode(list, v)
		}
	}
	return d.odd(dec, target, raw)
}

// listOf makes an array of a list that stands as an object: a paginator's page,
// records by key, or any values by number. It is nil where the object is no list.
func listOf(object []byte) []byte {
	if list := envelope.Elements(object); loose.Kind(list) == '[' {
		return list
	}
	list := []byte{'['}
	for name, value := range loose.Members(object) {
		if _, err := strconv.Atoi(loose.Name(name)); err != nil {
			return nil
		}
		if len(list) > 1 {
			list = append(list, ',')
		}
		list = append(list, value...)
	}
	return append(list, ']')
}
