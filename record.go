package pmpsmart

import (
	"context"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// get is the way of a method that reads one record: an answer without one is
// ErrNotFound.
func get[T any](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, opts []CallOption, problems ...*InputError) (*T, error) {
	k, err := c.begin(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	record := new(T)
	err = c.exchange(ctx, k, "", nil, func(r *reply) (bool, error) {
		*record = *new(T)
		a, found, err := envelope.One(r.body, m, k.options(r), record)
		if err := k.settle(r, a, err); err != nil {
			return false, err
		}
		if !found {
			return false, k.missing(r, a)
		}
		return false, nil
	})
	if err = k.end(ctx, err); err != nil {
		return nil, err
	}
	return record, nil
}

// write is the way of a method that changes one record. What the answer leaves
// out of the record is as it was sent.
func write[T any](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, sent T, opts []CallOption, problems ...*InputError) (*T, error) {
	k, err := c.begin(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	record := new(T)
	err = c.exchange(ctx, k, "", nil, func(r *reply) (bool, error) {
		*record = sent
		if r.status == http.StatusNoContent {
			return false, nil
		}
		a, _, err := envelope.One(r.body, m, k.options(r), record)
		return false, k.settle(r, a, err)
	})
	if err = k.end(ctx, err); err != nil {
		return nil, err
	}
	return record, nil
}
