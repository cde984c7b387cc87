package pmpsmart

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// Extra holds every field of a record that the record's struct does not, as it
// came: fields that the vendor's page does not name, and values that a field
// could not take. It is kept as it was sent and split only when asked. The zero
// Extra is empty.
//
// Printing an Extra, in any form of fmt or slog, leaves out the values of
// members whose name holds token, password or secret, or is another usual name of
// one; Get, Decode, All and JSON give them.
type Extra struct {
	object string         // a JSON object in UTF-8, or ""
	loc    *time.Location // of times that name no zone, nil for WIB
}

// newExtra makes an Extra of a JSON object, or of "". Those that mean the same
// compare equal.
func newExtra(object string, loc *time.Location) Extra {
	if object == "" || loc == wib {
		loc = nil
	}
	return Extra{object, loc}
}

// Get gives the raw value of a field, or nil where there is none. Of a name that
// was sent twice the last counts.
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

// Decode decodes a field into what v points to, as loosely as the client reads
// answers: numbers in strings, odd times, null or "" as the zero value, and for
// any Go type or model of this package. A field that is not there leaves v as it
// is and is an error that matches [ErrNotFound].
func (e Extra) Decode(name string, v any) error {
	raw := e.Get(name)
	if raw == nil {
		return &missingError{name}
	}
	loc := e.loc
	if loc == nil {
		loc = wib
	}
	if err := coerce.Decode(raw, v, coerce.Options{Location: loc, Known: known}); err != nil {
		return fmt.Errorf("pmpsmart: Extra.Decode %q into %T: %w", name, v, err)
	}
	return nil
}

// missingError is the error of a field that was not sent.
type missingError struct{ name string }

func (e *missingError) Error() string {
	return fmt.Sprintf("pmpsmart: Extra.Decode %q: the server sent no such field", e.name)
}

func (e *missingError) Is(target error) bool { return target == ErrNotFound }

// All gives the fields in the order they came.
func (e Extra) All() iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for name, value := range loose.Unique([]byte(e.object)) {
			if !yield(name, json.RawMessage(value)) {
				return
			}
		}
	}
}

// String gives the fields as a JSON object, secrets blanked out.
func (e Extra) String() string {
	return string(e.append(nil, func(name string, value []byte) []byte {
		if redact.SecretName(name) {
			return []byte(`"` + redact.Mark + `"`)
		}
		return redact.JSON(value)
	}))
}

// Format prints what String gives, whatever the verb.
func (e Extra) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// MarshalJSON gives the fields as a JSON object, secrets and all: it is how a
// record is stored.
func (e Extra) MarshalJSON() ([]byte, error) {
	return e.append(nil, func(_ string, value []byte) []byte { return value }), nil
}

// UnmarshalJSON takes over a JSON object, or null for none.
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
	return fmt.Errorf("pmpsmart: Extra: want a JSON object, got %.40s", b)
}

// append writes the fields as a JSON object, their values as show gives them.
func (e Extra) append(b []byte, show func(name string, value []byte) []byte) []byte {
	b = append(b, '{')
	first := true
	for name, value := range loose.Unique([]byte(e.object)) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(envelope.AppendString(b, name), ':')
		b = append(b, show(name, value)...)
	}
	return append(b, '}')
}

// withoutSecrets gives the Extra of a login: without the user, who stands
// elsewhere, without members that hold secrets by their name or show the token or
// the password, and with those inside others blanked out.
func (e Extra) withoutSecrets(token Token, password string) Extra {
	var object []byte
	secrets := redact.Secrets{string(token), password}
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
