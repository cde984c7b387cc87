package mirrordb

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

func itoa(n int) string { return strconv.Itoa(n) }

// A Cursor is how far a pass has come with what it stores: the first day that it has yet
// to read, or the last page that it has read. The zero Cursor says nothing.
type Cursor struct {
	Next pmpsmart.Date
	Page Page
}

// Store writes what a list had and how far the pass has come, in one transaction. It
// returns what is new or changed; want says whether with the fields.
func (p *Pass) Store(ctx context.Context, rows []Row, to Cursor, want bool) (changes []Change, err error) {
	if p.db.fields == nil {
		if err := p.db.loadFields(ctx); err != nil {
			return nil, err
		}
	}
	at := p.db.newest(p.At)
	err = p.db.transaction(ctx, func(tx *sql.Tx) error {
		s := &session{Tx: tx}
		changes = nil
		for batch := range batches(rows, p.db.dialect.batch()) {
			some, err := p.storeBatch(ctx, s, batch, at, want)
			if err != nil {
				return err
			}
			changes = append(changes, some...)
		}
		return p.move(ctx, tx, to)
	})
	if err != nil {
		p.db.fields = nil // some may be of columns that were not made
		return nil, err
	}
	if !to.Next.IsZero() {
		p.Next, p.empty = to.Next, false // the next list may have some of these rows too
	}
	return changes, nil
}

// move saves how far the pass has come.
func (p *Pass) move(ctx context.Context, q querier, to Cursor) (err error) {
	if !to.Next.IsZero() {
		_, err = q.ExecContext(ctx, "UPDATE "+stateTable+" SET next_day = $2 WHERE kind = $1", string(p.Kind), to.Next)
	}
	if to.Page.Number > 0 && err == nil {
		_, err = q.ExecContext(ctx, "UPDATE "+stateTable+" SET next_page = $2, page_ids = $3, page_before = $4 WHERE kind = $1",
			string(p.Kind), to.Page.Number, to.Page.IDs, to.Page.Before)
	}
	return err
}

// A session is a transaction that prepares each statement once.
type session struct {
	*sql.Tx
	prepared map[string]*sql.Stmt
}

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if statement := s.prepared[query]; statement != nil {
		return statement, nil
	}
	statement, err := s.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.prepared == nil {
		s.prepared = map[string]*sql.Stmt{}
	}
	s.prepared[query] = statement // until the transaction ends
	return statement, nil
}

func (s *session) exec(ctx context.Context, query string, args []any) error {
	statement, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	_, err = statement.ExecContext(ctx, args...)
	return err
}

func (s *session) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	statement, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// batches returns parts of rows of at most n, in each of which an id stands once.
func batches(rows []Row, n int) func(yield func([]Row) bool) {
	return func(yield func([]Row) bool) {
		start, ids := 0, map[int64]bool{}
		for i := range rows {
			if i-start == n || ids[rows[i].ID] {
				if !yield(rows[start:i]) {
					return
				}
				start = i
				clear(ids)
			}
			ids[rows[i].ID] = true
		}
		if start < len(rows) {
			yield(rows[start:])
		}
	}
}

// A stored is what a table has of a row.
type stored struct {
	digest   string
	vanished bool
}

func (p *Pass) storeBatch(ctx context.Context, tx *session, batch []Row, at time.Time, want bool) ([]Change, error) {
	if err := p.db.learnFields(ctx, tx.Tx, p.table, batch); err != nil {
		return nil, err
	}
	there, err := p.find(ctx, tx, batch)
	if err != nil {
		return nil, err
	}
	var changes []Change
	var write []*Row
	var same []int64
	fresh := 0
	for i := range batch {
		row := &batch[i]
		was, found := there[row.ID]
		what := Changed
		switch {
		case !found:
			what = New
			fresh++
		case was.vanished:
			what = Back
		case was.digest == row.digest:
			same = append(same, row.ID)
			continue
		}
		write = append(write, row)
		changes = append(changes, Change{Kind: p.Kind, What: what, ID: row.ID, Code: row.Code, At: at, Repeat: row.Repeat})
	}
	if want {
		if err := p.describe(ctx, tx.Tx, write, changes); err != nil {
			return nil, err
		}
	}
	if err := p.write(ctx, tx, write, fresh == len(write), at); err != nil {
		return nil, err
	}
	return changes, p.touch(ctx, tx, same, at)
}
