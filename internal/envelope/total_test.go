package envelope

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTotal has the places in which a total is that of the list, and those in which it
// is something else.
func TestTotal(t *testing.T) {
	t.Parallel()
	const two = `[{"id":1},{"id":2}]`
	const priced = `[{"id":1,"total":15000},{"id":2,"total":60000.5}]`
	for _, row := range []struct {
		row
		body string
		want int64
	}{
		{named("at the top"), `{"data":` + two + `,"total":5}`, 5},
		{named("at the top, first"), `{"total":"5","data":` + two + `}`, 5},
		{named("beside the list"), `{"data":{"orders":` + two + `,"total":5}}`, 5},
		{named("around a page"), `{"data":{"orders":{"data":` + two + `},"total":5}}`, 5},
		{named("in meta"), `{"data":` + two + `,"meta":{"total":5}}`, 5},
		{named("in meta.pagination"), `{"data":` + two + `,"meta":{"pagination":{"total":5}}}`, 5},
		{named("in page_info in data"), `{"data":{"orders":` + two + `,"pageInfo":{"totalCount":5}}}`, 5},
		{named("total_count"), `{"total_count":57,"items":` + two + `}`, 57},
		{named("totalItems"), `{"meta":{"totalItems":5},"data":` + two + `}`, 5},
		{named("total_data"), `{"data":` + two + `,"total_data":5}`, 5},
		{named("jumlah_data"), `{"data":` + two + `,"jumlah_data":5}`, 5},
		{named("jumlah, in meta"), `{"data":` + two + `,"meta":{"jumlah":5}}`, 5},
		{named("DataTables"), `{"draw":1,"recordsTotal":57,"recordsFiltered":57,"data":` + two + `}`, 57},
		{named("DataTables, filtered"), `{"draw":1,"recordsTotal":57,"recordsFiltered":2,"data":` + two + `}`, 2},
		{named("DataTables 1.9"), `{"sEcho":0,"iTotalRecords":57,"iTotalDisplayRecords":3,"aaData":` + two + `}`, 3},
		{named("DataTables, without a filter"), `{"recordsTotal":57,"data":` + two + `}`, 57},
		{named("a count"), `{"count":57,"results":` + two + `}`, 57},
		{named("a count and a total"), `{"count":2,"total":57,"results":` + two + `}`, 57},

		{named("in a summary"), `{"data":{"orders":` + two + `,"summary":{"total":75000}}}`, 0},
		{named("in a summary, first"), `{"data":{"summary":{"total":75000},"orders":` + two + `}}`, 0},
		{named("in a summary at the top"), `{"data":` + two + `,"statistik":{"total":75000}}`, 0},
		{named("in a record"), `{"data":{"id":1,"total":75000}}`, 0},
		{named("in the only record"), `{"id":1,"total":75000}`, 0},
		{named("with cents"), `{"data":` + two + `,"total":75000.5}`, 0},
		{named("a decimal"), `{"data":` + two + `,"total":"75000.00"}`, 0},
		{named("a text"), `{"data":` + two + `,"total":"Rp 75.000"}`, 0},
		{named("the sum of the records'"), `{"data":` + priced + `,"total":75000}`, 0},
		{named("the sum of the records', and a count"), `{"data":` + priced + `,"total":75000,"total_data":5}`, 5},
		{named("too little for the sum of the records'"), `{"data":` + priced + `,"total":57}`, 57},
		{named("the records have one, on a page"), `{"data":{"current_page":1,"data":` + priced + `,"per_page":2,"total":75000}}`, 75000},
		{named("below nothing"), `{"data":` + two + `,"total":-1}`, 0},
		{named("null"), `{"data":` + two + `,"total":null,"count":null}`, 0},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, row.body, asJSON)
			assert.Empty(t, got.Err)
			assert.Equal(t, row.want, got.Answer.Total)
		})
	}
}

// TestHeaders has what the header of an answer says of its page.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		row
		header string // its lines, and the HTTP status
		page   Page
		total  int64
	}{
		{named("a link"), `Link: <https://x.invalid/order?page=1>; rel="prev", <https://x.invalid/order?page=3&a=1>; rel="next"`, Page{Next: 3, More: true}, 0},
		{named("a link to the last"), `Link: <https://x.invalid/order?page=9>; title="a;b"; rel=last`, Page{Last: 9}, 0},
		{named("links in two fields"), "Link: </order?page=2>; rel=next\nLink: </order?page=9>; rel=last", Page{Next: 2, Last: 9, More: true}, 0},
		{named("a link to a cursor"), `Link: </order?cursor=abc>; Rel="NEXT"`, Page{Cursor: "abc", More: true}, 0},
		{named("other links"), `Link: </app.css>; rel=preload, <x`, Page{}, 0},
		{named("X-Total-Count"), "X-Total-Count: 57", Page{}, 57},
		{named("X-Total"), "X-Total: 57", Page{}, 57},
		{named("WordPress"), "X-WP-Total: 57\nX-WP-TotalPages: 6", Page{Last: 6}, 57},
		{named("Yii"), "X-Pagination-Total-Count: 57\nX-Pagination-Page-Count: 6\nX-Pagination-Current-Page: 1\nX-Pagination-Per-Page: 10", Page{Current: 1, Last: 6}, 57},
		{named("GitLab"), "X-Total: 57\nX-Total-Pages: 6\nX-Page: 1\nX-Next-Page: 2\nX-Prev-Page: ", Page{Current: 1, Last: 6, Next: 2, More: true}, 57},
		{named("JSON in a field"), `X-Pagination: {"currentPage":1,"totalPages":6,"totalCount":57}`, Page{Current: 1, Last: 6}, 57},
		{named("no JSON in a field"), `X-Pagination: {`, Page{}, 0},
		{named("a range"), "Content-Range: items 0-19/57", Page{}, 57},
		{named("a range without a unit"), "Content-Range: 0-19/57", Page{}, 57},
		{named("a range of bytes"), "Content-Range: bytes 0-19/57", Page{}, 0},
		{named("a part of the list"), ":status: 206\nContent-Range: items 0-1/57", Page{}, 57},
		{named("a part of a list of unknown length"), ":status: 206\nContent-Range: items 0-1/*", Page{Rest: true}, 0},
		{named("a part"), ":status: 206", Page{Rest: true}, 0},
		{named("of limits"), "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nContent-Length: 57\nX-Powered-By: PHP/8.1", Page{}, 0},
	} {
		row.run(t, func(t *testing.T) {
			o := asJSON
			o.Header = make(http.Header)
			for line := range strings.SplitSeq(row.header, "\n") {
				if _, isStatus := strings.CutPrefix(line, ":status: "); isStatus {
					o.HTTPStatus = http.StatusPartialContent
					continue
				}
				name, value, _ := strings.Cut(line, ": ")
				o.Header.Add(name, value)
			}
			got := readList(strings.NewReader(`{"data":[{"id":1},{"id":2}]}`), o)
			assert.Equal(t, row.page, got.Answer.Page)
			assert.Equal(t, row.total, got.Answer.Total)
		})
	}
	o := asJSON
	o.Header = http.Header{"X-Total-Count": {"9"}, "X-Page": {"4"}, "Link": {`</x?page=7>; rel="next"`}}
	got := readList(strings.NewReader(`{"data":[{"id":1}],"meta":{"current_page":1,"total":5},"links":{"next":"/x?page=2"}}`), o)
	assert.Equal(t, Page{Current: 1, Next: 2, More: true}, got.Answer.Page, "the body is believed first")
	assert.Equal(t, int64(5), got.Answer.Total)
}
