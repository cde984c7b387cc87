package keymutex_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/keymutex"
)

func TestOneAtATime(t *testing.T) {
	t.Parallel()
	var m keymutex.Mutex[string]
	var all sync.WaitGroup
	inside := map[string]*int{"a": new(int), "b": new(int)} // the race detector sees two at once
	for key, n := range inside {
		for range 100 {
			all.Go(func() {
				unlock, err := m.Lock(t.Context(), key)
				if err != nil {
					t.Error(err)
					return
				}
				*n++
				unlock()
			})
		}
	}
	all.Wait()
	require.Equal(t, [2]int{100, 100}, [2]int{*inside["a"], *inside["b"]})
}

func TestLockWaitsForItsKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m keymutex.Mutex[string]
		unlock, err := m.Lock(t.Context(), "a")
		require.NoError(t, err)
		other, err := m.Lock(t.Context(), "b")
		require.NoError(t, err)
		other()
		locked := false
		go func() {
			unlock, err := m.Lock(t.Context(), "a")
			if err == nil {
				locked = true
				unlock()
			}
		}()
		synctest.Wait()
		require.False(t, locked)
		unlock()
		synctest.Wait()
		require.True(t, locked)
	})
}

func TestLockEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m keymutex.Mutex[string]
		unlock, err := m.Lock(t.Context(), "a")
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = m.Lock(ctx, "a")
		require.Equal(t, context.DeadlineExceeded, err)
		unlock()
		for range 100 { // though the key is free
			_, err = m.Lock(ctx, "a")
			require.Equal(t, context.DeadlineExceeded, err)
		}
		unlock, err = m.Lock(t.Context(), "a")
		require.NoError(t, err)
		unlock()
	})
}
