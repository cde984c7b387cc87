package loose_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A scalar is a row of the tables below: what raw means, and whether it means
// anything.
type scalar[T any] struct {
	raw  string
	want T
	ok   bool
}

// check runs a table; a row is named by its raw value.
func check[T any](t *testing.T, read func(raw []byte) (T, bool), rows []scalar[T]) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.raw, func(t *testing.T) {
			got, ok := read([]byte(row.raw))
			assert.Equal(t, row, scalar[T]{row.raw, got, ok})
		})
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	check(t, loose.Int, []scalar[int64]{
		{`0`, 0, true},
		{`7`, 7, true},
		{`-7`, -7, true},
		{`-0`, 0, true},
		{`12.0`, 12, true},
		{`1.2e1`, 12, true},
		{`1.0e+2`, 100, true},
		{`123456789012345678`, 123456789012345678, true},
		{`9223372036854775807`, math.MaxInt64, true},
		{`-9223372036854775808`, math.MinInt64, true},
		{`9007199254740992.0`, 1 << 53, true},
		{`"7"`, 7, true},
		{`"007"`, 7, true},
		{`"+7"`, 7, true},
		{`" 7 "`, 7, true},
		{`"\t7\n"`, 7, true},
		{`"\u0037"`, 7, true},
		{`"12.0"`, 12, true},
		{`"-1"`, -1, true},
		{`true`, 1, true},
		{`false`, 0, true},
		{`"true"`, 1, true},
		{`"false"`, 0, true},
		{`null`, 0, true},
		{`""`, 0, true},
		{`"  "`, 0, true},

		{`12.5`, 0, false},
		{`"12.5"`, 0, false},
		{`9223372036854775808`, 0, false},
		{`9007199254740994.0`, 0, false},
		{`1e400`, 0, false},
		{`"abc"`, 0, false},
		{`"7 pcs"`, 0, false},
		{`"1,000"`, 0, false},
		{`"1_000"`, 0, false},
		{`"0x10"`, 0, false},
		{`"NaN"`, 0, false},
		{`"Infinity"`, 0, false},
		{`"-"`, 0, false},
		{`"."`, 0, false},
		{"\"7\xe9\"", 0, false},
		{`{}`, 0, false},
		{`{"id":7}`, 0, false},
		{`[]`, 0, false},
		{`[7]`, 0, false},
	})
}

func TestUint(t *testing.T) {
	t.Parallel()
	check(t, loose.Uint, []scalar[uint64]{
		{`7`, 7, true},
		{`"7"`, 7, true},
		{`18446744073709551615`, math.MaxUint64, true},
		{`"18446744073709551615"`, math.MaxUint64, true},
		{`null`, 0, true},
		{`""`, 0, true},
		{`-7`, 0, false},
		{`"-7"`, 0, false},
		{`18446744073709551616`, 0, false},
		{`"abc"`, 0, false},
		{`[]`, 0, false},
	})
}

func TestFloat(t *testing.T) {
	t.Parallel()
	check(t, loose.Float, []scalar[float64]{
		{`12.3`, 12.3, true},
		{`12.300000000000001`, 12.300000000000001, true},
		{`"1000.50"`, 1000.5, true},
		{`1.0e+25`, 1e25, true},
		{`1.0e-5`, 1e-5, true},
		{`-0`, math.Copysign(0, -1), true},
		{`" 1.5 "`, 1.5, true},
		{`true`, 1, true},
		{`"true"`, 1, true},
		{`false`, 0, true},
		{`null`, 0, true},
		{`""`, 0, true},
		{`1e400`, 0, false},
		{`"1e400"`, 0, false},
		{`"1.500,00"`, 0, false},
		{`"0x1p-2"`, 0, false},
		{`"Inf"`, 0, false},
		{`"nan"`, 0, false},
		{`"abc"`, 0, false},
		{`{}`, 0, false},
		{`[1]`, 0, false},
	})
}

func TestBool(t *testing.T) {
	t.Parallel()
	check(t, loose.Bool, []scalar[bool]{
		{`true`, true, true},
		{`false`, false, true},
		{`1`, true, true},
		{`0`, false, true},
		{`2`, true, true},
		{`-1`, true, true},
		{`0.0`, false, true},
		{`"1"`, true, true},
		{`"0"`, false, true},
		{`"00"`, false, true},
		{`"true"`, true, true},
		{`"TRUE"`, true, true},
		{`"False"`, false, true},
		{`"yes"`, true, true},
		{`"no"`, false, true},
		{`"on"`, true, true},
		{`"off"`, false, true},
		{`null`, false, true},
		{`""`, false, true},
		{`"abc"`, false, false},
		{`{}`, false, false},
		{`[]`, false, false},
		{`[true]`, false, false},
	})
}

func TestString(t *testing.T) {
	t.Parallel()
	read := func(raw []byte) (string, bool) { return loose.String(raw, "open", "pending") }
	check(t, read, []scalar[string]{
		{`"open"`, "open", true},
		{`"\u006fpen"`, "open", true},
		{`"opens"`, "opens", true},
		{`" a "`, " a ", true},
		{`""`, "", true},
		{`"a\"b\\c\/d\n"`, "a\"b\\c/d\n", true},
		{`"Caf\u00e9"`, "Café", true},
		{`"Café"`, "Café", true},
		{`"\ud83d\ude00"`, "😀", true},
		{`"a\ud83d"`, "a\ufffd", true},
		{`"\udc00b"`, "\ufffdb", true},
		{"\"Caf\xe9\"", "Caf\ufffd", true},
		{"\"\xe9\xe8\"", "\ufffd\ufffd", true},
		{`7`, "7", true},
		{`12.0`, "12.0", true},
		{`1.0e+25`, "1.0e+25", true},
		{`true`, "true", true},
		{`false`, "false", true},
		{`null`, "", true},
		{`{}`, "", false},
		{`[]`, "", false},
		{`["a"]`, "", false},
	})
}

func TestKnownStringCostsNothing(t *testing.T) {
	raw, number := []byte(`"pending"`), []byte(`1234567`)
	allocs := testing.AllocsPerRun(100, func() {
		if s, _ := loose.String(raw, "open", "pending"); s != "pending" {
			t.Error(s)
		}
		if n, _ := loose.Int(number); n != 1234567 {
			t.Error(n)
		}
	})
	assert.Zero(t, allocs)
}

func TestDocument(t *testing.T) {
	t.Parallel()
	rows := []struct{ raw, want string }{
		{`"{\"key\": \"value\"}"`, `{"key": "value"}`},
		{`{"key":"value"}`, `{"key":"value"}`},
		{`[]`, `[]`},
		{`[1,{"a":null}]`, `[1,{"a":null}]`},
		{`"[]"`, `[]`},
		{`7`, `7`},
		{`"7"`, `7`},
		{`true`, `true`},
		{`"null"`, `null`},
		{`"\"a\""`, `"a"`},
		{`" {\"a\":1}\n"`, " {\"a\":1}\n"},
		{`"{\"key\": \"val"`, `"{\"key\": \"val"`},
		{`"plain <b> & text"`, `"plain <b> & text"`},
		{`"{\"a\":1}{\"b\":2}"`, `"{\"a\":1}{\"b\":2}"`},
		{`"NaN"`, `"NaN"`},
		{"{\"a\":\"\xe9\"}", "{\"a\":\"\ufffd\"}"},
		{"\"caf\xe9\"", "\"caf\ufffd\""},
		{`null`, ``},
		{`""`, ``},
		{`"  "`, ``},
	}
	for _, row := range rows {
		t.Run(row.raw, func(t *testing.T) {
			assert.Equal(t, row.want, string(loose.Document([]byte(row.raw))))
		})
	}
}

func TestDocumentIsACopy(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"a":1}`)
	document := loose.Document(raw)
	copy(raw, `{"b":2}`)
	assert.Equal(t, `{"a":1}`, string(document))
}

func TestKindAndIsBlank(t *testing.T) {
	t.Parallel()
	type row struct {
		raw   string
		kind  byte
		blank bool
	}
	for _, want := range []row{
		{``, 'n', true}, {`null`, 'n', true}, {`""`, '"', true}, {`" \t"`, '"', true}, {`"\n"`, '"', true},
		{`"a"`, '"', false}, {`true`, 't', false}, {`false`, 'f', false}, {`0`, '0', false}, {`-1`, '0', false},
		{`{}`, '{', false}, {`[]`, '[', false},
	} {
		t.Run(want.raw, func(t *testing.T) {
			raw := []byte(want.raw)
			assert.Equal(t, want, row{want.raw, loose.Kind(raw), loose.IsBlank(raw)})
		})
	}
}
