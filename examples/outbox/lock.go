package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pmpsmart/pmpsmart-go"
)

// lockSchema has a row for each lock that is held (free_at is NULL) or that is free
// only later. It outlives a holder that dies, whose advisory lock the server frees at
// once.
const lockSchema = `
CREATE TABLE IF NOT EXISTS outbox_locks (key text PRIMARY KEY, free_at timestamptz);
`

// deadSettle is how long the lock of a holder that died is not given to the next: an
// insert that it sent may still be under way.
const deadSettle = 5 * time.Second

// errLocker matches the errors of a locker: nothing was sent, and the order is not at
// fault.
var errLocker = errors.New("locker")

// A markedLocker makes the errors of a locker match errLocker.
type markedLocker struct{ pmpsmart.Locker }

func (l markedLocker) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	held, unlock, err := l.Locker.Lock(ctx, key)
	if err != nil {
		err = fmt.Errorf("%w: %w", errLocker, err)
	}
	return held, unlock, err
}

// A postgresLocker is a pmpsmart.Locker of PostgreSQL's advisory locks, one connection
// for each lock that is held. A session has its lock for as long as it lives, also
// while its process is stopped, so that no lock expires under somebody who comes back.
// The connections must be the server's own sessions, not those of a pooler that gives
// each transaction another.
type postgresLocker struct{ pool *pgxpool.Pool }

func (l postgresLocker) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	c, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	lock := &postgresLock{key: key, id: hash(key), conn: c, ended: make(chan struct{})}
	if err := lock.take(ctx); err != nil {
		lock.drop()
		return nil, nil, err
	}
	lock.Context, lock.end = context.WithCancelCause(ctx)
	lock.watching.Go(lock.watch)
	return lock, lock.unlock, nil
}

// A postgresLock is the context of a lock that is held.
type postgresLock struct {
	context.Context
	end context.CancelCauseFunc

	key      string
	id       int64
	ended    chan struct{}
	watching sync.WaitGroup

	mu   sync.Mutex // of conn
	conn *pgxpool.Conn
}

// take waits for the lock, and then for as long as it is not free yet.
func (l *postgresLock) take(ctx context.Context) error {
	if _, err := l.conn.Exec(ctx, "SELECT pg_advisory_lock($1)", l.id); err != nil {
		return err
	}
	// A row without a time is of a holder that has died: its settle begins now.
	if _, err := l.conn.Exec(ctx, "UPDATE outbox_locks SET free_at = clock_timestamp() + make_interval(secs => $2) WHERE key = $1 AND free_at IS NULL",
		l.key, deadSettle.Seconds()); err != nil {
		return err
	}
	var seconds float64
	err := l.conn.QueryRow(ctx, "SELECT extract(epoch FROM free_at - clock_timestamp())::float8 FROM outbox_locks WHERE key = $1", l.key).Scan(&seconds)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err = l.conn.Exec(ctx, "INSERT INTO outbox_locks (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET free_at = NULL", l.key)
	return err
}

// Check returns an error if the session, and so the lock, may be gone. The client
// calls it immediately before it inserts.
func (l *postgresLock) Check(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return l.conn.Ping(ctx)
}

// watch ends the context when the session is lost.
func (l *postgresLock) watch() {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-l.ended:
			return
		case <-tick.C:
		}
		if err := l.Check(context.WithoutCancel(l)); err != nil {
			l.end(fmt.Errorf("the session that held the lock is lost: %w", err))
			return
		}
	}
}

// unlock gives the lock to the next, who waits until settle has passed.
func (l *postgresLock) unlock(settle time.Duration) {
	close(l.ended)
	l.watching.Wait()
	defer l.end(nil)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l), 5*time.Second)
	defer cancel()
	statement, args := "DELETE FROM outbox_locks WHERE key = $1", []any{l.key}
	if settle > 0 {
		statement, args = "UPDATE outbox_locks SET free_at = clock_timestamp() + make_interval(secs => $2) WHERE key = $1", append(args, settle.Seconds())
	}
	_, err := l.conn.Exec(ctx, statement, args...)
	if err == nil {
		_, err = l.conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", l.id)
	}
	if err != nil {
		l.drop() // the next one waits as after one who died
		return
	}
	l.conn.Release()
}

// drop ends the session, and with it whatever lock it has.
func (l *postgresLock) drop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Conn().Close(ctx)
	l.conn.Release()
}

// hash returns the number of a lock. Two keys with one number exclude each other
// needlessly, and nothing else.
func hash(key string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return int64(h.Sum64())
}
