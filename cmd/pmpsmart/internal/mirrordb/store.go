package mirrordb

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// Bounds of one statement: rows, and the values that SQLite and PostgreSQL take.
const (
	mostRows   = 100
	mostValues = 30_000
)

func itoa(n int) string { return strconv.Itoa(n) }

// Store writes what a list had, in one transaction, and that the days before next were
// read if next is a day. It returns what is new or changed; want says whether with the
// fields.
func (p *Pass) Store(ctx context.Context, rows []Row, next pmpsmart.Date, want bool) (changes []Change, err error) {
	if p.db.fields == nil {
		if err := p.db.loadFields(ctx); err != nil {
			return nil, err
		}
	}
	at := p.db.newest(p.At)
	err = p.db.transaction(ctx, func(tx *sql.Tx) error {
		s := &session{Tx: tx}
		changes = nil
		for batch := range batches(rows, min(mostRows, mostValues/p.width())) {
			some, err := p.storeBatch(ctx, s, batch, at, want)
			if err != nil {
				return err
			}
			changes = append(changes, some...)
		}
		if next.IsZero() {
			return nil
		}
		_, err := tx.ExecContext(ctx, "UPDATE "+stateTable+" SET next_day = $2 WHERE kind = $1", string(p.Kind), next)
		return err
	})
	if err != nil {
		p.db.fields = nil // some may be of columns that were not made
		return nil, err
	}
	if !next.IsZero() {
		p.Next = next
	}
	return changes, nil
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

// width is the number of values of a row.
func (p *Pass) width() int {
	return 1 + len(p.table.columns) + len(bookkeeping) + len(p.db.fields[p.Kind].list) + 1
}

// batches are parts of rows of at most n, in each of which an id stands once.
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
	for i := range batch {
		row := &batch[i]
		was, found := there[row.ID]
		what := Changed
		switch {
		case !found:
			what = New
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
	if err := p.upsert(ctx, tx, write, at); err != nil {
		return nil, err
	}
	return changes, p.touch(ctx, tx, same, at)
}

// find returns what the table has of the rows.
func (p *Pass) find(ctx context.Context, tx *session, batch []Row) (map[int64]stored, error) {
	if p.empty && !hasRepeat(batch) {
		return nil, nil
	}
	var query strings.Builder
	query.WriteString("SELECT id, digest, vanished_at IS NOT NULL FROM " + string(p.Kind) + " WHERE id IN (")
	parameters(&query, p.db.dialect, 0, len(batch))
	query.WriteString(")")
	ids := make([]any, len(batch))
	for i := range batch {
		ids[i] = batch[i].ID
	}
	rows, err := tx.query(ctx, query.String(), ids)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	there := make(map[int64]stored, len(batch))
	for rows.Next() {
		var id int64
		var s stored
		if err := rows.Scan(&id, &s.digest, &s.vanished); err != nil {
			return nil, err
		}
		there[id] = s
	}
	return there, rows.Err()
}

func hasRepeat(batch []Row) bool {
	for i := range batch {
		if batch[i].Repeat {
			return true
		}
	}
	return false
}

// upsert writes whole rows.
func (p *Pass) upsert(ctx context.Context, tx *session, rows []*Row, at time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	columns := []string{"id"}
	for _, c := range p.table.columns {
		columns = append(columns, c.name)
	}
	columns = append(columns, "extra", "last_seen", "changed_at", "digest", "first_seen")
	for _, f := range p.db.fields[p.Kind].list {
		columns = append(columns, quote(f.column))
	}
	var query strings.Builder
	query.WriteString("INSERT INTO " + string(p.Kind) + " (" + strings.Join(columns, ", ") + ") VALUES ")
	values := make([]any, 0, len(rows)*len(columns))
	encode := p.db.dialect.encode
	now := encode(at)
	for i, row := range rows {
		if i > 0 {
			query.WriteString(", ")
		}
		query.WriteString("(")
		parameters(&query, p.db.dialect, len(values), len(columns))
		query.WriteString(")")
		values = append(values, row.ID)
		for _, v := range row.values {
			values = append(values, encode(v))
		}
		values = append(values, row.extra, now, now, row.digest, now)
		values = append(values, p.db.fieldValues(p.table, row.extra)...)
	}
	query.WriteString(" ON CONFLICT (id) DO UPDATE SET vanished_at = NULL")
	for _, c := range columns {
		if c != "id" && c != "first_seen" {
			query.WriteString(", " + c + " = excluded." + c)
		}
	}
	return tx.exec(ctx, query.String(), values)
}

// touch notes that the pass has met rows that are as they were.
func (p *Pass) touch(ctx context.Context, tx *session, ids []int64, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	var query strings.Builder
	query.WriteString("UPDATE " + string(p.Kind) + " SET last_seen = ")
	parameters(&query, p.db.dialect, 0, 1)
	query.WriteString(" WHERE id IN (")
	parameters(&query, p.db.dialect, 1, len(ids))
	query.WriteString(")")
	args := []any{p.db.dialect.encode(at)}
	for _, id := range ids {
		args = append(args, id)
	}
	return tx.exec(ctx, query.String(), args)
}
