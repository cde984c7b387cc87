package mirrordb

import (
	"errors"
	"io/fs"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlitecodes "modernc.org/sqlite/lib"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// A reason is an error of a database driver in the words of who keeps a mirror. Its message
// can be put into a language.
type reason struct {
	text   lang.Text
	err    error
	secret string // left out of the message; may be ""
}

func (r *reason) Error() string { return r.In(lang.English) }

func (r *reason) In(l lang.Language) string {
	text := r.text.In(l)
	if r.secret != "" {
		text = strings.ReplaceAll(text, r.secret, "[redacted]")
	}
	return text
}

func (r *reason) Unwrap() error { return r.err }

// explain returns an error of a driver with its reason as the message, and without the
// password of the connection, which some show.
func explain(err error, password string) error {
	text, ok := reasonOf(err)
	if !ok && password == "" {
		return err
	} else if !ok {
		text = lang.T("%s", err)
	}
	return &reason{text, err, password}
}

// reasonOf looks for the cause that says most: what the database answered, rather than how
// another attempt to reach it went.
func reasonOf(err error) (lang.Text, bool) {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresReason(pg), true
	}
	if e, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		return sqliteReason(e.Code())
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return lang.T("%w", errors.New(e.Err)), true // without the resolver's address
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" && e.Err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.T("%w", e.Err), true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); !ok {
		return lang.Text{}, false
	}
	switch text := err.Error(); {
	case pgconn.Timeout(err):
		return lang.T("it does not answer"), true
	case strings.Contains(text, "failed to receive message"), strings.Contains(text, "failed to write startup message"):
		return lang.T("what listens there does not answer as PostgreSQL does"), true
	case strings.Contains(text, "refused TLS"):
		return lang.T("it speaks no TLS; sslmode=disable goes without, where the network is trusted"), true
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("there is no such server here"), true // no socket
	}
	return lang.Text{}, false
}

// postgresReason says what the database answered, by its SQLSTATE.
func postgresReason(e *pgconn.PgError) lang.Text {
	why := map[string]lang.Text{
		"28P01": lang.T("the user or the password is wrong"),
		"28000": lang.T("the user may not log in from here"),
		"3D000": lang.T("there is no such database; create it first"),
		"42501": lang.T("the user lacks a right"),
		"25006": lang.T("it can only be read"),
		"53100": lang.T("its disk is full"),
		"53300": lang.T("it has too many connections"),
		"57P01": lang.T("it is being shut down"),
		"57P02": lang.T("it is being shut down"),
		"57P03": lang.T("it is starting up or shutting down"),
	}
	if text, ok := why[e.Code]; ok {
		return lang.T("%s (%s)", text, e.Message)
	}
	return lang.T("%s (SQLSTATE %s)", e.Message, e.Code)
}

// sqliteReason says what is wrong with a file, by the code of SQLite.
func sqliteReason(code int) (lang.Text, bool) {
	switch code & 0xff {
	case sqlitecodes.SQLITE_FULL:
		return lang.T("the disk is full"), true
	case sqlitecodes.SQLITE_BUSY, sqlitecodes.SQLITE_LOCKED:
		return lang.T("another program is using it"), true
	case sqlitecodes.SQLITE_READONLY, sqlitecodes.SQLITE_PERM:
		return lang.T("it can only be read"), true
	case sqlitecodes.SQLITE_CANTOPEN:
		return lang.T("it can't be opened, or its folder can't be written"), true
	case sqlitecodes.SQLITE_CORRUPT, sqlitecodes.SQLITE_NOTADB:
		return lang.T("the file is damaged"), true
	case sqlitecodes.SQLITE_IOERR:
		return lang.T("the disk can't be read or written"), true
	}
	return lang.Text{}, false
}
