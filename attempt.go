package pmpsmart

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

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
