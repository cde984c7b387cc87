package redisstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
)

// startHolder runs the test in a process of its own, with a variable more in its
// environment, and returns once that says "locked".
func startHolder(t *testing.T, variable string) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), variable)
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("locked"))); err != nil {
		t.Fatal(err)
	}
	return child
}

// A program that is killed while it holds the lock.
func TestDeadHolder(t *testing.T) {
	t.Parallel()
	const where = "REDISSTORE_TEST_ADDR"
	if addr := os.Getenv(where); addr != "" { // the program
		rdb := redis.NewClient(&redis.Options{Addr: addr})
		_, _ = New(rdb, WithLockTTL(3*time.Second)).Replace(t.Context(), account, "", func(context.Context) (pmpsmart.Token, error) {
			fmt.Println("locked")
			_, err := io.Copy(io.Discard, os.Stdin) // until it is killed
			return "", err
		})
		return
	}
	server := startRedis(t)
	child := startHolder(t, where+"="+server.addr)
	rdb := server.connect(t)
	before := scriptsRun(rdb)
	var killed atomic.Bool
	taken := begun(func() error {
		_, err := New(rdb).Replace(t.Context(), account, "", func(context.Context) (pmpsmart.Token, error) {
			if !killed.Load() {
				return "", errors.New("two programs log in at once")
			}
			return "t1", nil
		})
		return err
	})
	eventually(t, "others wait", func() bool { return scriptsRun(rdb) > before+10 })
	killed.Store(true)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	if err := <-taken; err != nil {
		t.Error(err)
	}
	holds(t, New(rdb), account, "t1")
}
