package redisstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A held is the context of a lock of a locker. It ends when the lease is lost, or can't
// be renewed in time.
type held struct {
	context.Context
	end context.CancelCauseFunc
	*store
	keys  []string
	id    string // of the holder
	value string // of the lock's key: the holder's number and its id

	mu    sync.Mutex
	until time.Time // when the context ends unless the lease is renewed
	last  error     // what the last renewal failed by, for as long as none succeeds
}

// extend counts the lease from a moment before Redis was asked for it. The last third
// of it is left to what was sent.
func (h *held) extend(from time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until, h.last = from.Add(h.lockTTL*2/3), nil
}

// left returns how long the lease lasts: by the clock that stands still while a machine
// sleeps, and by the one that somebody may set.
func (h *held) left() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	return min(h.until.Sub(now), h.until.Round(0).Sub(now.Round(0)))
}

// Err looks at the clock: a program that was paused goes on before the goroutine that
// renews its lease does.
func (h *held) Err() error {
	if h.Context.Err() == nil && h.left() <= 0 {
		h.expire()
	}
	return h.Context.Err()
}

// failed notes what a renewal failed by. The end of its time says less than what came
// before.
func (h *held) failed(err error) {
	if isContextError(err) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = err
}

// expire ends the context since the lease was not renewed in time.
func (h *held) expire() {
	h.mu.Lock()
	last := h.last
	h.mu.Unlock()
	what := fmt.Sprintf("the lease of %s was not renewed in time", h.lockTTL)
	if last == nil {
		h.end(h.newError(what, nil))
		return
	}
	h.end(h.newError(what, nil, last))
}

// Check sees whether the lease is still this holder's, and renews it. While Redis is
// away it tries again for as long as the lease lasts. It returns why the context has
// ended.
func (h *held) Check(ctx context.Context) error {
	for n := 0; h.Err() == nil; n++ {
		err := h.renew(ctx)
		if err == nil {
			return nil
		}
		if h.Err() == nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if h.Err() == nil && !isTransient(err) {
			return h.newError("", nil, err)
		}
		_ = pause(ctx, n)
	}
	return context.Cause(h.Context)
}

// renew renews the lease, if it is still this holder's, or ends the context.
func (h *held) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, h.left())
	defer cancel()
	began := time.Now()
	values, err := h.runOnce(ctx, renewOrder, h.keys, h.value, h.lockTTL.Milliseconds())
	switch {
	case err != nil:
		if h.failed(err); h.left() <= 0 {
			h.expire()
		}
		return err
	case values[0] == busy:
		h.end(h.newError("another program has the lock: the lease was lost in Redis, or ended there", nil))
	case values[0] == gone:
		h.end(h.newError("the lock is gone: Redis has lost its data, or the lease ended there", nil))
	default:
		h.extend(began)
		return nil
	}
	return context.Cause(h.Context)
}

// renewUntil renews the lease until ctx ends or the lease is lost. After an error it
// soon tries again.
func (h *held) renewUntil(ctx context.Context) {
	often := min(h.lockTTL/3, time.Second)
	for wait := often; sleep(ctx, min(wait, max(h.left(), 0))) == nil; {
		if h.Err() != nil {
			return
		}
		if wait = often; h.renew(ctx) != nil {
			wait = min(often/4, 100*time.Millisecond)
		}
	}
}

// isTimeout reports whether err says that Redis gave no answer.
func isTimeout(err error) bool {
	var answered *answerError
	return !errors.As(err, &answered) && isTransient(err)
}
