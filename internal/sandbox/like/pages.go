package like

import (
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// A paging is how a list comes in pages.
type paging int

const (
	noPages paging = iota
	byNumber
	byCursor
)

// pagesOf returns how a list of that shape comes in pages: by number if it says which
// page it is and whether there is a next.
func pagesOf(s report.Shape) paging {
	roles := make(map[words.Role]bool)
	noteRoles(s, roles)
	hasNext := roles[words.Next] || roles[words.NextCursor] || roles[words.HasMore]
	switch {
	case roles[words.CurrentPage] && (hasNext || roles[words.LastPage] || roles[words.Total] && (roles[words.PerPage] || roles[words.Limit])):
		return byNumber
	case hasNext:
		return byCursor
	}
	return noPages
}

// noteRoles notes what the words around the records mean.
func noteRoles(s report.Shape, roles map[words.Role]bool) {
	for _, i := range s.Inner {
		roles[wordOf(i.Name).Role()] = true
		if i.Form == report.Object {
			noteRoles(i, roles)
		}
	}
}

// withPages returns a shape with the members of a paginator in the place of the one
// word that a shape has for them.
func withPages(s report.Shape) report.Shape {
	at := slices.IndexFunc(s.Inner, func(i report.Shape) bool { return isPaginator(i.Form) })
	records := slices.IndexFunc(s.Inner, hasPlace)
	inner := slices.Clone(s.Inner)
	for i := range inner {
		inner[i] = withPages(inner[i])
	}
	s.Inner = inner
	if at < 0 {
		return s
	}
	paginator := s.Inner[at].Form
	switch {
	case at < records: // its first word precedes the records, the others follow
		s.Inner[at] = member("current_page", "integer")
		s.Inner = slices.Insert(s.Inner, records+1, laravels(paginator)[1:]...)
	case paginator == report.CursorPaginator && len(s.Inner) == 2:
		s.Inner = slices.Replace(s.Inner, at, at+1, laravels(paginator)...)
	default: // an API resource's
		s.Inner = slices.Replace(s.Inner, at, at+1, resources(paginator)...)
	}
	return s
}

func isPaginator(form string) bool {
	return form == report.Paginator || form == report.SimplePaginator || form == report.CursorPaginator
}

func member(name, form string, inner ...report.Shape) report.Shape {
	return report.Shape{Name: name, Form: form, Inner: inner}
}

// laravels returns the members of one of Laravel's paginators but for the records.
func laravels(paginator string) []report.Shape {
	url := func(name string) report.Shape { return member(name, "string") }
	number := func(name string) report.Shape { return member(name, "integer") }
	switch paginator {
	case report.CursorPaginator:
		return []report.Shape{url("path"), number("per_page"), url("next_page_url"), url("prev_page_url")}
	case report.SimplePaginator:
		return []report.Shape{number("current_page"), url("first_page_url"), number("from"), url("next_page_url"), url("path"),
			number("per_page"), url("prev_page_url"), number("to")}
	}
	return []report.Shape{number("current_page"), url("first_page_url"), number("from"), number("last_page"), url("last_page_url"),
		member("links", report.Array), url("next_page_url"), url("path"), number("per_page"), url("prev_page_url"), number("to"), number("total")}
}

// resources returns what a collection of API resources makes of a paginator.
func resources(paginator string) []report.Shape {
	links := member("links", report.Object, member("first", "string"), member("last", "string"), member("prev", "string"), member("next", "string"))
	meta := member("meta", report.Object)
	for _, m := range laravels(paginator) {
		switch m.Name {
		case "first_page_url", "last_page_url", "next_page_url", "prev_page_url":
		default:
			meta.Inner = append(meta.Inner, m)
		}
	}
	return []report.Shape{links, meta}
}
