package paginate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A recorder is a Fetch whose pages wait until they are released, and a Discard.
type recorder struct {
	mu        sync.Mutex
	started   []string
	discarded []string
	canceled  []string
	connect   func(query string) bool // whether the page gets a connection before it is released
	release   map[string]chan struct{}
}

func (r *recorder) gate(query string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.release == nil {
		r.release = make(map[string]chan struct{})
	}
	if r.release[query] == nil {
		r.release[query] = make(chan struct{})
	}
	return r.release[query]
}

func (r *recorder) note(to *[]string, query string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*to = append(*to, query)
}

func (r *recorder) fetch(ctx context.Context, _ int, query string, connected func()) (string, error) {
	r.note(&r.started, query)
	if r.connect != nil && r.connect(query) {
		connected()
	}
	select {
	case <-r.gate(query):
		return "body of " + query, nil
	case <-ctx.Done():
		r.note(&r.canceled, query)
		return "", ctx.Err()
	}
}

func (r *recorder) prefetcher(ahead int, scarce bool) *Prefetcher[string] {
	return &Prefetcher[string]{Ahead: ahead, Scarce: scarce, Fetch: r.fetch, Discard: func(s string) { r.note(&r.discarded, s) }}
}

// take takes the page at p, which must be one that is being fetched.
func take(t *testing.T, f *Prefetcher[string], p *Position) string {
	t.Helper()
	wait := f.Take(t.Context(), p)
	require.NotNil(t, wait)
	got, err := wait()
	require.NoError(t, err)
	return got
}

// at is a Position at a page of a list whose last page is known.
func at(page, last int) *Position { return &Position{page: page, last: last} }

// inBubble runs a test in which synctest.Wait waits for the fetches.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Parallel()
	synctest.Test(t, test)
}

func TestPrefetchGuessesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(8, false)
		for name, p := range map[string]*Position{
			"the first page": {}, "a cursor": {cursor: "x", last: 9}, "an unknown end": {page: 2},
		} {
			require.Nil(t, f.Take(t.Context(), p), name)
		}
		require.Nil(t, r.prefetcher(0, false).Take(t.Context(), at(2, 9)))
		f.Stop()
		require.Empty(t, r.started)
	})
}

func TestPrefetchFetchesPagesTogether(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(3, false)
		defer f.Stop()
		wait := f.Take(t.Context(), at(2, 6))
		synctest.Wait()
		require.ElementsMatch(t, []string{"page=2", "page=3", "page=4", "page=5"}, r.started)
		for _, page := range []string{"page=4", "page=3", "page=2"} {
			close(r.gate(page))
		}
		got, err := wait()
		require.NoError(t, err)
		require.Equal(t, "body of page=2", got)
		require.Equal(t, "body of page=3", take(t, f, at(3, 6)))
		require.Equal(t, "body of page=4", take(t, f, at(4, 6)))
		synctest.Wait()
		require.ElementsMatch(t, []string{"page=2", "page=3", "page=4", "page=5", "page=6"}, r.started, "and not beyond the last")
	})
}

// Pages that the list passes over are canceled or, if they are there, released.
func TestPrefetchGivesUpPagesThatArePassedOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(4, false)
		f.Take(t.Context(), at(2, 9))
		synctest.Wait()
		close(r.gate("page=3"))
		close(r.gate("page=5"))
		synctest.Wait()
		require.Equal(t, "body of page=5", take(t, f, at(5, 9)))
		synctest.Wait()
		require.ElementsMatch(t, []string{"page=2", "page=4"}, r.canceled)
		require.Equal(t, []string{"body of page=3"}, r.discarded)
		f.Stop()
		require.Equal(t, []string{"body of page=3"}, r.discarded, "what was taken is its taker's")
	})
}

func TestPrefetchCancelsATakenPageWithTheNext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var contexts []context.Context
		f := &Prefetcher[int]{Ahead: 1, Discard: func(int) {}, Fetch: func(ctx context.Context, _ int, query string, _ func()) (int, error) {
			if query == "page=2" {
				contexts = append(contexts, ctx)
			}
			return 0, nil
		}}
		_, err := f.Take(t.Context(), at(2, 9))()
		require.NoError(t, err)
		synctest.Wait()
		require.NoError(t, contexts[0].Err(), "it is being read")
		f.Take(t.Context(), at(3, 9))
		require.Error(t, contexts[0].Err())
		f.Stop()
	})
}

func TestPrefetchStops(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(4, false)
		f.Take(t.Context(), at(2, 9)) // and its result is left alone
		synctest.Wait()
		close(r.gate("page=2"))
		close(r.gate("page=4"))
		synctest.Wait()
		f.Stop()
		require.ElementsMatch(t, []string{"page=3", "page=5", "page=6"}, r.canceled)
		require.ElementsMatch(t, []string{"body of page=2", "body of page=4"}, r.discarded)
	})
}

func TestPrefetchEndsWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(1, false)
		defer f.Stop()
		ctx, cancel := context.WithCancel(t.Context())
		wait := f.Take(ctx, at(2, 9))
		cancel()
		_, err := wait()
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A panic or a Goexit of Fetch, which may be in a transport of the caller's,
// reaches the goroutine that takes the page; and only that.
func TestPrefetchPassesOnWhatEndsAFetch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		boom := errors.New("boom")
		f := &Prefetcher[string]{Ahead: 3, Discard: func(s string) { t.Errorf("discarded %q", s) }, Fetch: func(_ context.Context, _ int, query string, _ func()) (string, error) {
			switch query {
			case "page=3":
				panic(boom)
			case "page=4":
				runtime.Goexit()
			case "page=5":
				panic("nobody takes this page")
			}
			return query, nil
		}}
		require.Equal(t, "page=2", take(t, f, at(2, 5)))
		require.PanicsWithValue(t, boom, func() { _, _ = f.Take(t.Context(), at(3, 5))() })
		_, err := f.Take(t.Context(), at(4, 5))()
		require.EqualError(t, err, "the fetch of the page called runtime.Goexit")
		f.Stop()
	})
}

// A panic of Discard reaches the goroutine that reads the list, when it stops.
func TestPrefetchPassesOnThePanicOfADiscard(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := &Prefetcher[int]{Ahead: 1, Discard: func(int) { panic("boom") }, Fetch: func(_ context.Context, page int, _ string, _ func()) (int, error) { return page, nil }}
		_, err := f.Take(t.Context(), at(2, 9))()
		require.NoError(t, err)
		require.PanicsWithValue(t, "boom", f.Stop)
	})
}

// Where connections are scarce, a page ahead waits for the current page's
// response, and for the connection of the page before it.
func TestPrefetchOfScarceConnections(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := &recorder{connect: func(query string) bool { return query != "page=4" }}
		f := r.prefetcher(3, true)
		require.Nil(t, f.Take(t.Context(), at(2, 9)))
		synctest.Wait()
		require.Empty(t, r.started, "before the current page has arrived")
		f.Arrived(t.Context(), at(2, 9))
		synctest.Wait()
		require.Equal(t, []string{"page=3", "page=4"}, r.started, "one after the other, and page 5 waits for a connection of page 4")
		close(r.gate("page=4"))
		synctest.Wait()
		require.Equal(t, []string{"page=3", "page=4", "page=5"}, r.started)
		close(r.gate("page=3"))
		require.Equal(t, "body of page=3", take(t, f, at(3, 9)))

		f.Retry(at(3, 9))
		synctest.Wait()
		require.Equal(t, []string{"page=5"}, r.canceled)
		require.Equal(t, []string{"body of page=4"}, r.discarded)
		f.Arrived(t.Context(), at(3, 9))
		synctest.Wait()
		require.Equal(t, []string{"page=3", "page=4", "page=5", "page=4", "page=5", "page=6"}, r.started)
		require.Equal(t, "body of page=4", take(t, f, at(4, 9)))
		f.Stop()
	})
}

// What waits for its turn ends without a request.
func TestPrefetchStopsWhatHasNotStarted(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(3, true)
		f.Arrived(t.Context(), at(2, 9))
		synctest.Wait()
		f.Stop()
		require.Equal(t, []string{"page=3"}, r.started)
	})
}

func TestPrefetchWithoutScarcityKeepsItsPagesOnRetry(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		r := new(recorder)
		f := r.prefetcher(2, false)
		f.Take(t.Context(), at(2, 9))
		f.Arrived(t.Context(), at(2, 9))
		f.Retry(at(2, 9))
		synctest.Wait()
		require.ElementsMatch(t, []string{"page=2", "page=3", "page=4"}, r.started)
		require.Empty(t, r.canceled)
		f.Stop()
	})
}

// A list over one connection is read to its end, and a page that is fetched again
// gets the connection.
func TestPrefetchOverOneConnection(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 2, 8} {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			t.Parallel()
			const last = 12
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, r.URL.RawQuery)
			}))
			defer server.Close()
			transport := &http.Transport{MaxConnsPerHost: 1}
			defer transport.CloseIdleConnections()
			get := func(ctx context.Context, _ int, query string, connected func()) (*http.Response, error) {
				ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected() }})
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"?"+query, nil)
				require.NoError(t, err)
				return transport.RoundTrip(request)
			}
			f := &Prefetcher[*http.Response]{Ahead: ahead, Scarce: true, Fetch: get, Discard: func(r *http.Response) { _ = r.Body.Close() }}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			defer f.Stop()
			var p Position
			for number := 1; number <= last; number++ {
				wait := f.Take(ctx, &p)
				for try := 1; try <= 2; try++ {
					if wait == nil {
						wait = func() (*http.Response, error) { return get(ctx, 0, p.RawQuery(), func() {}) }
					}
					response, err := wait()
					require.NoError(t, err)
					f.Arrived(ctx, &p)
					body, err := io.ReadAll(response.Body)
					require.NoError(t, err)
					require.Equal(t, p.RawQuery(), string(body))
					_ = response.Body.Close()
					if number%3 != 0 {
						break
					}
					f.Retry(&p)
					wait = nil
				}
				more, err := p.Advance(page(1, envelope.Page{Current: number, Last: last}))
				require.NoError(t, err)
				require.Equal(t, number < last, more)
			}
		})
	}
}
