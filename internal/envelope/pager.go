package envelope

import (
	"bytes"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A pager gathers what a paginator says, at whatever level it says it: at the top of
// the answer, beside the list, and in the objects that paginators put there.
type pager struct {
	Page
	total     int64      // records of the whole list
	totalWord words.Word // that says so
	counted   int64      // records of the whole list or of this page
	perPage   int64
	limit     int64 // a page's size where the page has a number, and else any bound
	lastLink  int   // the last page's number by its link

	paged    bool // there are words of pages, whatever they say
	zero     bool // pages are numbered from 0
	byOffset bool // pages are asked for by where they begin
	token    bool // a parameter that the API does not have leads to the next page
	partial  bool // the HTTP status says that not all of it came
}

// maxPagerDepth is how many objects deep a paginator's words may stand beside a list.
const maxPagerDepth = 3

// add takes in one member of a paginator.
func (p *pager) add(name words.Word, value []byte) {
	if !name.InBeside() {
		p.addTo(name, value, maxPagerDepth)
	}
}

// addTo takes in a member that may hold objects, depth deep.
func (p *pager) addTo(name words.Word, value []byte, depth int) {
	switch role := name.Role(); {
	case role < words.CurrentPage:
	case role == words.Total:
		p.addTotal(name, value)
	case role == words.Counted:
		setCount(&p.counted, value)
	case role < words.Pager:
		p.paged = true
		p.addPage(name, value, depth)
	case role == words.Links, role == words.Meta, role == words.Cursor:
		p.addBeside(name, value, depth)
	}
}

// addBeside takes in what stands in an object or array beside a list.
func (p *pager) addBeside(name words.Word, value []byte, depth int) {
	switch kind := loose.Kind(value); {
	case kind == '[' && name.Role() == words.Links:
		p.addLinks(value)
	case kind == '{' && depth > 0:
		for quoted, value := range loose.Members(value) {
			w := words.Of(quoted)
			if w.Role() == words.Next && name.Role() == words.Cursor {
				p.addCursor(value)
				continue
			}
			p.addTo(w, value, depth-1)
		}
	}
}

// addPage takes in a word of pages.
func (p *pager) addPage(name words.Word, value []byte, depth int) {
	switch name.Role() {
	case words.CurrentPage:
		if loose.Kind(value) == '{' {
			p.addBeside(name, value, depth)
		}
		p.addNumber(value)
	case words.LastPage:
		setNumber(&p.Last, value)
		p.More = p.More || loose.Kind(value) == 'f'
	case words.PerPage:
		setCount(&p.perPage, value)
	case words.Limit:
		setCount(&p.limit, value)
	case words.Next:
		p.addNext(value)
	case words.NextCursor:
		p.addCursor(value)
	case words.NextToken:
		p.token = p.token || says(value)
	case words.Offset:
		p.byOffset = p.byOffset || !loose.IsBlank(value)
	case words.HasMore:
		more, ok := loose.Bool(value)
		p.More = p.More || ok && more
	case words.IsLast:
		last, ok := loose.Bool(value)
		p.More = p.More || ok && !last && !loose.IsBlank(value)
	case words.Last:
		p.addLast(value, depth < maxPagerDepth)
	case words.LastLink:
		p.addLastLink(value)
	}
}

// says reports whether a value says yes, or names something.
func says(value []byte) bool {
	if flag, ok := loose.Bool(value); ok {
		return flag
	}
	return loose.Kind(value) == '"'
}

// addNumber takes the page's own number. One that is sent as 0 says that pages are
// numbered from there.
func (p *pager) addNumber(value []byte) {
	setNumber(&p.Current, value)
	if n, ok := loose.Int(value); ok && n == 0 && loose.Kind(value) != 'f' && !loose.IsBlank(value) {
		p.zero = true
	}
}

// addTotal takes how many records the whole list has. Of several words the one that
// the table has first counts. A text with a fraction is an amount, and an object, as
// Elasticsearch has it, holds the number.
func (p *pager) addTotal(name words.Word, value []byte) {
	if loose.Kind(value) == '{' {
		value = member(value, "value")
	}
	if p.totalWord != words.None && name > p.totalWord || loose.Kind(value) == '"' && bytes.IndexByte(value, '.') >= 0 {
		return
	}
	if setCount(&p.total, value) {
		p.totalWord = name
	}
}

// addNext takes the next page's number, its link, or whether there is one.
func (p *pager) addNext(value []byte) {
	if loose.Kind(value) == 't' {
		p.More = true
		return
	}
	if n, ok := loose.Int(value); ok && n > 0 {
		setNumber(&p.Next, value)
		p.More = true
		return
	}
	p.addLink(value)
}

// addCursor takes the next page's cursor.
func (p *pager) addCursor(value []byte) {
	if text, ok := loose.String(value); ok && text != "" {
		p.Cursor, p.More = text, true
	}
}

// addLast takes whether the page is the last, or the last page's link or, beside the
// list, its number.
func (p *pager) addLast(value []byte, beside bool) {
	switch loose.Kind(value) {
	case 'f':
		p.More = true
	case '0':
		if beside {
			setNumber(&p.Last, value)
		}
	default:
		p.addLastLink(value)
	}
}

func setNumber(at *int, value []byte) {
	if n, ok := loose.Int(value); ok && n > 0 && n < 1<<31 {
		*at = int(n)
	}
}

// setCount sets how many there are of something, and reports whether value says so.
func setCount(at *int64, value []byte) bool {
	n, ok := loose.Int(value)
	if !ok || n < 0 || loose.IsBlank(value) {
		return false
	}
	*at = n
	return true
}

// page returns the Page. The last one's number is worked out where a total and a size
// say it, and what can't be followed by page or cursor is only said to exist.
func (p *pager) page() Page {
	page, size := p.Page, p.perPage
	if size == 0 && page.Current > 0 {
		size = p.limit
	}
	if page.Last == 0 && p.total > 0 && size > 0 && !(p.byOffset && page.Current == 0) {
		if last := (p.total-1)/size + 1; last < 1<<31 {
			page.Last = int(last)
		}
	}
	if page.Last == 0 {
		page.Last = p.lastLink
	}
	if p.partial && p.totalWord == words.None && page == (Page{}) {
		page.Rest = true
	}
	switch numbered := page.Current > 0 || page.Last > 0 || page.Next > 0; {
	case page.Cursor != "":
	case p.zero:
		page = Page{Rest: page.More || page.Last > 1 || p.token, Link: page.Link}
	case p.token && numbered:
		page.More = true
	case p.token, p.byOffset && !numbered && page.Link == "":
		page = Page{Rest: page.More || p.token, Link: page.Link}
	}
	return page
}
