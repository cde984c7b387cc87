package pmpsmart

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/codes"
	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/flight"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// EnsureJSONOrder makes sure that the JSON order of in.Code exists, exactly once for
// its caller, though the API knows no idempotency: it looks for the code by
// [Client.FilterJSONOrders], inserts the order by [Client.InsertJSONOrder] if it is
// not there, and after an insert of unknown outcome waits and looks again before it
// inserts again. created reports whether this call's insert is the one that stands;
// an order that existed before is returned as it is, whatever its data: a program that
// counts it as done should see by [JSONOrder.Matches] whether it is the one.
//
// Orders that it can't tell from the one it looks for are an error, and nothing is
// inserted: they have no code that the client knows, or the same code written in
// another way; the list is not all of it, or what came is no list but an object that
// has the code alone.
//
// It inserts at most RetryPolicy.MaxAttempts times, and always looks first; a look
// is retried like any list. The wait between the n-th insert that failed and the next
// look is MinWait·2ⁿ⁻¹, at most MaxWait, and up to half as much again: by default
// 200 to 300 ms first; a Retry-After makes it longer. An error that leaves open
// whether the order is there is an [*OutcomeUnknownError]; calling again, also at
// once, is always safe.
//
// Goroutines that ensure the same code through one client share one insert,
// which no single caller's cancellation ends. Its calls are in the context, and with the
// [WithHeader], of the one that came first. One of them gets created; one that
// leaves early gets an [*OutcomeUnknownError], one that brings other data or
// another status an [*InputError].
//
// Programs need a [Locker] for that, see [WithLocker]. Without one, two of them that
// ensure one code at the same moment may both find it missing and both insert it. Where
// the server keeps codes unique that makes one order, but both may be told created: an
// insert whose outcome is unknown takes the other's order for its own if status and data
// are the same. With a Locker, an error that starts "lock: " is of an order that could
// not be locked, and nothing was inserted; when the lock is lost, nothing is inserted
// after that.
//
// What it cannot promise: a server that stores an order only after the wait is over
// makes it twice.
// Vendor's page: Json Data, "Filter JSON Order" and "Insert JSON Order", POST
// json/order/get/filter and json/order.
func (c *Client) EnsureJSONOrder(ctx context.Context, in JSONOrderInput, opts ...CallOption) (order *JSONOrder, created bool, err error) {
	_, want, problem := in.request()
	ctx, op, err := c.newOperation(ctx, ensureEndpoint, nil, opts, problem)
	if err != nil {
		return nil, false, err
	}
	defer op.abandon()
	if err := ctx.Err(); err != nil {
		return nil, false, op.finish(ctx, err)
	}
	f, job, err := c.joinEnsure(ctx, want, op.header)
	if err != nil {
		return nil, false, op.finish(ctx, err)
	}
	if err := f.Wait(ctx); err != nil && (errors.Is(err, flight.ErrGoexit) || !job.decided.Load()) {
		return nil, false, op.finish(ctx, leftEarly(f, job, err))
	}
	first := f.Claim()
	op.include(job.inner, first)
	op.records = 1
	if err := op.finish(ctx, job.err); err != nil {
		return nil, false, err
	}
	order = new(*job.order)
	order.Data = bytes.Clone(order.Data)
	return order, job.created && first, nil
}

// leftEarly returns the error of a caller that did not wait for the end: what came of
// the order is not known, unless all have left before its code was locked.
func leftEarly(f *flight.Flight[string, flight.Job], job *ensureJob, err error) error {
	isOver := f.Abandoned() || errors.Is(err, flight.ErrGoexit)
	switch {
	case !isOver || job.locked.Load():
		return &OutcomeUnknownError{Op: ensureOp, Err: err}
	case f.Abandoned():
		err = fmt.Errorf("waiting for it: %w", err)
	}
	return &opError{op: ensureOp, err: &lockError{err}}
}

// joinEnsure joins the callers that ensure the same order, or starts to ensure it.
func (c *Client) joinEnsure(ctx context.Context, want JSONOrder, header http.Header) (*flight.Flight[string, flight.Job], *ensureJob, error) {
	f, err := c.ensures.flights.Join(ctx, want.Code, func() flight.Job {
		job := &ensureJob{client: c, tell: newTelemetry(&c.listeners, &ensureEndpoint)}
		job.orderLook = orderLook{filter: c.FilterJSONOrders, want: want, inner: innerOperations{header: header}}
		job.locked.Store(c.locker == nil)
		return job
	})
	if err != nil {
		return nil, nil, err
	}
	job := f.Job.(*ensureJob)
	if field := job.differs(want); field != "" {
		f.Leave()
		return nil, nil, &InputError{Op: ensureOp, Field: field,
			Problem: fmt.Sprintf("differs from what another call is ensuring under %q at this moment", want.Code)}
	}
	return f, job, nil
}

// An ensureJob ensures an order for all callers that want it at the same moment.
type ensureJob struct {
	orderLook
	client  *Client
	tell    telemetry
	lock    codeLock
	locked  atomic.Bool   // before that nothing is sent
	decided atomic.Bool   // the outcome is there, and the lock may be yet to be given up
	unknown error         // of our last insert whose outcome is unknown
	settle  time.Duration // the wait after our last insert
	renewal renewal       // of the token of our inserts

	order   *JSONOrder
	created bool
	err     error
}

// differs returns the field in which want is not what the job ensures, or "".
func (j *ensureJob) differs(want JSONOrder) string {
	switch {
	case want.Status != j.want.Status:
		return "Status"
	case !loose.Equal(want.Data, j.want.Data):
		return "Data"
	}
	return ""
}

// Run ensures the order.
func (j *ensureJob) Run(ctx context.Context) {
	defer func() { j.lock.release(j.leave()) }() // also if it panics
	if j.err = retry.Sleep(ctx, j.client.ensures.unsettled(j.want.Code)); j.err != nil {
		return
	}
	if locker := j.client.locker; locker != nil {
		if ctx, j.err = j.lock.take(ctx, locker, j.lockKey); j.err != nil {
			return
		}
	}
	j.locked.Store(true)
	j.order, j.created, j.err = j.ensure(ctx)
	j.decided.Store(true)
}

// lockKey returns the key of the order's lock.
func (j *ensureJob) lockKey(ctx context.Context) (string, error) {
	email, err := j.client.session().Email(ctx)
	if err != nil {
		return "", err
	}
	return lockKey(j.client.baseURL, email, j.want.Code), nil
}

// leave notes, at the end of the job, an insert that it leaves behind and that is yet to
// be done. settle is how long a further look would have waited for it.
func (j *ensureJob) leave() (settle time.Duration) {
	var open *OutcomeUnknownError
	if panicked := j.order == nil && j.err == nil; !panicked && !errors.As(j.err, &open) {
		return 0
	}
	settle = cmp.Or(j.settle, j.client.retry.SettleWait(1))
	j.client.ensures.leave(j.want.Code, settle)
	return settle
}

// ensure looks, inserts, and looks again for as long as the insert fails in a
// way that may pass. It never inserts twice without a look between: a server, or
// what stands before it, may have done what it then refused.
func (j *ensureJob) ensure(ctx context.Context) (_ *JSONOrder, created bool, _ error) {
	c := j.client
	var last error // of our last insert
	for n := 1; ; n++ {
		found, err := j.look(ctx)
		switch {
		case err != nil:
			return nil, false, j.failed("look up", err)
		case found != nil:
			return j.take(ctx, found)
		case n > c.retry.MaxAttempts:
			return nil, false, j.gaveUp(ctx, n-1, 0, retry.AttemptsMade, last)
		case n > 1 && !c.budget.Spend():
			return nil, false, j.gaveUp(ctx, n-1, 0, retry.BudgetSpent, last)
		case n > 1:
			j.tell.insertingAgain(ctx, n, last)
		}
		j.settle = c.retry.SettleWait(n)
		order, unknown, err := j.insert(ctx)
		if err == nil {
			return j.accept(ctx, order)
		}
		if j.renewal.pending { // a login has given another token: that is not counted
			j.renewal.pending = false
			n--
			continue
		}
		if mayBeTaken(err) { // by another program's order, or by an insert of ours that seemed lost
			switch found, lookErr := j.look(ctx); {
			case lookErr != nil && !unknown: // a refusal is one only if the order is not there
				return nil, false, j.failed("look up", lookErr)
			case lookErr == nil && found != nil:
				return j.take(ctx, found)
			}
		}
		if unknown {
			j.unknown = err
		}
		failure := failureOf(err)
		if ctx.Err() != nil || !unknown && !create.MayRetry(failure) {
			return nil, false, j.failed("insert", err)
		}
		if err := j.waitToLook(ctx, n, failure, err); err != nil {
			return nil, false, err
		}
		last = err
	}
}

// waitToLook waits after the n-th insert, which failed by err, before the next look. It
// returns the error that the job ends with if there is none.
func (j *ensureJob) waitToLook(ctx context.Context, n int, failure retry.Failure, err error) error {
	wait, why := j.client.retry.AfterCreate(ctx, n, failure)
	j.settle = min(wait, j.client.retry.MaxWait)
	if why != retry.NoGiveUp {
		return j.gaveUp(ctx, n, wait, why, err)
	}
	j.tell.retry(ctx, target{try: n}, wait, why, err)
	if err := retry.Sleep(ctx, wait); err != nil {
		return j.failed("insert", err)
	}
	return nil
}

// accept takes the order that an insert returned. If it has another code, the insert is
// not repeated, since an order was made; ours is there if a look finds it.
func (j *ensureJob) accept(ctx context.Context, order *JSONOrder) (_ *JSONOrder, created bool, _ error) {
	if order.Code == j.want.Code || codes.Alike(j.want.Code, order.Code) {
		return order, true, nil
	}
	j.unknown = &envelope.Problem{
		Text: fmt.Sprintf("data.kode_order: want %q", j.want.Code), Got: strconv.Quote(order.Code),
		Err: errors.New("the insert returned another order"),
	}
	switch found, err := j.look(ctx); {
	case err != nil:
		return nil, false, j.failed("look up", err)
	case found != nil:
		return j.take(ctx, found)
	}
	return nil, false, j.failed("insert", j.unknown)
}

// gaveUp tells that the n-th insert, which failed by err, is the last, and returns the
// error that says so.
func (j *ensureJob) gaveUp(ctx context.Context, n int, wait time.Duration, why retry.GiveUp, err error) error {
	j.tell.retry(ctx, target{try: n}, wait, why, err)
	if reason := j.client.reason(why, wait); n > 1 || reason != "" {
		err = &triedError{err: err, attempts: n, unit: "insert", why: reason}
	}
	return j.failed("insert", err)
}

// insert tries once. unknown is whether the outcome is.
func (j *ensureJob) insert(ctx context.Context) (order *JSONOrder, unknown bool, err error) {
	order, err = j.client.InsertJSONOrder(ctx, JSONOrderInput{j.want.Code, j.want.Data, j.want.Status}, within(&j.inner), withoutRetry, renewing(&j.renewal), onlyIf(j.lock.check))
	var open *OutcomeUnknownError
	if errors.As(err, &open) {
		return nil, true, open.Err
	}
	return order, false, err
}

// take takes an order that was found. It is ours if it is what we may have inserted,
// as another's may be too where nothing has kept others from inserting meanwhile. The
// server may have written its JSON differently.
func (j *ensureJob) take(ctx context.Context, found *JSONOrder) (_ *JSONOrder, isOurs bool, _ error) {
	isOurs = j.unknown != nil && found.equals(j.want)
	if isOurs && j.lock.check != nil {
		if err := j.lock.check(ctx); err != nil {
			return nil, false, j.failed("look up", err)
		}
	}
	return found, isOurs, nil
}

// failed returns the error of what can't go on. Once an insert may have been done,
// that is what the caller needs to know.
func (j *ensureJob) failed(what string, err error) error {
	lost := j.lock.wasLost(err)
	switch {
	case j.unknown != nil:
		return &OutcomeUnknownError{Op: ensureOp, Err: cmp.Or(lost, err)}
	case lost != nil:
		return &opError{op: ensureOp, err: &lockError{lost}}
	}
	return &opError{op: ensureOp, what: what, err: err}
}
