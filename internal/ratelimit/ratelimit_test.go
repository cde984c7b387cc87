package ratelimit

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// exact is how far a turn may be off: turns are reckoned in floating point.
const exact = float64(time.Microsecond)

func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(4, 3)
		began := time.Now()
		for n, want := range []time.Duration{0, 0, 0, 250 * time.Millisecond, 500 * time.Millisecond} {
			require.NoError(t, l.Wait(t.Context()))
			require.InDelta(t, want, time.Since(began), exact, n)
		}
		time.Sleep(time.Hour)
		began = time.Now()
		for range 4 {
			require.NoError(t, l.Wait(t.Context()))
		}
		require.InDelta(t, 250*time.Millisecond, time.Since(began), exact, "an unused hour saves no more than the burst")
	})
}

func TestWaitersAreServedInOrderOfTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(10, 1)
		began := time.Now()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if err := l.Wait(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.InDelta(t, 4900*time.Millisecond, time.Since(began), 50*exact)
	})
}

// Those who wait before count for whether a turn comes in time.
func TestTurnPastTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 1)
		require.NoError(t, l.Wait(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := l.Wait(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		err := l.Wait(ctx)
		require.EqualError(t, err, "the rate limit's next turn comes in 4s: context deadline exceeded")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, time.Since(began))
		all.Wait()
	})
}

func TestCanceledTurnsAreGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(4, 1)
		began := time.Now()
		require.NoError(t, l.Wait(t.Context()))
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 200 { // whose turns would take 50 s
			all.Go(func() {
				if err := l.Wait(ctx); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		cancel()
		all.Wait()
		require.NoError(t, l.Wait(t.Context()))
		require.InDelta(t, 250*time.Millisecond, time.Since(began), exact, "the second turn")
	})
}

// A context that has ended takes no turn.
func TestEndedContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New(1, 1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, l.Wait(ctx), context.Canceled)
		began := time.Now()
		require.NoError(t, l.Wait(t.Context()))
		require.Zero(t, time.Since(began))
	})
}
