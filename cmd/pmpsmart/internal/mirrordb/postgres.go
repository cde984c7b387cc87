package mirrordb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// connectPostgres opens a database of PostgreSQL, and locks the mirror in it.
func connectPostgres(ctx context.Context, rawURL string) (*DB, error) {
	db, err := openPostgres(ctx, rawURL)
	if err != nil {
		return nil, err
	}
	if err := db.lock(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func openPostgres(ctx context.Context, rawURL string) (*DB, error) {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		// Its text would show the URL, and with it a password.
		return nil, refuse(ErrForeign, lang.Errorf("the URL of the database can't be read; want one like postgres://user@host:5432/database"))
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "pmpsmart mirror"
	}
	name := nameOf(config)
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(refuseConnection(name, config.Password, err), pool.Close())
	}
	return &DB{name: name, pool: pool, conn: conn, dialect: postgres{}}, nil
}

// nameOf returns a database's URL without a password.
func nameOf(c *pgx.ConnConfig) string {
	host := c.Host
	switch {
	case strings.HasPrefix(host, "/"): // a socket's folder
		return fmt.Sprintf("postgres://%s@/%s?host=%s", url.PathEscape(c.User), url.PathEscape(c.Database), host)
	case c.Port != 5432:
		host = net.JoinHostPort(host, fmt.Sprint(c.Port))
	}
	return (&url.URL{Scheme: "postgres", User: url.User(c.User), Host: host, Path: "/" + c.Database}).String()
}

// refuseConnection says why a database can't be reached, without the password.
func refuseConnection(name, password string, err error) error {
	kind := ErrAway
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && !isPassing(pg.Code) {
		kind = ErrForeign
	}
	return refuse(kind, lang.Errorf("can't open %s: %w", name, explain(err, password)))
}

// lock keeps other runs out as long as the connection lasts.
func (db *DB) lock(ctx context.Context) error {
	var schema *string
	if err := db.conn.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return db.failed(err)
	}
	if schema == nil {
		return refuse(ErrForeign, lang.Errorf("%s: the schemas of search_path do not exist; create one, or name another", db.name))
	}
	hash := fnv.New64a()
	fmt.Fprintf(hash, "pmpsmart mirror %s", *schema)
	for began := time.Now(); ; {
		var mine bool
		if err := db.conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", int64(hash.Sum64())).Scan(&mine); err != nil { //nolint:gosec // any 64 bits do
			return db.failed(err)
		}
		if mine {
			return nil
		}
		// The lock of a run that was killed ends when the server notices.
		if time.Since(began) > lockWait {
			return refuse(ErrLocked, lang.Errorf("another run is at work on %s", db.name))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockWait / 20):
		}
	}
}

// lockWait is how long a lock of PostgreSQL is waited for.
const lockWait = 2 * time.Second

// isPassing reports whether an error of that SQLSTATE may be gone later: a lost
// connection, too many of them, a shutdown, a conflict with another transaction.
func isPassing(code string) bool {
	switch code[:min(2, len(code))] {
	case "08", "40", "53", "57", "55":
		return true
	}
	return false
}

// kindOf says whether a later try may go well, by the database's error.
func kindOf(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if isPassing(pg.Code) {
			return ErrAway
		}
		return nil
	}
	var network net.Error
	if errors.As(err, &network) || pgconn.Timeout(err) || pgconn.SafeToRetry(err) {
		return ErrAway
	}
	for _, closed := range []error{driver.ErrBadConn, sql.ErrConnDone, net.ErrClosed, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, closed) {
			return ErrAway
		}
	}
	return sqliteKind(err)
}
