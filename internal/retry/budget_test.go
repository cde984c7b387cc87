package retry

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// left returns how many retries the budget still pays for.
func left(b *Budget) (n int) {
	for b.Spend() {
		n++
	}
	return n
}

func TestBudget(t *testing.T) {
	t.Parallel()
	b := NewBudget()
	require.Equal(t, 100, left(b))
	b.Refund(true)
	require.Equal(t, 1, left(b), "a retry that succeeded gives its cost back")
	for range retryCost - 1 {
		b.Refund(false)
		require.False(t, b.Spend())
	}
	b.Refund(false)
	require.True(t, b.Spend(), "so do five successes")
	for range 2 * budgetSize {
		b.Refund(true)
	}
	require.Equal(t, 100, left(b), "it never holds more than at first")
}

func TestBudgetIsShared(t *testing.T) {
	t.Parallel()
	b := NewBudget()
	var paid atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { paid.Add(int64(left(b))) })
	}
	all.Wait()
	require.EqualValues(t, 100, paid.Load())
}
