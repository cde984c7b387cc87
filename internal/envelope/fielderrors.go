package envelope

import (
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A validator's errors may be a list of objects that each name their field: as
// {"field": …, "message": …}, with loc in place of a field, as JSON:API's
// source.pointer, as the name and reason of RFC 7807's invalid-params, or as the
// property and constraints of class-validator, with those of its parts as children.

// The members of such an object, those that are believed first before others.
var (
	fieldNames = loose.NewNameIndex("field", "param", "parameter", "property", "property_path", "property_name", "attribute", "loc", "source", "pointer",
		"path", "instance_path", "data_path", "members", "member_names", "keys", "key", "name")
	textNames = loose.NewNameIndex("message", "msg", "pesan", "default_message", "error_message", "reason", "detail", "description", "text", "error", "messages", "errors",
		"constraints", "title")
	partNames = loose.NewNameIndex("children", "inner_errors")
)

// Places among fieldNames.
const (
	lastSureField = 5  // the last that names a field wherever it stands
	ofSource      = 8  // JSON:API's
	firstSeveral  = 13 // those from here on name several
	lastSeveral   = 15
)

// errorLists are the names under which a validator's errors stand in an answer: those
// before firstUnsure hold nothing else, and of the others a list of objects is sure.
var errorLists = loose.NewNameIndex("errors", "validation_errors", "field_errors", "violations", "constraint_violations", "invalid_params", "invalid_fields",
	"model_state", "validation_messages", "issues", "sub_errors", "field_violations", "error_list", "kesalahan", "fields",
	"error", "details", "detail", "validation", "data")

const firstUnsure = 15

// maxErrorDepth bounds how deep a validator's errors are looked for.
const maxErrorDepth = 6

// A fieldError is one error of a validator's.
type fieldError struct {
	fields []string
	text   []byte // nil for none
	parts  []byte // a list of the errors of its parts, nil for none
}

// fieldErrorOf returns the error that an object is.
func fieldErrorOf(object []byte) (e fieldError) {
	ofField, ofText := len(object), len(object) // the places among the names
	for name, value := range loose.Members(object) {
		if loose.IsEmpty(value) {
			continue
		}
		if i := textNames.Find(name); i >= 0 && i < ofText {
			ofText, e.text = i, value
		}
		if i := fieldNames.Find(name); i >= 0 && i < ofField && (i != ofSource || loose.Kind(value) == '{') { // a text is where the field was
			if found := namesOf(i, value); found != nil {
				ofField, e.fields = i, found
			}
		}
		if partNames.Find(name) >= 0 && loose.Kind(value) == '[' {
			e.parts = value
		}
	}
	return e
}

// namesOf returns the fields that the value of one of fieldNames names.
func namesOf(name int, value []byte) (fields []string) {
	if loose.Kind(value) != '[' || name < firstSeveral || name > lastSeveral {
		if field := fieldName(value); field != "" {
			return []string{field}
		}
		return nil
	}
	const most = 20
	for element := range loose.Elements(value) {
		if field := fieldName(element); field != "" && len(fields) < most {
			fields = append(fields, field)
		}
	}
	return fields
}

// isFieldError reports whether an object is one error rather than texts by field.
func isFieldError(object []byte) bool {
	hasField, hasText := false, false
	for name, value := range loose.Members(object) {
		i := fieldNames.Find(name)
		hasField = hasField || i >= 0 && i <= lastSureField && loose.Kind(value) == '"' || i >= firstSeveral && i <= lastSeveral && loose.Kind(value) == '['
		hasText = hasText || textNames.Find(name) >= 0 && loose.Kind(value) == '"'
	}
	return hasField && hasText
}

// eachFieldError calls yield with the errors of a list of objects and the names of their
// fields, "" for one without, until it returns false.
func eachFieldError(list []byte, prefix string, depth int, yield func(name string, text []byte) bool) bool {
	if loose.Kind(list) != '[' || depth == 0 {
		return true
	}
	for object := range loose.Elements(list) {
		if loose.Kind(object) != '{' {
			return true
		}
		if !eachOf(object, prefix, depth, yield) {
			return false
		}
	}
	return true
}

// eachOf is eachFieldError for one object of the list.
func eachOf(object []byte, prefix string, depth int, yield func(name string, text []byte) bool) bool {
	e := fieldErrorOf(object)
	if e.fields == nil {
		e.fields = []string{""}
	}
	for _, field := range e.fields {
		name := joinPath(prefix, field)
		switch {
		case loose.Kind(e.text) == '[' && loose.Kind(firstOf(e.text)) == '{':
			if !eachFieldError(e.text, name, depth-1, yield) {
				return false
			}
		case e.text != nil && !yield(name, e.text):
			return false
		}
		if e.parts != nil && !eachFieldError(e.parts, name, depth-1, yield) {
			return false
		}
	}
	if e.text != nil || e.parts != nil {
		return true
	}
	for name, value := range loose.Members(object) {
		if errorLists.Find(name) >= 0 && !eachFieldError(value, prefix, depth-1, yield) {
			return false
		}
	}
	return true
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
	eachFieldError(list, "", maxErrorDepth, func(name string, text []byte) bool {
		e.put(name, e.lines(text))
		return !e.room.isFull()
	})
}

// put adds the texts of a field that has a name.
func (e *explanation) put(name string, texts []string) {
	if name = truncate(e.mask, name, maxName); name == "" || len(texts) == 0 {
		return
	}
	if e.fields == nil {
		e.fields = make(map[string][]string)
	}
	e.room.bytes += len(name)
	e.fields[name] = append(e.fields[name], texts...)
	if len(e.told) < maxLine {
		e.told = append(e.told, name+": "+strings.Join(texts, "; "))
	}
}

// search takes a validator's errors from where they stand in an object, if they are
// said in it to be such.
func (e *explanation) search(object []byte, depth int) {
	if loose.Kind(object) != '{' || depth == 0 {
		return
	}
	for name, value := range loose.Members(object) {
		i := errorLists.Find(name)
		switch kind := loose.Kind(value); {
		case i < 0 || e.room.isFull():
		case kind == '[':
			e.addFieldErrors(value)
		case kind == '{' && i < firstUnsure:
			e.addFields(value)
		case kind == '{':
			e.searchUnsure(value, depth-1)
		}
	}
}

// searchUnsure is search for an object that may hold anything: single errors as well,
// as celebrate has them by the part of the request.
func (e *explanation) searchUnsure(object []byte, depth int) {
	e.search(object, depth)
	if e.fields != nil {
		return
	}
	for _, value := range loose.Members(object) {
		if loose.Kind(value) == '{' && isFieldError(value) {
			eachOf(value, "", 1, func(name string, text []byte) bool {
				e.put(name, e.lines(text))
				return true
			})
		}
	}
}

// addFields takes a validator's errors: lists of texts or texts, by field, a list of
// objects that name their fields, or one of those.
func (e *explanation) addFields(errs []byte) {
	switch loose.Kind(errs) {
	case '[':
		e.addFieldErrors(errs)
	case '{':
		if holdsErrors(errs) {
			e.search(errs, maxErrorDepth)
			return
		}
		if isFieldError(errs) {
			eachOf(errs, "", maxErrorDepth, func(name string, text []byte) bool {
				e.put(name, e.lines(text))
				return true
			})
			return
		}
		e.addByField(errs, "", maxErrorDepth)
	}
}

// holdsErrors reports whether an object in the place of a validator's errors holds them
// under one of their names.
func holdsErrors(object []byte) bool {
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		if i := errorLists.Find(name); i < 0 || i >= firstUnsure || loose.IsEmpty(value) || name[1] == '_' {
			continue
		}
		if kind == '{' || kind == '[' && loose.Kind(firstOf(value)) == '{' {
			return true
		}
	}
	return false
}

// addByField takes the texts by field of an object; below prefix where that is a field
// whose parts these are.
func (e *explanation) addByField(object []byte, prefix string, depth int) {
	for quoted, value := range loose.Unique(object) {
		if e.room.isFull() || depth == 0 {
			return
		}
		name := joinPath(prefix, truncate(e.mask, quoted, maxName))
		switch kind := loose.Kind(value); {
		case kind == '{' && !isTexts(value):
			e.addByField(value, name, depth-1)
		case kind == '[' && loose.Kind(firstOf(value)) == '{' && !isTexts(lastOf(value)):
			i := 0
			for part := range loose.Elements(value) {
				if loose.Kind(part) == '{' {
					e.addByField(part, joinPath(name, strconv.Itoa(i)), depth-1)
				}
				i++
			}
		default:
			e.put(name, e.lines(value))
		}
	}
}

// isTexts reports whether an object is the error of a field, or has its texts by the
// rules that they are of, rather than those of the field's parts.
func isTexts(object []byte) bool {
	if loose.Kind(object) != '{' {
		return true
	}
	rules := true
	for name, value := range loose.Members(object) {
		kind := loose.Kind(value)
		if i := textNames.Find(name); i >= 0 && (kind == '"' || name[1] == '_') {
			return true
		}
		rules = rules && kind != '{' && kind != '['
	}
	return rules
}

// lastOf returns an array's last element, nil if there is none.
func lastOf(array []byte) (last []byte) {
	for element := range loose.Elements(array) {
		last = element
	}
	return last
}

// isByField reports whether a value is nothing but a validator's texts by field, as
// deep as fields have parts.
func isByField(value []byte, depth int) bool {
	switch kind := loose.Kind(value); {
	case depth == 0:
		return false
	case kind == '{':
		for _, inner := range loose.Members(value) {
			if !isByField(inner, depth-1) {
				return false
			}
		}
		return true
	case kind == '[':
		for inner := range loose.Elements(value) {
			if k := loose.Kind(inner); k != '"' && (k != '{' || !isByField(inner, depth-1)) {
				return false
			}
		}
		return true
	}
	return false
}

// flattenErrors makes one text of a list of objects: "field: text; field: text". It is
// "" for anything else.
func (e *explanation) flattenErrors(list []byte) string {
	lines, size := []string(nil), 0
	scratch := explanation{mask: e.mask}
	eachFieldError(list, "", maxErrorDepth, func(name string, value []byte) bool {
		line := strings.Join(scratch.lines(value), "; ")
		if line == "" {
			return true
		}
		if name != "" {
			line = name + ": " + line
		}
		lines = append(lines, line)
		size += len(line)
		return size <= lookedAt(maxLine) && !scratch.room.isFull()
	})
	return strings.Join(lines, "; ")
}
