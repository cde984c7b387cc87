package loose

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[2]}`, `{ "b" : [ 2 ],` + "\n" + `"a":1}`, true},
		{`"v\u0061lue\/"`, `"value/"`, true},
		{`{"\u0061":null}`, `{"a":null}`, true},
		{`{}`, `[]`, true},
		{`{"items":[],"note":{}}`, `{"items":{},"note":[ ]}`, true},
		{`[[{}]]`, `[[[]]]`, true},
		{`[]`, `null`, false},
		{`{}`, `""`, false},
		{`{}`, `{"a":1}`, false},
		{`[]`, `[null]`, false},
		{`[{}]`, `[]`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":null}`, `{"b":null}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `{"0":1}`, false},
		{`10000000000000000`, `10000000000000001`, false},
		{`{"n":12345678901234567890}`, `{"n": 12345678901234567890}`, true},
		{`{"n":1.0}`, `{"n":1}`, false},
		{`{"n":1.0}`, `{"n": 1.0}`, true},
		{`1`, `"1"`, false},
		{`true`, ` true`, true},
		{`true`, `false`, false},
		{`{"a":1,"a":1}`, `{"a":1}`, false},
		{`{"a":1,"a":1}`, `{"a":1,"a":1}`, true},
		{`{"a":1`, `{"a":1 }`, false},
		{`1 2`, `1  2`, false},
		{`[1,]`, `[1]`, false},
		{``, ` `, false},
		{``, `null`, false},
	} {
		require.Equal(t, row.want, Equal([]byte(row.a), []byte(row.b)), "%s and %s", row.a, row.b)
		require.Equal(t, row.want, Equal([]byte(row.b), []byte(row.a)), "%s and %s", row.b, row.a)
	}
}

// The time that a comparison takes grows with the documents, however deep they are.
func TestEqualIsLinear(t *testing.T) {
	document := func(n int) (a, b []byte) {
		text := strings.Repeat(`[`, 2000) + strings.Repeat(`{"a":"bcdefgh"},`, n) + `1` + strings.Repeat(`]`, 2000)
		return []byte(text), []byte(text + " ")
	}
	took := func(n int) time.Duration {
		a, b := document(n)
		least := time.Hour
		for range 3 {
			began := time.Now()
			require.True(t, Equal(a, b))
			least = min(least, time.Since(began))
		}
		return least
	}
	took(1000)
	require.Less(t, took(20_000), 12*took(5000)+10*time.Millisecond)
}
