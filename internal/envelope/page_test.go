package envelope

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPages has each paginator, at the top and under data.
func TestPages(t *testing.T) {
	t.Parallel()
	const link = `https:\/\/api.pmpsmart.com\/api\/v1\/order?`
	links := `"links":[{"url":null,"label":"&laquo; Previous","page":null,"active":false},{"url":"` + link + `page=2","label":"2","page":2,"active":false}]`
	lengthAware := func(data, last, next string) string {
		return `{"current_page":1,"data":` + data + `,"first_page_url":"` + link + `page=1","from":1,"last_page":` + last + `,"last_page_url":"` + link + `page=50",` +
			links + `,"next_page_url":` + next + `,"path":"x","per_page":2,"prev_page_url":null,"to":2,"total":100}`
	}
	const two = `[{"id":1},{"id":2}]`
	ok := func(data string) string { return `{"status":"success","message":"m","data":` + data + `}` }
	for _, row := range []struct {
		row
		body string
		want []order
		page Page
	}{
		{named("LengthAware"), lengthAware(two, "50", `"`+link+`page=2"`), ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("LengthAware under data"), ok(lengthAware(two, "50", `"`+link+`page=2"`)), ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("LengthAware under a name"), ok(`{"orders":` + lengthAware(two, "50", `"`+link+`page=2"`) + `}`), ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("LengthAware under a name at the top"), `{"success":true,"orders":` + lengthAware(two, "50", `"`+link+`page=2"`) + `}`, ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("LengthAware, numbers as strings"), lengthAware(two, `"50"`, `"`+link+`page=2"`), ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("LengthAware, the last"), ok(lengthAware(two, "1", "null")), ids(1, 2), Page{Current: 1, Last: 1}},
		{named("LengthAware, null for the next and more to come"), ok(lengthAware(two, "50", "null")), ids(1, 2), Page{Current: 1, Last: 50}},
		{named("LengthAware, empty"), ok(lengthAware(`[]`, "1", "null")), []order{}, Page{Current: 1, Last: 1}},
		{named("LengthAware, null"), ok(lengthAware(`null`, "1", "null")), []order{}, Page{Current: 1, Last: 1}},
		{named("LengthAware by key"), ok(lengthAware(`{"15":{"id":1},"16":{"id":2}}`, "50", "null")), ids(1, 2), Page{Current: 1, Last: 50}},
		{named("LengthAware by key, at the top"), lengthAware(`{"15":{"id":1},"16":{"id":2}}`, "50", "null"), ids(1, 2), Page{Current: 1, Last: 50}},
		{named("LengthAware by key, under a name"), ok(`{"orders":` + lengthAware(`{"15":{"id":1},"16":{"id":2}}`, "50", "null") + `}`), ids(1, 2), Page{Current: 1, Last: 50}},
		{named("LengthAware by key, one"), ok(lengthAware(`{"15":{"id":1}}`, "50", "null")), ids(1), Page{Current: 1, Last: 50}},
		{named("LengthAware by key, empty"), ok(lengthAware(`{}`, "1", "null")), []order{}, Page{Current: 1, Last: 1}},
		{named("simple"), ok(`{"current_page":3,"data":` + two + `,"first_page_url":"x","from":5,"next_page_url":"` + link + `page=4","path":"x","per_page":2,"prev_page_url":"y","to":6}`), ids(1, 2), Page{Current: 3, Next: 4, More: true}},
		{named("simple, the last"), ok(`{"current_page":3,"data":[{"id":1}],"next_page_url":null,"per_page":2}`), ids(1), Page{Current: 3}},
		{named("cursor"), `{"data":` + two + `,"path":"x","per_page":2,"next_cursor":"eyJpZCI6Mn0","next_page_url":"` + link + `cursor=eyJpZCI6Mn0","prev_cursor":null,"prev_page_url":null}`, ids(1, 2), Page{Cursor: "eyJpZCI6Mn0", More: true}},
		{named("cursor, by its link alone"), ok(`{"data":` + two + `,"per_page":2,"next_page_url":"` + link + `status=open&cursor=a%3D%3D"}`), ids(1, 2), Page{Cursor: "a==", More: true}},
		{named("cursor, the last"), ok(`{"data":` + two + `,"per_page":2,"next_cursor":null,"next_page_url":null}`), ids(1, 2), Page{}},
		{named("resources"), `{"data":` + two + `,"links":{"first":"` + link + `page=1","last":"` + link + `page=50","prev":null,"next":"` + link + `page=2"},"meta":{"current_page":1,"from":1,"last_page":50,` + links + `,"path":"x","per_page":2,"to":2,"total":100},"status":"success","message":"m"}`,
			ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("resources under data"), ok(`{"data":` + two + `,"links":{"next":"` + link + `page=2"},"meta":{"current_page":"1","last_page":"50"}}`), ids(1, 2), Page{Current: 1, Last: 50, Next: 2, More: true}},
		{named("resources, meta first"), ok(`{"links":{"next":null},"meta":{"current_page":1,"last_page":1},"data":` + two + `}`), ids(1, 2), Page{Current: 1, Last: 1}},
		{named("resources by cursor"), `{"data":` + two + `,"links":{"first":null,"last":null,"prev":null,"next":"` + link + `cursor=abc"},"meta":{"path":"x","per_page":2,"next_cursor":"abc","prev_cursor":null}}`, ids(1, 2), Page{Cursor: "abc", More: true}},
		{named("resources by key"), `{"data":{"1":{"id":1},"2":{"id":2}},"meta":{"current_page":1,"last_page":2}}`, ids(1, 2), Page{Current: 1, Last: 2}},
		{named("Fractal"), `{"data":` + two + `,"meta":{"pagination":{"total":3,"count":2,"per_page":2,"current_page":1,"total_pages":2,"links":{"next":"` + link + `page=2"}}}}`, ids(1, 2), Page{Current: 1, Last: 2, Next: 2, More: true}},
		{named("pagination beside data"), `{"status":true,"data":` + two + `,"pagination":{"total":"100","per_page":"15","current_page":"1"}}`, ids(1, 2), Page{Current: 1, Last: 7}},
		{named("pagination before data"), `{"pagination":{"page":1,"limit":10,"totalPages":5},"data":` + two + `}`, ids(1, 2), Page{Current: 1, Last: 5}},
		{named("pagination in data"), ok(`{"items":` + two + `,"pagination":{"current_page":1,"last_page":5}}`), ids(1, 2), Page{Current: 1, Last: 5}},
		{named("pagination in data, first"), ok(`{"pagination":{"current_page":1,"last_page":5},"items":` + two + `}`), ids(1, 2), Page{Current: 1, Last: 5}},
		{named("has_more"), ok(`{"orders":` + two + `,"has_more":true,"current_page":1}`), ids(1, 2), Page{Current: 1, More: true}},
		{named("has_more in camel case"), ok(`{"orders":` + two + `,"hasMorePages":"1"}`), ids(1, 2), Page{More: true}},
		{named("the next page's number"), ok(`{"orders":` + two + `,"next_page":"2","current_page":1}`), ids(1, 2), Page{Current: 1, Next: 2, More: true}},
		{named("no next page"), ok(`{"orders":` + two + `,"next_page":null,"next":false,"next_page_url":""}`), ids(1, 2), Page{}},
		{named("JSON:API's link"), `{"data":` + two + `,"links":{"next":{"href":"` + link + `page=2"}}}`, ids(1, 2), Page{Next: 2, More: true}},
		{named("a link of another name"), `{"data":` + two + `,"next_page_url":"` + link + `orders=2"}`, ids(1, 2), Page{More: true, Link: "https://api.pmpsmart.com/api/v1/order?orders=2"}},
		{named("a link that is none"), `{"data":` + two + `,"next_page_url":"http://[::1"}`, ids(1, 2), Page{More: true, Link: "http://[::1"}},
		{named("numbers that are none"), `{"data":` + two + `,"current_page":"x","last_page":-1,"total":{},"per_page":0}`, ids(1, 2), Page{}},
		{named("numbers past any page"), `{"data":` + two + `,"current_page":99999999999,"total":9223372036854775807,"per_page":1}`, ids(1, 2), Page{}},
		{named("in camel case, in meta.page"), `{"data":` + two + `,"meta":{"page":{"currentPage":1,"from":1,"lastPage":3,"perPage":2,"to":2,"total":5}}}`, ids(1, 2), Page{Current: 1, Last: 3}},
		{named("in kebab case"), `{"meta":{"page":{"current-page":1,"last-page":3}},"items":` + two + `}`, ids(1, 2), Page{Current: 1, Last: 3}},
		{named("page as an object beside data"), `{"data":` + two + `,"page":{"number":2,"size":2,"totalElements":5}}`, ids(1, 2), Page{Current: 2, Last: 3}},
		{named("page as an object in data"), ok(`{"orders":` + two + `,"page":{"number":2,"total_pages":3}}`), ids(1, 2), Page{Current: 2, Last: 3}},
		{named("page as an object in data, first"), ok(`{"page":{"number":2,"total_pages":3},"orders":` + two + `}`), ids(1, 2), Page{Current: 2, Last: 3}},
		{named("in Indonesian"), ok(`{"orders":` + two + `,"halaman":1,"total_halaman":3}`), ids(1, 2), Page{Current: 1, Last: 3}},
		{named("in Indonesian, the next"), `{"data":` + two + `,"halaman_selanjutnya":2,"jumlah_data":5}`, ids(1, 2), Page{Next: 2, More: true}},
		{named("in Indonesian, beside data"), `{"data":` + two + `,"paginasi":{"halaman":"1","jumlah_data":"5","data_per_halaman":"2"}}`, ids(1, 2), Page{Current: 1, Last: 3}},
		{named("more"), `{"results":` + two + `,"pagination":{"more":true}}`, ids(1, 2), Page{More: true}},
		{named("no more"), `{"results":` + two + `,"pagination":{"more":false}}`, ids(1, 2), Page{}},
		{named("next as a flag"), `{"data":` + two + `,"current_page":1,"next":true}`, ids(1, 2), Page{Current: 1, More: true}},
		{named("not the last"), `{"data":` + two + `,"current_page":1,"is_last":false}`, ids(1, 2), Page{Current: 1, More: true}},
		{named("the last"), `{"data":` + two + `,"current_page":3,"is_last":true,"last":true}`, ids(1, 2), Page{Current: 3}},
		{named("last_page as a flag"), `{"data":` + two + `,"page":1,"last_page":false}`, ids(1, 2), Page{Current: 1, More: true}},
		{named("hasNextPage"), `{"data":` + two + `,"pageInfo":{"hasNextPage":true,"currentPage":2}}`, ids(1, 2), Page{Current: 2, More: true}},
		{named("current and last"), `{"data":` + two + `,"paging":{"current":1,"last":3}}`, ids(1, 2), Page{Current: 1, Last: 3}},
		{named("current and last of something else"), `{"data":` + two + `,"current":1,"last":3,"number":7,"size":2}`, ids(1, 2), Page{}},
		{named("info"), `{"info":{"count":5,"pages":3,"next":"` + link + `page=2","prev":null},"results":` + two + `}`, ids(1, 2), Page{Last: 3, Next: 2, More: true}},
		{named("the last page's link"), `{"links":{"self":"` + link + `page=1","last":"` + link + `page=3"},"data":` + two + `}`, ids(1, 2), Page{Last: 3}},
		{named("links by rel"), `{"data":` + two + `,"links":[{"rel":"self","href":"` + link + `page=1"},{"rel":"next","href":"` + link + `page=2"}]}`, ids(1, 2), Page{Next: 2, More: true}},
		{named("links by rel, to the last"), `{"data":` + two + `,"links":[{"rel":"last","href":"` + link + `page=3"},null,"x"]}`, ids(1, 2), Page{Last: 3}},
		{named("links by label"), `{"data":` + two + `,"links":[{"url":null,"label":"&laquo; Previous","active":false},{"url":"` + link + `page=1","label":"1","active":true},{"url":"` + link + `page=2","label":"2","active":false},{"url":"` + link + `page=2","label":"Next &raquo;","active":false}]}`,
			ids(1, 2), Page{Next: 2, More: true}},
		{named("links by label, the last page"), `{"data":` + two + `,"links":[{"url":"` + link + `page=1","label":"1","active":false},{"url":"` + link + `page=2","label":"2","active":true},{"url":null,"label":"Next &raquo;","active":false}]}`, ids(1, 2), Page{}},
		{named("Fractal's cursor"), `{"data":` + two + `,"meta":{"cursor":{"current":null,"prev":null,"next":"abc","count":2}}}`, ids(1, 2), Page{Cursor: "abc", More: true}},
		{named("Spring"), `{"content":` + two + `,"pageable":{"pageNumber":0,"pageSize":2},"last":false,"totalPages":3,"totalElements":5,"number":0}`, ids(1, 2), Page{Rest: true}},
		{named("Spring, one page"), `{"content":` + two + `,"pageable":{"pageNumber":0,"pageSize":2},"last":true,"totalPages":1,"totalElements":2}`, ids(1, 2), Page{}},
		{named("a token"), `{"data":` + two + `,"next_page_token":"abc"}`, ids(1, 2), Page{Rest: true}},
		{named("no token"), `{"data":` + two + `,"nextPageToken":""}`, ids(1, 2), Page{}},
		{named("a token beside a number"), `{"data":` + two + `,"page":2,"nextToken":"abc"}`, ids(1, 2), Page{Current: 2, More: true}},
		{named("an offset"), `{"data":` + two + `,"total":5,"limit":2,"offset":0,"has_more":true}`, ids(1, 2), Page{Rest: true}},
		{named("an offset and a size"), `{"data":` + two + `,"total":5,"per_page":2,"offset":0}`, ids(1, 2), Page{}},
		{named("GraphQL's page"), `{"data":` + two + `,"pageInfo":{"hasNextPage":true,"endCursor":"abc"}}`, ids(1, 2), Page{Rest: true}},
		{named("GraphQL's last page"), `{"data":` + two + `,"pageInfo":{"hasNextPage":false,"endCursor":"abc"}}`, ids(1, 2), Page{}},
		{named("the items of a record"), `{"data":{"order":{"total_items":2,"items":[{"id":8},{"id":9}],"id":1}}}`, []order{{ID: 1, Extra: `{"total_items":2,"items":[{"id":8},{"id":9}]}`}}, Page{}},
		{named("a record's own total"), `{"data":{"id":1,"total":100,"per_page":2,"next_page_url":"x?page=2"}}`, []order{{ID: 1, Extra: `{"total":100,"per_page":2,"next_page_url":"x?page=2"}`}}, Page{}},
		{named("a paginator of nothing"), ok(`{"current_page":1,"total":0}`), []order{}, Page{Current: 1}},
		{named("an empty list's links"), ok(`{"data":[],"links":{"next":null},"meta":{"current_page":1,"last_page":1,"total":0}}`), []order{}, Page{Current: 1, Last: 1}},
	} {
		row.run(t, func(t *testing.T) {
			got := readEveryWay(t, row.body, asJSON)
			assert.Empty(t, got.Err)
			assert.Empty(t, got.Answer.Drifts)
			assert.Equal(t, row.want, got.Records)
			assert.Equal(t, row.page, got.Answer.Page)
			assert.Equal(t, len(row.want), got.Answer.Count)
			if strings.Contains(row.body, `"status":"success"`) {
				assert.Equal(t, "success", got.Answer.Status)
				assert.Equal(t, "m", got.Answer.Message)
			}
		})
	}
}
