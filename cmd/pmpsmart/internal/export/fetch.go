package export

import (
	"context"
	"fmt"
	"iter"

	"github.com/pmpsmart/pmpsmart-go"
)

// A chunk is a part of a list, in the order in which the server has it.
type chunk struct {
	records []record
	page    int // the page that ends with them; 0 for none
	err     error
}

// How much of a list is read ahead of what is written.
const (
	chunkBytes  = 64 << 10
	chunksAhead = 12
)

// A source is where the records come from. It returns those of a list, from a page on.
type source func(ctx context.Context, ask asked, page int) iter.Seq2[record, error]

// ofServer returns the server as a source.
func (k *kind) ofServer(c *pmpsmart.Client) source {
	return func(ctx context.Context, ask asked, page int) iter.Seq2[record, error] {
		return k.list(ctx, c, ask, page)
	}
}

// A fetcher reads several lists at a time, each in a goroutine of its own, for one that
// takes them in their order.
type fetcher struct {
	source source
	query  *query
	ahead  int // how many lists are read at a time

	lists map[int]*fetch // by window
}

type fetch struct {
	chunks <-chan chunk
	page   int // that it began with
	cancel context.CancelFunc
	ended  <-chan struct{}
}

// take returns the chunks of the i-th list, from a page on, before which there are so
// many records. The channel is closed after
// its last chunk or error. Lists that come after it are begun as well.
func (f *fetcher) take(ctx context.Context, i, page int, before int64) <-chan chunk {
	if there := f.lists[i]; there != nil && there.page != page {
		f.drop(i)
	}
	for n := i; n < min(i+f.ahead, f.query.windows()); n++ {
		if f.lists[n] == nil {
			f.lists[n] = f.begin(ctx, n, page, before)
		}
		page, before = 1, 0
	}
	return f.lists[i].chunks
}

// drop ends the reading of the i-th list.
func (f *fetcher) drop(i int) {
	if there := f.lists[i]; there != nil {
		there.cancel()
		<-there.ended
		delete(f.lists, i)
	}
}

// stop ends the reading of all lists.
func (f *fetcher) stop() {
	for _, there := range f.lists {
		there.cancel()
	}
	for i := range f.lists {
		f.drop(i)
	}
}

// begin begins to read a list.
func (f *fetcher) begin(ctx context.Context, i, page int, before int64) *fetch {
	ctx, cancel := context.WithCancel(ctx)
	chunks, ended := make(chan chunk, chunksAhead), make(chan struct{})
	go func() {
		defer close(ended)
		defer close(chunks)
		r := reader{ctx: ctx, to: chunks}
		p := &pages{first: page, before: before, ended: r.endPage}
		for record, err := range f.source(context.WithValue(ctx, pagesKey{}, p), f.query.ask(i), page) {
			if err != nil {
				r.send(err)
				return
			}
			if !r.add(record) {
				return
			}
		}
		r.send(nil)
	}()
	return &fetch{chunks, page, cancel, ended}
}

// A reader makes chunks of a list's records.
type reader struct {
	ctx  context.Context
	to   chan<- chunk
	part chunk
	size int
	left bool // nobody takes the chunks any more
}

// add adds a record. It reports false if nobody wants more.
func (r *reader) add(one record) bool {
	if r.left || r.size > chunkBytes && !r.send(nil) {
		return false
	}
	r.part.records = append(r.part.records, one)
	r.size += len(one.line)
	return true
}

// endPage sends what belongs to a page that has ended, all of which was added.
func (r *reader) endPage(page int) {
	r.part.page = page
	r.send(nil)
}

// send sends the part. Once one was not taken no other is: the next page's would have its
// records, too.
func (r *reader) send(err error) bool {
	r.part.err = err
	if r.left {
		return false
	}
	select {
	case r.to <- r.part:
	case <-r.ctx.Done():
		r.left = true
		return false
	}
	r.part, r.size = chunk{}, 0
	return true
}

// pages learns from the client which pages of a list have been read to their end. Nobody
// else knows: a list's records come as those of one list.
type pages struct {
	first  int            // the page that the list begins with
	before int64          // records of the pages before that
	ended  func(page int) // called by the goroutine that reads the list, before the next page's records
}

type pagesKey struct{}

// pageHooks are the hooks of a client of which pages learn.
var pageHooks = pmpsmart.Hooks{Attempt: func(ctx context.Context, info pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
	p, ok := ctx.Value(pagesKey{}).(*pages)
	if !ok || info.Page == 0 {
		return ctx, nil
	}
	page := info.Page
	if page == 1 {
		page = p.first
	}
	return ctx, func(result pmpsmart.AttemptResult) {
		if result.Err == nil { // not even that nobody needs it any more
			p.ended(page)
		}
	}
}}

// isShort reports whether a drift is that of a list that ends before it should. One that
// was begun at a later page has what came before it too.
func isShort(ctx context.Context, d pmpsmart.Drift) bool {
	if d.Path != "data" {
		return false
	}
	var total, got int64
	p, ok := ctx.Value(pagesKey{}).(*pages)
	if !ok || p.first <= 1 {
		return true
	}
	if _, err := fmt.Sscanf(d.Want, "the %d records of its total", &total); err != nil {
		return true
	}
	_, err := fmt.Sscan(string(d.Got), &got)
	return err != nil || p.before+got < total
}
