package pmpsmarttest

import (
	"bytes"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestEncodeAsPHPDoes(t *testing.T) {
	t.Parallel()
	plain := defaultForm()
	at := time.Date(2026, time.February, 2, 1, 15, 30, 0, time.UTC)
	for _, tt := range []struct {
		value any
		want  string
	}{
		{"a/b \"c\" \\ é € 😀 <&>'\x00\b\f\n\r\t\x1f\x7f", `"a\/b \"c\" \\ \u00e9 \u20ac \ud83d\ude00 <&>'\u0000\b\f\n\r\t\u001f` + "\x7f\""},
		{[]any{nil, true, 7, int64(-7), 1000.5, 2000.0, 0.1, 1e25, 1.5e-7, raw(`{ }`)}, `[null,true,7,-7,1000.5,2000,0.1,1.0e+25,0.00000015,{ }]`},
		{object{{"a", object{}}, {"b", []any{}}}, `{"a":{},"b":[]}`},
		{stream(func(yield func(any) bool) { _ = yield(1) && yield("x") }), `[1,"x"]`},
		{keyed(func(yield func(string, any) bool) { _ = yield("1", nil) && yield("x", 2) }), `{"1":null,"x":2}`},
		{record{orderKind, []member{{"id", int64(1)}, {"date_order", civil("2026-02-02")}, {"created_at", at}, {"json_data", document(`{}`)}, {"items", []record{}}}},
			`{"id":1,"date_order":"2026-02-02","created_at":"2026-02-02T01:15:30.000000Z","json_data":"{}","items":[]}`},
	} {
		var got bytes.Buffer
		assert.NoError(t, encode(&got, &plain, false, tt.value))
		assert.Equal(t, tt.want, got.String())
	}
	var got bytes.Buffer
	assert.NoError(t, encode(&got, &plain, true, object{{"message", `App\Models/é`}, {"trace", []any{object{{"line", 1}}, []any{}}}}))
	assert.Equal(t, "{\n    \"message\": \"App\\\\Models/\\u00e9\",\n    \"trace\": [\n        {\n            \"line\": 1\n        },\n        []\n    ]\n}", got.String())
	assert.Panics(t, func() { encode(&got, &plain, false, struct{}{}) })
}

// A reader that is gone ends a list that has no end.
func TestEncodeStopsWhenNobodyReads(t *testing.T) {
	t.Parallel()
	plain := defaultForm()
	gone := errors.New("gone")
	var endless iter.Seq[any] = func(yield func(any) bool) {
		for yield("records without end") {
		}
	}
	assert.ErrorIs(t, encode(failing{gone}, &plain, false, object{{"data", endless}}), gone)
	var endlessKeyed iter.Seq2[string, any] = func(yield func(string, any) bool) {
		for yield("1", "records without end") {
		}
	}
	assert.ErrorIs(t, encode(failing{gone}, &plain, false, endlessKeyed), gone)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
