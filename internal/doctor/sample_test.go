package doctor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSample(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64][]int64{
		0: nil, 1: {1}, 5: {1, 2, 3, 4, 5}, 7: {1, 2, 3, 4, 5, 6, 7}, 10: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		11: {1, 2, 3, 4, 5, 7, 8, 9, 10, 11}, 2000: {1, 2, 3, 4, 5, 1996, 1997, 1998, 1999, 2000},
	} {
		var s sample
		for id := range n {
			s.add(id + 1)
			s.add(0) // an id that could not be read
		}
		assert.Equal(t, want, s.ids())
	}
}
