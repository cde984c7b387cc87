package redisstore

import (
	"bufio"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
)

// serveScripts starts a server that has answer write the answer to each script, n
// counted from 0, and that knows no other command. It closes a connection on
// which answer returns false.
func serveScripts(t *testing.T, answer func(n int64, w io.Writer) bool) *redis.Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var scripts atomic.Int64
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					switch lines.Text() {
					case "hello", "client", "HELLO", "CLIENT":
						_, _ = io.WriteString(conn, "-ERR unknown command\r\n")
					case "evalsha":
						if !answer(scripts.Add(1)-1, conn) {
							return
						}
					}
				}
			}()
		}
	}()
	rdb := redis.NewClient(&redis.Options{Addr: l.Addr().String(), Protocol: 2, DisableIdentity: true, MaxRetries: -1})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// answering is a server that answers each script as answer says.
func answering(t *testing.T, answer func(n int64) string) *redis.Client {
	t.Helper()
	return serveScripts(t, func(n int64, w io.Writer) bool {
		_, err := io.WriteString(w, answer(n)+"\r\n")
		return err == nil
	})
}
