package mirrordb

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// timeForm is a time as SQLite's tables have it: UTC, and as texts in the order of time.
const timeForm = "2006-01-02T15:04:05.000000Z"

// A dialect is what the databases do each in a way of its own.
type dialect interface {
	typeOf(s sort) string
	encode(v any) any // a value of a Row, or a time, for the driver
	batch() int       // how many rows are compared at a time
	// among returns a condition on an id that is one of some, with its arguments after from.
	among(from int, ids []int64) (clause string, args []any)
	// tables returns the names of the tables that there are.
	tables(ctx context.Context, q querier) ([]string, error)
	// field returns the type of a column for a field of the server, and its value.
	fieldType(f fieldSort) string
	fieldValue(f fieldSort, raw []byte) any
}

// A querier is a transaction or a connection.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// sqlite is the dialect of SQLite, which has no types for dates and times: they are
// texts of one form.
type sqlite struct{}

func (sqlite) typeOf(s sort) string {
	if s == integer {
		return "INTEGER"
	}
	return "TEXT"
}

func (sqlite) encode(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(timeForm)
	case pmpsmart.Date:
		return v.String()
	}
	return v
}

func (sqlite) tables(ctx context.Context, q querier) ([]string, error) {
	return names(ctx, q, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
}

// postgres is the dialect of PostgreSQL.
type postgres struct{}

func (postgres) typeOf(s sort) string {
	switch s {
	case integer:
		return "bigint"
	case date:
		return "date"
	case stamp:
		return "timestamptz"
	case document:
		return "jsonb"
	}
	return "text"
}

func (postgres) encode(v any) any { return v }

func (postgres) tables(ctx context.Context, q querier) ([]string, error) {
	return names(ctx, q, `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`)
}

// names returns the texts that a query finds.
func names(ctx context.Context, q querier, query string) (all []string, err error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}

// quote returns an identifier for SQL.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// parameters appends "$3, $4" to b: those after from, n of them. SQLite, which would look
// for the name of each among those of all, has "?, ?".
func parameters(b *strings.Builder, d dialect, from, n int) {
	_, anonymous := d.(sqlite)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		if anonymous {
			b.WriteByte('?')
			continue
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i + 1))
	}
}
