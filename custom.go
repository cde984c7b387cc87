package pmpsmart

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
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

// Call posts in, marshaled as encoding/json does it (a json.RawMessage or []byte
// as it is, nil for no body), to any path under the base URL: the way to what
// the vendor's page does not name. out gets the answer's data, decoded loosely
// into any Go type or model of this package; nil drops it. Only one page of a
// list is read. It is repeated like a create, never blindly, and may end in an
// [*OutcomeUnknownError]. A path that leaves the base URL is an [*InputError].
func (c *Client) Call(ctx context.Context, path string, in, out any, opts ...CallOption) error {
	clean, problem := checkPath(path)
	body, unfit := callBody(in)
	k, err := c.begin(endpoint{"Call", clean, create}, nil, opts, problem, unfit, checkOut(out))
	if err != nil {
		return err
	}
	k.body, k.shown = body, redact.Secrets{}.Text(clean)
	k.log.path = k.shown
	err = c.exchange(ctx, k, "", nil, func(r *reply) (bool, error) {
		a, answer, err := envelope.Value(r.body, k.options(r))
		if out == nil && errors.Is(err, envelope.ErrEmpty) {
			return false, nil
		}
		if err = k.settle(r, a, err); err != nil || out == nil || answer.Data == nil {
			return false, err
		}
		if err = k.decode(r, answer.Data, out); err != nil {
			return false, k.unreadable(r, a, err)
		}
		return false, nil
	})
	return k.end(ctx, err)
}

func callBody(in any) ([]byte, *InputError) {
	if in == nil {
		return nil, nil
	}
	body, problem := document(in)
	if problem != nil {
		problem.Field = "in"
	}
	return body, problem
}

func checkOut(out any) *InputError {
	if v := reflect.ValueOf(out); out != nil && (v.Kind() != reflect.Pointer || v.IsNil()) {
		return &InputError{Field: "out", Problem: fmt.Sprintf("is a %T; want a pointer to what the data is decoded into", out)}
	}
	return nil
}

// checkPath gives the path without the slashes around it.
func checkPath(path string) (string, *InputError) {
	bad := func(problem string) (string, *InputError) {
		return "", &InputError{Field: "path", Problem: fmt.Sprintf("is %.80q; %s", path, problem)}
	}
	trimmed := strings.TrimPrefix(path, "/")
	before, _, _ := strings.Cut(trimmed, "?")
	_, err := url.PathUnescape(before)
	switch {
	case before == "":
		return bad("want a path under the base URL")
	case err != nil || strings.ContainsFunc(trimmed, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '#' || r == '\\' }):
		return bad("it holds characters that no path does")
	case strings.HasPrefix(trimmed, "/") || strings.Contains(before, ":") && strings.Contains(before, "//"):
		return bad("want a path under the base URL, not an address")
	}
	if leaves(before) {
		return bad("it leaves the base URL")
	}
	return trimmed, nil
}

// leaves reports whether a path has a segment that goes up, however often it was
// escaped: a server behind another may unescape it twice.
func leaves(path string) bool {
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment, _, _ = strings.Cut(segment, ";"); segment == "." || segment == ".." {
			return true
		}
	}
	plain, err := url.PathUnescape(path)
	return err == nil && plain != path && leaves(plain)
}

// decode decodes data into the caller's type. What a field can't take is drift,
// and in strict mode an error.
func (k *call) decode(r *reply, data []byte, out any) error {
	drift := func(path, where, want string, got []byte) error {
		if k.client.strict {
			return &envelope.Problem{Text: where + ": want " + want, Got: fmt.Sprintf("%.80s", got), Drift: true}
		}
		k.meet(r, []envelope.Drift{{Path: path, Want: want, Got: got, Count: 1}})
		return nil
	}
	err := decodeInto(data, out, k.client.location, drift)
	var problem *envelope.Problem
	if errors.As(err, &problem) {
		return problem // which says where, as every strict error does
	}
	return err
}

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
	if isList(reflect.TypeOf(v).Elem()) && loose.Kind(raw) == '{' {
		raw = envelope.Elements(raw)
	}
	return jsonv2.Unmarshal(raw, v, jsonv1.DefaultOptionsV1(), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
		jsonv2.WithUnmarshalers(jsonv2.UnmarshalFromFunc(d.unmarshal)))
}

func isList(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
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
