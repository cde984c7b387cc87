package loose

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWeight(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]int64{
		`1`:                   scalarWeight,
		`"[{,:\"[{"`:          scalarWeight,
		`[1, 2]`:              2*scalarWeight + containerWeight,
		`{"a": 1, "b": [{}]}`: 4*scalarWeight + 3*containerWeight,
	} {
		assert.Equal(t, want, Weight([]byte(raw)), raw)
		assert.Less(t, want, int64(MaxWeight*len(raw)+1), raw)
	}
}
