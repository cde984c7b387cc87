package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A fault is one way for a call to fail, over and over.
type fault struct {
	name   string
	answer http.HandlerFunc
	// How many attempts each class makes when three are allowed, and whether the outcome
	// of a create is unknown then.
	read, create, auth int
	unknown            bool
	want               string // the error, after "pmpsmart: Op: "
}

var faults = []fault{
	{"a reset", testserver.Reset, 3, 1, 3, true, "no answer from HOST: read tcp "},
	{"408", respond(408, ""), 3, 1, 1, false, "408 Request Timeout"},
	{"425", respond(425, ""), 3, 1, 1, false, "425 Too Early"},
	{"429", respond(429, ""), 3, 3, 3, false, "429 Too Many Requests"},
	{"500", respond(500, ""), 3, 1, 3, true, "500 Internal Server Error"},
	{"502", respond(502, ""), 3, 1, 3, true, "502 Bad Gateway"},
	{"503", respond(503, ""), 3, 1, 3, true, "503 Service Unavailable"},
	{"504", respond(504, ""), 3, 1, 3, true, "504 Gateway Timeout"},
	{"524", respond(524, ""), 3, 1, 3, true, "524 A Timeout Occurred"},
	{"500 with Retry-After", respond(500, "", "Retry-After", "0"), 3, 1, 3, true, "500 Internal Server Error"},
	{"503 with Retry-After", respond(503, "", "Retry-After", "0"), 3, 3, 3, false, "503 Service Unavailable"},
	{"503 with a date", respond(503, "", "Retry-After", "Mon, 02 Feb 2015 02:55:30 GMT"), 3, 3, 3, false, "503 Service Unavailable"},
	{"500 in a 200", respond(200, `{"status":500}`), 3, 1, 3, true, "500 Internal Server Error (in an HTTP 200)"},
	{"429 in a 200", respond(200, `{"status":429}`), 3, 3, 3, false, "429 Too Many Requests (in an HTTP 200)"},
	{"a cut body", truncated(`{"data":{"id":1}`), 3, 1, 3, true, "can't read the answer (HTTP 200, application/json): the body is cut short after 16 bytes: unexpected EOF"},
	{"JSON cut short", respond(200, `{"data":{"id":1}`), 3, 1, 3, true, "can't read the answer (HTTP 200, application/json): the body is cut short after 16 bytes: unexpected EOF"},
	{"silence", testserver.Silent, 3, 1, 3, true, "no answer from HOST: the server was silent for 30s"},
	{"silence in the body", stalled(`{"data":{"id":1`), 3, 1, 3, true, "the answer from HOST broke off: the server was silent for 30s"},

	{"a page in a 200", respond(200, aPage), 1, 1, 1, true, `can't read the answer (HTTP 200, application/json): want JSON, and it is an HTML page titled "Server Error"`},
	{"nothing in a 200", respond(200, " "), 1, 1, 1, true, `can't read the answer (HTTP 200, application/json): want JSON: the body is empty`},
	{"a redirect", respond(302, ""), 1, 1, 1, true, "302 Found"},
	{"a redirect to what was stored", respond(303, ""), 1, 1, 1, true, "303 See Other"},
	{"not modified", respond(304, ""), 1, 1, 1, true, "304 Not Modified"},
	{"an address that has moved", respond(301, ""), 1, 1, 1, false, "301 Moved Permanently"},
	{"a redirect that keeps a POST", respond(307, ""), 1, 1, 1, false, "307 Temporary Redirect"},
	{"403", respond(403, ""), 1, 1, 1, false, "403 Forbidden"},
	{"404", respond(404, `{"message":"Tidak ada"}`), 1, 1, 1, false, "404 Not Found: Tidak ada"},
	{"422", respond(422, ""), 1, 1, 1, false, "422 Unprocessable Entity"},
	{"a failure in a 200", respond(200, `{"status":"gagal"}`), 1, 1, 1, false, "refused with HTTP 200"},
}

// asks returns how many requests o sends.
func (f fault) asks(o operation) int {
	switch o.name {
	case "InsertJSONOrder", "Call":
		return f.create
	case "Login", "Logout":
		return f.auth
	}
	return f.read
}

// eachFault runs test with each kind of operation that meets each fault.
func eachFault(t *testing.T, test func(t *testing.T, f fault, o operation)) {
	for _, f := range faults {
		for _, o := range []operation{reading, listing, overwriting, creating, calling, loggingIn, loggingOut} {
			if f.name == "nothing in a 200" && (o.name == "Logout" || o.name == "Call") {
				continue // is a success there
			}
			t.Run(f.name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				inBubbleIfSilent(t, f.name, func(t *testing.T) {
					test(t, f, o)
				})
			})
		}
	}
}

func TestRetriesByClass(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, f fault, o operation) {
		s := serve(t, f.answer)
		policy := quick
		policy.MaxAttempts = 3
		var response pmpsmart.Response
		err := o.do(t.Context(), s.client(pmpsmart.WithRetry(policy)), pmpsmart.WithResponse(&response))
		require.Equal(t, f.asks(o), response.Attempts)
		require.Len(t, s.Requests(), f.asks(o))
		f.checkError(t, s, o, err)
	})
}

func (f fault) checkError(t *testing.T, s *server, o operation, err error) {
	var open *pmpsmart.OutcomeUnknownError
	isCreate := o.name == "InsertJSONOrder" || o.name == "Call"
	require.Equal(t, isCreate && f.unknown, errors.As(err, &open), "%v", err)
	want, after := "pmpsmart: "+o.name+": ", ""
	if open != nil {
		require.Equal(t, o.name, open.Op)
		want, after = want+"outcome unknown, the server may have done it: ", "; look before sending it again"
	}
	want += callPath(o) + f.want
	got := textOf(s.URL, err)
	if attempts := f.asks(o); attempts > 1 {
		after = fmt.Sprintf("; after %d attempts", attempts) + after
	}
	if f.name == "a reset" { // its text names the ports
		require.Contains(t, got, want)
		require.Equal(t, after, got[len(got)-len(after):])
		return
	}
	require.Equal(t, want+after, got)
}

// The caller does not notice a fault that passes after two attempts.
func TestRetriesRecover(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		for _, o := range []operation{reading, overwriting, creating, loggingIn} {
			if f.asks(o) == 1 {
				continue
			}
			t.Run(f.name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				inBubbleIfSilent(t, f.name, func(t *testing.T) {
					s := serve(t, sequence(f.answer, f.answer, success(`{"id":198,"api_token":"abcd1234"}`)))
					var response pmpsmart.Response
					require.NoError(t, o.do(t.Context(), s.client(), pmpsmart.WithResponse(&response)))
					asked := s.Requests()
					require.Len(t, asked, 3)
					require.Equal(t, asked[0], asked[1])
					require.Equal(t, asked[0], asked[2])
					require.Equal(t, 3, response.Attempts)
					require.Equal(t, 200, response.HTTPStatus)
					require.Equal(t, "berhasil", response.Message)
				})
			})
		}
	}
}

func TestTheDefaultIsFourAttempts(t *testing.T) {
	t.Parallel()
	s := serve(t, respond(500, ""))
	require.Error(t, reading.do(t.Context(), s.client()))
	require.Len(t, s.Requests(), 4)
}

func TestOneAttemptTurnsRetriesOff(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		inBubbleIfSilent(t, f.name, func(t *testing.T) {
			s := serve(t, f.answer)
			c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
			var response pmpsmart.Response
			require.Error(t, reading.do(t.Context(), c, pmpsmart.WithResponse(&response)))
			require.Equal(t, 1, response.Attempts, f.name)
			require.Len(t, s.Requests(), 1, f.name)
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name   string
		header func() string
		wait   time.Duration
	}{
		{"seconds", func() string { return "1" }, time.Second},
		{"a date", func() string { return time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat) }, 2 * time.Second},
	}
	for _, row := range rows {
		for _, o := range []operation{reading, creating} {
			t.Run(row.name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				testserver.Bubble(t, func(t *testing.T) {
					s := serve(t, sequence(respond(503, "", "Retry-After", row.header()), success(`{"id":198}`)))
					c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 1, MaxWait: time.Minute}))
					began := time.Now()
					require.NoError(t, o.do(t.Context(), c))
					require.Equal(t, row.wait, time.Since(began))
					require.Len(t, s.Requests(), 2)
				})
			})
		}
	}
}

// A server that asks for no wait, or for one that has passed, is not asked four times
// at once.
func TestARetryAfterIsNeverLessThanTheBackoff(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"0", "-5", "Thu, 02 Feb 1995 02:55:30 GMT", "1"} {
		testserver.Bubble(t, func(t *testing.T) {
			s := serve(t, respond(503, "", "Retry-After", header))
			c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 24 * time.Hour, MaxWait: 24 * time.Hour}))
			began := time.Now()
			require.ErrorIs(t, reading.do(t.Context(), c), pmpsmart.ErrMaintenance)
			require.Greater(t, time.Since(began), time.Hour, "three waits of up to a day")
			require.Len(t, s.Requests(), 4)
		})
	}
}

// A date is counted from the response's own Date, since the server's clock may be
// wrong.
func TestRetryAfterByTheServersClock(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{time.Hour, -time.Hour} {
		testserver.Bubble(t, func(t *testing.T) {
			now := time.Now().Add(off).UTC()
			busy := respond(503, "", "Date", now.Format(http.TimeFormat), "Retry-After", now.Add(3*time.Second).Format(http.TimeFormat))
			s := serve(t, sequence(busy, success(`{"id":198}`)))
			c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: 1}))
			began := time.Now()
			require.NoError(t, creating.do(t.Context(), c))
			require.Equal(t, 3*time.Second, time.Since(began))
		})
	}
}

func TestWaitsPastTheDeadlineAreNotBegun(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name     string
		header   func() string
		deadline time.Duration
		wait     string
		why      string
	}{
		{"past MaxWait", func() string { return "60" }, time.Hour, "1m0s", "wait is longer than the 10s of RetryPolicy.MaxWait"},
		{"past MaxWait by a date", func() string { return time.Now().Add(time.Hour).UTC().Format(http.TimeFormat) }, 24 * time.Hour, "1h0m0s", "wait is longer than the 10s of RetryPolicy.MaxWait"},
		{"past the deadline", func() string { return "10" }, 9 * time.Second, "10s", "context ends within the wait of 10s"},
	}
	for _, row := range rows {
		for _, o := range []operation{reading, overwriting, creating, loggingIn, listing} {
			t.Run(row.name+" "+o.name, func(t *testing.T) {
				t.Parallel()
				testserver.Bubble(t, func(t *testing.T) {
					s := serve(t, respond(429, "", "Retry-After", row.header()))
					ctx, cancel := context.WithTimeout(t.Context(), row.deadline)
					defer cancel()
					began := time.Now()
					err := o.do(ctx, s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{})))
					require.Zero(t, time.Since(began))
					require.ErrorIs(t, err, pmpsmart.ErrRateLimited)
					require.EqualError(t, err, "pmpsmart: "+o.name+": 429 Too Many Requests (the server asks to wait "+row.wait+"); not retried: the "+row.why)
					require.Len(t, s.Requests(), 1)
				})
			})
		}
	}
}

// A wait ends with its context; the error names both the failure and that.
func TestWaitsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	for _, o := range []operation{reading, overwriting, creating, calling, loggingIn, listing} {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, respond(503, `{"message":"Sibuk"}`, "Retry-After", "3000"))
			ctx, cancel := context.WithCancel(t.Context())
			waiting := slog.New(repeats{slog.DiscardHandler, cancel})
			err := o.do(ctx, s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxWait: time.Hour}), pmpsmart.WithLogger(waiting)))
			require.EqualError(t, err, "pmpsmart: "+o.name+": "+callPath(o)+"503 Service Unavailable: Sibuk (the server asks to wait 50m0s); waiting to retry: context canceled")
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorIs(t, err, pmpsmart.ErrMaintenance)
		})
	}
}

// repeats is a log handler that calls then before the wait for a retry.
type repeats struct {
	slog.Handler
	then func()
}

func (repeats) Enabled(context.Context, slog.Level) bool { return true }

func (r repeats) Handle(_ context.Context, record slog.Record) error {
	if record.Message == "pmpsmart: retrying" {
		r.then()
	}
	return nil
}

// While a server is down, the budget runs out and calls fail at their first
// attempt; successes fill it again.
func TestBudgetTurnsRetriesOff(t *testing.T) {
	t.Parallel()
	var down bool // only changed between calls
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if down {
			respond(500, "")(w, r)
			return
		}
		success(`{"id":198}`)(w, r)
	})
	c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 11, MinWait: 1, MaxWait: 1}))
	asks := func() int {
		before := len(s.Requests())
		_ = reading.do(t.Context(), c)
		return len(s.Requests()) - before
	}
	down = true
	for n := range 10 {
		require.Equal(t, 11, asks(), "call %d: 500 tokens are 100 repeats", n)
	}
	require.Equal(t, []int{1, 1}, []int{asks(), asks()})
	require.EqualError(t, reading.do(t.Context(), c), "pmpsmart: GetOrder: 500 Internal Server Error; not retried: the client's retry budget is spent, as it is while a server is down; successes refill it")
	down = false
	for range 4 {
		require.Equal(t, 1, asks())
	}
	down = true
	require.Equal(t, 1, asks(), "four successes give four tokens")
	down = false
	require.Equal(t, 1, asks())
	down = true
	require.Equal(t, 2, asks(), "five buy one repeat")
	require.Equal(t, 1, asks())
}

// A success after retries refunds the cost of one of them.
func TestASuccessRefundsTheBudget(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { respond(500, "")(w, r) })
	c := s.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 100, MinWait: 1, MaxWait: 1}))
	require.Error(t, reading.do(t.Context(), c)) // 99 repeats: 5 tokens are left
	require.Len(t, s.Requests(), 100)
	for n := range 3 {
		s.Config.Handler = sequence(respond(500, ""), success(`{"id":198}`))
		require.NoError(t, reading.do(t.Context(), c), "call %d", n)
	}
}
