package coerce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// whole is the path of the outermost value.
const whole = "data"

// mostLevels is how many levels a path shows. Without a limit the paths of a value
// that is nested deep would be far larger than the value.
const mostLevels = 64

// A decoder decodes one value. encoding/json's decoder does the work and asks
// unmarshal for each value inside, but for the members of structs.
type decoder struct {
	Options
	types       types
	scope       envelope.Scope
	place       func() (path, at string) // of the value that is decoded
	conversions int                      // how many values around it were read whole first
	lists       []list                   // those around the value that is read which stand in another form
	failed      error                    // the first error; encoding/json goes on after it
	level       int                      // how many structs and lists around the value are being assigned
	done        *filling                 // of a struct that was decoded, to be used again
}

func newDecoder(o Options) *decoder {
	if o.Place == nil {
		o.Place = func() (path, at string) { return whole, whole }
	}
	return &decoder{Options: o, types: newTypes(o.known), scope: envelope.Scope{Location: o.Location}, place: o.Place}
}

// inner returns the decoder of a value inside, which was read whole and has a place
// of its own.
func (d *decoder) inner(place func() (path, at string)) *decoder {
	return &decoder{Options: d.Options, types: d.types, scope: envelope.Scope{Location: d.Location}, place: place, conversions: d.conversions + 1}
}

// decode decodes raw into what v points to.
func (d *decoder) decode(raw []byte, v any) error {
	return jsonv2.Unmarshal(raw, v, jsonv1.DefaultOptionsV1(), envelope.Lenient,
		jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(d.unmarshal)))
}

// isRecord reports whether values of a type are decoded from objects.
func (d *decoder) isRecord(t reflect.Type) bool {
	v := reflect.New(t).Interface()
	if k := d.known(v); k != nil {
		return k.IsRecord()
	}
	return t.Kind() == reflect.Struct && (d.types.of(t) != nil || !readsItself(v))
}

// unmarshal decodes the next value into what v points to, or returns errSkip if
// encoding/json does it well.
func (d *decoder) unmarshal(dec *jsontext.Decoder, v any) error {
	switch v := v.(type) {
	case *json.RawMessage:
		return d.scalar(dec, v, func(raw []byte) bool { *v = bytes.ToValidUTF8(raw, []byte("\ufffd")); return true }) // a copy in any case
	case *time.Time:
		return d.scalar(dec, v, func(raw []byte) (ok bool) { *v, ok = d.scope.Time(raw, d.scope.Location); return ok })
	case *json.Number: // reads itself as of Go 1.27, and takes no number for an error
		return d.scalar(dec, v, func(raw []byte) bool { return setNumber(v, raw) })
	}
	if k := d.known(v); k != nil {
		return d.unmarshalKnown(dec, v, k)
	}
	target := reflect.ValueOf(v).Elem()
	if target.Kind() == reflect.Struct {
		if p := d.types.of(target.Type()); p != nil {
			return d.unmarshalStruct(dec, target, p)
		}
	}
	if readsItself(v) {
		return errSkip
	}
	if isScalar(target.Kind()) {
		return d.scalar(dec, v, func(raw []byte) bool { return setScalar(target, raw) })
	}
	return d.unmarshalComposite(dec, target)
}

// scalar decodes a value by set.
func (d *decoder) scalar(dec *jsontext.Decoder, v any, set func(raw []byte) bool) error {
	raw, err := dec.ReadValue()
	if err != nil || set(raw) {
		return err
	}
	return d.mismatch(dec, reflect.ValueOf(v).Elem(), raw)
}

func (d *decoder) unmarshalKnown(dec *jsontext.Decoder, v any, k Known) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	ok := k.Decode(raw, &d.scope, func(field, want string, got []byte) {
		d.mismatchOf(field, want, got, func() (path, at string) { return d.location(dec) })
	})
	if ok || d.failed != nil {
		return d.failed
	}
	return d.mismatch(dec, reflect.ValueOf(v).Elem(), raw)
}

// mismatchOf reports a field of a known record that stands at place. Without a Drift
// it is no error: the record keeps the value.
func (d *decoder) mismatchOf(field, want string, got []byte, place func() (path, at string)) {
	if d.Drift != nil && d.failed == nil {
		path, at := place()
		d.failed = d.Drift(Mismatch{Path: join(path, field), At: join(at, field), Want: want, Got: got})
	}
}

// unmarshalComposite decodes structs, maps and lists. PHP sends an empty array for
// an empty object, a list whose keys have gaps as an object, and "" or false for
// nothing at all.
func (d *decoder) unmarshalComposite(dec *jsontext.Decoder, target reflect.Value) error {
	kind := dec.PeekKind()
	isList := target.Kind() == reflect.Slice && target.Type().Elem().Kind() != reflect.Uint8
	switch {
	case kind == 'n',
		!isList && target.Kind() != reflect.Struct && target.Kind() != reflect.Map,
		isList && kind == '[', !isList && kind == '{':
		return errSkip
	case isList && kind == '{':
		return d.unmarshalList(dec, target)
	}
	raw, err := dec.ReadValue()
	switch {
	case err != nil:
		return err
	case loose.IsBlank(raw) || kind == 'f' || string(raw) == "[]":
		target.SetZero()
		return nil
	}
	return d.mismatch(dec, target, raw)
}

// mismatch reports the value that dec read last, which target can't hold.
func (d *decoder) mismatch(dec *jsontext.Decoder, target reflect.Value, raw []byte) error {
	return d.mismatchAt(target, raw, func() (path, at string) { return d.location(dec) })
}

// mismatchAt reports a value at a place, which target can't hold.
func (d *decoder) mismatchAt(target reflect.Value, raw []byte, place func() (path, at string)) error {
	target.SetZero()
	switch {
	case d.failed != nil:
	case d.Drift == nil:
		d.failed = fmt.Errorf("want %s, got %s", target.Type(), redact.New().Line(string(raw), 80))
	default:
		path, at := place()
		outermost, _ := d.Place()
		d.failed = d.Drift(Mismatch{Path: path, At: at, Want: target.Type().String(), Got: raw, Whole: path == outermost})
	}
	return d.failed
}

// join joins paths of which the first may be empty.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// location returns the place of the value that was read last: its path, with * for
// the index in a list, and its own place.
func (d *decoder) location(dec *jsontext.Decoder) (path, at string) {
	path, at = d.place()
	if dec.StackDepth()+strings.Count(path, ".") > mostLevels {
		path, at = d.Place()
		return join(path, "…"), join(at, "…")
	}
	var p, a strings.Builder
	p.WriteString(path)
	a.WriteString(at)
	lists := d.lists
	depth := 0
	single := func() {
		for ; len(lists) > 0 && lists[0] == (list{depth, true}); lists = lists[1:] {
			p.WriteString(".*")
			a.WriteString(".0")
		}
	}
	single()
	for name := range dec.StackPointer().Tokens() {
		depth++
		if a.Len() > 0 {
			p.WriteByte('.')
			a.WriteByte('.')
		}
		a.WriteString(name)
		kind, _ := dec.StackIndex(depth)
		if len(lists) > 0 && lists[0] == (list{depth, false}) {
			lists, kind = lists[1:], '['
		}
		if kind == '[' {
			name = "*"
		}
		p.WriteString(name)
		single()
	}
	return p.String(), a.String()
}
