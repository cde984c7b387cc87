package mirrordb

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// The mirror's own tables.
const (
	schemaTable = "mirror_schema" // the versions that this database went through
	metaTable   = "mirror_meta"   // whose mirror it is
	stateTable  = "mirror_state"  // how far each kind was read
	fieldsTable = "mirror_fields" // the columns that were made of the server's own fields
)

// A migration takes the tables from one version to the next.
type migration func(ctx context.Context, q querier, d dialect) error

// migrations are all, from an empty database on. One that was released is never changed.
var migrations = []migration{createTables}

// createTables makes version 1.
func createTables(ctx context.Context, q querier, d dialect) error {
	statements := []string{
		"CREATE TABLE " + metaTable + " (name " + d.typeOf(text) + " PRIMARY KEY, value " + d.typeOf(text) + " NOT NULL)",
		"CREATE TABLE " + stateTable + " (" + strings.Join([]string{
			"kind " + d.typeOf(text) + " PRIMARY KEY",
			"pass_at " + d.typeOf(stamp), "from_day " + d.typeOf(date), "to_day " + d.typeOf(date), "next_day " + d.typeOf(date),
			"next_page " + d.typeOf(integer), "page_ids " + d.typeOf(text), "page_before " + d.typeOf(integer),
			"running " + d.typeOf(integer) + " NOT NULL", "finished_at " + d.typeOf(stamp), "full_at " + d.typeOf(stamp),
		}, ", ") + ")",
		"CREATE TABLE " + fieldsTable + " (" + strings.Join([]string{
			"kind " + d.typeOf(text) + " NOT NULL", "field " + d.typeOf(text) + " NOT NULL",
			"column_name " + d.typeOf(text) + " NOT NULL", "holds " + d.typeOf(text) + " NOT NULL", "PRIMARY KEY (kind, field)",
		}, ", ") + ")",
	}
	for _, t := range tables {
		statements = append(statements, t.create(d))
		for _, name := range t.indexed() {
			statements = append(statements, "CREATE INDEX "+string(t.kind)+"_"+name+" ON "+string(t.kind)+" ("+name+")")
		}
	}
	if _, ok := d.(sqlite); ok {
		statements = append(statements, "PRAGMA application_id = "+strconv.Itoa(applicationID))
	}
	for _, statement := range statements {
		if _, err := q.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) create(d dialect) string {
	var columns []string
	for _, c := range t.all() {
		definition := c.name + " " + d.typeOf(c.sort)
		switch {
		case c.name == "id":
			definition += " PRIMARY KEY"
		case slices.Contains([]string{"extra", "first_seen", "last_seen", "changed_at", "digest"}, c.name):
			definition += " NOT NULL"
		}
		columns = append(columns, definition)
	}
	return "CREATE TABLE " + string(t.kind) + " (" + strings.Join(columns, ", ") + ")"
}

// prepare makes the tables or brings them to this version, and checks whose they are.
func (db *DB) prepare(ctx context.Context, o Options) error {
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		version, err := db.version(ctx, tx)
		if err != nil {
			return err
		}
		if err := db.migrate(ctx, tx, version); err != nil {
			return err
		}
		return db.own(ctx, tx, o.Source)
	})
	if err != nil {
		return err
	}
	if _, ok := db.dialect.(sqlite); ok {
		if err := db.journal(ctx); err != nil {
			return err
		}
	}
	return db.loadFields(ctx)
}

// version returns the version of the tables that are there, 0 for none. Tables of these
// names that are not a mirror's are an error.
func (db *DB) version(ctx context.Context, q querier) (int, error) {
	there, err := db.dialect.tables(ctx, q)
	if err != nil {
		return 0, err
	}
	if slices.Contains(there, schemaTable) && slices.Contains(there, metaTable) {
		var version int
		err := q.QueryRowContext(ctx, "SELECT max(version) FROM "+schemaTable+" WHERE EXISTS (SELECT 1 FROM "+metaTable+" WHERE name = 'server')").Scan(&version)
		switch {
		case err != nil:
			return 0, refuse(ErrForeign, lang.Errorf("%s has tables of a mirror's names that are not a mirror's; it is left as it is", db.name))
		case version > len(migrations):
			return 0, refuse(ErrForeign, lang.Errorf("%s was made by a newer version of this program; update the program, or name another database", db.name))
		}
		return version, nil
	}
	for _, name := range append(ownTables(), schemaTable) {
		if slices.Contains(there, name) {
			return 0, refuse(ErrForeign, lang.Errorf("%s has a table %s that is not a mirror's; it is left as it is", db.name, name))
		}
	}
	return 0, nil
}

func ownTables() []string {
	all := []string{metaTable, stateTable, fieldsTable}
	for _, t := range tables {
		all = append(all, string(t.kind))
	}
	return all
}

func (db *DB) migrate(ctx context.Context, q querier, version int) error {
	if version == 0 {
		create := "CREATE TABLE " + schemaTable + " (version " + db.dialect.typeOf(integer) + " PRIMARY KEY, applied_at " + db.dialect.typeOf(stamp) + " NOT NULL)"
		if _, err := q.ExecContext(ctx, create); err != nil {
			return err
		}
	}
	for ; version < len(migrations); version++ {
		if err := migrations[version](ctx, q, db.dialect); err != nil {
			return lang.Errorf("can't bring the tables to version %d: %w", version+1, err)
		}
		_, err := q.ExecContext(ctx, "INSERT INTO "+schemaTable+" (version, applied_at) VALUES ($1, $2)", version+1, db.dialect.encode(db.now().UTC()))
		if err != nil {
			return err
		}
	}
	return nil
}

// own makes the mirror that of a source, or checks that it is. One that no run has read
// anything into, as where the address was wrong, is anybody's.
func (db *DB) own(ctx context.Context, q querier, s Source) error {
	was, err := readSource(ctx, q)
	if err != nil {
		return err
	}
	other := was.Server != "" && was.Server != s.Server || was.Account != "" && s.Account != "" && was.Account != s.Account
	if other && db.isUnread(ctx, q) {
		for _, name := range []string{stateTable, metaTable} {
			if _, err := q.ExecContext(ctx, "DELETE FROM "+name); err != nil {
				return err
			}
		}
		was = Source{}
	} else if other {
		return refuse(ErrForeign, lang.Errorf("%s is the mirror of %s, and this run reads %s; name another database", db.name, was, s))
	}
	for _, entry := range [][2]string{{"server", s.Server}, {"account", s.Account}} {
		if entry[1] == "" || entry[1] == was.Server || entry[1] == was.Account {
			continue
		}
		_, err := q.ExecContext(ctx, "INSERT INTO "+metaTable+" (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", entry[0], entry[1])
		if err != nil {
			return err
		}
	}
	return nil
}

// isUnread reports whether no run has got an answer yet.
func (db *DB) isUnread(ctx context.Context, q querier) bool {
	found := "SELECT 1 FROM " + stateTable + " WHERE finished_at IS NOT NULL"
	for _, t := range tables {
		found += " UNION ALL SELECT 1 FROM " + string(t.kind)
	}
	var n int64
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM ("+found+") AS found").Scan(&n)
	return err == nil && n == 0
}

func readSource(ctx context.Context, q querier) (s Source, err error) {
	for name, value := range map[string]*string{"server": &s.Server, "account": &s.Account} {
		err := q.QueryRowContext(ctx, "SELECT value FROM "+metaTable+" WHERE name = $1", name).Scan(value)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return s, err
		}
	}
	return s, nil
}
