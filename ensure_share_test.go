package pmpsmart_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
)

// An ensured outcome is what one of several callers got.
type ensured struct {
	order   *pmpsmart.JSONOrder
	created bool
	err     error
}

// holdInserts has the inserts of a book wait for letGo; begun receives once for each.
func holdInserts(b *orderBook) (begun <-chan struct{}, letGo func()) {
	began, gate := make(chan struct{}, 100), make(chan struct{})
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
		began <- struct{}{}
		<-gate
		store()
		success(`{"id":1}`)(w, r)
	}
	return began, sync.OnceFunc(func() { close(gate) })
}

func TestGoroutinesShareOneInsert(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const callers = 50
		b := newOrderBook(t)
		begun, letGo := holdInserts(b)
		c := b.client()
		got := make(chan ensured, callers)
		ensure := func() {
			order, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
			got <- ensured{order, created, err}
		}
		go ensure()
		<-begun
		same := anOrder // as JSON, though not byte for byte
		same.Data = map[string]string{"key": "value"}
		for n := range callers - 1 {
			go func() {
				in := anOrder
				if n%2 == 0 {
					in = same
				}
				order, created, err := c.EnsureJSONOrder(t.Context(), in)
				got <- ensured{order, created, err}
			}()
		}
		synctest.Wait() // for all of them to wait
		letGo()
		created := 0
		for range callers {
			e := <-got
			require.NoError(t, e.err)
			require.Equal(t, anOrder.Code, e.order.Code)
			require.JSONEq(t, `{"key": "value"}`, string(e.order.Data))
			e.order.Data[0] = 'X' // each has data of its own
			if e.created {
				created++
			}
		}
		require.Equal(t, 1, created)
		b.requireOnce(t, anOrder.Code)
		inserts, lookups := b.Counts()
		require.Equal(t, [2]int{1, 1}, [2]int{inserts, lookups})
	})
}

func TestOtherDataUnderACodeBeingEnsuredIsRefused(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	begun, letGo := holdInserts(b)
	defer letGo()
	c := b.client()
	done := make(chan error)
	go func() { _, _, err := c.EnsureJSONOrder(t.Context(), anOrder); done <- err }()
	<-begun
	for field, change := range map[string]func(*pmpsmart.JSONOrderInput){
		"Data":   func(in *pmpsmart.JSONOrderInput) { in.Data = 7 },
		"Status": func(in *pmpsmart.JSONOrderInput) { in.Status = "open" },
	} {
		in := anOrder
		change(&in)
		_, _, err := c.EnsureJSONOrder(t.Context(), in)
		require.EqualError(t, err, `pmpsmart: EnsureJSONOrder: `+field+` differs from what another call is ensuring under "PMP-3903001" at this moment`)
		require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	}
	other := anOrder // another code is nobody's business
	other.Code = "PMP-7"
	letGo()
	_, created, err := c.EnsureJSONOrder(t.Context(), other)
	require.NoError(t, err)
	require.True(t, created)
	require.NoError(t, <-done)
	b.requireOnce(t, anOrder.Code)
}

// A caller that gives up neither cancels nor fails the others.
func TestAnEarlyLeaverLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	for _, leaver := range []string{"the first", "the second"} {
		t.Run(leaver, func(t *testing.T) {
			t.Parallel()
			testserver.Bubble(t, func(t *testing.T) {
				b := newOrderBook(t)
				begun, letGo := holdInserts(b)
				defer letGo()
				c := b.client()
				ctx, cancel := context.WithCancel(t.Context())
				contexts := []context.Context{ctx, t.Context()}
				if leaver == "the second" {
					contexts = []context.Context{t.Context(), ctx}
				}
				outcomes := map[context.Context]chan ensured{ctx: make(chan ensured, 1), t.Context(): make(chan ensured, 1)}
				ensure := func(ctx context.Context) {
					order, created, err := c.EnsureJSONOrder(ctx, anOrder)
					outcomes[ctx] <- ensured{order, created, err}
				}
				go ensure(contexts[0])
				<-begun
				go ensure(contexts[1])
				synctest.Wait() // for it to join
				cancel()
				left := <-outcomes[ctx]
				require.ErrorIs(t, left.err, context.Canceled)
				require.Nil(t, left.order)
				synctest.Wait() // for an end of the work, which there must not be
				letGo()
				stayed := <-outcomes[t.Context()]
				require.NoError(t, stayed.err)
				require.True(t, stayed.created)
				b.requireOnce(t, anOrder.Code)
				inserts, lookups := b.Counts()
				require.Equal(t, [2]int{1, 1}, [2]int{inserts, lookups})
			})
		})
	}
}

// A server goes on with what it was sent though its client has left. Whoever
// calls again must not meet it half way, however soon.
func TestCallingAgainAtOnceIsSafe(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		const minWait = 240 * time.Millisecond
		const late = minWait - time.Millisecond
		b := newOrderBook(t)
		begun := make(chan struct{}, 10)
		b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
			begun <- struct{}{}
			time.Sleep(late)
			store()
			success(`{"id":1}`)(w, r)
		}
		c := b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MinWait: minWait, MaxWait: minWait})) // which is the longest too: nothing is random
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-begun; cancel() }()
		_, _, err := c.EnsureJSONOrder(ctx, anOrder)
		require.EqualError(t, err, "pmpsmart: EnsureJSONOrder: outcome unknown, the server may have done it: context canceled; calling it again is safe")
		require.ErrorIs(t, err, context.Canceled)

		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				order, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
				if err != nil || created || order.Code != anOrder.Code {
					t.Error(order, created, err)
				}
			})
		}
		all.Wait()
		b.requireOnce(t, anOrder.Code)
		inserts, _ := b.Counts()
		require.Equal(t, 1, inserts)
	})
}

// A caller that leaves ends the work when nobody else waits for it.
func TestTheLastLeaverEndsTheWork(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	asked := make(chan struct{}, 10)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		asked <- struct{}{}
		return nil, testserver.Silent
	}
	c := b.client()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, _, err := c.EnsureJSONOrder(ctx, anOrder)
	require.ErrorIs(t, err, context.Canceled)
	waitFor(t, "no request is left", func() bool { return b.Busy() == 0 })
	b.OnFind = nil
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created)
}

// ensureAtOnce has so many goroutines ensure the same order, which none may fail to do.
func ensureAtOnce(t *testing.T, c *pmpsmart.Client, goroutines int) *sync.WaitGroup {
	t.Helper()
	all := new(sync.WaitGroup)
	for range goroutines {
		all.Go(func() {
			if _, _, err := c.EnsureJSONOrder(t.Context(), anOrder); err != nil {
				t.Error(err)
			}
		})
	}
	return all
}

// One of those who share the work reports its drift.
func TestSharedDriftIsReportedOnce(t *testing.T) {
	t.Parallel()
	testserver.Bubble(t, func(t *testing.T) {
		b := newOrderBook(t)
		_, letGo := holdInserts(b)
		b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
			return nil, success(`[{"id":"x","kode_order":"another"}]`)
		}
		var told []pmpsmart.Drift
		var mu sync.Mutex
		c := b.client(pmpsmart.WithDriftHandler(func(_ context.Context, d pmpsmart.Drift) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, d)
		}))
		all := ensureAtOnce(t, c, 10)
		synctest.Wait() // for all of them to wait
		letGo()
		all.Wait()
		require.Equal(t, []pmpsmart.Drift{{Op: "FilterJSONOrders", Path: "data.*.id", Want: "integer", Got: rawJSON(`"x"`), Count: 1}}, told)
	})
}

// A caller that is refused for its other data does not wait with the others.
func TestOtherDataDoesNotKeepTheWorkAlive(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	asked := make(chan struct{}, 10)
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) {
		asked <- struct{}{}
		return nil, testserver.Silent
	}
	c := b.client()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, _, err := c.EnsureJSONOrder(ctx, anOrder); done <- err }()
	<-asked
	other := anOrder
	other.Data = 7
	_, _, err := c.EnsureJSONOrder(t.Context(), other)
	require.ErrorIs(t, err, pmpsmart.ErrInvalidInput)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	waitFor(t, "no request is left", func() bool { return b.Busy() == 0 })
}

// Of two programs that ensure the same order, one of which was turned away, one
// learns that it created it.
func TestEnsureOfTwoPrograms(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	var other pmpsmart.JSONOrderInput
	b.OnInsert = func(n int, w http.ResponseWriter, r *http.Request, store func()) {
		if n == 1 { // the other program is faster
			b.Store(testserver.OrderRow{Code: other.Code, Data: `{"key":"value"}`, Status: "completed"})
			respond(429, "", "Retry-After", "0")(w, r)
			return
		}
		t.Error("inserted again")
	}
	other = anOrder
	order, created, err := b.client().EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, anOrder.Code, order.Code)
	b.requireOnce(t, anOrder.Code)
}

// A rough server fails a fifth of its requests, in each of these ways equally, and
// half of the failed inserts after it has stored the row. It has no unique index.
var rough = []http.HandlerFunc{testserver.Reset, truncated(`{"status":"success","data":{"id":1`), respond(500, ""), respond(502, ""), respond(429, ""),
	respond(503, ""), respond(503, "", "Retry-After", "0")}

func newRoughBook(t *testing.T) (b *orderBook, denied *atomic.Int64) {
	b = newOrderBook(t)
	denied = new(atomic.Int64) // inserts that were stored and refused as not done
	var dice atomic.Uint64
	fault := func() (h http.HandlerFunc, stored, denies bool) {
		n := dice.Add(0x9E3779B97F4A7C15) >> 32 // as even as chance would have it
		if n%5 != 0 {
			return nil, true, false
		}
		ways := uint64(len(rough))
		way := n / 5 % ways
		return rough[way], n/5/ways%2 == 0, way == ways-1 || way == ways-3
	}
	b.OnFind = func(int, string) ([]testserver.OrderRow, http.HandlerFunc) { h, _, _ := fault(); return nil, h }
	b.OnInsert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
		h, stored, denies := fault()
		if stored {
			store()
		}
		if stored && denies {
			denied.Add(1)
		}
		if h == nil {
			h = success(`{"id":1}`)
		}
		h(w, r)
	}
	return b, denied
}

// A soak is the work of many goroutines.
type soak struct {
	c                    *pmpsmart.Client
	total                int64
	next, again, created atomic.Int64
}

// ensure makes sure of order n, however often that takes.
func (s *soak) ensure(t *testing.T, n int64) {
	in := pmpsmart.JSONOrderInput{Code: fmt.Sprintf("PMP-%07d", n), Data: map[string]int64{"nomor": n}, Status: "completed"}
	for {
		order, created, err := s.c.EnsureJSONOrder(t.Context(), in)
		var open *pmpsmart.OutcomeUnknownError
		switch {
		case errors.As(err, &open):
			s.again.Add(1)
			continue
		case err != nil:
			t.Errorf("order %d: %v", n, err)
		case order.Code != in.Code:
			t.Errorf("order %d: got %s", n, order.Code)
		case created:
			s.created.Add(1)
		}
		return
	}
}

// Ten thousand orders at once over a rough server: none is lost, none is there
// twice.
func TestEnsureSoak(t *testing.T) {
	t.Parallel()
	const workers = 32
	b, denied := newRoughBook(t)
	s := &soak{total: 1000, c: b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 10, MinWait: 100 * time.Microsecond, MaxWait: time.Millisecond}))}
	if testserver.Long(t) {
		s.total = 10_000
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for n := s.next.Add(1); n <= s.total; n = s.next.Add(1) {
				s.ensure(t, n)
			}
		})
	}
	all.Wait()
	codes, rows := b.Stored()
	require.Equal(t, int(s.total), codes, "none lost")
	require.Equal(t, int(s.total), rows, "none twice")
	require.LessOrEqual(t, s.created.Load(), s.total)
	require.GreaterOrEqual(t, s.created.Load()+s.again.Load()+denied.Load(), s.total, "who created an order was told so")
	inserts, lookups := b.Counts()
	t.Logf("%d inserts and %d lookups for %d orders; %d ended unknown and were ensured again", inserts, lookups, s.total, s.again.Load())
}
