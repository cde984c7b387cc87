package flight_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go/internal/flight"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A job does what the test says.
type job struct {
	do     func(ctx context.Context, j *job)
	result int
}

func (j *job) Run(ctx context.Context) { j.do(ctx, j) }

type group = flight.Group[string, *job]

// newJob returns a function that makes a job and counts how often.
func newJob(started *atomic.Int32, do func(context.Context, *job)) func() *job {
	return func() *job {
		started.Add(1)
		return &job{do: do}
	}
}

func join(t *testing.T, g *group, ctx context.Context, do func(context.Context, *job)) *flight.Flight[string, *job] {
	t.Helper()
	f, err := g.Join(ctx, "key", func() *job { return &job{do: do} })
	require.NoError(t, err)
	return f
}

// untilCanceled is a job that ends when its context does.
func untilCanceled(ctx context.Context, _ *job) { <-ctx.Done() }

func TestCallersShareAJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g group
		var started, claimed atomic.Int32
		release := make(chan struct{})
		start := newJob(&started, func(_ context.Context, j *job) { <-release; j.result = 7 })
		const callers = 100
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				f, err := g.Join(t.Context(), "key", start)
				if assert.NoError(t, err) && assert.NoError(t, f.Wait(t.Context())) {
					assert.Equal(t, 7, f.Job.result)
				}
				if f.Claim() {
					claimed.Add(1)
				}
			})
		}
		other, err := g.Join(t.Context(), "another key", newJob(&started, func(_ context.Context, j *job) { j.result = 8 }))
		require.NoError(t, err)
		require.NoError(t, other.Wait(t.Context()))
		require.Equal(t, 8, other.Job.result)
		synctest.Wait()
		require.Equal(t, callers, g.Waiting("key"))
		close(release)
		all.Wait()
		require.EqualValues(t, 2, started.Load(), "one for each key")
		require.EqualValues(t, 1, claimed.Load())

		f := join(t, &g, t.Context(), func(_ context.Context, j *job) { j.result = 9 })
		require.NoError(t, f.Wait(t.Context()))
		require.Equal(t, 9, f.Job.result, "a flight that has ended is not joined")
	})
}

// Whoever leaves leaves the job to the others; the last one cancels it.
func TestTheLastToLeaveCancels(t *testing.T) {
	t.Parallel()
	for _, forget := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := group{Forget: forget}
			ctx, giveUp := context.WithCancel(t.Context())
			ended := false
			do := func(ctx context.Context, _ *job) { <-ctx.Done(); ended = true }
			first := join(t, &g, ctx, do)
			second, third := join(t, &g, t.Context(), do), join(t, &g, t.Context(), do)
			giveUp()
			require.ErrorIs(t, first.Wait(ctx), context.Canceled)
			second.Leave()
			synctest.Wait()
			require.False(t, ended, "one still waits")
			require.Equal(t, 1, g.Waiting("key"))
			third.Leave()
			synctest.Wait()
			require.True(t, ended)
			require.Zero(t, g.Waiting("key"))
		})
	}
}

// An outcome that is there is taken, though the caller's context has ended too.
func TestJustInTime(t *testing.T) {
	t.Parallel()
	for range 100 { // a select between two that are ready is random
		var g group
		ctx, cancel := context.WithCancel(t.Context())
		f := join(t, &g, ctx, func(_ context.Context, j *job) { j.result = 7 })
		require.NoError(t, f.Wait(ctx))
		cancel()
		require.NoError(t, f.Wait(ctx))
	}
}

// A job that does not heed its context, as a slow store may not, holds up nobody
// in a group that forgets.
func TestForgetMakesWayAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := group{Forget: true}
		release := make(chan struct{})
		stubborn := join(t, &g, t.Context(), func(context.Context, *job) { <-release })
		stubborn.Leave()
		do := func(_ context.Context, j *job) { j.result = 7 }
		f := join(t, &g, t.Context(), do)
		require.NoError(t, f.Wait(t.Context()))
		require.Equal(t, 7, f.Job.result)

		// The end of the one that was forgotten is not that of its successor.
		second := join(t, &g, t.Context(), untilCanceled)
		close(release)
		synctest.Wait()
		require.Equal(t, 1, g.Waiting("key"))
		require.Same(t, second, join(t, &g, t.Context(), do))
		second.Leave()
		second.Leave()
	})
}

// Without Forget no two flights of a key are ever under way.
func TestAnAbandonedFlightEndsFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g group
		release := make(chan struct{})
		ended := false
		join(t, &g, t.Context(), func(context.Context, *job) { <-release; ended = true }).Leave()
		hasty, giveUp := context.WithTimeout(t.Context(), time.Second)
		defer giveUp()
		_, err := g.Join(hasty, "key", func() *job { t.Error("started another"); return nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		time.AfterFunc(time.Minute, func() { close(release) })
		began := time.Now()
		f := join(t, &g, t.Context(), func(_ context.Context, j *job) {
			if ended {
				j.result = 7
			}
		})
		require.Equal(t, time.Minute, time.Since(began))
		require.NoError(t, f.Wait(t.Context()))
		require.Equal(t, 7, f.Job.result)
	})
}

// The job has the latest deadline of those who wait, and none if one of them has
// none; it has the values of the first.
func TestContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		within := func(d time.Duration) context.Context {
			ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, d), d)
			t.Cleanup(cancel)
			return ctx
		}
		var g group
		var ctx context.Context
		f := join(t, &g, within(time.Hour), func(got context.Context, _ *job) { ctx = got; <-ctx.Done() })
		synctest.Wait()
		requireDeadline := func(want time.Duration) {
			t.Helper()
			deadline, ok := ctx.Deadline()
			require.True(t, ok)
			require.True(t, deadline.Equal(now.Add(want)), "%s, want %s", deadline.Sub(now), want)
		}
		requireDeadline(time.Hour)
		join(t, &g, within(time.Minute), nil)
		requireDeadline(time.Hour)
		join(t, &g, within(2*time.Hour), nil)
		requireDeadline(2 * time.Hour)
		join(t, &g, t.Context(), nil)
		_, ok := ctx.Deadline()
		require.False(t, ok)
		require.Equal(t, time.Hour, ctx.Value(key{}))
		require.NoError(t, ctx.Err())
		for range 4 {
			require.NoError(t, ctx.Err())
			f.Leave()
		}
		require.ErrorIs(t, ctx.Err(), context.Canceled)
	})
}

// The context of a job ends with it, as does that of any call.
func TestContextEndsWithTheJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g group
		var ctx context.Context
		f := join(t, &g, t.Context(), func(got context.Context, _ *job) { ctx = got })
		require.NoError(t, f.Wait(t.Context()))
		synctest.Wait()
		require.ErrorIs(t, ctx.Err(), context.Canceled)
	})
}

// ends runs a job of two callers and returns what Wait panicked with, and what it
// returned, for both.
func ends(t *testing.T, do func()) (panicked [2]any, errs [2]error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var g group
		release := make(chan struct{})
		var all sync.WaitGroup
		for i := range 2 {
			f := join(t, &g, t.Context(), func(context.Context, *job) { <-release; do() })
			all.Go(func() {
				defer func() { panicked[i] = recover() }()
				errs[i] = f.Wait(t.Context())
			})
		}
		synctest.Wait()
		close(release)
		all.Wait()
		f := join(t, &g, t.Context(), func(_ context.Context, j *job) { j.result = 7 })
		require.NoError(t, f.Wait(t.Context()))
		require.Equal(t, 7, f.Job.result, "the group goes on")
	})
	return panicked, errs
}

func explode(v any) { panic(v) }

// A panic of the job is one of each of its callers, in their goroutines.
func TestPanic(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, value := range []any{"a text", 7, broken, nil} {
		panicked, errs := ends(t, func() { explode(value) })
		require.Equal(t, [2]error{}, errs)
		for _, v := range panicked {
			var p *flight.PanicError
			require.IsType(t, p, v)
			p = v.(*flight.PanicError)
			require.Contains(t, string(p.Stack), "flight_test.explode", "where it was")
			require.Contains(t, p.Error(), string(p.Stack))
			if value == nil {
				require.IsType(t, new(runtime.PanicNilError), p.Value)
				continue
			}
			require.Equal(t, value, p.Value)
			require.Equal(t, value == broken, errors.Is(p, broken))
		}
	}
}

// A panic that nobody waits for ends nothing but its flight.
func TestPanicOfAnAbandonedJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g group
		join(t, &g, t.Context(), func(ctx context.Context, _ *job) { <-ctx.Done(); panic("late") }).Leave()
		f := join(t, &g, t.Context(), func(_ context.Context, j *job) { j.result = 7 })
		require.NoError(t, f.Wait(t.Context()))
		require.Equal(t, 7, f.Job.result)
	})
}

func TestGoexit(t *testing.T) {
	t.Parallel()
	panicked, errs := ends(t, runtime.Goexit)
	require.Equal(t, [2]any{}, panicked)
	for _, err := range errs {
		require.ErrorIs(t, err, flight.ErrGoexit)
	}
}
