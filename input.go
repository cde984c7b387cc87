package pmpsmart

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// The checks below refuse input that can't be right before it is sent. Each returns
// nil, or an InputError without its operation.

// An input is a filter or another input of a method, which knows whether it can be
// right. Its JSON is the body of the method's requests.
type input interface{ check() *InputError }

// checkInput checks the input of an operation, which may be any value or nil.
func checkInput(in any) *InputError {
	if v := reflect.ValueOf(in); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	if in, ok := in.(input); ok {
		return in.check()
	}
	return nil
}

// positive checks an id.
func positive(field string, id int64) *InputError {
	if id < 1 {
		return &InputError{Field: field, Problem: fmt.Sprintf("is %d; an id is at least 1", id)}
	}
	return nil
}

// notNegative checks an id that may be left out.
func notNegative(field string, id int64) *InputError {
	if id < 0 {
		return &InputError{Field: field, Problem: fmt.Sprintf("is %d; an id is at least 1, and 0 does not filter", id)}
	}
	return nil
}

// text checks a text that is sent as it is. JSON can't hold other bytes.
func text(field, value string) *InputError {
	if !utf8.ValidString(value) {
		return &InputError{Field: field, Problem: fmt.Sprintf("is not UTF-8: %.40q", value)}
	}
	return nil
}

// needed checks a code or status. Laravel trims its input, so that a code with
// white space at an end would never be found again.
func needed(field, value string) *InputError {
	if value == "" {
		return &InputError{Field: field, Problem: "is empty"}
	}
	if err := text(field, value); err != nil {
		return err
	}
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	if isTrimmed(first) || isTrimmed(last) {
		return &InputError{Field: field, Problem: fmt.Sprintf("has white space or a control character at an end, which the server would trim: %.80q", value)}
	}
	return nil
}

func isTrimmed(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// trimEmail returns an email without white space and control characters around it.
// Laravel trims its input: with two spellings of one account, which a store would keep
// two tokens for, programs would log each other out.
func trimEmail(email string) string { return strings.TrimFunc(email, isTrimmed) }

// filled checks an email or password, which is not shown.
func filled(field, value string) *InputError {
	if value == "" {
		return &InputError{Field: field, Problem: "is empty"}
	}
	if !utf8.ValidString(value) {
		return &InputError{Field: field, Problem: "is not UTF-8"}
	}
	return nil
}

// oneOfFour checks the status of an update.
func oneOfFour(s OrderStatus) *InputError {
	if s.documented() {
		return nil
	}
	problem := fmt.Sprintf("is %.40q; want open, pending, complete or cancel", s)
	if meant := s.meant(); meant != "" {
		problem += "; " + s.didYouMean(meant)
	}
	return &InputError{Field: "status", Problem: problem}
}

// wellSpelled checks the status of a filter, which may be another than the four.
func wellSpelled(field string, s OrderStatus) *InputError {
	if meant := s.meant(); meant != "" {
		return &InputError{Field: field, Problem: fmt.Sprintf("is %q; %s", s, s.didYouMean(meant))}
	}
	return text(field, string(s))
}

// checkPath checks a path for Call and returns it without the slash before it.
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
	case hasDotSegment(before):
		return bad("it leaves the base URL")
	}
	return trimmed, nil
}

// hasDotSegment reports whether a path has a segment "." or "..", escaped any number
// of times: a server behind another may unescape it twice.
func hasDotSegment(path string) bool {
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment, _, _ = strings.Cut(segment, ";"); segment == "." || segment == ".." {
			return true
		}
	}
	unescaped, err := url.PathUnescape(path)
	return err == nil && unescaped != path && hasDotSegment(unescaped)
}

// callBody returns the body of a Call.
func callBody(in any) ([]byte, *InputError) {
	if in == nil {
		return nil, nil
	}
	if problem := checkInput(in); problem != nil {
		return nil, problem
	}
	body, problem := document(in)
	if problem != nil && problem.Op == "" {
		problem.Field = "in"
	}
	return body, problem
}

// checkTarget checks what a Call decodes into.
func checkTarget(out any) *InputError {
	bad := func(problem string) *InputError {
		return &InputError{Field: "out", Problem: fmt.Sprintf(problem, out) + "; want a pointer to what the data is decoded into, or nil"}
	}
	v := reflect.ValueOf(out)
	switch {
	case out == nil:
		return nil
	case v.Kind() != reflect.Pointer:
		return bad("is a %T")
	case v.IsNil():
		return bad("is a nil %T")
	}
	switch v.Elem().Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return bad("is a %T")
	}
	return nil
}

// document returns v as JSON: raw JSON as it is, anything else marshaled.
func document(v any) (json.RawMessage, *InputError) {
	bad := func(format string, args ...any) (json.RawMessage, *InputError) {
		return nil, &InputError{Field: "Data", Problem: fmt.Sprintf(format, args...)}
	}
	if v == nil {
		return bad("is nil; want a value or raw JSON")
	}
	raw, ok := rawJSON(v)
	if !ok {
		marshaled, err := marshal(v)
		if problem, ok := errors.AsType[*InputError](err); ok { // of an input inside v
			return nil, problem
		}
		if err != nil {
			return bad("can't be made JSON: %v", err)
		}
		if string(marshaled) == "null" {
			return bad("is a nil %T; want a value or raw JSON", v)
		}
		return marshaled, nil
	}
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return bad("is empty; want a value or raw JSON")
	case !utf8.Valid(raw):
		return bad("is not UTF-8")
	case !json.Valid(raw):
		return bad("is not JSON: %.40q", raw)
	}
	return bytes.Clone(raw), nil
}

// rawJSON returns the bytes of v if v is JSON text already. Since Go 1.27
// json.RawMessage and jsontext.Value are one type, which a type switch may not
// list twice.
func rawJSON(v any) (raw []byte, ok bool) {
	if raw, ok = v.([]byte); ok {
		return raw, true
	}
	if raw, ok := v.(json.RawMessage); ok {
		return raw, true
	}
	value, ok := v.(jsontext.Value)
	return value, ok
}

// marshal is [json.Marshal], except that text which is not UTF-8 is an error, and
// that <, > and & stay as they are.
func marshal(v any) ([]byte, error) {
	return jsonv2.Marshal(v, marshalOptions)
}

var marshalOptions = jsonv2.JoinOptions(jsonv1.DefaultOptionsV1(), jsontext.AllowInvalidUTF8(false), jsontext.EscapeForHTML(false))

// firstOf returns the first problem, or nil.
func firstOf(problems ...*InputError) *InputError {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

// inputError returns the first problem as an error of the operation, or nil.
func inputError(op string, problems ...*InputError) error {
	p := firstOf(problems...)
	if p == nil {
		return nil
	}
	return &InputError{Op: op, Field: p.Field, Problem: p.Problem}
}

// targetOf returns the type of what out points to, through all pointers.
func targetOf(out any) reflect.Type {
	t := reflect.TypeOf(out)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// repeated returns the end of the base URL with which the path begins too, "" if there
// is none.
func repeated(baseURL, path string) string {
	u, err := url.Parse(baseURL)
	if err != nil {
		return ""
	}
	for end := strings.Trim(u.Path, "/"); end != ""; _, end, _ = strings.Cut(end, "/") {
		if strings.HasPrefix(path, end+"/") {
			return end
		}
	}
	return ""
}
