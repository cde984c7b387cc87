package retry

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWaitsAreFullJitter(t *testing.T) {
	t.Parallel()
	p := Policy{}.WithDefaults()
	require.Equal(t, Policy{MaxAttempts: 4, MinWait: 200 * time.Millisecond, MaxWait: 10 * time.Second}, p)
	for n, bound := range map[int]time.Duration{1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 3: 800 * time.Millisecond, 6: 6400 * time.Millisecond, 7: 10 * time.Second, 8: 10 * time.Second, 31: 10 * time.Second, 32: 10 * time.Second, 1000: 10 * time.Second, math.MaxInt: 10 * time.Second} {
		require.Equal(t, bound, p.bound(n), n)
		least, most := time.Duration(math.MaxInt64), time.Duration(0)
		for range 1000 {
			wait, why := p.Next(context.Background(), n, Failure{})
			require.Equal(t, NoGiveUp, why)
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
	for _, p := range []Policy{{MinWait: 1, MaxWait: 1}, {MinWait: time.Hour, MaxWait: time.Second}, {MinWait: math.MaxInt64, MaxWait: math.MaxInt64}, {MinWait: 1, MaxWait: math.MaxInt64}} {
		p = p.WithDefaults()
		for _, n := range []int{1, 2, 31, 32, 63, 64, 65, math.MaxInt} {
			wait, why := p.Next(context.Background(), n, Failure{})
			require.Equal(t, NoGiveUp, why)
			require.GreaterOrEqual(t, wait, time.Duration(0))
			require.LessOrEqual(t, wait, p.MaxWait)
			settle := p.SettleWait(n)
			require.LessOrEqual(t, settle, p.MaxWait)
			require.GreaterOrEqual(t, settle, min(p.MinWait, p.MaxWait))
		}
	}
}

// After an insert of unknown outcome the wait is never short.
func TestSettlingIsNeverShort(t *testing.T) {
	t.Parallel()
	p := Policy{}.WithDefaults()
	for n, least := range map[int]time.Duration{1: 200 * time.Millisecond, 2: 400 * time.Millisecond, 9: 10 * time.Second} {
		for range 200 {
			wait := p.SettleWait(n)
			require.GreaterOrEqual(t, wait, least)
			require.LessOrEqual(t, wait, min(least+least/2, p.MaxWait))
		}
	}
}

func TestALongerRetryAfterWins(t *testing.T) {
	t.Parallel()
	p := Policy{MinWait: 1, MaxWait: 8 * time.Second}.WithDefaults()
	soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, row := range []struct {
		name  string
		ctx   context.Context
		asked time.Duration
		why   GiveUp
	}{
		{"a while", t.Context(), 7 * time.Second, NoGiveUp},
		{"MaxWait", t.Context(), 8 * time.Second, NoGiveUp},
		{"more", t.Context(), 9 * time.Second, LongRetryAfter},
		{"before the deadline", soon, 3 * time.Second, NoGiveUp},
		{"past the deadline", soon, 6 * time.Second, PastDeadline},
		{"more, and past the deadline", soon, 9 * time.Second, LongRetryAfter},
	} {
		wait, why := p.Next(row.ctx, 1, Failure{Kind: Status, Status: 503, Delay: Delay{row.asked, true}})
		require.Equal(t, row.asked, wait, row.name)
		require.Equal(t, row.why, why, row.name)
	}
	p.MinWait = time.Second
	for _, asked := range []time.Duration{0, time.Millisecond} {
		least, most := time.Hour, time.Duration(0)
		for range 1000 {
			wait, why := p.Next(t.Context(), 2, Failure{Kind: Status, Status: 503, Delay: Delay{asked, true}})
			require.Equal(t, NoGiveUp, why)
			least, most = min(least, wait), max(most, wait)
		}
		require.GreaterOrEqual(t, least, asked)
		require.Less(t, least, 100*time.Millisecond)
		require.Greater(t, most, 1900*time.Millisecond)
	}
}

// The wait before it is looked for what was created is as long as the server asks,
// and never shorter than it takes to settle.
func TestAfterCreate(t *testing.T) {
	t.Parallel()
	p := Policy{MinWait: time.Second, MaxWait: 8 * time.Second}.WithDefaults()
	soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, row := range []struct {
		name        string
		ctx         context.Context
		n           int
		asked       time.Duration
		least, most time.Duration
		why         GiveUp
	}{
		{"nothing asked", t.Context(), 1, 0, time.Second, 1500 * time.Millisecond, NoGiveUp},
		{"the third", t.Context(), 3, 0, 4 * time.Second, 6 * time.Second, NoGiveUp},
		{"less asked", t.Context(), 3, time.Second, 4 * time.Second, 6 * time.Second, NoGiveUp},
		{"more asked", t.Context(), 1, 7 * time.Second, 7 * time.Second, 7 * time.Second, NoGiveUp},
		{"too much asked", t.Context(), 1, 9 * time.Second, 9 * time.Second, 9 * time.Second, LongRetryAfter},
		{"past the deadline", soon, 4, 0, 8 * time.Second, 8 * time.Second, PastDeadline},
	} {
		wait, why := p.AfterCreate(row.ctx, row.n, Failure{Kind: Status, Delay: Delay{row.asked, row.asked > 0}})
		require.GreaterOrEqual(t, wait, row.least, row.name)
		require.LessOrEqual(t, wait, row.most, row.name)
		require.Equal(t, row.why, why, row.name)
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		require.NoError(t, Sleep(t.Context(), time.Hour))
		require.Equal(t, time.Hour, time.Since(began))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, Sleep(ctx, time.Hour), context.DeadlineExceeded)
		require.Equal(t, time.Hour+time.Minute, time.Since(began))
		require.ErrorIs(t, Sleep(ctx, 0), context.DeadlineExceeded)
		require.NoError(t, Sleep(t.Context(), -1))
	})
}
