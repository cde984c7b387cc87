package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pmpsmart/pmpsmart-go"
)

// newPool returns a pool of an empty database with the tables of locks and tokens.
func newPool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), newPostgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := pool.Exec(t.Context(), lockSchema+tokenSchema); err != nil {
		t.Fatal(err)
	}
	return pool
}

func mustLock(t *testing.T, l postgresLocker, key string) (context.Context, func(time.Duration)) {
	t.Helper()
	held, unlock, err := l.Lock(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return held, unlock
}

func countLocks(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM outbox_locks").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLockExcludes(t *testing.T) {
	t.Parallel()
	l := postgresLocker{newPool(t)}
	var inside atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				_, unlock, err := l.Lock(t.Context(), "A")
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two hold the lock")
				}
				inside.Add(-1)
				unlock(0)
			}
		})
	}
	all.Wait()
	if n := countLocks(t, l.pool); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestLockOfAnotherKeyIsFree(t *testing.T) {
	t.Parallel()
	l := postgresLocker{newPool(t)}
	_, a := mustLock(t, l, "A")
	_, b := mustLock(t, l, "B")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := l.Lock(ctx, "A"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second one got %v", err)
	}
	a(0)
	b(0)
	_, a = mustLock(t, l, "A")
	a(0)
}

func TestLockSettles(t *testing.T) {
	t.Parallel()
	l := postgresLocker{newPool(t)}
	_, unlock := mustLock(t, l, "A")
	began := time.Now()
	unlock(300 * time.Millisecond)
	_, unlock = mustLock(t, l, "A")
	if waited := time.Since(began); waited < 300*time.Millisecond {
		t.Errorf("the next one had it after %s", waited)
	}
	unlock(0)
}

// A holder whose session ends knows it before it inserts, and the next one waits for
// what it may have sent.
func TestLockIsLost(t *testing.T) {
	t.Parallel()
	l := postgresLocker{newPool(t)}
	held, unlock := mustLock(t, l, "A")
	check := held.(interface{ Check(context.Context) error }).Check
	if err := check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.pool.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
	if err := check(t.Context()); err == nil {
		t.Error("it believes that it has the lock")
	}
	<-held.Done()
	if cause := context.Cause(held); cause == nil || errors.Is(cause, context.Canceled) {
		t.Errorf("the cause is %v", cause)
	}
	unlock(0)
	// Each wait is short here: whoever gives up does not start it anew for the next.
	began := time.Now()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, unlock, err := l.Lock(ctx, "A")
		cancel()
		if err == nil {
			unlock(0)
			break
		}
		if time.Since(began) > deadSettle+10*time.Second {
			t.Fatal("nobody gets it any more")
		}
	}
	if waited := time.Since(began); waited < deadSettle {
		t.Errorf("the next one had it after %s", waited)
	}
}

func TestTokensAreShared(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	stores := []postgresTokens{{pool}, {pool}, {pool}}
	account := pmpsmart.Account{BaseURL: "https://api.example/v1", Email: "a@b.id"}
	var logins atomic.Int32
	login := func(context.Context) (pmpsmart.Token, error) {
		logins.Add(1)
		return "new", nil
	}
	var all sync.WaitGroup
	for n := range 9 {
		all.Go(func() {
			token, err := stores[n%3].Replace(t.Context(), account, "old", login)
			if token != "new" || err != nil {
				t.Error(string(token), err)
			}
		})
	}
	all.Wait()
	if logins.Load() != 1 {
		t.Errorf("%d logins", logins.Load())
	}
	if _, err := stores[0].Replace(t.Context(), account, "new", func(context.Context) (pmpsmart.Token, error) { return "", errors.New("salah") }); err == nil || err.Error() != "salah" {
		t.Errorf("a login that failed gave %v", err)
	}
	load := func(want pmpsmart.Token) {
		t.Helper()
		if token, err := stores[1].Load(t.Context(), account); token != want || err != nil {
			t.Errorf("%q, %v; want %q", string(token), err, string(want))
		}
	}
	load("new")
	if err := stores[2].Delete(t.Context(), account, "another"); err != nil {
		t.Error(err)
	}
	load("new")
	if err := stores[2].Delete(t.Context(), account, "new"); err != nil {
		t.Error(err)
	}
	load("")
}

// A session outlives whatever its process does but end: one that is stopped for a while
// keeps its lock.
func TestLockOfAStoppedHolder(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	l := postgresLocker{pool}
	other, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.WithoutCancel(t.Context()))
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1)", hash("A")); err != nil { // and does nothing more
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, _, err := l.Lock(ctx, "A"); err == nil {
		t.Error("another has the lock")
	}
}
