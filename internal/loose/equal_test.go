package loose

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
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
	equal := func(n int) func() {
		text := strings.Repeat(`[`, n/10) + strings.Repeat(`{"a":"bcdefgh"},`, n) + `1` + strings.Repeat(`]`, n/10)
		a, b := []byte(text), []byte(text+" ")
		return func() { require.True(t, Equal(a, b)) }
	}
	require.Less(t, testserver.Growth(64, equal(1250), equal(20_000)), 64.0)
}
