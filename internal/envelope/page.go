package envelope

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A Page is what an answer says of its place in a list. Zero fields were not
// sent.
type Page struct {
	Current int    // the page's own number
	Last    int    // the last page's
	Next    int    // the next page's, from a link or a member of its own
	Cursor  string // the next page's, where pages have no numbers
	More    bool   // there is a next page, whether or not it says which
	Link    string // the next page's link, whole, where it has neither page nor cursor
}

// pageWords gathers what a paginator says, at whatever level it says it.
type pageWords struct {
	Page
	total, perPage int64
	limit          int64 // a page's size where the page has a number, and else any bound
}

// isPageWord tells the names that paginators use, and others that stand around a
// list.
func isPageWord(name string) bool {
	switch name {
	case "total", "from", "to", "path", "count", "limit", "offset", "page", "pages":
		return true
	}
	return isPaginator(name) || isPageObject(name)
}

// isPaginator tells the names that nothing but a paginator has.
func isPaginator(name string) bool {
	switch name {
	case "current_page", "currentPage", "last_page", "lastPage", "total_pages", "totalPages", "total_page", "totalPage", "page_count", "pageCount",
		"per_page", "perPage", "page_size", "pageSize", "first_page_url", "last_page_url", "prev_page_url",
		"next_page_url", "nextPageUrl", "next_page", "nextPage", "prev_page", "prevPage", "next_cursor", "nextCursor",
		"prev_cursor", "prevCursor", "has_more", "hasMore", "has_more_pages", "hasMorePages", "next_url", "nextUrl":
		return true
	}
	return false
}

// isPageObject names the objects and lists that a paginator puts beside its
// records.
func isPageObject(name string) bool {
	switch name {
	case "links", "_links", "pagination", "paging", "paginator", "page_info", "pageInfo":
		return true
	}
	return isMeta(name)
}

// isMeta names the objects in which an answer speaks of itself.
func isMeta(name string) bool {
	switch name {
	case "meta", "_meta", "metadata", "metaData":
		return true
	}
	return false
}

// add takes in one member of a paginator.
func (p *pageWords) add(name string, raw []byte) { p.addTo(name, raw, 3) }

// addTo looks depth objects deep.
func (p *pageWords) addTo(name string, raw []byte, depth int) {
	switch name {
	case "current_page", "currentPage", "page":
		p.number(&p.Current, raw)
	case "last_page", "lastPage", "total_pages", "totalPages", "total_page", "totalPage", "page_count", "pageCount", "pages":
		p.number(&p.Last, raw)
	case "total":
		p.total, _ = loose.Int(raw)
	case "per_page", "perPage", "page_size", "pageSize":
		p.perPage, _ = loose.Int(raw)
	case "limit":
		p.limit, _ = loose.Int(raw)
	case "next_cursor", "nextCursor":
		if text, ok := loose.String(raw); ok && text != "" {
			p.Cursor, p.More = text, true
		}
	case "has_more", "hasMore", "has_more_pages", "hasMorePages":
		if more, ok := loose.Bool(raw); ok && more {
			p.More = true
		}
	case "next_page", "nextPage", "next_page_url", "nextPageUrl", "next_url", "nextUrl", "next":
		p.next(raw)
	default:
		if isPageObject(name) && loose.Kind(raw) == '{' && depth > 0 {
			for inner, value := range loose.Members(raw) {
				p.addTo(loose.Name(inner), value, depth-1)
			}
		}
	}
}

// next takes the next page's number, or its link.
func (p *pageWords) next(raw []byte) {
	if n, ok := loose.Int(raw); ok && n > 0 && loose.Kind(raw) != 't' {
		p.number(&p.Next, raw)
		p.More = true
		return
	}
	p.link(raw)
}

func (p *pageWords) number(at *int, raw []byte) {
	if n, ok := loose.Int(raw); ok && n > 0 && n < 1<<31 {
		*at = int(n)
	}
}

// link takes page and cursor from the next page's link, and nothing else.
func (p *pageWords) link(raw []byte) {
	if loose.Kind(raw) == '{' {
		raw = member(raw, "href")
	}
	text, ok := loose.String(raw)
	if !ok || strings.TrimSpace(text) == "" || loose.Kind(raw) != '"' {
		return
	}
	p.More = true
	p.Link = clean(text)
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return
	}
	query := u.Query()
	if cursor := query.Get("cursor"); cursor != "" {
		p.Cursor, p.Link = cursor, ""
	}
	if n, err := strconv.Atoi(query.Get("page")); err == nil && n > 0 {
		p.Next, p.Link = n, ""
	}
}

// page gives the Page, with the last one's number worked out where a total and
// a size say it.
func (p *pageWords) page() Page {
	page, size := p.Page, p.perPage
	if size <= 0 && page.Current > 0 {
		size = p.limit
	}
	if page.Last == 0 && p.total > 0 && size > 0 {
		if last := (p.total-1)/size + 1; last < 1<<31 {
			page.Last = int(last)
		}
	}
	return page
}
