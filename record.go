package pmpsmart

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// get is the way of a method that reads one record: an answer without one is
// ErrNotFound.
func get[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, opts []CallOption, problems ...*InputError) (*T, error) {
	op, err := c.newOperation(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	record := new(T)
	err = c.do(ctx, op, "", nil, func(r *response) (bool, error) {
		*record = *new(T)
		a, found, err := envelope.One(r.Body, m, op.options(r), record)
		if err := op.result(r, a, err); err != nil {
			return false, err
		}
		if !found {
			return false, op.noRecord(r, a)
		}
		return false, nil
	})
	if err = op.finish(ctx, err); err != nil {
		return nil, err
	}
	return record, nil
}

// write is the way of a method that changes one record. What the answer leaves
// out of the record is as it was sent.
func write[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, sent T, opts []CallOption, problems ...*InputError) (*T, error) {
	op, err := c.newOperation(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	record := new(T)
	err = c.do(ctx, op, "", nil, func(r *response) (bool, error) {
		*record = sent
		if r.Status == http.StatusNoContent {
			return false, nil
		}
		a, _, err := envelope.One(r.Body, m, op.options(r), record)
		return false, op.result(r, a, err)
	})
	if err = op.finish(ctx, err); err != nil {
		return nil, err
	}
	return record, nil
}
