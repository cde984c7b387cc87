// Package illuminate does for the sandbox what Laravel's framework does for an
// application: it reads a request's input and its token, validates, limits the
// rate, and knows its exceptions. Messages are those of Laravel 8.
package illuminate

import (
	"bytes"
	"encoding/json"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// An Input holds the values that a request brings in its body, and in its query
// those that the body lacks: nil, bool, string, json.Number, []any and
// map[string]any. Strings are trimmed and empty ones nil, as the middlewares
// TrimStrings and ConvertEmptyStringsToNull leave them.
type Input map[string]any

// ReadInput reads a request whose body has been read. A malformed body brings
// nothing: then the validator complains.
func ReadInput(r *http.Request, body []byte) Input {
	in := Input{}
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

// addForm adds the values of a form; the last of several counts.
func (in Input) addForm(form map[string][]string) {
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

// clean trims strings at any depth and makes empty ones nil.
func clean(value any) any {
	switch v := value.(type) {
	case string:
		if v = php.Trim(v); v == "" {
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

// Text returns a value that has been validated as a string, or "".
func (in Input) Text(name string) string {
	text, _ := in[name].(string)
	return text
}

// Int returns a value that has been validated as an integer, or 0.
func (in Input) Int(name string) int64 {
	n, _ := php.Int(in[name])
	return n
}
