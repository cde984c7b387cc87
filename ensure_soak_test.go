package pmpsmart_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A rough server fails a fifth of its answers, in each of these ways equally, and
// half of the failed inserts after it has stored the row. It knows no uniqueness.
var rough = []http.HandlerFunc{reset, cut(`{"status":"success","data":{"id":1`), answer(500, ""), answer(502, ""), answer(429, ""),
	answer(503, ""), answer(503, "", "Retry-After", "0")}

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
	b.find = func(int, string) ([]orderRow, http.HandlerFunc) { h, _, _ := fault(); return nil, h }
	b.insert = func(_ int, w http.ResponseWriter, r *http.Request, store func()) {
		h, stored, denies := fault()
		if stored {
			store()
		}
		if stored && denies {
			denied.Add(1)
		}
		if h == nil {
			h = ok(`{"id":1}`)
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
	s := &soak{total: 10_000, c: b.client(pmpsmart.WithRetry(pmpsmart.RetryPolicy{MaxAttempts: 10, MinWait: 100 * time.Microsecond, MaxWait: time.Millisecond}))}
	if testing.Short() {
		s.total = 1000
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
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Equal(t, int(s.total), len(b.rows), "none lost")
	require.Equal(t, int(s.total), b.n, "none twice")
	require.LessOrEqual(t, s.created.Load(), s.total)
	require.GreaterOrEqual(t, s.created.Load()+s.again.Load()+denied.Load(), s.total, "who created an order was told so")
	t.Logf("%d inserts and %d lookups for %d orders; %d ended unknown and were ensured again", b.puts, b.finds, s.total, s.again.Load())
}
