package pmpsmart

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
	"github.com/pmpsmart/pmpsmart-go/internal/paginate"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
)

// What a method does once its input is there: list and seq for the records of a
// list, get for one record, write for a change.

// list sends the requests of a list and returns its records. If a page is
// truncated, its records are dropped and the page is fetched again.
func list[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in input, opts []CallOption) ([]T, error) {
	ctx, op, err := c.newOperation(ctx, e, in, opts)
	if err != nil {
		return nil, err
	}
	defer op.abandon()
	records := m.Gather()
	defer records.Free()
	start, page := 0, 0
	err = c.pages(ctx, op, func(r *response, number int) (*envelope.Answer, bool, error) {
		if number != page {
			start, page = records.Len(), number
		}
		records.Back(start)
		a, err := records.Read(r.Body, op.options(r))
		if a.Repeats {
			records.Back(start)
		}
		return a, false, op.result(r, a, err)
	})
	op.records = records.Len()
	if err = op.finish(ctx, err); err != nil {
		return nil, err
	}
	return records.Join(), nil
}

// seq returns an iterator that sends the requests of a list and yields its records
// as they are read. A page is fetched again only if none of its records was
// yielded.
func seq[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in input, opts []CallOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var record T
		ctx, op, err := c.newOperation(ctx, e, in, opts)
		if err != nil {
			yield(record, err)
			return
		}
		defer op.abandon()
		next := func() *T {
			var zero T
			record = zero
			return &record
		}
		yieldPages(ctx, c, op, &record, yield, func(r *response, commit func() bool) (*envelope.Answer, error) {
			return envelope.List(r.Body, m, op.options(r), next, commit)
		})
	}
}

// yieldPages sends the requests of a list and yields its records. read decodes those
// of a page into record and calls commit after each.
func yieldPages[T any](ctx context.Context, c *Client, op *operation, record *T, yield func(T, error) bool, read func(r *response, commit func() bool) (*envelope.Answer, error)) {
	op.perRecord = true
	err := c.pages(ctx, op, func(r *response, _ int) (a *envelope.Answer, committed bool, err error) {
		before := op.records
		a, err = read(r, func() bool {
			op.records++
			op.isYielding = true
			more := yield(*record, nil)
			op.isYielding = false
			return more
		})
		if err = op.result(r, a, err); err != nil && op.records > before && !errors.Is(err, envelope.ErrStopped) {
			op.recordDrift(r, a.Drifts) // of the records that were yielded
		}
		return a, op.records > before, err
	})
	if errors.Is(err, envelope.ErrStopped) {
		err = nil
	}
	if err = op.conclude(ctx, err); err != nil && op.records > 0 {
		err = &opError{op: op.name, what: "after " + howMany(op.records), err: err}
	}
	op.end(err)
	if err == nil {
		return
	}
	var zero T
	yield(zero, err)
}

func howMany(records int) string {
	if records == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", records)
}

// get sends a request for one record. It returns ErrNotFound if the response has
// none. A record that differs from asked is drift.
func get[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, asked T, opts []CallOption, problems ...*InputError) (*T, error) {
	ctx, op, err := c.newOperation(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	defer op.abandon()
	record := new(T)
	err = getRecord(ctx, c, op, func(r *response) (*envelope.Answer, bool, error) {
		*record = *new(T)
		return envelope.One(r.Body, m, op.options(r), record)
	}, func(r *response, a *envelope.Answer) error {
		if !a.Record {
			return op.noField(r, a)
		}
		return op.mismatch(r, a, m.Differences(a.Path, &asked, record)...)
	})
	if err != nil {
		return nil, err
	}
	return record, nil
}

// getRecord sends the request of get. read decodes the record and reports whether
// there is one, which check compares with the one that was asked for.
func getRecord(ctx context.Context, c *Client, op *operation, read func(*response) (a *envelope.Answer, found bool, err error), check func(*response, *envelope.Answer) error) error {
	op.records = 1
	err := c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		if r.hasNoContent() {
			return false, op.noRecord(r, new(envelope.Answer))
		}
		a, found, err := read(r)
		if err := op.result(r, a, err); err != nil {
			return false, err
		}
		if !found {
			return false, op.noRecord(r, a)
		}
		return false, check(r, a)
	})
	return op.finish(ctx, err)
}

// noField reports a record that has none of its fields.
func (op *operation) noField(r *response, a *envelope.Answer) error {
	return op.mismatch(r, a, envelope.Drift{Path: cmp.Or(a.Path, "body"), Want: envelope.WantField, Got: a.First, Count: 1})
}

// write sends a request that changes one record, and returns the record. What the
// response leaves out of it is as in sent; what it has otherwise is drift.
func write[T json.Marshaler, _ record[T]](ctx context.Context, c *Client, e endpoint, m *envelope.Model[T], in any, sent T, opts []CallOption, problems ...*InputError) (*T, error) {
	ctx, op, err := c.newOperation(ctx, e, in, opts, problems...)
	if err != nil {
		return nil, err
	}
	defer op.abandon()
	record := new(T)
	op.records = 1
	err = c.do(ctx, op, target{}, nil, func(r *response) (bool, error) {
		*record = sent
		if r.hasNoContent() {
			return false, nil
		}
		a, _, err := envelope.One(r.Body, m, op.options(r), record)
		if r.Status == http.StatusCreated && errors.Is(err, envelope.ErrEmpty) {
			return false, nil
		}
		if err := op.result(r, a, err); err != nil {
			return false, err
		}
		differences := m.Differences(a.Path, &sent, record)
		if d := denial(a, differences); d != nil {
			return false, op.decodeError(r, a.Head, &envelope.Problem{Text: d.Path + ": want an id, or " + d.Want, Got: string(d.Got)})
		}
		return false, op.mismatch(r, a, differences...)
	})
	if err = op.finish(ctx, err); err != nil {
		return nil, err
	}
	return record, nil
}

// denial returns the difference by which what came in the place of a new record, without
// an id, is none, or nil: a status that may say so, or another code, such as a validator's
// text under its name.
func denial(a *envelope.Answer, differences []envelope.Drift) *envelope.Drift {
	for i := range differences {
		if a.Refused || a.NoID && strings.HasSuffix(differences[i].Path, "kode_order") {
			return &differences[i]
		}
	}
	return nil
}

// pages fetches the pages of a list one after the other and calls read with each,
// while the next ones are prefetched. read reports whether it has handed records to
// the caller, after which the page is not fetched again.
func (c *Client) pages(ctx context.Context, op *operation, read func(r *response, number int) (a *envelope.Answer, committed bool, err error)) error {
	op.isList = true
	var position paginate.Position
	count, guessed := 0, false
	var total int64 // as the last page that said it has it
	prefetcher := c.newPrefetcher(op)
	defer prefetcher.Stop()
	for number := 1; ; number++ {
		var answer *envelope.Answer
		var r *response
		at := target{rawQuery: position.RawQuery(), page: cmp.Or(position.Number(), number)}
		op.page = position.Number()
		err := c.do(ctx, op, at, takePage(ctx, prefetcher, &position), func(got *response) (committed bool, err error) {
			r = got
			prefetcher.Arrived(ctx, &position)
			if r.hasNoContent() {
				answer = new(envelope.Answer)
				return false, nil
			}
			answer, committed, err = read(r, number)
			if err != nil {
				prefetcher.Retry(&position)
			}
			return committed, err
		})
		if err != nil {
			return err
		}
		op.isSingle = answer.Single
		if op.previous = answer.First; !answer.Repeats {
			count += answer.Count
		}
		guessed, total = guessed || answer.Page.Guessed, cmp.Or(answer.Total, total)
		answer.Page.Link = r.secrets().Line(answer.Page.Link, maxMessage) // an error may show it
		more, err := position.Advance(answer)
		stuck, isStuck := errors.AsType[*paginate.StuckError](err)
		switch {
		case isStuck && !(answer.Page.Guessed && total > int64(count)):
			return op.drifted(r, op.incomplete("the rest of the records: "+stuck.Why, strconv.Itoa(count), howMany(count)))
		case err != nil && !isStuck:
			return op.decodeError(r, nil, err)
		case !more && answer.Count == 0 && position.HasMore(answer.Page):
			// An empty page that announces another without saying how many there are might go on forever.
			return op.drifted(r, op.incomplete("records, since more pages are said to follow", "[]", "an empty page"))
		case !more && (total > int64(count) || guessed && 0 < total && total < int64(count)): // the guess took it for what it is not
			return op.drifted(r, op.incomplete(fmt.Sprintf("the %d records of its total", total), strconv.Itoa(count), howMany(count)))
		case !more && answer.Page.Rest:
			return op.drifted(r, op.incomplete("the rest of the records, which neither page nor cursor leads to", strconv.Itoa(count), howMany(count)))
		case !more:
			return nil
		}
	}
}

// incomplete reports drift, in strict mode an error, for a list that ends before
// it should. value is what came as JSON, and got is the same for people.
func (op *operation) incomplete(want, value, got string) error {
	if op.config.strict {
		return &envelope.Problem{Text: "data: want " + want, Got: got, Drift: true}
	}
	op.short = &Drift{Op: op.name, Path: "data", Want: want, Got: json.RawMessage(value), Count: 1}
	op.addDrift(*op.short)
	return nil
}

// drifted returns the error of a response whose drift is one, or nil if err is nil.
func (op *operation) drifted(r *response, err error) error {
	if err == nil {
		return nil
	}
	return op.decodeError(r, nil, err)
}

// newPrefetcher returns the Prefetcher of a list's pages.
func (c *Client) newPrefetcher(op *operation) *paginate.Prefetcher[*response] {
	p := &paginate.Prefetcher[*response]{Ahead: c.ahead, Discard: (*response).discard, Scarce: c.transport().LimitsConnections()}
	p.Fetch = func(ctx context.Context, page int, rawQuery string, connected func()) (*response, error) {
		if p.Scarce {
			ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected() }})
		}
		return c.attempt(ctx, op, target{rawQuery, page, 1}, session.Lease{})
	}
	return p
}

// takePage returns the first attempt at a page if it was prefetched, and else nil.
func takePage(ctx context.Context, p *paginate.Prefetcher[*response], position *paginate.Position) func() (*response, error) {
	take := p.Take(ctx, position)
	if take == nil {
		return nil
	}
	return func() (*response, error) {
		r, err := take()
		if err != nil || !r.isSuccess() {
			p.Retry(position)
		}
		return r, err
	}
}
