package shape_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/php"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/record"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
)

func TestPaginators(t *testing.T) {
	t.Parallel()
	second := func(style string) string {
		v := view(t, style)
		v.Page = 2
		return strings.ReplaceAll(many(v, 5), `http:\/\/x\/visit`, "URL")
	}
	const links = `[{"url":"URL?page=1","label":"&laquo; Previous","active":false},{"url":"URL?page=1","label":"1","active":false},` +
		`{"url":"URL?page=2","label":"2","active":true},{"url":"URL?page=3","label":"3","active":false},{"url":"URL?page=3","label":"Next &raquo;","active":false}]`
	const numbered = `{"current_page":2,"data":[{"id":3},{"id":4}],"first_page_url":"URL?page=1","from":3,"last_page":3,"last_page_url":"URL?page=3","links":` + links +
		`,"next_page_url":"URL?page=3","path":"URL","per_page":2,"prev_page_url":"URL?page=1","to":4,"total":5}`
	const simple = `{"current_page":2,"data":[{"id":3},{"id":4}],"first_page_url":"URL?page=1","from":3,"next_page_url":"URL?page=3","path":"URL","per_page":2,"prev_page_url":"URL?page=1","to":4}`
	assert.Equal(t, `{"status":"success","message":"m","data":`+numbered+`}`, second("list=paginated"))
	assert.Equal(t, numbered, second("list=toplevel"))
	assert.Equal(t, `{"status":"success","message":"m","data":`+simple+`}`, second("list=simple"))
	assert.Equal(t, `{"status":"success","message":"m","data":[{"id":3},{"id":4}],"pagination":{"current_page":2,"last_page":3,"per_page":2,"total":5}}`, second("list=beside"))
	assert.Equal(t, `{"data":[{"id":3},{"id":4}],"links":{"first":"URL?page=1","last":null,"prev":"URL?page=1","next":"URL?page=3"},`+
		`"meta":{"current_page":2,"from":3,"path":"URL","per_page":2,"to":4},"status":"success","message":"m"}`, second("list=resources-simple"))

	assert.Equal(t, `{"data":[{"id":3},{"id":4}],"meta":{"page":{"currentPage":2,"from":3,"lastPage":3,"perPage":2,"to":4,"total":5}}}`, second("list=meta-page"))
	assert.Equal(t, `{"status":"success","message":"m","data":[{"id":3},{"id":4}],"halaman":2,"total_halaman":3,"total_data":5}`, second("list=halaman"))
	assert.Equal(t, `{"results":[{"id":3},{"id":4}],"pagination":{"more":true}}`, second("list=more"))
	assert.Equal(t, `{"status":"success","message":"m","data":[{"id":3},{"id":4}],"links":[{"rel":"self","href":"URL?page=2"},{"rel":"next","href":"URL?page=3"}]}`, second("list=links"))
	assert.Equal(t, `{"status":"success","message":"m","data":[{"id":1},{"id":2}],"total":5,"limit":2,"offset":0}`, second("list=offset"))
	assert.Equal(t, http.Header{"X-Total-Count": {"5"}, "Link": {`<http://x/visit?page=2>; rel="next"`}}, view(t, "list=header").Many(rows(5), "m", record.VisitKind).Header)
	assert.Equal(t, `{"status":"success","message":"m","data":[[{"id":1},{"id":2}],[{"id":3},{"id":4}],[{"id":5}]]}`, second("list=chunks"))

	v := view(t, "list=paginated")
	v.Page = 4
	assert.Contains(t, many(v, 5), `"data":[],"first_page_url":"http:\/\/x\/visit?page=1","from":null,`, "past the end")
	assert.Contains(t, many(view(t, "list=paginated"), nothing), `"last_page":1,`)
}

// A cursor leads through all records, and back.
func TestCursorPaginator(t *testing.T) {
	t.Parallel()
	v := view(t, "list=toplevel")
	v.Form, _ = v.Form.With("list=cursor")
	cursor := func(id int, next bool) string {
		return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"id":%d,"_pointsToNextItems":%t}`, id, next))
	}
	page := func(at string) string {
		v.Cursor = at
		return strings.ReplaceAll(many(v, 5), `http:\/\/x\/visit?cursor=`, "")
	}
	want := func(records, next, previous string) string {
		quoted := func(s string) string {
			if s == "" {
				return "null"
			}
			return `"` + s + `"`
		}
		return `{"status":"success","message":"m","data":{"data":` + records + `,"path":"http:\/\/x\/visit","per_page":2,"next_page_url":` + quoted(next) + `,"prev_page_url":` + quoted(previous) + `}}`
	}
	assert.Equal(t, want(`[{"id":1},{"id":2}]`, cursor(2, true), ""), page(""))
	assert.Equal(t, want(`[{"id":3},{"id":4}]`, cursor(4, true), cursor(3, false)), page(cursor(2, true)))
	assert.Equal(t, want(`[{"id":5}]`, "", cursor(5, false)), page(cursor(4, true)))
	assert.Equal(t, want(`[{"id":3},{"id":4}]`, cursor(4, true), cursor(3, false)), page(cursor(5, false)))
	assert.Equal(t, want(`[{"id":1},{"id":2}]`, cursor(2, true), ""), page(cursor(3, false)))
	assert.Equal(t, want(`[]`, "", ""), page(cursor(5, true)))
	assert.Equal(t, page(""), page("no cursor"))
}

// The buttons are those of Laravel, whatever page is the current one.
func TestPageLinks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		last, current int64
		want          string
	}{
		{1, 1, "1"}, {13, 7, "1 2 3 4 5 6 7 8 9 10 11 12 13"}, {14, 1, "1 2 3 4 5 6 7 8 9 10 ... 13 14"}, {20, 7, "1 2 3 4 5 6 7 8 9 10 ... 19 20"},
		{20, 8, "1 2 ... 5 6 7 8 9 10 11 ... 19 20"}, {20, 13, "1 2 ... 10 11 12 13 14 15 16 ... 19 20"}, {20, 14, "1 2 ... 11 12 13 14 15 16 17 18 19 20"},
	} {
		v := view(t, "list=paginated")
		v.Page = tt.current
		data := v.Many(rows(2*tt.last), "m", record.VisitKind).Body.(php.Object)[2].Value.(php.Object)
		var labels []string
		for _, link := range data[6].Value.([]any) {
			labels = append(labels, link.(php.Object)[1].Value.(string))
		}
		assert.Equal(t, "&laquo; Previous "+tt.want+" Next &raquo;", strings.Join(labels, " "), "%d of %d", tt.current, tt.last)
	}
}

func TestPageNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[any]int64{nil: 1, "": 1, "3": 3, "0": 1, "-1": 1, "abc": 1, "1.5": 1, "9223372036854775807": 1 << 31} {
		assert.Equal(t, want, shape.PageNumber(value), value)
	}
}
