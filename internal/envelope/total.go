package envelope

import (
	"cmp"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// total returns how many records the whole list has, 0 where that was not said. What
// stands at the top, beside the list or in an object such as meta says so: not what
// stands in a summary or in a record. A total that the records have as well, without
// a word of pages, may be the sum of theirs.
func (r *reader) total() int64 {
	p := &r.pager
	if p.totalWord == words.None {
		return p.counted
	}
	if p.total > int64(r.count) && !p.paged && len(r.first) > 0 {
		for name, value := range loose.Members(r.first) {
			if words.Of(name) != p.totalWord {
				continue
			}
			if own, ok := loose.Float(value); ok && own > 0 && own <= float64(p.total) {
				return p.counted
			}
		}
	}
	return p.total
}

// countsPages reports whether the total is how many pages there are, as in jqGrid's
// {"page": 1, "total": 3, "rows": […]}: the first page has more records than that.
func (r *reader) countsPages(a *Answer) bool {
	return a.Total > 0 && a.Total < int64(a.Count) && a.Page.Current == 1 && a.Page.Last == 0 && a.Page.Cursor == "" &&
		r.pager.totalWord.Name() == "total"
}

// amend takes from other what p does not say.
func (p *pager) amend(other *pager) {
	if p.totalWord == words.None {
		p.total, p.totalWord = other.total, other.totalWord
	}
	p.counted = cmp.Or(p.counted, other.counted)
	p.perPage, p.limit = cmp.Or(p.perPage, other.perPage), cmp.Or(p.limit, other.limit)
	p.lastLink = cmp.Or(p.lastLink, other.lastLink)
	p.Current, p.Last = cmp.Or(p.Current, other.Current), cmp.Or(p.Last, other.Last)
	if !p.More {
		p.Next, p.Cursor, p.More, p.Link = other.Next, other.Cursor, other.More, other.Link
	}
	p.paged, p.zero = p.paged || other.paged, p.zero || other.zero
	p.byOffset, p.token, p.partial = p.byOffset || other.byOffset, p.token || other.token, p.partial || other.partial
}
