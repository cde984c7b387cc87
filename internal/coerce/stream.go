package coerce

import (
	"bytes"
	"reflect"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// unmarshalStruct decodes the next value into a struct. Its fields are decoded as they
// are read: structs in structs would otherwise be read as often as
// they are deep.
func (d *decoder) unmarshalStruct(dec *jsontext.Decoder, target reflect.Value, p *plan) error {
	object := bytes.TrimLeft(dec.UnreadBuffer(), " \t\r\n:,")
	if loose.Kind(object) != '{' {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if loose.IsBlank(raw) || string(raw) == "false" || string(raw) == "[]" {
			target.SetZero()
			return nil
		}
		return d.mismatch(dec, target, raw)
	}
	if mayBeResource(object) && d.conversions < maxConversions {
		return d.unmarshalResource(dec, target, p)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	f := d.fill(target, p, func() (path, at string) { return d.location(dec) })
	var rest []byte // what is not the struct's own alone
	for dec.PeekKind() != '}' {
		var err error
		if rest, err = f.readMember(dec, rest); err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if rest == nil {
		rest = []byte{'{'}
	}
	rest[0] = '{'
	f.records(append(rest, '}'), true)
	f.free()
	return d.failed
}

// readMember takes the next member of an object that dec reads. One that the records
// are to have is added to rest, an object that is still open.
func (f *filling) readMember(dec *jsontext.Decoder, rest []byte) ([]byte, error) {
	quoted, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	u := *f.next(quoted)
	if u.field < 0 && len(f.plan.records) == 0 {
		return nil, dec.SkipValue()
	}
	if u.field >= 0 && u.records == 0 {
		return rest, f.readField(dec, fieldAt(f.target, f.plan.fields[u.field].index))
	}
	rest = append(append(append(rest, ','), quoted...), ':')
	raw, err := dec.ReadValue()
	if err != nil || u.field < 0 {
		return append(rest, raw...), err
	}
	target := fieldAt(f.target, f.plan.fields[u.field].index)
	if f.conversions == maxConversions {
		return append(rest, raw...), f.mismatch(dec, target, raw)
	}
	path, at := f.location(dec)
	f.within(raw, target, func() (string, string) { return path, at })
	return append(rest, raw...), f.failed
}

// readField decodes the next value into a field. After an error it reads what is left
// of the value, so that the fields behind it are decoded all the same.
func (f *filling) readField(dec *jsontext.Decoder, target reflect.Value) error {
	unread, begin := dec.UnreadBuffer(), dec.InputOffset()
	depth := dec.StackDepth()
	_, length := dec.StackIndex(depth)
	err := decodeNext(dec, target)
	if err == nil || f.failed != nil && f.Drift != nil {
		return err
	}
	for {
		if _, n := dec.StackIndex(depth); dec.StackDepth() == depth && n > length {
			break
		}
		if kind := dec.PeekKind(); kind != '}' && kind != ']' {
			if err := dec.SkipValue(); err != nil {
				return err
			}
		} else if _, err := dec.ReadToken(); err != nil {
			return err
		}
	}
	if f.failed == nil {
		raw := bytes.TrimLeft(unread[:dec.InputOffset()-begin], " \t\r\n:")
		f.refused(target, raw, err, func() (path, at string) { return f.location(dec) })
	}
	if f.Drift != nil {
		return f.failed
	}
	return nil
}

// unmarshalResource decodes the next value, which may be a resource of JSON:API's.
func (d *decoder) unmarshalResource(dec *jsontext.Decoder, target reflect.Value, p *plan) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	path, at := d.location(dec)
	inner := d.inner(func() (string, string) { return path, at })
	_, err = inner.decodeObject(raw, target, p)
	if d.failed == nil {
		d.failed = inner.failed
	}
	return err
}

// mayBeResource reports whether an object starts as a resource does, up to the first
// array or object in it.
func mayBeResource(object []byte) bool {
	for name, value := range loose.LeadingMembers(object) {
		if loose.Kind(value) == '{' {
			return string(name) == `"attributes"` || string(name) == `"properties"`
		}
	}
	return false
}
