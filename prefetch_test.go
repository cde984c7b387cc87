package pmpsmart_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// onPage serves the first times requests for page n by fault, and all other requests
// by others.
func onPage(n, times int, fault, others http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hit := pageOf(r) == n && times > 0
		if hit {
			times--
		}
		mu.Unlock()
		if hit {
			fault(w, r)
			return
		}
		others(w, r)
	}
}

// A page in the middle that fails is fetched again, and its neighbours are not.
func TestAPageThatFailsIsFetchedAgain(t *testing.T) {
	t.Parallel()
	rows := map[string]http.HandlerFunc{
		"a reset": testserver.Reset, "429": respond(429, ""), "500": respond(500, ""), "503 with Retry-After": respond(503, "", "Retry-After", "0"),
		"a cut head": truncated(`{"data":{"current_page":3,"da`), "a cut before its records": truncated(`{"data":{"current_page":3,"data":[{"id":`),
		"silence": testserver.Silent, "a status in a 200": respond(200, `{"status":500}`),
	}
	for name, h := range rows {
		for _, ahead := range []int{0, 1, 5} {
			for _, form := range []string{"slice", "Seq"} {
				t.Run(fmt.Sprint(name, " ", ahead, " ", form), func(t *testing.T) {
					t.Parallel()
					inBubbleIfSilent(t, name, func(t *testing.T) {
						s := serve(t, onPage(3, 2, h, pages(numbered, 4)))
						c, f := s.client(pmpsmart.WithPagesAhead(ahead)), pmpsmart.OrderFilter{Status: pmpsmart.OrderPending}
						list := func() ([]pmpsmart.Order, error) { return c.ListOrders(t.Context(), f) }
						if form == "Seq" {
							list = func() ([]pmpsmart.Order, error) { return collect(c.ListOrdersSeq(t.Context(), f)) }
						}
						got, err := list()
						require.NoError(t, err)
						require.Equal(t, upTo(12), ids(got))
						requirePages(t, s, "", "page=2", "page=3", "page=3", "page=3", "page=4")
					})
				})
			}
		}
	}
}

// A slice takes back the records of a page that was cut; a Seq, which has yielded
// them, ends.
func TestATruncatedPage(t *testing.T) {
	t.Parallel()
	part := truncated(`{"data":{"current_page":2,"last_page":3,"data":[{"id":4},{"id":5},{"i`)
	t.Run("slice", func(t *testing.T) {
		t.Parallel()
		s := serve(t, onPage(2, 1, part, pages(numbered, 3)))
		got, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Equal(t, upTo(9), ids(got))
		require.Len(t, s.Requests(), 4)
	})
	t.Run("Seq", func(t *testing.T) {
		t.Parallel()
		s := serve(t, onPage(2, 1, part, pages(numbered, 3)))
		got, err := collect(s.client(pmpsmart.WithPagesAhead(0)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
		require.EqualError(t, err, "pmpsmart: ListOrders: after 5 records: can't read the answer (HTTP 200, application/json): the body is cut short after 69 bytes: unexpected EOF")
		require.Equal(t, upTo(5), ids(got))
		require.Len(t, s.Requests(), 2)
	})
}

// More records than were kept the second time must not be left over from the
// first.
func TestALongTruncatedPageIsDropped(t *testing.T) {
	t.Parallel()
	long := `{"data":` + strings.TrimSuffix(manyOrders(2500), "]")
	for _, again := range []int{0, 1, 1023, 1024, 1025, 3000} {
		body := `{"data":[]}`
		if again > 0 {
			body = `{"data":` + manyOrders(again) + `}`
		}
		s := serve(t, sequence(truncated(long), respond(200, body)))
		got, err := s.client().ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.NoError(t, err)
		require.Len(t, got, again)
		if again > 0 {
			require.Equal(t, upTo(int64(again)), ids(got))
		}
	}
}

func TestAPageThatFailsForGoodEndsTheList(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{0, 1, 8} {
		s := serve(t, onPage(3, 99, respond(500, `{"message":"Rusak"}`), pages(numbered, 4)))
		c := s.client(pmpsmart.WithPagesAhead(ahead))
		got, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
		require.EqualError(t, err, "pmpsmart: ListOrders: 500 Internal Server Error: Rusak; after 4 attempts")
		require.Nil(t, got)
		got, err = collect(c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}))
		require.EqualError(t, err, "pmpsmart: ListOrders: after 6 records: 500 Internal Server Error: Rusak; after 4 attempts")
		require.Equal(t, upTo(6), ids(got), "the error has its place in the order")
		waitFor(t, "no request is left", func() bool { return s.Busy() == 0 })
	}
}

// Pages ahead are under way together: the server holds them back until all of
// them are there.
func TestPagesAheadAreUnderWayTogether(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 2, 8, 16} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			t.Parallel()
			bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
				var mu sync.Mutex
				waiting, most := 0, 0
				together := make(chan struct{})
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if n := pageOf(r); n > 1 {
						mu.Lock()
						waiting++
						if most = max(most, waiting); waiting == ahead+1 && n <= ahead+2 {
							close(together)
						}
						mu.Unlock()
						if n <= ahead+2 { // the page that is read, and those ahead of it
							<-together
						}
						mu.Lock()
						waiting--
						mu.Unlock()
					}
					pages(numbered, 40)(w, r)
				})
				got, err := list(s.client(pmpsmart.WithPagesAhead(ahead)))
				require.NoError(t, err)
				require.Equal(t, upTo(120), ids(got), "in their order")
				require.Equal(t, ahead+1, most)
				require.Len(t, s.Requests(), 40)
			})
		})
	}
}

func TestNoPagesAheadAreFetchedWhenNoneShall(t *testing.T) {
	t.Parallel()
	bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
		var mu sync.Mutex
		at := 0
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			at++
			if pageOf(r) != at {
				t.Errorf("page %d was asked for before page %d", pageOf(r), at)
			}
			pages(numbered, 10)(w, r)
		})
		got, err := list(s.client(pmpsmart.WithPagesAhead(0)))
		require.NoError(t, err)
		require.Equal(t, upTo(30), ids(got))
	})
}

// Where the last page's number is not known, or pages have no numbers, nothing is
// guessed.
func TestPagesThatMayNotBeThereAreNotFetched(t *testing.T) {
	t.Parallel()
	for _, p := range paginators {
		if !strings.Contains(p.name, "simple") {
			continue
		}
		s := serve(t, pages(p, 3))
		seen := 0
		for _, err := range s.client(pmpsmart.WithPagesAhead(16)).ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			require.Len(t, s.Requests(), seen/3+1)
			seen++
		}
		require.Equal(t, 9, seen)
	}
}

// endings of a list that has pages ahead under way, at its second page.
var endings = map[string]func(c *pmpsmart.Client, ctx context.Context, cancel func()){
	"a break": func(c *pmpsmart.Client, ctx context.Context, _ func()) {
		for o := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			if o.ID == 4 {
				break
			}
		}
	},
	"a panic": func(c *pmpsmart.Client, ctx context.Context, _ func()) {
		defer func() { _ = recover() }()
		for o := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			if o.ID == 4 {
				panic("penuh")
			}
		}
	},
	"a cancellation": func(c *pmpsmart.Client, ctx context.Context, cancel func()) {
		for o := range c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}) {
			if o.ID == 4 {
				cancel()
			}
		}
	},
	"an error": func(c *pmpsmart.Client, ctx context.Context, _ func()) {
		_, _ = c.ListVisits(ctx, pmpsmart.VisitFilter{}) // which the server below refuses on page 2
	},
}

// Nothing stays running, whatever state the pages ahead are in.
func TestNothingStaysRunningAfterAnEnd(t *testing.T) {
	t.Parallel()
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					switch n := pageOf(r); {
					case strings.HasSuffix(r.URL.Path, "visit") && n == 2:
						respond(404, "")(w, r)
					case n == 4: // half there
						stalled(`{"data":{"current_page":4,"data":[`)(w, r)
					case n > 4:
						testserver.Silent(w, r)
					default: // the third is there, and unread
						pages(numbered, 9)(w, r)
					}
				})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				began := time.Now()
				end(s.client(pmpsmart.WithPagesAhead(4)), ctx, cancel)
				require.Zero(t, time.Since(began), "none was waited for")
				// Since Go 1.27 net/http may read on for 50 ms what a closed body has left.
				time.Sleep(50 * time.Millisecond)
				synctest.Wait() // for the server to have noticed
				require.Zero(t, s.Busy(), "no request is left")
			})
		})
	}
}

// Prefetched pages whose token has expired share one login and are fetched again.
func TestPagesAheadSurviveAnExpiredToken(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	logins, good := 0, "pertama1"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.HasSuffix(r.URL.Path, "login"):
			if logins++; logins > 1 {
				good = "kedua222"
			}
			success(`{"api_token":"`+good+`"}`)(w, r)
		case r.Header.Get("Authorization") != "Bearer "+good || pageOf(r) > 1 && logins == 1:
			respond(401, "")(w, r)
		default:
			pages(numbered, 12)(w, r)
		}
	})
	c := newClient(t, s.URL+"/api/v1", pmpsmart.WithCredentials("api@pmpsmart.com", aPassword), pmpsmart.WithPagesAhead(8))
	require.NoError(t, c.Call(t.Context(), "x", nil, nil)) // takes the first token
	got, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Equal(t, upTo(36), ids(got))
	require.Equal(t, 2, logins)
}

// Over a single connection a page ahead never takes it from the page that is
// needed, nor from one that has to be fetched again.
func TestPagesOverOneConnection(t *testing.T) {
	t.Parallel()
	faults := map[string]http.HandlerFunc{
		"no fault": nil, "500": respond(500, ""), "a status in a 200": respond(200, `{"status":500}`), "a cut page": truncated(`{"data":{"current_page":3,"da`),
	}
	for name, fault := range faults {
		for _, ahead := range []int{1, 2, 8} {
			for _, isWrapped := range []bool{false, true} {
				t.Run(fmt.Sprint(name, " ", ahead, " ", isWrapped), func(t *testing.T) {
					t.Parallel()
					bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
						s := serve(t, pages(numbered, 9))
						if fault != nil {
							s.Config.Handler = onPage(3, 2, fault, s.Config.Handler.ServeHTTP)
						}
						transport := &http.Transport{MaxConnsPerHost: 1}
						t.Cleanup(transport.CloseIdleConnections)
						hc := &http.Client{Transport: transport}
						if isWrapped {
							hc.Transport = roundTripper(transport.RoundTrip) // as tracing does, it hides which kind it is
						}
						got, err := list(s.client(pmpsmart.WithHTTPClient(hc), pmpsmart.WithPagesAhead(ahead), pmpsmart.WithTimeout(5*time.Second)))
						require.NoError(t, err)
						require.Equal(t, upTo(27), ids(got))
					})
				})
			}
		}
	}
}

// A transport's panic in a page ahead reaches whoever reads the list, as one in
// the first page does.
func TestAPanicOfATransportInAPageAhead(t *testing.T) {
	t.Parallel()
	bothForms(t, func(t *testing.T, list func(*pmpsmart.Client) ([]pmpsmart.Order, error)) {
		s := serve(t, pages(numbered, 9))
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if pageOf(r) == 3 {
				panic("page 3")
			}
			return http.DefaultTransport.RoundTrip(r)
		})
		c := s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))
		require.PanicsWithValue(t, "page 3", func() { _, _ = list(c) })
	})
}
