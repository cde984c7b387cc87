package pmpsmart

import (
	"maps"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/flight"
)

// An ensureGroup holds the orders that are being ensured, by code.
type ensureGroup struct {
	// Not one that forgets: an insert that was given up must have ended before the
	// next one looks.
	flights flight.Group[string, flight.Job]

	mu      sync.Mutex
	settled map[string]time.Time // when it can be seen what an insert of unknown outcome did
}

// unsettled returns how long an insert of that code which was given up before may
// take to be seen.
func (g *ensureGroup) unsettled(code string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.settled[code])
}

// leave notes that an insert of that code which was given up may take so long to be
// seen.
func (g *ensureGroup) leave(code string, settle time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(g.settled, func(_ string, at time.Time) bool { return at.Before(now) })
	if g.settled == nil {
		g.settled = make(map[string]time.Time)
	}
	g.settled[code] = now.Add(settle)
}
