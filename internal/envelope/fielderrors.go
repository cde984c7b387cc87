package envelope

import (
	"iter"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A validator's errors may be a list of objects that each name their field: as
// {"field": …, "message": …}, with loc in place of a field, as JSON:API's
// source.pointer, or as the name and reason of RFC 7807's invalid-params.

// The members of such an object, those that are believed first before others.
var (
	fieldNames = loose.NewNameIndex("field", "param", "parameter", "property", "property_path", "attribute", "loc", "source", "pointer",
		"path", "instance_path", "data_path", "key", "name")
	textNames = loose.NewNameIndex("message", "msg", "pesan", "reason", "detail", "description", "text", "error", "messages", "errors", "title")
)

// fieldErrors returns the errors of a list of objects, with the names of their fields;
// that of an error without one is "".
func fieldErrors(list []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if loose.Kind(list) != '[' {
			return
		}
		for object := range loose.Elements(list) {
			if loose.Kind(object) != '{' {
				return
			}
			name, text := fieldError(object)
			if text != nil && !yield(name, text) {
				return
			}
		}
	}
}

// fieldError returns the field and the text of one error, nil if it has no text.
func fieldError(object []byte) (field string, text []byte) {
	ofField, ofText := len(object), len(object) // the places among the names
	for name, value := range loose.Members(object) {
		if loose.IsEmpty(value) {
			continue
		}
		if i := textNames.Find(name); i >= 0 && i < ofText {
			ofText, text = i, value
		}
		if i := fieldNames.Find(name); i >= 0 && i < ofField {
			if found := fieldName(value); found != "" {
				ofField, field = i, found
			}
		}
	}
	return field, text
}

// fieldName returns the field that a name, a path or a pointer stands for.
func fieldName(value []byte) string {
	switch loose.Kind(value) {
	case '"':
		text := unquoteStart(value, lookedAt(maxName)+1)
		if pointer := strings.TrimPrefix(text, "#"); strings.HasPrefix(pointer, "/") {
			return joinField(strings.Split(pointer[1:], "/"), "data", "attributes", "relationships")
		}
		return text
	case '[':
		var parts []string
		for element := range loose.Elements(value) {
			const most = 20
			if text, ok := loose.String(element[:min(len(element), maxName)]); ok && len(parts) < most {
				parts = append(parts, text)
			}
		}
		return joinField(parts, "body", "query", "path", "header", "form")
	case '{':
		for _, name := range []string{"pointer", "parameter"} {
			if inner := member(value, name); loose.Kind(inner) == '"' {
				return fieldName(inner)
			}
		}
	}
	return ""
}

// joinField joins the parts of a path, without those at its start that only say where
// fields stand.
func joinField(parts []string, places ...string) string {
	for _, place := range places {
		if len(parts) > 1 && parts[0] == place {
			parts = parts[1:]
		}
	}
	return strings.Join(parts, ".")
}

// addFieldErrors takes a validator's errors from a list of objects.
func (e *explanation) addFieldErrors(list []byte) {
	for name, text := range fieldErrors(list) {
		if e.room.isFull() {
			return
		}
		if name = truncate(e.mask, name, maxName); name == "" {
			continue
		}
		if e.fields == nil {
			e.fields = make(map[string][]string)
		}
		e.room.bytes += len(name)
		e.fields[name] = append(e.fields[name], e.lines(text)...)
	}
}

// flattenErrors makes one text of a list of objects: "field: text; field: text". It is
// "" for anything else.
func flattenErrors(list []byte) string {
	f := flattener{limit: lookedAt(maxLine) + 1}
	for name, text := range fieldErrors(list) {
		if len(f.text) >= f.limit {
			break
		}
		var quoted []byte
		if name != "" {
			quoted = AppendString(nil, name)
		}
		f.addPart(0, quoted, text, 3)
	}
	return string(f.text)
}
