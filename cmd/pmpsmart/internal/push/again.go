package push

import (
	"context"
	"errors"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// mostTries is how often an order is tried. The client waits for a server that is busy or
// away; what is left are inserts of which nobody knows what came, and the next try looks.
const mostTries = 3

// ensure makes sure that the server has an order. To ensure it again is safe, whatever
// came of the last try; without patience there is one.
func (p *pusher) ensure(ctx context.Context, o order) (found *pmpsmart.JSONOrder, created bool, err error) {
	for try := 1; ; try++ {
		found, created, err = p.client.EnsureJSONOrder(ctx, o.in)
		isLast := try == mostTries || p.t.Global.Patience <= 0
		if err == nil || isLast || !mayPass(err) || retry.Sleep(p.feeding, time.Duration(try)*time.Second) != nil {
			return found, created, err
		}
	}
}

// mayPass reports whether the same order may go well later.
func mayPass(err error) bool {
	return pmpsmart.Retryable(err) || isOpen(err)
}

// isOpen reports whether an order may be there though its insert failed.
func isOpen(err error) bool {
	_, unknown := errors.AsType[*pmpsmart.OutcomeUnknownError](err)
	return unknown
}
