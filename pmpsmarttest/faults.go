package pmpsmarttest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// faults are those that are to come.
type faults struct {
	mu       sync.Mutex
	scripted []*scripted

	seed    uint64
	chances map[FaultKind]float64
	calls   map[string]int // by op
}

type scripted struct {
	Fault
	seen int // requests of its op and page since it was given
}

func (fs *faults) add(all ...Fault) error {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range all {
		if err := f.check(); err != nil {
			return err
		}
		fs.scripted = append(fs.scripted, &scripted{Fault: f})
	}
	return nil
}

// next gives the fault of the next request of an op, nil where all goes well.
// page is that of a list, 0 where it has no number.
func (fs *faults) next(op string, page int64) *Fault {
	if op == "" {
		return nil
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.calls[op]++
	met := -1
	for i, f := range fs.scripted {
		if f.Op != "" && f.Op != op || f.Page > 0 && int64(f.Page) != page {
			continue
		}
		if f.seen++; met < 0 && (f.Nth == 0 || f.Nth == f.seen) {
			met = i
		}
	}
	if met < 0 {
		return fs.random(op)
	}
	f := fs.scripted[met]
	fs.scripted = slices.Delete(fs.scripted, met, met+1)
	return &f.Fault
}

// random draws a fault by the seed, the op and how many requests it had: so that
// concurrent requests of other ops change nothing.
func (fs *faults) random(op string) *Fault {
	if len(fs.chances) == 0 {
		return nil
	}
	hash := fnv.New64a()
	fmt.Fprint(hash, op, fs.calls[op])
	dice := rand.New(rand.NewPCG(fs.seed, hash.Sum64()))
	draw := dice.Float64()
	for _, kind := range faultKinds {
		if draw -= fs.chances[kind]; draw < 0 {
			statuses := []int{500, 502, 503, 504}
			f := &Fault{Op: op, Kind: kind, Bytes: 1 + dice.IntN(512), Status: statuses[dice.IntN(len(statuses))]}
			if kind == FaultDelay || kind == FaultDrip {
				f.Wait = time.Duration(1+dice.IntN(20)) * time.Millisecond
			}
			return f
		}
	}
	return nil
}

// unused is an error that names each scripted fault that no request met.
func (fs *faults) unused() error {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var errs []error
	for _, f := range fs.scripted {
		errs = append(errs, fmt.Errorf("pmpsmarttest: no request met the fault: %s", f.Fault))
	}
	return errors.Join(errs...)
}
