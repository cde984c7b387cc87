package pmpsmart

import (
	"context"
	"math"
	"sync/atomic"
	"time"
)

// A sharedContext is that of work which several callers share and which none of
// them may cancel. Its deadline is the latest of theirs, so that nothing in it
// waits for what nobody is there to see.
type sharedContext struct {
	context.Context
	latest atomic.Int64 // in nanoseconds since 1970
}

// share begins a context for the caller's work and others'. It keeps the caller's
// values.
func share(ctx context.Context) (*sharedContext, context.Context, context.CancelFunc) {
	shared := &sharedContext{Context: context.WithoutCancel(ctx)}
	ctx, cancel := context.WithCancel(shared)
	return shared, ctx, cancel
}

// joined notes one more caller.
func (s *sharedContext) joined(ctx context.Context) {
	until := int64(math.MaxInt64)
	if deadline, ok := ctx.Deadline(); ok {
		until = deadline.UnixNano()
	}
	for {
		latest := s.latest.Load()
		if until <= latest || s.latest.CompareAndSwap(latest, until) {
			return
		}
	}
}

// Deadline gives the latest deadline of the callers, if all of them have one.
func (s *sharedContext) Deadline() (time.Time, bool) {
	latest := s.latest.Load()
	if latest == 0 || latest == math.MaxInt64 {
		return time.Time{}, false
	}
	return time.Unix(0, latest), true
}
