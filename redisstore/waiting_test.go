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

	brief, ctx := endsAtScript(t, server.addr, 2)
	_, err := New(brief).Load(ctx, account)
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
	short := func() (pmpsmart.TokenStore, context.Context) {
		rdb, ctx := endsAtScript(t, server.addr, 2)
		return New(rdb), ctx
	}
	replace(t, New(server.connect(t)), "", func(context.Context) (pmpsmart.Token, error) {
		s, ctx := short()
		_, err := s.Replace(ctx, account, "", never(t))
		if got, want := server.text(err), "redis token store: waiting for another program's login: context deadline exceeded"; got != want || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		return "t1", nil
	}, "t1")

	server.kill()
	s, ctx := short()
	_, load := s.Load(ctx, account)
	s, ctx = short()
	_, replaced := s.Replace(ctx, account, "t1", never(t))
	s, ctx = short()
	for _, err := range []error{load, replaced, s.Delete(ctx, account, "t1")} {
		const want = "redis token store: no answer from Redis: dial tcp ADDR: connect: connection refused: context deadline exceeded"
		if got := server.text(err); got != want || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
