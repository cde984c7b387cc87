package pmpsmart_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A paginator writes the page of that number, of last in all, around its records.
type paginator struct {
	name string
	page func(records string, n, last int) string
}

// link is the next page's link as Laravel writes it, or null. Its host is another,
// which must receive no request.
func link(n, last int) string {
	if n >= last {
		return "null"
	}
	return fmt.Sprintf(`"https:\/\/elsewhere.invalid\/other?page=%d&evil=1"`, n+1)
}

var paginators = []paginator{
	{"LengthAware under data", func(records string, n, last int) string {
		return fmt.Sprintf(`{"status":"success","data":{"current_page":%d,"data":%s,"from":1,"last_page":%d,"next_page_url":%s,"per_page":3,"total":%d}}`, n, records, last, link(n, last), last*3)
	}},
	{"LengthAware at the top", func(records string, n, last int) string {
		return fmt.Sprintf(`{"current_page":%d,"data":%s,"last_page":%d,"links":[{"url":null,"label":"1"}],"next_page_url":%s,"per_page":3,"total":%d}`, n, records, last, link(n, last), last*3)
	}},
	{"LengthAware with numbers as strings", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":"%d","data":%s,"last_page":"%d","next_page_url":%s}}`, n, records, last, link(n, last))
	}},
	{"LengthAware without links", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":%d,"data":%s}}`, n, last, records)
	}},
	{"LengthAware with links that end too soon", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":%d,"data":%s,"next_page_url":null}}`, n, last, records)
	}},
	{"LengthAware with links that do not end", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":%d,"data":%s,"next_page_url":"/x?page=%d"}}`, n, last, records, n+1)
	}},
	{"a total and a size alone", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"data":%s,"per_page":3,"total":%d}}`, n, records, last*3-1)
	}},
	{"simple", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"data":%s,"next_page_url":%s,"prev_page_url":null}}`, n, records, link(n, last))
	}},
	{"simple without its own number", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":%s,"next_page_url":%s}`, records, link(n, last))
	}},
	{"API resources", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":%s,"links":{"first":"/x?page=1","last":"/x?page=%d","prev":null,"next":%s},"meta":{"current_page":%d,"last_page":%d},"status":"success"}`, records, last, link(n, last), n, last)
	}},
	{"API resources without meta", func(records string, n, last int) string {
		return fmt.Sprintf(`{"links":{"next":%s},"data":%s}`, link(n, last), records)
	}},
	{"a pagination object beside data", func(records string, n, last int) string {
		return fmt.Sprintf(`{"status":true,"data":%s,"pagination":{"current_page":%d,"total_pages":%d}}`, records, n, last)
	}},
	{"a pagination object under data", func(records string, n, last int) string {
		return fmt.Sprintf(`{"status":true,"data":{"orders":%s,"pagination":{"current_page":%d,"last_page":%d}}}`, records, n, last)
	}},
	{"a pagination object before data", func(records string, n, last int) string {
		return fmt.Sprintf(`{"pagination":{"current_page":%d,"last_page":%d,"links":{"next":%s}},"data":%s}`, n, last, link(n, last), records)
	}},
	{"records by key in a page", func(records string, n, last int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"data":%s,"last_page":%d}}`, n, byKey(records, n), last)
	}},
}

// byKey makes of a list what PHP makes of a filtered one: an object by number.
func byKey(records string, n int) string {
	parts := strings.Split(strings.Trim(records, "[]"), "},")
	for i, part := range parts {
		parts[i] = fmt.Sprintf(`"%d":%s`, n*3+i, strings.TrimSuffix(part, "}"))
	}
	return "{" + strings.Join(parts, "},") + "}}"
}

// threeOrders are the records of page n.
func threeOrders(n int) string {
	return fmt.Sprintf(`[{"id":%d},{"id":%d},{"id":%d}]`, n*3-2, n*3-1, n*3)
}

func pageOf(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		return 1
	}
	return n
}

// pages serves all pages of a list.
func pages(p paginator, last int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := pageOf(r)
		respond(200, p.page(threeOrders(n), n, last))(w, r)
	}
}

// ids are those of orders, in their order.
func ids(orders []pmpsmart.Order) (ids []int64) {
	for _, o := range orders {
		ids = append(ids, o.ID)
	}
	return ids
}

func upTo(n int64) (ids []int64) {
	for id := int64(1); id <= n; id++ {
		ids = append(ids, id)
	}
	return ids
}

// collect returns the records of a Seq and its error.
func collect[T any](seq func(func(T, error) bool)) (orders []T, err error) {
	for o, e := range seq {
		if e != nil {
			return orders, e
		}
		orders = append(orders, o)
	}
	return orders, nil
}

// bothForms runs check with a list as a slice and as a Seq.
func bothForms(t *testing.T, check func(t *testing.T, list func(c *pmpsmart.Client) ([]pmpsmart.Order, error))) {
	f := pmpsmart.OrderFilter{Status: pmpsmart.OrderPending}
	t.Run("slice", func(t *testing.T) {
		t.Parallel()
		check(t, func(c *pmpsmart.Client) ([]pmpsmart.Order, error) { return c.ListOrders(t.Context(), f) })
	})
	t.Run("Seq", func(t *testing.T) {
		t.Parallel()
		check(t, func(c *pmpsmart.Client) ([]pmpsmart.Order, error) { return collect(c.ListOrdersSeq(t.Context(), f)) })
	})
}

func TestPagesAreFollowedToTheEnd(t *testing.T) {
	t.Parallel()
	for _, p := range paginators {
		for _, ahead := range []int{0, 1, 5} {
			t.Run(fmt.Sprint(p.name, " ", ahead), func(t *testing.T) {
				t.Parallel()
				bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
					s := serve(t, pages(p, 4))
					var got []pmpsmart.Order
					got, err := list(s.client(pmpsmart.WithPagesAhead(ahead)))
					require.NoError(t, err)
					require.Equal(t, upTo(12), ids(got))
					requirePages(t, s, "", "page=2", "page=3", "page=4")
				})
			})
		}
	}
}

// requirePages checks that the same body went to the same endpoint with each of
// the queries once, and nothing else.
func requirePages(t *testing.T, s *server, queries ...string) {
	t.Helper()
	var got []string
	for _, r := range s.Requests() {
		require.Equal(t, "/api/v1/order", r.Path)
		require.Equal(t, `{"status":"pending"}`, r.Body)
		require.Equal(t, "Bearer "+aToken, r.Header.Get("Authorization"))
		got = append(got, r.Query)
	}
	require.ElementsMatch(t, queries, got)
}

// cursors serves three pages that know no numbers.
func cursors(page func(records, next string) string) http.HandlerFunc {
	next := map[string]string{"": "eyJpZCI6M30=", "eyJpZCI6M30=": "a b&c/?", "a b&c/?": ""}
	number := map[string]int{"": 1, "eyJpZCI6M30=": 2, "a b&c/?": 3}
	return func(w http.ResponseWriter, r *http.Request) {
		at := r.URL.Query().Get("cursor")
		respond(200, page(threeOrders(number[at]), next[at]))(w, r)
	}
}

func TestCursorsAreFollowedToTheEnd(t *testing.T) {
	t.Parallel()
	orNull := func(format, cursor string) string {
		if cursor == "" {
			return "null"
		}
		return fmt.Sprintf(format, strings.NewReplacer(" ", "%20", "&", "%26", "/", "%2F", "?", "%3F", "=", "%3D").Replace(cursor))
	}
	for name, page := range map[string]func(records, next string) string{
		"a link": func(records, next string) string {
			return `{"data":{"data":` + records + `,"path":"/x","next_page_url":` + orNull(`"https://elsewhere.invalid/?cursor=%s"`, next) + `}}`
		},
		"a link and a cursor": func(records, next string) string {
			text := "null"
			if next != "" {
				text = strconv.Quote(next)
			}
			return `{"data":` + records + `,"links":{"next":` + orNull(`"/order?cursor=%s"`, next) + `},"meta":{"next_cursor":` + text + `}}`
		},
		"a cursor alone": func(records, next string) string {
			return `{"data":` + records + `,"next_cursor":` + strconv.Quote(next) + `}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
				s := serve(t, cursors(page))
				got, err := list(s.client())
				require.NoError(t, err)
				require.Equal(t, upTo(9), ids(got))
				requirePages(t, s, "", "cursor=eyJpZCI6M30%3D", "cursor=a+b%26c%2F%3F")
			})
		})
	}
}

func TestListsEndWhereTheyEnd(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name    string
		answers []string
		want    int64
		asks    int
	}{
		{"one page", []string{`{"data":{"current_page":1,"last_page":1,"data":` + threeOrders(1) + `}}`}, 3, 1},
		{"no pages", []string{`{"data":{"current_page":1,"last_page":0,"data":[],"total":0}}`}, 0, 1},
		{"no paginator", []string{`{"data":` + threeOrders(1) + `}`}, 3, 1},
		{"the last page's number wins over its link", []string{`{"data":{"current_page":1,"last_page":1,"data":` + threeOrders(1) + `,"next_page_url":"/x?page=2"}}`}, 3, 1},
		{"an empty page with a link", []string{`{"data":` + threeOrders(1) + `,"links":{"next":"/x?page=2"}}`, `{"data":[],"links":{"next":"/x?page=3"}}`}, 3, 2},
		{"an empty page with a cursor", []string{`{"data":` + threeOrders(1) + `,"next_cursor":"a"}`, `{"data":[],"next_cursor":"b"}`}, 3, 2},
		{"fewer pages than were said", []string{`{"data":{"current_page":1,"last_page":3,"data":` + threeOrders(1) + `}}`, `{"data":{"current_page":2,"last_page":2,"data":` + threeOrders(2) + `}}`}, 6, 2},
		{"an empty link", []string{`{"data":` + threeOrders(1) + `,"next_page_url":""}`}, 3, 1},
		{"more without saying where", []string{`{"data":` + threeOrders(1) + `,"has_more":true}`, `{"data":` + threeOrders(2) + `,"has_more":false}`}, 6, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
				var handlers []http.HandlerFunc
				for _, body := range row.answers {
					handlers = append(handlers, respond(200, body))
				}
				s := serve(t, sequence(handlers...))
				got, err := list(s.client(pmpsmart.WithPagesAhead(0)))
				require.NoError(t, err)
				require.Equal(t, upTo(row.want), ids(got))
				require.Len(t, s.Requests(), row.asks)
			})
		})
	}
}

// A list that ends with fewer records than its total says is incomplete, whatever
// else the server calls its pages.
func TestListsThatEndBeforeTheirTotal(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name    string
		answers []string
		read    int
		total   string // "" where nothing is missing
	}{
		{"pages of other names", []string{`{"data":` + threeOrders(1) + `,"total":9,"halaman":1}`}, 3, "9"},
		{"a limit alone", []string{`{"data":{"orders":` + threeOrders(1) + `,"total":"4","limit":3,"offset":0}}`}, 3, "4"},
		{"nothing read", []string{`{"data":[],"meta":{"total":1}}`}, 0, "1"},
		{"the last page", []string{`{"data":{"current_page":1,"last_page":2,"total":7,"data":` + threeOrders(1) + `}}`, `{"data":{"current_page":2,"last_page":2,"total":7,"data":` + threeOrders(2) + `}}`}, 6, "7"},
		{"a last page that does not say it", []string{`{"data":{"current_page":1,"last_page":2,"total":7,"data":` + threeOrders(1) + `}}`, `{"message":"Terlalu banyak","data":[]}`}, 3, "7"},
		{"a last page without words", []string{`{"data":{"current_page":1,"last_page":2,"total":6,"data":` + threeOrders(1) + `}}`, `{"data":` + threeOrders(2) + `}`}, 6, ""},
		{"all of it", []string{`{"data":` + threeOrders(1) + `,"total":3}`}, 3, ""},
		{"records went meanwhile", []string{`{"data":{"current_page":1,"last_page":2,"total":9,"data":` + threeOrders(1) + `}}`, `{"data":{"current_page":2,"last_page":2,"total":6,"data":` + threeOrders(2) + `}}`}, 6, ""},
		{"null among the records", []string{`{"data":[null,{"id":1},null],"total":3}`}, 1, ""},
		{"a record's own total", []string{`{"id":1,"total":50000}`}, 1, ""},
		{"no number", []string{`{"data":` + threeOrders(1) + `,"total":"Rp 50.000"}`}, 3, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
				var handlers []http.HandlerFunc
				for _, body := range row.answers {
					handlers = append(handlers, respond(200, body))
				}
				s := serve(t, sequence(handlers...))
				var want, told []pmpsmart.Drift
				if row.total != "" {
					want = []pmpsmart.Drift{{Op: "ListOrders", Path: "data", Want: "the " + row.total + " records of its total", Got: rawJSON(strconv.Itoa(row.read)), Count: 1}}
				}
				got, err := list(s.client(pmpsmart.WithPagesAhead(0), drifts(&told)))
				require.NoError(t, err)
				require.Len(t, got, row.read)
				require.Equal(t, want, told)

				s = serve(t, sequence(handlers...))
				_, err = list(s.client(pmpsmart.WithPagesAhead(0), pmpsmart.WithStrictDecoding()))
				if row.total == "" {
					require.NoError(t, err)
					return
				}
				var unreadable *pmpsmart.DecodeError
				require.ErrorAs(t, err, &unreadable)
				require.ErrorContains(t, err, "data: want the "+row.total+" records of its total, got "+strconv.Itoa(row.read)+" records")
			})
		})
	}
}

// TestListsThatRunInCircles: what was read of a list that can't be followed to its end is
// returned, no record twice, and drift says that it is not all.
func TestListsThatRunInCircles(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name    string
		answers []string
		want    string
	}{
		{"a page that comes again", []string{`{"data":{"current_page":1,"data":[{"id":1}],"next_page_url":"/x?page=2"}}`},
			"asked for page 2 of the list and got page 1: the server repeats its pages"},
		{"a page that comes again, of how many is known", []string{`{"data":{"current_page":1,"last_page":9,"data":[{"id":1}]}}`},
			"asked for page 2 of the list and got page 1: the server repeats its pages"},
		{"a page that names itself", []string{`{"data":[{"id":1}],"links":{"next":"/x?page=2"}}`, `{"data":[{"id":2}],"links":{"next":"/x?page=2"}}`},
			"page 2 of the list names page 2 as the next: the server repeats its pages"},
		{"a number that goes back", []string{`{"data":[{"id":1}],"next_page_url":"/x?page=2"}`, `{"data":[{"id":2}],"next_page_url":"/x?page=3"}`, `{"data":[{"id":3}],"next_page_url":"/x?page=1"}`},
			"page 3 of the list names page 1 as the next: the server repeats its pages"},
		{"the same page by a cursor", []string{`{"data":[{"id":1}],"next_cursor":"a"}`},
			"asked for the list's next cursor and got what the page before it began with: the server repeats its pages"},
		{"a page that comes again, with its number behind it", []string{`{"data":[{"id":1}],"meta":{"current_page":1,"last_page":9}}`},
			"asked for page 2 of the list and got page 1: the server repeats its pages"},
		{"a page without a number that comes again", []string{`{"data":[{"id":1}],"has_more":true}`},
			"asked for page 2 of the list and got what the page before it began with: the server repeats its pages"},
		{"a cursor that stands still", []string{`{"data":[{"id":1}],"next_cursor":"a"}`, `{"data":[{"id":2}],"next_cursor":"a"}`},
			"the list's next cursor was there before: the server repeats its pages"},
		{"cursors in a circle", []string{`{"data":[{"id":1}],"next_cursor":"a"}`, `{"data":[{"id":2}],"next_cursor":"b"}`, `{"data":[{"id":3}],"next_cursor":"a"}`},
			"the list's next cursor was there before: the server repeats its pages"},
		{"a link that says nothing", []string{`{"data":[{"id":1}],"next_page_url":"/x?offset=15"}`},
			"the list goes on at a link that names neither page nor cursor: \"/x?offset=15\""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
				var handlers []http.HandlerFunc
				for _, body := range row.answers {
					handlers = append(handlers, respond(200, body))
				}
				s := serve(t, sequence(handlers...))
				var told []pmpsmart.Drift
				got, err := list(s.client(drifts(&told)))
				require.NoError(t, err)
				n := len(row.answers)
				require.Equal(t, upTo(int64(n)), ids(got), "none is there twice")
				require.Equal(t, []pmpsmart.Drift{{Op: "ListOrders", Path: "data", Want: "the rest of the records: " + row.want, Got: rawJSON(strconv.Itoa(n)), Count: 1}}, told)

				s = serve(t, sequence(handlers...))
				got, err = list(s.client(pmpsmart.WithStrictDecoding(), pmpsmart.WithPagesAhead(0)))
				var broken *pmpsmart.DecodeError
				require.ErrorAs(t, err, &broken)
				require.ErrorContains(t, err, "data: want the rest of the records: "+row.want)
				require.LessOrEqual(t, len(got), n)
				require.LessOrEqual(t, len(s.Requests()), 4)
			})
		})
	}
}

var numbered = paginators[0]

// byPage responds to page n of a list, from 1, with body(n).
func byPage(body func(n int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		respond(200, body(max(n, 1)))(w, r)
	}
}

// A server may filter a page's records after it has counted the pages.
func TestAnEmptyPageThatIsNotTheLast(t *testing.T) {
	t.Parallel()
	body := func(n int) string {
		records := "[]"
		if n == 2 || n == 5 {
			records = threeOrders(n)
		}
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":6,"data":%s}}`, n, records)
	}
	for _, ahead := range []int{0, 1, 8} {
		bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
			s := serve(t, byPage(body))
			got, err := list(s.client(pmpsmart.WithPagesAhead(ahead)))
			require.NoError(t, err)
			require.Equal(t, []int64{4, 5, 6, 13, 14, 15}, ids(got))
			require.Len(t, s.Requests(), 6)
		})
	}
}

// Empty pages without end are not followed for ever.
func TestEmptyPagesWithoutEnd(t *testing.T) {
	t.Parallel()
	s := serve(t, byPage(func(n int) string {
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":1000000,"data":[]}}`, n)
	}))
	_, err := s.client(pmpsmart.WithPagesAhead(0)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.ErrorContains(t, err, "the list has more than 100 empty pages in a row, and 1000000 pages in all")
	require.Len(t, s.Requests(), 101)
}

// An empty page ends a list, and is drift if it says that there are more.
func TestAnEmptyPageThatNamesANext(t *testing.T) {
	t.Parallel()
	for _, more := range []string{`"next_page_url":"/x?page=3"`, `"next_cursor":"b"`, `"has_more":true`} {
		s := serve(t, sequence(respond(200, `{"data":`+threeOrders(1)+`,"next_page_url":"/x?page=2"}`), respond(200, `{"data":[],`+more+`}`)))
		var told []pmpsmart.Drift
		orders, err := s.client(drifts(&told)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Len(t, orders, 3)
		require.Equal(t, []pmpsmart.Drift{{Op: "ListOrders", Path: "data", Want: "records, since more pages are said to follow", Got: rawJSON(`[]`), Count: 1}}, told)

		s = serve(t, sequence(respond(200, `{"data":`+threeOrders(1)+`,"next_page_url":"/x?page=2"}`), respond(200, `{"data":[],`+more+`}`)))
		_, err = s.client(pmpsmart.WithStrictDecoding()).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.EqualError(t, err, "pmpsmart: ListOrders: can't read the answer (HTTP 200, application/json): data: want records, since more pages are said to follow, got an empty page")
	}
}

// A server that ignores the page, and numbers none, is recognized by what it sends.
func TestPagesThatComeAgainWithoutANumber(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[{"id":1},{"id":2}],"total":4,"per_page":2}`,
		`{"data":[{"id":1},{"id":2}],"has_more":true}`,
	} {
		bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
			s := serve(t, respond(200, body))
			_, err := list(s.client(pmpsmart.WithStrictDecoding()))
			require.ErrorContains(t, err, "asked for page 2 of the list and got what the page before it began with: the server repeats its pages")
			require.Len(t, s.Requests(), 2)
		})
	}
}

// Home-made paginators name the page and its size.
func TestPagesByPageAndLimit(t *testing.T) {
	t.Parallel()
	for _, body := range []func(n int) string{
		func(n int) string {
			return fmt.Sprintf(`{"status":"success","data":{"orders":%s,"page":%d,"limit":3,"total":8}}`, threeOrders(n), n)
		},
		func(n int) string {
			return fmt.Sprintf(`{"data":%s,"page":%d,"pages":3,"limit":3}`, threeOrders(n), n)
		},
		func(n int) string {
			return fmt.Sprintf(`{"data":%s,"pagination":{"page":"%d","total_page":"3"}}`, threeOrders(n), n)
		},
	} {
		s := serve(t, byPage(body))
		orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Equal(t, upTo(9), ids(orders))
	}
	// A bound that is no page's.
	s := serve(t, respond(200, `{"data":`+threeOrders(1)+`,"limit":3,"offset":0,"total":8}`))
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 3)
	require.Len(t, s.Requests(), 1)
}

// Pages that a list passes over do not stay under way.
func TestPagesPassedOverAreCanceled(t *testing.T) {
	t.Parallel()
	var s *server
	var most atomic.Int64
	s = serve(t, byPage(func(n int) string {
		most.Store(max(most.Load(), int64(s.Busy())))
		if n >= 199 {
			return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":199,"data":[{"id":%d}]}}`, n, n)
		}
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":199,"data":[{"id":%d}],"next_page_url":"/x?page=%d"}}`, n, n, n+2)
	}))
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 100)
	require.LessOrEqual(t, most.Load(), int64(20), "requests under way at once")
	waitFor(t, "nothing is under way", func() bool { return s.Busy() == 0 })
}
