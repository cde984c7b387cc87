package redisstore

import (
	"context"
	"errors"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

// A lock is the exclusive right of one caller to log in to an account.
type lock struct {
	*store
	keys     []string
	id       string // of the holder
	replaced string // the token that was stored when the lock was taken
}

// take waits until it gets the lock or until a token other than stale is stored,
// which it returns.
func (l *lock) take(ctx context.Context, stale pmpsmart.Token) (pmpsmart.Token, error) {
	waited := false // for the holder of the lock
	for n := 0; ; n++ {
		values, err := l.run(ctx, take, l.keys, string(stale), l.id, l.lockTTL.Milliseconds())
		if err == nil && values[0] == busy {
			waited = true
			err = pause(ctx, n)
		}
		switch {
		case err != nil:
			return "", l.giveUp(ctx, waited, err)
		case values[0] == newer:
			return pmpsmart.Token(values[1]), nil
		case values[0] == done:
			l.replaced = values[1]
			return "", nil
		}
	}
}

// giveUp returns the error of a take that failed with err. It releases the lock
// where the last script may have taken it, its answer unread.
func (l *lock) giveUp(ctx context.Context, waited bool, err error) error {
	var unexpected *answerError
	if ctx.Err() == nil && !errors.As(err, &unexpected) {
		return err
	}
	l.release(ctx)
	if ctx.Err() != nil && waited {
		return l.newError("waiting for another program's login", nil, ctx.Err())
	}
	return err
}

// keep renews the lock until the caller calls the function that it returns, which
// releases the lock.
func (l *lock) keep(ctx context.Context) (release func()) {
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	panicked := make(chan any, 1)
	go func() {
		defer func() { panicked <- recover() }()
		for sleep(renewing, l.lockTTL/3) == nil {
			// On an error the next renewal tries again.
			_, _ = l.runOnce(renewing, renew, l.keys, l.id, l.lockTTL.Milliseconds())
		}
	}()
	return func() {
		stop()
		p := <-panicked
		l.release(ctx)
		if p != nil {
			panic(p)
		}
	}
}

// release releases the lock, even if ctx has ended. If Redis does not answer, the
// lock expires.
func (l *lock) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(l.patience, time.Second))
	defer cancel()
	_, _ = l.runOnce(ctx, release, l.keys, l.id)
}

// put stores the token of a login, even if ctx has ended: the account's earlier
// token may be dead already. It returns the token that is stored now, which is
// another program's if that is newer.
func (l *lock) put(ctx context.Context, t pmpsmart.Token) (pmpsmart.Token, error) {
	if !usable(string(t)) {
		return "", l.newError("the token was not kept: it is empty, longer than 8 KiB or can't be sent in a header", nil)
	}
	ctx = context.WithoutCancel(ctx)
	began := time.Now()
	for n := 0; ; n++ {
		values, err := l.run(ctx, put, l.keys, l.replaced, l.id, string(t), l.ttl.Milliseconds())
		switch {
		case err != nil:
			return "", err
		case values[0] == newer:
			return pmpsmart.Token(values[1]), nil
		case values[0] == done:
			return t, nil
		case time.Since(began) > l.patience:
			return "", l.newError("the token was not kept: the lock ran out, and another program is logging in", nil)
		}
		_ = pause(ctx, n)
	}
}
