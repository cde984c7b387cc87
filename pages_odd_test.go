package pmpsmart_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// byPage answers page n of a list by body(n), from 1.
func byPage(body func(n int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		answer(200, body(max(n, 1)))(w, r)
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
			require.Len(t, s.asked(), 6)
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
	require.Len(t, s.asked(), 101)
}

// An empty page ends a list, and what it says to the contrary is told.
func TestAnEmptyPageThatNamesANext(t *testing.T) {
	t.Parallel()
	for _, more := range []string{`"next_page_url":"/x?page=3"`, `"next_cursor":"b"`, `"has_more":true`} {
		s := serve(t, inTurn(answer(200, `{"data":`+threeOrders(1)+`,"next_page_url":"/x?page=2"}`), answer(200, `{"data":[],`+more+`}`)))
		var told []pmpsmart.Drift
		orders, err := s.client(drifts(&told)).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Len(t, orders, 3)
		require.Equal(t, []pmpsmart.Drift{{Op: "ListOrders", Path: "data", Want: "records, since more pages are said to follow", Got: rawJSON(`[]`), Count: 1}}, told)

		s = serve(t, inTurn(answer(200, `{"data":`+threeOrders(1)+`,"next_page_url":"/x?page=2"}`), answer(200, `{"data":[],`+more+`}`)))
		_, err = s.client(pmpsmart.WithStrictDecoding()).ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.EqualError(t, err, "pmpsmart: ListOrders: can't read the answer (HTTP 200, application/json): data: want records, since more pages are said to follow, got an empty page")
	}
}

// A server that does not heed the page, and says so nowhere, is found out by what
// it sends.
func TestPagesThatComeAgainWithoutANumber(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[{"id":1},{"id":2}],"total":4,"per_page":2}`,
		`{"data":[{"id":1},{"id":2}],"has_more":true}`,
	} {
		bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
			s := serve(t, answer(200, body))
			_, err := list(s.client())
			require.ErrorContains(t, err, "asked for page 2 of the list and got what the page before it began with: the server repeats its pages")
			require.Len(t, s.asked(), 2)
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
	s := serve(t, answer(200, `{"data":`+threeOrders(1)+`,"limit":3,"offset":0,"total":8}`))
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 3)
	require.Len(t, s.asked(), 1)
}

// Pages that a list passes over do not stay under way.
func TestPagesPassedOverAreGivenUp(t *testing.T) {
	t.Parallel()
	var s *server
	var most atomic.Int64
	s = serve(t, byPage(func(n int) string {
		most.Store(max(most.Load(), int64(s.busy())))
		if n >= 199 {
			return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":199,"data":[{"id":%d}]}}`, n, n)
		}
		return fmt.Sprintf(`{"data":{"current_page":%d,"last_page":199,"data":[{"id":%d}],"next_page_url":"/x?page=%d"}}`, n, n, n+2)
	}))
	orders, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 100)
	require.LessOrEqual(t, most.Load(), int64(20), "requests under way at once")
	waitFor(t, "nothing is under way", func() bool { return s.busy() == 0 })
}
