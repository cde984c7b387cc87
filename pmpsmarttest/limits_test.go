package pmpsmarttest_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

func TestMaintenance(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	srv.Down(90 * time.Second)
	_, err := c.ListOutlets(t.Context())
	assert.ErrorIs(t, err, pmpsmart.ErrMaintenance)
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, 90*time.Second, api.RetryAfter)
	srv.Up()
	_, err = c.ListOutlets(t.Context())
	assert.NoError(t, err)
}

// clock is a clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	time := &clock{now: noon}
	srv := newServer(t, pmpsmarttest.WithRateLimit(2), pmpsmarttest.WithClock(time.Now))
	c := srv.Client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 1}))
	var resp pmpsmart.Response
	left := func() (int, string, error) {
		_, err := c.GetOrder(t.Context(), 198, pmpsmart.WithResponse(&resp))
		return resp.HTTPStatus, resp.Header.Get("X-RateLimit-Remaining"), err
	}
	for _, want := range []string{"1", "0"} {
		status, remaining, err := left()
		require.NoError(t, err)
		assert.Equal(t, 200, status)
		assert.Equal(t, want, remaining)
	}
	time.Advance(20e9)
	_, _, err := left()
	assert.ErrorIs(t, err, pmpsmart.ErrRateLimited)
	assert.Equal(t, http.Header{"X-Ratelimit-Limit": {"2"}, "X-Ratelimit-Remaining": {"0"}, "Retry-After": {"40"}, "X-Ratelimit-Reset": {"1772341260"}},
		only(resp.Header, "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Retry-After", "X-Ratelimit-Reset"))
	time.Advance(40e9)
	_, remaining, err := left()
	require.NoError(t, err)
	assert.Equal(t, "1", remaining, "a new minute has begun")
}

func only(header http.Header, names ...string) http.Header {
	some := http.Header{}
	for _, name := range names {
		some[name] = header[name]
	}
	return some
}

func TestMaxBody(t *testing.T) {
	t.Parallel()
	srv := newServer(t, pmpsmarttest.WithMaxBody(1000))
	c := srv.Client()
	_, err := c.InsertJSONOrder(t.Context(), pmpsmart.JSONOrderInput{Code: "K", Data: strings.Repeat("x", 1000), Status: "completed"})
	var api *pmpsmart.APIError
	require.ErrorAs(t, err, &api)
	assert.Equal(t, http.StatusRequestEntityTooLarge, api.HTTPStatus)
	assert.Empty(t, srv.JSONOrders())
}
