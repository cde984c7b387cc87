package redisstore

import (
	"os/exec"
	"testing"

	"github.com/pmpsmart/pmpsmart-go/internal/programs"
	"github.com/redis/go-redis/v9"
)

// BenchmarkEnsure measures what a locker adds to an order that is not there yet: a look
// and an insert over a loopback connection.
func BenchmarkEnsure(b *testing.B) {
	b.Run("locker=none", func(b *testing.B) { programs.Bench(b, nil) })
	b.Run("locker=redis", func(b *testing.B) {
		if _, err := exec.LookPath("redis-server"); err != nil {
			b.Skip("redis-server is not installed")
		}
		server := startRedis(b, "--appendfsync", "everysec")
		rdb := redis.NewClient(&redis.Options{Addr: server.addr})
		defer rdb.Close()
		programs.Bench(b, NewLocker(rdb))
	})
}
