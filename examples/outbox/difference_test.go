package main

import (
	"strings"
	"testing"
)

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ a, b, want string }{
		{`{"a":1,"b":[{}]}`, `{ "b":[[]],"a":1}`, ""},
		{`{"a":1,"b":{"c":[1,2]}}`, `{"a":1,"b":{"c":[1,3]}}`, "/b/c/1"},
		{`{"a":12.50}`, `{"a":12.5}`, "/a"},
		{`{"a":null}`, `{}`, "/a"},
		{`{"b":1}`, `{"b":1,"a":null}`, "/a"},
		{`{"a":[1]}`, `{"a":[1,2]}`, "/a/1"},
		{`{"a":[1]}`, `{"a":{"0":1}}`, "/a"},
		{`{"a":1}`, `{"a":{"b":1}}`, "/a"},
		{`{"a":1}`, `{"a":"1"}`, "/a"},
		{`{"a":1}`, ``, ""},
		{`1`, `[`, ""},
		{strings.Repeat("[", 9000) + "1" + strings.Repeat("]", 9000), strings.Repeat("[", 9000) + "2" + strings.Repeat("]", 9000), strings.Repeat("/0", 9000)},
	} {
		for range 2 {
			if got := difference([]byte(row.a), []byte(row.b)); got != row.want {
				t.Errorf("%.40s and %.40s differ at %.40q; want %.40q", row.a, row.b, got, row.want)
			}
			row.a, row.b = row.b, row.a
		}
	}
}
