package transport

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Each of many requests is ended at its own time, whichever began first and whichever is
// gone by then.
func TestWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var w watch
		began := time.Now()
		begin := func(timeout time.Duration) (*idleTimer, context.Context) {
			timer := new(idleTimer)
			return timer, timer.start(t.Context(), &w, timeout, waitLimit{length: time.Hour})
		}
		type pair struct {
			timer *idleTimer
			ctx   context.Context
			at    time.Duration
		}
		var all []pair
		for _, seconds := range []time.Duration{30, 10, 20, 10, 40, 25} {
			timer, ctx := begin(seconds * time.Second)
			all = append(all, pair{timer, ctx, seconds * time.Second})
		}
		for _, gone := range []int{0, 2, 5} { // the first, one in the middle, the last
			all[gone].timer.stop()
			all[gone].timer.stop()
		}
		for _, left := range []pair{all[1], all[3], all[4]} {
			<-left.ctx.Done()
			require.Equal(t, left.at, time.Since(began))
			require.EqualError(t, context.Cause(left.ctx), "the server was silent for "+left.at.String())
			left.timer.stop()
		}
		require.Nil(t, w.first)
		require.False(t, w.due.After(time.Now()), "nothing is left to wait for")

		// After a rest it goes on, and a shorter timeout does not wait for a longer one.
		time.Sleep(time.Hour)
		long, _ := begin(time.Hour)
		short, ctx := begin(time.Second)
		began = time.Now()
		<-ctx.Done()
		require.Equal(t, time.Second, time.Since(began))
		short.stop()
		long.stop()
		require.Nil(t, w.first)
	})
}

// A client that tests share is used on several clocks, one after the other.
func TestWatchOnSeveralClocks(t *testing.T) {
	t.Parallel()
	var w watch
	use := func(t *testing.T, timeout time.Duration) {
		other := new(idleTimer)
		other.start(t.Context(), &w, time.Hour, waitLimit{length: time.Hour})
		timer := new(idleTimer)
		ctx := timer.start(t.Context(), &w, timeout, waitLimit{length: time.Hour})
		<-ctx.Done()
		require.EqualError(t, context.Cause(ctx), "the server was silent for "+timeout.String())
		timer.stop()
		other.stop()
	}
	for range 2 {
		use(t, 10*time.Millisecond)
		synctest.Test(t, func(t *testing.T) { use(t, 10*time.Second) })
		synctest.Test(t, func(t *testing.T) { use(t, 30*time.Second) })
	}
}
