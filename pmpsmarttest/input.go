package pmpsmarttest

import (
	"bytes"
	"encoding/json"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// An input is what a request brings, from its body and from the query, which
// holds what the body lacks: nil, bool, string, json.Number, []any and
// map[string]any, texts trimmed and empty ones nil, as Laravel's middleware
// leaves them.
type input map[string]any

// readInput reads a request whose body has been read. A body that can't be read
// brings nothing: then the validator complains.
func readInput(r *http.Request, body []byte) input {
	in := input{}
	in.addForm(r.URL.Query())
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case strings.Contains(kind, "/json") || strings.Contains(kind, "+json"):
		for name, value := range decodeObject(body) {
			in[name] = clean(value)
		}
	case kind == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		in.addForm(form)
	case kind == "multipart/form-data":
		form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(int64(len(body)))
		if err == nil {
			in.addForm(form.Value)
		}
	}
	return in
}

// addForm adds the values of a form; of several the last counts.
func (in input) addForm(form map[string][]string) {
	for name, values := range form {
		in[name] = clean(values[len(values)-1])
	}
}

func decodeObject(body []byte) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var object map[string]any
	if decoder.Decode(&object) != nil || decoder.More() {
		return nil
	}
	return object
}

// clean trims texts as PHP's trim does, at any depth, and makes nil of empty
// ones.
func clean(value any) any {
	switch v := value.(type) {
	case string:
		if v = strings.Trim(v, " \t\n\r\x00\x0b"); v == "" {
			return nil
		}
		return v
	case []any:
		for i := range v {
			v[i] = clean(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = clean(v[name])
		}
	}
	return value
}

// text is a value that the validator has found to be a string, or "".
func (in input) text(name string) string {
	text, _ := in[name].(string)
	return text
}

// integer is a value that the validator has found to be an integer, or 0.
func (in input) integer(name string) int64 {
	n, _ := phpInt(in[name])
	return n
}

// phpInt reads an integer as PHP's FILTER_VALIDATE_INT does.
func phpInt(value any) (int64, bool) {
	text := phpString(value)
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// phpString is a scalar as PHP casts it to a string.
func phpString(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
		n, _ := v.Float64()
		return phpFloat(n)
	case bool:
		if v {
			return "1"
		}
	}
	return ""
}
