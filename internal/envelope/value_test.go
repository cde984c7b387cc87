package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestValue has answers without a model: what is data, what stands beside it and
// what the whole is.
func TestValue(t *testing.T) {
	t.Parallel()
	type parts struct{ data, beside, whole string }
	for _, row := range []struct {
		row
		body string
		want parts
	}{
		{named("an object"), `{"status":"success","message":"ok","data":{"a":1}}`, parts{`{"a":1}`, ``, `{"status":"success","message":"ok","data":{"a":1}}`}},
		{named("data first"), `{"data":[1,2],"code":200}`, parts{`[1,2]`, ``, `{"code":200,"data":[1,2]}`}},
		{named("a token beside"), `{"code":200,"data":{"id":1},"token":"x","expires_in":60}`, parts{`{"id":1}`, `{"token":"x","expires_in":60}`, `{"code":200,"token":"x","expires_in":60,"data":{"id":1}}`}},
		{named("data alone"), `{"data":"x"}`, parts{`"x"`, ``, `{"data":"x"}`}},
		{named("null"), `{"data":null}`, parts{`null`, ``, `{"data":null}`}},
		{named("data twice"), `{"data":1,"data":2}`, parts{`2`, ``, `{"data":2}`}},
		{named("a bare array"), ` [1,{"a":2}] `, parts{`[1,{"a":2}]`, ``, `[1,{"a":2}]`}},
		{named("a bare text"), `"x"`, parts{`"x"`, ``, `"x"`}},
		{named("a long bare text"), `"` + strings.Repeat("x", 3*window) + `"`, parts{`"` + strings.Repeat("x", 3*window) + `"`, ``, `"` + strings.Repeat("x", 3*window) + `"`}},
		{named("a bare number"), `7`, parts{`7`, ``, `7`}},
		{named("a bare null"), `null`, parts{`null`, ``, `null`}},
		{named("a bare object"), `{"a":1,"b":{"c":2}}`, parts{`{"a":1,"b":{"c":2}}`, ``, `{"a":1,"b":{"c":2}}`}},
		{named("a bare object with a status of its own"), `{"a":1,"status":"open"}`, parts{`{"a":1,"status":"open"}`, ``, `{"a":1,"status":"open"}`}},
		{named("a token at the top"), `{"access_token":"x","token_type":"bearer"}`, parts{`{"access_token":"x","token_type":"bearer"}`, ``, `{"access_token":"x","token_type":"bearer"}`}},
		{named("under a name"), `{"status":"success","user":{"a":1}}`, parts{`{"user":{"a":1}}`, ``, `{"status":"success","user":{"a":1}}`}},
		{named("under success"), `{"success":{"token":"x"}}`, parts{`{"token":"x"}`, ``, `{"success":{"token":"x"}}`}},
		{named("success that is a message"), `{"success":{"message":"ok"}}`, parts{``, ``, `{"success":{"message":"ok"}}`}},
		{named("an envelope alone"), `{"status":"success","message":"ok"}`, parts{``, ``, `{"status":"success","message":"ok"}`}},
		{named("an empty object"), `{}`, parts{}},
		{named("no UTF-8"), "{\"data\":\"\xe9\",\"a\":\"\xe9\"}", parts{"\"\ufffd\"", "{\"a\":\"\ufffd\"}", "{\"a\":\"\ufffd\",\"data\":\"\ufffd\"}"}},
	} {
		row.run(t, func(t *testing.T) {
			_, v, err := Value(strings.NewReader(row.body), asJSON)
			assert.NoError(t, err)
			assert.Equal(t, row.want, parts{string(v.Data), string(v.Beside), string(v.Whole)})
			for name, split := range splits(row.body) {
				_, again, err := Value(split, asJSON)
				assert.NoError(t, err)
				assert.Equal(t, v, again, name)
			}
		})
	}
}

// TestValueOutlivesTheReader: what it gives is not the reader's, which others use
// again.
func TestValueOutlivesTheReader(t *testing.T) {
	t.Parallel()
	_, v, err := Value(strings.NewReader(`{"data":{"a":"first"},"b":"first"}`), asJSON)
	assert.NoError(t, err)
	for range 100 {
		_, _, _ = Value(strings.NewReader(`{"data":{"a":"other"},"b":"other"}`), asJSON)
	}
	assert.Equal(t, Loose{[]byte(`{"a":"first"}`), []byte(`{"b":"first"}`), []byte(`{"b":"first","data":{"a":"first"}}`)}, v)
}

func TestElements(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		`{"current_page":1,"data":[{"a":1},null,{"a":2}],"total":2}`: `[{"a":1},{"a":2}]`,
		`{"5":{"a":1},"6":{"a":2}}`:                                  `[{"a":1},{"a":2}]`,
		`{"x":{"a":1},"y":{"a":2}}`:                                  `[{"a":1},{"a":2}]`,
		`{"orders":[{"a":1}]}`:                                       `[{"a":1}]`,
		`{"id":1}`:                                                   `[{"id":1}]`,
		`{}`:                                                         `[]`,
		`{"data":[]}`:                                                `[]`,
		`{"data":["a","b"]}`:                                         `{"data":["a","b"]}`,
	} {
		t.Run(object, func(t *testing.T) {
			assert.Equal(t, want, string(Elements([]byte(object))))
		})
	}
}
