package pmpsmart

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWaitsAreFullJitter(t *testing.T) {
	t.Parallel()
	p := RetryPolicy{}.withDefaults()
	require.Equal(t, RetryPolicy{MaxAttempts: 4, MinWait: 200 * time.Millisecond, MaxWait: 10 * time.Second}, p)
	for n, bound := range map[int]time.Duration{1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 3: 800 * time.Millisecond, 6: 6400 * time.Millisecond, 7: 10 * time.Second, 8: 10 * time.Second, 31: 10 * time.Second, 32: 10 * time.Second, 1000: 10 * time.Second, math.MaxInt: 10 * time.Second} {
		require.Equal(t, bound, p.bound(n), n)
		least, most := time.Duration(math.MaxInt64), time.Duration(0)
		for range 1000 {
			wait, worth := p.next(context.Background(), n, errors.New("x"))
			require.True(t, worth)
			least, most = min(least, wait), max(most, wait)
		}
		require.GreaterOrEqual(t, least, time.Duration(0))
		require.LessOrEqual(t, most, bound)
		require.Less(t, least, bound/20, "waits begin at 0")
		require.Greater(t, most, bound/20*19, "and go up to their bound")
	}
}

func TestWaitsHaveOddBounds(t *testing.T) {
	t.Parallel()
	for _, p := range []RetryPolicy{{MinWait: 1, MaxWait: 1}, {MinWait: time.Hour, MaxWait: time.Second}, {MinWait: math.MaxInt64, MaxWait: math.MaxInt64}, {MinWait: 1, MaxWait: math.MaxInt64}} {
		p = p.withDefaults()
		for _, n := range []int{1, 2, 31, 32, 63, 64, 65, math.MaxInt} {
			wait, worth := p.next(context.Background(), n, nil)
			require.True(t, worth)
			require.GreaterOrEqual(t, wait, time.Duration(0))
			require.LessOrEqual(t, wait, p.MaxWait)
			settle := p.settleWait(n)
			require.LessOrEqual(t, settle, p.MaxWait)
			require.GreaterOrEqual(t, settle, min(p.MinWait, p.MaxWait))
		}
	}
}

// After an insert of unknown outcome the wait is never short.
func TestSettlingIsNeverShort(t *testing.T) {
	t.Parallel()
	p := RetryPolicy{}.withDefaults()
	for n, least := range map[int]time.Duration{1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 9: 10 * time.Second} {
		for range 200 {
			wait := p.settleWait(n)
			require.GreaterOrEqual(t, wait, least)
			require.LessOrEqual(t, wait, min(least+least/2, p.MaxWait))
		}
	}
}

func TestARetryAfterWins(t *testing.T) {
	t.Parallel()
	p := RetryPolicy{MaxWait: 8 * time.Second}.withDefaults()
	soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, row := range []struct {
		name  string
		ctx   context.Context
		asked time.Duration
		worth bool
	}{
		{"nothing", t.Context(), 0, true},
		{"a while", t.Context(), 7 * time.Second, true},
		{"MaxWait", t.Context(), 8 * time.Second, true},
		{"more", t.Context(), 9 * time.Second, false},
		{"before the deadline", soon, 3 * time.Second, true},
		{"past the deadline", soon, 6 * time.Second, false},
	} {
		wait, worth := p.next(row.ctx, 1, &APIError{RetryAfter: row.asked, hasRetryAfter: true})
		require.Equal(t, row.asked, wait, row.name)
		require.Equal(t, row.worth, worth, row.name)
	}
}

// What calls leave behind is not kept for ever.
func TestEnsuresForgetWhatHasSettled(t *testing.T) {
	t.Parallel()
	s := &ensureGroup{running: map[string]*sharedEnsure{}, settled: map[string]time.Time{"lama": time.Now().Add(-time.Second), "baru": time.Now().Add(time.Hour)}}
	s.finish(&sharedEnsure{want: JSONOrder{Code: "ini"}, err: &OutcomeUnknownError{Err: errors.New("x")}}, RetryPolicy{MinWait: time.Hour, MaxWait: time.Hour})
	require.Len(t, s.settled, 2)
	require.NotContains(t, s.settled, "lama")
	require.Contains(t, s.settled, "ini")
	s.finish(&sharedEnsure{want: JSONOrder{Code: "itu"}, err: errors.New("x")}, RetryPolicy{})
	require.NotContains(t, s.settled, "itu")
}
