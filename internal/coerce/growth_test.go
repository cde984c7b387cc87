package coerce_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/coerce"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

type (
	chain struct {
		ID   int    `json:"id"`
		Next *chain `json:"c"`
	}
	tree struct {
		ID   int    `json:"id"`
		Kids []tree `json:"c"`
	}
	nest []nest
)

// Time and memory grow as the text, however deep recursive types and lists that
// stand as objects are in one another.
func TestGrowthWithDepth(t *testing.T) {
	for _, row := range []struct {
		name, open, end string
		levels          int // of nesting in one repetition
		target          func() any
	}{
		{"a chain", `{"id":1,"c":`, `}`, 1, func() any { return new(chain) }},
		{"a chain of drift", `{"id":"x","c":`, `}`, 1, func() any { return new(chain) }},
		{"a list", `{"id":1,"c":[`, `]}`, 2, func() any { return new(tree) }},
		{"an object for a list", `{"id":1,"c":`, `}`, 1, func() any { return new(tree) }},
		{"an object for a list, with drift", `{"id":"x","c":`, `}`, 1, func() any { return new(tree) }},
		{"a list by number", `{"id":1,"c":{"0":`, `}}`, 2, func() any { return new(tree) }},
		{"a list by key", `{"id":1,"c":{"a":`, `}}`, 2, func() any { return new(tree) }},
		{"a page", `{"id":1,"c":{"data":[`, `]}}`, 3, func() any { return new(tree) }},
		{"lists by number", `{"0":`, `}`, 1, func() any { return new(nest) }},
		{"lists by number and pages", `{"0":{"data":[`, `]}}`, 3, func() any { return new(nest) }},
		{"no identity", `{"c":`, `}`, 1, func() any { return new(tree) }},
		{"a struct that embeds a record", `{"id":1,"x":2,"next":`, `}`, 1, func() any { return new(recursive) }},
		{"a list of structs that embed a record", `{"kids":[`, `],"id":"x"}`, 2, func() any { return new(recursive) }},
		{"a resource", `{"id":1,"type":"t","attributes":{"next":`, `}}`, 2, func() any { return new(recursive) }},
		{"a field that a record has too", `{"next":{"id":`, `}}`, 2, func() any { return new(shadowing) }},
		{"anything", `{"c":`, `}`, 1, func() any { return new(any) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			decoding := func(n int) func() {
				text := []byte(strings.Repeat(row.open, n) + "null" + strings.Repeat(row.end, n))
				return func() {
					err := coerce.Decode(text, row.target(), coerce.Options{Location: wib, Known: known, Drift: func(coerce.Mismatch) error { return nil }})
					require.NoError(t, err)
				}
			}
			allocated := func(decode func()) uint64 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				decode()
				runtime.ReadMemStats(&after)
				return after.TotalAlloc - before.TotalAlloc
			}
			n := 2400 / row.levels
			bytes, bytes4 := allocated(decoding(n)), allocated(decoding(4*n))
			t.Logf("%d: %d KiB; %d: %d KiB", n, bytes>>10, 4*n, bytes4>>10)
			require.Less(t, bytes4, 6*bytes+64<<10, "bytes allocated")
			require.Less(t, testserver.Growth(64, decoding(n/8), decoding(2*n)), 64.0, "time")
		})
	}
}

// All levels of a deep value are decoded.
func TestDepth(t *testing.T) {
	t.Parallel()
	const n = 9990
	got, drifts := decode[tree](t, strings.Repeat(`{"id":7,"c":`, n)+"null"+strings.Repeat("}", n))
	require.Empty(t, drifts)
	depth := 1
	for at := &got; len(at.Kids) == 1; at = &at.Kids[0] {
		require.Equal(t, 7, at.ID)
		depth++
	}
	require.Equal(t, n, depth)
}

// The path of a mismatch that stands deep shows where, and no more than that.
func TestPathsAreShort(t *testing.T) {
	t.Parallel()
	_, drifts := decode[chain](t, strings.Repeat(`{"id":"x","c":`, 1000)+"null"+strings.Repeat("}", 1000))
	require.Len(t, drifts, 1000)
	require.Equal(t, `data`+strings.Repeat(".c", 63)+`.id (data`+strings.Repeat(".c", 63)+`.id): want int, got "x"`, drifts[63])
	require.Equal(t, `data.… (data.…): want int, got "x"`, drifts[64])
}
