package patience_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
)

// A server answers in the process, by the clock of the test.
type server struct {
	mu       sync.Mutex
	began    time.Time
	requests []time.Duration // when they came
	respond  func(s *server, at time.Duration, n int, w *answer)
}

type answer struct {
	status     int
	retryAfter string
	err        error
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := time.Since(s.began)
	s.requests = append(s.requests, at.Round(time.Second))
	a := answer{status: 200}
	s.respond(s, at, len(s.requests), &a)
	if a.err != nil {
		return nil, a.err
	}
	body := `{"status":"success","message":"","data":[]}`
	if a.status != 200 {
		body = `{"message":"Too Many Attempts."}`
	}
	resp := &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody, Request: r}
	resp.Body = readCloser{strings.NewReader(body)}
	if a.retryAfter != "" {
		resp.Header.Set("Retry-After", a.retryAfter)
	}
	return resp, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func (s *server) client(t *testing.T, limit time.Duration, told func(patience.Wait)) *pmpsmart.Client {
	t.Helper()
	s.began = time.Now()
	c, err := pmpsmart.New(append(patience.Options(limit, told), pmpsmart.WithToken("abcdef"), pmpsmart.WithHTTPClient(&http.Client{Transport: s}))...)
	require.NoError(t, err)
	return c
}

func list(ctx context.Context, c *pmpsmart.Client) error {
	_, err := c.ListOutlets(ctx)
	return err
}

// What the server asks for is waited for, to the second, and told.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(_ *server, at time.Duration, _ int, a *answer) {
			if at < 59*time.Second {
				a.status, a.retryAfter = 429, "60"
			}
		}}
		var told []patience.Wait
		c := s.client(t, patience.Default, func(w patience.Wait) { told = append(told, w) })
		require.NoError(t, list(t.Context(), c))
		assert.Equal(t, []time.Duration{0, time.Minute}, s.requests)
		require.Len(t, told, 1)
		assert.Equal(t, "ListOutlets", told[0].Op)
		assert.Equal(t, s.began.Add(time.Minute), told[0].Until)
		assert.ErrorIs(t, told[0].Err, pmpsmart.ErrRateLimited)
	})
}

// A window of a throttle that ends within seconds is not waited for longer.
func TestShortRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(_ *server, at time.Duration, _ int, a *answer) {
			if at < 1900*time.Millisecond {
				a.status, a.retryAfter = 429, "1"
			}
		}}
		c := s.client(t, patience.Default, nil)
		require.NoError(t, list(t.Context(), c))
		assert.Equal(t, []time.Duration{0, time.Second, 2 * time.Second}, s.requests)
	})
}

// A maintenance that says nothing about its end is waited out, and its end is not missed
// by more than a quarter of its length.
func TestMaintenance(t *testing.T) {
	for _, lasts := range []time.Duration{30 * time.Second, 3 * time.Minute, 20 * time.Minute} {
		for _, status := range []int{503, 429} {
			synctest.Test(t, func(t *testing.T) {
				s := &server{respond: func(_ *server, at time.Duration, _ int, a *answer) {
					if at < lasts {
						a.status = status
					}
				}}
				c := s.client(t, patience.Default, nil)
				require.NoError(t, list(t.Context(), c))
				took := time.Since(s.began)
				assert.LessOrEqual(t, took, lasts+max(lasts/4, 11*time.Second), lasts)
				assert.Less(t, len(s.requests), 30, "it is no load")
			})
		}
	}
}

// A server that stays away is given up when the limit is over and not before; who asks
// next learns it at once. The error is the server's.
func TestLimit(t *testing.T) {
	for _, retryAfter := range []string{"", "60", "7", "1"} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: func(_ *server, _ time.Duration, _ int, a *answer) { a.status, a.retryAfter = 503, retryAfter }}
			const limit = 10 * time.Minute
			c := s.client(t, limit, nil)
			err := list(t.Context(), c)
			assert.ErrorIs(t, err, pmpsmart.ErrMaintenance)
			assert.NotErrorIs(t, err, context.DeadlineExceeded)
			assert.NotErrorIs(t, err, context.Canceled)
			took := time.Since(s.began)
			assert.LessOrEqual(t, took, limit)
			assert.Greater(t, took, limit-90*time.Second)
			n := len(s.requests)
			assert.ErrorIs(t, list(t.Context(), c), pmpsmart.ErrMaintenance)
			assert.LessOrEqual(t, time.Since(s.began), limit+time.Minute)
			assert.LessOrEqual(t, len(s.requests), n+2)
		})
	}
}

// What can't be waited for within the limit is not begun.
func TestTooLongARetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(_ *server, _ time.Duration, _ int, a *answer) { a.status, a.retryAfter = 429, "3600" }}
		c := s.client(t, patience.Default, nil)
		err := list(t.Context(), c)
		var refusal *pmpsmart.APIError
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, time.Hour, refusal.RetryAfter)
		assert.Zero(t, time.Since(s.began))
		assert.Len(t, s.requests, 1)
	})
}

// Another failure is tried four times, within seconds, and a good answer begins all anew.
func TestOtherFailures(t *testing.T) {
	for name, fail := range map[string]func(*answer){
		"a server error":    func(a *answer) { a.status = 500 },
		"a bad gateway":     func(a *answer) { a.status = 502 },
		"a lost connection": func(a *answer) { a.err = http.ErrServerClosed },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: func(_ *server, _ time.Duration, _ int, a *answer) { fail(a) }}
			c := s.client(t, patience.Default, func(patience.Wait) { t.Error("it is not worth telling") })
			require.Error(t, list(t.Context(), c), name)
			assert.Len(t, s.requests, 4, name)
			assert.Less(t, time.Since(s.began), 5*time.Second)
			s.respond = func(_ *server, _ time.Duration, n int, a *answer) {
				if n%4 != 0 {
					fail(a)
				}
			}
			for range 3 {
				require.NoError(t, list(t.Context(), c), name)
			}
		})
	}
}

// What is no passing failure is not tried again.
func TestFinalFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(_ *server, _ time.Duration, _ int, a *answer) { a.status = 404 }}
		c := s.client(t, patience.Default, nil)
		require.ErrorIs(t, list(t.Context(), c), pmpsmart.ErrNotFound)
		assert.Len(t, s.requests, 1)
	})
}

// A wait ends with the caller's context.
func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, retryAfter := range []string{"600", ""} {
			s := &server{respond: func(_ *server, _ time.Duration, _ int, a *answer) { a.status, a.retryAfter = 503, retryAfter }}
			c := s.client(t, patience.Default, nil)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			require.ErrorIs(t, list(ctx, c), context.Canceled)
			assert.Equal(t, 3*time.Second, time.Since(s.began))
		}
	})
}

// Calls at the same moment each have their own patience with what refuses them, while
// others get answers.
func TestManyCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(_ *server, _ time.Duration, n int, a *answer) {
			if n%2 == 0 {
				a.status, a.retryAfter = 429, "2"
			}
		}}
		c := s.client(t, patience.Default, func(patience.Wait) {})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { assert.NoError(t, list(t.Context(), c)) })
		}
		wg.Wait()
	})
}
