package pmpsmart

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// RetryPolicy says how often and how fast calls are repeated. After which answers
// depends on what a call does, its class. The n-th wait is random between 0 and
// MinWait·2ⁿ⁻¹, at most MaxWait; a Retry-After that the server sends wins, up to
// MaxWait. A wait past MaxWait or the context's deadline is not begun: the error
// comes at once. Zero fields mean the defaults.
type RetryPolicy struct {
	MaxAttempts int           // requests a call, or a page of a list, may make; 1 turns repeats off; default 4
	MinWait     time.Duration // bound of the first wait; default 200 ms
	MaxWait     time.Duration // bound of any wait, also of the first; default 10 s
}

// longest is more than any wait needs, and little enough to reckon with.
const longest = 365 * 24 * time.Hour

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = 4
	}
	if p.MinWait == 0 {
		p.MinWait = 200 * time.Millisecond
	}
	if p.MaxWait == 0 {
		p.MaxWait = 10 * time.Second
	}
	p.MaxWait = min(p.MaxWait, longest)
	return p
}

// next gives the wait before the repeat after the n-th attempt, which ended in
// err, and whether it is worth waiting.
func (p RetryPolicy) next(ctx context.Context, n int, err error) (time.Duration, bool) {
	wait, asked := askedToWait(err)
	if !asked {
		wait = jitter(p.bound(n))
	}
	if wait > p.MaxWait {
		return wait, false
	}
	deadline, ok := ctx.Deadline()
	return wait, !ok || time.Until(deadline) > wait
}

// bound is the most that the n-th wait may be.
func (p RetryPolicy) bound(n int) time.Duration {
	if n < 32 && p.MinWait < p.MaxWait>>(n-1) {
		return p.MinWait << (n - 1)
	}
	return p.MaxWait
}

// settleWait is the wait for a server to finish what was sent to it: never short, as
// a random wait between repeats may be.
func (p RetryPolicy) settleWait(n int) time.Duration {
	wait := p.bound(n)
	return min(wait+jitter(wait/2), p.MaxWait)
}

// afterInsert is the wait after the n-th insert, which failed by err, and
// whether it is worth waiting.
func (p RetryPolicy) afterInsert(ctx context.Context, n int, err error) (time.Duration, bool) {
	asked, _ := askedToWait(err)
	wait := max(asked, p.settleWait(n))
	deadline, ok := ctx.Deadline()
	return wait, asked <= p.MaxWait && (!ok || time.Until(deadline) > wait)
}

// jitter is a random duration from 0 to most.
func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// askedToWait gives the Retry-After of a refusal, if it had one.
func askedToWait(err error) (wait time.Duration, ok bool) {
	var refusal *APIError
	if errors.As(err, &refusal) {
		return refusal.RetryAfter, refusal.hasRetryAfter
	}
	return 0, false
}

// A waitError is a call whose context ended while it waited to be repeated.
type waitError struct {
	met   error // why it was to be repeated
	ended error // the context's
}

func (e *waitError) Error() string {
	return textOf(e.met) + "; waiting to repeat: " + e.ended.Error()
}

func (e *waitError) Unwrap() []error { return []error{e.met, e.ended} }

// retryAfter reads the header in both its forms.
func retryAfter(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) { // then it is the largest there is
		return time.Duration(min(max(seconds, 0), int64(longest/time.Second))) * time.Second, true
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// repeatable reports whether an attempt of that class may be made again after
// err, which was no fault of the caller's context.
func repeatable(of class, err error) bool {
	if isUnsent(err) {
		return false // the login had repeats of its own
	}
	var lost *transport.Error
	if errors.As(err, &lost) {
		return of != create || !lost.Sent
	}
	var refusal *APIError
	if errors.As(err, &refusal) {
		return repeatableStatus(of, refusal)
	}
	var broken *DecodeError
	if errors.As(err, &broken) {
		return of != create && errors.Is(broken.Err, io.ErrUnexpectedEOF)
	}
	return false
}

func repeatableStatus(of class, e *APIError) bool {
	switch status := e.status(); {
	case status == http.StatusTooManyRequests:
		return true
	case of == create:
		return notProcessed(e)
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return of != auth
	default:
		return status >= 500
	}
}

// notProcessed tells the one 5xx after which a create surely was not processed:
// a server that says when to come back turned the request away.
func notProcessed(e *APIError) bool {
	return e.status() == http.StatusServiceUnavailable && e.hasRetryAfter
}

// outcomeUnknown reports whether err leaves open what became of a create.
func outcomeUnknown(err error) bool {
	if isUnsent(err) {
		return false
	}
	var lost *transport.Error
	if errors.As(err, &lost) {
		return lost.Sent
	}
	var refusal *APIError
	if errors.As(err, &refusal) {
		return refusal.status() >= 500 && !notProcessed(refusal)
	}
	var broken *DecodeError
	if errors.As(err, &broken) {
		return !broken.known
	}
	return errors.Is(err, ErrResponseTooLarge)
}

// A budget bounds the repeats of a client: while a server is down, calls fail at
// their first attempt instead of multiplying its load.
type budget struct {
	mu   sync.Mutex
	left int
}

// The budget of the AWS SDKs' standard mode.
const (
	budgetSize   = 500
	repeatCost   = 5
	successGives = 1
)

func newBudget() *budget { return &budget{left: budgetSize} }

// spend takes the cost of one repeat, if it is there.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < repeatCost {
		return false
	}
	b.left -= repeatCost
	return true
}

// refill gives back for a success: the cost of a repeat if it took any.
func (b *budget) refill(repeated bool) {
	gives := successGives
	if repeated {
		gives = repeatCost
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+gives, budgetSize)
}

// sleep waits for d or the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
