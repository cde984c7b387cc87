// Package keymutex locks one key of many, for as long as a context allows.
package keymutex

import (
	"context"
	"sync"
)

// A Mutex is a mutex for each key. The zero Mutex is ready for use.
type Mutex[K comparable] struct {
	mu    sync.Mutex
	locks map[K]chan struct{} // each holds one value while its key is locked
}

// Lock locks the key until unlock is called, or returns the error of ctx if it
// ends first.
func (m *Mutex[K]) Lock(ctx context.Context, key K) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock := m.of(key)
	select {
	case lock <- struct{}{}:
		return func() { <-lock }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *Mutex[K]) of(key K) chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	lock := m.locks[key]
	if lock == nil {
		if m.locks == nil {
			m.locks = make(map[K]chan struct{})
		}
		lock = make(chan struct{}, 1)
		m.locks[key] = lock
	}
	return lock
}
