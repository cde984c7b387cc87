package dbtest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// requireVariable is the environment variable that makes it a failure that PostgreSQL is
// not installed.
const requireVariable = "PMPSMART_REQUIRE_POSTGRES"

func TestPostgreSQL(t *testing.T) {
	config := startPostgres(t)
	db := stdlib.OpenDB(*config)
	defer db.Close()
	for _, dayType := range []string{"date", "timestamp"} {
		for _, extraType := range []string{"json", "jsonb", "text"} {
			roundTrip(t, db, dayType, extraType)
		}
	}
	roundTrip(t, db, "text", "jsonb")

	// PostgreSQL's own functions read what was stored.
	var total float64
	var next pmpsmart.Date
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT (extra->>'total')::float8, day + 1 FROM stored_date_jsonb WHERE id = 1").Scan(&total, &next))
	require.Equal(t, 1000.5, total)
	require.Equal(t, pmpsmart.NewDate(2026, time.February, 3), next)
}

// pgx without database/sql has protocols of its own: each column's binary form among
// them.
func TestPgx(t *testing.T) {
	config := startPostgres(t)
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
		t.Run(mode.String(), func(t *testing.T) {
			config := config.Copy()
			config.DefaultQueryExecMode = mode
			c, err := pgx.ConnectConfig(t.Context(), config)
			require.NoError(t, err)
			defer c.Close(context.WithoutCancel(t.Context()))
			_, err = c.Exec(t.Context(), "CREATE TEMPORARY TABLE stored (id bigint, day date, extra jsonb, raw json, note text)")
			require.NoError(t, err)
			rows := storedRows(t)
			for _, row := range rows {
				_, err := c.Exec(t.Context(), "INSERT INTO stored VALUES ($1, $2, $3, $4, $5)", row.id, row.day, row.extra, row.extra, row.day)
				require.NoError(t, err)
			}
			for _, want := range rows {
				row := stored{id: want.id, day: pmpsmart.NewDate(2000, 1, 1)}
				var raw pmpsmart.Extra
				var note pmpsmart.Date
				require.NoError(t, c.QueryRow(t.Context(), "SELECT day, extra, raw, note FROM stored WHERE id = $1", want.id).Scan(&row.day, &row.extra, &raw, &note))
				require.Equal(t, want.day, row.day)
				require.Equal(t, want.day, note)
				require.True(t, want.extra.Equal(row.extra), "want %s, got %s", want.extra, row.extra)
				require.True(t, want.extra.Equal(raw), "want %s, got %s", want.extra, raw)
			}
			var n int
			require.NoError(t, c.QueryRow(t.Context(), "SELECT count(*) FROM stored WHERE day BETWEEN $1 AND $2", rows[0].day, rows[0].day.AddDays(1)).Scan(&n))
			require.Equal(t, 1, n)
		})
	}
}

// startPostgres starts the PostgreSQL that Debian has, which ends with the test. It
// listens on nothing but a socket in a folder of its own. As it refuses to run as root,
// it runs as the user that Debian made for it if the test does.
func startPostgres(t *testing.T) *pgx.ConnConfig {
	t.Helper()
	servers, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(servers) == 0 {
		if os.Getenv(requireVariable) != "" {
			t.Fatal("PostgreSQL is not installed")
		}
		t.Skip("PostgreSQL is not installed")
	}
	slices.Sort(servers)
	bin := filepath.Dir(servers[len(servers)-1])
	dir, err := os.MkdirTemp("", "pg") // a socket's path must be short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as := credential(t, dir)
	run := func(name string, args ...string) (*exec.Cmd, *bytes.Buffer) {
		var output bytes.Buffer
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.Stdout, c.Stderr = dir, &output, &output
		c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
		c.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return c, &output
	}
	data := filepath.Join(dir, "data")
	initdb, output := run("initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
	require.NoError(t, initdb.Run(), output)

	server, output := run("postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "timezone=Asia/Jakarta")
	require.NoError(t, server.Start())
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT) // a fast shutdown
		<-ended
	})
	config, err := pgx.ParseConfig("host=" + dir + " user=postgres dbname=postgres")
	require.NoError(t, err)
	for deadline := time.Now().Add(time.Minute); ; {
		c, err := pgx.ConnectConfig(t.Context(), config)
		if err == nil {
			require.NoError(t, c.Close(t.Context()))
			return config
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("PostgreSQL has ended: %v\n%s", err, output)
		case <-time.After(20 * time.Millisecond):
		}
		require.True(t, time.Now().Before(deadline), "PostgreSQL does not answer: %v", err)
	}
}

// credential returns the user that PostgreSQL runs as, who may use dir, or nil for the
// test's own.
func credential(t *testing.T, dir string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	require.NoError(t, err)
	uid, err := strconv.Atoi(u.Uid)
	require.NoError(t, err)
	gid, err := strconv.Atoi(u.Gid)
	require.NoError(t, err)
	require.NoError(t, os.Chown(dir, uid, gid))
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
