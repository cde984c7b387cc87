package redisstore

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// poisons are values of a token's key that this store has not written.
var poisons = map[string]any{
	"a list":        []string{"x"},
	"a hash":        map[string]string{"a": "b"},
	"empty":         "",
	"blank":         " ",
	"a space":       "token rahasia",
	"a line break":  "token\n",
	"NUL":           "to\x00ken",
	"ESC":           "\x1b[31mtoken",
	"DEL":           "token\x7f",
	"no ASCII":      "tokén",
	"no UTF-8":      "token\xff",
	"JSON":          `{"token":"x"}`,
	"a printed one": "[redacted]",
	"a scheme":      "Bearer",
	"a long one":    strings.Repeat("x", maxTokenBytes+1),
	"megabytes":     strings.Repeat("x", 8<<20),
}

// poison sets a key to one of poisons.
func poison(t *testing.T, rdb *redis.Client, key string, value any) {
	t.Helper()
	err := rdb.Del(t.Context(), key).Err()
	switch value := value.(type) {
	case []string:
		err = rdb.RPush(t.Context(), key, value).Err()
	case map[string]string:
		err = rdb.HSet(t.Context(), key, value).Err()
	case string:
		err = rdb.Set(t.Context(), key, value, 0).Err()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A value that the store can't have written is no token, and the next login
// overwrites it.
func TestPoisonedToken(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s, twin := New(rdb), New(server.connect(t))
	for name, value := range poisons {
		for _, stale := range []pmpsmart.Token{"", "dead"} {
			poison(t, rdb, key(account, "token"), value)
			holds(t, s, account, "")
			if err := s.Delete(t.Context(), account, "dead"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			replace(t, s, stale, returns("t1"), "t1")
			holds(t, twin, account, "t1")
			replace(t, twin, "dead", never(t), "t1")
			if n := rdb.Exists(t.Context(), key(account, "lock")).Val(); n != 0 {
				t.Errorf("%s: the lock stays", name)
			}

			// While another program logs in.
			replace(t, s, "t1", func(context.Context) (pmpsmart.Token, error) {
				poison(t, rdb, key(account, "token"), value)
				return "t2", nil
			}, "t2")
			holds(t, twin, account, "t2")
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// A login that fails leaves the poison, and the next one overwrites it.
func TestPoisonStaysWithoutALogin(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	s := New(rdb)
	poison(t, rdb, key(account, "token"), []string{"x"})
	if _, err := s.Replace(t.Context(), account, "", func(context.Context) (pmpsmart.Token, error) { return "", errLogin }); err != errLogin {
		t.Error(err)
	}
	if kind := rdb.Type(t.Context(), key(account, "token")).Val(); kind != "list" {
		t.Errorf("the key is a %s", kind)
	}
	replace(t, s, "", returns("t1"), "t1")
}

// Twenty callers that find the poison share one login.
func TestPoisonIsOneLogin(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	poison(t, server.connect(t), key(account, "token"), []string{"x"})
	var logins atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		s := New(server.connect(t))
		for range 5 {
			all.Go(func() {
				replace(t, s, "", func(context.Context) (pmpsmart.Token, error) {
					return pmpsmart.Token(fmt.Sprint("t", logins.Add(1))), nil
				}, "t1")
			})
		}
	}
	all.Wait()
}

// A client meets a poisoned key at its first call and at a 401.
func TestPoisonedClient(t *testing.T) {
	t.Parallel()
	rdb, api := startRedis(t).connect(t), newAccountServer(t)
	a := pmpsmart.Account{BaseURL: api.URL + "/api/v1", Email: "api@example.com"}
	for n, value := range []any{[]string{"x"}, " ", "a\nb", strings.Repeat("x", 9<<10)} {
		poison(t, rdb, key(a, "token"), value)
		c := api.client(t, New(rdb))
		if _, err := c.ListOutlets(t.Context()); err != nil {
			t.Error(err)
		}
		poison(t, rdb, key(a, "token"), value)
		api.expire()
		if _, err := c.ListOutlets(t.Context()); err != nil {
			t.Error(err)
		}
		if api.logins != 2*n+2 {
			t.Errorf("%d logins", api.logins)
		}
	}
}

// A lock that is no lock of the store's is taken.
func TestPoisonedLock(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	s := New(rdb, WithLockTTL(time.Second))
	for name, value := range map[string]any{"a list": []string{"x"}, "one that never expires": "somebody", "empty": ""} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_ = rdb.Del(ctx, key(account, "token"))
		poison(t, rdb, key(account, "lock"), value)
		got, err := s.Replace(ctx, account, "", func(context.Context) (pmpsmart.Token, error) {
			poison(t, rdb, key(account, "lock"), value)
			eventually(t, "the lock is renewed", func() bool { return rdb.PTTL(ctx, key(account, "lock")).Val() > 0 })
			poison(t, rdb, key(account, "lock"), value)
			return "t1", nil
		})
		if got != "t1" || err != nil {
			t.Errorf("%s: %q, %v", name, string(got), err)
		}
		cancel()
	}
}

// A user of Redis who may run nothing but the commands that the store needs.
func TestFewPermissions(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	admin := server.connect(t)
	if err := admin.Do(t.Context(), "ACL", "SETUSER", "toko", "on", ">rahasia-redis", "~pmpsmart:*", "+evalsha", "+eval", "+get", "+set", "+del").Err(); err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClient(&redis.Options{Addr: server.addr, Username: "toko", Password: "rahasia-redis"})
	defer rdb.Close()
	s := New(rdb)
	poison(t, admin, key(account, "token"), []string{"x"})
	replace(t, s, "", returns("t1"), "t1")
	replace(t, s, "t1", func(context.Context) (pmpsmart.Token, error) {
		twice := redis.NewClient(rdb.Options())
		defer twice.Close()
		_, err := New(twice).Replace(endAt(t, twice, 2), account, "t1", never(t))
		if want := "redis token store: waiting for another program's login: context deadline exceeded"; fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
		return "t2", nil
	}, "t2")
	holds(t, s, account, "t2")

	// What is wrong and no poison.
	if err := admin.Do(t.Context(), "ACL", "SETUSER", "toko", "-get").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), account); !strings.HasPrefix(fmt.Sprint(err), "redis token store: ERR The user executing the script can't run this command") {
		t.Error(err)
	}
}

// The longest token is kept, a longer one is not and is the client's own.
func TestLongTokens(t *testing.T) {
	t.Parallel()
	s := New(startRedis(t).connect(t))
	longest := pmpsmart.Token(strings.Repeat("x", maxTokenBytes))
	replace(t, s, "", returns(longest), longest)
	holds(t, s, account, longest)
	for _, bad := range []pmpsmart.Token{longest + "x", "", "a b"} {
		_, err := s.Replace(t.Context(), account, longest, returns(bad))
		if want := "redis token store: the token was not kept: it is empty, longer than 8 KiB or can't be sent in a header"; fmt.Sprint(err) != want {
			t.Errorf("%.10q: %v", string(bad), err)
		}
	}
	holds(t, s, account, longest)
}
