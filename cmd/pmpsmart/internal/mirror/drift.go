package mirror

import (
	"context"
	"sync"

	"github.com/pmpsmart/pmpsmart-go"
)

// Drifts notes which lists were not whole, as the client tells it: pages that were
// missing, records that were none. Give its Handle to the client by
// [pmpsmart.WithDriftHandler]. The zero Drifts is ready to use.
type Drifts struct {
	mu  sync.Mutex
	ops map[string]pmpsmart.Drift
}

// Handle notes a drift of a list as a whole. Those of fields are no matter.
func (d *Drifts) Handle(_ context.Context, drift pmpsmart.Drift) {
	if drift.Path != "data" && drift.Path != "data.*" && drift.Path != "body" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ops == nil {
		d.ops = map[string]pmpsmart.Drift{}
	}
	d.ops[drift.Op] = drift
}

// take returns what was noted of an operation, and forgets it.
func (d *Drifts) take(op string) (drift pmpsmart.Drift, found bool) {
	if d == nil {
		return drift, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	drift, found = d.ops[op]
	delete(d.ops, op)
	return drift, found
}
