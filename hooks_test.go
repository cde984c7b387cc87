package pmpsmart_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A recorder is Hooks that write what they are told, a line an event. Each line starts
// with the calls and attempts whose contexts it was told in.
type recorder struct {
	base string // the server's, for error texts

	mu     sync.Mutex
	events []string
}

// chainKey is the context key of what a line starts with.
type chainKey struct{}

func (r *recorder) note(ctx context.Context, format string, args ...any) {
	chain, _ := ctx.Value(chainKey{}).(string)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, strings.TrimPrefix(chain+" ", " ")+fmt.Sprintf(format, args...))
}

// under returns a context whose events stand under name.
func under(ctx context.Context, name string) context.Context {
	chain, _ := ctx.Value(chainKey{}).(string)
	return context.WithValue(ctx, chainKey{}, strings.TrimPrefix(chain+"/"+name, "/"))
}

func (r *recorder) err(err error) string {
	if err == nil {
		return "ok"
	}
	return textOf(r.base, err)
}

// take returns the lines so far and forgets them.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

func (r *recorder) hooks() pmpsmart.Hooks {
	return pmpsmart.Hooks{
		Call: func(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
			r.note(ctx, "%s %s %s", info.Op, info.Path, info.Class)
			inner := under(ctx, info.Op)
			return inner, func(result pmpsmart.CallResult) {
				got := result.Response
				if got.Attempts > 0 && got.Duration <= 0 {
					r.note(inner, "took no time")
				}
				r.note(inner, "ends: %d %q %q, attempts %d, records %d: %s", got.HTTPStatus, got.Status, got.Message, got.Attempts, result.Records, r.err(result.Err))
			}
		},
		Attempt: func(ctx context.Context, info pmpsmart.AttemptInfo) (context.Context, func(pmpsmart.AttemptResult)) {
			inner := under(ctx, fmt.Sprintf("%d.%d", info.Page, info.Try))
			r.note(inner, "sends %s %s", info.Op, info.Path)
			return inner, func(result pmpsmart.AttemptResult) {
				r.note(inner, "got %d, %d bytes: %s", result.HTTPStatus, result.Bytes, r.err(result.Err))
			}
		},
		Retry: func(ctx context.Context, info pmpsmart.RetryInfo) {
			what := "retries"
			if info.GaveUp != "" {
				what = "gives up for " + info.GaveUp
			}
			if (info.GaveUp == "") != (info.Wait > 0) {
				what += fmt.Sprint(" after ", info.Wait)
			}
			r.note(ctx, "%s %s %s %d.%d: %s", what, info.Op, info.Path, info.Page, info.Try, r.err(info.Err))
		},
	}
}

// client returns a client of the server that tells the recorder.
func (r *recorder) client(s *server, opts ...pmpsmart.Option) *pmpsmart.Client {
	r.base = s.BaseURL()
	return s.client(append([]pmpsmart.Option{pmpsmart.WithHooks(r.hooks())}, opts...)...)
}

// A hookedMethod is a method of the client, as hooks are told of it.
type hookedMethod struct {
	name            string
	op, path, class string
	page            int    // of its requests
	data            string // a successful response's
	records         int    // in data
	do              func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error
}

// drain ranges over a Seq to its end.
func drain[T any](seq func(yield func(T, error) bool)) error {
	var last error
	for _, err := range seq {
		last = err
	}
	return last
}

func errOf[T any](_ T, err error) error { return err }

const (
	aRow  = `{"id":7,"kode_order":"PMP-3903001","json_data":{"key":"value"},"status":"completed"}`
	rows  = `[{"id":7},{"id":8}]`
	anOne = `{"id":198}`
)

// hookedMethods are all that send requests under their own name.
var hookedMethods = []hookedMethod{
	{"Login", "Login", "auth/login", "auth", 0, `{"api_token":"` + aToken + `"}`, 0, loggingIn.do},
	{"Logout", "Logout", "auth/logout", "auth", 0, `[]`, 0, loggingOut.do},
	{"InsertJSONOrder", "InsertJSONOrder", "json/order", "create", 0, aRow, 1, creating.do},
	{"UpdateJSONOrder", "UpdateJSONOrder", "json/order/update", "overwrite", 0, aRow, 1, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.UpdateJSONOrder(ctx, anOrder, opts...))
	}},
	{"FilterJSONOrders", "FilterJSONOrders", "json/order/get/filter", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.FilterJSONOrders(ctx, pmpsmart.JSONOrderFilter{}, opts...))
	}},
	{"FilterJSONOrdersSeq", "FilterJSONOrders", "json/order/get/filter", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(c.FilterJSONOrdersSeq(ctx, pmpsmart.JSONOrderFilter{}, opts...))
	}},
	{"ListOutlets", "ListOutlets", "master/outlet", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.ListOutlets(ctx, opts...))
	}},
	{"ListOutletsSeq", "ListOutlets", "master/outlet", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(c.ListOutletsSeq(ctx, opts...))
	}},
	{"UpdateOutletCode", "UpdateOutletCode", "master/outlet/update", "overwrite", 0, `{"id":7,"kode_outlet":"A"}`, 1, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.UpdateOutletCode(ctx, 7, "A", opts...))
	}},
	{"ListOrders", "ListOrders", "order", "read", 1, rows, 2, listing.do},
	{"ListOrdersSeq", "ListOrders", "order", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{}, opts...))
	}},
	{"UpdateOrderStatus", "UpdateOrderStatus", "order/update", "overwrite", 0, `{"id":198,"status":"open"}`, 1, overwriting.do},
	{"GetOrder", "GetOrder", "order/detail", "read", 0, anOne, 1, reading.do},
	{"ListSalesUsers", "ListSalesUsers", "user/sales", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.ListSalesUsers(ctx, pmpsmart.SalesUserFilter{}, opts...))
	}},
	{"ListSalesUsersSeq", "ListSalesUsers", "user/sales", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(c.ListSalesUsersSeq(ctx, pmpsmart.SalesUserFilter{}, opts...))
	}},
	{"ListVisits", "ListVisits", "visit", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(c.ListVisits(ctx, pmpsmart.VisitFilter{}, opts...))
	}},
	{"ListVisitsSeq", "ListVisits", "visit", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(c.ListVisitsSeq(ctx, pmpsmart.VisitFilter{}, opts...))
	}},
	{"Call", "Call", "stock/move", "create", 0, `[]`, 0, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return c.Call(ctx, "stock/move?sku=7", nil, nil, opts...)
	}},
	{"ListAs", "ListAs", "stock", "read", 1, rows, 2, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return drain(pmpsmart.ListAs[map[string]any](ctx, c, "stock?sku=7", nil, opts...))
	}},
	{"GetAs", "GetAs", "stock/detail", "read", 0, anOne, 1, func(ctx context.Context, c *pmpsmart.Client, opts ...pmpsmart.CallOption) error {
		return errOf(pmpsmart.GetAs[map[string]any](ctx, c, "stock/detail", nil, opts...))
	}},
}

// body is the whole of a successful response.
func (m hookedMethod) body() string {
	return `{"status":"success","message":"berhasil","data":` + m.data + `}`
}

// lines returns lines with the method's own values in place of OP, PATH, CLASS, PAGE,
// RECORDS, BYTES and AT, which is what the error of its path starts with.
func (m hookedMethod) lines(lines ...string) []string {
	at := ""
	if m.op == "Call" || m.op == "ListAs" || m.op == "GetAs" {
		at = m.path + ": "
		if strings.Contains("Call ListAs", m.op) {
			at = m.path + "?sku=7: "
		}
	}
	values := strings.NewReplacer("OP", m.op, "PATH", m.path, "CLASS", m.class, "PAGE", fmt.Sprint(m.page), "RECORDS", fmt.Sprint(m.records),
		"BYTES", fmt.Sprint(len(m.body())), "AT ", at)
	for i, line := range lines {
		lines[i] = values.Replace(line)
	}
	return lines
}

// Every method tells of its call, of each attempt and of each retry, in the contexts that
// the hooks returned.
func TestHooksOfEveryMethod(t *testing.T) {
	t.Parallel()
	const (
		begin   = `OP PATH CLASS`
		send    = `OP/PAGE.1 sends OP PATH`
		again   = `OP/PAGE.2 sends OP PATH`
		good    = ` got 200, BYTES bytes: ok`
		tooMany = `pmpsmart: OP: AT 429 Too Many Requests: Sibuk` // which all classes retry
		done    = `OP ends: 200 "success" "berhasil", attempts 1, records RECORDS: ok`
	)
	busy := func(header ...string) http.HandlerFunc { return respond(429, `{"message":"Sibuk"}`, header...) }
	for _, m := range hookedMethods {
		for name, row := range map[string]struct {
			handlers []http.HandlerFunc
			opts     []pmpsmart.Option
			deadline time.Duration
			want     []string
		}{
			"budget spent": {[]http.HandlerFunc{busy()}, []pmpsmart.Option{pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 101, MinWait: 1, MaxWait: 1})}, 0, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany, `OP gives up for budget OP PATH PAGE.1: `+tooMany,
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany)},
			"success": {[]http.HandlerFunc{respond(200, m.body())}, nil, 0, m.lines(begin, send, `OP/PAGE.1`+good, done)},
			"refusal in an HTTP 200": {[]http.HandlerFunc{respond(200, `{"status":422,"message":"Salah"}`)}, nil, 0, m.lines(begin, send,
				`OP/PAGE.1 got 200, 32 bytes: pmpsmart: OP: AT 422 Unprocessable Entity (in an HTTP 200): Salah`,
				`OP ends: 200 "422" "Salah", attempts 1, records 0: pmpsmart: OP: AT 422 Unprocessable Entity (in an HTTP 200): Salah`)},
			"success after a retry": {[]http.HandlerFunc{busy(), respond(200, m.body())}, nil, 0, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany,
				`OP retries OP PATH PAGE.1: `+tooMany,
				again, `OP/PAGE.2`+good, strings.Replace(done, "attempts 1", "attempts 2", 1))},
			"attempts made": {[]http.HandlerFunc{busy()}, []pmpsmart.Option{pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 2, MinWait: time.Millisecond})}, 0, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany, `OP retries OP PATH PAGE.1: `+tooMany, again,
				`OP/PAGE.2 got 429, 19 bytes: `+tooMany, `OP gives up for attempts OP PATH PAGE.2: `+tooMany,
				`OP ends: 429 "" "Sibuk", attempts 2, records 0: `+tooMany)},
			"a long Retry-After": {[]http.HandlerFunc{busy("Retry-After", "99")}, nil, 0, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany+` (the server asks to wait 1m39s)`, `OP gives up for retry-after OP PATH PAGE.1: `+tooMany+` (the server asks to wait 1m39s)`,
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany+` (the server asks to wait 1m39s)`)},
			"a deadline before the retry": {[]http.HandlerFunc{busy("Retry-After", "99")}, []pmpsmart.Option{pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxWait: time.Hour})}, 50 * time.Second, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany+` (the server asks to wait 1m39s)`, `OP gives up for deadline OP PATH PAGE.1: `+tooMany+` (the server asks to wait 1m39s)`,
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany+` (the server asks to wait 1m39s)`)},
		} {
			t.Run(m.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				ctx := t.Context()
				if row.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, row.deadline)
					defer cancel()
				}
				var r recorder
				c := r.client(serve(t, sequence(row.handlers...)), row.opts...)
				if name == "budget spent" {
					require.Error(t, reading.do(ctx, c))
					r.take()
				}
				err := m.do(ctx, c)
				require.Equal(t, row.want, r.take())
				require.True(t, strings.HasSuffix(row.want[len(row.want)-1], ": "+r.err(err)), "as the caller got it")
			})
		}
	}
}

// A dead token makes a login, which is a call inside the call that met it.
func TestHooksOfALoginInsideACall(t *testing.T) {
	t.Parallel()
	for _, m := range hookedMethods {
		if m.class == "auth" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			const refused = `pmpsmart: OP: AT 401 Unauthorized: Unauthenticated.`
			var r recorder
			login := `{"status":"success","message":"berhasil","data":{"api_token":"` + aToken + `2"}}`
			s := serve(t, sequence(testserver.Unauthenticated, respond(200, login), respond(200, m.body())))
			c := r.client(s, pmpsmart.WithCredentials(email, password))
			require.NoError(t, m.do(t.Context(), c))
			require.Equal(t, m.lines(
				`OP PATH CLASS`,
				`OP/PAGE.1 sends OP PATH`,
				`OP/PAGE.1 got 401, 30 bytes: `+refused,
				`OP Login auth/login auth`,
				`OP/Login/0.1 sends Login auth/login`,
				fmt.Sprintf(`OP/Login/0.1 got 200, %d bytes: ok`, len(login)),
				`OP/Login ends: 200 "success" "berhasil", attempts 1, records 0: ok`,
				`OP/PAGE.2 sends OP PATH`,
				`OP/PAGE.2 got 200, BYTES bytes: ok`,
				`OP ends: 200 "success" "berhasil", attempts 2, records RECORDS: ok`,
			), r.take())
		})
	}
}

// A login that calls share stands in the call that starts it, and each call has its own.
func TestHooksOfASharedLogin(t *testing.T) {
	t.Parallel()
	const callers = 3
	var r recorder
	meet := make(chan struct{})
	a := startAccount(t, &testserver.Account{OnLogin: func(int, http.ResponseWriter, *http.Request) bool { <-meet; return false }})
	c := a.client(pmpsmart.WithHooks(r.hooks()))
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() { _, _ = c.ListOutlets(under(t.Context(), fmt.Sprint("caller ", i))) })
	}
	waitFor(t, "all wait", func() bool { return c.WaitingForLogin() == callers })
	close(meet)
	all.Wait()
	logins := 0
	for _, event := range r.take() {
		if strings.HasSuffix(event, "/ListOutlets Login auth/login auth") {
			logins++
		}
	}
	require.Equal(t, 1, logins)
}

// A call whose context ends while it waits for the server.
func TestHooksOfACanceledCall(t *testing.T) {
	t.Parallel()
	for _, m := range hookedMethods {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			var r recorder
			c := r.client(serve(t, func(w http.ResponseWriter, r *http.Request) {
				cancel()
				testserver.Silent(w, r)
			}))
			err := m.do(ctx, c)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, m.lines(
				`OP PATH CLASS`,
				`OP/PAGE.1 sends OP PATH`,
				`OP/PAGE.1 got 0, 0 bytes: no answer from HOST: context canceled`,
				`OP ends: 0 "" "", attempts 1, records 0: `+r.err(err),
			), r.take())
		})
	}
}

// A call that is refused before anything is sent begins and ends.
func TestHooksOfInvalidInput(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(500, ""))
	var noContext context.Context
	for name, row := range map[string]struct {
		do   func(ctx context.Context, c *pmpsmart.Client) error
		want string
	}{
		"GetOrder":  {func(ctx context.Context, c *pmpsmart.Client) error { return errOf(c.GetOrder(ctx, 0)) }, "GetOrder order/detail read"},
		"a nil ctx": {func(_ context.Context, c *pmpsmart.Client) error { return errOf(c.ListOutlets(noContext)) }, "ListOutlets master/outlet read"},
		"a Seq": {func(ctx context.Context, c *pmpsmart.Client) error {
			return drain(c.ListOrdersSeq(ctx, pmpsmart.OrderFilter{UserID: -1}))
		}, "ListOrders order read"},
		"a bad path": {func(ctx context.Context, c *pmpsmart.Client) error {
			return c.Call(ctx, "https://user:secret@example.com/x", nil, nil)
		}, "Call  create"},
		"EnsureJSONOrder": {func(ctx context.Context, c *pmpsmart.Client) error {
			_, _, err := c.EnsureJSONOrder(ctx, pmpsmart.JSONOrderInput{})
			return err
		}, "EnsureJSONOrder json/order create"},
		"Login": {func(ctx context.Context, c *pmpsmart.Client) error { return errOf(c.Login(ctx, "", "")) }, "Login auth/login auth"},
	} {
		var r recorder
		err := row.do(t.Context(), r.client(s))
		require.ErrorIs(t, err, pmpsmart.ErrInvalidInput, name)
		op, _, _ := strings.Cut(row.want, " ")
		require.Equal(t, []string{row.want, op + ` ends: 0 "" "", attempts 0, records 0: ` + err.Error()}, r.take(), name)
	}
	require.Empty(t, s.Requests())
}

// A range that the loop leaves has ended, whether by break, panic or Goexit.
func TestHooksOfASeqThatIsLeft(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(){"break": nil, "panic": foreignEndings[0].end, "Goexit": foreignEndings[1].end} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r recorder
			c := r.client(serve(t, success(`[{"id":1},{"id":2},{"id":3}]`)))
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() { _ = recover() }()
				for order, err := range c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}) {
					if err != nil || order.ID < 2 {
						continue
					}
					if leave == nil {
						break
					}
					leave()
				}
			}()
			<-done
			said := `"success" "berhasil"`
			if leave != nil {
				said = `"" ""` // it was still being read
			}
			require.Equal(t, []string{
				`ListOrders order read`,
				`ListOrders/1.1 sends ListOrders order`,
				`ListOrders/1.1 got 200, 77 bytes: ok`,
				`ListOrders ends: 200 ` + said + `, attempts 1, records 2: ok`,
			}, r.take())
		})
	}
}

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
				`EnsureJSONOrder ends: 200 "success" "berhasil", attempts 5, records 0: pmpsmart: EnsureJSONOrder: outcome unknown, the server may have done it: ` + lost + `; calling it again is safe`,
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
