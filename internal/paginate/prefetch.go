package paginate

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// errExited is the error of a page whose Fetch ended its goroutine.
var errExited = errors.New("the fetch of the page called runtime.Goexit")

// A Prefetcher fetches the next pages of a numbered list while earlier ones are
// read. What it has fetched waits unread, so that at most the connection's buffers
// hold a part of it. It is used by one goroutine.
type Prefetcher[T any] struct {
	// Ahead is how many pages may be fetched beyond the current one.
	Ahead int
	// Fetch makes the first attempt at a page. It calls connected once the
	// request has a connection; at the latest, its return means the same. Its
	// context is canceled once the page after it is taken.
	Fetch func(ctx context.Context, page int, rawQuery string, connected func()) (T, error)
	// Discard releases what Fetch returned for a page that nobody takes.
	Discard func(T)
	// Scarce says that requests may have to wait for each other's connections.
	// A page ahead must then not take the one that an earlier page needs: none
	// is fetched before Arrived was called for the current page, each only once
	// the one before it has its connection, and Retry gives them up.
	Scarce bool

	fetches map[int]*fetch[T] // by page, those that were not taken
	taken   *fetch[T]         // of the current page
	next    int               // the first page that is not being fetched
	running sync.WaitGroup
	broken  atomic.Pointer[any] // what a Discard panicked with
}

// Take returns a function that waits for the page at p and returns it, or nil if
// the page is not being fetched. Earlier pages, which the list has passed over,
// are given up, and the one taken before is canceled.
func (f *Prefetcher[T]) Take(ctx context.Context, p *Position) func() (T, error) {
	if !f.Scarce {
		f.start(ctx, p, p.page)
	}
	if f.taken != nil {
		f.taken.cancel()
	}
	f.taken = f.fetches[p.page]
	delete(f.fetches, p.page)
	f.giveUp(func(page int) bool { return page < p.page })
	if f.taken == nil {
		return nil
	}
	return f.taken.take
}

// Arrived says that the response for the page at p has begun.
func (f *Prefetcher[T]) Arrived(ctx context.Context, p *Position) {
	if f.Scarce {
		f.start(ctx, p, p.page+1)
	}
}

// Retry says that the page at p has to be fetched again.
func (f *Prefetcher[T]) Retry(p *Position) {
	if f.Scarce {
		f.giveUp(func(int) bool { return true })
		f.next = p.page
	}
}

// Stop cancels what is being fetched, and waits until it has ended. A panic of Discard
// goes on in Stop.
func (f *Prefetcher[T]) Stop() {
	if f.taken != nil {
		f.taken.cancel()
		if !f.taken.delivered {
			f.discard(f.taken)
		}
	}
	f.giveUp(func(int) bool { return true })
	f.running.Wait()
	if broken := f.broken.Load(); broken != nil {
		panic(*broken)
	}
}

// start fetches the pages from first to the last that may be ahead of p. Unless
// pages have numbers and the last one is known, nothing is guessed.
func (f *Prefetcher[T]) start(ctx context.Context, p *Position, first int) {
	if f.Ahead == 0 || p.page == 0 || p.last == 0 {
		return
	}
	if f.fetches == nil { // most lists have one page, and need none
		f.fetches = make(map[int]*fetch[T])
	}
	for f.next = max(f.next, first); f.next <= min(p.page+f.Ahead, p.last); f.next++ {
		var after *fetch[T]
		if f.Scarce {
			after = f.fetches[f.next-1]
		}
		f.fetches[f.next] = f.fetch(ctx, f.next, after)
	}
}

// fetch starts to fetch a page, once after has its connection.
func (f *Prefetcher[T]) fetch(ctx context.Context, page int, after *fetch[T]) *fetch[T] {
	one := &fetch[T]{done: make(chan struct{}), err: errExited}
	ctx, one.cancel = context.WithCancel(ctx)
	hasConnection := func() {}
	if f.Scarce {
		connected := make(chan struct{})
		one.connected = connected
		hasConnection = sync.OnceFunc(func() { close(connected) })
	}
	f.running.Go(func() {
		defer close(one.done)
		defer hasConnection()
		defer func() { one.panicked = recover() }()
		if after != nil {
			select {
			case <-after.connected:
			case <-ctx.Done():
				one.err = ctx.Err()
				return
			}
		}
		one.value, one.err = f.Fetch(ctx, page, queryOf(page), hasConnection)
	})
	return one
}

// giveUp cancels the fetches of some pages.
func (f *Prefetcher[T]) giveUp(match func(page int) bool) {
	for page, one := range f.fetches {
		if match(page) {
			delete(f.fetches, page)
			one.cancel()
			f.discard(one)
		}
	}
}

// discard releases what a fetch returns, when it does.
func (f *Prefetcher[T]) discard(one *fetch[T]) {
	f.running.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				f.broken.Store(&v)
			}
		}()
		if <-one.done; one.err == nil {
			f.Discard(one.value)
		}
	})
}

// A fetch is the first attempt at a page, in a goroutine of its own.
type fetch[T any] struct {
	cancel    context.CancelFunc
	connected <-chan struct{} // closed when its request has a connection; nil unless Scarce
	done      chan struct{}   // closed when the fields below are set
	value     T
	err       error
	panicked  any // what Fetch panicked with
	delivered bool
}

// take waits for the page. A panic of Fetch goes on in the goroutine that takes
// the page: in its own it would end the program.
func (f *fetch[T]) take() (T, error) {
	<-f.done
	f.delivered = true
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.value, f.err
}
