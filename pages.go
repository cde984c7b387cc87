package pmpsmart

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"net/url"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// maxPages bounds a list: a server that always names one page more is not
// followed for ever.
const maxPages = 10_000_000

// maxEmptyPages bounds the empty pages in a row, which a server sends that filters
// a page's records after it has counted its pages.
const maxEmptyPages = 100

// list is the way of a method that gives a list as a slice. The records of a
// page that was cut are taken back, and the page is asked for again.
func list[T any](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], request func() (any, []*InputError), opts []CallOption) ([]T, error) {
	in, problems := request()
	k, err := c.begin(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	records := m.Gather()
	defer records.Free()
	start, page := 0, 0
	err = c.pages(ctx, k, func(r *reply, number int) (*envelope.Answer, bool, error) {
		if number != page {
			start, page = records.Len(), number
		}
		records.Back(start)
		a, err := envelope.List(r.body, m, k.options(r), records.Next, records.Keep)
		return a, false, k.settle(r, a, err)
	})
	if err = k.end(ctx, err); err != nil {
		return nil, err
	}
	return records.Join(), nil
}

// listSeq is the way of a method that gives a list one record at a time. A page
// is asked for again only while none of its records was yielded.
func listSeq[T any](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], request func() (any, []*InputError), opts []CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero, record T
		in, problems := request()
		k, err := c.begin(ctx, e, in, opts, problems...)
		if err != nil {
			yield(zero, err)
			return
		}
		k.perRecord = true
		count := 0
		err = c.pages(ctx, k, func(r *reply, _ int) (a *envelope.Answer, yielded bool, err error) {
			before := count
			a, err = envelope.List(r.body, m, k.options(r), func() *T { return &record }, func() bool {
				count++
				return yield(record, nil)
			})
			if err = k.settle(r, a, err); err != nil && count > before && !errors.Is(err, envelope.ErrStopped) {
				k.meet(r, a.Drifts) // of records that were yielded
			}
			return a, count > before, err
		})
		stopped := errors.Is(err, envelope.ErrStopped)
		if stopped {
			err = nil
		}
		if err = k.end(ctx, err); err == nil || stopped {
			return
		}
		if count > 0 {
			err = &opError{op: k.op, what: "after " + howMany(count), err: err}
		}
		yield(zero, err)
	}
}

func howMany(records int) string {
	if records == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", records)
}

// pages asks for one page after the other and has each read, with the next ones
// under way meanwhile. read gives whether what it read can't be taken back.
func (c *Client) pages(ctx context.Context, k *call, read func(r *reply, number int) (a *envelope.Answer, yielded bool, err error)) error {
	k.isList = true
	var place walk
	ahead := c.newAhead(ctx, k)
	defer ahead.stop()
	for number := 1; ; number++ {
		var answer *envelope.Answer
		var r *reply
		ahead.fill(place)
		err := c.exchange(ctx, k, place.query(), ahead.take(place), func(got *reply) (yielded bool, err error) {
			r = got
			answer, yielded, err = read(r, number)
			return yielded, err
		})
		if err != nil {
			return err
		}
		answer.Page.Link = r.Cut(answer.Page.Link, 500) // may be shown
		switch more, err := place.next(answer); {
		case err != nil:
			return k.unreadable(r, nil, err)
		case !more && answer.Count == 0 && place.goesOn(answer.Page):
			return k.breaksOff(r)
		case !more:
			return nil
		}
	}
}

// breaksOff tells of a page that ends the list, since it is empty, and names
// another without saying how many there are: it might go on for ever.
func (k *call) breaksOff(r *reply) error {
	const want = "records, since more pages are said to follow"
	if k.client.strict {
		return k.unreadable(r, nil, &envelope.Problem{Text: "data: want " + want, Got: "an empty page", Drift: true})
	}
	k.note(Drift{Op: k.op, Path: "data", Want: want, Got: json.RawMessage("[]"), Count: 1})
	return nil
}

// A walk is a place in a paginated list. The zero walk asks for the first page,
// in the vendor's own words: with no query at all.
type walk struct {
	page   int    // the number asked for, 0 for the first page
	cursor string // asked for, where pages have no numbers
	last   int    // the last page's number, 0 where it is not known
	asked  int    // pages so far
	empty  int    // how many of the last pages were empty
	first  []byte // the first record of the last page, where it did not say which it is
	count  int    // the records of the last page
	seed   maphash.Seed
	seen   map[uint64]struct{} // hashes of the cursors asked for
}

func (w *walk) query() string {
	switch {
	case w.cursor != "":
		return "?cursor=" + url.QueryEscape(w.cursor)
	case w.page > 0:
		return "?page=" + strconv.Itoa(w.page)
	}
	return ""
}

// goesOn reports whether the page that says p is not the last.
func (w *walk) goesOn(p envelope.Page) bool { return p.More || p.Last > max(w.page, p.Current, 1) }

// next goes on to the page after the one that gave a. It never goes back: a server
// that does not heed the page would be asked for ever.
func (w *walk) next(a *envelope.Answer) (more bool, err error) {
	w.asked++
	current, p := max(w.page, 1), a.Page
	repeats := w.page > 0 && p.Next == 0 && a.First != nil && a.Count == w.count && bytes.Equal(a.First, w.first)
	w.first, w.count = a.First, a.Count
	if a.Count > 0 {
		w.empty = 0
	} else if w.empty++; p.Last <= max(current, p.Current) {
		return false, nil
	}
	switch {
	case w.empty > maxEmptyPages:
		return false, fmt.Errorf("the list has more than %d empty pages in a row, and %d pages in all", maxEmptyPages, p.Last)
	case repeats:
		return false, fmt.Errorf("asked for page %d of the list and got what the page before it began with: the server repeats its pages", w.page)
	case w.asked >= maxPages:
		return false, fmt.Errorf("the list has more than %d pages", maxPages)
	case w.page > 0 && p.Current > 0 && p.Current != w.page:
		return false, fmt.Errorf("asked for page %d of the list and got page %d: the server repeats its pages", w.page, p.Current)
	case p.Current > 0:
		current = p.Current
	}
	if p.Last > 0 {
		w.last = p.Last
		if current >= p.Last {
			return false, nil
		}
	}
	switch {
	case p.Next > 0 && p.Next <= current:
		return false, fmt.Errorf("page %d of the list names page %d as the next: the server repeats its pages", current, p.Next)
	case p.Next > 0:
		w.page, w.cursor = p.Next, ""
	case p.Cursor != "":
		if !w.isNew(p.Cursor) {
			return false, errors.New("the list's next cursor was there before: the server repeats its pages")
		}
		w.page, w.cursor = 0, p.Cursor
	case p.Link != "":
		return false, fmt.Errorf("the list goes on at a link that names neither page nor cursor: %s", p.Link)
	case p.Last > current || p.More:
		w.page, w.cursor = current+1, ""
	default:
		return false, nil
	}
	return true, nil
}

// isNew notes a cursor. Only its hash is kept: a long list has many.
func (w *walk) isNew(cursor string) bool {
	if w.seen == nil {
		w.seed, w.seen = maphash.MakeSeed(), make(map[uint64]struct{})
	}
	hash := maphash.String(w.seed, cursor)
	_, known := w.seen[hash]
	w.seen[hash] = struct{}{}
	return !known
}
