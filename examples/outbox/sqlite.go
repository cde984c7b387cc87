package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver

	"github.com/pmpsmart/pmpsmart-go"
)

// openDatabase returns the database of the settings. Only a database server is asked
// whether it is there.
func openDatabase(ctx context.Context, cfg config, logger *slog.Logger) (database, error) {
	q := queue{workers: cfg.workers, maxAttempts: cfg.maxAttempts, timeout: cfg.timeout, lease: cfg.lease(), logger: logger}
	if cfg.isPostgres() {
		return openPostgres(ctx, cfg.database, q)
	}
	return openSQLite(cfg.database, q)
}

// A sqliteDatabase is a SQLite file, which the processes of one machine may share.
type sqliteDatabase struct {
	path      string
	temporary string // a folder that is removed at the end
	db        *sql.DB
	queue     queue
	river     *river.Client[*sql.Tx]
	locks     pmpsmart.Locker
	store     pmpsmart.TokenStore
}

// openSQLite opens the file at path, or a temporary one.
func openSQLite(path string, q queue) (_ database, err error) {
	d := &sqliteDatabase{path: path, queue: q}
	if path == "" {
		if d.temporary, err = os.MkdirTemp("", "pmpsmart-outbox-"); err != nil {
			return nil, err
		}
		d.path = filepath.Join(d.temporary, "outbox.db")
	}
	if err := d.prepare(); err != nil {
		d.close()
		return nil, fmt.Errorf("database: %w", err)
	}
	return d, nil
}

func (d *sqliteDatabase) prepare() (err error) {
	if _, err := os.Stat(filepath.Dir(d.path)); err != nil {
		return err // the locks' folder would be made, and this one with it
	}
	// A 202 promises that the order is kept, so each commit is on the disk:
	// synchronous is FULL. A transaction takes the lock for writing when it begins,
	// since one that has read first could not wait for it.
	dsn := "file:" + d.path + "?_txlock=immediate&_time_format=sqlite" +
		"&_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if d.db, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	d.db.SetMaxOpenConns(1) // as River's driver wants it
	folder := d.path + ".shared"
	if d.locks, err = pmpsmart.NewFileLocker(folder); err != nil {
		return err
	}
	d.store, err = pmpsmart.NewFileTokenStore(folder)
	return err
}

func (d *sqliteDatabase) open(ctx context.Context, s *sender) (err error) {
	defer func() {
		if err != nil { // SQLite does not name the file
			err = fmt.Errorf("%s: %w", d.path, err)
		}
	}()
	alone := flock.New(d.path + ".migrating") // of the processes that start now
	if err := alone.Lock(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, alone.Unlock()) }()
	driver := riversqlite.New(d.db)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: d.queue.logger})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	dialect := strings.NewReplacer("{id}", "integer PRIMARY KEY AUTOINCREMENT", "{time}", "timestamp")
	if _, err := d.db.ExecContext(ctx, dialect.Replace(schema)); err != nil {
		return err
	}
	d.river, err = river.NewClient(driver, d.queue.config(s))
	return err
}

func (d *sqliteDatabase) start() error { return d.river.Start(context.Background()) }

func (d *sqliteDatabase) stop(ctx context.Context) error { return stopRiver(ctx, d.river) }

func (d *sqliteDatabase) close() {
	if d.db != nil {
		d.db.Close()
	}
	if d.temporary != "" {
		os.RemoveAll(d.temporary)
	}
}

func (d *sqliteDatabase) where() string {
	if d.temporary != "" {
		return "a temporary file, gone at the end; keep them with -database outbox.db"
	}
	return "SQLite, " + d.path
}

func (d *sqliteDatabase) locker() pmpsmart.Locker     { return d.locks }
func (d *sqliteDatabase) tokens() pmpsmart.TokenStore { return d.store }

func (d *sqliteDatabase) read(_ context.Context, f func(tx) error) error {
	return f(sqliteTx{d.db, nil, d.river})
}

func (d *sqliteDatabase) inTx(ctx context.Context, f func(tx) error) error {
	t, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(sqliteTx{t, t, d.river}); err != nil {
		return errors.Join(err, t.Rollback())
	}
	return t.Commit()
}

// A sqliteTx is a transaction, or none: then tx is nil, and only reads make sense.
type sqliteTx struct {
	on interface {
		ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
	}
	tx    *sql.Tx
	river *river.Client[*sql.Tx]
}

func (t sqliteTx) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := t.on.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t sqliteTx) query(ctx context.Context, statement string, args ...any) (rows, error) {
	r, err := t.on.QueryContext(ctx, statement, args...) //nolint:rowserrcheck,sqlclosecheck // collect does both
	if err != nil {
		return nil, err
	}
	return sqlRows{r}, nil
}

// sqlRows are rows whose Close returns nothing, as pgx's.
type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close() { _ = r.Rows.Close() }

func (t sqliteTx) enqueue(ctx context.Context, args sendArgs, o *river.InsertOpts) (int64, error) {
	return enqueueRiver(ctx, t.river, t.tx, args, o)
}

func (t sqliteTx) hurry(ctx context.Context, jobID int64) error {
	_, err := t.river.JobRetryTx(ctx, t.tx, jobID)
	return err
}

func (t sqliteTx) complete(ctx context.Context, job *river.Job[sendArgs]) error {
	_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, t.tx, job)
	return err
}
