package main

import (
	"sync"
	"time"
)

// A hold keeps this process from asking a server that wants no orders now.
type hold struct {
	mu     sync.Mutex
	until  time.Time
	reason string

	met    map[string]bool // the orders that met such a server and were not sent since
	passed bool            // an order was sent since the last hold
	own    string          // the order whose own the trouble is, since then; "" for none
}

// begin holds all orders for d, since the server did not want that of code. It returns
// how long that one waits itself: longer than the others if it has met the same before,
// so that they are tried first. If they were sent meanwhile, and no other has met it
// since, the trouble isOwn, that order's alone: it does not hold up the others.
func (h *hold) begin(code string, d time.Duration, reason string) (wait time.Duration, isOwn bool) {
	const most = 1000
	h.mu.Lock()
	defer h.mu.Unlock()
	again := h.met[code]
	if again && h.passed && (h.own == "" || h.own == code) {
		h.own = code
		return d, true
	}
	h.passed, h.own = false, ""
	if h.met == nil || len(h.met) >= most {
		h.met = make(map[string]bool)
	}
	h.met[code] = true
	if until := time.Now().Add(d); until.After(h.until) {
		h.until, h.reason = until, reason
	}
	if again {
		d += d / 4
	}
	return d, false
}

// wasSent notes that the server took the order of code.
func (h *hold) wasSent(code string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.met, code)
	h.passed = true
}

// end lets orders be sent again at once.
func (h *hold) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until = time.Time{}
}

func (h *hold) left() (time.Duration, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Until(h.until), h.reason
}
