package envelope

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func fill(g *Gather[order], from, to int) {
	for i := from; i < to; i++ {
		*g.next() = order{ID: int64(i)}
		g.keep()
	}
}

func TestGather(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3 * chunkSize} {
		g := orders.Gather()
		fill(g, 0, n)
		all := g.Join()
		assert.NotNil(t, all)
		assert.Len(t, all, n)
		assert.Equal(t, n, g.Len())
		for i, record := range all {
			assert.EqualValues(t, i, record.ID)
		}
		g.Free()
	}
}

// TestGatherBack takes back records of a page that was cut, be it that the page
// is read again or not.
func TestGatherBack(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 1, chunkSize, chunkSize + 1} {
		g := orders.Gather()
		fill(g, 0, 3*chunkSize+5)
		g.Back(kept)
		assert.Len(t, g.Join(), kept)
		fill(g, kept, kept+2)
		all := g.Join()
		assert.Len(t, all, kept+2)
		assert.EqualValues(t, kept+1, all[kept+1].ID)
		g.Back(kept)
		g.Free()
	}
}

// TestGatherFreesWhatRecordsPointTo: a chunk that waits for the next list must
// not hold the records of the last.
func TestGatherFreesWhatRecordsPointTo(t *testing.T) {
	t.Parallel()
	for _, kept := range []int{0, 1, chunkSize + 7, 2*chunkSize + 5} {
		g := NewModel(orders.setExtra, orders.getExtra, orders.fields...).Gather() // chunks of its own
		for range 2*chunkSize + 5 {
			*g.next() = order{Code: "kept alive"}
			g.keep()
		}
		*g.next() = order{Code: "begun"}
		chunks := g.chunks
		g.Back(kept)
		g.Free()
		for i, c := range chunks {
			for j := range c {
				assert.Empty(t, c[j].Code, "%d: chunk %d, record %d", kept, i, j)
			}
		}
	}
}
