package filestore_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/filestore"
)

func lockKey(t *testing.T, d *filestore.Dir, name string) *filestore.KeyLock {
	t.Helper()
	l, err := d.LockKey(t.Context(), name)
	require.NoError(t, err)
	return l
}

func requireEmpty(t *testing.T, path string) {
	t.Helper()
	files, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Empty(t, files)
}

// A key has one holder at a time, of this folder and of its twin, and no file once
// nobody holds it.
func TestKeyLockExcludes(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	var inside atomic.Int32
	var all sync.WaitGroup
	for n := range 16 {
		d := []*filestore.Dir{d, twin}[n%2]
		all.Go(func() {
			for range 20 {
				l, err := d.LockKey(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two hold it")
				}
				if err := l.Check(); err != nil {
					t.Error(err)
				}
				inside.Add(-1)
				l.Unlock(0)
			}
		})
	}
	all.Wait()
	requireEmpty(t, path)
}

// Keys do not exclude each other, however many one process holds.
func TestKeyLocksOfManyKeys(t *testing.T) {
	t.Parallel()
	d, _, path := open(t)
	var held []*filestore.KeyLock
	for n := range 300 {
		held = append(held, lockKey(t, d, strconv.Itoa(n)))
	}
	for _, l := range held {
		l.Unlock(0)
	}
	requireEmpty(t, path)
}

func TestKeyLockEndsWithItsContext(t *testing.T) {
	t.Parallel()
	d, twin, _ := open(t)
	l := lockKey(t, d, "a")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := twin.LockKey(ctx, "a")
	require.Equal(t, context.DeadlineExceeded, err)
	l.Unlock(0)
	_, err = d.LockKey(ctx, "a")
	require.Equal(t, context.DeadlineExceeded, err, "though the key is free")
	lockKey(t, twin, "a").Unlock(0)
}

// waits returns how long the key's next holder waits, on the bubble's clock.
func waits(t *testing.T, d *filestore.Dir) time.Duration {
	t.Helper()
	began := time.Now()
	l := lockKey(t, d, "a")
	defer l.Unlock(0)
	return time.Since(began)
}

// A settle keeps the key from the next, whoever comes and leaves meanwhile.
func TestKeyLockSettles(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	synctest.Test(t, func(t *testing.T) {
		lockKey(t, d, "a").Unlock(3 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := twin.LockKey(ctx, "a")
		require.Equal(t, context.DeadlineExceeded, err)
		require.InDelta(t, 2*time.Second, waits(t, twin), float64(5*time.Millisecond))
		require.Zero(t, waits(t, d))

		lockKey(t, d, "a").Unlock(3 * time.Second)
		time.Sleep(3*time.Second + 5*time.Millisecond)
		require.Zero(t, waits(t, d), "it has passed")
		lockKey(t, d, "a").Unlock(math.MaxInt64)
		require.InDelta(t, time.Hour, waits(t, d), float64(5*time.Millisecond), "it is bounded")
		lockKey(t, d, "a").Unlock(math.MinInt64)
		require.Zero(t, waits(t, d))
	})
	requireEmpty(t, path)
}

// The state of a key that a holder left which died, or that nobody understands, and one
// that was written when the clock had another time.
func TestKeyLockStates(t *testing.T) {
	t.Parallel()
	state := func(settle, end time.Duration) string {
		return fmt.Sprintf("%d %d\n", settle.Milliseconds(), time.Now().Add(end).UnixMilli())
	}
	for name, row := range map[string]struct {
		state func() string
		want  time.Duration
	}{
		"held":                          {func() string { return "" }, filestore.DeadSettle},
		"half of a state":               {func() string { return "3000 17" }, filestore.DeadSettle},
		"a word":                        {func() string { return "rusak\n" }, filestore.DeadSettle},
		"numbers that are too long":     {func() string { return "99999999999999999999 99999999999999999999\n" }, filestore.DeadSettle},
		"a settle":                      {func() string { return state(3*time.Second, 2*time.Second) }, 2 * time.Second},
		"one that has passed":           {func() string { return state(3*time.Second, -time.Second) }, 0},
		"before the clock was put back": {func() string { return state(3*time.Second, 24*time.Hour) }, 3 * time.Second},
		"without an end":                {func() string { return fmt.Sprintf("%d %d\n", int64(math.MaxInt64), int64(math.MaxInt64)) }, -1},
		"far away":                      {func() string { return state(1000*time.Hour, 1000*time.Hour) }, time.Hour},
		"a negative one":                {func() string { return state(-time.Hour, time.Hour) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _, path := open(t)
			synctest.Test(t, func(t *testing.T) {
				require.NoError(t, os.WriteFile(filepath.Join(path, "a.settle"), []byte(row.state()), 0o600))
				got := waits(t, d)
				if row.want < 0 { // what overflows is bounded
					require.LessOrEqual(t, got, time.Hour)
					return
				}
				require.InDelta(t, row.want, got, float64(10*time.Millisecond))
			})
			requireEmpty(t, path)
		})
	}
}

// Those who wait for a dead holder's settle and leave do not have the next one wait
// for it anew.
func TestKeyLockOfADeadHolderSettlesOnce(t *testing.T) {
	t.Parallel()
	d, _, path := open(t)
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, os.WriteFile(filepath.Join(path, "a.settle"), nil, 0o600))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := d.LockKey(ctx, "a")
		require.Equal(t, context.DeadlineExceeded, err)
		require.InDelta(t, filestore.DeadSettle-3*time.Second, waits(t, d), float64(10*time.Millisecond))
	})
}

// Whoever removes a lock's file takes the lock away: its holder can see that, and
// leaves alone what is the next one's.
func TestKeyLockIsLost(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	l := lockKey(t, d, "a")
	require.NoError(t, l.Check())
	require.NoError(t, os.RemoveAll(path))
	require.EqualError(t, l.Check(), "the lock's file was removed")
	next := lockKey(t, twin, "a")
	require.Error(t, l.Check())
	l.Unlock(time.Hour)
	require.NoError(t, next.Check())
	next.Unlock(0)
	requireEmpty(t, path)
}

func TestKeyLockFaults(t *testing.T) {
	t.Parallel()
	d, _, path := open(t)
	for _, suffix := range []string{".lock", ".settle"} {
		require.NoError(t, os.MkdirAll(filepath.Join(path, "a"+suffix, "x"), 0o700))
		_, err := d.LockKey(t.Context(), "a")
		require.ErrorContains(t, err, filepath.Join(path, "a"+suffix))
		require.NoError(t, os.RemoveAll(filepath.Join(path, "a"+suffix)))
		lockKey(t, d, "a").Unlock(0) // it was not kept
	}
}

// What dead holders leave behind is swept away once it has settled; what is held, or
// another's, stays.
func TestSweep(t *testing.T) {
	t.Parallel()
	d, twin, path := open(t)
	synctest.Test(t, func(t *testing.T) {
		for name, state := range map[string]string{"p-dead": "", "p-passed": "1 1\n", "p-settling": fmt.Sprintf("60000 %d\n", time.Now().Add(time.Minute).UnixMilli()), "q-dead": ""} {
			require.NoError(t, os.WriteFile(filepath.Join(path, name+".lock"), nil, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(path, name+".settle"), []byte(state), 0o600))
		}
		require.NoError(t, os.WriteFile(filepath.Join(path, "p-free.lock"), nil, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(path, "p-token.json"), nil, 0o600))
		held := lockKey(t, d, "p-held")
		left := func() (names []string) {
			files, err := filepath.Glob(filepath.Join(path, "*.lock"))
			require.NoError(t, err)
			for _, f := range files {
				names = append(names, filepath.Base(f))
			}
			return names
		}
		twin.Sweep("p-", 100)
		require.Equal(t, []string{"p-dead.lock", "p-held.lock", "p-settling.lock", "q-dead.lock"}, left())
		time.Sleep(filestore.DeadSettle + time.Second)
		twin.Sweep("p-", 100)
		require.Equal(t, []string{"p-held.lock", "p-settling.lock", "q-dead.lock"}, left())
		require.NoError(t, held.Check())
		held.Unlock(0)
		time.Sleep(time.Minute)
		twin.Sweep("p-", 100)
		require.Equal(t, []string{"q-dead.lock"}, left())
		require.FileExists(t, filepath.Join(path, "p-token.json"))
	})
}
