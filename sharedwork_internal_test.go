package pmpsmart

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Shared work has the latest deadline of those who share it, and none where one
// of them has none.
func TestSharedDeadline(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		t.Cleanup(cancel)
		return ctx
	}
	shared, ctx, cancel := share(at(time.Hour))
	defer cancel()
	_, ok := ctx.Deadline()
	require.False(t, ok, "nobody has joined")
	long := at(2 * time.Hour)
	for _, joining := range []context.Context{at(time.Minute), long, at(time.Hour)} {
		shared.joined(joining)
	}
	got, ok := ctx.Deadline()
	want, _ := long.Deadline()
	require.True(t, ok)
	require.True(t, want.Equal(got), "%s, want %s", got, want)
	shared.joined(t.Context())
	_, ok = ctx.Deadline()
	require.False(t, ok)
	require.NoError(t, ctx.Err())
}
