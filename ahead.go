package pmpsmart

import (
	"context"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// An ahead has the next pages of a numbered list under way while earlier ones
// are read. A page ahead waits unread: how much of it is in memory is bounded by
// the connection's buffers.
type ahead struct {
	c       *Client
	k       *call
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	flights map[int]*flight
	taken   *flight // whose page is being read
	next    int     // the first page that is not under way
}

// A flight is the first attempt at a page.
type flight struct {
	done   chan struct{}
	cancel context.CancelFunc
	reply  *reply
	err    error
}

// wait gives the attempt's outcome. A flight ends when the list does, or when the
// list has passed it.
func (f *flight) wait() (*reply, error) {
	<-f.done
	return f.reply, f.err
}

func (c *Client) newAhead(ctx context.Context, k *call) *ahead {
	return &ahead{c: c, k: k, ctx: ctx}
}

// fill starts the page of w and those after it, as far as the list is known to
// go on and as many as may be ahead.
func (a *ahead) fill(w walk) {
	if a.c.ahead == 0 || w.page == 0 || w.last == 0 {
		return
	}
	a.next = max(a.next, w.page)
	for ; a.next <= min(w.page+a.c.ahead, w.last); a.next++ {
		a.start(a.next)
	}
}

func (a *ahead) start(page int) {
	if a.flights == nil { // the first: most lists have one page
		a.flights = make(map[int]*flight)
		a.ctx, a.cancel = context.WithCancel(a.ctx)
	}
	ctx, cancel := context.WithCancel(a.ctx)
	f := &flight{done: make(chan struct{}), cancel: cancel}
	a.flights[page] = f
	query := (&walk{page: page}).query()
	a.running.Go(func() {
		defer close(f.done)
		f.reply, f.err = a.c.attempt(ctx, a.k, query, session.Lease{})
	})
}

// take hands over the attempt at the page of w, nil where none is under way.
// Pages before it, which the list has passed over, are given up.
func (a *ahead) take(w walk) *flight {
	f := a.flights[w.page]
	delete(a.flights, w.page)
	if a.taken != nil {
		a.taken.cancel() // it is read
	}
	a.taken = f
	for page, passed := range a.flights {
		if page < w.page {
			delete(a.flights, page)
			passed.cancel()
			a.running.Go(func() { r, _ := passed.wait(); r.close() })
		}
	}
	return f
}

// stop ends what is still under way, and waits until it has ended.
func (a *ahead) stop() {
	if a.flights == nil {
		return
	}
	a.cancel()
	a.running.Wait()
	for _, f := range a.flights {
		f.reply.close()
	}
}
