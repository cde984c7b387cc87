package pmpsmart

import (
	"context"
	"errors"
	"fmt"
	"runtime"

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
	transport *transport.Transport
	budget    *retry.Budget
	session   *session.Session[Drift]
	ensures   *ensureGroup // the orders being ensured
}

// New makes a Client. It reaches no network. Of options that say the same thing
// the last wins; one that can't be right is an [*InputError].
func New(opts ...Option) (*Client, error) {
	c := &Client{budget: retry.NewBudget(), ensures: new(ensureGroup)}
	c.config = config{baseURL: defaultBaseURL, timeout: defaultTimeout, maxBytes: defaultMaxBytes, location: wib, ahead: 1}
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
	c.session = c.newSession()
	c.account, c.token, c.store = session.Credentials{}, "", nil // the session's from here on
	c.transport = transport.New(transport.Config{BaseURL: base, Client: c.http, UserAgent: userAgent(c.userAgent), IdleTimeout: c.timeout})
	return c, nil
}

// Close closes the idle connections of the client's own transport; one that the
// caller gave is left alone. The client stays usable. The error is nil.
func (c *Client) Close() error {
	c.transport.CloseIdle()
	return nil
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

// Format prints where the client points and none of its secrets, whatever the
// verb.
func (c Client) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "pmpsmart.Client(%s)", c.baseURL)
}

// exchange is the way of every request: attempt, read, judge, and then return,
// repeat, or log in again and repeat. read takes an answer whose HTTP status is
// a success; it gives whether what it read can't be taken back. first, where it
// is not nil, is a first attempt that is under way already.
func (c *Client) do(ctx context.Context, op *operation, query string, first func() (*response, error), read func(*response) (yielded bool, err error)) error {
	var token session.Lease // for the next attempt, where a 401 asked for another
	var renewals int
	for n := 1; ; n++ {
		r, yielded, err := c.attemptAndRead(ctx, op, query, first, token, read)
		first = nil
		if err == nil {
			c.budget.Refund(n > 1)
			return nil
		}
		if yielded || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return err
		}
		if isUnauthorized(err) && op.class != auth && ctx.Err() == nil {
			if token, err = c.renew(ctx, op, r, &renewals, err); err != nil {
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

// once is one attempt and the reading of its answer.
func (c *Client) attemptAndRead(ctx context.Context, op *operation, query string, first func() (*response, error), token session.Lease, read func(*response) (bool, error)) (r *response, yielded bool, err error) {
	if first != nil {
		r, err = first()
	} else {
		r, err = c.attempt(ctx, op, query, token)
	}
	if err == nil {
		yielded, err = c.handleResponse(op, r, read)
	}
	op.logAttempt(ctx, r, err)
	return r, yielded, err
}

// receive judges the answer's HTTP status and has its body read.
func (c *Client) handleResponse(op *operation, r *response, read func(*response) (bool, error)) (yielded bool, err error) {
	defer r.close()
	op.lastResponse = Response{HTTPStatus: r.Status, Header: r.Header}
	if !r.isSuccess() {
		return false, c.statusError(op, r)
	}
	return read(r)
}

// pause waits before the n-th attempt is repeated; where it is not to be
// repeated, or not worth waiting, it gives err back.
func (c *Client) waitToRetry(ctx context.Context, op *operation, n int, err error) error {
	failure := failureOf(err)
	if op.noRetry || n >= c.retry.MaxAttempts || !op.class.MayRetry(failure) {
		return err
	}
	ended := ctx.Err()
	if ended == nil {
		wait, ok := c.retry.Next(ctx, n, failure)
		if !ok || !c.budget.Spend() {
			return err
		}
		op.log.retrying(ctx, n, wait, err)
		ended = retry.Sleep(ctx, wait)
	}
	if ended != nil {
		return &opError{op: op.name, err: &waitError{op.withOp(err), ended}}
	}
	return nil
}

// attempt is one request: it waits its turn, takes the token, unless it is given
// one, and sends. The reply must be closed.
func (c *Client) attempt(ctx context.Context, op *operation, query string, token session.Lease) (_ *response, err error) {
	if err := c.waitRateLimit(ctx); err != nil {
		return nil, err
	}
	switch {
	case token.Token != "":
	case op.lease != nil:
		token = *op.lease
	default:
		if token, err = c.lease(ctx, op); err != nil {
			return nil, err
		}
	}
	number := int(op.attempts.Add(1))
	got, err := c.transport.Do(ctx, transport.Request{Path: op.path + query, Body: op.body, Token: token.Token, Secret: op.password})
	if err != nil {
		return nil, err
	}
	return &response{number: number, Status: got.Status, Header: got.Header, Body: got.Body, wire: got, lease: token, password: op.password}, nil
}

// waitRateLimit waits for the rate limit, if there is one.
func (c *Client) waitRateLimit(ctx context.Context) error {
	if c.limiter == nil {
		return ctx.Err()
	}
	return c.limiter.Wait(ctx)
}
