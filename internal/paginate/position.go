// Package paginate walks the pages of a list: which page to ask for next, when to
// stop, and how pages are fetched before they are needed.
package paginate

import (
	"fmt"
	"hash/maphash"
	"net/url"
	"strconv"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// maxPages limits the length of a list, so that a server that always announces
// one page more is not followed forever.
const maxPages = 10_000_000

// maxEmptyPages limits consecutive empty pages. A server sends them if it filters
// the records of a page after it has counted the pages.
const maxEmptyPages = 100

// A Position is a position in a paginated list. The zero Position is that of the
// first page, which is requested without a query, as the vendor documents it.
type Position struct {
	page   int    // the number to ask for, 0 for the first page
	cursor string // to ask for, if pages have no numbers
	last   int    // the last page's number, 0 if unknown

	fetched    int // pages so far
	emptyPages int // how many of the latest pages were empty in a row

	seed    maphash.Seed
	cursors map[uint64]struct{} // hashes of the cursors so far
}

// RawQuery returns the query that asks for the page, without a question mark.
func (p *Position) RawQuery() string {
	switch {
	case p.cursor != "":
		return "cursor=" + url.QueryEscape(p.cursor)
	case p.page > 0:
		return queryOf(p.page)
	}
	return ""
}

// Number returns the number of the page, or 0 if pages have none or it is the first.
func (p *Position) Number() int { return p.page }

func queryOf(page int) string { return "page=" + strconv.Itoa(page) }

// HasMore reports whether page, the one at p, says that more pages follow.
func (p *Position) HasMore(page envelope.Page) bool {
	return page.More || page.Rest || p.lastOf(page) > max(p.page, page.Current, 1)
}

// lastOf returns the last page's number as page says it, or else as an earlier one
// did; 0 if none did.
func (p *Position) lastOf(page envelope.Page) int {
	if page.Last > 0 {
		return page.Last
	}
	return p.last
}

// Advance moves p to the page after the one that a holds, and reports whether
// there is one. If the list goes on where p can't follow the error is a *StuckError: p
// never goes back.
func (p *Position) Advance(a *envelope.Answer) (more bool, err error) {
	p.fetched++
	current := max(p.page, 1)
	if a.Count > 0 {
		p.emptyPages = 0
	} else if p.emptyPages++; a.Page.Last <= max(current, a.Page.Current) {
		return false, nil
	}
	if err := p.check(a); err != nil {
		return false, err
	}
	if a.Page.Current > 0 {
		current = a.Page.Current
	}
	if a.Page.Last > 0 {
		p.last = a.Page.Last
		if current >= a.Page.Last {
			return false, nil
		}
	}
	return p.moveTo(a.Page, current)
}

// A StuckError says why a list that goes on can't be followed to its end.
type StuckError struct{ Why string }

// Error says why.
func (e *StuckError) Error() string { return e.Why }

func stuck(format string, args ...any) error { return &StuckError{fmt.Sprintf(format, args...)} }

// check returns an error if the list has no end, or if the page is not the one that
// was asked for.
func (p *Position) check(a *envelope.Answer) error {
	switch page := a.Page; {
	case p.emptyPages > maxEmptyPages:
		return fmt.Errorf("the list has more than %d empty pages in a row, and %d pages in all", maxEmptyPages, page.Last)
	case p.fetched >= maxPages:
		return fmt.Errorf("the list has more than %d pages", maxPages)
	case p.page > 0 && page.Current > 0 && page.Current != p.page:
		return stuck("asked for page %d of the list and got page %d: the server repeats its pages", p.page, page.Current)
	case a.Repeats && p.page > 0:
		return stuck("asked for page %d of the list and got what the page before it began with: the server repeats its pages", p.page)
	case a.Repeats:
		return stuck("asked for the list's next cursor and got what the page before it began with: the server repeats its pages")
	}
	return nil
}

// moveTo moves p to the page that follows page, whose number is current.
func (p *Position) moveTo(page envelope.Page, current int) (more bool, err error) {
	switch {
	case page.Next > 0 && page.Next <= current:
		return false, stuck("page %d of the list names page %d as the next: the server repeats its pages", current, page.Next)
	case page.Next > 0:
		p.page, p.cursor = page.Next, ""
	case page.Cursor != "":
		if !p.isNew(page.Cursor) {
			return false, stuck("the list's next cursor was there before: the server repeats its pages")
		}
		p.page, p.cursor = 0, page.Cursor
	case page.Link != "":
		return false, stuck("the list goes on at a link that names neither page nor cursor: %q", page.Link)
	case p.lastOf(page) > current || page.More:
		p.page, p.cursor = current+1, ""
	default:
		return false, nil
	}
	return true, nil
}

// isNew records a cursor and reports whether it was not there before. Only its
// hash is kept, since a long list has many.
func (p *Position) isNew(cursor string) bool {
	if p.cursors == nil {
		p.seed, p.cursors = maphash.MakeSeed(), make(map[uint64]struct{})
	}
	hash := maphash.String(p.seed, cursor)
	_, known := p.cursors[hash]
	p.cursors[hash] = struct{}{}
	return !known
}
