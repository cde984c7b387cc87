// Package flight lets callers that want the same work done at the same moment
// share it, as golang.org/x/sync/singleflight does, but with a context for each
// caller and one for the work: a caller may stop waiting without ending the work
// for the others, and the work is canceled when the last of them has left.
package flight

import (
	"context"
	"sync"
)

// A Job is work that callers share. Its fields are its outcome: they may be read
// once [Flight.Wait] has returned nil.
type Job interface {
	// Run does the work. It is called once, in a goroutine of its own.
	Run(ctx context.Context)
}

// A Group holds the flights that are under way, at most one for each key that can
// still be joined. The zero Group is ready for use.
type Group[K comparable, J Job] struct {
	// Forget makes an abandoned flight, one that all its callers have left, give
	// way at once: who comes next starts another, though the work may be slow to
	// see that its context is canceled. Without Forget an abandoned flight has to
	// end before the next one begins, so that no two of a key ever run at the
	// same time.
	Forget bool

	mu      sync.Mutex
	flights map[K]*Flight[K, J]
}

// A Flight is a Job under way and those who wait for it.
type Flight[K comparable, J Job] struct {
	Job J

	group  *Group[K, J]
	key    K
	ctx    *sharedContext
	cancel context.CancelFunc
	done   chan struct{}

	waiting int  // under the group's mu
	claimed bool // under the group's mu

	err error // why Run did not return, nil if it did; set before done is closed
}

// Join joins the flight of key, or starts one with the job that newJob returns.
// Each Join needs a Wait or a Leave. The job's context has the values of the ctx
// that started it and the latest deadline of all who joined, if each of them has
// one.
//
// Join returns an error only in a Group without Forget: that of ctx, if it ends
// while an abandoned flight has not yet ended.
func (g *Group[K, J]) Join(ctx context.Context, key K, newJob func() J) (*Flight[K, J], error) {
	for {
		f, abandoned := g.join(ctx, key, newJob)
		if !abandoned {
			return f, nil
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// join is Join without the wait for the end of an abandoned flight.
func (g *Group[K, J]) join(ctx context.Context, key K, newJob func() J) (f *Flight[K, J], abandoned bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f = g.flights[key]
	if f != nil && f.waiting == 0 {
		return f, true
	}
	if f == nil {
		f = g.start(ctx, key, newJob())
	}
	f.waiting++
	f.ctx.extend(ctx)
	return f, false
}

// start starts a flight. The group's mu is locked.
func (g *Group[K, J]) start(ctx context.Context, key K, job J) *Flight[K, J] {
	f := &Flight[K, J]{Job: job, group: g, key: key, done: make(chan struct{})}
	f.ctx, ctx, f.cancel = newSharedContext(ctx)
	if g.flights == nil {
		g.flights = make(map[K]*Flight[K, J])
	}
	g.flights[key] = f
	go f.run(ctx)
	return f
}

// Waiting returns how many callers wait for the flight of key.
func (g *Group[K, J]) Waiting(key K) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f := g.flights[key]; f != nil {
		return f.waiting
	}
	return 0
}

// Wait waits for the flight's end and returns nil when its outcome can be read. If
// ctx ends first, Wait leaves the flight and returns the error of ctx.
//
// If the job panicked, Wait panics with a [*PanicError] in the goroutine of each
// caller that waits. If it ended by [runtime.Goexit], Wait returns [ErrGoexit].
func (f *Flight[K, J]) Wait(ctx context.Context) error {
	select {
	case <-f.done:
	case <-ctx.Done():
		select {
		case <-f.done: // just in time
		default:
			f.Leave()
			return ctx.Err()
		}
	}
	if p, ok := f.err.(*PanicError); ok { //nolint:errorlint // as recovered set it
		panic(p)
	}
	return f.err
}

// Leave stops waiting for the flight. The last to leave cancels it.
func (f *Flight[K, J]) Leave() {
	f.group.mu.Lock()
	defer f.group.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if f.group.Forget {
		f.remove()
	}
}

// Abandoned reports whether all callers have left the flight, whose work is canceled.
func (f *Flight[K, J]) Abandoned() bool {
	f.group.mu.Lock()
	defer f.group.mu.Unlock()
	return f.waiting == 0
}

// Claim reports whether this is the first call of Claim on the flight: what may
// be handed to one caller alone is the first one's.
func (f *Flight[K, J]) Claim() bool {
	f.group.mu.Lock()
	defer f.group.mu.Unlock()
	first := !f.claimed
	f.claimed = true
	return first
}

// run runs the job and ends the flight, however the job ends.
func (f *Flight[K, J]) run(ctx context.Context) {
	defer f.cancel()
	defer func() {
		f.group.mu.Lock()
		defer f.group.mu.Unlock()
		f.remove()
		close(f.done)
	}()
	f.err = ErrGoexit // unless Run returns or panics
	defer f.recovered()
	f.Job.Run(ctx)
	f.err = nil
}

// remove takes the flight out of its group, where another may have its key by now.
// The group's mu is locked.
func (f *Flight[K, J]) remove() {
	if f.group.flights[f.key] == f {
		delete(f.group.flights, f.key)
	}
}
