package redisstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// NewLocker returns a locker on rdb, which may be a single server, one behind Sentinel,
// or a cluster, so that programs on many machines ensure an order one after the other;
// see [pmpsmart.WithLocker]. It takes the options of a store. NewLocker does not
// connect. The caller closes rdb.
//
// A lock is a lease of [WithLockTTL], renewed while it is held: at most every second,
// and before each insert, where it is also seen whether the lease is still this
// holder's. A holder that can't renew its lease ends its context when a third of the
// lease is left, which is the settle of what it has sent; so is the lease of a holder
// that died. A holder has a number, greater than that of any before it, in the value of
// the key, so that one that comes late does not take the lock of another for its own.
//
// A lock is as good as the memory of Redis: one that loses its data, by a restart
// without a disk or a failover to a replica that lags, lets another program in beside
// one that is inserting at that moment. A program that was paused between the check and
// the insert inserts all the same. Only unique codes on the server exclude these.
//
// The errors are those of a store, and start with "redis locker: ".
func NewLocker(rdb redis.UniversalClient, opts ...Option) pmpsmart.Locker {
	return &locker{newStore("redis locker", rdb, opts)}
}

type locker struct{ *store }

// Format prints the name of the locker and the prefix of its keys, whatever the verb.
func (l *locker) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "redisstore.Locker(%s)", l.prefix) }

// lockKeys returns the names of the keys of the last holder's number and of the lock.
// The part in braces puts both on the same node of a cluster.
func (l *locker) lockKeys(key string) []string {
	hash := sha256.Sum256([]byte("order\x00" + key))
	base := l.prefix + ":{" + hex.EncodeToString(hash[:]) + "}:"
	return []string{base + "order-fence", base + "order-lock"}
}

// Lock waits until it gets the lock.
func (l *locker) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	h := &held{store: l.store, keys: l.lockKeys(key), id: rand.Text()}
	if err := h.take(ctx); err != nil {
		return nil, nil, err
	}
	return h, h.keep(), nil
}

// take waits until it gets the lock, with enough of the lease left.
func (h *held) take(ctx context.Context) error {
	first, waited := time.Now(), false
	for n := 0; ; n++ {
		began := time.Now()
		values, err := h.run(ctx, lockOrder, h.keys, h.id, h.lockTTL.Milliseconds())
		switch {
		case err != nil:
		case values[0] == busy:
			first, waited = time.Now(), true
			err = pause(ctx, n)
		case time.Since(began) < h.lockTTL/3:
			h.value = values[1] + ":" + h.id
			h.Context, h.end = context.WithCancelCause(ctx)
			h.extend(began)
			return nil
		case time.Since(first) > h.patience+h.lockTTL:
			err = h.newError(fmt.Sprintf("Redis takes %s to answer, and a lease is %s", time.Since(began).Round(time.Millisecond), h.lockTTL), nil)
		}
		if err != nil {
			h.giveUp(ctx, err)
			if ctx.Err() != nil && waited {
				err = h.newError("waiting for another program's lock", nil, ctx.Err())
			}
			return err
		}
	}
}

// giveUp releases the lock where the last script may have taken it, its answer unread.
func (h *held) giveUp(ctx context.Context, err error) {
	var unexpected *answerError
	if ctx.Err() != nil || errors.As(err, &unexpected) || isTimeout(err) {
		h.release(ctx, 0)
	}
}

// maxSettle limits a settle, as that of a file locker.
const maxSettle = time.Hour

// release gives the lock to the next, but not before settle has passed, even if ctx has
// ended. If Redis does not answer, the lease ends, which has a third of its time left at
// least.
func (h *held) release(ctx context.Context, settle time.Duration) {
	settle = min(max(settle, 0), maxSettle)
	patience := h.patience
	if settle <= h.lockTTL/3 {
		patience = min(patience, time.Second)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	ms := (settle + time.Millisecond - 1).Milliseconds()
	for n := 0; ; n++ {
		_, err := h.runOnce(ctx, unlockOrder, h.keys, h.id, ms)
		if err == nil || !isTransient(err) || pause(ctx, n) != nil {
			return
		}
	}
}

// keep renews the lease until the caller calls the function that it returns, which
// releases the lock.
func (h *held) keep() (unlock func(settle time.Duration)) {
	renewing, stop := context.WithCancel(h.Context)
	panicked := make(chan any, 1)
	go func() {
		defer func() {
			p := recover()
			if p != nil {
				h.end(h.newError("the Redis client panicked", nil))
			}
			panicked <- p
		}()
		h.renewUntil(renewing)
	}()
	var once sync.Once
	return func(settle time.Duration) {
		once.Do(func() {
			stop()
			p := <-panicked
			defer h.end(nil)
			h.release(h.Context, settle)
			if p != nil {
				panic(p)
			}
		})
	}
}
