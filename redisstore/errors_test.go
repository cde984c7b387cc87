package redisstore

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// An error says what is wrong in words that a person can use.
func TestErrors(t *testing.T) {
	t.Parallel()
	locked := startRedis(t, "--requirepass", "rahasia-redis")
	odd := startRedis(t, "--rename-command", "EVALSHA", "")
	for _, tt := range []struct {
		name           string
		server         *server
		password, want string
	}{
		{"no password", locked, "", "redisstore: NOAUTH Authentication required."},
		{"wrong password", locked, "salah-redis", "redisstore: WRONGPASS invalid username-password pair or user is disabled."},
		{"unknown command", odd, "", "redisstore: ERR unknown command 'evalsha'…"},
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
	t.Run("another type", func(t *testing.T) {
		rdb := redis.NewClient(&redis.Options{Addr: locked.addr, Password: "rahasia-redis"})
		t.Cleanup(func() { _ = rdb.Close() })
		rdb.LPush(t.Context(), key(account, "token"), "x")
		_, err := New(rdb).Load(t.Context(), account)
		if got, want := odd.text(err), "redisstore: WRONGTYPE Operation against a key holding the wrong kind of value"; !strings.HasPrefix(got, want) {
			t.Errorf("got %s", got)
		}
	})
	t.Run("closed", func(t *testing.T) {
		rdb := odd.connect(t)
		_ = rdb.Close()
		_, err := New(rdb).Load(t.Context(), account)
		if got, want := odd.text(err), "redisstore: redis: client is closed"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := New(odd.connect(t))
		if _, err := s.Load(ctx, account); err != context.Canceled {
			t.Error(err)
		}
		if _, err := s.Replace(ctx, account, "", never(t)); err != context.Canceled {
			t.Error(err)
		}
	})
}

// A server that answers nonsense which holds the token.
func TestErrorsShowNoToken(t *testing.T) {
	t.Parallel()
	const secret = "token-rahasia"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for r := bufio.NewReader(conn); ; {
					line, err := r.ReadString('\n')
					if err != nil {
						return
					}
					switch strings.TrimSpace(line) {
					case "hello", "client", "HELLO", "CLIENT":
						_, _ = io.WriteString(conn, "-ERR unknown command\r\n")
					case "evalsha":
						_, _ = io.WriteString(conn, secret+"\r\n")
					}
				}
			}()
		}
	}()
	rdb := redis.NewClient(&redis.Options{Addr: l.Addr().String(), Protocol: 2, DisableIdentity: true})
	defer rdb.Close()
	_, err = New(rdb, WithPatience(100*time.Millisecond)).Load(t.Context(), account)
	if want := "redisstore: no answer from Redis for 100ms: redis: can't parse …"; err == nil || err.Error() != want || strings.Contains(fmt.Sprintf("%#v", err), secret) {
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
