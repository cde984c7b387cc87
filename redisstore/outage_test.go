package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

// begun runs f in a goroutine and returns a channel for its result.
func begun[T any](f func() T) <-chan T {
	result := make(chan T, 1)
	go func() { result <- f() }()
	return result
}

// Redis is killed and comes back, with what it knew and without.
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		kept pmpsmart.Token
	}{
		{"with a disk", nil, "t1"},
		{"without", []string{"--appendonly", "no"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, tt.args...)
			rdb := server.connect(t)
			s := New(rdb, WithPatience(30*time.Second))
			replace(t, s, "", returns("t1"), "t1")

			server.kill()
			var refused atomic.Int64 // connections
			rdb.AddHook(dialCounter{&refused})
			var up atomic.Bool
			loaded := begun(func() string { got, err := s.Load(t.Context(), account); return fmt.Sprint(string(got), err) })
			replaced := begun(func() string {
				got, err := s.Replace(t.Context(), account, "t1", func(context.Context) (pmpsmart.Token, error) {
					if !up.Load() {
						t.Error("logged in without a lock")
					}
					return "t2", nil
				})
				return fmt.Sprint(string(got), err)
			})
			eventually(t, "both have found nobody", func() bool { return refused.Load() > 10 })
			up.Store(true)
			server.start()
			if got := <-replaced; got != "t2<nil>" {
				t.Errorf("Replace over a restart: %s", got)
			}
			if got := <-loaded; got != string(tt.kept)+"<nil>" && got != "t2<nil>" {
				t.Errorf("Load over a restart: %s", got)
			}
			holds(t, s, account, "t2")

			// Killed while somebody logs in.
			replace(t, s, "t2", func(context.Context) (pmpsmart.Token, error) {
				server.kill()
				server.start()
				return "t3", nil
			}, "t3")
			holds(t, s, account, "t3")
		})
	}
}

// dialCounter counts the connections that could not be made.
type dialCounter struct{ refused *atomic.Int64 }

func (h dialCounter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		if err != nil {
			h.refused.Add(1)
		}
		return conn, err
	}
}

func (dialCounter) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (dialCounter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// A server that still reads its data answers LOADING.
func TestLoading(t *testing.T) {
	t.Parallel()
	server := startRedis(t, "--appendonly", "no", "--rdbcompression", "no")
	rdb := server.connect(t)
	s := New(rdb, WithPatience(30*time.Second))
	replace(t, s, "", returns("t1"), "t1")
	for n := range 1000 {
		rdb.Set(t.Context(), fmt.Sprint("filler", n), strings.Repeat("x", 1024), 0)
	}
	if err := rdb.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	server.kill()
	server.begin("--key-load-delay", "100000", "--loading-process-events-interval-bytes", "1024")
	once := redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1})
	defer once.Close()
	eventually(t, "LOADING", func() bool { return redis.IsLoadingError(once.Ping(t.Context()).Err()) })
	rdb.AddHook(scriptHook(func(n int64) {
		if n == 2 { // it has been answered LOADING
			once.ConfigSet(context.Background(), "key-load-delay", "0")
		}
	}))
	holds(t, s, account, "t1")
	replace(t, s, "t1", returns("t2"), "t2")
}

// Redis does not come back.
func TestGone(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1, DialerRetries: 1}) // else it takes 2 s to say why
	defer rdb.Close()
	s := New(rdb, WithPatience(time.Second))
	server.kill()
	const want = "redis token store: no answer from Redis for 1s: dial tcp ADDR: connect: connection refused"
	_, load := s.Load(t.Context(), account)
	_, replaced := s.Replace(t.Context(), account, "t1", never(t))
	for _, err := range []error{load, replaced, s.Delete(t.Context(), account, "t1")} {
		if got := server.text(err); got != want || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}

	// The caller's context ends sooner.
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := New(server.connect(t), WithPatience(time.Hour)).Load(ctx, account); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}

	// It is gone when the token is to be kept.
	server.start()
	_, err := s.Replace(t.Context(), account, "", func(context.Context) (pmpsmart.Token, error) { server.kill(); return "t1", nil })
	if got := server.text(err); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A server that accepts connections and does not answer: go-redis would wait for
// seconds.
func TestSilent(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s := New(rdb)
	holds(t, s, account, "")
	if err := rdb.Do(t.Context(), "CLIENT", "PAUSE", "3600000", "ALL").Err(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := s.Load(ctx, account); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := s.Replace(ctx, account, "", never(t)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if took := time.Since(began); took > 4*time.Second { // a release that can't be made takes 1 s, and go-redis 12 s
		t.Errorf("took %s", took)
	}
	if _, err := New(server.connect(t), WithPatience(200*time.Millisecond)).Load(t.Context(), account); server.text(err) != "redis token store: no answer from Redis for 200ms" || errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// All callers are canceled: the lock is released and no goroutine leaks.
func TestGivenUp(t *testing.T) {
	server := startRedis(t)
	leaks := goleak.IgnoreCurrent()
	rdb := redis.NewClient(&redis.Options{Addr: server.addr})
	s := New(rdb)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Replace(ctx, account, "", func(ctx context.Context) (pmpsmart.Token, error) {
		waiting := begun(func() error { _, err := New(rdb).Replace(ctx, account, "", never(t)); return err })
		before := scriptsRun(rdb)
		eventually(t, "another waits", func() bool { return scriptsRun(rdb) > before })
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return "", ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := rdb.Exists(t.Context(), key(account, "lock")).Val(); n != 0 {
		t.Error("the lock stays")
	}
	_ = rdb.Close()
	goleak.VerifyNone(t, leaks)
}

// A caller is canceled after Redis has stored its lock and before the answer.
func TestGivenUpUnknowing(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	ctx, cancel := context.WithCancel(t.Context())
	hook := &lateAnswer{then: cancel, end: make(chan struct{})}
	defer close(hook.end)
	rdb.AddHook(hook)
	if _, err := New(rdb).Replace(ctx, account, "", never(t)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := rdb.Exists(t.Context(), key(account, "lock")).Val(); n != 0 {
		t.Error("the lock stays")
	}
}

// lateAnswer keeps the answer to the first script that runs.
type lateAnswer struct {
	once sync.Once
	then func()
	end  chan struct{}
}

func (h *lateAnswer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err == nil && strings.HasPrefix(cmd.Name(), "eval") {
			h.once.Do(func() { h.then(); <-h.end })
		}
		return err
	}
}

func (h *lateAnswer) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h *lateAnswer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// A script whose answer was lost is run again.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	s := New(startRedis(t).connect(t)).(*store)
	l := &lock{store: s, keys: s.keys(account), id: "one"}
	soon, cancel := context.WithTimeout(t.Context(), s.lockTTL/2)
	defer cancel()
	for range 2 {
		if other, err := l.take(soon, ""); other != "" || err != nil {
			t.Errorf("take: %q, %v", string(other), err)
		}
	}
	for range 2 {
		if got, err := l.put(t.Context(), "t1"); got != "t1" || err != nil {
			t.Errorf("put: %q, %v", string(got), err)
		}
	}
}

// A caller is canceled at the moment that its login succeeds: the token is stored,
// since the one before may be dead.
func TestGivenUpLate(t *testing.T) {
	t.Parallel()
	s := New(startRedis(t).connect(t))
	ctx, cancel := context.WithCancel(t.Context())
	got, err := s.Replace(ctx, account, "", func(context.Context) (pmpsmart.Token, error) { cancel(); return "t1", nil })
	if got != "t1" || err != nil {
		t.Errorf("%q, %v", string(got), err)
	}
	holds(t, s, account, "t1")
}
