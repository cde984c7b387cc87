package envelope

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

// TestFailure has bodies that come with the HTTP status of an error.
func TestFailure(t *testing.T) {
	t.Parallel()
	trace := strings.Repeat(`{"file":"/var/www/pmp/x.php","line":88,"function":"handle"},`, 2000)
	for _, row := range []struct {
		row
		body string
		want Answer
	}{
		{named("Laravel's 401"), `{"message":"Unauthenticated."}`, Answer{Message: "Unauthenticated."}},
		{named("an empty message"), "{\n    \"message\": \"\"\n}", Answer{}},
		{named("Laravel's 422"), `{"message":"The given data was invalid.","errors":{"email":["The email field is required."]}}`,
			Answer{Message: "The given data was invalid.", Fields: fields{"email": {"The email field is required."}}}},
		{named("errors as strings"), `{"status":"error","errors":{"email":"wajib"},"status_code":422}`,
			Answer{Status: "error", Message: "email: wajib", Fields: fields{"email": {"wajib"}}, Code: 422}},
		{named("a validator's errors alone"), `{"email":["wajib","salah"],"password":["wajib"]}`,
			Answer{Message: "email: wajib; salah; password: wajib", Fields: fields{"email": {"wajib", "salah"}, "password": {"wajib"}}}},
		{named("lists of something else"), `{"email":["wajib"],"ids":[1,2]}`, Answer{}},
		{named("a status that is none of an error"), `{"status":"success","message":"x","data":[]}`, Answer{Status: "success", Message: "x"}},
		{named("a status that nobody knows"), `{"status":"jalan"}`, Answer{Status: "jalan"}},
		{named("a record's look"), `{"status":"error","id":7,"reason":"Kuota habis"}`, Answer{Status: "error", Message: "Kuota habis"}},
		{named("RFC 9457"), `{"type":"about:blank","title":"Forbidden","status":403,"detail":"Error 1020: Access denied"}`, Answer{Status: "403", Message: "Error 1020: Access denied", Code: 403}},
		{named("RFC 9457 without detail"), `{"title":"Forbidden","status":403}`, Answer{Status: "403", Message: "Forbidden", Code: 403}},
		{named("a debug trace longer than what is read"), `{"message":"Undefined array key","exception":"ErrorException","trace":[` + trace + `{}]}`, Answer{Message: "Undefined array key"}},
		{named("a text"), "Unauthorized.", Answer{Message: "Unauthorized."}},
		{named("a text of lines"), "\n Too Many\nAttempts. \n", Answer{Message: "Too Many Attempts."}},
		{named("a text as JSON"), `"Unauthorized"`, Answer{Message: "Unauthorized"}},
		{named("texts as JSON"), `["Unauthorized","x"]`, Answer{Message: "Unauthorized; x"}},
		{named("JSON that says nothing"), `{"a":1}`, Answer{}},
		{named("JSON after a warning"), "<br />\n<b>Warning</b>: x in <b>y[0]</b><br />\n{\"message\":\"m\"}", Answer{Message: "m"}},
		{named("cut JSON"), `{"message":"m","da`, Answer{Message: "m"}},
		{named("two values"), `{"message":"m"}{"message":"n"}`, Answer{Message: "m"}},
		{named("a long text"), strings.Repeat("panjang ", 40), Answer{}},
		{named("bytes"), "\x1f\x8b\x08\x00abc", Answer{}},
		{named("a tag"), "<p>Forbidden</p>", Answer{}},
		{named("empty"), "", Answer{}},
		{named("blanks"), " \n ", Answer{}},
		{named("Laravel's page"), "<!DOCTYPE html>\n<html lang=\"en\">\n    <head>\n        <title>Server Error</title>\n    </head>\n<body><h1>x</h1></body></html>", Answer{Message: "Server Error"}},
		{named("nginx"), "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>", Answer{Message: "502 Bad Gateway"}},
		{named("LiteSpeed"), "<!DOCTYPE html>\n<html>\n<head><title> 508 Resource Limit Is Reached\n</title></head>", Answer{Message: "508 Resource Limit Is Reached"}},
		{named("Apache"), "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>403 Forbidden</title>\n</head><body>", Answer{Message: "403 Forbidden"}},
		{named("Cloudflare"), "<!DOCTYPE html><html lang=\"en-US\"><head><title>Just a moment...</title><meta name=\"robots\">", Answer{Message: "Just a moment..."}},
		{named("a page with JSON in it"), "<html><head><title>T</title><script>window.x={\"message\":\"m\"}</script></head></html>", Answer{Message: "T"}},
	} {
		row.run(t, func(t *testing.T) {
			row.want.Failed = true
			o := asJSON
			o.Strict, o.MaxBytes = true, 1 // neither matters here
			a := Failure(strings.NewReader(row.body), o)
			assert.Equal(t, row.want, said(a))
			assert.Equal(t, row.body[:min(len(row.body), maxFailure+headSize)], string(a.Head))
			assert.Equal(t, row.want, said(Failure(iotest.OneByteReader(strings.NewReader(row.body)), o)))
		})
	}
}

func TestFailureOfABrokenConnection(t *testing.T) {
	t.Parallel()
	a := Failure(&broken{strings.NewReader(`{"message":"m"}`), iotest.ErrTimeout}, asJSON)
	assert.Equal(t, Answer{Message: "m", Failed: true, Broken: iotest.ErrTimeout}, said(a))
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		page, title string
		isPage      bool
	}{
		{"<title>a</title>", "a", true},
		{"<TITLE data-x='>'>A</TITLE>", "'>A", true},
		{"<html><title>\n a &amp; b&nbsp;c \n</title>", "a & b c", true},
		{"<html><head><title></title></head><h1 class=x>Not <b>Found</b></h1>", "Not Found", true},
		{"<html>\xe9<Title>Caf\xe9</Title>", "Caf\ufffd", true},
		{"<html><title>open", "", true},
		{"<!doctype html>", "", true},
		{"<h1>Forbidden</h1>", "Forbidden", true},
		{"<body>x</body>", "", true},
		{"<titles>a</titles>", "", false},
		{"<br />\n<b>Warning</b>", "", false},
		{"a < b", "", false},
		{"", "", false},
	} {
		t.Run(row.page, func(t *testing.T) {
			title, isPage := Title([]byte(row.page))
			assert.Equal(t, fmt.Sprint(row.title, row.isPage), fmt.Sprint(title, isPage))
		})
	}
}
