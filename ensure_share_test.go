package pmpsmart_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// An ensured outcome is what one of several callers got.
type ensured struct {
	order   *pmpsmart.JSONOrder
	created bool
	err     error
}

// holdInserts has the inserts of a book wait for letGo; begun gives each of them.
func holdInserts(b *orderBook) (begun <-chan struct{}, letGo func()) {
	began, gate := make(chan struct{}, 100), make(chan struct{})
	b.insert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
		began <- struct{}{}
		<-gate
		store()
		ok(`{"id":1}`)(w, r)
	}
	return began, sync.OnceFunc(func() { close(gate) })
}

func TestGoroutinesShareOneInsert(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
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
		inserts, lookups := b.counts()
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
			inBubble(t, func(t *testing.T) {
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
				inserts, lookups := b.counts()
				require.Equal(t, [2]int{1, 1}, [2]int{inserts, lookups})
			})
		})
	}
}

// A server goes on with what it was sent though its client has left. Whoever
// calls again must not meet it half way, however soon.
func TestCallingAgainAtOnceIsSafe(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		const minWait = 240 * time.Millisecond
		const late = minWait - time.Millisecond
		b := newOrderBook(t)
		begun := make(chan struct{}, 10)
		b.insert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
			begun <- struct{}{}
			time.Sleep(late)
			store()
			ok(`{"id":1}`)(w, r)
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
		inserts, _ := b.counts()
		require.Equal(t, 1, inserts)
	})
}

// A caller that leaves ends the work when nobody else waits for it.
func TestTheLastLeaverEndsTheWork(t *testing.T) {
	t.Parallel()
	b := newOrderBook(t)
	asked := make(chan struct{}, 10)
	b.find = func(int, string) ([]orderRow, http.HandlerFunc) { asked <- struct{}{}; return nil, silent }
	c := b.client()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, _, err := c.EnsureJSONOrder(ctx, anOrder)
	require.ErrorIs(t, err, context.Canceled)
	waitFor(t, "no request is left", func() bool { return b.busy() == 0 })
	b.find = nil
	_, created, err := c.EnsureJSONOrder(t.Context(), anOrder)
	require.NoError(t, err)
	require.True(t, created)
}
