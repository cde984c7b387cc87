package codes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

func TestAlike(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"PMP-1", "pmp-1", true},
		{"PMP-1", "PMP-1 ", true},
		{"PMP-1", "PMP-1" + strings.Repeat(" ", 20), true}, // CHAR(25)
		{"PMP 1", "PMP\u00a01", true},
		{"PMP 1", "PMP&nbsp;1", true},
		{"PMP 1", "PMP  1", true},
		{"PMP-1", "PMP-1\u200b", true},
		{"PMP&1", "PMP&amp;1", true},
		{"PMP&1", "PMP&amp;amp;1", true},
		{"PMP&1", "PMP%261", true},
		{"<1>", "&lt;1&gt;", true},
		{`A"1`, "A&quot;1", true},
		{"A'1", `A\'1`, true},
		{"A'1", "A&#039;1", true},
		{"PMP-1", `"PMP-1"`, true},
		{"caf\u00e9", "cafe\u0301", true},
		{"caf\u00e9", "CAFE\u0301", true},
		{"caf\u00e9", "caf\ufffd", true},
		{"caf\u00e9", "caf?", true},
		{"A\u20131", "A?1", true},
		{"00123", "123", true},
		{"0", "000", true},
		{"0", "-0", true},
		{"1E10", "1.0e+10", true},
		{"1E10", "10000000000", true},
		{"1e-3", "0.001", true},
		{"1.50", "1.5", true},
		{".5", "0.5", true},
		{"+5", "5", true},
		{"12345678901234567890", "1.2345678901234567e+19", true},

		{"PMP-1", "PMP-10", false},
		{"PMP-1", "XPMP-1", false},
		{"PMP-1", "PMP1", false},
		{"PMP-1", "PMP 1", false},
		{"PMP-1", "", false},
		{"123", "124", false},
		{"123", "-123", false},
		{"123", "1230", false},
		{"1E10", "1E11", false},
		{"1E", "1", false},
		{".", "0", false},
		{"1E99999999999", "1E99999999998", false},
		{"20240101000000001", "20240101000000002", false}, // the same float64
		{"A\u4e00", "A\u4e8c", false},
		{"PMP-A", "PMP-\u00c1", false},
		{"x", strings.Repeat("x", 100), false},
	} {
		require.Equal(t, row.want, Alike(row.a, row.b), "%q and %q", row.a, row.b)
		require.Equal(t, row.want, Alike(row.b, row.a), "%q and %q", row.b, row.a)
	}
}

// The time that a comparison takes grows with the codes.
func TestAlikeIsLinear(t *testing.T) {
	for _, part := range []string{"&amp;", "0", "e\u0301", "%26", `\`, " a", "&", "%"} {
		alike := func(n int) func() {
			code := strings.Repeat(part, n)
			return func() { require.True(t, Alike(code, code+" "), part) }
		}
		require.Less(t, testserver.Growth(64, alike(2500), alike(40_000)), 64.0, part)
	}
}
