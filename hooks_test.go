package pmpsmart_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
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
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany+`; not retried: the client's retry budget is spent, as it is while a server is down; successes refill it`)},
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
				`OP ends: 429 "" "Sibuk", attempts 2, records 0: `+tooMany+`; after 2 attempts`)},
			"a long Retry-After": {[]http.HandlerFunc{busy("Retry-After", "99")}, nil, 0, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany+` (the server asks to wait 1m39s)`, `OP gives up for retry-after OP PATH PAGE.1: `+tooMany+` (the server asks to wait 1m39s)`,
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany+` (the server asks to wait 1m39s); not retried: the wait is longer than the 4ms of RetryPolicy.MaxWait`)},
			"a deadline before the retry": {[]http.HandlerFunc{busy("Retry-After", "99")}, []pmpsmart.Option{pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxWait: time.Hour})}, 50 * time.Second, m.lines(begin, send,
				`OP/PAGE.1 got 429, 19 bytes: `+tooMany+` (the server asks to wait 1m39s)`, `OP gives up for deadline OP PATH PAGE.1: `+tooMany+` (the server asks to wait 1m39s)`,
				`OP ends: 429 "" "Sibuk", attempts 1, records 0: `+tooMany+` (the server asks to wait 1m39s); not retried: the context ends within the wait of 1m39s`)},
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
