//go:build !race

package pmpsmart_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Hooks cost nothing where there are none. The race detector allocates, too, and has
// sync.Pool forget at random.
func TestASmallCallAllocatesLittle(t *testing.T) { //nolint:paralleltest // other tests allocate too
	const most = 34
	c := offlineClient(t)
	require.LessOrEqual(t, testing.AllocsPerRun(200, func() { _, _ = c.GetOrder(t.Context(), 198) }), float64(most))
}
