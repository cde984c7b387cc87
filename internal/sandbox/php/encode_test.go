package php_test

import (
	"bytes"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
)

func encode(enc php.Encoding, value any) string {
	var text bytes.Buffer
	_ = enc.Encode(&text, value) // into memory
	return text.String()
}

func TestEncode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value any
		want  string
	}{
		{"a/b \"c\" \\ é € 😀 <&>'\x00\b\f\n\r\t\x1f\x7f", `"a\/b \"c\" \\ \u00e9 \u20ac \ud83d\ude00 <&>'\u0000\b\f\n\r\t\u001f` + "\x7f\""},
		{[]any{nil, true, 7, int64(-7), 1000.5, 2000.0, 0.1, 1e25, 1.5e-7, php.Raw(`{ }`)}, `[null,true,7,-7,1000.5,2000,0.1,1.0e+25,0.00000015,{ }]`},
		{php.Object{{"a", php.Object{}}, {"b", []any{}}, {"a", "again"}}, `{"a":{},"b":[],"a":"again"}`},
		{php.Stream(func(yield func(any) bool) { _ = yield(1) && yield("x") }), `[1,"x"]`},
		{php.Map(func(yield func(string, any) bool) { _ = yield("1", nil) && yield("x", 2) }), `{"1":null,"x":2}`},
	} {
		assert.Equal(t, tt.want, encode(php.Encoding{}, tt.value))
	}
	assert.Panics(t, func() { encode(php.Encoding{}, struct{}{}) })
}

func TestEncodePretty(t *testing.T) {
	t.Parallel()
	value := php.Object{{"message", `App\Models/é`}, {"trace", []any{php.Object{{"line", 1}}, []any{}}}}
	assert.Equal(t, "{\n    \"message\": \"App\\\\Models/\\u00e9\",\n    \"trace\": [\n        {\n            \"line\": 1\n        },\n        []\n    ]\n}",
		encode(php.Encoding{Pretty: true}, value))
}

func TestEncodeCharset(t *testing.T) {
	t.Parallel()
	for charset, want := range map[php.Charset]string{
		php.ASCII: `"\u00e9\u20ac\n"`, php.UTF8: `"é€\n"`, php.Latin1: "\"\xe9\\u20ac\\n\"",
	} {
		assert.Equal(t, want, encode(php.Encoding{Charset: charset}, "é€\n"))
	}
}

// Values of other types are converted wherever they stand.
func TestEncodeConverts(t *testing.T) {
	t.Parallel()
	enc := php.Encoding{Convert: func(value any) any { return php.Object{{"at", value.(time.Duration).String()}} }}
	assert.Equal(t, `[{"x":{"at":"1s"}}]`, encode(enc, []any{php.Object{{"x", time.Second}}}))
}

// A stream without an end is left once nobody reads it any more.
func TestEncodeEndsWithItsWriter(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	var endless iter.Seq[any] = func(yield func(any) bool) {
		for yield("records without end") {
		}
	}
	assert.ErrorIs(t, php.Encoding{}.Encode(failing{gone}, php.Object{{"data", endless}}), gone)
	var endlessMap iter.Seq2[string, any] = func(yield func(string, any) bool) {
		for yield("1", "records without end") {
		}
	}
	assert.ErrorIs(t, php.Encoding{}.Encode(failing{gone}, endlessMap), gone)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
