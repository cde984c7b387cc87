package pmpsmart

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"time"
)

// maxLockKey limits a lock's key, which Lockers may put into names of files and rows.
const maxLockKey = 200

// lockKey returns the key of a code's lock: the server, the account and the code, in
// printable ASCII without a space. A long one is a hash of them.
func lockKey(baseURL, email, code string) string {
	key := baseURL + "#" + url.PathEscape(email) + "#" + url.PathEscape(code)
	if len(key) <= maxLockKey {
		return key
	}
	hash := sha256.Sum256([]byte(key))
	return "pmpsmart#" + hex.EncodeToString(hash[:])
}

// A codeLock is the lock of a code while its order is ensured. Its zero value is that
// of a client without a Locker.
type codeLock struct {
	unlock func(settle time.Duration) // nil if there is nothing to unlock
	end    func()                     // ends the context of the work; nil without one
	lost   func() error               // returns why the lock was lost, or nil
	check  func(context.Context) error
}

// take takes the lock of a key. What the Locker returns is released at the job's end,
// also where there is an error.
func (l *codeLock) take(ctx context.Context, locker Locker, key func(context.Context) (string, error)) (held context.Context, err error) {
	name, err := key(ctx)
	if err == nil {
		held, l.unlock, err = locker.Lock(ctx, name)
	}
	switch {
	case err != nil:
	case ctx.Err() != nil: // which a Locker may not heed
		err = ctx.Err()
	case held == nil:
		err = errors.New("the Locker returned neither a context nor an error")
	default:
		held = l.watch(ctx, held)
		err = l.lost()
	}
	if err != nil {
		return nil, &opError{op: ensureOp, err: &lockError{err}}
	}
	return held, nil
}

// watch makes the lock tell whether held has ended before ctx. It returns the context of
// the work, which ends with either and has the values of both: held need not be made of
// ctx.
func (l *codeLock) watch(ctx, held context.Context) context.Context {
	work, cancel := context.WithCancel(heldContext{held, ctx})
	stop := context.AfterFunc(ctx, cancel)
	l.end = func() { stop(); cancel() }
	l.lost = func() error {
		if ctx.Err() != nil || held.Err() == nil {
			return nil
		}
		return &lockLostError{context.Cause(held)}
	}
	checker, ok := held.(interface{ Check(context.Context) error })
	l.check = func(ctx context.Context) error {
		if ok {
			if err := checker.Check(ctx); err != nil && ctx.Err() == nil {
				return &lockLostError{err}
			}
		}
		if lost := l.lost(); lost != nil {
			return lost
		}
		return ctx.Err()
	}
	return work
}

// A heldContext is a Locker's context with the values of the caller's behind its own:
// hooks and log handlers find there to what a call belongs.
type heldContext struct {
	context.Context
	caller context.Context
}

// Value returns the value of either context.
func (c heldContext) Value(key any) any {
	if v := c.Context.Value(key); v != nil {
		return v
	}
	return c.caller.Value(key)
}

// release gives up the lock, if there is one.
func (l *codeLock) release(settle time.Duration) {
	if l.end != nil {
		l.end()
	}
	if l.unlock != nil {
		l.unlock(settle)
	}
}

// wasLost returns the loss of the lock, if that is the cause of err, or nil.
func (l *codeLock) wasLost(err error) error {
	if lost, ok := errors.AsType[*lockLostError](err); ok {
		return lost
	}
	if l.lost == nil {
		return nil
	}
	return l.lost()
}

// A lockError is the error of an order that was not ensured since its code could not
// be locked.
type lockError struct{ err error }

func (e *lockError) Error() string { return "lock: " + textOf(e.err) + "; nothing was inserted" }
func (e *lockError) text() string  { return e.Error() }
func (e *lockError) Unwrap() error { return e.err }

// IsLocal reports that it is not the server that failed, as a loginError does.
func (e *lockError) IsLocal() bool { return true }

// A lockLostError is the loss of a lock that was held.
type lockLostError struct{ cause error }

func (e *lockLostError) Error() string {
	if e.Unwrap() == nil {
		return "the lock was lost"
	}
	return "the lock was lost: " + textOf(e.cause)
}

// Unwrap returns the cause, unless it is no more than the end of a context, which is
// not the caller's.
func (e *lockLostError) Unwrap() error {
	if e.cause == context.Canceled || e.cause == context.DeadlineExceeded { //nolint:errorlint // what wraps one says more
		return nil
	}
	return e.cause
}
