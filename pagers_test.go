package pmpsmart_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A pager is how a server says which page of a list it sends. The words of page n, of 3
// in all, go around its records; total is that of the list, "" where it is not said.
type pager struct {
	name   string
	page   func(records string, n int, total string) string
	header func(n int, total string) http.Header
	follow bool // page or cursor leads to the next page
	open   bool // it says that more follow also on a page that is empty, or can't be followed
}

// or returns format with its %s as total, "" for no total.
func or(format, total string) string {
	if total == "" {
		return ""
	}
	return fmt.Sprintf(format, total)
}

func bare(records string, _ int, _ string) string { return `{"data":` + records + `}` }

func isBefore(n int) bool { return n < 3 }

// quotedIf returns text as a JSON string if there is a page after n, and else null.
func quotedIf(n int, text string) string {
	if !isBefore(n) {
		return "null"
	}
	return `"` + text + `"`
}

func nextLink(n int) string {
	return quotedIf(n, fmt.Sprintf(`https:\/\/x.invalid\/order?page=%d`, n+1))
}

var pagers = []pager{
	{name: "Laravel", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"data":%s,"last_page":3,"next_page_url":%s%s}}`, n, records, nextLink(n), or(`,"total":%s`, total))
	}},
	{name: "Laravel's simple one", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"data":%s,"next_page_url":%s%s}}`, n, records, nextLink(n), or(`,"total":%s`, total))
	}},
	{name: "JSON:API, camel case in meta.page", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"meta":{"page":{"currentPage":%d,"lastPage":3%s}}}`, records, n, or(`,"total":%s`, total))
	}},
	{name: "JSON:API, kebab case", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"meta":{"page":{"current-page":%d,"last-page":3%s}},"items":%s}`, n, or(`,"total":"%s"`, total), records)
	}},
	{name: "Indonesian", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"status":"sukses","data":%s,"halaman":%d,"total_halaman":3%s}`, records, n, or(`,"jumlah_data":%s`, total))
	}},
	{name: "the next page's number in Indonesian", follow: true, open: true, page: func(records string, n int, total string) string {
		next := map[bool]string{true: fmt.Sprint(n + 1), false: "null"}[isBefore(n)]
		return fmt.Sprintf(`{"data":%s,"paginasi":{"halaman_selanjutnya":%s%s}}`, records, next, or(`,"total_data":%s`, total))
	}},
	{name: "Select2", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"results":%s,"pagination":{"more":%t}%s}`, records, isBefore(n), or(`,"total_count":%s`, total))
	}},
	{name: "hasNextPage", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":{"orders":%s,"pageInfo":{"hasNextPage":%t%s}}}`, records, isBefore(n), or(`,"totalCount":%s`, total))
	}},
	{name: "is_last", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"current_page":%d,"is_last":%t%s}`, records, n, !isBefore(n), or(`,"total_rows":%s`, total))
	}},
	{name: "last, numbered from 1", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"content":%s,"last":%t,"page":%d%s}`, records, !isBefore(n), n, or(`,"totalElements":%s`, total))
	}},
	{name: "links by rel", follow: true, open: true, page: func(records string, n int, total string) string {
		links := `{"rel":"self","href":"/order"}`
		if isBefore(n) {
			links += fmt.Sprintf(`,{"rel":"next","href":"/order?page=%d"}`, n+1)
		}
		return fmt.Sprintf(`{"data":%s,"links":[%s]%s}`, records, links, or(`,"totalItems":%s`, total))
	}},
	{name: "links by label", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"links":[{"url":"/order?page=%d","label":"%[2]d","active":true},{"url":%s,"label":"Next &raquo;","active":false}]%s}`, records, n, nextLink(n), or(`,"total":%s`, total))
	}},
	{name: "links to the last page", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"links":{"self":"/order?page=%d","last":"/order?page=3"}%s}`, records, n, or(`,"meta":{"totalItems":%s}`, total))
	}},
	{name: "a cursor in meta", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"meta":{"cursor":{"next":%s}%s}}`, records, quotedIf(n, fmt.Sprint("c", n+1)), or(`,"total":%s`, total))
	}},
	{name: "a Link header", follow: true, open: true, page: bare, header: func(n int, total string) http.Header {
		h := http.Header{}
		if total != "" {
			h.Set("X-Total-Count", total)
		}
		if isBefore(n) {
			h.Set("Link", fmt.Sprintf(`<https://x.invalid/order?page=%d>; rel="next"`, n+1))
		}
		return h
	}},
	{name: "headers of numbers", follow: true, page: bare, header: func(n int, total string) http.Header {
		h := http.Header{"X-Pagination-Current-Page": {fmt.Sprint(n)}, "X-Pagination-Page-Count": {"3"}}
		if total != "" {
			h.Set("X-Pagination-Total-Count", total)
		}
		return h
	}},

	{name: "under a name that nobody knows", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"orders":%s,"page_context":{"page":%d,"per_page":3,"has_more_page":%t%s}}`, records, n, isBefore(n), or(`,"total_count":%s`, total))
	}},
	{name: "under such a name before the list", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":{"navigasi":{"halaman":%d,"total_halaman":3%s},"rows":%s}}`, n, or(`,"total":%s`, total), records)
	}},
	{name: "in an object of such a name", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"additional_data":{"pagination":{"page":%d,"total_pages":3%s}}}`, records, n, or(`,"total":%s`, total))
	}},
	{name: "API Platform's view", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"member":%s,"view":{"@id":"/order?page=%d","next":%s}%s}`, records, n, nextLink(n), or(`,"totalItems":%s`, total))
	}},
	{name: "Indonesian abbreviations", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"hlm":%d,"jml_hlm":3%s}`, records, n, or(`,"jml":%s`, total))
	}},
	{name: "what is left", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"sisa":%d%s}`, records, 9-3*n, or(`,"jumlah":%s`, total))
	}},
	{name: "what is left, in pages", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":{"orders":%s,"remainingPages":%d%s}}`, records, 3-n, or(`,"jumlah_semua":%s`, total))
	}},
	{name: "whether it is complete", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"complete":%t,"orders":%s%s}`, !isBefore(n), records, or(`,"total_found":%s`, total))
	}},
	{name: "whether it is the end, in Indonesian", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"meta":{"selesai":%t}%s}`, records, !isBefore(n), or(`,"total_seluruhnya":%s`, total))
	}},
	{name: "Salesforce", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"done":%t,"records":%s,"nextRecordsUrl":%s%s}`, !isBefore(n), records, nextLink(n), or(`,"totalSize":%s`, total))
	}},
	{name: "whether there is more, in Indonesian", follow: true, open: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"masih_ada":%t%s}`, records, isBefore(n), or(`,"jumlah_item":%s`, total))
	}},
	{name: "a page as a text", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"page":"%d of 3"%s}`, records, n, or(`,"found_rows":%s`, total))
	}},
	{name: "a page as a fraction", follow: true, page: func(records string, n int, total string) string {
		return fmt.Sprintf(`{"data":%s,"meta":{"halaman":"Halaman %d dari 3"}%s}`, records, n, or(`,"total_rows":%s`, total))
	}},
	{name: "a page and a total", follow: true, open: true, page: func(records string, n int, total string) string {
		if total == "" {
			total = "9"
		}
		return fmt.Sprintf(`{"data":%s,"page":%d,"total":%s}`, records, n, total)
	}},
	{name: "jqGrid", follow: true, open: true, page: func(records string, n int, total string) string {
		if total == "" {
			total = "9"
		}
		return fmt.Sprintf(`{"page":"%d","total":3,"records":"%s","rows":%s}`, n, total, records)
	}},
	{name: "headers that say more", follow: true, open: true, page: bare, header: func(n int, total string) http.Header {
		h := http.Header{"Has-More": {fmt.Sprint(isBefore(n))}}
		if total != "" {
			h.Set("Total-Records", total)
		}
		return h
	}},
	{name: "a header of the next page", follow: true, open: true, page: bare, header: func(n int, total string) http.Header {
		h := http.Header{}
		if isBefore(n) {
			h.Set("X-Next-Page", fmt.Sprint(n+1))
		}
		if total != "" {
			h.Set("X-Total", total)
		}
		return h
	}},

	{name: "a range as a text", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s%s}`, records, or(`,"range":"0-2/%s"`, total))
	}},
	{name: "what is shown", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s%s}`, records, or(`,"showing":"1 to 3 of %s"`, total))
	}},
	{name: "DataTables' text", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s%s}`, records, or(`,"info":"Menampilkan 1 sampai 3 dari %s data"`, total))
	}},
	{name: "a total as a text", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":{"orders":%s%s}}`, records, or(`,"total_data":"3 / %s"`, total))
	}},
	{name: "jumlah", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s%s}`, records, or(`,"jumlah":%s`, total))
	}},
	{name: "a range in a header", page: bare, header: func(_ int, total string) http.Header {
		if total == "" {
			return nil
		}
		return http.Header{"X-Content-Range": {"orders 0-2/" + total}}
	}},
	{name: "an offset", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s,"limit":3,"offset":0%s}`, records, or(`,"total":%s`, total))
	}},
	{name: "an offset, and more", open: true, page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s,"limit":3,"offset":0,"has_more":true%s}`, records, or(`,"total":%s`, total))
	}},
	{name: "DataTables", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"draw":1,"data":%s%s}`, records, or(`,"recordsTotal":99,"recordsFiltered":%s`, total))
	}},
	{name: "DataTables 1.9", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"sEcho":0,"aaData":%s%s}`, records, or(`,"iTotalRecords":"99","iTotalDisplayRecords":"%s"`, total))
	}},
	{name: "a total alone", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s%s}`, records, or(`,"total":%s`, total))
	}},
	{name: "a count", page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"results":%s%s}`, records, or(`,"count":%s`, total))
	}},
	{name: "a token", open: true, page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"data":%s,"nextPageToken":"abc"%s}`, records, or(`,"total_size":%s`, total))
	}},
	{name: "Spring, numbered from 0", open: true, page: func(records string, _ int, total string) string {
		return fmt.Sprintf(`{"content":%s,"pageable":{"pageNumber":0,"pageSize":3},"last":false,"totalPages":3%s}`, records, or(`,"totalElements":%s`, total))
	}},
	{name: "a header of a total", page: bare, header: func(_ int, total string) http.Header {
		if total == "" {
			return nil
		}
		return http.Header{"X-Total-Count": {total}}
	}},
	{name: "a range", page: bare, header: func(_ int, total string) http.Header {
		if total == "" {
			return nil
		}
		return http.Header{"Content-Range": {"items 0-2/" + total}}
	}},
}

// serve serves the three pages of a list. Unless all is true those after the first are
// empty.
func (p pager) serve(t *testing.T, total string, all bool) *server {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := pageOf(r)
		if cursor := r.URL.Query().Get("cursor"); cursor != "" {
			_, _ = fmt.Sscanf(cursor, "c%d", &n)
		}
		records := "[]"
		if all || n == 1 {
			records = threeOrders(n)
		}
		if p.header != nil {
			for name, values := range p.header(n, total) {
				w.Header()[name] = values
			}
		}
		respond(200, p.page(records, n, total))(w, r)
	})
}

// TestEveryPager reads a list of nine orders on three pages in every way in which a
// server may say so: with its total and without, and with pages that come to an end
// before the list does. It is whole, or drift says that it is not.
func TestEveryPager(t *testing.T) {
	t.Parallel()
	for _, p := range pagers {
		for _, total := range []string{"", "9"} {
			for _, all := range []bool{true, false} {
				read, isShort := 3, total != "" || p.open
				if p.follow && all {
					read, isShort = 9, false
				}
				if !p.follow && !all {
					continue // its only page came
				}
				t.Run(strings.Join([]string{p.name, or("total %s", total), map[bool]string{true: "whole", false: "cut"}[all]}, " "), func(t *testing.T) {
					t.Parallel()
					bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
						var told []pmpsmart.Drift
						s := p.serve(t, total, all)
						got, err := list(s.client(drifts(&told)))
						require.NoError(t, err)
						require.Equal(t, upTo(int64(read)), ids(got))
						if !isShort {
							require.Empty(t, told)
						} else {
							require.Len(t, told, 1)
							require.Equal(t, "data", told[0].Path)
						}

						_, err = list(p.serve(t, total, all).client(pmpsmart.WithStrictDecoding()))
						if !isShort {
							require.NoError(t, err)
							return
						}
						var unreadable *pmpsmart.DecodeError
						require.ErrorAs(t, err, &unreadable)
						require.ErrorContains(t, err, "data: want "+told[0].Want)
					})
				})
			}
		}
	}
}
