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
}

func (h *hold) begin(d time.Duration, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until := time.Now().Add(d); until.After(h.until) {
		h.until, h.reason = until, reason
	}
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
