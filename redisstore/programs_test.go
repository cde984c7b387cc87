package redisstore

import (
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/programs"
	"github.com/redis/go-redis/v9"
)

const lockerAddr = "REDISSTORE_TEST_PROGRAM_ADDR"

// TestLockerProgram is a program of the test below; in the tests' own process, nothing.
func TestLockerProgram(t *testing.T) {
	if !programs.IsMain() {
		t.Skip("is the body of the programs")
	}
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv(lockerAddr)})
	defer rdb.Close()
	err := programs.Main(t.Context(), pmpsmart.WithLocker(NewLocker(rdb, WithLockTTL(3*time.Second))))
	if err != nil {
		t.Fatal(err)
	}
}

// Programs that ensure the same orders, two of which are killed, on a server that loses
// answers, while Redis is killed and comes back with its data.
func TestLockerPrograms(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	o := programs.Options{Test: "TestLockerProgram", Env: []string{lockerAddr + "=" + server.addr}, Count: 4, Codes: 60, Kills: 1}
	restarts := int64(1)
	if long, _ := strconv.ParseBool(os.Getenv("PMPSMART_LONG")); long {
		o.Count, o.Codes, o.Kills, restarts = 8, 1000, 2, 6
	}
	every := int64(o.Count*o.Codes) / (restarts + 2)
	var one sync.Mutex
	var restarted int64
	o.During = func(n int64) {
		if n%every == 0 && n/every <= restarts {
			one.Lock()
			defer one.Unlock()
			server.kill()
			server.start()
			restarted++
		}
	}
	programs.Ensure(t, o).Check(t)
	if restarted != restarts {
		t.Errorf("%d restarts, want %d", restarted, restarts)
	}
}
