package shape

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

func isPaged(list string) bool {
	switch list {
	case "paginated", "simple", "cursor", "toplevel", "beside", "meta-page", "halaman", "more", "links", "header", "offset", "datatables":
		return true
	}
	return strings.HasPrefix(list, "resources")
}

// Paginate returns the page that was asked for, as one of Laravel's paginators shows
// it: paginated, simple or cursor.
func (v *View) Paginate(paginator string, rows Rows) php.Object {
	switch paginator {
	case "simple":
		return v.simplePage(rows)
	case "cursor":
		return v.cursorPage(rows)
	}
	return v.numberedPage(rows)
}

// pageURL returns the address of a page, nil if it does not exist.
func (v *View) pageURL(name, value string, exists bool) any {
	if !exists {
		return nil
	}
	return v.URL + "?" + url.Values{name: {value}}.Encode()
}

func (v *View) numberURL(n int64, exists bool) any {
	return v.pageURL("page", strconv.FormatInt(n, 10), exists)
}

// PageNumber returns the page that a value of the parameter page asks for, the
// first if it is no number of a page.
func PageNumber(value any) int64 {
	if n, ok := php.Int(value); ok && n >= 1 {
		return min(n, 1<<31)
	}
	return 1
}

// numberedPage returns the page of a LengthAwarePaginator.
func (v *View) numberedPage(rows Rows) php.Object {
	perPage, current, total := v.PerPage, v.Page, rows.Count()
	last := max(1, (total+perPage-1)/perPage)
	records := rows.Page((current-1)*perPage, perPage)
	from, to := fromTo(current, perPage, len(records))
	previous, next := v.numberURL(current-1, current > 1), v.numberURL(current+1, current < last)
	return php.Object{
		{"current_page", current},
		{"data", records},
		{"first_page_url", v.numberURL(1, true)},
		{"from", from},
		{"last_page", last},
		{"last_page_url", v.numberURL(last, true)},
		{"links", v.pageLinks(current, last, previous, next)},
		{"next_page_url", next},
		{"path", v.URL},
		{"per_page", perPage},
		{"prev_page_url", previous},
		{"to", to},
		{"total", total},
	}
}

// simplePage returns the page of a Paginator, which knows no last page.
func (v *View) simplePage(rows Rows) php.Object {
	perPage, current := v.PerPage, v.Page
	records := rows.Page((current-1)*perPage, perPage+1)
	more := int64(len(records)) > perPage
	records = records[:min(int64(len(records)), perPage)]
	from, to := fromTo(current, perPage, len(records))
	return php.Object{
		{"current_page", current},
		{"data", records},
		{"first_page_url", v.numberURL(1, true)},
		{"from", from},
		{"next_page_url", v.numberURL(current+1, more)},
		{"path", v.URL},
		{"per_page", perPage},
		{"prev_page_url", v.numberURL(current-1, current > 1)},
		{"to", to},
	}
}

// fromTo returns the numbers of a page's first and last record.
func fromTo(current, perPage int64, n int) (from, to any) {
	if n == 0 {
		return nil, nil
	}
	first := (current-1)*perPage + 1
	return first, first + int64(n) - 1
}

// A cursor is where a CursorPaginator continues.
type cursor struct {
	ID   int64 `json:"id"`
	Next bool  `json:"_pointsToNextItems"`
}

func (c cursor) encode() string {
	text, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(text)
}

func (v *View) cursor() (c cursor, given bool) {
	text, err := base64.RawURLEncoding.DecodeString(v.Cursor)
	return c, err == nil && len(text) > 0 && json.Unmarshal(text, &c) == nil
}

// cursorPage returns the page of a CursorPaginator.
func (v *View) cursorPage(rows Rows) php.Object {
	perPage := v.PerPage
	at, given := v.cursor()
	var records []record.Record
	more := false
	if given && !at.Next {
		records = rows.Before(at.ID, perPage+1)
		more = int64(len(records)) > perPage
		records = records[max(0, int64(len(records))-perPage):]
	} else {
		records = rows.After(at.ID, perPage+1)
		more = int64(len(records)) > perPage
		records = records[:min(int64(len(records)), perPage)]
	}
	forward := !given || at.Next
	return php.Object{
		{"data", records},
		{"path", v.URL},
		{"per_page", perPage},
		{"next_page_url", v.cursorURL(records, true, more || !forward)},
		{"prev_page_url", v.cursorURL(records, false, given && (forward || more))},
	}
}

func (v *View) cursorURL(records []record.Record, next, exists bool) any {
	if len(records) == 0 {
		return nil
	}
	at := records[0]
	if next {
		at = records[len(records)-1]
	}
	return v.pageURL("cursor", cursor{at.ID(), next}.encode(), exists)
}

// pageLinks returns the buttons of a numbered paginator: all pages if they are
// few, else those at the ends and around the current one.
func (v *View) pageLinks(current, last int64, previous, next any) []any {
	const around = 3
	const window = around + 4
	links := []any{link(previous, "&laquo; Previous", false)}
	pages := func(first, last int64) {
		for n := first; n <= last; n++ {
			links = append(links, link(v.numberURL(n, true), strconv.FormatInt(n, 10), n == current))
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

func link(url any, label string, active bool) php.Object {
	return php.Object{{"url", url}, {"label", label}, {"active", active}}
}

// asResources returns what a collection of API resources makes of a page.
func asResources(page php.Object) php.Object {
	links := php.Object{{"first", nil}, {"last", nil}, {"prev", nil}, {"next", nil}}
	names := []string{"first_page_url", "last_page_url", "prev_page_url", "next_page_url"}
	var data any
	var meta php.Object
	for _, m := range page {
		if i := slices.Index(names, m.Name); i >= 0 {
			links[i].Value = m.Value
		} else if m.Name == "data" {
			data = m.Value
		} else {
			meta = append(meta, m)
		}
	}
	return php.Object{{"data", data}, {"links", links}, {"meta", meta}}
}

// beside splits a page into its records and the position that an application with
// a paginator of its own puts beside them.
func beside(page php.Object) (records any, position php.Object) {
	for _, m := range page {
		switch m.Name {
		case "data":
			records = m.Value
		case "current_page", "last_page", "per_page", "total":
			position = append(position, m)
		}
	}
	return records, position
}
