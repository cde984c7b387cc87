package control

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads JSON to the letter: a member that nobody knows, a name given twice and
// a value of another kind are mistakes. Into is a pointer to a struct or a slice, and
// example is "" where the request needs no body.
func decode(body []byte, into any, example string) error {
	want, article := byte('{'), "an object"
	if reflect.TypeOf(into).Elem().Kind() == reflect.Slice {
		want, article = '[', "an array"
	}
	if !jsontext.Value(body).IsValid() || body[0] == want {
		return explain(body, json.Unmarshal(body, into, json.RejectUnknownMembers(true)))
	}
	got := kindName(jsontext.Value(body).Kind())
	if example == "" {
		return badRequest("the body is %s: this request needs no body", got)
	}
	return badRequest("the body is %s; want %s such as %s", got, article, example)
}

// explain says what is wrong with a body, and where.
func explain(body []byte, err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		line, column := position(body, syntax.ByteOffset)
		why := strings.TrimPrefix(syntax.Err.Error(), "jsontext: ")
		return badRequest("the body is no JSON: line %d, column %d: %s", line, column, why)
	case errors.As(err, &meaning):
		return badRequest("%s", explainMeaning(meaning))
	}
	return badRequest("the body: %v", err)
}

func explainMeaning(e *json.SemanticError) string {
	place := placeName(e.JSONPointer)
	switch {
	case errors.Is(e.Err, json.ErrUnknownName):
		names := memberNames(e.GoType)
		if len(names) == 0 {
			return fmt.Sprintf("unknown member %s: this request needs no body", place)
		}
		return fmt.Sprintf("unknown member %s, known are %s", place, strings.Join(names, ", "))
	case e.Err != nil && e.GoType == nil:
		return place + ": " + e.Err.Error()
	}
	got := kindName(e.JSONKind)
	if len(e.JSONValue) > 0 && e.JSONKind == '0' {
		got = shown(string(e.JSONValue))
	}
	return fmt.Sprintf("%s: want %s, got %s", place, typeName(e.GoType), got)
}

// position returns the line and the column of a byte, both from 1.
func position(body []byte, offset int64) (line, column int) {
	before := body[:min(int(offset), len(body))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1
}

// placeName writes a JSON pointer as people do: [0].header.
func placeName(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		_, err := strconv.Atoi(token)
		switch {
		case err == nil:
			b.WriteString("[" + token + "]")
		case b.Len() == 0:
			b.WriteString(shown(token))
		default:
			b.WriteString("." + shown(token))
		}
	}
	if b.Len() == 0 {
		return "the body"
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// memberNames returns the names of a struct's members in JSON.
func memberNames(t reflect.Type) (names []string) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func typeName(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case '[', ']':
		return "an array"
	case '{', '}':
		return "an object"
	}
	return "nothing"
}

// trim cuts the white space off that JSON may have around it.
func trim(body []byte) []byte { return bytes.Trim(body, " \t\r\n") }
