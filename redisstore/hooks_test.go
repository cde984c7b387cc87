package redisstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testctx"
	"github.com/redis/go-redis/v9"
)

// A scriptHook is what a program put before each script, n counted from 0.
type scriptHook func(n int64)

func (h scriptHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	var n atomic.Int64
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "evalsha" {
			h(n.Add(1) - 1)
		}
		return next(ctx, cmd)
	}
}

func (scriptHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (scriptHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// endsAtScript returns a client of its own and a context as [endAt] does.
func endsAtScript(t *testing.T, addr string, n int64) (*redis.Client, context.Context) {
	rdb := redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb, endAt(t, rdb, n)
}

// endAt returns a context whose deadline passes when a client is about to run its n-th
// script, from 1: those before have been answered, however long that took.
func endAt(t *testing.T, rdb *redis.Client, n int64) context.Context {
	passed := make(chan struct{})
	rdb.AddHook(scriptHook(func(script int64) {
		if script == n-1 {
			close(passed)
		}
	}))
	return testctx.WithDeadline(t.Context(), passed)
}

// panicOf returns what f panics with.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// A hook's panic is the caller's: a caller can recover it, and the process does
// not end.
func TestPanickingHook(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	rdb.AddHook(scriptHook(func(int64) { panic("rusak") }))
	s := New(rdb)
	for name, f := range map[string]func(){
		"Load":    func() { _, _ = s.Load(t.Context(), account) },
		"Replace": func() { _, _ = s.Replace(t.Context(), account, "", never(t)) },
		"Delete":  func() { _ = s.Delete(t.Context(), account, "t1") },
	} {
		if got := panicOf(f); got != "rusak" {
			t.Errorf("%s: %v", name, got)
		}
	}

	// During a renewal of the lock: the login may end, and the lock is released.
	plain, second := server.connect(t), server.connect(t)
	panicked := make(chan struct{})
	second.AddHook(scriptHook(func(n int64) {
		if n == 1 {
			close(panicked)
			panic("rusak")
		}
	}))
	got := panicOf(func() {
		_, _ = New(second, WithLockTTL(300*time.Millisecond)).Replace(t.Context(), account, "", func(context.Context) (pmpsmart.Token, error) {
			<-panicked
			return "t1", nil
		})
	})
	if got != "rusak" {
		t.Errorf("renewal: %v", got)
	}
	if n := plain.Exists(t.Context(), key(account, "lock")).Val(); n != 0 {
		t.Error("the lock stays")
	}
	holds(t, New(plain), account, "t1")
}

// A hook that ends the goroutine, as t.Fatal does, is an error.
func TestEndingHook(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	rdb.AddHook(scriptHook(func(int64) { runtime.Goexit() }))
	_, err := New(rdb, WithPatience(time.Hour)).Load(t.Context(), account)
	if want := "redis token store: a hook of the Redis client ended its goroutine"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The text of an error is one line, is not long and shows no token, whatever the
// server says.
func TestErrorTexts(t *testing.T) {
	t.Parallel()
	const secret = "token-rahasia"
	for answer, want := range map[string]string{
		"-ERR a\x1b[31m\u2028b\u202ec\x85d\rLOG forged": "ERR a [31m b c\ufffdd LOG forged",
		"-ERR no access for " + secret:                  "ERR no access for …",
		"-ERR " + strings.Repeat("x", 9<<20):            "ERR " + strings.Repeat("x", maxText-4) + "…",
	} {
		rdb := answering(t, func(int64) string { return answer })
		err := New(rdb).Delete(t.Context(), account, secret)
		if got := fmt.Sprint(err); got != "redis token store: "+want {
			t.Errorf("got  %.200q\nwant %.200q", got, want)
		}
		if strings.Contains(fmt.Sprintf("%#v %v", err, errors.Unwrap(err)), secret) {
			t.Errorf("%#v", err)
		}
	}
}
