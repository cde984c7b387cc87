package mirrordb

import (
	"context"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/testpostgres"
)

var source = Source{Server: "https://pmpsmart.test", Account: "a@pmpsmart.test"}

// A file that is no mirror is refused, and stays byte for byte as it is.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	foreign := func(statements ...string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			for _, s := range statements {
				_, err := db.ExecContext(t.Context(), s)
				require.NoError(t, err)
			}
			require.NoError(t, db.Close())
		}
	}
	write := func(text string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want string
	}{
		"text":          {write("order 1\n"), "FILE is not a database of SQLite; it is left as it is"},
		"short":         {write("SQLite format 3\x00"), "FILE is not a database of SQLite; it is left as it is"},
		"other program": {foreign("CREATE TABLE photos (id)", "PRAGMA application_id = 7"), "FILE is a database of another program; it is left as it is"},
		"other tables":  {foreign("CREATE TABLE photos (id)"), "FILE is a database with other tables (photos); it is left as it is"},
		"our names":     {foreign("CREATE TABLE orders (id)"), "FILE is a database with other tables (orders); it is left as it is"},
		"other in WAL":  {foreign("PRAGMA journal_mode=WAL"), "FILE is a database of another program; it is left as it is"},
		"pretender":     {foreign("CREATE TABLE orders (id)", "PRAGMA application_id = 1349342061"), "FILE has a table orders that is not a mirror's; it is left as it is"},
		"newer": {func(t *testing.T, path string) {
			db, err := Open(t.Context(), path, Options{Source: source})
			require.NoError(t, err)
			_, err = db.conn.ExecContext(t.Context(), "INSERT INTO mirror_schema VALUES (99, '')")
			require.NoError(t, err)
			require.NoError(t, db.Close())
		}, "FILE was made by a newer version of this program; update the program, or name another database"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "FILE")
			c.make(t, path)
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, open := range []func() error{
				func() error { _, err := Open(t.Context(), path, Options{Source: source}); return err },
				func() error { _, err := OpenReader(t.Context(), path); return err },
			} {
				err := open()
				require.ErrorIs(t, err, ErrForeign)
				assert.Contains(t, err.Error(), filepath.Base(c.want[4:]))
			}
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, before, after)
			files, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			assert.Len(t, files, 1, "nothing is left beside it")
		})
	}
}

// An empty file and a database without tables become a mirror; a name may hold anything.
func TestNewFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.db", "a?b#c%20d.db", "spasi dan é.db"} {
		path := filepath.Join(t.TempDir(), name)
		for range 2 {
			db, err := Open(t.Context(), path, Options{Source: source})
			require.NoError(t, err)
			require.NoError(t, db.Close())
		}
		files, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, files, 1)
		require.Equal(t, name, files[0].Name())
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		db, err := Open(t.Context(), path, Options{Source: source})
		require.NoError(t, err)
		require.NoError(t, db.Close())
	}
	_, err := OpenReader(t.Context(), filepath.Join(t.TempDir(), "none.db"))
	require.ErrorIs(t, err, ErrForeign)
}

// A reader needs no write, and sees what the run beside it has committed.
func TestReaderBesideAWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := Open(t.Context(), path, Options{Source: source})
	require.NoError(t, err)
	r, err := OpenReader(t.Context(), path)
	require.NoError(t, err)
	require.Equal(t, source, r.Source())
	require.NoError(t, r.Close())
	require.NoError(t, db.Close())
	if os.Getuid() == 0 {
		return // whom no mode keeps out
	}
	require.NoError(t, os.Chmod(path, 0o400))
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o500)) //nolint:gosec // a folder
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	r, err = OpenReader(t.Context(), path)
	require.NoError(t, err)
	require.NoError(t, r.Close())
}

// The tables of an older version are brought to this one, in one transaction.
func TestMigrations(t *testing.T) { //nolint:paralleltest // it adds a migration
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := Open(t.Context(), path, Options{Source: source})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	was := migrations
	t.Cleanup(func() { migrations = was })
	step := func(statement string) migration {
		return func(ctx context.Context, q querier, _ dialect) error {
			_, err := q.ExecContext(ctx, statement)
			return err
		}
	}
	migrations = append(was[:1:1], step("ALTER TABLE orders ADD COLUMN two"), step("no SQL"))
	_, err = OpenReader(t.Context(), path)
	require.ErrorContains(t, err, "was made by an older version of this program; pmpsmart mirror brings it up to date")
	_, err = Open(t.Context(), path, Options{Source: source})
	require.ErrorContains(t, err, "can't bring the tables to version 3")
	migrations = migrations[:2]
	for range 2 {
		db, err := Open(t.Context(), path, Options{Source: source})
		require.NoError(t, err)
		var version, columns int
		require.NoError(t, db.conn.QueryRowContext(t.Context(), "SELECT count(*), (SELECT count(*) FROM pragma_table_info('orders') WHERE name = 'two') FROM mirror_schema").Scan(&version, &columns))
		require.Equal(t, []int{2, 1}, []int{version, columns})
		require.NoError(t, db.Close())
	}
}

func TestPostgreSQLDatabases(t *testing.T) {
	t.Parallel()
	server := testpostgres.Start(t)
	url := server.URL("foreign_tables")
	server.SQL("foreign_tables", "CREATE TABLE visits (id int)")
	for range 2 {
		_, err := Open(t.Context(), url, Options{Source: source})
		require.ErrorIs(t, err, ErrForeign)
		require.ErrorContains(t, err, "has a table visits that is not a mirror's; it is left as it is")
	}
	require.Equal(t, "visits", server.SQL("foreign_tables", "SELECT string_agg(relname, ',') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))

	// Other tables do no harm, and a schema of its own is a place of its own.
	server.SQL("foreign_tables", "CREATE SCHEMA pmpsmart; CREATE TABLE photos (id int)")
	for range 2 {
		db, err := Open(t.Context(), url+"&search_path=pmpsmart", Options{Source: source})
		require.NoError(t, err)
		require.NoError(t, db.Close())
	}
	require.Equal(t, "0", server.SQL("foreign_tables", "SELECT count(*) FROM pmpsmart.orders"))
	_, err := Open(t.Context(), url+"&search_path=none", Options{Source: source})
	require.ErrorContains(t, err, "the schemas of search_path do not exist")
	_, err = OpenReader(t.Context(), server.URL("nothing"))
	require.ErrorContains(t, err, "is not a mirror; pmpsmart mirror makes one")
}

// No error shows the password of a URL.
func TestPasswordsAreNotShown(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	const password = "rahasia-sekali"
	for url, kind := range map[string]error{
		"postgres://kasir:" + password + "@" + address + "/toko":                           ErrAway,
		"postgres://kasir:" + password + "@" + address + "/toko?sslmode=salah":             ErrForeign,
		"postgres://kasir:" + password + "@[::1/toko":                                      ErrForeign,
		"postgresql://kasir:" + password + "%zz@" + address + "/toko":                      ErrForeign,
		"postgres://" + address + "/toko?user=kasir&password=" + password:                  ErrAway,
		"postgres://" + address + "/toko?password=" + password + "&target_session_attrs=x": ErrForeign,
	} {
		_, err := Open(t.Context(), url, Options{Source: source})
		require.ErrorIs(t, err, kind, url)
		require.NotContains(t, err.Error(), password)
		require.NotContains(t, err.Error(), "rahasia")
	}
}

// A mirror into which nothing was read, as where the server's address was wrong, becomes that
// of the right one; one that was read stays whose it is.
func TestAMirrorThatWasNeverRead(t *testing.T) {
	t.Parallel()
	other := Source{Server: "https://other.test"}
	for name, place := range map[string]string{"SQLite": filepath.Join(t.TempDir(), "a.db"), "PostgreSQL": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if place == "" {
				place = testpostgres.Start(t).URL("never_read")
			}
			open := func(s Source) error {
				db, err := Open(t.Context(), place, Options{Source: s})
				if err != nil {
					return err
				}
				defer db.Close()
				_, err = db.StartPass(t.Context(), Orders, pmpsmart.Date{}, pmpsmart.Date{}, false)
				return err
			}
			for _, s := range []Source{source, other, source} {
				require.NoError(t, open(s))
				r, err := OpenReader(t.Context(), place)
				require.NoError(t, err)
				assert.Equal(t, s, r.Source())
				require.NoError(t, r.Close())
			}
			db, err := Open(t.Context(), place, Options{Source: source})
			require.NoError(t, err)
			_, err = db.conn.ExecContext(t.Context(), "UPDATE mirror_state SET finished_at = pass_at")
			require.NoError(t, err)
			require.NoError(t, db.Close())
			require.ErrorIs(t, open(other), ErrForeign, "the server has answered")
			require.NoError(t, open(source))
		})
	}
}
