package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
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
	if c.store == nil {
		c.store = NewMemoryTokenStore()
	}
	owner := c.newSession()
	c.session = func() *session.Session[Drift] { return owner }
	c.account, c.token, c.store = session.Credentials{}, "", nil // the session's from here on
	carrier := transport.New(transport.Config{BaseURL: base, Client: c.http(), UserAgent: userAgent(c.userAgent), IdleTimeout: c.timeout})
	c.transport = func() *transport.Transport { return carrier }
	return c, nil
}

// Close closes the idle connections of the client's own transport; one that the
// caller gave is left alone. The client stays usable. The error is nil.
func (c *Client) Close() error {
	c.transport().CloseIdle()
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

// newOperation starts an operation: it applies its options, and checks and encodes
// its input.
func (c *Client) newOperation(ctx context.Context, e endpoint, in any, opts []CallOption, problems ...*InputError) (*operation, error) {
	op := &operation{endpoint: e, config: &c.config, log: operationLog{c.logger, e}, mark: c.session().Mark()}
	for _, option := range opts {
		if option != nil {
			option(&op.callConfig)
		}
	}
	if op.response != nil {
		*op.response = Response{}
		op.began = time.Now()
	}
	if ctx == nil {
		return nil, &InputError{Op: e.name, Field: "ctx", Problem: "is nil; want a context, such as context.Background()"}
	}
	if err := inputError(e.name, append(problems, checkInput(in))...); err != nil {
		return nil, err
	}
	if in != nil {
		body, err := jsonv2.Marshal(in) // a request of this package's own
		if err != nil {
			return nil, &InputError{Op: e.name, Field: "in", Problem: "can't be made JSON: " + err.Error()}
		}
		op.body = body
	}
	return op, nil
}

// do sends a request, and again after a failure that may pass, or with another token
// if the server rejects that of the request or it has expired. read reads a response whose HTTP status is a success; it reports
// whether it has handed records to the caller, after which there is no retry. first,
// if it is not nil, is the first attempt, which is under way.
func (c *Client) do(ctx context.Context, op *operation, rawQuery string, first func() (*response, error), read func(*response) (committed bool, err error)) error {
	var lease session.Lease // for the next attempt, if it needs another
	var renewals int
	for n := 1; ; n++ {
		r, committed, err := c.attemptAndRead(ctx, op, rawQuery, first, lease, read)
		first = nil
		if err == nil {
			c.budget.Refund(n > 1)
			return nil
		}
		if committed || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return err
		}
		if op.class != auth && ctx.Err() == nil && (isUnauthorized(err) || c.hasEnded(r, err)) {
			if lease, err = c.renew(ctx, op, r, &renewals, err); err != nil {
				return err
			}
			n-- // not counted
			continue
		}
		if err := c.waitToRetry(ctx, op, n, err); err != nil {
			return err
		}
	}
}

// attemptAndRead makes one attempt, reads its response and logs it.
func (c *Client) attemptAndRead(ctx context.Context, op *operation, rawQuery string, first func() (*response, error), lease session.Lease, read func(*response) (bool, error)) (r *response, committed bool, err error) {
	if first != nil {
		r, err = first()
	} else {
		r, err = c.attempt(ctx, op, rawQuery, lease)
	}
	if err == nil {
		committed, err = handleResponse(op, r, read)
	}
	op.logAttempt(ctx, r, err)
	return r, committed, err
}

// attempt sends one request, once the rate limit lets it, with the lease's token or,
// if that is empty, the operation's or the session's. The response must be closed.
func (c *Client) attempt(ctx context.Context, op *operation, rawQuery string, lease session.Lease) (_ *response, err error) {
	if err := c.waitRateLimit(ctx); err != nil {
		return nil, err
	}
	switch {
	case lease.Token != "":
	case op.lease != nil:
		lease = *op.lease
	default:
		if lease, err = c.lease(ctx, op); err != nil {
			return nil, err
		}
	}
	number := int(op.attempts.Add(1))
	path := op.path
	if rawQuery != "" {
		path = withQuery(path, rawQuery)
	}
	got, err := c.transport().Do(ctx, transport.Request{Path: path, Body: op.body, Token: lease.Token, Secrets: op.secrets, LastOnConnection: op.endpoint == loginEndpoint})
	if err != nil {
		return nil, err
	}
	return &response{Response: got, number: number, lease: lease, known: op.secrets}, nil
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
func (c *Client) waitToRetry(ctx context.Context, op *operation, n int, err error) error {
	failure := failureOf(err)
	if op.noRetry || !op.class.MayRetry(failure) {
		return err
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
	if why != retry.NoGiveUp {
		op.log.gaveUp(ctx, n, why, err)
		return err
	}
	op.log.retrying(ctx, n, wait, err)
	if ctxErr := retry.Sleep(ctx, wait); ctxErr != nil {
		return op.canceledWait(err, ctxErr)
	}
	return nil
}
