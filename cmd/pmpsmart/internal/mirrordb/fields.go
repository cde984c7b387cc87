package mirrordb

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of the columns that are made of the server's fields.
const (
	mostFields  = 200
	longestName = 60 // bytes; PostgreSQL cuts names after 63
)

// A fieldSort is what the values of a field are, as far as they were seen.
type fieldSort string

const (
	numbers fieldSort = "number"
	truths  fieldSort = "bool"
	texts   fieldSort = "text" // and all that is mixed
)

// A field is one of the server's that has a column of its own.
type field struct {
	name, column string
	sort         fieldSort
}

// fields are those of a table.
type fields struct {
	learn bool // makes columns of new ones
	list  []field
	index map[string]int
}

func (f *fields) add(one field) {
	f.index[one.name] = len(f.list)
	f.list = append(f.list, one)
}

// loadFields reads which columns were made.
func (db *DB) loadFields(ctx context.Context) error {
	all := map[Kind]*fields{}
	for _, k := range Kinds() {
		all[k] = &fields{learn: db.learn, index: map[string]int{}}
	}
	rows, err := db.conn.QueryContext(ctx, "SELECT kind, field, column_name, holds FROM "+fieldsTable+" ORDER BY kind, field")
	if err != nil {
		return db.failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind Kind
		var f field
		if err := rows.Scan(&kind, &f.name, &f.column, &f.sort); err != nil {
			return db.failed(err)
		}
		if of := all[kind]; of != nil {
			of.add(f)
		}
	}
	if err := rows.Err(); err != nil {
		return db.failed(err)
	}
	db.fields = all
	return nil
}

// learnFields makes columns of the fields of rows that have none yet, and widens those
// that can't hold what came.
func (db *DB) learnFields(ctx context.Context, tx *sql.Tx, t *table, rows []Row) error {
	of := db.fields[t.kind]
	if !of.learn && len(of.list) == 0 {
		return nil
	}
	var found []field
	for i := range rows {
		for name, raw := range members(rows[i].extra) {
			got, scalar := sortOf(raw)
			at, known := of.index[name]
			switch {
			case known && (raw[0] == 'n' || of.list[at].sort == got || of.list[at].sort == texts):
			case known:
				if err := db.widen(ctx, tx, t, &of.list[at]); err != nil {
					return err
				}
			case of.learn && scalar && !t.has(name):
				found = note(found, field{name: name, sort: got})
			}
		}
	}
	return db.addFields(ctx, tx, t, found)
}

// note adds a field to those found, or what its value is.
func note(found []field, f field) []field {
	at := slices.IndexFunc(found, func(o field) bool { return o.name == f.name })
	switch {
	case at < 0:
		return append(found, f)
	case found[at].sort != f.sort:
		found[at].sort = texts
	}
	return found
}

// addFields makes columns of fields, as long as there are not too many, and fills them.
func (db *DB) addFields(ctx context.Context, tx *sql.Tx, t *table, found []field) error {
	of := db.fields[t.kind]
	found = found[:min(len(found), mostFields-len(of.list))]
	if len(found) == 0 {
		return nil
	}
	// Of fields that differ in the case of their letters, one in lower case has the name.
	slices.SortStableFunc(found, func(a, b field) int {
		return cmp.Compare(strings.Compare(b.name, strings.ToLower(b.name)), strings.Compare(a.name, strings.ToLower(a.name)))
	})
	for _, f := range found {
		f.column = of.columnFor(t, f.name)
		if err := db.addColumn(ctx, tx, t, f); err != nil {
			return err
		}
		of.add(f)
	}
	return db.backfill(ctx, tx, t)
}

// has reports whether a field has a column of the table's own: what that could not hold
// stands in extra.
func (t *table) has(name string) bool {
	return name == "id" || slices.ContainsFunc(t.columns, func(c column) bool { return c.name == name })
}

// columnFor returns a name for the column of a field: in lower case, so that PostgreSQL
// needs no quotes, without characters that can't be seen, and of no other column.
func (f *fields) columnFor(t *table, name string) string {
	base := strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '"' || r == utf8.RuneError {
			return '_'
		}
		return r
	}, strings.ToLower(name)))
	if base == "" {
		base = "field"
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(t.all(), func(c column) bool { return strings.EqualFold(c.name, name) }) ||
			slices.ContainsFunc(f.list, func(o field) bool { return strings.EqualFold(o.column, name) })
	}
	column := cutName(base, longestName)
	for n := 2; taken(column); n++ {
		suffix := "_" + strconv.Itoa(n)
		column = cutName(base, longestName-len(suffix)) + suffix
	}
	return column
}

// cutName returns the start of a name that has at most n bytes.
func cutName(name string, n int) string {
	for len(name) > n {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

func (db *DB) addColumn(ctx context.Context, tx *sql.Tx, t *table, f field) error {
	_, err := tx.ExecContext(ctx, strings.TrimSpace("ALTER TABLE "+string(t.kind)+" ADD COLUMN "+quote(f.column)+" "+db.dialect.fieldType(f.sort)))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO "+fieldsTable+" (kind, field, column_name, holds) VALUES ($1, $2, $3, $4)", string(t.kind), f.name, f.column, string(f.sort))
	return err
}

// widen makes a column one of texts.
func (db *DB) widen(ctx context.Context, tx *sql.Tx, t *table, f *field) error {
	if _, ok := db.dialect.(postgres); ok {
		column := quote(f.column)
		_, err := tx.ExecContext(ctx, fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE text USING %s::text", t.kind, column, column))
		if err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE "+fieldsTable+" SET holds = $1 WHERE kind = $2 AND field = $3", string(texts), string(t.kind), f.name)
	f.sort = texts
	return err
}

// backfill fills new columns of the rows that are there, from their extra.
func (db *DB) backfill(ctx context.Context, tx *sql.Tx, t *table) error {
	const page = 1000
	for after := int64(-1 << 63); ; {
		extras, last, err := extrasAfter(ctx, tx, t, after, page)
		if err != nil {
			return err
		}
		for _, row := range extras {
			var set strings.Builder
			values := []any{row.ID}
			for i, v := range db.fieldValues(t, row.extra) {
				if v != nil {
					values = append(values, v)
					fmt.Fprintf(&set, ", %s = $%d", quote(db.fields[t.kind].list[i].column), len(values))
				}
			}
			if len(values) == 1 {
				continue
			}
			if _, err := tx.ExecContext(ctx, "UPDATE "+string(t.kind)+" SET "+set.String()[2:]+" WHERE id = $1", values...); err != nil {
				return err
			}
		}
		if len(extras) < page {
			return nil
		}
		after = last
	}
}

func extrasAfter(ctx context.Context, q querier, t *table, after int64, page int) (all []Row, last int64, err error) {
	rows, err := q.QueryContext(ctx, "SELECT id, extra FROM "+string(t.kind)+" WHERE id > $1 ORDER BY id LIMIT $2", after, page)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var row Row
		if err := rows.Scan(&row.ID, &row.extra); err != nil {
			return nil, 0, err
		}
		all, last = append(all, row), row.ID
	}
	return all, last, rows.Err()
}

// fieldValues returns what a row has in the columns of the server's fields.
func (db *DB) fieldValues(t *table, extra string) []any {
	of := db.fields[t.kind]
	values := make([]any, len(of.list))
	if len(values) == 0 {
		return values
	}
	for name, raw := range members(extra) {
		if i, ok := of.index[name]; ok && raw[0] != 'n' {
			values[i] = db.dialect.fieldValue(of.list[i].sort, raw)
		}
	}
	return values
}
