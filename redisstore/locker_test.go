package redisstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

const aKey = "https://api.example.com/api/v1#api@example.com#PMP-1"

// orderKey returns the name of the key of aKey's lock, or of its holder's number.
func orderKey(suffix string) string {
	keys := NewLocker(nil).(*locker).lockKeys(aKey)
	if suffix == "fence" {
		return keys[0]
	}
	return keys[1]
}

// locked takes the lock of aKey.
func locked(t *testing.T, l pmpsmart.Locker) (context.Context, func(time.Duration)) {
	t.Helper()
	held, unlock, err := l.Lock(t.Context(), aKey)
	if err != nil {
		t.Fatal(err)
	}
	return held, unlock
}

// isFree reports whether nobody holds the lock of aKey and nothing settles.
func isFree(t *testing.T, rdb *redis.Client) bool {
	t.Helper()
	n, err := rdb.Exists(t.Context(), orderKey("lock")).Result()
	if err != nil {
		t.Fatal(err)
	}
	return n == 0
}

// check asks whether the lock is still held.
func check(ctx context.Context, held context.Context) error {
	return held.(interface{ Check(context.Context) error }).Check(ctx)
}

// A key has one holder at a time.
func TestLocker(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	l, twin := NewLocker(rdb), NewLocker(server.connect(t))
	if got := fmt.Sprintf("%v %+v", l, l); got != "redisstore.Locker(pmpsmart) redisstore.Locker(pmpsmart)" {
		t.Error(got)
	}
	var inside atomic.Int32
	var mu sync.Mutex
	var numbers []int
	var all sync.WaitGroup
	for n := range 8 {
		l := []pmpsmart.Locker{l, twin}[n%2]
		all.Go(func() {
			for range 5 {
				held, unlock, err := l.Lock(t.Context(), aKey)
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) != 1 {
					t.Error("two hold it")
				}
				number, _, _ := strings.Cut(rdb.Get(t.Context(), orderKey("lock")).Val(), ":")
				value, _ := strconv.Atoi(number)
				mu.Lock()
				numbers = append(numbers, value)
				mu.Unlock()
				if err := errors.Join(held.Err(), check(t.Context(), held)); err != nil {
					t.Error(err)
				}
				inside.Add(-1)
				unlock(0)
				unlock(time.Hour) // is once
				if !errors.Is(held.Err(), context.Canceled) {
					t.Error("it is held no more")
				}
			}
		})
	}
	all.Wait()
	for n := 1; n < len(numbers); n++ {
		if numbers[n] <= numbers[n-1] {
			t.Errorf("holder %d has the number %d after %d", n, numbers[n], numbers[n-1])
		}
	}
	if len(numbers) != 40 || !isFree(t, rdb) {
		t.Errorf("%d holders; free: %v", len(numbers), isFree(t, rdb))
	}

	// Another key is nobody's business.
	_, unlock := locked(t, l)
	_, done, err := twin.Lock(t.Context(), aKey+"2")
	if err != nil {
		t.Fatal(err)
	}
	done(0)
	unlock(0)
}

// A settle keeps the key from the next.
func TestLockerSettles(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	l := NewLocker(rdb)
	for _, settle := range []time.Duration{400 * time.Millisecond, time.Microsecond} {
		_, unlock := locked(t, l)
		began := time.Now()
		unlock(settle)
		_, unlock = locked(t, NewLocker(server.connect(t)))
		if took := time.Since(began); took < settle || took > settle+10*time.Second {
			t.Errorf("waited %s for %s", took, settle)
		}
		unlock(0)
	}
	_, unlock := locked(t, l)
	unlock(math.MaxInt64)
	if ttl := rdb.PTTL(t.Context(), orderKey("lock")).Val(); ttl <= 59*time.Minute || ttl > time.Hour {
		t.Errorf("settles for %s", ttl)
	}
	rdb.FlushAll(t.Context())
	_, unlock = locked(t, l)
	unlock(-time.Hour)
	if !isFree(t, rdb) {
		t.Error("it is not free")
	}

	// The lock was lost, and nobody has taken it since: what was sent settles.
	_, unlock = locked(t, l)
	rdb.FlushAll(t.Context())
	unlock(time.Minute)
	if ttl := rdb.PTTL(t.Context(), orderKey("lock")).Val(); ttl <= 50*time.Second {
		t.Errorf("settles for %s", ttl)
	}
}

// A lease is renewed for as long as the lock is held.
func TestLeaseIsRenewed(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	const lease = time.Minute // which a busy machine does not miss; it is renewed every second
	held, unlock := locked(t, NewLocker(rdb, WithLockTTL(lease)))
	before := scriptsRun(rdb)
	eventually(t, "it was renewed", func() bool {
		ttl := rdb.PTTL(t.Context(), orderKey("lock")).Val()
		return scriptsRun(rdb) > before+3 && ttl > lease-2*time.Second
	})
	if err := held.Err(); err != nil {
		t.Error(context.Cause(held))
	}
	unlock(0)
	before = scriptsRun(rdb)
	time.Sleep(2 * time.Second) // in which it would be renewed
	if n := scriptsRun(rdb); n != before {
		t.Errorf("%d scripts after the end", n-before)
	}
}

// The key is gone, or another's: the lock is lost, and the check sees it at once.
func TestLockIsLost(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	const isGone = "redis locker: the lock is gone: Redis has lost its data, or the lease ended there"
	const isAnothers = "redis locker: another program has the lock: the lease was lost in Redis, or ended there"
	for name, row := range map[string]struct {
		lose func()
		want string
	}{
		"DEL":      {func() { rdb.Del(t.Context(), orderKey("lock")) }, isGone},
		"FLUSHALL": {func() { rdb.FlushAll(t.Context()) }, isGone},
		"another takes it": {func() {
			rdb.Del(t.Context(), orderKey("lock"))
			_, unlock := locked(t, NewLocker(server.connect(t)))
			t.Cleanup(func() { unlock(0) })
		}, isAnothers},
		"another kind of value":        {func() { poison(t, rdb, orderKey("lock"), []string{"x"}) }, isGone},
		"a value that does not expire": {func() { rdb.Persist(t.Context(), orderKey("lock")) }, isGone},
	} {
		rdb.FlushAll(t.Context())
		held, unlock := locked(t, NewLocker(rdb))
		row.lose()
		if err := check(t.Context(), held); server.text(err) != row.want {
			t.Errorf("%s: got %v", name, err)
		}
		if held.Err() == nil || server.text(context.Cause(held)) != row.want {
			t.Errorf("%s: held has ended by %v, cause %v", name, held.Err(), context.Cause(held))
		}
		unlock(0)
		if name == "another takes it" && isFree(t, rdb) {
			t.Error("the other's lock was taken away")
		}
		rdb.FlushAll(t.Context())
	}

	// Without a check the renewal sees it.
	held, unlock := locked(t, NewLocker(rdb))
	rdb.FlushAll(t.Context())
	select {
	case <-held.Done():
	case <-time.After(20 * time.Second):
		t.Error("nobody noticed")
	}
	unlock(0)
}

// A value that a locker can't have written does not keep anybody out.
func TestPoisonedLocks(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	for name, value := range poisons {
		poison(t, rdb, orderKey("lock"), value)
		_, unlock := locked(t, NewLocker(rdb))
		unlock(0)
		if !isFree(t, rdb) {
			t.Errorf("%s stays", name)
		}
	}
	for _, value := range []any{[]string{"x"}, "nan", "inf", "-inf", "1e300", "-1", "", "rusak", "9007199254740993", "0x1p52"} {
		poison(t, rdb, orderKey("fence"), value)
		held, unlock := locked(t, NewLocker(rdb))
		if err := check(t.Context(), held); err != nil {
			t.Errorf("%v: %v", value, err)
		}
		unlock(0)
	}
	// A clock that was put back.
	later := time.Now().Add(24 * time.Hour).UnixMicro()
	rdb.Set(t.Context(), orderKey("fence"), later, time.Minute)
	_, unlock := locked(t, NewLocker(rdb))
	if got, want := rdb.Get(t.Context(), orderKey("lock")).Val(), fmt.Sprint(later+1, ":"); !strings.HasPrefix(got, strings.ReplaceAll(want, " ", "")) {
		t.Errorf("got %s, want %s", got, want)
	}
	unlock(0)
}

// A Redis that stops answering, or is gone: the context ends before the lease does, so
// that what was sent has a third of it to settle, and the error says so.
func TestLeaseOfASilentRedis(t *testing.T) {
	t.Parallel()
	const lease = 3 * time.Second
	for name, silence := range map[string]func(s *server, rdb *redis.Client){
		"killed":       func(s *server, _ *redis.Client) { s.kill() },
		"stopped":      func(s *server, _ *redis.Client) { s.pause() },
		"CLIENT PAUSE": func(s *server, rdb *redis.Client) { rdb.Do(context.Background(), "CLIENT", "PAUSE", "3600000", "ALL") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t)
			rdb := server.connect(t)
			held, unlock := locked(t, NewLocker(rdb, WithLockTTL(lease)))
			before := time.Now()
			silence(server, server.connect(t))
			checked := begun(func() error { return check(t.Context(), held) })
			<-held.Done()
			if took := time.Since(before); took > lease {
				t.Errorf("took %s", took)
			}
			const want = "redis locker: the lease of 3s was not renewed in time"
			if err := context.Cause(held); !strings.HasPrefix(fmt.Sprint(err), want) {
				t.Errorf("got %v, want %s", err, want)
			}
			if err := <-checked; !strings.HasPrefix(fmt.Sprint(err), want) {
				t.Errorf("check: got %v, want %s", err, want)
			}
			unlock(0)
			if took := time.Since(before); took > lease+5*time.Second {
				t.Errorf("gave up after %s", took)
			}
		})
	}
}

// A Redis that answers and renews nothing: the error has the answer.
func TestLeaseOfARefusingRedis(t *testing.T) {
	t.Parallel()
	rdb := startRedis(t).connect(t)
	held, unlock := locked(t, NewLocker(rdb, WithLockTTL(3*time.Second)))
	if err := rdb.ConfigSet(t.Context(), "min-replicas-to-write", "3").Err(); err != nil {
		t.Fatal(err)
	}
	const want = "redis locker: the lease of 3s was not renewed in time: NOREPLICAS"
	if err := check(t.Context(), held); !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("check: got %v, want %s", err, want)
	}
	if err := context.Cause(held); !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	unlock(0)
}

// A short silence is no loss.
func TestLeaseOutlivesAPause(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	held, unlock := locked(t, NewLocker(rdb, WithLockTTL(20*time.Second)))
	server.pause()
	checked := begun(func() error { return check(t.Context(), held) })
	select {
	case err := <-checked:
		t.Error(err)
	case <-time.After(300 * time.Millisecond):
	}
	server.goOn()
	if err := <-checked; err != nil {
		t.Error(err)
	}
	unlock(0)
	if !isFree(t, rdb) {
		t.Error("the lock stays")
	}
}

// Redis is killed and comes back: with a disk it knows the lock, without it the lock is
// lost.
func TestLockOverARestart(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args []string
		want string
	}{
		"with a disk": {nil, "<nil>"},
		"without":     {[]string{"--appendonly", "no"}, "redis locker: the lock is gone: Redis has lost its data, or the lease ended there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, row.args...)
			rdb := server.connect(t)
			l := NewLocker(rdb, WithLockTTL(time.Minute), WithPatience(30*time.Second))
			held, unlock := locked(t, l)
			server.kill()
			checked := begun(func() error { return check(t.Context(), held) })
			server.start()
			if err := <-checked; server.text(err) != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
			unlock(0)

			server.kill()
			got := begun(func() error {
				_, unlock, err := l.Lock(t.Context(), aKey)
				if err == nil {
					unlock(0)
				}
				return err
			})
			server.start()
			if err := <-got; err != nil {
				t.Error(err)
			}
		})
	}
}

// A program that was paused sees by the clock that its lease is over, before anything
// else of it runs.
func TestPausedProgram(t *testing.T) {
	t.Parallel()
	held, unlock := locked(t, NewLocker(startRedis(t).connect(t)))
	h := heldOf(t, held)
	if h.Err() != nil {
		t.Error(h.Err())
	}
	h.extend(time.Now().Add(-h.lockTTL))
	if err := h.Err(); !errors.Is(err, context.Canceled) {
		t.Error("it goes on")
	}
	<-h.Done()
	unlock(0)
}

func heldOf(t *testing.T, ctx context.Context) *held {
	t.Helper()
	h, ok := ctx.(*held)
	if !ok {
		t.Fatalf("held is a %T", ctx)
	}
	return h
}

// Errors name what is wrong and that it is the locker's.
func TestLockerErrors(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.addr, MaxRetries: -1, DialerRetries: 1})
	defer rdb.Close()
	l := NewLocker(rdb, WithPatience(time.Second))
	_, unlock := locked(t, l)
	waiting, ctx := endsAtScript(t, server.addr, 2)
	_, _, err := NewLocker(waiting).Lock(ctx, aKey)
	if want := "redis locker: waiting for another program's lock: context deadline exceeded"; server.text(err) != want || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	unlock(0)
	if err := rdb.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Lock(t.Context(), aKey); !strings.HasPrefix(fmt.Sprint(err), "redis locker: OOM command not allowed") {
		t.Errorf("got %v", err)
	}
	server.kill()
	if _, _, err := l.Lock(t.Context(), aKey); server.text(err) != "redis locker: no answer from Redis for 1s: dial tcp ADDR: connect: connection refused" {
		t.Errorf("got %v", err)
	}
	rdb.Close()
	if _, _, err := l.Lock(t.Context(), aKey); server.text(err) != "redis locker: redis: client is closed" {
		t.Errorf("got %v", err)
	}
	_, _, err = l.Lock(ctx, aKey)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, _, err := NewLocker(nil).Lock(t.Context(), aKey); fmt.Sprint(err) != "redis locker: the Redis client is nil" {
		t.Errorf("got %v", err)
	}
	if _, err := New(nil).Load(t.Context(), pmpsmart.Account{}); fmt.Sprint(err) != "redis token store: the Redis client is nil" {
		t.Errorf("got %v", err)
	}
}

// An answer that no script of ours returns is no lock.
func TestUnexpectedAnswersToALocker(t *testing.T) {
	t.Parallel()
	for answer, what := range map[string]string{
		"*0":                                 "an empty list",
		"$-1":                                "nil, want a list",
		":1":                                 "a number, want a list",
		list("done"):                         "the number of values is 1, want 2",
		list("done", "1", "2"):               "the number of values is 3, want 2",
		list("done", ""):                     "a value of 0 bytes, want a number",
		list("done", "rahasia"):              "a value of 7 bytes, want a number",
		list("done", "-1"):                   "a value of 2 bytes, want a number",
		list("done", "007"):                  "a value of 3 bytes, want a number",
		list("done", "99999999999999999999"): "a value of 20 bytes, want a number",
		list("busy", "1"):                    "the number of values is 2, want 1",
		list("gone"):                         "the first value, of 4 bytes, is not a word that the script returns",
		"*9223372036854775807":               "it claims a length that no memory can hold",
	} {
		var scripts atomic.Int64
		rdb := answering(t, func(int64) string { scripts.Add(1); return answer })
		held, unlock, err := NewLocker(rdb, WithPatience(time.Hour)).Lock(t.Context(), aKey)
		if want := "redis locker: unexpected answer to the lock script: " + what; fmt.Sprint(err) != want || held != nil || unlock != nil {
			t.Errorf("%.40q:\ngot  %v\nwant %s", answer, err, want)
		}
		if n := scripts.Load(); n != 2 { // it may have the lock
			t.Errorf("%.40q: %d scripts, want one that releases the lock", answer, n)
		}
	}
	// To the check.
	for answer, what := range map[string]string{
		"*0":              "unexpected answer to the renew script: an empty list",
		list("done", "1"): "unexpected answer to the renew script: the number of values is 2, want 1",
		list("busy"):      "another program has the lock: the lease was lost in Redis, or ended there",
		"-ERR rusak":      "ERR rusak",
	} {
		rdb := answering(t, func(n int64) string {
			if n == 0 {
				return list("done", "1")
			}
			return answer
		})
		held, unlock := locked(t, NewLocker(rdb))
		if err := check(t.Context(), held); fmt.Sprint(err) != "redis locker: "+what {
			t.Errorf("%q: got %v", answer, err)
		}
		unlock(0)
	}
}

// Half an answer and silence are waited out within patience.
func TestLockerAnswersWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(int64, io.Writer) bool{
		"half, then closed":  func(_ int64, w io.Writer) bool { _, _ = io.WriteString(w, "*2\r\n$4\r\ndo"); return false },
		"half, then nothing": func(_ int64, w io.Writer) bool { _, _ = io.WriteString(w, "*2\r\n$4\r\ndo"); return true },
		"nothing":            func(int64, io.Writer) bool { return true },
	} {
		began := time.Now()
		_, _, err := NewLocker(serveScripts(t, answer), WithPatience(200*time.Millisecond)).Lock(t.Context(), aKey)
		if !strings.HasPrefix(fmt.Sprint(err), "redis locker: no answer from Redis for 200ms") || time.Since(began) > 10*time.Second {
			t.Errorf("%s: got %v after %s", name, err, time.Since(began))
		}
	}
}

// A Redis that takes longer to answer than a lease lasts gives no lock.
func TestLeaseIsTooShort(t *testing.T) {
	t.Parallel()
	rdb := serveScripts(t, func(_ int64, w io.Writer) bool {
		time.Sleep(30 * time.Millisecond)
		_, err := io.WriteString(w, list("done", "1")+"\r\n")
		return err == nil
	})
	_, _, err := NewLocker(rdb, WithLockTTL(20*time.Millisecond), WithPatience(time.Second)).Lock(t.Context(), aKey)
	if !strings.HasPrefix(fmt.Sprint(err), "redis locker: Redis takes ") || !strings.HasSuffix(fmt.Sprint(err), "to answer, and a lease is 20ms") {
		t.Errorf("got %v", err)
	}
}

// What ends in a hook of the Redis client's is the caller's.
func TestLockerHooks(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	at := func(n int64, end func()) *redis.Client {
		rdb := server.connect(t)
		rdb.AddHook(scriptHook(func(script int64) {
			if script == n {
				end()
			}
		}))
		return rdb
	}
	rusak := func() { panic("rusak") }
	if got := panicOf(func() { _, _, _ = NewLocker(at(0, rusak)).Lock(t.Context(), aKey) }); got != "rusak" {
		t.Errorf("Lock: %v", got)
	}
	_, _, err := NewLocker(at(0, runtime.Goexit), WithPatience(time.Hour)).Lock(t.Context(), aKey)
	if fmt.Sprint(err) != "redis locker: a hook of the Redis client ended its goroutine" {
		t.Error(err)
	}
	// In the renewal: the lock counts as lost, and it is the unlock that panics.
	held, unlock := locked(t, NewLocker(at(1, rusak), WithLockTTL(time.Minute)))
	<-held.Done()
	if got := fmt.Sprint(context.Cause(held)); got != "redis locker: the Redis client panicked" {
		t.Error(got)
	}
	if got := panicOf(func() { unlock(0) }); got != "rusak" {
		t.Errorf("unlock: %v", got)
	}
	if !isFree(t, server.connect(t)) {
		t.Error("the lock stays")
	}
}

// Nothing is left behind by who gives up, nor by who is done.
func TestLockerGivenUp(t *testing.T) {
	server := startRedis(t)
	plain := server.connect(t)
	plain.Ping(t.Context())
	leaks := goleak.IgnoreCurrent()
	rdb := redis.NewClient(&redis.Options{Addr: server.addr})
	l := NewLocker(rdb)
	ctx, cancel := context.WithCancel(t.Context())
	held, unlock, err := l.Lock(ctx, aKey)
	if err != nil {
		t.Fatal(err)
	}
	waiting := begun(func() error { _, _, err := l.Lock(ctx, aKey); return err })
	before := scriptsRun(plain)
	eventually(t, "another waits", func() bool { return scriptsRun(plain) > before })
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-held.Done()
	unlock(0)
	if !isFree(t, plain) {
		t.Error("the lock stays")
	}

	// Canceled after Redis has stored the lock and before the answer.
	ctx, cancel = context.WithCancel(t.Context())
	hook := &lateAnswer{then: cancel, end: make(chan struct{})}
	rdb.AddHook(hook)
	if _, _, err := l.Lock(ctx, aKey); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(hook.end)
	if !isFree(t, plain) {
		t.Error("the lock stays")
	}
	_ = rdb.Close()
	goleak.VerifyNone(t, leaks)
}

// A program that is killed while it holds a lock: the next one gets it when the lease
// is over.
func TestDeadHolderOfALock(t *testing.T) {
	t.Parallel()
	const where = "REDISSTORE_TEST_LOCKER_ADDR"
	const lease = 3 * time.Second
	if addr := os.Getenv(where); addr != "" { // the program
		_, _ = locked(t, NewLocker(redis.NewClient(&redis.Options{Addr: addr}), WithLockTTL(lease)))
		fmt.Println("locked")
		_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
		return
	}
	server := startRedis(t)
	child := startHolder(t, where+"="+server.addr)
	rdb := server.connect(t)
	var killed atomic.Int64
	taken := begun(func() int64 {
		_, unlock := locked(t, NewLocker(rdb))
		defer unlock(0)
		return time.Now().UnixNano()
	})
	before := scriptsRun(rdb)
	eventually(t, "others wait", func() bool { return scriptsRun(rdb) > before+10 })
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed.Store(time.Now().UnixNano())
	_ = child.Wait()
	if waited := time.Duration(<-taken - killed.Load()); waited < lease/2 {
		t.Errorf("waited %s for a lease of %s", waited, lease)
	}
}
