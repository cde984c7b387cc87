package mirrordb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Bounds of one statement that has values in it: rows, and the values that SQLite and
// PostgreSQL take.
const (
	mostRows   = 100
	mostValues = 30_000
)

func (sqlite) batch() int { return mostRows }

func (postgres) batch() int { return 2000 } // a few statements, whose ids and rows are one value each

func (sqlite) among(from int, ids []int64) (clause string, args []any) {
	var b strings.Builder
	b.WriteString(" IN (")
	parameters(&b, sqlite{}, from, len(ids))
	b.WriteString(")")
	for _, id := range ids {
		args = append(args, id)
	}
	return b.String(), args
}

func (postgres) among(from int, ids []int64) (clause string, args []any) {
	return " = ANY($" + itoa(from+1) + ")", []any{ids}
}

// find returns what the table has of the rows.
func (p *Pass) find(ctx context.Context, tx *session, batch []Row) (map[int64]stored, error) {
	if p.empty && !slices.ContainsFunc(batch, func(r Row) bool { return r.Repeat }) {
		return nil, nil
	}
	ids := make([]int64, len(batch))
	for i := range batch {
		ids[i] = batch[i].ID
	}
	clause, args := p.db.dialect.among(0, ids)
	rows, err := tx.query(ctx, "SELECT id, digest, vanished_at IS NOT NULL FROM "+string(p.Kind)+" WHERE id"+clause, args)
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

// touch notes that the pass has met rows that are as they were.
func (p *Pass) touch(ctx context.Context, tx *session, ids []int64, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	var stamp strings.Builder
	parameters(&stamp, p.db.dialect, 0, 1)
	clause, args := p.db.dialect.among(1, ids)
	return tx.exec(ctx, "UPDATE "+string(p.Kind)+" SET last_seen = "+stamp.String()+" WHERE id"+clause, append([]any{p.db.dialect.encode(at)}, args...))
}

// write writes whole rows; fresh says that the table has none of them.
func (p *Pass) write(ctx context.Context, tx *session, rows []*Row, fresh bool, at time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	columns := []string{"id"}
	for _, c := range p.table.columns {
		columns = append(columns, c.name)
	}
	columns = append(columns, "extra", "last_seen", "changed_at", "digest", "first_seen")
	for _, f := range p.db.fields[p.Kind].list {
		columns = append(columns, f.column)
	}
	if _, ok := p.db.dialect.(postgres); ok && fresh {
		return p.copy(ctx, columns, rows, at)
	}
	for some := range slices.Chunk(rows, max(1, min(mostRows, mostValues/len(columns)))) {
		if err := p.upsert(ctx, tx, columns, some, at); err != nil {
			return err
		}
	}
	return nil
}

// appendValues appends what the columns of a row hold.
func (p *Pass) appendValues(values []any, row *Row, now any) []any {
	values = append(values, row.ID)
	for _, v := range row.values {
		values = append(values, p.db.dialect.encode(v))
	}
	values = append(values, row.extra, now, now, row.digest, now)
	return append(values, p.db.fieldValues(p.table, row.extra)...)
}

func (p *Pass) upsert(ctx context.Context, tx *session, columns []string, rows []*Row, at time.Time) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quote(c)
	}
	var query strings.Builder
	query.WriteString("INSERT INTO " + string(p.Kind) + " (" + strings.Join(names, ", ") + ") VALUES ")
	values := make([]any, 0, len(rows)*len(columns))
	now := p.db.dialect.encode(at)
	for i, row := range rows {
		if i > 0 {
			query.WriteString(", ")
		}
		query.WriteString("(")
		parameters(&query, p.db.dialect, len(values), len(columns))
		query.WriteString(")")
		values = p.appendValues(values, row, now)
	}
	query.WriteString(" ON CONFLICT (id) DO UPDATE SET vanished_at = NULL")
	for i, c := range columns {
		if c != "id" && c != "first_seen" {
			query.WriteString(", " + names[i] + " = excluded." + names[i])
		}
	}
	return tx.exec(ctx, query.String(), values)
}

// copy writes rows that the table does not have, by PostgreSQL's COPY, in the transaction
// of the connection.
func (p *Pass) copy(ctx context.Context, columns []string, rows []*Row, at time.Time) error {
	return p.db.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a %T is no connection to PostgreSQL", driver)
		}
		var values []any
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{string(p.Kind)}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			values = p.appendValues(values[:0], rows[i], at)
			return values, nil
		}))
		return err
	})
}
