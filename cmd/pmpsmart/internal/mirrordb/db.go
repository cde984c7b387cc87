// Package mirrordb keeps PMP Smart's data in a database of one's own: a table for each
// kind of record, in SQLite or PostgreSQL, and what the mirror needs to keep it up to
// date. It knows no server; package mirror reads that.
package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A Source is whose data a mirror holds.
type Source struct {
	Server  string // its base URL
	Account string // "" where it is not known
}

// String names it: "https://api.pmpsmart.com/api/v1 as a@example.com".
func (s Source) String() string { return s.In(lang.English) }

// In names it in a language.
func (s Source) In(l lang.Language) string {
	if s.Account == "" {
		return s.Server
	}
	return l.Sprintf("%s as %s", s.Server, s.Account)
}

// Errors of a database that no mirror can be kept in.
var (
	ErrForeign = errors.New("not a mirror") // it holds something else, or another's mirror
	ErrLocked  = errors.New("locked")       // another run is at work on it
	ErrAway    = errors.New("away")         // it can't be reached
)

// Mark marks an error of a mirror for the exit status: what is no mirror is a mistake of the
// command line, and what is away may be there again.
func Mark(err error) error {
	switch {
	case errors.Is(err, ErrForeign):
		return tool.Usage(err)
	case errors.Is(err, ErrAway):
		return tool.Unreachable(err)
	}
	return err
}

// refusal is an error of one of the kinds above. Its message is that of err alone.
type refusal struct {
	err  error
	kind error
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) In(l lang.Language) string { return l.Error(r.err) }

func (r *refusal) Unwrap() []error {
	if r.kind == nil {
		return []error{r.err}
	}
	return []error{r.err, r.kind}
}

func refuse(kind, err error) error { return &refusal{err, kind} }

// A DB is a mirror that is being written. It has one connection and is not safe for
// concurrent use.
type DB struct {
	name    string // as messages have it, without a password
	pool    *sql.DB
	conn    *sql.Conn
	dialect dialect
	release func()
	learn   bool             // makes columns of new fields
	fields  map[Kind]*fields // nil after a transaction that failed
	now     func() time.Time
}

// Options say how a mirror is opened.
type Options struct {
	Source  Source
	Columns bool             // makes columns of the fields that the tables do not name
	Now     func() time.Time // nil for the clock
}

// Open opens the mirror in a file of SQLite, or at a URL of PostgreSQL, and makes it if
// there is none. One process can have it open. An error matches [ErrForeign],
// [ErrLocked] or [ErrAway], or is that of the disk.
func Open(ctx context.Context, name string, o Options) (*DB, error) {
	db, err := connect(ctx, name)
	if err != nil {
		return nil, err
	}
	db.learn = o.Columns
	if db.now = o.Now; db.now == nil {
		db.now = time.Now
	}
	if err := db.prepare(ctx, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func connect(ctx context.Context, name string) (*DB, error) {
	if IsURL(name) {
		return connectPostgres(ctx, name)
	}
	return connectSQLite(ctx, name)
}

// IsURL reports whether a name is the URL of a PostgreSQL database.
func IsURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && (scheme == "postgres" || scheme == "postgresql")
}

// Name returns the database's name without a password.
func (db *DB) Name() string { return db.name }

// Close ends the connection and lets the next run in.
func (db *DB) Close() error {
	var err error
	if db.conn != nil {
		last := "SELECT pg_advisory_unlock_all()"
		if _, ok := db.dialect.(sqlite); ok {
			last = "PRAGMA wal_checkpoint(TRUNCATE)" // the file alone is then the whole mirror, so that it can be copied
		}
		_, _ = db.conn.ExecContext(context.Background(), last)
	}
	if db.conn != nil {
		err = db.conn.Close()
	}
	err = errors.Join(err, db.pool.Close())
	if errors.Is(err, sql.ErrConnDone) {
		err = nil
	}
	if db.release != nil {
		db.release()
	}
	return err
}

// transaction runs f in a transaction.
func (db *DB) transaction(ctx context.Context, f func(*sql.Tx) error) (err error) {
	tx, err := db.conn.BeginTx(ctx, nil)
	if err != nil {
		return db.failed(err)
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := f(tx); err != nil {
		return db.failed(err)
	}
	return db.failed(tx.Commit())
}

// failed says which database an error is of.
func (db *DB) failed(err error) error {
	var known *refusal
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return refuse(kindOf(err), lang.Errorf("%s: %w", db.name, explain(err, "")))
}

// newest returns the later of now and at, as exactly as the tables have times.
func (db *DB) newest(at time.Time) time.Time {
	if now := db.now().UTC().Truncate(time.Microsecond); now.After(at) {
		return now
	}
	return at
}
