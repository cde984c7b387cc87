package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

var (
	account  = pmpsmart.Account{BaseURL: "https://api.example.com/api/v1", Email: "api@example.com"}
	errLogin = errors.New("salah")
)

// returns is a login that returns t.
func returns(t pmpsmart.Token) func(context.Context) (pmpsmart.Token, error) {
	return func(context.Context) (pmpsmart.Token, error) { return t, nil }
}

// never is a login that may not be asked for.
func never(t *testing.T) func(context.Context) (pmpsmart.Token, error) {
	return func(context.Context) (pmpsmart.Token, error) {
		t.Error("asked for a login")
		return "", errors.New("asked for a login")
	}
}

func replace(t *testing.T, s pmpsmart.TokenStore, stale pmpsmart.Token, login func(context.Context) (pmpsmart.Token, error), want pmpsmart.Token) {
	t.Helper()
	if got, err := s.Replace(t.Context(), account, stale, login); got != want || err != nil {
		t.Errorf("Replace(%q): %q, %v; want %q", string(stale), string(got), err, string(want))
	}
}

func holds(t *testing.T, s pmpsmart.TokenStore, a pmpsmart.Account, want pmpsmart.Token) {
	t.Helper()
	if got, err := s.Load(t.Context(), a); got != want || err != nil {
		t.Errorf("Load: %q, %v; want %q", string(got), err, string(want))
	}
}

// What pmpsmart.TokenStore promises, in its order.
func TestContract(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s, twin := New(rdb), New(server.connect(t))

	holds(t, s, account, "")
	replace(t, s, "dead", returns("t1"), "t1") // nothing kept: stale does not matter
	holds(t, twin, account, "t1")
	replace(t, twin, "dead", never(t), "t1")
	replace(t, twin, "", never(t), "t1")
	replace(t, twin, "t1", returns("t2"), "t2")
	if _, err := s.Replace(t.Context(), account, "t2", func(context.Context) (pmpsmart.Token, error) { return "t3", errLogin }); !errors.Is(err, errLogin) || err.Error() != "salah" {
		t.Errorf("a login's error: %v", err)
	}
	holds(t, s, account, "t2")
	if n := rdb.Exists(t.Context(), key(account, "lock")).Val(); n != 0 {
		t.Error("the lock stays after a login that failed")
	}

	// A script cache that was flushed.
	if err := rdb.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	holds(t, s, account, "t2")

	for _, other := range []pmpsmart.Account{{BaseURL: account.BaseURL, Email: "lain@example.com"}, {BaseURL: "https://lain.example.com/api/v1", Email: account.Email}} {
		holds(t, s, other, "")
		if got, err := s.Replace(t.Context(), other, "t2", returns("lain")); got != "lain" || err != nil {
			t.Errorf("another account: %q, %v", string(got), err)
		}
	}
	holds(t, s, account, "t2")

	if err := s.Delete(t.Context(), account, "t1"); err != nil {
		t.Error(err)
	}
	holds(t, s, account, "t2")
	if err := s.Delete(t.Context(), account, "t2"); err != nil {
		t.Error(err)
	}
	holds(t, s, account, "")
	if err := s.Delete(t.Context(), account, "t2"); err != nil {
		t.Error(err)
	}
}

// key is the name of an account's key in a store without options.
func key(a pmpsmart.Account, which string) string {
	keys := New(nil).(*store).keys(a)
	if which == "lock" {
		return keys[1]
	}
	return keys[0]
}

func TestOptions(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s := New(rdb, nil, WithPrefix("gudang"), WithTTL(time.Hour), WithLockTTL(time.Minute))
	var lockTTL time.Duration
	replace(t, s, "", func(ctx context.Context) (pmpsmart.Token, error) {
		lockTTL = rdb.PTTL(ctx, strings.Replace(key(account, "lock"), "pmpsmart:", "gudang:", 1)).Val()
		return "t1", nil
	}, "t1")
	if lockTTL <= 30*time.Second || lockTTL > time.Minute {
		t.Errorf("the lock lives for %s", lockTTL)
	}
	keys := rdb.Keys(t.Context(), "*").Val()
	if len(keys) != 1 || !strings.HasPrefix(keys[0], "gudang:{") || strings.Contains(keys[0], "example") {
		t.Errorf("keys %q", keys)
	}
	if ttl := rdb.PTTL(t.Context(), keys[0]).Val(); ttl <= 59*time.Minute || ttl > time.Hour {
		t.Errorf("the token lives for %s", ttl)
	}
	brief := New(rdb, WithPrefix("sebentar"), WithTTL(500*time.Microsecond))
	replace(t, brief, "", returns("t1"), "t1")
	if ttl := rdb.PTTL(t.Context(), strings.Replace(key(account, "token"), "pmpsmart:", "sebentar:", 1)).Val(); ttl == -1 {
		t.Error("a token that is to be kept for less than 1 ms is kept for ever")
	}
	replace(t, New(rdb), "", returns("t2"), "t2")
	if ttl := rdb.PTTL(t.Context(), key(account, "token")).Val(); ttl != -1 {
		t.Errorf("by default the token lives for %s", ttl)
	}
}

// On a cluster a script's keys have to lie on one node.
func TestCluster(t *testing.T) {
	t.Parallel()
	_, bus, err := net.SplitHostPort(freeAddr(t)) // by default 10,000 above the port, where others may listen
	if err != nil {
		t.Fatal(err)
	}
	server := startRedis(t, "--cluster-enabled", "yes", "--cluster-port", bus)
	if err := server.connect(t).ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{server.addr}})
	t.Cleanup(func() { _ = rdb.Close() })
	s := New(rdb)
	replace(t, s, "", returns("t1"), "t1") // CLUSTERDOWN for a moment
	replace(t, s, "t1", returns("t2"), "t2")
	holds(t, s, account, "t2")
	if err := s.Delete(t.Context(), account, "t2"); err != nil {
		t.Error(err)
	}
	holds(t, s, account, "")
}

// Fifty callers on five connections with one stale token.
func TestShared(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	var logins int
	var mu sync.Mutex
	login := func(context.Context) (pmpsmart.Token, error) {
		mu.Lock()
		defer mu.Unlock()
		logins++
		return pmpsmart.Token(fmt.Sprintf("t%d", logins)), nil
	}
	var all sync.WaitGroup
	for range 5 {
		s := New(server.connect(t))
		for range 10 {
			all.Go(func() { replace(t, s, "dead", login, "t1") })
		}
	}
	all.Wait()
	if logins != 1 {
		t.Errorf("%d logins", logins)
	}
}

// A login that takes many times the lock's time: the lock is renewed.
func TestRenewal(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	holder := New(rdb, WithLockTTL(1500*time.Millisecond)) // two thirds of which a busy machine may be late by
	twin := make(chan pmpsmart.Token, 1)
	replace(t, holder, "", func(ctx context.Context) (pmpsmart.Token, error) {
		go func() {
			got, _ := New(server.connect(t)).Replace(ctx, account, "", never(t))
			twin <- got
		}()
		last := rdb.PTTL(ctx, key(account, "lock")).Val()
		for renewed := 0; renewed < 7; { // two lives of the lock
			now := rdb.PTTL(ctx, key(account, "lock")).Val()
			if now < 0 {
				t.Error("the lock ran out during the login")
				break
			}
			if now > last {
				renewed++
			}
			last = now
		}
		return "t1", nil
	}, "t1")
	if got := <-twin; got != "t1" {
		t.Errorf("the waiting program got %q", string(got))
	}
}

// expire deletes the lock, as if it had expired.
func expire(t *testing.T, rdb *redis.Client) {
	t.Helper()
	if n := rdb.Del(t.Context(), key(account, "lock")).Val(); n != 1 {
		t.Error("there is no lock to run out")
	}
}

// scriptsRun counts what the server was asked.
func scriptsRun(rdb *redis.Client) (n int) {
	for line := range strings.Lines(rdb.Info(context.Background(), "commandstats").Val()) {
		_, _ = fmt.Sscanf(line, "cmdstat_evalsha:calls=%d", &n)
	}
	return n
}
