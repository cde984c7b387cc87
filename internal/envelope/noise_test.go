package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const answerOfOne = `{"status":true,"message":"m","data":[{"id":1}]}`

// TestNoise has what stands before an answer: it is told, and nothing of the
// answer is lost.
func TestNoise(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		noise, told string
	}{
		{named("a byte-order mark"), "\xef\xbb\xbf", "\ufeff"},
		{named("two byte-order marks"), "\xef\xbb\xbf\xef\xbb\xbf", "\ufeff\ufeff"},
		{named("a byte-order mark after a line break"), "\r\n\xef\xbb\xbf", "\ufeff"},
		{named("a byte-order mark and a warning"), "\xef\xbb\xbf\nWarning: x\n", "\ufeffWarning: x"},
		{named("a warning in HTML"), "<br />\n<b>Warning</b>:  Undefined array key \"kode\" in <b>/var/www/a.php</b> on line <b>88</b><br />\n", `<br /> <b>Warning</b>: Undefined array key "kode" in <b>/var/www/a.php</b> on line <b>88</b><br />`},
		{named("a warning in text"), "\nWarning: Undefined offset [0] in {closure} on line 8\n", "Warning: Undefined offset [0] in {closure} on line 8"},
		{named("a dump"), "Array\n(\n    [0] => 1\n    [id] => {x}\n)\n", "Array ( [0] => 1 [id] => {x} )"},
		{named("a var_dump"), "array(1) { [\"a\"]=> string(7) \"{\\\"b\\\":\" }\n", `array(1) { ["a"]=> string(7) "{\"b\":" }`},
		{named("a line of a log"), "[2026-02-02 10:00:00] local.ERROR: x {\"exception\":\"[object] (E(code: 0))\"} \n", `[2026-02-02 10:00:00] local.ERROR: x {"exception":"[object] (E(code: 0))"}`},
		{named("JSON in a comment"), "<!-- debug {\"q\":[1,{}]} --> ", `<!-- debug {"q":[1,{}]} -->`},
		{named("JSON in a tag"), "<pre>{\"a\":1}</pre>", `<pre>{"a":1}</pre>`},
		{named("an open bracket"), "Notice: [a,b\n", "Notice: [a,b"},
		{named("an open string in a bracket"), "Notice: {\"a\n", `Notice: {"a`},
		{named("a string in a bracket that opens before the answer"), "Notice: [\"x ", `Notice: ["x`},
		{named("a guard against scripts"), ")]}',\n", ")]}',"},
		{named("numbers and words"), "0 null \"x\" ", `0 null "x"`},
		{named("bytes that are no UTF-8"), "Caf\xe9 ", "Caf\ufffd"},
		{named("many brackets"), strings.Repeat("[0] {x} ", 2000), strings.Repeat("[0] {x} ", 25) + "…"},
	} {
		row.run(t, func(t *testing.T) {
			told := []Drift{drift("body", "nothing but JSON", string(AppendString(nil, row.told)))}
			want := result{ids(1), Answer{Status: "true", Message: "m", Count: 1, Drifts: told}, ""}
			assert.Equal(t, want, readEveryWay(t, row.noise+answerOfOne, asJSON))
			want.Answer.Status, want.Answer.Message = "", ""
			assert.Equal(t, want, readEveryWay(t, row.noise+`[{"id":1}]`, asJSON), "before a bare array")

			strict := asJSON
			strict.Strict = true
			got := readEveryWay(t, row.noise+answerOfOne, strict)
			assert.Contains(t, got.Err, "body: want nothing but JSON, got ")
			assert.Empty(t, got.Records)

			cut := row.noise + answerOfOne[:len(answerOfOne)-2]
			got = readEveryWay(t, cut, asJSON)
			assert.Equal(t, ids(1), got.Records)
			assert.Contains(t, got.Err, "the body is cut short after")
		})
	}
}

// TestNoiseBeforeNothing has an empty answer behind noise: it is one where it
// stands in a line of its own, and else the end of a text.
func TestNoiseBeforeNothing(t *testing.T) {
	t.Parallel()
	for _, empty := range []string{"[]", "{}", " [ ] \n"} {
		for _, noise := range []string{
			"\xef\xbb\xbf\xef\xbb\xbf", "Warning: x [0]\n", "<br />\n<b>Warning</b>: x<br />\n", "<!-- x -->", "Notice: x\r\n\t",
		} {
			got := readEveryWay(t, noise+empty, asJSON)
			assert.Empty(t, got.Err, "%q", noise+empty)
			assert.Empty(t, got.Records)
			assert.Len(t, got.Answer.Drifts, 1)
		}
		for _, noise := range []string{"Undefined offset in bindings ", "TypeError: x ", "array(0) ", "<html><title>T</title></html>", "x"} {
			got := readEveryWay(t, noise+empty, asJSON)
			assert.Contains(t, got.Err, "want JSON", "%q", noise+empty)
		}
	}
}

// TestQuietAnswers have nothing around them that is worth telling.
func TestQuietAnswers(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"blank lines":  "\n\r\n\t  " + answerOfOne + "\r\n \t\n",
		"far away":     strings.Repeat("\n", 100_000) + answerOfOne,
		"far from end": answerOfOne + strings.Repeat(" ", 100_000),
		"printed":      "{\n    \"status\": true,\n    \"message\": \"m\",\n    \"data\": [\n        {\n            \"id\": 1\n        }\n    ]\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, result{ids(1), Answer{Status: "true", Message: "m", Count: 1}, ""}, readEveryWay(t, body, asJSON))
		})
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	for contentType, told := range map[string]bool{
		"application/json": false, "": false, "text/plain": false, "application/problem+json": false,
		"text/html": true, "text/html; charset=UTF-8": true, "TEXT/HTML;charset=utf-8": true, " text/html ": true,
	} {
		o := asJSON
		o.ContentType = contentType
		got := readEveryWay(t, answerOfOne, o)
		assert.Equal(t, ids(1), got.Records, contentType)
		if assert.Equal(t, told, len(got.Answer.Drifts) == 1, contentType) && told {
			assert.Equal(t, drift("body", "application/json", string(AppendString(nil, singleLine(nil, contentType)))), got.Answer.Drifts[0])
		}
	}
}

// TestTail has what stands behind an answer: PHP's diagnostics and what others add to a
// page are noise, all else is an error.
func TestTail(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		tail string
		told bool
	}{
		{named("a warning in HTML"), "<br />\n<b>Warning</b>: x [1] on line <b>3</b><br />\n", true},
		{named("a warning in text"), "\nWarning: x in y.php on line 1\n", true},
		{named("a deprecation"), "\nPHP Deprecated: x {closure}\n", true},
		{named("a fatal error of a destructor"), "\n\nFatal error: Uncaught Error", true},
		{named("a second value"), `{"status":false}`, false},
		{named("a second value after a warning"), "<br />\n<b>Warning</b>: x\n{\"status\":false}", false},
		{named("a page's end"), "</body></html>", true},
		{named("a byte-order mark"), "\ufeff", true},
		{named("bytes of nothing"), "\n\x00\x00", true},
		{named("a comment"), "<!-- Page cached {\"status\":false} -->", true},
		{named("a hosting company's script"), "\n<script src=\"//stats.example/x.js\"></script>\n<noscript><img src=x></noscript>", true},
		{named("a debug bar"), "<link rel='stylesheet' href='/_debugbar/x.css'><script>var bar = new Bar();\nbar.addDataSet({\"status\":true,\"data\":[]}, \"X\");\nvar a = {\"data\":[]}\n</script>", true},
		{named("a long script"), "<script>x({\"a\":\"" + strings.Repeat("x", 2*window) + "\"})</script>", true},
		{named("a script before a second value"), "<script>x()</script>{\"status\":false}", false},
		{named("a byte-order mark before a second value"), "\ufeff{\"status\":false}", false},
		{named("a bracket"), "}", false},
		{named("null"), "null", false},
		{named("a text"), "x", false},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, answerOfOne+row.tail, asJSON)
			assert.Equal(t, ids(1), got.Records)
			tail := truncate(nil, row.tail, 200)
			if row.told {
				assert.Empty(t, got.Err)
				assert.Equal(t, []Drift{drift("body", "nothing but JSON", string(AppendString(nil, tail)))}, got.Answer.Drifts)
				return
			}
			assert.Contains(t, got.Err, "want one JSON value, and more follows it, got ")
			assert.Empty(t, got.Answer.Drifts)
		})
	}
}

// TestNoJSON says what came instead.
func TestNoJSON(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		body, want string
	}{
		{named("nothing"), "", "want JSON: the body is empty"},
		{named("blanks"), " \r\n\t", "want JSON: the body is empty"},
		{named("a byte-order mark"), "\xef\xbb\xbf", "want JSON: the body is empty"},
		{named("a text"), "Too Many\nAttempts.", `want JSON, got "Too Many\nAttempts."`},
		{named("a long text"), strings.Repeat("abc ", 100), `want JSON, got "` + strings.Repeat("abc ", 20) + `…"`},
		{named("a page"), "<!DOCTYPE html><html><head><title>Login</title></head></html>", `want JSON, and it is an HTML page titled "Login"`},
		{named("a page without a title"), "<html><body>x</body></html>", "want JSON, and it is an HTML page"},
		{named("a page that holds an answer"), "<html><title>Login</title><body>" + answerOfOne + "</body></html>", `want JSON, and it is an HTML page titled "Login"`},
		{named("a script"), "x = 1; callback(" + answerOfOne + "); y()", `want JSON, got "x = 1; callback({\"status\":true,\"message\":\"m\",\"data\":[{\"id\":1}]}); y()"`},
		{named("JavaScript"), "{'data':[]}", `want JSON, got "{'data':[]}"`},
		{named("a cut word"), "tru", `want JSON, got "tru"`},
		{named("a cut text"), `"abc`, `want JSON, got "\"abc"`},
		{named("NaN"), "NaN", `want JSON, got "NaN"`},
		{named("two texts"), `"a" "b"`, `want JSON, got "\"a\" \"b\""`},
		{named("bytes"), "\x1f\x8b\x08\x00", `want JSON, got "\x1f\x8b\b\x00"`},
		{named("UTF-16"), "{\x00\"\x00a\x00\"\x00:\x001\x00}\x00", `want JSON, got "{\x00\"\x00a\x00\"\x00:\x001\x00}\x00"`},
		{named("tabs and zeros"), "a\tb\x00c", `want JSON, got "a\tb\x00c"`},
		{named("noise without end"), strings.Repeat("x", 40_000) + answerOfOne, `want JSON, got "` + strings.Repeat("x", 80) + `…"`},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, row.body, asJSON)
			assert.Empty(t, got.Records)
			assert.Equal(t, row.want, got.Err)
		})
	}
}

// TestTwoAnswersAfterNoise: noise may hold JSON, but no answer of its own.
func TestTwoAnswersAfterNoise(t *testing.T) {
	t.Parallel()
	got := readEveryWay(t, "Warning: x\n"+`{"status":false,"message":"gagal"}`+"\n"+answerOfOne, asJSON)
	assert.Empty(t, got.Records)
	assert.Contains(t, got.Err, "want one JSON value, and more follows it")
}

// TestJSONThatEndsWithTheWindow: what is looked through may end where the answer
// does.
func TestJSONThatEndsWithTheWindow(t *testing.T) {
	t.Parallel()
	for _, over := range []int{-1, 0, 1} {
		body := "Warning: " + strings.Repeat("x", window-len("Warning: \n")-len(answerOfOne)+over) + "\n" + answerOfOne
		got := readEveryWay(t, body, asJSON)
		assert.Empty(t, got.Err, over)
		assert.Equal(t, ids(1), got.Records, over)
		got = readEveryWay(t, body+"\n\n", asJSON)
		assert.Empty(t, got.Err, over)
	}
}

// TestBracketsCostNoTime has noise made to be read again and again. What is read
// shows in the allocations, of which a busy machine makes no more than an idle one:
// there are some for each bracket that is tried, and for each name inside it anew.
// Ten a byte are twice what the worst of these makes; read to its end for each
// bracket anew, it makes hundreds. Tests that run beside would be counted as well:
// this one is not parallel.
func TestBracketsCostNoTime(t *testing.T) {
	for name, part := range map[string]string{
		"square": "[", "curly": "{", "pairs": "[]", "nested": "[[", "strings": `["`, "members": `{"":`, "closed": "[[]", "numbers": "[0,", "words": "[x", "mixed": `{"a":[{"b":[`,
	} {
		t.Run(name, func(t *testing.T) {
			noise := strings.Repeat(part, window/len(part))
			for _, body := range []string{noise, noise + "x", "x" + noise[:window/2] + "x" + answerOfOne} {
				made := testing.AllocsPerRun(1, func() { readList(strings.NewReader(body), asJSON) })
				assert.Less(t, made, 10.0*window)
			}
		})
	}
}
