package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// The texts of errors.
func TestErrors(t *testing.T) {
	t.Parallel()
	locked := startRedis(t, "--requirepass", "rahasia-redis")
	odd := startRedis(t, "--rename-command", "EVALSHA", "")
	for _, tt := range []struct {
		name           string
		server         *server
		password, want string
	}{
		{"no password", locked, "", "redis token store: NOAUTH Authentication required."},
		{"wrong password", locked, "salah-redis", "redis token store: WRONGPASS invalid username-password pair or user is disabled."},
		{"unknown command", odd, "", "redis token store: ERR unknown command 'evalsha'…"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rdb := redis.NewClient(&redis.Options{Addr: tt.server.addr, Password: tt.password})
			t.Cleanup(func() { _ = rdb.Close() })
			s := New(rdb)
			_, load := s.Load(t.Context(), account)
			_, replaced := s.Replace(t.Context(), account, "token-rahasia", never(t))
			for _, err := range []error{load, replaced, s.Delete(t.Context(), account, "token-rahasia")} {
				if odd.text(err) != tt.want {
					t.Errorf("got  %s\nwant %s", odd.text(err), tt.want)
				}
			}
		})
	}
	t.Run("closed", func(t *testing.T) {
		rdb := odd.connect(t)
		_ = rdb.Close()
		_, err := New(rdb).Load(t.Context(), account)
		if got, want := odd.text(err), "redis token store: redis: client is closed"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := New(odd.connect(t))
		_, load := s.Load(ctx, account)
		_, replaced := s.Replace(ctx, account, "", never(t))
		for _, err := range []error{load, replaced, s.Delete(ctx, account, "t1")} {
			if got, want := odd.text(err), "redis token store: no answer from Redis: context canceled"; got != want || !errors.Is(err, context.Canceled) {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}

// A full memory is an error at once, and a stored token can be read.
func TestFullMemory(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	s := New(rdb, WithPatience(10*time.Second))
	replace(t, s, "", returns("t1"), "t1")
	if err := rdb.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Replace(t.Context(), account, "t1", never(t))
	if got, want := fmt.Sprint(err), "redis token store: OOM command not allowed when used memory > 'maxmemory'"; !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	holds(t, s, account, "t1")
	if err := s.Delete(t.Context(), account, "t1"); err != nil {
		t.Error(err)
	}
	holds(t, s, account, "")
}

// A Redis without a free connection is waited for.
func TestFullOfClients(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.addr, PoolSize: 1})
	defer rdb.Close()
	if err := rdb.ConfigSet(t.Context(), "maxclients", "1").Err(); err != nil { // its own
		t.Fatal(err)
	}
	other := redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1})
	defer other.Close()
	_, err := New(other, WithPatience(time.Second)).Load(t.Context(), account)
	if got, want := server.text(err), "redis token store: no answer from Redis for 1s: "; !strings.HasPrefix(got, want) { // what follows may be a broken pipe
		t.Errorf("got  %s\nwant %s", got, want)
	}
	before := rejected(t, rdb)
	waiting := begun(func() error {
		_, err := New(other, WithPatience(30*time.Second)).Load(t.Context(), account)
		return err
	})
	eventually(t, "it is refused", func() bool { return rejected(t, rdb) > before })
	if err := rdb.ConfigSet(t.Context(), "maxclients", "100").Err(); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

// rejected is how many connections the server has refused.
func rejected(t *testing.T, rdb *redis.Client) (n int) {
	for line := range strings.Lines(rdb.Info(t.Context(), "stats").Val()) {
		_, _ = fmt.Sscanf(line, "rejected_connections:%d", &n)
	}
	return n
}

// An error of the server that is transient is waited out, any other is final.
func TestRefusalsThatPass(t *testing.T) {
	t.Parallel()
	for refusal, passes := range map[string]bool{
		"LOADING Redis is loading the dataset in memory":                                         true,
		"READONLY You can't write against a read only replica.":                                  true,
		"MASTERDOWN Link with MASTER is down":                                                    true,
		"CLUSTERDOWN The cluster is down":                                                        true,
		"TRYAGAIN Multiple keys request during rehashing of slot":                                true,
		"ERR max number of clients reached":                                                      true,
		"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.": true,
		"NOREPLICAS Not enough good replicas to write.":                                          true,
		"BUSYGROUP Consumer Group name already exists":                                           false,
		"OOM command not allowed when used memory > 'maxmemory'.":                                false,
		"NOPERM this user has no permissions to run the 'evalsha' command":                       false,
		"MISCONF Redis is configured to save RDB snapshots":                                      false,
	} {
		rdb := answering(t, func(n int64) string {
			if n == 0 {
				return "-" + refusal
			}
			return "*1\r\n$2\r\nt1"
		})
		got, err := New(rdb, WithPatience(30*time.Second)).Load(t.Context(), account)
		if passes && (got != "t1" || err != nil) || !passes && fmt.Sprint(err) != "redis token store: "+refusal {
			t.Errorf("%s: %q, %v", refusal, string(got), err)
		}
	}
}

// A server that answers with a line that is no RESP and has the token in it.
func TestErrorsShowNoToken(t *testing.T) {
	t.Parallel()
	const secret = "token-rahasia"
	rdb := answering(t, func(int64) string { return secret })
	_, err := New(rdb, WithPatience(time.Second)).Load(t.Context(), account)
	if want := "redis token store: no answer from Redis for 1s: redis: can't parse …"; err == nil || err.Error() != want || strings.Contains(fmt.Sprintf("%#v", err), secret) {
		t.Errorf("got  %v\nwant %s\n%#v", err, want, err)
	}
}

func TestPrintsNoSecret(t *testing.T) {
	t.Parallel()
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", Password: "rahasia-redis"})
	defer rdb.Close()
	s := New(rdb, WithPrefix("gudang"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, s); got != "redisstore.Store(gudang)" {
			t.Errorf("%s: %s", verb, got)
		}
	}
	if got, err := json.Marshal(s); string(got) != "{}" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
}
