package redisstore

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// A server is a real redis-server on a port of its own, which a test kills and
// starts again.
type server struct {
	t    testing.TB
	addr string
	dir  string
	args []string
	cmd  *exec.Cmd
}

// startRedis starts a server whose data survives a SIGKILL, unless args change
// that. A slow disk is not waited for: a SIGKILL takes nothing from the kernel.
func startRedis(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed (Debian: apt-get install redis-server)")
	}
	s := &server{t: t, addr: freeAddr(t), dir: t.TempDir(), args: args}
	t.Cleanup(func() {
		s.kill()
		if log, err := os.ReadFile(filepath.Join(s.dir, "log")); err == nil && t.Failed() {
			t.Logf("redis-server's log:\n%s", log)
		}
	})
	s.start()
	return s
}

// lastPort is the port that was returned last. A killed server is restarted on its
// port, which nobody may take meanwhile: the ports are below the ephemeral ones,
// and none is returned twice.
var lastPort atomic.Int64

func freeAddr(t testing.TB) string {
	t.Helper()
	const first, last = 20_000, 32_000
	lastPort.CompareAndSwap(0, int64(first+os.Getpid()*100%(last-first))) // apart from other runs of these tests
	for range last - first {
		addr := fmt.Sprintf("127.0.0.1:%d", first+(lastPort.Add(1)-first)%(last-first))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// begin starts the process and does not wait until it answers.
func (s *server) begin(more ...string) {
	s.t.Helper()
	_, port, _ := net.SplitHostPort(s.addr)
	args := append([]string{"--bind", "127.0.0.1", "--port", port, "--dir", s.dir, "--logfile", filepath.Join(s.dir, "log"),
		"--save", "", "--appendonly", "yes", "--appendfsync", "no"}, s.args...)
	s.cmd = exec.Command("redis-server", append(args, more...)...)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) start() {
	s.t.Helper()
	s.begin()
	rdb := s.connect(s.t)
	eventually(s.t, "redis-server answers", func() bool {
		err := rdb.Ping(s.t.Context()).Err()
		return err == nil || redis.HasErrorPrefix(err, "NOAUTH")
	})
}

// kill is a SIGKILL.
func (s *server) kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// connect returns a client of its own, as a program has.
func (s *server) connect(t testing.TB) *redis.Client {
	rdb := redis.NewClient(&redis.Options{Addr: s.addr})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s in vain: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// silent keeps go-redis from writing to standard error while the server is away.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

func TestMain(m *testing.M) {
	redis.SetLogger(silent{})
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they wait, more than they work
		panic(err)
	}
	os.Exit(m.Run())
}

// text is an error's, without the server's address, which differs.
func (s *server) text(err error) string {
	if err == nil {
		return "<nil>"
	}
	return strings.ReplaceAll(err.Error(), s.addr, "ADDR")
}
