package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/pmpsmart/pmpsmart-go"
)

// A postgresDatabase is a PostgreSQL server, which many machines may share.
type postgresDatabase struct {
	pool  *pgxpool.Pool
	locks *pgxpool.Pool // the connections that hold locks: they wait for nobody of pool
	queue queue
	river *river.Client[pgx.Tx]
}

// openPostgres connects to the server at url.
func openPostgres(ctx context.Context, url string, q queue) (_ database, err error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, usagef("the database's URL can't be read; want postgres://user:password@host:5432/name") // err may show the password
	}
	cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	cfg.MaxConns = int32(q.workers + 6) // and handlers, the sweep, River's own
	d := &postgresDatabase{queue: q}
	if d.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, err
	}
	own := cfg.Copy()
	own.MaxConns, own.MinConns = int32(q.workers+1), 0
	if d.locks, err = pgxpool.NewWithConfig(ctx, own); err != nil {
		d.close()
		return nil, err
	}
	if err := d.pool.Ping(ctx); err != nil {
		d.close()
		return nil, fmt.Errorf("database: %w", err)
	}
	return d, nil
}

func (d *postgresDatabase) open(ctx context.Context, s *sender) error {
	alone, err := d.locks.Acquire(ctx)
	if err != nil {
		return err
	}
	defer alone.Release()
	const migrating = 0x6f7574626f78 // of the processes that start now
	if _, err := alone.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrating)); err != nil {
		return err
	}
	defer func() {
		_, _ = alone.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrating))
	}()
	driver := riverpgxv5.New(d.pool)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: d.queue.logger})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	dialect := strings.NewReplacer("{id}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{time}", "timestamptz")
	if _, err := d.pool.Exec(ctx, dialect.Replace(schema)+lockSchema+tokenSchema); err != nil {
		return err
	}
	d.river, err = river.NewClient(driver, d.queue.config(s))
	return err
}

func (d *postgresDatabase) start() error { return d.river.Start(context.Background()) }

func (d *postgresDatabase) stop(ctx context.Context) error { return stopRiver(ctx, d.river) }

func (d *postgresDatabase) close() {
	if d.locks != nil {
		d.locks.Close()
	}
	d.pool.Close()
}

func (d *postgresDatabase) where() string {
	c := d.pool.Config().ConnConfig
	return fmt.Sprintf("PostgreSQL, %s on %s", c.Database, c.Host)
}

func (d *postgresDatabase) locker() pmpsmart.Locker     { return postgresLocker{d.locks} }
func (d *postgresDatabase) tokens() pmpsmart.TokenStore { return postgresTokens{d.pool} }

func (d *postgresDatabase) read(_ context.Context, f func(tx) error) error {
	return f(postgresTx{d.pool, nil, d.river})
}

func (d *postgresDatabase) inTx(ctx context.Context, f func(tx) error) error {
	t, err := d.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := f(postgresTx{t, t, d.river}); err != nil {
		return errors.Join(err, t.Rollback(context.WithoutCancel(ctx)))
	}
	return t.Commit(ctx)
}

// A postgresTx is a transaction, or none: then tx is nil, and only reads make sense.
type postgresTx struct {
	on interface {
		Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error)
		Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error)
	}
	tx    pgx.Tx
	river *river.Client[pgx.Tx]
}

func (t postgresTx) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	tag, err := t.on.Exec(ctx, statement, args...)
	return tag.RowsAffected(), err
}

func (t postgresTx) query(ctx context.Context, statement string, args ...any) (rows, error) {
	return t.on.Query(ctx, statement, args...)
}

func (t postgresTx) enqueue(ctx context.Context, args sendArgs, o *river.InsertOpts) (int64, error) {
	return enqueueRiver(ctx, t.river, t.tx, args, o)
}

func (t postgresTx) hurry(ctx context.Context, jobID int64) error {
	_, err := t.river.JobRetryTx(ctx, t.tx, jobID)
	return err
}

func (t postgresTx) complete(ctx context.Context, job *river.Job[sendArgs]) error {
	_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, t.tx, job)
	return err
}
