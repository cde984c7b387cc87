package pmpsmart

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// EnsureJSONOrder makes sure that the JSON order of in.Code is there, exactly
// once for its caller, though the API knows no idempotency: it looks for the
// code by [Client.FilterJSONOrders], inserts the order by [Client.InsertJSONOrder]
// if it is not there, and after an insert of unknown outcome waits and looks again
// before it inserts again. created tells whether
// this call's insert is the one that stands; an order that was there before is
// given as it is, whatever its data.
//
// It inserts at most RetryPolicy.MaxAttempts times, and always looks first; a look
// is repeated like any list. The wait between the n-th insert that failed and the next
// look is MinWait·2ⁿ⁻¹, at most MaxWait, and up to half as much again: by default
// 200 to 300 ms first; a Retry-After makes it longer. An error that leaves open
// whether the order is there is an [*OutcomeUnknownError]; calling again, also at
// once, is always safe.
//
// Goroutines that ensure the same code through one client share one insert,
// which no single caller's cancellation ends. One of them gets created; one that
// leaves early gets an [*OutcomeUnknownError], one that brings other data or
// another status an [*InputError].
//
// What it cannot promise: two programs that ensure one code at the same moment
// may both find it missing and both insert it, unless the server keeps codes
// unique; and a server that stores an order only after the wait is over makes it
// twice.
// Vendor's page: Json Data, "Filter JSON Order" and "Insert JSON Order", POST
// json/order/get/filter and json/order.
func (c *Client) EnsureJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (order *JSONOrder, created bool, err error) {
	op, err := c.newOperation(ctx, endpoint{name: ensureOp, path: insertJSONOrderEndpoint.path, class: overwrite}, nil, opts)
	if err != nil {
		return nil, false, err
	}
	_, want, problem := in.request()
	if err := inputError(ensureOp, problem); err != nil {
		return nil, false, err
	}
	if err := ctx.Err(); err != nil {
		return nil, false, op.finish(ctx, err)
	}
	e, err := c.ensures.join(ctx, c, want)
	if err != nil {
		return nil, false, op.finish(ctx, err)
	}
	order, created, err = e.wait(ctx)
	select {
	case <-e.done:
		op.lastResponse = e.response.latest
		op.attempts.Store(int32(e.response.attempts + op.lastResponse.Attempts))
		op.addDrift(e.takeDrifts()...)
	default: // left early: what came is not known
	}
	return order, created, op.finish(ctx, err)
}

// ensure looks, inserts, and looks again for as long as the insert fails in a
// way that may pass. It never inserts twice without a look between: a server, or
// what stands before it, may have done what it then refused.
func (e *sharedEnsure) ensure(ctx context.Context, c *Client) (_ *JSONOrder, created bool, _ error) {
	var last error // of our last insert
	for n := 1; ; n++ {
		found, err := e.look(ctx, c)
		switch {
		case err != nil:
			return nil, false, e.failed("look up", err)
		case found != nil:
			return found, e.unknown != nil && e.isOurs(found), nil
		case n > c.retry.MaxAttempts:
			return nil, false, e.failed("insert", last)
		case n > 1:
			if paid := c.budget.Spend(); !paid {
				return nil, false, e.failed("insert", last)
			}
		}
		order, again, err := e.insert(ctx, c)
		if err == nil {
			return order, true, nil
		}
		if isTaken(err) { // by another program, or by an insert of ours that seemed lost
			if found, lookErr := e.look(ctx, c); lookErr == nil && found != nil {
				return found, e.unknown != nil && e.isOurs(found), nil
			}
		}
		wait, ok := c.retry.AfterCreate(ctx, n, failureOf(err))
		if !again || !ok {
			return nil, false, e.failed("insert", err)
		}
		if err := retry.Sleep(ctx, wait); err != nil {
			return nil, false, e.failed("insert", err)
		}
		last = err
	}
}

// insert tries once; again says that another try may succeed.
func (e *sharedEnsure) insert(ctx context.Context, c *Client) (order *JSONOrder, again bool, err error) {
	order, err = c.InsertJSONOrder(ctx, JSONOrderInput{e.want.Code, e.want.Data, e.want.Status}, e.response.next(), driftTo(&e.drifts), withoutRetry)
	var open *OutcomeUnknownError
	if errors.As(err, &open) {
		e.unknown = open.Err
		return nil, true, open.Err
	}
	return order, err != nil && create.MayRetry(failureOf(err)), err
}

// failed is the error of what can't go on. Once an insert may have been done,
// that is what the caller needs to know.
func (e *sharedEnsure) failed(what string, err error) error {
	if e.unknown != nil {
		return &OutcomeUnknownError{Op: ensureOp, Err: err}
	}
	return &opError{op: ensureOp, what: what, err: err}
}

// isTaken tells a refusal that may mean that the code is there already.
func isTaken(err error) bool {
	var refusal *APIError
	return errors.As(err, &refusal) && (refusal.status() < 400 || errors.Is(err, ErrValidation) || refusal.status() == http.StatusConflict)
}

// look finds the order of exactly that code: a server may search loosely, or not
// heed the filter at all. Some answer a list of nothing by a 404.
func (e *sharedEnsure) look(ctx context.Context, c *Client) (*JSONOrder, error) {
	orders, err := c.FilterJSONOrders(ctx, JSONOrderFilter{Code: e.want.Code}, e.response.next(), driftTo(&e.drifts))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range orders {
		if orders[i].Code == e.want.Code {
			return &orders[i], nil
		}
	}
	return nil, nil
}

// isOurs tells the order that we tried to insert from another of its code. The
// server may have written its JSON differently.
func (e *sharedEnsure) isOurs(found *JSONOrder) bool {
	return found.Status == e.want.Status && sameJSON(found.Data, e.want.Data)
}

// sameJSON compares JSON values whatever their white space and order of members.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, y := jsontext.Value(bytes.Clone(a)), jsontext.Value(bytes.Clone(b))
	return x.Canonicalize() == nil && y.Canonicalize() == nil && bytes.Equal(x, y)
}

// A lastResponse gathers what the calls inside another came to, one after the
// other.
type lastResponse struct {
	latest   Response
	attempts int // of those before the latest
}

// next is the option of the next call.
func (l *lastResponse) next() CallOption {
	l.attempts += l.latest.Attempts
	l.latest = Response{}
	return WithResponse(&l.latest)
}
