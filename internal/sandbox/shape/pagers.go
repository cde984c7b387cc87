package shape

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
)

// otherPage returns the page that was asked for as paginators other than Laravel's show
// it. It returns false if the list's way is none of theirs.
func (v *View) otherPage(rows Rows, message string) (Response, bool) {
	f := &v.Form
	perPage, current, total := v.PerPage, v.Page, rows.Count()
	last := max(1, (total+perPage-1)/perPage)
	records := func() []record.Record { return rows.Page((current-1)*perPage, perPage) }
	switch f.list {
	case "meta-page":
		page := records()
		from, to := fromTo(current, perPage, len(page))
		return ok(php.Object{{"data", page}, {"meta", php.Object{{"page", php.Object{
			{"currentPage", current}, {"from", from}, {"lastPage", last}, {"perPage", perPage}, {"to", to}, {"total", total},
		}}}}}), true
	case "halaman":
		return ok(append(f.envelope(message, records()), php.Object{{"halaman", current}, {"total_halaman", last}, {"total_data", total}}...)), true
	case "more":
		return ok(php.Object{{"results", records()}, {"pagination", php.Object{{"more", current < last}}}}), true
	case "links":
		links := []any{relLink("self", v.numberURL(current, true))}
		if current < last {
			links = append(links, relLink("next", v.numberURL(current+1, true)))
		}
		return ok(append(f.envelope(message, records()), php.Member{"links", links})), true
	case "header":
		resp := ok(f.envelope(message, records()))
		resp.Header = http.Header{"X-Total-Count": {strconv.FormatInt(total, 10)}}
		if current < last {
			resp.Header.Set("Link", fmt.Sprintf(`<%s>; rel="next"`, v.numberURL(current+1, true)))
		}
		return resp, true
	case "offset": // whose parameter nobody sends
		return ok(append(f.envelope(message, rows.Page(0, perPage)), php.Object{{"total", total}, {"limit", perPage}, {"offset", 0}}...)), true
	case "datatables":
		return ok(php.Object{{"draw", 0}, {"recordsTotal", total}, {"recordsFiltered", total}, {"data", values(rows)}}), true
	}
	return Response{}, false
}

func relLink(rel string, url any) php.Object { return php.Object{{"rel", rel}, {"href", url}} }

// byDay returns an object of the records by the day they were made, as groupBy makes
// one. It holds them all.
func byDay(rows Rows) any {
	var groups php.Object
	at := make(map[string]int)
	for r := range rows.All() {
		day := madeOn(r)
		i, known := at[day]
		if !known {
			i = len(groups)
			at[day] = i
			groups = append(groups, php.Member{day, []any(nil)})
		}
		groups[i].Value = append(groups[i].Value.([]any), r)
	}
	if groups == nil {
		return []any{} // PHP knows no empty object
	}
	return groups
}

// madeOn returns the day on which a record was made, in UTC.
func madeOn(r record.Record) string {
	for _, m := range r.Columns {
		if made, ok := m.Value.(time.Time); ok && m.Name == "created_at" {
			return made.UTC().Format(time.DateOnly)
		}
	}
	return ""
}

// chunks returns the records in arrays of a page each, as chunk makes them.
func (v *View) chunks(rows Rows) php.Stream {
	return func(yield func(any) bool) {
		for at := int64(0); at < rows.Count(); at += v.PerPage {
			if !yield(rows.Page(at, v.PerPage)) {
				return
			}
		}
	}
}

// amongOthers returns an object in which the records are not the first array.
func amongOthers(rows Rows, plural string) php.Object {
	return php.Object{
		{"summary", []any{php.Object{{"label", "Jumlah"}, {"nilai", rows.Count()}}}},
		{"columns", []any{"Nomor", "Keadaan"}},
		{plural, values(rows)},
	}
}
