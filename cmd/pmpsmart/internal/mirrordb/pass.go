package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// A Pass is one reading of the records of a kind: of the whole list, or of a range of
// days, window by window. What it has read is kept when it breaks off.
type Pass struct {
	Kind     Kind
	From, To pmpsmart.Date // zero for the whole list
	Next     pmpsmart.Date // the first day of From to To that was not yet read
	Page     Page          // the last page of the whole list that was stored, if there is one
	Resumed  bool          // it goes on with one that broke off
	At       time.Time     // its beginning; what it has met has a later last_seen

	db    *DB
	table *table
	empty bool // the table was, so that every row is new
}

// A Page is a place in a list. It is found again if the server has the same records there.
type Page struct {
	Number int    // from 1; 0 for none
	IDs    string // what its records' ids make, opaque
	Before int64  // how many records the pages before it had
	Count  int64  // how many it has; not kept
}

// How old a pass that broke off may be to be gone on with: one of few days is soon read
// anew, and one of many loses too much.
const (
	fewDays    = 31
	resumeFew  = 15 * time.Minute
	resumeMany = 24 * time.Hour
)

// State is how far a kind was read.
type State struct {
	FinishedAt time.Time // the end of the last pass that was complete, zero for none
	FullAt     time.Time // of the last that read the whole list
}

// pass is a row of the table of states.
type pass struct {
	at, finished, full stampValue
	from, to, next     pmpsmart.Date
	page               Page
	running            bool
}

// State returns how far a kind was read.
func (db *DB) State(ctx context.Context, k Kind) (State, error) {
	p, err := readPass(ctx, db.conn, k)
	return State{p.finished.Time, p.full.Time}, db.failed(err)
}

func readPass(ctx context.Context, q querier, k Kind) (p pass, err error) {
	var running int64
	var page, before sql.NullInt64
	var ids sql.NullString
	err = q.QueryRowContext(ctx, "SELECT pass_at, from_day, to_day, next_day, next_page, page_ids, page_before, running, finished_at, full_at FROM "+stateTable+" WHERE kind = $1", string(k)).
		Scan(&p.at, &p.from, &p.to, &p.next, &page, &ids, &before, &running, &p.finished, &p.full)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	p.running = running != 0
	p.page = Page{Number: int(page.Int64), IDs: ids.String, Before: before.Int64}
	return p, err
}

// StartPass begins a pass over the days from one to another, or over the whole list where
// they are zero. It goes on with the last one of the same days if that broke off a short
// while ago, unless anew is set.
func (db *DB) StartPass(ctx context.Context, k Kind, from, to pmpsmart.Date, anew bool) (*Pass, error) {
	p := &Pass{Kind: k, From: from, To: to, Next: from, db: db, table: tableOf(k)}
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		last, err := readPass(ctx, tx, k)
		if err != nil {
			return err
		}
		p.At = db.newest(last.at.Add(time.Microsecond)) // later than all that the last one wrote
		if last.finished.After(last.at.Time) {
			p.At = db.newest(last.finished.Add(time.Microsecond))
		}
		if last.running && !anew && last.isOf(p) {
			p.At, p.Next, p.Page = last.at.Time, last.next, last.page
			p.Resumed = last.next.After(from) || last.page.Number > 0
		}
		err = tx.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT 1 FROM "+string(k)+")").Scan(&p.empty)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO "+stateTable+` (kind, pass_at, from_day, to_day, next_day, next_page, page_ids, page_before, running)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
			ON CONFLICT (kind) DO UPDATE SET pass_at = excluded.pass_at, from_day = excluded.from_day, to_day = excluded.to_day, next_day = excluded.next_day,
				next_page = excluded.next_page, page_ids = excluded.page_ids, page_before = excluded.page_before, running = 1`,
			string(k), db.dialect.encode(p.At), from, to, p.Next, p.Page.Number, p.Page.IDs, p.Page.Before)
		return err
	})
	return p, err
}

// isOf reports whether p can go on where the last pass broke off.
func (last pass) isOf(p *Pass) bool {
	age := resumeFew
	if p.From.IsZero() || p.To.After(p.From.AddDays(fewDays)) {
		age = resumeMany
	}
	return last.from == p.From && !last.to.After(p.To) && p.At.Sub(last.at.Time) <= age
}

// scope returns the rows that the pass must have met: SQL and its arguments after $1. A
// server asked for the days of JSON orders may compare the day of either of two times,
// in a zone of its own, so that those of the first day don't count.
func (p *Pass) scope() (where string, args []any) {
	encode := p.db.dialect.encode
	switch {
	case p.From.IsZero():
		return "vanished_at IS NULL", nil
	case p.Kind == JSONOrders:
		first, end := p.From.AddDays(1).Time(pmpsmart.WIB), p.To.AddDays(1).Time(pmpsmart.WIB)
		return "vanished_at IS NULL AND created_at >= $2 AND created_at < $3 AND (updated_at IS NULL OR updated_at >= $2 AND updated_at < $3)",
			[]any{encode(first), encode(end)}
	}
	return "vanished_at IS NULL AND date_order BETWEEN $2 AND $3", []any{p.From, p.To}
}

// Missing returns how many rows the pass has not met that it should have, and how many
// there were before it.
func (p *Pass) Missing(ctx context.Context) (missing, before int64, err error) {
	where, args := p.scope()
	query := "SELECT count(*), count(CASE WHEN last_seen < $1 THEN 1 END) FROM " + string(p.Kind) + " WHERE first_seen < $1 AND " + where
	err = p.db.conn.QueryRowContext(ctx, query, append([]any{p.db.dialect.encode(p.At)}, args...)...).Scan(&before, &missing)
	return missing, before, p.db.failed(err)
}

// MissingOrders returns the orders that Missing counts, as they were, but for those after
// the first most. A pass over another kind has none.
func (p *Pass) MissingOrders(ctx context.Context, most int) (orders []pmpsmart.Order, err error) {
	if p.Kind != Orders {
		return nil, nil
	}
	where, args := p.scope()
	where = "last_seen < $1 AND " + where + " ORDER BY id LIMIT " + itoa(most)
	args = append([]any{p.db.dialect.encode(p.At)}, args...)
	err = p.table.scan(ctx, p.db.conn, where, args, func(id int64, values []any, extra string) bool {
		orders = append(orders, orderOf(id, values, extraOf(extra)))
		return true
	})
	return orders, p.db.failed(err)
}

// Finish ends the pass. If vanish is set, it marks the rows that are missing as vanished,
// and returns them.
func (p *Pass) Finish(ctx context.Context, vanish bool) (changes []Change, err error) {
	at := p.db.newest(p.At)
	err = p.db.transaction(ctx, func(tx *sql.Tx) error {
		changes = nil
		if vanish {
			if changes, err = p.markMissing(ctx, tx, at); err != nil {
				return err
			}
		}
		full := ""
		if p.From.IsZero() {
			full = ", full_at = $2"
		}
		_, err := tx.ExecContext(ctx, "UPDATE "+stateTable+" SET running = 0, next_day = NULL, finished_at = $2"+full+" WHERE kind = $1",
			string(p.Kind), p.db.dialect.encode(at))
		return err
	})
	return changes, err
}

func (p *Pass) markMissing(ctx context.Context, tx *sql.Tx, at time.Time) (changes []Change, err error) {
	where, args := p.scope()
	where = " WHERE last_seen < $1 AND " + where
	args = append([]any{p.db.dialect.encode(p.At)}, args...)
	rows, err := tx.QueryContext(ctx, "SELECT id, "+p.table.columns[p.table.code].name+" FROM "+string(p.Kind)+where+" ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c := Change{Kind: p.Kind, What: Vanished, At: at}
		if err := rows.Scan(&c.ID, &c.Code); err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(changes) == 0 {
		return nil, err
	}
	args = append(args, p.db.dialect.encode(at))
	_, err = tx.ExecContext(ctx, "UPDATE "+string(p.Kind)+" SET vanished_at = $"+itoa(len(args))+where, args...)
	return changes, err
}
