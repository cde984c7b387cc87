package push

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
)

// form is what a line should be, for messages.
const form = `{"code":"PMP-1","status":"completed","data":{…}}`

// parse reads one line. The client checks the rest: that the code can be one.
func (o *options) parse(n int, line []byte) order {
	next := order{line: n, raw: line}
	if next.broken = next.read(line); next.broken == nil {
		next.broken = o.checkData(&next)
	}
	if next.broken == nil {
		next.in.Data = next.data
		next.sum = sum(next.in.Status, next.data)
	}
	return next
}

func (o *order) read(line []byte) error {
	if !utf8.Valid(line) {
		return lang.Errorf("is not UTF-8; save the file as UTF-8")
	}
	in := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowInvalidUTF8(true)) // of what \u escapes make
	value, err := in.ReadValue()
	if err != nil {
		return inPlainWords(err, line)
	}
	if kind := value.Kind(); kind != '{' {
		return lang.Errorf("is %s; want an order like %s", sheet.KindName(kind), form)
	}
	rest := bytes.TrimSpace(line[in.InputOffset():])
	switch {
	case bytes.HasPrefix(rest, []byte("{")):
		return lang.Errorf("holds more than one order")
	case len(rest) > 0:
		return lang.Errorf("has %q after the order", shorten(rest))
	}
	return o.members(value)
}

// members reads an object that is known to be whole: an order, or a record of the server's
// as export writes it, whose other members are the server's own.
func (o *order) members(object jsontext.Value) error {
	in := jsontext.NewDecoder(bytes.NewReader(object), jsontext.AllowInvalidUTF8(true))
	_, _ = in.ReadToken()
	seen, lost, isRecord := map[string]bool{}, "", false
	for in.PeekKind() != '}' {
		token, err := in.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		value, err := in.ReadValue()
		if err != nil {
			return err
		}
		column := columnOf(name)
		if seen[column] {
			return lang.Errorf("has %q twice", name)
		}
		seen[column] = true
		if known, err := o.member(column, name, value); err != nil {
			return err
		} else if !known && lost == "" {
			lost = name
		}
		isRecord = isRecord || strings.EqualFold(name, recordData)
	}
	if lost != "" && !isRecord {
		return lang.Errorf(`has a %q, which would be lost; an order has a "code", a "status" and "data"`, lost)
	}
	if o.in.Code == "" || o.in.Status == "" || o.data == nil {
		return lang.Errorf(`needs a "code", a "status" and "data"`)
	}
	return nil
}

// member reads one that is known.
func (o *order) member(column, name string, value jsontext.Value) (known bool, err error) {
	switch column {
	case "code":
		return true, textOf(name, value, &o.in.Code)
	case "status":
		return true, textOf(name, value, (*string)(&o.in.Status))
	case "data":
		if strings.EqualFold(name, recordData) && value.Kind() == '"' {
			return true, o.recordData(name, value)
		}
		o.data = json.RawMessage(bytes.Clone(value))
		return true, nil
	}
	return column == "problem", nil // of a file of rejects
}

// recordData reads the data of a record, a text that holds JSON.
func (o *order) recordData(name string, value jsontext.Value) error {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return err
	}
	if err := checkJSON(name, []byte(text)); err != nil {
		return err
	}
	o.data = json.RawMessage(strings.TrimSpace(text))
	return nil
}

// checkData refuses data that is hardly meant: null, and a text that holds JSON, which
// the server would keep wrapped twice.
func (o *options) checkData(of *order) error {
	switch jsontext.Value(of.data).Kind() {
	case 'n':
		return lang.Errorf(`its "data" is null`)
	case '"':
		var text string
		if err := json.Unmarshal(of.data, &text); err != nil {
			return err
		}
		inner := jsontext.Value(strings.TrimSpace(text))
		if kind := inner.Kind(); kind != '{' && kind != '[' || !inner.IsValid() {
			return nil
		}
		switch o.dataText {
		case "":
			return lang.Errorf(`its "data" is a text that holds JSON, and would be wrapped twice: -data-text unwrap sends the JSON, -data-text keep sends the text`)
		case "unwrap":
			of.data = json.RawMessage(inner)
		}
	}
	return nil
}

// textOf reads a member that is a text, or null for none.
func textOf(name string, value jsontext.Value, to *string) error {
	switch kind := value.Kind(); kind {
	case 'n':
		return nil
	case '"':
		return json.Unmarshal(value, to)
	default:
		return lang.Errorf("%q is %s; want a text", name, sheet.KindName(kind))
	}
}

// inPlainWords says what is wrong with a line that is not JSON.
func inPlainWords(err error, line []byte) error {
	var syntax *jsontext.SyntacticError
	isSyntax := errors.As(err, &syntax)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && isSyntax:
		return lang.Errorf("has %q twice", syntax.JSONPointer.LastToken())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return lang.Errorf("ends in the middle of an order; an order stands whole on one line")
	case isSyntax && syntax.ByteOffset > 0:
		const around = 12
		at := int(syntax.ByteOffset)
		near := bytes.ToValidUTF8(line[max(at-around, 0):min(at+around, len(line))], nil)
		return lang.Errorf("is not JSON, near %q; want an order like %s", near, form)
	}
	return lang.Errorf("is not JSON: %q; want an order like %s", shorten(line), form)
}

// shorten returns the first few characters.
func shorten(text []byte) string {
	const most = 20
	if runes := []rune(string(text)); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(text)
}

// sum returns a hash of an order's status and data, which is the same whatever the white
// space and the order of members. Numbers are taken as they are written: to a float two of 17
// digits may be the same.
func sum(status pmpsmart.JSONOrderStatus, data json.RawMessage) string {
	canonical := jsontext.Value(bytes.Clone(data))
	// What can't be made so is compared as it is.
	_ = canonical.Format(jsontext.AllowInvalidUTF8(true), jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false),
		jsontext.ReorderRawObjects(true), jsontext.PreserveRawStrings(false), jsontext.Multiline(false), jsontext.SpaceAfterComma(false), jsontext.SpaceAfterColon(false))
	hash := sha256.Sum256(fmt.Appendf(nil, "%q %s", status, canonical))
	return hex.EncodeToString(hash[:16])
}
