package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// A redisServer is a real one that keeps nothing when it is killed.
type redisServer struct {
	t    *testing.T
	addr string
	rdb  *redis.Client
	cmd  *exec.Cmd
}

func newRedisServer(t *testing.T) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed (Debian: apt-get install redis-server)")
	}
	s := &redisServer{t: t, addr: freeAddr(t)}
	s.rdb = redis.NewClient(&redis.Options{Addr: s.addr, MaxRetries: -1})
	t.Cleanup(func() {
		s.rdb.Close()
		s.kill()
	})
	s.start()
	return s
}

// freeAddr returns an address whose port is below those that the kernel assigns: nobody
// takes it while the server is away.
func freeAddr(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(10_000))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (s *redisServer) start() {
	s.t.Helper()
	_, port, _ := net.SplitHostPort(s.addr)
	s.cmd = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", s.t.TempDir())
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "redis-server answers", func() bool { return s.rdb.Ping(s.t.Context()).Err() == nil })
}

// kill is a SIGKILL.
func (s *redisServer) kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// TestReplicas has three replicas share one account of which only the latest
// token is good, while tokens expire and Redis dies and comes back empty: every
// request is answered, and each expired token costs one login in all.
func TestReplicas(t *testing.T) {
	const calls, workers = 3000, 24
	store := newRedisServer(t)
	sandbox := pmpsmarttest.NewServer()
	defer sandbox.Close()
	var replicas []*replica
	for range 3 {
		replicas = append(replicas, startReplica(t, account(sandbox.URL), "-redis", store.addr))
	}
	for _, r := range replicas {
		eventually(t, "a replica is ready", r.isReady)
	}
	logins := func(want int, why string) {
		t.Helper()
		eventually(t, fmt.Sprintf("%d logins %s", want, why), func() bool { return sandbox.Logins() >= want })
		if got := sandbox.Logins(); got != want {
			t.Errorf("%d logins %s; want %d", got, why, want)
		}
	}
	logins(1, "for three replicas")

	answered := traffic(replicas, calls, workers)
	steps := map[int]func(){
		400:  func() { sandbox.ExpireTokens() },
		800:  func() { logins(2, "after a token expired"); store.kill() },
		1200: func() { logins(2, "without Redis"); store.start() },
		1500: func() { logins(2, "with Redis back and empty"); sandbox.ExpireTokens() },
		1900: func() { logins(3, "after the next token expired"); store.kill(); sandbox.ExpireTokens(); store.start() },
		2400: func() { logins(4, "after a token expired while Redis was away"); sandbox.ExpireTokens() },
	}
	failed := 0
	for n := range calls {
		if problem := <-answered; problem != "" {
			if failed++; failed <= 5 {
				t.Error(problem)
			}
		}
		if step := steps[n+1]; step != nil {
			step()
		}
	}
	logins(5, "at the end")
	t.Logf("%d calls to %d replicas, %d failed, %d logins", calls, len(replicas), failed, sandbox.Logins())
}

// traffic sends requests to the replicas in turn. The channel has what was wrong
// with each response, "" for a good one.
func traffic(replicas []*replica, calls, workers int) <-chan string {
	answered := make(chan string, 200) // calls go on while a step waits
	var next atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for i := int(next.Add(1)); i <= calls; i = int(next.Add(1)) {
				answered <- ask(replicas[i%len(replicas)], i)
			}
		})
	}
	go func() {
		running.Wait()
		close(answered)
	}()
	return answered
}

func ask(r *replica, i int) string {
	path, want := fmt.Sprintf("/orders/%d", i%200+1), fmt.Sprintf(`{"id":%d,`, i%200+1)
	if i%10 == 0 {
		path, want = "/orders?status=open&limit=5", `{"orders":[{`
	}
	if status, body := r.get(path); status != http.StatusOK || !strings.HasPrefix(body, want) {
		return fmt.Sprintf("call %d, %s: %d %.300s", i, path, status, body)
	}
	return ""
}
