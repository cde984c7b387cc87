package pmpsmart_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// headerOf returns the values of a header in each request of the server, by the last
// part of its path.
func headerOf(s *server, name string) (all []string) {
	for _, r := range s.Requests() {
		all = append(all, r.Path[strings.LastIndexByte(r.Path, '/')+1:]+r.Query+": "+strings.Join(r.Header.Values(name), "|"))
	}
	return all
}

// A call's own headers go with each of its requests, and with no others.
func TestWithHeaderOfEveryMethod(t *testing.T) {
	t.Parallel()
	for _, m := range hookedMethods {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, sequence(respond(429, ""), respond(200, m.body())))
			c := s.client()
			require.NoError(t, m.do(t.Context(), c, pmpsmart.WithHeader("X-Request-Id", "a"), pmpsmart.WithHeader("x-request-id", "b"), pmpsmart.WithHeader("Accept", "application/vnd.api+json")))
			if m.op != "Logout" {
				require.NoError(t, m.do(t.Context(), c))
			}
			var ids, accepts []string
			for _, r := range s.Requests() {
				ids, accepts = append(ids, strings.Join(r.Header.Values("X-Request-Id"), "|")), append(accepts, strings.Join(r.Header.Values("Accept"), "|"))
				require.Equal(t, []string{"application/json"}, r.Header.Values("Content-Type"))
			}
			n := len(ids)
			require.Equal(t, []string{"b", "b", ""}[:n], ids)
			require.Equal(t, []string{"application/vnd.api+json", "application/vnd.api+json", "application/json"}[:n], accepts)
		})
	}
}

func TestWithHeaderOfPages(t *testing.T) {
	t.Parallel()
	s := serve(t, threePages(nil))
	require.NoError(t, listing.do(t.Context(), s.client(), pmpsmart.WithHeader("X-Request-Id", "a")))
	got := headerOf(s, "X-Request-Id")
	slices.Sort(got)
	require.Equal(t, []string{"order: a", "orderpage=2: a", "orderpage=3: a"}, got)
}

// The inner calls of EnsureJSONOrder send them, a login does not.
func TestWithHeaderOfInnerCalls(t *testing.T) {
	t.Parallel()
	s := serve(t, sequence(success(`{"api_token":"`+aToken+`"}`), success(`[]`), success(aRow)))
	c := newClient(t, s.BaseURL(), pmpsmart.WithCredentials(email, password))
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithHeader("X-Request-Id", "a"))
	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, []string{"login: ", "filter: a", "order: a"}, headerOf(s, "X-Request-Id"))
}

// What the client sets itself, and what no header can be, is refused and not shown.
func TestHeadersThatAreRefused(t *testing.T) {
	t.Parallel()
	const value = "rahasia-sekali"
	s := serve(t, success(anOne))
	c := s.client()
	for name, problem := range map[string]string{
		"Authorization": "the client sets it itself", "authorization": "the client sets it itself", "CONTENT-TYPE": "the client sets it itself",
		"Content-Length": "the client sets it itself", "Host": "the client sets it itself", "accept-encoding": "the client sets it itself",
		"Transfer-Encoding": "the client sets it itself", "Connection": "the client sets it itself", "TE": "the client sets it itself",
		"Upgrade": "the client sets it itself", "Trailer": "the client sets it itself", "Proxy-Authorization": "the client sets it itself",
		"": "its name is empty", "X Y": "its name has characters that no header's has", "X:": "its name has characters that no header's has",
		"X\r\nY": "its name has characters that no header's has", "Kunci-é": "its name has characters that no header's has",
	} {
		err := reading.do(t.Context(), c, pmpsmart.WithHeader(name, value), pmpsmart.WithHeader("", ""))
		input, ok := err.(*pmpsmart.InputError) //nolint:errorlint // as it is returned
		require.True(t, ok, "%q: %v", name, err)
		require.Equal(t, [2]string{"GetOrder", "WithHeader"}, [2]string{input.Op, input.Field})
		require.Contains(t, input.Problem, problem, name)
		require.NotContains(t, err.Error(), value)
		require.NotContains(t, err.Error(), "[redacted]", "the name reads as no secret's")
	}
	for _, value := range []string{"a\r\nX-Evil: b", "a\nb", "a\x00b", "a\x7fb"} {
		err := calling.do(t.Context(), c, pmpsmart.WithHeader("X-Api-Key", value))
		require.EqualError(t, err, `pmpsmart: Call: WithHeader can't send "X-Api-Key", since its value has control characters, such as a line break`)
	}
	require.ErrorIs(t, drain(c.ListOrdersSeq(t.Context(), pmpsmart.OrderFilter{}, pmpsmart.WithHeader("Host", "x"))), pmpsmart.ErrInvalidInput)
	_, _, err := c.EnsureJSONOrder(t.Context(), anOrder, pmpsmart.WithHeader("Host", "x"))
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	require.Empty(t, s.Requests())
}

// A secret that a call sends in a header is not shown where the server repeats it.
func TestASecretHeaderIsNotShown(t *testing.T) {
	t.Parallel()
	const secret = "kunci-rahasia-0123"
	for _, name := range []string{"X-Api-Key", "X-Access-Token", "Cookie", "X-Secret"} {
		s := serve(t, respond(422, `{"message":"kunci `+secret+` salah"}`, "X-Echo", secret))
		var book logbook
		var r pmpsmart.Response
		err := reading.do(t.Context(), s.client(book.option(slog.LevelDebug)), pmpsmart.WithHeader(name, secret), pmpsmart.WithResponse(&r))
		require.ErrorContains(t, err, "kunci [redacted] salah", name)
		require.Equal(t, "[redacted]", r.Header.Get("X-Echo"), name)
		require.NotContains(t, book.String(), secret, name)
		require.Equal(t, secret, s.Requests()[0].Header.Get(name))
	}
}

// net/http sends a request with an Idempotency-Key again by itself when a connection that
// was used before is lost. The client must not let it: an insert would be done twice.
func TestAnIdempotencyKeyDoesNotRepeatAnInsert(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		s := serve(t, sequence(success(anOne), testserver.Reset, success(aRow)))
		c := s.client()
		require.NoError(t, reading.do(t.Context(), c))
		err := creating.do(t.Context(), c, pmpsmart.WithHeader(name, "kunci-1"))
		var unknown *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &unknown, name)
		require.Equal(t, []string{"detail: ", "order: kunci-1"}, headerOf(s, name))
		require.Equal(t, 1, s.Opened(), "on one connection")
	}
}

// A wrapper notes its name and goes on.
func wrapper(name string, to *[]string) pmpsmart.Option {
	return pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			*to = append(*to, name)
			return next.RoundTrip(r)
		})
	})
}

// Wrappers stand around the client's own transport and the caller's, the last outermost.
func TestTransportWrappers(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{true, false} {
		var passed []string
		options := []pmpsmart.Option{wrapper("inner", &passed), wrapper("outer", &passed)}
		want := []string{"outer", "inner"}
		if !own {
			transport := new(http.Transport) // the default one's idle connections are closed with any other test's server
			t.Cleanup(transport.CloseIdleConnections)
			below := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				passed = append(passed, "caller's")
				return transport.RoundTrip(r)
			})}
			options = append(options, pmpsmart.WithHTTPClient(below))
			want = append(want, "caller's")
		}
		s := serve(t, success(anOne))
		c := s.client(options...)
		require.NoError(t, reading.do(t.Context(), c))
		require.Equal(t, want, passed)
		require.NoError(t, reading.do(t.Context(), c))
		require.Equal(t, 1, s.Opened())
		require.NoError(t, c.Close())
		if own {
			waitFor(t, "no connection is open", func() bool { return s.Open() == 0 })
		}
	}
}

func TestWrappersThatAreNone(t *testing.T) {
	t.Parallel()
	for want, wrap := range map[string]func(http.RoundTripper) http.RoundTripper{
		"pmpsmart: New: WithTransportWrapper is nil; want a func that returns a RoundTripper":                   nil,
		"pmpsmart: New: WithTransportWrapper returned nil; want a RoundTripper around the one that it is given": func(http.RoundTripper) http.RoundTripper { return nil },
	} {
		_, err := pmpsmart.New(pmpsmart.WithTransportWrapper(wrap))
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	}
}

// Through a wrapper it is seen that an insert was not sent, unless the wrapper sends it
// more than once.
func TestAnInsertThroughAWrapper(t *testing.T) {
	t.Parallel()
	var unknown *pmpsmart.OutcomeUnknownError
	var passed []string
	base := testserver.Unreachable(t)
	noRetry := pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1})
	err := creating.do(t.Context(), newClient(t, base, pmpsmart.WithToken(aToken), noRetry, wrapper("", &passed)))
	require.ErrorContains(t, err, "can't reach")
	require.NotErrorAs(t, err, &unknown)

	s := serve(t, testserver.Reset)
	twice := pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			_, _ = next.RoundTrip(r)
			s.Listener.Close()
			again := r.Clone(r.Context())
			again.Body, _ = r.GetBody()
			return next.RoundTrip(again)
		})
	})
	err = creating.do(t.Context(), s.client(noRetry, twice))
	require.ErrorContains(t, err, "connection refused")
	require.ErrorAs(t, err, &unknown)

	err = creating.do(t.Context(), s.client(noRetry, pmpsmart.WithTransportWrapper(func(http.RoundTripper) http.RoundTripper {
		return roundTripper(func(*http.Request) (*http.Response, error) { return nil, context.Canceled })
	})))
	require.ErrorAs(t, err, &unknown, "it may have sent it in its own way")
}

// A list over one connection is read to its end through a wrapper, with a call inside the
// loop between its pages.
func TestWrapperAroundALimitedTransport(t *testing.T) {
	t.Parallel()
	limited := &http.Transport{MaxConnsPerHost: 1}
	t.Cleanup(limited.CloseIdleConnections)
	s := serve(t, threePages(nil))
	c := s.client(pmpsmart.WithHTTPClient(&http.Client{Transport: limited}), pmpsmart.WithTransportWrapper(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) { return next.RoundTrip(r) })
	}))
	orders, err := c.ListOrders(t.Context(), pmpsmart.OrderFilter{})
	require.NoError(t, err)
	require.Len(t, orders, 3)
}
