package flight

import (
	"context"
	"math"
	"sync/atomic"
	"time"
)

// A sharedContext is the context of work that several callers share: it has the
// values of the first one's, none of them can cancel it, and its deadline is the
// latest of theirs. Work that heeds the deadline does not begin a wait whose end
// nobody would see.
type sharedContext struct {
	context.Context
	latest atomic.Int64 // in nanoseconds since 1970, or noDeadline
}

const noDeadline = math.MaxInt64

// newSharedContext returns a shared context for the first caller's, and one made
// of it that can be canceled.
func newSharedContext(ctx context.Context) (*sharedContext, context.Context, context.CancelFunc) {
	shared := &sharedContext{Context: context.WithoutCancel(ctx)}
	shared.extend(ctx)
	ctx, cancel := context.WithCancel(shared)
	return shared, ctx, cancel
}

// extend makes the deadline that of ctx if it is later. The group's mu is locked.
func (s *sharedContext) extend(ctx context.Context) {
	latest := int64(noDeadline)
	if deadline, ok := ctx.Deadline(); ok {
		latest = deadline.UnixNano()
	}
	s.latest.Store(max(latest, s.latest.Load()))
}

// Deadline returns the latest deadline of the callers, if each of them has one.
func (s *sharedContext) Deadline() (time.Time, bool) {
	latest := s.latest.Load()
	if latest == noDeadline {
		return time.Time{}, false
	}
	return time.Unix(0, latest), true
}
