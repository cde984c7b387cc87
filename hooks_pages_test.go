package pmpsmart_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// threePages serves a list of three pages with a record each. before is called with the
// number of a page that was asked for.
func threePages(before func(page string, r *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := cmp.Or(r.URL.Query().Get("page"), "1")
		if before != nil {
			before(page, r)
		}
		success(`{"current_page":`+page+`,"last_page":3,"data":[{"id":`+page+`}]}`)(w, r)
	}
}

// Each page is an attempt with its own number, those that are prefetched as well.
func TestHooksOfPages(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{0, 1, 16} {
		var r recorder
		var failed atomic.Bool
		page := threePages(nil)
		c := r.client(serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page") == "2" && !failed.Swap(true) {
				respond(503, `{"message":"Sibuk"}`)(w, r)
				return
			}
			page(w, r)
		}), pmpsmart.WithPagesAhead(ahead))
		require.NoError(t, listing.do(t.Context(), c))
		got := r.take()
		const why = `pmpsmart: ListOrders: 503 Service Unavailable: Sibuk`
		require.Equal(t, `ListOrders order read`, got[0])
		require.Equal(t, `ListOrders ends: 200 "success" "berhasil", attempts 4, records 3: ok`, got[len(got)-1])
		require.ElementsMatch(t, []string{
			`ListOrders/1.1 sends ListOrders order`, `ListOrders/1.1 got 200, 99 bytes: ok`,
			`ListOrders/2.1 sends ListOrders order`, `ListOrders/2.1 got 503, 19 bytes: ` + why,
			`ListOrders retries ListOrders order 2.1: ` + why,
			`ListOrders/2.2 sends ListOrders order`, `ListOrders/2.2 got 200, 99 bytes: ok`,
			`ListOrders/3.1 sends ListOrders order`, `ListOrders/3.1 got 200, 99 bytes: ok`,
		}, got[1:len(got)-1], "%d pages ahead", ahead)
	}
}

// A page that was prefetched and is not needed ends before its list does.
func TestHooksOfAPageThatIsThrownAway(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{true, false} {
		third := make(chan struct{})
		var r recorder
		c := r.client(serve(t, threePages(func(page string, r *http.Request) {
			if page == "3" {
				close(third)
				if silent {
					<-r.Context().Done()
				}
			}
		})))
		for order, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
			require.NoError(t, err)
			if order.ID == 2 {
				<-third
				break
			}
		}
		got := r.take()
		require.Equal(t, `ListOrders ends: 200 "success" "berhasil", attempts 3, records 2: ok`, got[len(got)-1])
		var ends []string
		for _, event := range got {
			if strings.HasPrefix(event, "ListOrders/3.1 got ") {
				ends = append(ends, event)
			}
		}
		require.Len(t, ends, 1)
		if silent {
			require.Equal(t, `ListOrders/3.1 got 0, 0 bytes: no answer from HOST: context canceled`, ends[0])
		} else { // its header may have come, or not
			require.Contains(t, ends[0], "context canceled")
		}
	}
}

// The look-ups and inserts of EnsureJSONOrder are calls of their own inside of it.
func TestHooksOfEnsure(t *testing.T) {
	t.Parallel()
	const lost = `500 Internal Server Error: Server Error`
	look := func(records int, bytes int) []string {
		return []string{
			`EnsureJSONOrder FilterJSONOrders json/order/get/filter read`,
			`EnsureJSONOrder/FilterJSONOrders/1.1 sends FilterJSONOrders json/order/get/filter`,
			fmt.Sprintf(`EnsureJSONOrder/FilterJSONOrders/1.1 got 200, %d bytes: ok`, bytes),
			fmt.Sprintf(`EnsureJSONOrder/FilterJSONOrders ends: 200 "success" "berhasil", attempts 1, records %d: ok`, records),
		}
	}
	insert := []string{
		`EnsureJSONOrder InsertJSONOrder json/order create`,
		`EnsureJSONOrder/InsertJSONOrder/0.1 sends InsertJSONOrder json/order`,
		`EnsureJSONOrder/InsertJSONOrder/0.1 got 500, 26 bytes: pmpsmart: InsertJSONOrder: ` + lost,
		`EnsureJSONOrder/InsertJSONOrder ends: 500 "" "Server Error", attempts 1, records 0: pmpsmart: InsertJSONOrder: outcome unknown, the server may have done it: ` + lost + `; look before sending it again`,
	}
	begin := []string{`EnsureJSONOrder json/order create`}
	retried := func(n int) []string {
		return []string{fmt.Sprintf(`EnsureJSONOrder retries EnsureJSONOrder json/order 0.%d: pmpsmart: InsertJSONOrder: `, n) + lost}
	}
	none, found, failing := success(`[]`), success(`[`+aRow+`]`), respond(500, `{"message":"Server Error"}`)
	for name, row := range map[string]struct {
		handlers []http.HandlerFunc
		want     [][]string
	}{
		"an insert that was done": {[]http.HandlerFunc{none, failing, found}, [][]string{
			begin, look(0, 51), insert, retried(1), look(1, 51+len(aRow)),
			{`EnsureJSONOrder ends: 200 "success" "berhasil", attempts 3, records 1: ok`},
		}},
		"inserts that fail": {[]http.HandlerFunc{none, failing, none, failing, none}, [][]string{
			begin, look(0, 51), insert, retried(1), look(0, 51), insert, retried(2), look(0, 51),
			{
				`EnsureJSONOrder gives up for attempts EnsureJSONOrder json/order 0.2: pmpsmart: InsertJSONOrder: ` + lost,
				`EnsureJSONOrder ends: 200 "success" "berhasil", attempts 5, records 0: pmpsmart: EnsureJSONOrder: outcome unknown, the server may have done it: ` + lost + `; after 2 inserts; calling it again is safe`,
			},
		}},
	} {
		var r recorder
		c := r.client(serve(t, sequence(row.handlers...)), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 2, MinWait: time.Millisecond}))
		_, _, _ = c.EnsureJSONOrder(t.Context(), anOrder)
		require.Equal(t, slices.Concat(row.want...), r.take(), name)
	}
}

// Several hooks are called in the order of their options, each in the context of the one
// before; what is nil is left out.
func TestSeveralHooks(t *testing.T) {
	t.Parallel()
	var r recorder
	named := func(name string) pmpsmart.Option {
		return pmpsmart.WithHooks(pmpsmart.Hooks{
			Call: func(ctx context.Context, _ pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
				r.note(ctx, "%s: call", name)
				return under(ctx, name), func(pmpsmart.CallResult) { r.note(t.Context(), "%s: end of the call", name) }
			},
			Attempt: func(ctx context.Context, _ pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
				r.note(ctx, "%s: attempt", name)
				return under(ctx, name), func(pmpsmart.AttemptResult) { r.note(t.Context(), "%s: end of the attempt", name) }
			},
			Retry: func(ctx context.Context, _ pmpsmart.RetryInfo) { r.note(ctx, "%s: retry", name) },
		})
	}
	var sent []string
	c := serve(t, sequence(respond(503, ""), success(anOne))).client(
		named("a"),
		pmpsmart.WithHooks(pmpsmart.Hooks{}),
		pmpsmart.WithHooks(pmpsmart.Hooks{
			Call: func(context.Context, pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
				return nil, nil //nolint:staticcheck // what is tested
			},
			Attempt: func(context.Context, pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
				return nil, nil
			},
		}),
		named("b"),
		pmpsmart.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			chain, _ := r.Context().Value(chainKey{}).(string)
			sent = append(sent, chain)
			return http.DefaultTransport.RoundTrip(r)
		})}))
	require.NoError(t, reading.do(t.Context(), c))
	attempt := []string{"a/b a: attempt", "a/b/a b: attempt", "a: end of the attempt", "b: end of the attempt"}
	require.Equal(t, slices.Concat([]string{"a: call", "a b: call"}, attempt, []string{"a/b a: retry", "a/b b: retry"}, attempt, []string{"a: end of the call", "b: end of the call"}), r.take())
	require.Equal(t, []string{"a/b/a/b", "a/b/a/b"}, sent, "the context of the requests")
}

// A hook that panics or ends its goroutine does so to the call. What the hooks beside it
// were told of ends once, and the client goes on.
func TestPanicInAHook(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"call", "end of the call", "attempt", "end of the attempt", "retry"} {
		for _, e := range foreignEndings {
			for _, m := range hookedMethods {
				t.Run(m.name+", "+e.name+" at the "+place, func(t *testing.T) {
					t.Parallel()
					broken := true
					at := func(here string) {
						if broken && here == place {
							e.end()
						}
					}
					var before, after recorder
					s := serve(t, sequence(respond(429, ""), respond(200, m.body())))
					c := before.client(s, pmpsmart.WithHooks(pmpsmart.Hooks{
						Call: func(ctx context.Context, _ pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
							at("call")
							return ctx, func(pmpsmart.CallResult) { at("end of the call") }
						},
						Attempt: func(ctx context.Context, _ pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
							at("attempt")
							return ctx, func(pmpsmart.AttemptResult) { at("end of the attempt") }
						},
						Retry: func(context.Context, pmpsmart.RetryInfo) { at("retry") },
					}), pmpsmart.WithHooks(after.hooks()))
					e.requireInCaller(t, func() error { return m.do(t.Context(), c) })
					for _, r := range []*recorder{&before, &after} {
						events := r.take()
						require.Equal(t, count(events, m.path+" "+m.class), count(events, " ends: "), events)
						require.Equal(t, count(events, " sends "), count(events, " got "), events)
						require.Zero(t, count(events, "records 1: ended by"), events)
					}
					broken = false
					if m.op != "Logout" { // which has forgotten the token
						require.NoError(t, m.do(t.Context(), c), "the client goes on")
					}
				})
			}
		}
	}
}

// count counts the lines that contain a text.
func count(events []string, text string) (n int) {
	for _, event := range events {
		if strings.Contains(event, text) {
			n++
		}
	}
	return n
}
