package illuminate_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

// read returns the input of a POST request.
func read(contentType, query, body string) illuminate.Input {
	r := httptest.NewRequest(http.MethodPost, "/x?"+query, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return illuminate.ReadInput(r, []byte(body))
}

func TestReadInput(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	for _, tt := range []struct {
		name, contentType, query, body string
		want                           illuminate.Input
	}{
		{"the query, which the body overrides", "application/json", "a=query&b=+q+&b=last", `{"a":"body"}`, illuminate.Input{"a": "body", "b": "last"}},
		{"blanks", "application/vnd.api+json", "", `{"a":" x\t","b":" ","c":["",{"d":"\u0000"}]}`, illuminate.Input{"a": "x", "b": nil, "c": []any{nil, map[string]any{"d": nil}}}},
		{"a form", form, "", "a=1&a=2&b=%20", illuminate.Input{"a": "2", "b": nil}},
		{"parts", "multipart/form-data; boundary=b", "", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n40\r\n--b--\r\n", illuminate.Input{"a": "40"}},
		{"not JSON", "application/json", "", `{"a":`, illuminate.Input{}},
		{"two values", "application/json", "", `{"a":1}{}`, illuminate.Input{}},
		{"no object", "application/json", "", `[1]`, illuminate.Input{}},
		{"another type", "text/plain", "", `{"a":1}`, illuminate.Input{}},
	} {
		assert.Equal(t, tt.want, read(tt.contentType, tt.query, tt.body), tt.name)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	taken := func(text string) bool { return text == "taken" }
	const required, integer = "The the name field is required.", "The the name must be an integer."
	for _, tt := range []struct {
		rules, json string
		want        []any
	}{
		{"required", `null`, []any{required}},
		{"required|string", `" "`, []any{required}},
		{"required", `[]`, []any{required}},
		{"required", `{}`, []any{required}},
		{"required", `0`, nil},
		{"nullable|integer", `null`, nil},
		{"integer", `"40"`, nil},
		{"integer", `40.0`, nil},
		{"integer", `"x"`, []any{integer}},
		{"string|max:3", `"ééé"`, nil},
		{"string|max:3", `"éééé"`, []any{"The the name must not be greater than 3 characters."}},
		{"string|max:3", `1234`, []any{"The the name must be a string.", "The the name must not be greater than 3 characters."}},
		{"max:1", `[1,2]`, []any{"The the name must not be greater than 1 characters."}},
		{"in:open,pending", `"open"`, nil},
		{"in:open,pending", `"open,pending"`, []any{"The selected the name is invalid."}},
		{"in:1", `true`, nil},
		{"in:1", `["1"]`, []any{"The selected the name is invalid."}},
		{"date", `"2026-02-02"`, nil},
		{"date", `20260202`, nil},
		{"date", `true`, []any{"The the name is not a valid date."}},
		{"after_or_equal:start_date", `"2026-05-02"`, nil},
		{"after_or_equal:start_date", `"2026-05-01"`, []any{"The the name must be a date after or equal to start date."}},
		{"email", `"a@b"`, nil},
		{"email", `"a b@c.d"`, []any{"The the name must be a valid email address."}},
		{"string|unique", `"free"`, nil},
		{"string|unique", `"taken"`, []any{"The the name has already been taken."}},
		{"max:3|unique", `"taken"`, []any{"The the name must not be greater than 3 characters."}},
	} {
		in := read("application/json", "", `{"the_name":`+tt.json+`,"start_date":"2026-05-02"}`)
		fields := in.Validate(illuminate.Rules{{"the_name", tt.rules}, {"start_date", "date"}}, taken)
		if tt.want == nil {
			assert.Nil(t, fields, "%s of %s", tt.rules, tt.json)
			continue
		}
		assert.Equal(t, php.Object{{"the_name", tt.want}}, fields, "%s of %s", tt.rules, tt.json)
	}
}

func TestIsEmail(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a@b", "sandbox@pmpsmart.test", "ä@c.d", "a@cä.d", "a@[1.2.3.4]"} {
		assert.True(t, illuminate.IsEmail(good), good)
	}
	for _, bad := range []string{"", "a", "@c.d", "a@", "a@b@c", "a..b@c.d", ".a@c.d", "a.@c.d", "a@-c.d", "a@c.d.", "a@c_d", "a@c..d"} {
		assert.False(t, illuminate.IsEmail(bad), bad)
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	in := read("application/json", "", `{"text":"x","int":"7","number":86400,"date":"2026-02-02"}`)
	assert.Equal(t, []any{"x", "", int64(7), int64(0)}, []any{in.Text("text"), in.Text("number"), in.Int("int"), in.Int("text")})
	for name, want := range map[string]time.Time{
		"date": time.Date(2026, time.February, 2, 0, 0, 0, 0, time.UTC), "number": time.Unix(86400, 0),
	} {
		got, ok := in.Date(name, time.UTC)
		assert.True(t, ok && want.Equal(got), "%s is %s", name, got)
	}
	_, ok := in.Date("none", time.UTC)
	assert.False(t, ok)
}
