package redisstore

import (
	"context"
	"errors"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// A Redis that runs a slow script answers BUSY until that ends.
func TestBusy(t *testing.T) {
	t.Parallel()
	server := startRedis(t, "--lua-time-limit", "20")
	slow := redis.NewClient(&redis.Options{Addr: server.addr, ReadTimeout: time.Minute, MaxRetries: -1})
	t.Cleanup(func() { _ = slow.Close() })
	ended := begun(func() error {
		return slow.Eval(t.Context(), "while true do end", nil).Err()
	})
	rdb := server.connect(t)
	eventually(t, "BUSY", func() bool { return redis.HasErrorPrefix(rdb.Ping(t.Context()).Err(), "BUSY ") })
	var refused atomic.Int64
	rdb.AddHook(scriptHook(func(int64) { refused.Add(1) }))
	loaded := begun(func() error {
		_, err := New(rdb, WithPatience(30*time.Second)).Load(t.Context(), account)
		return err
	})
	replaced := begun(func() error {
		_, err := New(rdb, WithPatience(30*time.Second)).Replace(t.Context(), account, "", returns("t1"))
		return err
	})
	eventually(t, "they ask again", func() bool { return refused.Load() > 6 })

	brief, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := New(server.connect(t)).Load(brief, account)
	if want := "redis token store: no answer from Redis: BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.: context deadline exceeded"; server.text(err) != want || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got  %v\nwant %s", err, want)
	}

	if err := server.connect(t).ScriptKill(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	<-ended
	if err := errors.Join(<-loaded, <-replaced); err != nil {
		t.Error(err)
	}
}

// The caller's context ends while the store waits: the error says for what, and
// is that of the context too.
func TestContextEndsWhileWaiting(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { _ = rdb.Close() })
	s := New(rdb)
	short := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	replace(t, s, "", func(context.Context) (pmpsmart.Token, error) {
		_, err := New(rdb).Replace(short(), account, "", never(t))
		if got, want := server.text(err), "redis token store: waiting for another program's login: context deadline exceeded"; got != want || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		return "t1", nil
	}, "t1")

	server.kill()
	_, load := s.Load(short(), account)
	_, replaced := s.Replace(short(), account, "t1", never(t))
	for _, err := range []error{load, replaced, s.Delete(short(), account, "t1")} {
		const want = "redis token store: no answer from Redis: dial tcp ADDR: connect: connection refused: context deadline exceeded"
		if got := server.text(err); got != want || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
