package envelope

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// addLastLink takes the last page's number from its link, where it is not known.
func (p *pager) addLastLink(value []byte) {
	if p.Last > 0 {
		return
	}
	if query := linkQuery(value); query != nil {
		setPage(&p.lastLink, query)
	}
}

// addLinks takes the next page's link from an array of links: the one whose rel says
// so, or the one behind the current page's. Where the last page is known it is not
// needed.
func (p *pager) addLinks(array []byte) {
	if p.Last > 0 || p.Next > 0 {
		return
	}
	behindActive := false
	for link := range loose.Elements(array) {
		if loose.Kind(link) != '{' {
			continue
		}
		url := member(link, "url")
		switch rel, _ := loose.String(member(link, "rel"), "next", "last"); {
		case strings.EqualFold(rel, "next"):
			p.addLink(link)
		case strings.EqualFold(rel, "last"):
			p.addLastLink(link)
		case loose.Kind(member(link, "active")) == 't':
			behindActive = true
		case behindActive && !loose.IsBlank(url):
			p.addLink(url)
			return
		}
	}
}

// addLink takes page and cursor from the next page's link, and nothing else.
func (p *pager) addLink(value []byte) {
	text := linkText(value)
	if text == "" {
		return
	}
	p.More = true
	p.Link = clean(text)
	query := linkQuery(value)
	if cursor := query.Get("cursor"); cursor != "" {
		p.Cursor, p.Link = cursor, ""
	}
	if setPage(&p.Next, query) {
		p.Link = ""
	}
}

// linkText returns the text of a link, or of an object that holds it.
func linkText(value []byte) string {
	if loose.Kind(value) == '{' {
		object := value
		if value = member(object, "href"); value == nil {
			value = member(object, "url")
		}
	}
	if loose.Kind(value) != '"' {
		return ""
	}
	return strings.TrimSpace(loose.Unquote(value))
}

// linkQuery returns the query of a link, nil if it is none.
func linkQuery(value []byte) url.Values {
	text := linkText(value)
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	return u.Query()
}

// setPage sets a page's number from a link's query, and reports whether it has one.
func setPage(at *int, query url.Values) bool {
	n, err := strconv.Atoi(query.Get("page"))
	if err != nil || n <= 0 {
		return false
	}
	*at = n
	return true
}
