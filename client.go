package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/retry"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// version is the library's own, as its User-Agent names it.
const version = "0.1.0"

// A Client calls the PMP Smart API. It is made by [New] and safe for concurrent
// use.
type Client struct {
	config
	budget *retry.Budget
	// What holds secrets is returned by funcs, which nothing that prints by reflection
	// follows: the buffers of a transport's connections hold tokens too.
	transport func() *transport.Transport
	session   func() *session.Session[Drift]
	ensures   *ensureGroup // the orders being ensured
}

// New makes a Client. It reaches no network. Of options that say the same thing
// the last wins; one that can't be right is an [*InputError].
func New(opts ...Option) (*Client, error) {
	c := &Client{budget: retry.NewBudget(), ensures: new(ensureGroup)}
	c.config = config{baseURL: defaultBaseURL, timeout: defaultTimeout, maxBytes: defaultMaxBytes, location: wib, ahead: 1, http: func() *http.Client { return nil }}
	for _, option := range opts {
		if option == nil {
			continue
		}
		if problem := option(&c.config); problem != nil {
			return nil, problem
		}
	}
	base, problem := checkBaseURL(c.baseURL, c.source, c.insecure)
	if problem != nil {
		return nil, problem
	}
	c.baseURL = base
	c.retry = c.retry.WithDefaults()
	if c.attemptTimeout == 0 {
		c.attemptTimeout = max(times(attemptTimeouts, c.timeout), minAttempt)
	}
	if c.store == nil {
		c.store = NewMemoryTokenStore()
	}
	owner := c.newSession()
	c.session = func() *session.Session[Drift] { return owner }
	c.account, c.token, c.store = session.Credentials{}, "", nil // the session's from here on
	carrier := transport.New(transport.Config{BaseURL: base, Client: c.http(), UserAgent: userAgent(c.userAgent), IdleTimeout: c.timeout, MaxWait: c.attemptTimeout})
	for _, wrap := range c.wrappers {
		if !carrier.Wrap(wrap) {
			return nil, bad("WithTransportWrapper", "returned nil; want a RoundTripper around the one that it is given")
		}
	}
	c.transport = func() *transport.Transport { return carrier }
	return c, nil
}

// check checks that New has made the client.
func (c *Client) check() *InputError {
	switch {
	case c == nil:
		return &InputError{Field: "the Client", Problem: "is nil; it must be made by New, and the error of New be checked"}
	case c.session == nil:
		return &InputError{Field: "the Client", Problem: "is the zero one; it must be made by New"}
	}
	return nil
}

// Close closes the idle connections of the client's own transport; one that the
// caller gave is left alone. The client stays usable. The error is nil.
func (c *Client) Close() error {
	if c.check() == nil {
		c.transport().CloseIdle()
	}
	return nil
}

// Format prints where the client points and none of its secrets, whatever the
// verb.
func (c Client) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "pmpsmart.Client(%s)", c.baseURL)
}

// userAgent returns the User-Agent of a client: the program's product and the
// library.
func userAgent(product string) string {
	own := "pmpsmart-go/" + version + " (" + runtime.Version() + ")"
	if product == "" {
		return own
	}
	return product + " " + own
}

// do sends a request, and again after a failure that may pass, or with another token
// if the server rejects that of the request or it has expired. read reads a response
// whose HTTP status is a success; it reports whether it has handed records to the caller,
// after which there is no retry. first, if it is not nil, is the first attempt, which is
// under way.
func (c *Client) do(ctx context.Context, op *operation, at target, first func() (*response, error), read func(*response) (committed bool, err error)) error {
	var lease session.Lease // for the next attempt, if it needs another
	renewals := op.renewal.before()
	for n := 1; ; n++ {
		at.try++
		r, committed, err := c.attemptAndRead(ctx, op, at, first, lease, read)
		first = nil
		if err == nil {
			c.budget.Refund(n > 1)
			return nil
		}
		if committed || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return op.tried(at, n, err, "")
		}
		if op.class != auth && ctx.Err() == nil && (isUnauthorized(err) || c.hasEnded(r, err)) {
			rejected := err
			if lease, err = c.renew(ctx, op, r, &renewals, err); err != nil {
				return op.tried(at, n, err, "")
			}
			if op.renewal != nil {
				*op.renewal = renewal{lease, renewals, true}
				return op.tried(at, n, rejected, "")
			}
			n-- // not counted
			continue
		}
		if err := c.waitToRetry(ctx, op, at, n, err); err != nil {
			return err
		}
	}
}

// attemptAndRead makes one attempt, reads its response and tells what came of it.
func (c *Client) attemptAndRead(ctx context.Context, op *operation, at target, first func() (*response, error), lease session.Lease, read func(*response) (bool, error)) (r *response, committed bool, err error) {
	if first != nil {
		r, err = first()
	} else {
		r, err = c.attempt(ctx, op, at, lease)
	}
	if err != nil {
		return nil, false, err
	}
	returned := false
	defer func() {
		if !returned {
			r.end(op.aborted())
		}
	}()
	committed, err = handleResponse(op, r, read)
	returned = true
	if errors.Is(err, envelope.ErrStopped) {
		r.end(nil)
	} else {
		r.end(err)
	}
	return r, committed, err
}

// attempt sends one request, once the rate limit lets it, with the lease's token or,
// if that is empty, the operation's or the session's. The response must be closed.
func (c *Client) attempt(ctx context.Context, op *operation, at target, lease session.Lease) (*response, error) {
	lease, err := c.awaitTurn(ctx, op, lease)
	if err != nil {
		op.tell.logAttempt(ctx, int(op.attempts.Load()), nil, err)
		return nil, err
	}
	path := op.path
	if at.rawQuery != "" {
		path = withQuery(path, at.rawQuery)
	}
	number, r := int(op.attempts.Add(1)), &op.first
	if number > 1 {
		r = new(response)
	}
	*r = response{attempt: op.tell.attempt(ctx, number, at), lease: lease, known: op.secrets}
	returned := false
	defer func() {
		if !returned {
			r.end(errAborted)
		}
	}()
	r.Response, err = c.transport().Do(r.attempt.ctx, transport.Request{Path: path, Body: op.body, Token: lease.Token, Secrets: op.secrets, Header: op.header,
		LastOnConnection: op.endpoint == loginEndpoint, MaxWait: op.maxWait()})
	returned = true
	if err != nil {
		r.end(err)
		return nil, err
	}
	return r, nil
}

// awaitTurn waits for the rate limit. It returns the lease of the token for an attempt,
// unless it must not be made.
func (c *Client) awaitTurn(ctx context.Context, op *operation, lease session.Lease) (_ session.Lease, err error) {
	if err := c.waitRateLimit(ctx); err != nil {
		return session.Lease{}, err
	}
	switch {
	case lease.Token != "":
	case op.lease != nil:
		lease = *op.lease
	default:
		lease, err = c.lease(ctx, op)
		lease.Fresh = op.renewal.isOf(lease)
	}
	if err == nil && op.onlyIf != nil {
		err = op.onlyIf(ctx)
	}
	return lease, err
}

// waitRateLimit waits for the rate limit, if there is one.
func (c *Client) waitRateLimit(ctx context.Context) error {
	if c.limiter == nil {
		return ctx.Err()
	}
	return c.limiter.Wait(ctx)
}

// handleResponse returns the error that the HTTP status makes of a response, or
// reads it. It closes the response.
func handleResponse(op *operation, r *response, read func(*response) (bool, error)) (committed bool, err error) {
	defer r.close()
	op.noteHeader(r)
	if !r.isSuccess() {
		return false, op.statusError(r)
	}
	return read(r)
}

// waitToRetry waits before the attempt after the n-th, which ended in err. It
// returns an error, mostly err, if there must be none.
func (c *Client) waitToRetry(ctx context.Context, op *operation, at target, n int, err error) error {
	failure := failureOf(err)
	if op.noRetry || !op.class.MayRetry(failure) {
		return op.tried(at, n, err, "")
	}
	if n < c.retry.MaxAttempts && ctx.Err() != nil {
		return op.canceledWait(err, ctx.Err())
	}
	wait, why := c.retry.Next(ctx, n, failure)
	switch {
	case n >= c.retry.MaxAttempts:
		why = retry.AttemptsMade
	case why == retry.NoGiveUp && !c.budget.Spend():
		why = retry.BudgetSpent
	}
	op.tell.retry(ctx, at, wait, why, err)
	if why != retry.NoGiveUp {
		return op.tried(at, n, err, c.reason(why, wait))
	}
	if ctxErr := retry.Sleep(ctx, wait); ctxErr != nil {
		return op.canceledWait(err, ctxErr)
	}
	return nil
}

// withQuery returns a path with rawQuery, which names a page, in its query. It takes
// the place of a page that the path names.
func withQuery(path, rawQuery string) string {
	path, own, _ := strings.Cut(path, "?")
	var all strings.Builder
	for parameter := range strings.SplitSeq(own, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if name, _ = url.QueryUnescape(name); name != "page" && name != "cursor" && parameter != "" {
			all.WriteString(parameter + "&")
		}
	}
	return path + "?" + all.String() + rawQuery
}

// newOperation starts an operation: it applies its options, and checks and encodes
// its input. The operation goes on with the context that it returns, and what it returns
// an error for has ended. Whoever gets an operation defers its abandon.
func (c *Client) newOperation(ctx context.Context, e endpoint, in any, opts []CallOption, problems ...*InputError) (context.Context, *operation, error) {
	op := &operation{endpoint: e}
	op.apply(opts)
	if op.response != nil {
		*op.response = Response{}
	}
	if problem := c.check(); problem != nil {
		return ctx, nil, inputError(e.name, problem)
	}
	op.config, op.tell = &c.config, newTelemetry(&c.listeners, &op.endpoint)
	if op.reportsResponse() {
		op.began = time.Now()
	}
	for name, values := range op.header {
		if redact.SecretHeader(name) {
			op.secrets = append(op.secrets, values...)
		}
	}
	inner, ends := op.tell.call(ctx, e.class)
	op.ends = ends
	if err := op.prepare(ctx, in, problems); err != nil {
		op.end(err)
		return inner, nil, err
	}
	return inner, op, nil
}

// tried returns err with what is known of the attempts before it: how many there were, if
// n says that there was more than one, and why there is no other, if that is not plain.
func (op *operation) tried(at target, n int, err error, why string) error {
	if n == 1 && why == "" {
		return err
	}
	return &opError{op: op.name, err: &triedError{err: op.withOp(err), attempts: at.try, unit: "attempt", why: why}}
}

// canceledWait returns the error of an operation whose context ended while it waited for
// a retry.
func (op *operation) canceledWait(err, ctxErr error) error {
	return &opError{op: op.name, err: &waitError{op.withOp(err), ctxErr}}
}
