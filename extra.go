package pmpsmart

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// Extra holds every field of a record that the record's struct does not, as it was
// sent: fields that the vendor's page does not name, and values that a field could
// not hold. It is split into fields only when asked. The zero Extra is empty.
//
// Printing an Extra, in any form of fmt or slog, leaves out the values of
// members whose name holds token, password or secret, or is another usual name of
// one; Get, Decode, All and JSON give them.
type Extra struct {
	object string         // a JSON object in UTF-8, or ""
	loc    *time.Location // of times that name no zone, nil for WIB
}

// newExtra returns the Extra of a JSON object, or of "". Those that mean the same
// compare equal.
func newExtra(object string, loc *time.Location) Extra {
	if object == "" || loc == wib {
		loc = nil
	}
	return Extra{object, loc}
}

// Get returns the raw value of a field, or nil if there is none. Of a name that was
// sent twice the last counts.
func (e Extra) Get(name string) json.RawMessage {
	if e.object == "" {
		return nil
	}
	var found []byte
	for quoted, value := range loose.Members([]byte(e.object)) {
		if loose.NameIs(quoted, name) {
			found = value
		}
	}
	return found
}

// Decode decodes a field into what v points to, which may be of any Go type or a
// model of this package, as leniently as the client reads responses: numbers in
// strings, times in any form, null or "" as the zero value. A field that is not there
// leaves v as it is and is an error that matches [ErrNoField].
func (e Extra) Decode(name string, v any) error {
	raw := e.Get(name)
	if raw == nil {
		return &missingError{name}
	}
	if err := e.decode([]byte(raw), v); err != nil {
		return fmt.Errorf("pmpsmart: Extra.Decode %.80q into %T: %w", name, v, err)
	}
	return nil
}

// DecodeAll decodes all fields at once into the struct or map that v points to, as
// leniently as Decode. A field that is not there leaves the struct's as it is.
func (e Extra) DecodeAll(v any) error {
	object := e.object
	if object == "" {
		object = "{}"
	}
	err := checkFields(v)
	if err == nil {
		err = e.decode([]byte(object), v)
	}
	if err != nil {
		return fmt.Errorf("pmpsmart: Extra.DecodeAll into %T: %w", v, err)
	}
	return nil
}

// decode decodes what is a part of e, or all of it.
func (e Extra) decode(raw []byte, v any) error {
	loc := e.loc
	if loc == nil {
		loc = wib
	}
	return redact.New().Error(coerce.Decode(raw, v, coerce.Options{Location: loc, Known: known}))
}

// checkFields checks that v points to what can hold fields.
func checkFields(v any) error {
	switch t := reflect.TypeOf(v); {
	case t == nil || t.Kind() != reflect.Pointer: // which coerce refuses
		return nil
	case targetOf(v).Kind() == reflect.Struct, targetOf(v).Kind() == reflect.Map, targetOf(v).Kind() == reflect.Interface, targetOf(v) == reflect.TypeFor[json.RawMessage]():
		return nil
	}
	return errors.New("want a pointer to a struct or a map")
}

// missingError is the error of a field that was not sent.
type missingError struct{ name string }

func (e *missingError) Error() string {
	return fmt.Sprintf("pmpsmart: Extra.Decode %.80q: the server sent no such field beside those of the struct", e.name)
}

func (e *missingError) Is(target error) bool { return target == ErrNoField }

// All returns an iterator over the fields, in the order in which they were sent.
func (e Extra) All() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for name, value := range loose.Unique([]byte(e.object)) {
			if !yield(name, json.RawMessage(value)) {
				return
			}
		}
	}
}

// String returns the fields as a JSON object on one line, with secrets redacted.
func (e Extra) String() string { return string(redact.JSON(e.append(nil))) }

// Format prints what String returns, whatever the verb.
func (e Extra) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// LogValue returns what String returns, as JSON for a handler that writes JSON.
func (e Extra) LogValue() slog.Value { return logJSON(e.append(nil)) }

// A loggedJSON is JSON as slog writes it: a value where it writes JSON, else a text.
type loggedJSON string

// MarshalJSON implements json.Marshaler.
func (j loggedJSON) MarshalJSON() ([]byte, error) { return []byte(j), nil }

// logJSON returns a JSON value for slog, with secrets redacted.
func logJSON(b []byte) slog.Value { return slog.AnyValue(loggedJSON(redact.JSON(b))) }

// Equal reports whether e and f hold the same fields, in whatever order: the same
// names, and values that are the same JSON. Numbers are the same if they are written the
// same way.
func (e Extra) Equal(f Extra) bool {
	return e.object == f.object || string(e.canonical()) == string(f.canonical())
}

// canonical returns the fields as JSON of which there is one form.
func (e Extra) canonical() []byte {
	b := jsontext.Value(e.append(nil))
	err := b.Format(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.ReorderRawObjects(true),
		jsontext.SpaceAfterColon(false), jsontext.SpaceAfterComma(false))
	if err != nil { // as nothing that was read does
		return e.append(nil)
	}
	return b
}

// MarshalBinary returns what MarshalJSON returns, for gob.
func (e Extra) MarshalBinary() ([]byte, error) { return e.MarshalJSON() }

// UnmarshalBinary reads what UnmarshalJSON reads.
func (e *Extra) UnmarshalBinary(b []byte) error { return e.UnmarshalJSON(b) }

// extraModel is the table of an Extra, which has no field: in a struct that embeds one,
// it holds what the struct does not name.
var extraModel = newModel(func(e *Extra) *Extra { return e })

func (e *Extra) known() coerce.Known { return coerce.Record(extraModel, e) }

// MarshalJSON returns the fields as a JSON object, secrets included, since it is how
// a record is stored.
func (e Extra) MarshalJSON() ([]byte, error) { return e.append(nil), nil }

// UnmarshalJSON reads a JSON object, or null for none.
func (e *Extra) UnmarshalJSON(b []byte) error {
	switch loose.Kind(b) {
	case 'n':
		*e = Extra{}
		return nil
	case '{':
		if !isJSON(b) {
			break
		}
		*e = Extra{}
		if !loose.IsEmpty(b) {
			e.object = strings.ToValidUTF8(string(b), "\ufffd")
		}
		return nil
	}
	return fmt.Errorf("pmpsmart: Extra: want a JSON object, got %s", startOf(b))
}

// append appends the fields as a JSON object.
func (e Extra) append(b []byte) []byte {
	b = append(b, '{')
	first := true
	for name, value := range loose.Unique([]byte(e.object)) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(envelope.AppendString(b, name), ':')
		b = append(b, value...)
	}
	return append(b, '}')
}

// withoutSecrets returns the Extra of a login: without the user, who stands elsewhere,
// without fields that hold secrets by their name or show one of the secrets,
// and with those inside others redacted.
func (e Extra) withoutSecrets(token Token, others []string) Extra {
	var object []byte
	secrets := redact.New(append([]string{string(token)}, others...)...)
	for name, value := range loose.Unique([]byte(e.object)) {
		value = redact.JSON(value)
		if shown := name + string(value); name == "user" || redact.SecretName(name) || secrets.Text(shown) != shown {
			continue
		}
		object = append(append(envelope.AppendString(append(object, ','), name), ':'), value...)
	}
	if object == nil {
		return Extra{}
	}
	object[0] = '{'
	return newExtra(string(append(object, '}')), e.loc)
}

// A record is a pointer to a struct of the API's records that is whole: it is read
// and written with the API's names, and Call and Extra.Decode decode it by its table
// of fields. A table is made of no other, and list, seq, get and write take no
// other, so that a record which lacks one of its methods does not compile.
type record[T json.Marshaler] interface {
	*T
	json.Unmarshaler
	slog.LogValuer
	known() coerce.Known
}

// newModel returns the table of a record's fields; extra returns where the record
// keeps those that the table does not name.
func newModel[T json.Marshaler, _ record[T]](extra func(*T) *Extra, fields ...envelope.Field[T]) *envelope.Model[T] {
	return envelope.NewModel(
		func(record *T, object string, loc *time.Location) { *extra(record) = newExtra(object, loc) },
		func(record *T) string { return extra(record).object },
		fields...)
}

// dateField returns the row of a civil date.
func dateField[T any](name string, at func(*T) *Date) envelope.Field[T] {
	set := func(record *T, year int, month time.Month, day int) {
		*at(record) = Date{int16(year), uint8(month), uint8(day)}
	}
	return envelope.Day(name, set, func(record *T, b []byte) []byte { return at(record).append(b) })
}

// known returns how a value of this package's types is decoded. It returns nil for
// any other, such as a struct of the caller's that embeds one and so has its methods.
func known(v any) coerce.Known {
	own, ok := v.(interface{ known() coerce.Known })
	if !ok || reflect.TypeOf(v).Elem().PkgPath() != packagePath {
		return nil
	}
	return own.known()
}

var packagePath = reflect.TypeFor[Date]().PkgPath()

// unmarshalRecord is the UnmarshalJSON of every record. It is as lenient as the client;
// a value that its field can't hold is kept in Extra, and not reported.
func unmarshalRecord[T any](m *envelope.Model[T], record *T, b []byte) error {
	if loose.Kind(b) == 'n' {
		return nil // null changes nothing, as encoding/json has it
	}
	if loose.Kind(b) != '{' || !isJSON(b) {
		return fmt.Errorf("pmpsmart: want a JSON object for a %T, got %s", *record, startOf(b))
	}
	var zero T
	*record = zero
	m.Decode(b, record, &envelope.Scope{Location: wib}, func(*envelope.Field[T], []byte) {})
	return nil
}
