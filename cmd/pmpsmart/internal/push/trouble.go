package push

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A trouble is a server that is busy or away, and how long it is waited for: as long as
// no order succeeds, until the user's patience is spent. Where others succeed meanwhile
// it is the order's own trouble, and three tries are enough.
type trouble struct {
	t        *tool.Tool
	progress *tool.Progress
	patience time.Duration

	mu        sync.Mutex
	began     time.Time // zero where there is none
	successes int64
	told      time.Time // until when a wait was told of
}

// The waits between an order's tries.
const (
	firstWait   = time.Second
	longestWait = time.Minute
	mostOwn     = 3 // tries of an order while others succeed
)

// mayPass reports whether the same order may go well later.
func mayPass(err error) bool {
	return pmpsmart.Retryable(err) || isOpen(err)
}

// isOpen reports whether an order may be there though its insert failed.
func isOpen(err error) bool {
	_, unknown := errors.AsType[*pmpsmart.OutcomeUnknownError](err)
	return unknown
}

// over ends the trouble: an order has succeeded.
func (d *trouble) over() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.began = time.Time{}
	d.successes++
	if !d.told.IsZero() {
		d.told = time.Time{}
		d.progress.WaitUntil(time.Time{})
	}
}

// wait waits before the next try of an order, and reports whether there is to be one.
// The order's first try was made when there were that many successes.
func (d *trouble) wait(ctx context.Context, try int, successes int64, cause error) bool {
	wait := min(firstWait<<min(try-1, 10), longestWait)
	if answer, ok := errors.AsType[*pmpsmart.APIError](cause); ok {
		wait = max(wait, answer.RetryAfter)
	}
	if !d.mayWait(wait, try, successes, cause) {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *trouble) mayWait(wait time.Duration, try int, successes int64, cause error) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.began.IsZero() {
		d.began = now
	}
	until := now.Add(wait)
	switch {
	case d.successes > successes && try >= mostOwn:
		return false
	case until.Sub(d.began) > d.patience:
		return false
	}
	if now.After(d.told) {
		d.told = until
		d.t.Note("%s; trying again at %s, and until %s", cause, lang.Clock(until), lang.Clock(d.began.Add(d.patience)))
		d.progress.WaitUntil(until)
	}
	return true
}

func (d *trouble) count() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.successes
}
