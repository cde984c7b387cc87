package redisstore

import (
	"context"
	"sync"
	"testing"
	"time"

	pmpsmart "github.com/pmpsmart/pmpsmart-go"
)

// The lock of a holder expires during its login.
func TestFencing(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s, twin := New(rdb), New(server.connect(t))

	replace(t, s, "", returns("t1"), "t1")
	replace(t, s, "t1", func(context.Context) (pmpsmart.Token, error) {
		expire(t, rdb)
		return "t2", nil // nobody else came
	}, "t2")
	holds(t, s, account, "t2")

	replace(t, s, "t2", func(context.Context) (pmpsmart.Token, error) {
		expire(t, rdb)
		replace(t, twin, "t2", returns("t4"), "t4")
		return "t3", nil // older than what the twin has put there
	}, "t4")
	holds(t, s, account, "t4")

	// The twin is logging in when the late holder comes with its token: the
	// twin's, the later, is the one that stands, for both.
	inside, late := make(chan struct{}), make(chan struct{})
	var both sync.WaitGroup
	replace(t, s, "t4", func(context.Context) (pmpsmart.Token, error) {
		expire(t, rdb)
		both.Go(func() {
			replace(t, twin, "t4", func(context.Context) (pmpsmart.Token, error) {
				close(inside)
				<-late
				return "t6", nil
			}, "t6")
		})
		<-inside
		before := scriptsRun(rdb)
		both.Go(func() { // once the token came too early, twice at least
			eventually(t, "the late holder asks again", func() bool { return scriptsRun(rdb) >= before+2 })
			close(late)
		})
		return "t5", nil
	}, "t6")
	both.Wait()
	holds(t, s, account, "t6")

	// A Logout meanwhile.
	replace(t, s, "t6", func(ctx context.Context) (pmpsmart.Token, error) {
		return "t7", twin.Delete(ctx, account, "t6")
	}, "t7")
	holds(t, s, account, "t7")
}

// The lock of a holder expires, and another program holds it for longer than the
// holder waits.
func TestFencingGivesUp(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	rdb := server.connect(t)
	s, twin := New(rdb, WithPatience(2*time.Second)), New(server.connect(t))
	inside, end := make(chan struct{}), make(chan struct{})
	var both sync.WaitGroup
	_, err := s.Replace(t.Context(), account, "", func(ctx context.Context) (pmpsmart.Token, error) {
		expire(t, rdb)
		both.Go(func() {
			replace(t, twin, "", func(context.Context) (pmpsmart.Token, error) { close(inside); <-end; return "t2", nil }, "t2")
		})
		<-inside
		return "t1", nil
	})
	if got, want := server.text(err), "redis token store: the token was not kept: the lock ran out, and another program is logging in"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if n := rdb.Exists(t.Context(), key(account, "lock")).Val(); n != 1 {
		t.Error("the late holder took the other's lock away")
	}
	close(end)
	both.Wait()
	holds(t, s, account, "t2")
}
