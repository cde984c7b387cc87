package bench

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

const (
	perPage  = 15
	pageTime = 20 * time.Millisecond // of the server, for each page
	ahead    = 8
)

// BenchmarkPages reads a list of 1,000 pages from a server that takes 20 ms for each:
// with pages ahead, and one after another.
func BenchmarkPages(b *testing.B) {
	for b.Loop() {
		one, many := pages(b, 1_000)
		fmt.Fprintf(os.Stdout, "\n1,000 pages: %s one after another, %s with %d ahead: %.3f of it\n", duration(one), duration(many), ahead, many/one)
	}
}

// pages returns how long a list of so many pages takes, in nanoseconds, one page after
// another and with pages ahead.
func pages(tb testing.TB, count int) (one, many float64) {
	base := startServer(tb) + "/pages/" + strconv.Itoa(count)
	return pagesAhead(tb, base, 0, count), pagesAhead(tb, base, ahead, count)
}

func pagesAhead(tb testing.TB, base string, ahead, count int) float64 {
	c, err := pmpsmart.New(pmpsmart.WithBaseURL(base), pmpsmart.WithToken(token), pmpsmart.WithPagesAhead(ahead))
	if err != nil {
		tb.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	orders, err := c.ListOrders(context.Background(), pmpsmart.OrderFilter{})
	took := time.Since(began)
	if err != nil || len(orders) != count*perPage {
		tb.Fatalf("%d orders of %d: %v", len(orders), count*perPage, err)
	}
	for i := range orders {
		if orders[i].ID != int64(i+1) {
			tb.Fatalf("the %d-th order is %d", i+1, orders[i].ID)
		}
	}
	return float64(took)
}

// TestPages reads a few pages both ways.
func TestPages(t *testing.T) {
	if one, many := pages(t, 20); many > one {
		t.Errorf("%s with pages ahead, %s without", duration(many), duration(one))
	}
}

// newHandler is all that a server of the benchmarks answers.
func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", newServer())
	mux.HandleFunc("/pages/{count}/order", servePage)
	return mux
}

// servePage answers with a page of a list of so many, as Laravel's paginator does.
func servePage(w http.ResponseWriter, r *http.Request) {
	count, err := strconv.Atoi(r.PathValue("count"))
	page := 1
	if asked := r.FormValue("page"); asked != "" && err == nil {
		page, err = strconv.Atoi(asked)
	}
	if err != nil || page < 1 || page > count {
		http.NotFound(w, r)
		return
	}
	time.Sleep(pageTime)
	b := fmt.Appendf(nil, `{"status":"success","message":"Data order berhasil diambil","data":{"current_page":%d,"data":[`, page)
	for i := range perPage {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOrder(b, (page-1)*perPage+i)
	}
	next := "null"
	if page < count {
		next = fmt.Sprintf(`"http://%s%s?page=%d"`, r.Host, r.URL.Path, page+1)
	}
	b = fmt.Appendf(b, `],"last_page":%d,"next_page_url":%s,"per_page":%d,"total":%d}}`, count, next, perPage, count*perPage)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}
