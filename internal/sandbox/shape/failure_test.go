package shape_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

func TestFail(t *testing.T) {
	t.Parallel()
	wrong := illuminate.Failure{Status: 401, Message: "salah", Caught: "salah"}
	invalid := illuminate.Invalid(php.Object{{"a", []any{"A.", "B."}}, {"b", []any{"C."}}})
	for _, tt := range []struct {
		style  string
		why    illuminate.Failure
		status int
		body   string
	}{
		{"plain", illuminate.Unauthenticated, 401, `{"message":"Unauthenticated."}`},
		{"plain", illuminate.UnknownRoute, 404, "{\n    \"message\": \"\"\n}"},
		{"plain", wrong, 401, `{"status":"error","message":"salah"}`},
		{"bare", wrong, 401, `{"message":"salah"}`},
		{"plain", invalid, 422, `{"message":"The given data was invalid.","errors":{"a":["A.","B."],"b":["C."]}}`},
		{"errors=laravel9", invalid, 422, `{"message":"A. (and 2 more errors)","errors":{"a":["A.","B."],"b":["C."]}}`},
		{"errors=strings", invalid, 422, `{"message":"The given data was invalid.","errors":{"a":"A.","b":"C."}}`},
		{"errors=list", invalid, 422, `{"message":"The given data was invalid.","errors":[{"field":"a","message":"A."},{"field":"a","message":"B."},{"field":"b","message":"C."}]}`},
		{"failure=nested", wrong, 200, `{"status":"success","message":"OK","data":{"status":"error","message":"salah"}}`},
		{"failure=nested", invalid, 200, `{"status":"success","message":"OK","data":{"status":"error","message":"The given data was invalid.","errors":{"a":["A.","B."],"b":["C."]}}}`},
		{"errors=envelope", invalid, 422, `{"status":"error","message":"The given data was invalid.","errors":{"a":["A.","B."],"b":["C."]},"data":[]}`},
		{"errors=old", illuminate.ServerError, 500, "{\n    \"error\": \"Server Error\"\n}"},
		{"errors=text", illuminate.ServerError, 500, "Server Error"},
		{"errors=text", illuminate.UnknownRoute, 404, "Not Found"},
		{"loose", illuminate.Unauthenticated, 200, `{"status":401,"message":"Unauthenticated.","data":null}`},
		{"loose", invalid, 200, `{"status":false,"message":{"a":["A.","B."],"b":["C."]},"data":null}`},
		{"loose", illuminate.UnknownRoute, 404, "{\n    \"message\": \"\"\n}"},
		{"failure=number", wrong, 200, `{"status":401,"message":"salah","data":null}`},
		{"failure=digits", invalid, 200, `{"status":"422","message":"The given data was invalid.","errors":{"a":["A.","B."],"b":["C."]},"data":null}`},
		{"failure=ok:false", wrong, 200, `{"ok":false,"message":"salah","data":null}`},
	} {
		v := view(t, tt.style)
		resp := v.Fail(tt.why)
		assert.Equal(t, []any{tt.status, tt.body}, []any{resp.Status, text(v, resp)}, tt.style)
	}
	debug := view(t, "debug")
	assert.Contains(t, text(debug, debug.Fail(illuminate.ServerError)), `"exception": "ErrorException"`)
	assert.NotContains(t, text(debug, debug.Fail(invalid)), "exception")
	one := illuminate.Invalid(php.Object{{"a", []any{"A."}}, {"b", []any{"C."}}})
	nine := view(t, "errors=laravel9")
	assert.Contains(t, text(nine, nine.Fail(one)), `"message":"A. (and 1 more error)"`)
}

// Who does not ask for JSON gets pages.
func TestFailPages(t *testing.T) {
	t.Parallel()
	v := view(t)
	v.WantsJSON = false
	for _, tt := range []struct {
		why    illuminate.Failure
		status int
		title  string
		header http.Header
	}{
		{illuminate.Unauthenticated, 500, "Server Error", nil},
		{illuminate.Forbidden, 403, "Forbidden", nil},
		{illuminate.WrongMethod("GET"), 405, "An Error Occurred: Method Not Allowed", http.Header{"Allow": {"POST"}}},
		{illuminate.Invalid(php.Object{}), 302, "Redirecting to http://x", http.Header{"Location": {"http://x"}}},
	} {
		resp := v.Fail(tt.why)
		assert.Equal(t, []any{tt.status, tt.header}, []any{resp.Status, resp.Header})
		assert.Contains(t, resp.Page, "<title>"+tt.title+"</title>")
	}
	wrong := v.Fail(illuminate.Failure{Status: 401, Message: "salah"})
	assert.NotNil(t, wrong.Body, "what the application answers itself is JSON")
}
