package pmpsmart_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// Every request waits for the rate limit: retries, pages and logins too.
func TestTheRateLimitCountsEveryAttempt(t *testing.T) {
	t.Parallel()
	const each = 40 * time.Millisecond
	rows := []struct {
		name string
		s    func(t *testing.T) *server
		do   operation
		asks int
	}{
		{"repeats", func(t *testing.T) *server { return serve(t, respond(500, "")) }, reading, 4},
		{"pages", func(t *testing.T) *server { return serve(t, pages(numbered, 6)) }, listing, 6},
		{"a login", func(t *testing.T) *server {
			return serve(t, sequence(success(`{"api_token":"abc12345"}`), success(`[]`)))
		}, listing, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				s := row.s(t)
				options := []pmpsmart.Option{pmpsmart.WithRateLimit(float64(time.Second/each), 1), pmpsmart.WithPagesAhead(8)}
				if row.name == "a login" {
					options = append(options, pmpsmart.WithCredentials("api@pmpsmart.com", aPassword))
				} else {
					options = append(options, pmpsmart.WithToken(aToken))
				}
				began := time.Now()
				_ = row.do.do(t.Context(), newClient(t, s.URL+"/api/v1", options...))
				require.Len(t, s.Requests(), row.asks)
				require.InDelta(t, each*time.Duration(row.asks-1), time.Since(began), float64(time.Microsecond)) // turns are reckoned in floating point
			})
		})
	}
}

func TestTheBurstGoesAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, success(`{"id":198}`))
	for burst, at := range map[int]int{-3: 1, 0: 1, 1: 1, 5: 5} {
		c := s.client(pmpsmart.WithRateLimit(0.0001, burst))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		for range at {
			require.NoError(t, reading.do(ctx, c))
		}
		require.ErrorIs(t, reading.do(ctx, c), context.DeadlineExceeded)
	}
}

func TestAWaitPastTheDeadlineIsAnErrorAtOnce(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, success(`{"id":198}`))
		for _, o := range []operation{reading, overwriting, creating, calling, listing} {
			c := s.client(pmpsmart.WithRateLimit(0.1, 1))
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			require.NoError(t, reading.do(ctx, c))
			before, began := len(s.Requests()), time.Now()
			var response pmpsmart.Response
			err := o.do(ctx, c, pmpsmart.WithResponse(&response))
			require.EqualError(t, err, "pmpsmart: "+o.name+": "+callPath(o)+"the rate limit's next turn comes in 10s: context deadline exceeded")
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Zero(t, time.Since(began))
			require.Len(t, s.Requests(), before)
			require.Zero(t, response.Attempts)
			var open *pmpsmart.OutcomeUnknownError
			require.NotErrorAs(t, err, &open)
		}
	})
}

// A turn that was waited for in vain is given back.
func TestACanceledWaitFreesItsPlace(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, success(`{"id":198}`))
		c := s.client(pmpsmart.WithRateLimit(4, 1))
		began := time.Now()
		require.NoError(t, reading.do(t.Context(), c))
		var all sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		for range 200 { // whose turns would take 50 s
			all.Go(func() {
				if err := reading.do(ctx, c); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // for all of them to wait
		cancel()
		all.Wait()
		require.NoError(t, reading.do(t.Context(), c))
		require.Equal(t, 250*time.Millisecond, time.Since(began), "the second turn")
	})
}

// A wait for a turn ends with its context.
func TestAWaitForTheRateLimitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		s := serve(t, success(`{"id":198}`))
		c := s.client(pmpsmart.WithRateLimit(0.001, 1))
		require.NoError(t, reading.do(t.Context(), c))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- reading.do(ctx, c) }()
		synctest.Wait() // for it to wait
		cancel()
		require.EqualError(t, <-done, "pmpsmart: GetOrder: context canceled")
		require.Len(t, s.Requests(), 1)
	})
}
