package main

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/riverqueue/river"

	"github.com/pmpsmart/pmpsmart-go"
)

// A database keeps the orders and, beside them, River's jobs.
type database interface {
	open(ctx context.Context, s *sender) error // makes the tables, and the River client
	start() error                              // begins to send
	stop(ctx context.Context) error            // ends that; orders being sent may finish until ctx ends
	close()
	where() string // for people, without a password

	inTx(ctx context.Context, f func(tx) error) error // commits what f does if it returns nil
	read(ctx context.Context, f func(tx) error) error // outside of a transaction

	locker() pmpsmart.Locker
	tokens() pmpsmart.TokenStore
}

// A tx is a transaction with the statements of the orders and of the queue: both are
// done, or neither. The statements have $1 for a value in both databases.
type tx interface {
	exec(ctx context.Context, statement string, args ...any) (rows int64, err error)
	query(ctx context.Context, statement string, args ...any) (rows, error)

	enqueue(ctx context.Context, args sendArgs, o *river.InsertOpts) (jobID int64, err error)
	hurry(ctx context.Context, jobID int64) error // makes a waiting job run now
	complete(ctx context.Context, job *river.Job[sendArgs]) error
}

// rows are the rows of a query.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// schema is the service's own table, in the dialect that the words in braces name.
// It says who works on an order: state, and the job that it belongs to. version is
// raised by everything that gives an order another job, so that a job left over from
// before does nothing.
const schema = `
CREATE TABLE IF NOT EXISTS outbox_orders (
	id          {id},
	code        text NOT NULL UNIQUE,
	data        text NOT NULL,
	status      text NOT NULL,
	state       text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'parked')),
	reason      text NOT NULL DEFAULT '',
	attempts    integer NOT NULL DEFAULT 0,
	version     integer NOT NULL DEFAULT 1,
	job_id      bigint NOT NULL DEFAULT 0,
	next_try    {time},
	remote_id   bigint,
	created     boolean NOT NULL DEFAULT false,
	created_at  {time} NOT NULL,
	updated_at  {time} NOT NULL,
	sent_at     {time}
);
CREATE INDEX IF NOT EXISTS outbox_orders_state ON outbox_orders (state, id);
`

// The states of an order.
const (
	waiting = "waiting" // for its job to be its turn
	sending = "sending"
	sent    = "sent"
	parked  = "parked" // for a person
)

var states = []string{waiting, sending, sent, parked}

// An order is a row of outbox_orders.
type order struct {
	id                 int64
	code, data, status string
	state, reason      string
	attempts, version  int
	jobID              int64
	nextTry            *time.Time
	remoteID           *int64
	created            bool
	createdAt          time.Time
	updatedAt          time.Time
	sentAt             *time.Time
}

const columns = "id, code, data, status, state, reason, attempts, version, job_id, next_try, remote_id, created, created_at, updated_at, sent_at"

func (o *order) fields() []any {
	return []any{&o.id, &o.code, &o.data, &o.status, &o.state, &o.reason, &o.attempts, &o.version, &o.jobID,
		&o.nextTry, &o.remoteID, &o.created, &o.createdAt, &o.updatedAt, &o.sentAt}
}

// input returns the order as PMP Smart gets it.
func (o *order) input() pmpsmart.JSONOrderInput {
	return pmpsmart.JSONOrderInput{Code: o.code, Data: []byte(o.data), Status: pmpsmart.JSONOrderStatus(o.status)}
}

// isThe reports whether the order has the code, data and status of in.
func (o *order) isThe(in pmpsmart.JSONOrderInput) bool {
	own := pmpsmart.JSONOrder{Code: o.code, Data: []byte(o.data), Status: pmpsmart.JSONOrderStatus(o.status)}
	return own.Matches(in)
}

// errNoOrder is an order that is not there.
var errNoOrder = errors.New("there is no such order")

// selectOrders returns the orders of a query.
func selectOrders(ctx context.Context, t tx, rest string, args ...any) ([]order, error) {
	return collect(ctx, t, (*order).fields, "SELECT "+columns+" FROM outbox_orders "+rest, args...)
}

// collect returns the rows of a query.
func collect[T any](ctx context.Context, t tx, fields func(*T) []any, statement string, args ...any) ([]T, error) {
	r, err := t.query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []T
	for r.Next() {
		var row T
		if err := r.Scan(fields(&row)...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, r.Err()
}

// getOrder returns the order of a code.
func getOrder(ctx context.Context, t tx, code string) (order, error) {
	if !utf8.ValidString(code) || strings.ContainsRune(code, 0) {
		return order{}, errNoOrder // PostgreSQL would not be asked for it
	}
	found, err := selectOrders(ctx, t, "WHERE code = $1", code)
	if err != nil {
		return order{}, err
	}
	if len(found) == 0 {
		return order{}, errNoOrder
	}
	return found[0], nil
}

// addOrder adds an order and its job. added is false if its code is there already.
func addOrder(ctx context.Context, t tx, q queue, in pmpsmart.JSONOrderInput) (added bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO outbox_orders (code, data, status, state, next_try, created_at, updated_at)
		VALUES ($1, $2, $3, 'waiting', $4, $4, $4) ON CONFLICT (code) DO NOTHING`, in.Code, string(in.Data.([]byte)), string(in.Status), now())
	if err != nil || n == 0 {
		return false, err
	}
	return true, enqueue(ctx, t, q, sendArgs{in.Code, 1})
}

// enqueue adds the job of an order of a new version.
func enqueue(ctx context.Context, t tx, q queue, args sendArgs) error {
	id, err := t.enqueue(ctx, args, &river.InsertOpts{MaxAttempts: q.maxAttempts, Queue: queueName})
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "UPDATE outbox_orders SET job_id = $3 WHERE code = $1 AND version = $2", args.Code, args.Version, id)
	return err
}

// resend makes an order wait again, by a new job and with the input given. It reports
// whether the order still had that version; another call was faster if not. attempts
// is how many of the order's attempts count.
func resend(ctx context.Context, t tx, q queue, o *order, in pmpsmart.JSONOrderInput, attempts int) (bool, error) {
	n, err := t.exec(ctx, `UPDATE outbox_orders SET state = 'waiting', data = $3, status = $4, attempts = $5, version = version + 1,
		next_try = $6, updated_at = $6 WHERE code = $1 AND version = $2 AND state <> 'sent'`,
		o.code, o.version, string(in.Data.([]byte)), string(in.Status), attempts, now())
	if err != nil || n == 0 {
		return false, err
	}
	return true, enqueue(ctx, t, q, sendArgs{o.code, o.version + 1})
}

// claim notes that an attempt begins, and returns the order; nil if the job is of an
// earlier version or the order needs no more.
func claim(ctx context.Context, t tx, args sendArgs) (*order, error) {
	n, err := t.exec(ctx, `UPDATE outbox_orders SET state = 'sending', attempts = attempts + 1, next_try = NULL, updated_at = $3
		WHERE code = $1 AND version = $2 AND state IN ('waiting', 'sending')`, args.Code, args.Version, now())
	if err != nil || n == 0 {
		return nil, err
	}
	o, err := getOrder(ctx, t, args.Code)
	return &o, err
}

// conclude notes what came of an attempt.
func conclude(ctx context.Context, t tx, args sendArgs, v verdict) error {
	var err error
	switch v.outcome {
	case isSent:
		_, err = t.exec(ctx, `UPDATE outbox_orders SET state = 'sent', reason = '', remote_id = $3, created = $4, sent_at = $5, updated_at = $5, next_try = NULL
			WHERE code = $1 AND version = $2 AND state IN ('waiting', 'sending')`, args.Code, args.Version, v.remoteID, v.created, now())
	case isRefused:
		_, err = t.exec(ctx, `UPDATE outbox_orders SET state = 'parked', reason = $3, updated_at = $4, next_try = NULL
			WHERE code = $1 AND version = $2 AND state IN ('waiting', 'sending')`, args.Code, args.Version, clean(v.reason), now())
	default:
		uncounted := 0
		if v.outcome != hasFailed && v.attempted {
			uncounted = 1
		}
		_, err = t.exec(ctx, `UPDATE outbox_orders SET state = 'waiting', reason = $3, attempts = attempts - $4, next_try = $5, updated_at = $6
			WHERE code = $1 AND version = $2 AND state IN ('waiting', 'sending')`,
			args.Code, args.Version, clean(v.reason), uncounted, now().Add(v.wait), now())
	}
	return err
}

// countOrders returns how many orders there are of each state.
func countOrders(ctx context.Context, t tx) (map[string]int64, error) {
	all, err := countStates(ctx, t, "SELECT state, count(*) FROM outbox_orders GROUP BY state")
	if err != nil {
		return nil, err
	}
	for _, state := range states {
		all[state] += 0
	}
	return all, nil
}

// countStates returns the rows of a query of states and numbers.
func countStates(ctx context.Context, t tx, statement string) (map[string]int64, error) {
	type count struct {
		state string
		n     int64
	}
	counts, err := collect(ctx, t, func(c *count) []any { return []any{&c.state, &c.n} }, statement)
	if err != nil {
		return nil, err
	}
	all := make(map[string]int64, len(counts))
	for _, c := range counts {
		all[c.state] = c.n
	}
	return all, nil
}

// oldestOpen returns since when the oldest order is open, zero if none is.
func oldestOpen(ctx context.Context, t tx) (since time.Time, err error) {
	open, err := selectOrders(ctx, t, "WHERE state IN ('waiting', 'sending') ORDER BY id LIMIT 1")
	if err != nil || len(open) == 0 {
		return since, err
	}
	return open[0].createdAt, nil
}

// now returns the time as both databases keep it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// clean makes a foreign text one that both databases keep.
func clean(text string) string {
	const most = 2000
	text = strings.ReplaceAll(text, "\x00", " ")
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}
