package mirrordb

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// What a database says of itself is told in the user's language.
func TestReasons(t *testing.T) {
	t.Parallel()
	refusedConnection := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, c := range []struct {
		err                 error
		english, indonesian string
	}{
		{
			fmt.Errorf("failed to connect: %w", errors.Join(refusedConnection, &pgconn.PgError{Code: "28P01", Message: `password "rahasia" is wrong`})),
			`the user or the password is wrong (password "[redacted]" is wrong)`, `pengguna atau kata sandinya salah (password "[redacted]" is wrong)`,
		},
		{fmt.Errorf("at rahasia: %w", refusedConnection), "connect: connection refused", "koneksi ditolak"},
		{&net.DNSError{Err: "no such host", Name: "toko.invalid", Server: "10.0.0.1:53"}, "no such host", "nama server tidak dikenal"},
		{&pgconn.PgError{Code: "3D000", Message: `no "x"`}, `there is no such database; create it first (no "x")`, `database itu tidak ada; buatlah dulu (no "x")`},
		{&pgconn.PgError{Code: "22021", Message: "bad bytes"}, "bad bytes (SQLSTATE 22021)", "bad bytes (SQLSTATE 22021)"},
		{errors.New("something of rahasia"), "something of [redacted]", "something of [redacted]"},
	} {
		err := explain(c.err, "rahasia")
		assert.Equal(t, c.english, err.Error())
		assert.Equal(t, c.indonesian, lang.Indonesian.Error(lang.Errorf("%w", err)))
		require.ErrorIs(t, err, c.err, "it is still the driver's")
	}
	plain := errors.New("plain")
	assert.Equal(t, plain, explain(plain, ""))
}

// A file that can't grow is a full disk, and one that is none of SQLite any more a damaged
// one.
func TestReasonsOfSQLite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "full.db")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"PRAGMA max_page_count=3", "CREATE TABLE a (b)"} {
		_, err = db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	_, err = db.ExecContext(t.Context(), "INSERT INTO a VALUES (randomblob(100000))")
	require.Error(t, err)
	assert.EqualError(t, explain(err, ""), "the disk is full")
	assert.Equal(t, "disk penuh", lang.Indonesian.Error(explain(err, "")))
	require.NoError(t, db.Close())

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 100; i < len(content); i++ {
		content[i] = 0xff
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	_, err = OpenReader(t.Context(), path)
	assert.ErrorContains(t, err, "the file is damaged")
}
