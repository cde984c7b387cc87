package envelope

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A pager gathers what a paginator says, at whatever level it says it.
type pager struct {
	Page
	total, perPage int64
	limit          int64 // a page's size where the page has a number, and else any bound
}

// add takes in one member of a paginator.
func (p *pager) add(name words.Word, value []byte) { p.addTo(name, value, 3) }

// addTo looks depth objects deep.
func (p *pager) addTo(name words.Word, value []byte, depth int) {
	switch name.Role() {
	case words.CurrentPage:
		setNumber(&p.Current, value)
	case words.LastPage:
		setNumber(&p.Last, value)
	case words.Total:
		p.total, _ = loose.Int(value)
	case words.PerPage:
		p.perPage, _ = loose.Int(value)
	case words.Limit:
		p.limit, _ = loose.Int(value)
	case words.NextCursor:
		if text, ok := loose.String(value); ok && text != "" {
			p.Cursor, p.More = text, true
		}
	case words.HasMore:
		if more, ok := loose.Bool(value); ok && more {
			p.More = true
		}
	case words.Next:
		p.addNext(value)
	case words.Links, words.Meta:
		if loose.Kind(value) == '{' && depth > 0 {
			for inner, value := range loose.Members(value) {
				p.addTo(words.Of(inner), value, depth-1)
			}
		}
	}
}

// addNext takes the next page's number, or its link.
func (p *pager) addNext(value []byte) {
	if n, ok := loose.Int(value); ok && n > 0 && loose.Kind(value) != 't' {
		setNumber(&p.Next, value)
		p.More = true
		return
	}
	p.addLink(value)
}

func setNumber(at *int, value []byte) {
	if n, ok := loose.Int(value); ok && n > 0 && n < 1<<31 {
		*at = int(n)
	}
}

// addLink takes page and cursor from the next page's link, and nothing else.
func (p *pager) addLink(value []byte) {
	if loose.Kind(value) == '{' {
		value = member(value, "href")
	}
	text, ok := loose.String(value)
	if !ok || strings.TrimSpace(text) == "" || loose.Kind(value) != '"' {
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

// page returns the Page, with the last one's number worked out where a total and a
// size say it.
func (p *pager) page() Page {
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
