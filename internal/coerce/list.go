package coerce

import (
	"bytes"
	"reflect"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// maxConversions limits how many values that are read whole before they are decoded,
// such as lists that have to be rewritten, may stand in one another: what is inside of
// such a value is read once more for each.
const maxConversions = 8

// A list stands as an object: by the keys of the object at that depth or, if it is
// single, as its only element in its place.
type list struct {
	depth  int
	single bool
}

// The forms of an object in a list's place.
type form uint8

const (
	unclear  form = iota
	element       // its only element
	byNumber      // its elements by number, as PHP writes a list with gaps
)

// formOf looks at the members of an object up to its first array or object. Where
// they show what it is, its elements are decoded as they are read: lists in lists
// would otherwise be read as often as they are deep.
func formOf(object []byte, ofRecords bool) form {
	isFirst := true
	for name, value := range loose.LeadingMembers(object) {
		kind := loose.Kind(value)
		switch {
		case isFirst && isNumber(name) && !(ofRecords && kind == '['):
			return byNumber
		case kind != '[' && loose.NameIs(name, "id"), kind != '[' && kind != '{' && bytes.HasPrefix(name, []byte(`"kode_`)):
			return element
		}
		isFirst = false
	}
	return unclear
}

func isNumber(quoted []byte) bool {
	_, err := strconv.ParseUint(loose.Name(quoted), 10, 64)
	return err == nil
}

// unmarshalList decodes an object in a list's place.
func (d *decoder) unmarshalList(dec *jsontext.Decoder, target reflect.Value) error {
	ofRecords := isOfRecords(target.Type())
	switch formOf(bytes.TrimLeft(dec.UnreadBuffer(), " \t\r\n:,"), ofRecords) {
	case element:
		return d.unmarshalSingle(dec, target)
	case byNumber:
		return d.unmarshalByNumber(dec, target, ofRecords)
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if d.failed != nil {
		return d.failed
	}
	elements := envelope.Elements(raw)
	if loose.Kind(elements) != '[' || d.conversions == maxConversions {
		return d.mismatch(dec, target, raw)
	}
	path, at := d.location(dec)
	inner := d.inner(func() (string, string) { return path, at })
	err = inner.decode(elements, target.Addr().Interface())
	if d.failed == nil {
		d.failed = inner.failed
	}
	return err
}

// unmarshalSingle decodes the object as the list's only element.
func (d *decoder) unmarshalSingle(dec *jsontext.Decoder, target reflect.Value) error {
	d.lists = append(d.lists, list{dec.StackDepth(), true})
	defer d.leaveList()
	all := reflect.MakeSlice(target.Type(), 1, 1)
	err := decodeNext(dec, all.Index(0))
	target.Set(all)
	return err
}

// unmarshalByNumber decodes a list whose elements stand by number.
func (d *decoder) unmarshalByNumber(dec *jsontext.Decoder, target reflect.Value, ofRecords bool) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	d.lists = append(d.lists, list{dec.StackDepth(), false})
	defer d.leaveList()
	all := reflect.MakeSlice(target.Type(), 0, 0)
	zero := reflect.Zero(target.Type().Elem())
	for dec.PeekKind() != '}' {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		switch use := memberOf(name, byte(dec.PeekKind()), ofRecords); use {
		case isElement:
			all = reflect.Append(all, zero)
			err = decodeNext(dec, all.Index(all.Len()-1))
		case isBeside:
			err = dec.SkipValue()
		case isNeither:
			var raw []byte
			if raw, err = dec.ReadValue(); err == nil && !loose.IsEmpty(raw) {
				err = d.mismatch(dec, reflect.New(target.Type()).Elem(), raw)
			}
		}
		if err != nil {
			return err
		}
	}
	target.Set(all)
	_, err := dec.ReadToken()
	return err
}

func (d *decoder) leaveList() { d.lists = d.lists[:len(d.lists)-1] }

// A member of a list whose elements stand by number.
type member uint8

const (
	isElement member = iota
	isBeside         // it belongs to a paginator, or is nothing
	isNeither
)

func memberOf(quoted []byte, kind byte, ofRecords bool) member {
	switch number := isNumber(quoted); {
	case kind == 'n' && (ofRecords || !number):
		return isBeside
	case number, kind == '{' && !standsBeside(quoted):
		return isElement
	case ofRecords && (kind != '[' || standsBeside(quoted)):
		return isBeside
	}
	return isNeither
}

// standsBeside reports whether a member's name is that of an object or array that a
// paginator puts beside its records.
func standsBeside(quoted []byte) bool {
	switch loose.Name(quoted) {
	case "links", "_links", "meta", "_meta", "metadata", "metaData", "pagination", "paging", "paginator", "page_info", "pageInfo", "errors":
		return true
	}
	return false
}

// isOfRecords reports whether a list's elements stand as objects.
func isOfRecords(list reflect.Type) bool {
	element := list.Elem()
	for element.Kind() == reflect.Pointer {
		element = element.Elem()
	}
	return element.Kind() == reflect.Struct || element.Kind() == reflect.Map
}

// once keeps encoding/json from validating each element before it decodes it: the
// outermost value was validated with all that is in it.
var once = jsonv1.ReportErrorsWithLegacySemantics(false)

// decodeNext decodes the next value of dec.
func decodeNext(dec *jsontext.Decoder, target reflect.Value) error {
	return jsonv2.UnmarshalDecode(dec, target.Addr().Interface(), once)
}
