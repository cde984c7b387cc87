package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// A testLocker is a Locker of a program's own. Its Lock does what lock says, if that is
// set, and else takes a mutex.
type testLocker struct {
	lock func(ctx context.Context) (context.Context, error)

	mutex   sync.Mutex // the lock
	mu      sync.Mutex
	keys    []string
	settles []time.Duration // of each unlock
}

func (l *testLocker) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	l.mu.Lock()
	l.keys = append(l.keys, key)
	l.mu.Unlock()
	if l.lock == nil {
		l.mutex.Lock()
		return ctx, func(settle time.Duration) { l.unlocked(settle); l.mutex.Unlock() }, nil
	}
	held, err := l.lock(ctx)
	return held, l.unlocked, err
}

func (l *testLocker) unlocked(settle time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settles = append(l.settles, settle)
}

// requireUnlocked checks that there was one unlock, without a settle.
func (l *testLocker) requireUnlocked(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	require.Equal(t, []time.Duration{0}, l.settles)
}

func TestALockIsHeldFromTheFirstLookToTheEnd(t *testing.T) {
	t.Parallel()
	b, l := newOrderBook(t), new(testLocker)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		if l.mutex.TryLock() {
			t.Error("looked without the lock")
		}
		return nil, nil
	}
	b.OnInsert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
		if l.mutex.TryLock() {
			t.Error("inserted without the lock")
		}
		if store(); n == 1 {
			testserver.Reset(w, r)
			return
		}
		success(`{"id":1}`)(w, r)
	}
	_, created, err := b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created, "nobody else can have inserted it")
	l.requireUnlocked(t)
	b.OnFind = nil
	_, created, err = b.client(pmpsmart.WithLocker(nil)).EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.False(t, created)
}

// Two programs find the order missing at the same moment, were it not for the lock.
func TestALockExcludesPrograms(t *testing.T) {
	t.Parallel()
	for _, unique := range []bool{false, true} {
		b, l := newOrderBook(t), new(testLocker)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
			if unique && len(b.Rows(anOrder.Code)) > 0 {
				taken(w, r)
				return
			}
			store()
			testserver.Reset(w, r) // both would take it for their own
		}
		var created atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			c := b.client(pmpsmart.WithLocker(l))
			all.Go(func() {
				_, mine, err := c.EnsureJSONOrder(t.Context(), anOrder)
				if err != nil {
					t.Error(err)
				}
				if mine {
					created.Add(1)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, created.Load())
		b.requireOnce(t, anOrder.Code)
	}
}

// Goroutines of one client share the lock as they share the insert.
func TestGoroutinesShareOneLock(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		b, l := newOrderBook(t), new(testLocker)
		_, letGo := holdInserts(b)
		c := b.client(pmpsmart.WithLocker(l))
		all := ensureAtOnce(t, c, 20)
		synctest.Wait() // for all of them to wait
		letGo()
		all.Wait()
		require.Len(t, l.keys, 1)
		l.requireUnlocked(t)
	})
}

func TestLockKeys(t *testing.T) {
	t.Parallel()
	keyOf := func(code string, opts ...pmpsmart.Option) string {
		l := &testLocker{lock: func(context.Context) (context.Context, error) { return nil, errors.New("enough") }}
		c, err := pmpsmart.New(append(opts, pmpsmart.WithLocker(l))...)
		require.NoError(t, err)
		in := anOrder
		in.Code = code
		_, _, err = c.EnsureJSONOrder(t.Context(), in)
		require.ErrorContains(t, err, "enough")
		return l.keys[0]
	}
	account := pmpsmart.WithCredentials("gudang@toko.id", aPassword)
	require.Equal(t, "https://api.pmpsmart.com/api/v1#gudang@toko.id#PMP-1", keyOf("PMP-1", account))
	require.Equal(t, "https://api.pmpsmart.com/api/v1##PMP-1", keyOf("PMP-1", pmpsmart.WithToken(aToken)))
	require.Equal(t, "http://[::1]:8000/v1#gudang@toko.id#a%20b%23%2F%C3%A9%00z", keyOf("a b#/é\x00z", account, pmpsmart.WithBaseURL("http://[::1]:8000/v1/")))
	asked := 0
	source := pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) {
		asked++
		return "gudang@toko.id", aPassword, nil
	})
	require.Equal(t, "https://api.pmpsmart.com/api/v1#gudang@toko.id#PMP-1", keyOf("PMP-1", source, pmpsmart.WithToken(aToken)), "the same as with credentials")
	require.Equal(t, 1, asked)
	long := keyOf(strings.Repeat("x", 1000), account)
	require.Regexp(t, "^pmpsmart#[0-9a-f]{64}$", long)
	require.NotEqual(t, long, keyOf(strings.Repeat("x", 1001), account))
}

// Without a lock nothing is sent, and the error says so.
func TestNoLockNoInsert(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	ended, end := context.WithCancel(context.Background())
	end()
	away, leave := context.WithCancelCause(context.Background())
	leave(errors.New("another program has it"))
	for name, row := range map[string]struct {
		held context.Context
		err  error
		want string
	}{
		"an error":                         {nil, full, "disk full"},
		"an error of many lines":           {nil, errors.New("disk\nfull\x1b"), "disk full\ufffd"},
		"an error beside a lock":           {context.Background(), full, "disk full"},
		"no context":                       {nil, nil, "the Locker returned neither a context nor an error"},
		"a lock that is lost":              {ended, nil, "the lock was lost"},
		"a lock that is lost for a reason": {away, nil, "the lock was lost: another program has it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			l := &testLocker{lock: func(context.Context) (context.Context, error) { return row.held, row.err }}
			order, created, err := b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), anOrder)
			require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: lock: "+row.want+"; nothing was inserted")
			require.Nil(t, order)
			require.False(t, created)
			require.NotErrorIs(t, err, context.Canceled)
			if row.err != nil {
				require.ErrorIs(t, err, row.err)
			}
			require.Empty(t, b.Requests())
			l.requireUnlocked(t)
		})
	}
}

// The account of a source that fails is not known, and neither is the key.
func TestNoLockWithoutAnAccount(t *testing.T) {
	t.Parallel()
	b, l := newOrderBook(t), new(testLocker)
	away := errors.New("the vault is sealed")
	c := b.client(pmpsmart.WithLocker(l), pmpsmart.WithCredentialSource(func(context.Context) (string, string, error) { return "", "", away }))
	_, _, err := c.EnsureJSONOrder(t.Context(), anOrder)
	require.ErrorIs(t, err, away)
	require.ErrorContains(t, err, "pmpsmart: EnsureJSONOrder: lock: ")
	require.Empty(t, l.keys)
	require.Empty(t, b.Requests())
}

// A lock need not have anything to unlock.
func TestNoUnlock(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	c := b.client(pmpsmart.WithLocker(lockerFunc(func(ctx context.Context, _ string) (context.Context, func(time.Duration), error) {
		return ctx, nil, nil
	})))
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created)
}

// An order that stands is its caller's, however long the lock takes to be given up.
func TestASlowUnlockTakesNoOutcomeAway(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		b := newOrderBook(t)
		free := make(chan struct{})
		c := b.client(pmpsmart.WithLocker(lockerFunc(func(ctx context.Context, _ string) (context.Context, func(time.Duration), error) {
			return ctx, func(time.Duration) { <-free }, nil
		})))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		order, created, err := c.EnsureJSONOrder(ctx, anOrder)
		require.NoError(t, err)
		require.True(t, created)
		require.Equal(t, anOrder.Code, order.Code)
		close(free)
		synctest.Wait()
	})
}

type lockerFunc func(ctx context.Context, key string) (context.Context, func(time.Duration), error)

func (f lockerFunc) Lock(ctx context.Context, key string) (context.Context, func(time.Duration), error) {
	return f(ctx, key)
}

// The wait for a lock counts against the context, also where the Locker does not heed
// it: then the lock is given up when it comes, and nothing is sent.
func TestACallerThatWaitsForALockMayLeave(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		b := newOrderBook(t)
		free := make(chan struct{})
		l := &testLocker{lock: func(ctx context.Context) (context.Context, error) { <-free; return context.WithoutCancel(ctx), nil }}
		c := b.client(pmpsmart.WithLocker(l))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := c.EnsureJSONOrder(ctx, anOrder)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: lock: waiting for it: context deadline exceeded; nothing was inserted")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		close(free)
		synctest.Wait()
		require.Empty(t, b.Requests())
		l.requireUnlocked(t)
		_, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
		require.NoError(t, err)
		require.True(t, created)
	})
}

// Of two who wait, the one who leaves first can't know what becomes of the order.
func TestOneOfTwoThatWaitForALockLeaves(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		b := newOrderBook(t)
		free := make(chan struct{})
		l := &testLocker{lock: func(ctx context.Context) (context.Context, error) { <-free; return ctx, nil }}
		c := b.client(pmpsmart.WithLocker(l))
		stayed := make(chan ensured, 1)
		go func() {
			order, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
			stayed <- ensured{order, created, err}
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := c.EnsureJSONOrder(ctx, anOrder)
		var open *pmpsmart.OutcomeUnknownError
		require.ErrorAs(t, err, &open)
		close(free)
		require.True(t, (<-stayed).created)
	})
}

// A checkedContext is a held context that can say whether the lock is still held.
type checkedContext struct {
	context.Context
	check func(context.Context) error
}

func (c checkedContext) Check(ctx context.Context) error { return c.check(ctx) }

// Once the lock is lost nothing is inserted, and the call ends.
func TestALostLockEndsTheCall(t *testing.T) {
	t.Parallel()
	gone := errors.New("another program has it")
	const unknown = "outcome unknown, the server may have done it: the lock was lost: another program has it; calling it again is safe"
	const plain = "lock: the lock was lost: another program has it; nothing was inserted"
	for name, row := range map[string]struct {
		find, insert bool   // during which the lock is lost
		check        int    // the n-th check fails; 0 for none
		fault        bool   // the inserts are lost
		want         string // "" for created
		inserts      int
	}{
		"during the look":                       {find: true, want: plain},
		"before the insert":                     {check: 1, want: plain},
		"during the insert":                     {insert: true, want: unknown, inserts: 1},
		"before the next insert":                {check: 2, fault: true, want: unknown, inserts: 1},
		"during an insert that comes to naught": {insert: true, fault: true, want: unknown, inserts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newOrderBook(t)
			var lose context.CancelCauseFunc
			var checks atomic.Int32
			l := &testLocker{lock: func(ctx context.Context) (context.Context, error) {
				held, end := context.WithCancelCause(ctx)
				lose = end
				return checkedContext{held, func(context.Context) error {
					if n := checks.Add(1); int(n) == row.check {
						return gone
					}
					return nil
				}}, nil
			}}
			b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
				if row.find {
					lose(gone)
				}
				return nil, nil
			}
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
				if !row.fault {
					store()
				}
				if row.insert {
					lose(gone)
					select {
					case <-r.Context().Done(): // the client breaks it off
					case <-time.After(10 * time.Second):
						t.Error("the insert goes on")
					}
				}
				testserver.Reset(w, r)
			}
			_, created, err := b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), anOrder)
			require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: "+row.want)
			require.ErrorIs(t, err, gone)
			require.NotErrorIs(t, err, context.Canceled, "the caller's context has not ended")
			require.False(t, created)
			var open *pmpsmart.OutcomeUnknownError
			require.Equal(t, row.want == unknown, errors.As(err, &open))
			inserts, _ := b.Counts()
			require.Equal(t, row.inserts, inserts)
			require.Len(t, l.settles, 1)
			require.Equal(t, row.want == unknown, l.settles[0] > 0)
		})
	}
}

// An order that looks like ours may be another program's, once the lock was lost.
func TestALostLockTellsNobodyCreated(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	var checks atomic.Int32
	l := &testLocker{lock: func(ctx context.Context) (context.Context, error) {
		return checkedContext{ctx, func(context.Context) error {
			if checks.Add(1) == 2 {
				return errors.New("another program has it")
			}
			return nil
		}}, nil
	}}
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) { store(); testserver.Reset(w, r) }
	_, created, err := b.client(pmpsmart.WithLocker(l)).EnsureJSONOrder(t.Context(), anOrder)
	var open *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &open)
	require.False(t, created)
	b.requireOnce(t, anOrder.Code)
}

// The check comes after the wait for the rate limit and for a login.
func TestTheLockIsCheckedWhenTheInsertIsSent(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	b.OnInsert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
		if n == 1 {
			respond(401, "")(w, r)
			return
		}
		t.Error("inserted without the lock")
	}
	var checks atomic.Int32
	gone := errors.New("another program has it")
	l := &testLocker{lock: func(ctx context.Context) (context.Context, error) {
		return checkedContext{ctx, func(context.Context) error {
			if checks.Add(1) == 2 {
				return gone
			}
			return nil
		}}, nil
	}}
	tokens := storeFuncs{
		load: func() (pmpsmart.Token, error) { return "first", nil },
		replace: func(context.Context, func(context.Context) (pmpsmart.Token, error)) (pmpsmart.Token, error) {
			return "second", nil
		},
	}
	c := newClient(t, b.BaseURL(), pmpsmart.WithLocker(l), pmpsmart.WithCredentials(email, password), pmpsmart.WithTokenStore(tokens))
	_, _, err := c.EnsureJSONOrder(t.Context(), anOrder)
	require.ErrorIs(t, err, gone)
	require.EqualValues(t, 2, checks.Load())
}

// After an outcome that stays unknown the next one has to wait as long as a further
// look would have waited.
func TestAnUnknownOutcomeLeavesASettle(t *testing.T) {
	t.Parallel()
	const minWait = 4 * time.Millisecond
	for name, row := range map[string]struct {
		attempts    int
		fault       http.HandlerFunc
		least, most time.Duration
	}{
		"one insert":     {1, testserver.Reset, minWait, minWait * 3 / 2},
		"three":          {3, testserver.Reset, 4 * minWait, 6 * minWait},
		"a Retry-After":  {1, respond(502, "", "Retry-After", "1"), time.Second, time.Second},
		"a longer one":   {1, respond(502, "", "Retry-After", "60"), 2 * time.Second, 2 * time.Second},
		"a clear answer": {1, respond(403, ""), 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, l := newOrderBook(t), new(testLocker)
			b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, _ func()) { row.fault(w, r) }
			c := b.client(pmpsmart.WithLocker(l), pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: row.attempts, MinWait: minWait, MaxWait: 2 * time.Second}))
			_, _, err := c.EnsureJSONOrder(t.Context(), anOrder)
			require.Error(t, err)
			require.Len(t, l.settles, 1)
			require.GreaterOrEqual(t, l.settles[0], row.least)
			require.LessOrEqual(t, l.settles[0], row.most)
		})
	}
}

// A caller that leaves during its insert gives up the lock with a settle.
func TestALeaverLeavesASettle(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	begun, letGo := holdInserts(b)
	defer letGo()
	unlocked := make(chan time.Duration, 1)
	c := b.client(pmpsmart.WithLocker(lockerFunc(func(ctx context.Context, _ string) (context.Context, func(time.Duration), error) {
		return ctx, func(settle time.Duration) { unlocked <- settle }, nil
	})))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	_, _, err := c.EnsureJSONOrder(ctx, anOrder)
	var open *pmpsmart.OutcomeUnknownError
	require.ErrorAs(t, err, &open)
	require.Positive(t, <-unlocked)
}

// A caller's cancellation ends the work also where the Locker's context is not made of
// the caller's.
func TestAForeignContextOfALocker(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	asked := make(chan struct{}, 10)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		asked <- struct{}{}
		return nil, testserver.Silent
	}
	l := &testLocker{lock: func(context.Context) (context.Context, error) { return context.Background(), nil }}
	c := b.client(pmpsmart.WithLocker(l))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, _, err := c.EnsureJSONOrder(ctx, anOrder)
	require.ErrorIs(t, err, context.Canceled)
	waitFor(t, "no request is left", func() bool { return b.Busy() == 0 })
}

// The values of the caller's context, and of its hooks, reach the calls inside though the
// Locker's context has none of them; those that the Locker adds come first.
func TestAForeignContextOfALockerLosesNoValue(t *testing.T) {
	t.Parallel()
	type key string
	var got []string
	hooks := pmpsmart.Hooks{Call: func(ctx context.Context, info pmpsmart.CallInfo) (context.Context, func(pmpsmart.CallResult)) {
		got = append(got, fmt.Sprint(info.Op, " ", ctx.Value(key("caller")), " ", ctx.Value(key("hook")), " ", ctx.Value(key("locker"))))
		return context.WithValue(ctx, key("hook"), info.Op), nil
	}}
	l := &testLocker{lock: func(context.Context) (context.Context, error) {
		return context.WithValue(context.Background(), key("locker"), "own"), nil
	}}
	b := newOrderBook(t)
	c := b.client(pmpsmart.WithLocker(l), pmpsmart.WithHooks(hooks))
	_, _, err := c.EnsureJSONOrder(context.WithValue(t.Context(), key("caller"), "value"), anOrder)
	require.NoError(t, err)
	require.Equal(t, []string{
		"EnsureJSONOrder value <nil> <nil>",
		"FilterJSONOrders value EnsureJSONOrder own",
		"InsertJSONOrder value EnsureJSONOrder own",
	}, got)
}

// What ends in a Locker's code is each caller's, and the client goes on.
func TestPanicInALocker(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"Lock", "unlock", "Check", "transport"} {
		for _, e := range foreignEndings {
			t.Run(e.name+" in "+where, func(t *testing.T) {
				t.Parallel()
				b := newOrderBook(t)
				broken, unlocks := true, 0
				at := func(here string) {
					if broken && here == where {
						e.end()
					}
				}
				l := lockerFunc(func(ctx context.Context, _ string) (context.Context, func(time.Duration), error) {
					at("Lock")
					held := checkedContext{ctx, func(context.Context) error { at("Check"); return nil }}
					return held, func(time.Duration) { unlocks++; at("unlock") }, nil
				})
				transport := roundTripper(func(r *http.Request) (*http.Response, error) {
					at("transport")
					return http.DefaultTransport.RoundTrip(r)
				})
				c := b.client(pmpsmart.WithLocker(l), pmpsmart.WithHTTPClient(&http.Client{Transport: transport}))
				ensure := func() error { _, _, err := c.EnsureJSONOrder(t.Context(), anOrder); return err }
				if where == "unlock" || e.name == "panic" {
					e.require(t, ensure)
				} else {
					require.ErrorContains(t, ensure(), "was ended by runtime.Goexit")
				}
				if where != "Lock" {
					require.Equal(t, 1, unlocks)
				}
				broken = false
				require.NoError(t, ensure())
				b.requireOnce(t, anOrder.Code)
			})
		}
	}
}
