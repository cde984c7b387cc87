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
func (c *Client) exchange(ctx context.Context, k *call, query string, first func() (*reply, error), read func(*reply) (yielded bool, err error)) error {
	var token session.Lease // for the next attempt, where a 401 asked for another
	var renewals int
	for n := 1; ; n++ {
		r, yielded, err := c.once(ctx, k, query, first, token, read)
		first = nil
		if err == nil {
			c.budget.Refund(n > 1)
			return nil
		}
		if yielded || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return err
		}
		if isUnauthorized(err) && k.class != auth && ctx.Err() == nil {
			if token, err = c.renew(ctx, k, r, &renewals, err); err != nil {
				return err
			}
			n-- // not counted
			continue
		}
		if err := c.pause(ctx, k, n, err); err != nil {
			return err
		}
	}
}

// once is one attempt and the reading of its answer.
func (c *Client) once(ctx context.Context, k *call, query string, first func() (*reply, error), token session.Lease, read func(*reply) (bool, error)) (r *reply, yielded bool, err error) {
	if first != nil {
		r, err = first()
	} else {
		r, err = c.attempt(ctx, k, query, token)
	}
	if err == nil {
		yielded, err = c.receive(k, r, read)
	}
	k.seen(ctx, r, err)
	return r, yielded, err
}

// receive judges the answer's HTTP status and has its body read.
func (c *Client) receive(k *call, r *reply, read func(*reply) (bool, error)) (yielded bool, err error) {
	defer r.close()
	k.last = Response{HTTPStatus: r.status, Header: r.header}
	if !r.isSuccess() {
		return false, c.statusError(k, r)
	}
	return read(r)
}

// pause waits before the n-th attempt is repeated; where it is not to be
// repeated, or not worth waiting, it gives err back.
func (c *Client) pause(ctx context.Context, k *call, n int, err error) error {
	failure := failureOf(err)
	if k.once || n >= c.retry.MaxAttempts || !k.class.MayRetry(failure) {
		return err
	}
	ended := ctx.Err()
	if ended == nil {
		wait, ok := c.retry.Next(ctx, n, failure)
		if !ok || !c.budget.Spend() {
			return err
		}
		k.log.repeating(ctx, n, wait, err)
		ended = retry.Sleep(ctx, wait)
	}
	if ended != nil {
		return &opError{op: k.op, err: &waitError{k.named(err), ended}}
	}
	return nil
}

// attempt is one request: it waits its turn, takes the token, unless it is given
// one, and sends. The reply must be closed.
func (c *Client) attempt(ctx context.Context, k *call, query string, token session.Lease) (_ *reply, err error) {
	if err := c.waitRateLimit(ctx); err != nil {
		return nil, err
	}
	switch {
	case token.Token != "":
	case k.own != nil:
		token = *k.own
	default:
		if token, err = c.lease(ctx, k); err != nil {
			return nil, err
		}
	}
	number := int(k.attempts.Add(1))
	response, err := c.transport.Do(ctx, transport.Request{Path: k.path + query, Body: k.body, Token: token.Token, Secret: k.password})
	if err != nil {
		return nil, err
	}
	return &reply{number: number, status: response.Status, header: response.Header, body: response.Body, wire: response, token: token, secret: k.password}, nil
}

// waitRateLimit waits for the rate limit, if there is one.
func (c *Client) waitRateLimit(ctx context.Context) error {
	if c.limiter == nil {
		return ctx.Err()
	}
	return c.limiter.Wait(ctx)
}
