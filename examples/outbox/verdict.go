package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/pmpsmart/pmpsmart-go"
)

// An outcome is what an attempt came to.
type outcome int

const (
	isSent    outcome = iota // PMP Smart has the order
	isRefused                // for good: a person has to look at it
	hasFailed                // and counts: another attempt, after a wait
	isHeld                   // PMP Smart wants no orders now: the attempt does not count
	isEnding                 // this process ends: another sends it
)

// String names the outcome in metrics.
func (o outcome) String() string {
	return [...]string{"sent", "refused", "failed", "held", "given back"}[o]
}

// A verdict is an outcome with what to do about it.
type verdict struct {
	outcome   outcome
	attempted bool // PMP Smart was asked
	reason    string
	err       error
	wait      time.Duration // until the next attempt; 0 for hasFailed, which grows with the attempts

	remoteID int64 // of an order that is there
	created  bool  // by this attempt, as far as is known
}

// judge decides what an attempt to ensure in has come to. end is why its context ended,
// if it did, and hold the shortest time to hold orders back.
func judge(in pmpsmart.JSONOrderInput, found *pmpsmart.JSONOrder, created bool, err, end error, hold time.Duration) verdict {
	v := verdict{attempted: true, err: err}
	if err == nil {
		return judgeFound(v, in, found, created)
	}
	v.reason = err.Error()
	var refusal *pmpsmart.APIError
	var unknown *pmpsmart.OutcomeUnknownError
	asked := errors.As(err, &refusal)
	switch {
	case errors.Is(end, rivertype.ErrJobCancelledRemotely):
		v.outcome, v.reason = isRefused, "its job was canceled; the last attempt: "+v.reason
	case end != nil && !errors.Is(end, context.DeadlineExceeded):
		v.outcome = isEnding
	case errors.Is(err, pmpsmart.ErrUnauthorized), errors.Is(err, pmpsmart.ErrForbidden):
		// The account's trouble, not the order's: parking every order would help
		// nobody, and wrong passwords in a row may lock the account.
		v.outcome, v.wait = isHeld, 10*hold
	case errors.Is(err, pmpsmart.ErrMaintenance), errors.Is(err, pmpsmart.ErrRateLimited), asked && refusal.RetryAfter > 0 && errors.Is(err, pmpsmart.ErrServer):
		v.outcome, v.wait = isHeld, hold
		if asked && refusal.RetryAfter > 0 {
			v.wait = min(refusal.RetryAfter, maxHold)
		}
	case errors.Is(err, errLocker):
		v.outcome = hasFailed // nothing was sent
	case errors.As(err, &unknown), pmpsmart.Retryable(err):
		v.outcome = hasFailed // EnsureJSONOrder looks first, whatever became of the insert
	case asked:
		v.outcome = isRefused
	default:
		// An answer that can't be read, a disk that is full: nothing that says no to
		// this order. It is parked when all its attempts have failed.
		v.outcome = hasFailed
	}
	return v
}

// maxHold bounds what a server may ask for.
const maxHold = time.Hour

// judgeFound decides about an order that is there. One that is not what was to be sent
// is never taken for it.
func judgeFound(v verdict, in pmpsmart.JSONOrderInput, found *pmpsmart.JSONOrder, created bool) verdict {
	v.remoteID, v.created = found.ID, created
	if created || found.Matches(in) {
		v.outcome = isSent
		return v
	}
	v.outcome, v.reason = isRefused, fmt.Sprintf("PMP Smart has another order of this code, as id %d, with other data", found.ID)
	if found.Status != in.Status {
		v.reason = fmt.Sprintf("PMP Smart has another order of this code, as id %d, with the status %s", found.ID, quote(string(found.Status)))
	} else if at := difference(found.Data, in.Data.([]byte)); at != "" {
		v.reason += ": it differs at " + quote(at)
	}
	return v
}
