package mirrordb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	sqlitedriver "modernc.org/sqlite"
	sqlitecodes "modernc.org/sqlite/lib"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// applicationID marks a mirror's file among other files of SQLite: "PmSm".
const applicationID = 0x506d536d

// The header of a file of SQLite.
const (
	sqliteMagic = "SQLite format 3\x00"
	headerSize  = 100
	walOffset   = 18
	walMode     = 2
	idOffset    = 68
)

// connectSQLite opens a file of SQLite. What is no mirror is left as it is.
func connectSQLite(ctx context.Context, path string) (*DB, error) {
	place, err := tool.Place(path)
	if err != nil {
		return nil, err
	}
	release, err := tool.Lock(place)
	if err != nil {
		return nil, refuse(ErrLocked, err)
	}
	db, err := openSQLite(ctx, path, place, url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(30000)", "synchronous(NORMAL)"}})
	if err != nil {
		release()
		return nil, err
	}
	db.release = release
	return db, nil
}

func openSQLite(ctx context.Context, name, place string, parameters url.Values) (*DB, error) {
	if err := checkFile(ctx, name, place); err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", fileURL(place, parameters))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(refuse(ErrAway, lang.Errorf("can't open %s: %w", name, explain(err, ""))), pool.Close())
	}
	return &DB{name: name, pool: pool, conn: conn, dialect: sqlite{}}, nil
}

// fileURL returns the URL by which SQLite opens a file, whatever its name holds.
func fileURL(path string, parameters url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' { // C:/…
		path = "/" + path
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + parameters.Encode()
}

// checkFile refuses a file that is no mirror. One that is empty, and a database without
// tables, can become one.
func checkFile(ctx context.Context, name, place string) error {
	file, err := os.Open(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return tool.Usage(err)
	}
	defer file.Close()
	header := make([]byte, headerSize)
	switch n, err := io.ReadFull(file, header); {
	case err != nil && n == 0 && errors.Is(err, io.EOF):
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case n < headerSize || !bytes.HasPrefix(header, []byte(sqliteMagic)):
		return refuse(ErrForeign, lang.Errorf("%s is not a database of SQLite; it is left as it is", name))
	}
	switch id := binary.BigEndian.Uint32(header[idOffset:]); {
	case id == applicationID:
		return nil
	case id == 0 && header[walOffset] != walMode: // a mirror has its id before it has a journal like that
		return checkEmpty(ctx, name, place)
	}
	return refuse(ErrForeign, lang.Errorf("%s is a database of another program; it is left as it is", name))
}

// checkEmpty refuses a database that has tables.
func checkEmpty(ctx context.Context, name, place string) error {
	pool, err := sql.Open("sqlite", fileURL(place, url.Values{"mode": {"ro"}}))
	if err != nil {
		return err
	}
	defer pool.Close()
	tables, err := sqlite{}.tables(ctx, pool)
	if err != nil {
		return refuse(ErrForeign, lang.Errorf("%s can't be read as a database of SQLite: %w", name, explain(err, "")))
	}
	if len(tables) > 0 {
		return refuse(ErrForeign, lang.Errorf("%s is a database with other tables (%s); it is left as it is", name, tables[0]))
	}
	return nil
}

// journal makes the writes of the mirror and the reads of others wait for each other no
// more, where the file's disk can do so.
func (db *DB) journal(ctx context.Context) error {
	_, err := db.conn.ExecContext(ctx, "PRAGMA journal_mode=WAL")
	return db.failed(err)
}

// sqliteKind says whether a later try may go well: while another program writes.
func sqliteKind(err error) error {
	var e *sqlitedriver.Error
	if errors.As(err, &e) && (e.Code()&0xff == sqlitecodes.SQLITE_BUSY || e.Code()&0xff == sqlitecodes.SQLITE_LOCKED) {
		return ErrAway
	}
	return nil
}

// isReadOnly reports whether a file can't be opened since SQLite may not write beside it.
func isReadOnly(err error) bool {
	var e *sqlitedriver.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlitecodes.SQLITE_CANTOPEN || e.Code()&0xff == sqlitecodes.SQLITE_READONLY)
}
