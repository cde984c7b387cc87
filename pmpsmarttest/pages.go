package pmpsmarttest

import (
	"encoding/base64"
	"encoding/json"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Laravel's three paginators, their resources, and the one of an application
// that built its own.

func isPaged(list string) bool {
	return list == "paginated" || list == "simple" || list == "cursor" || list == "toplevel" || list == "beside" ||
		strings.HasPrefix(list, "resources")
}

// paginate gives the page that was asked for, as one of Laravel's paginators
// shows it.
func (x *exchange) paginate(paginator string, rows rows) object {
	switch paginator {
	case "simple":
		return x.simplePage(rows)
	case "cursor":
		return x.cursorPage(rows)
	}
	return x.numberedPage(rows)
}

// pageURL is a page's address, or nil where there is no such page.
func (x *exchange) pageURL(name, value string, exists bool) any {
	if !exists {
		return nil
	}
	return x.url() + "?" + url.Values{name: {value}}.Encode()
}

func (x *exchange) numberURL(n int64, exists bool) any {
	return x.pageURL("page", strconv.FormatInt(n, 10), exists)
}

// pageNumber is the page that was asked for, or the first.
func (x *exchange) pageNumber() int64 {
	if n, ok := phpInt(x.input["page"]); ok && n >= 1 {
		return min(n, 1<<31)
	}
	return 1
}

// listPage is the number of the page of a list that was asked for, whatever the
// style; 0 where the request is for no list or names its place by a cursor.
func (x *exchange) listPage() int64 {
	if !x.route.list || x.input["cursor"] != nil {
		return 0
	}
	return x.pageNumber()
}

// numberedPage is a LengthAwarePaginator.
func (x *exchange) numberedPage(rows rows) object {
	perPage, current, total := x.s.perPage, x.pageNumber(), rows.count()
	last := max(1, (total+perPage-1)/perPage)
	records := rows.page((current-1)*perPage, perPage)
	from, to := fromTo(current, perPage, len(records))
	previous, next := x.numberURL(current-1, current > 1), x.numberURL(current+1, current < last)
	return object{
		{"current_page", current},
		{"data", records},
		{"first_page_url", x.numberURL(1, true)},
		{"from", from},
		{"last_page", last},
		{"last_page_url", x.numberURL(last, true)},
		{"links", x.pageLinks(current, last, previous, next)},
		{"next_page_url", next},
		{"path", x.url()},
		{"per_page", perPage},
		{"prev_page_url", previous},
		{"to", to},
		{"total", total},
	}
}

// simplePage is a Paginator.
func (x *exchange) simplePage(rows rows) object {
	perPage, current := x.s.perPage, x.pageNumber()
	records := rows.page((current-1)*perPage, perPage+1)
	more := int64(len(records)) > perPage
	records = records[:min(int64(len(records)), perPage)]
	from, to := fromTo(current, perPage, len(records))
	return object{
		{"current_page", current},
		{"data", records},
		{"first_page_url", x.numberURL(1, true)},
		{"from", from},
		{"next_page_url", x.numberURL(current+1, more)},
		{"path", x.url()},
		{"per_page", perPage},
		{"prev_page_url", x.numberURL(current-1, current > 1)},
		{"to", to},
	}
}

// fromTo are the numbers of a page's first and last record.
func fromTo(current, perPage int64, n int) (from, to any) {
	if n == 0 {
		return nil, nil
	}
	first := (current-1)*perPage + 1
	return first, first + int64(n) - 1
}

// A cursor is where a CursorPaginator goes on.
type cursor struct {
	ID   int64 `json:"id"`
	Next bool  `json:"_pointsToNextItems"`
}

func (c cursor) encode() string {
	text, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(text)
}

func (x *exchange) cursor() (c cursor, given bool) {
	text, err := base64.RawURLEncoding.DecodeString(x.input.text("cursor"))
	return c, err == nil && len(text) > 0 && json.Unmarshal(text, &c) == nil
}

// cursorPage is a CursorPaginator.
func (x *exchange) cursorPage(rows rows) object {
	perPage := x.s.perPage
	at, given := x.cursor()
	var records []record
	more := false
	if given && !at.Next {
		records = rows.before(at.ID, perPage+1)
		more = int64(len(records)) > perPage
		records = records[max(0, int64(len(records))-perPage):]
	} else {
		records = rows.after(at.ID, perPage+1)
		more = int64(len(records)) > perPage
		records = records[:min(int64(len(records)), perPage)]
	}
	if records == nil {
		records = []record{}
	}
	forward := !given || at.Next
	return object{
		{"data", records},
		{"path", x.url()},
		{"per_page", perPage},
		{"next_page_url", x.cursorURL(records, true, more || !forward)},
		{"prev_page_url", x.cursorURL(records, false, given && (forward || more))},
	}
}

func (x *exchange) cursorURL(records []record, next, exists bool) any {
	if len(records) == 0 {
		return nil
	}
	at := records[0]
	if next {
		at = records[len(records)-1]
	}
	id, _ := at.fields[0].value.(int64)
	return x.pageURL("cursor", cursor{id, next}.encode(), exists)
}

// pageLinks are the buttons of a numbered paginator: all pages where they are
// few, else those at the ends and around the current one.
func (x *exchange) pageLinks(current, last int64, previous, next any) []any {
	const around = 3
	const window = around + 4
	links := []any{link(previous, "&laquo; Previous", false)}
	pages := func(first, last int64) {
		for n := first; n <= last; n++ {
			links = append(links, link(x.numberURL(n, true), strconv.FormatInt(n, 10), n == current))
		}
	}
	dots := func() { links = append(links, link(nil, "...", false)) }
	switch {
	case last < 2*around+8:
		pages(1, last)
	case current <= window:
		pages(1, window+around)
		dots()
		pages(last-1, last)
	case current > last-window:
		pages(1, 2)
		dots()
		pages(last-(window+around-1), last)
	default:
		pages(1, 2)
		dots()
		pages(current-around, current+around)
		dots()
		pages(last-1, last)
	}
	return append(links, link(next, "Next &raquo;", false))
}

func link(url any, label string, active bool) object {
	return object{{"url", url}, {"label", label}, {"active", active}}
}

// asResources is what a collection of API resources makes of a paginator.
func asResources(page object) object {
	links := object{{"first", nil}, {"last", nil}, {"prev", nil}, {"next", nil}}
	names := []string{"first_page_url", "last_page_url", "prev_page_url", "next_page_url"}
	var data any
	var meta object
	for _, m := range page {
		if i := slices.Index(names, m.name); i >= 0 {
			links[i].value = m.value
		} else if m.name == "data" {
			data = m.value
		} else {
			meta = append(meta, m)
		}
	}
	return object{{"data", data}, {"links", links}, {"meta", meta}}
}

// beside takes a paginator apart: its records, and what an application of its
// own says of their place.
func beside(page object) (records any, place object) {
	for _, m := range page {
		switch m.name {
		case "data":
			records = m.value
		case "current_page", "last_page", "per_page", "total":
			place = append(place, m)
		}
	}
	return records, place
}

// backwards gives records in the opposite order. It holds them all.
func backwards(records iter.Seq[record]) iter.Seq[record] {
	all := slices.Collect(records)
	slices.Reverse(all)
	return slices.Values(all)
}
