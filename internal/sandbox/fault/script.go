package fault

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// A Script holds the faults that are to come. It is safe for concurrent use.
type Script struct {
	ops     Ops
	seed    uint64
	chances map[Kind]float64

	mu      sync.Mutex
	pending []*pending
	calls   map[string]int // by op
}

// A pending fault has not been met yet.
type pending struct {
	Fault
	requests int // of its op and page since it was added
}

// NewScript returns a Script without a fault, but for random ones of these
// chances. Whether a request meets one follows from the seed, its op and how many
// requests of that op there were.
func NewScript(ops Ops, seed uint64, chances map[Kind]float64) *Script {
	return &Script{ops: ops, seed: seed, chances: chances, calls: map[string]int{}}
}

// Add adds faults, all of them or, if one is invalid, none.
func (s *Script) Add(faults ...Fault) error {
	for i, f := range faults {
		if err := f.check(s.ops); err != nil {
			if len(faults) > 1 {
				err = fmt.Errorf("fault %d of %d: %w", i+1, len(faults), err)
			}
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		s.pending = append(s.pending, &pending{Fault: f})
	}
	return nil
}

// Clear drops the faults that no request has met.
func (s *Script) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = nil
}

// Next returns the fault that the next request of an op meets, nil if it meets
// none. page is that of a list, 0 if it has no number.
func (s *Script) Next(op string, page int64) *Fault {
	if op == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[op]++
	met := -1
	for i, f := range s.pending {
		if f.Op != "" && f.Op != op || f.Page > 0 && int64(f.Page) != page {
			continue
		}
		if f.requests++; met < 0 && (f.Nth == 0 || f.Nth == f.requests) {
			met = i
		}
	}
	if met < 0 {
		return s.random(op)
	}
	f := s.pending[met]
	s.pending = slices.Delete(s.pending, met, met+1)
	return &f.Fault
}

// random draws a fault by the seed, the op and the number of its requests, so
// that concurrent requests of other ops change nothing.
func (s *Script) random(op string) *Fault {
	if len(s.chances) == 0 {
		return nil
	}
	hash := fnv.New64a()
	fmt.Fprint(hash, op, s.calls[op])
	dice := rand.New(rand.NewPCG(s.seed, hash.Sum64()))
	draw := dice.Float64()
	for _, kind := range kinds {
		if draw -= s.chances[kind]; draw < 0 {
			statuses := []int{500, 502, 503, 504}
			f := &Fault{Op: op, Kind: kind, Bytes: 1 + dice.IntN(512), Status: statuses[dice.IntN(len(statuses))]}
			if kind == Delay || kind == Drip {
				f.Wait = time.Duration(1+dice.IntN(20)) * time.Millisecond
			}
			return f
		}
	}
	return nil
}

// Unmet returns the faults that were added and that no request has met.
func (s *Script) Unmet() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unmet []Fault
	for _, f := range s.pending {
		unmet = append(unmet, f.Fault)
	}
	return unmet
}
