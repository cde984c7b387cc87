package mirror

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// openSQL opens a mirror as a program of somebody else's does.
func openSQL(t *testing.T, name string) *sql.DB {
	t.Helper()
	if !mirrordb.IsURL(name) {
		db, err := sql.Open("sqlite", name)
		require.NoError(t, err)
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	config, err := pgx.ParseConfig(name)
	require.NoError(t, err)
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// query returns what a query finds: a line a row, with | between the columns.
func query(t *testing.T, db *sql.DB, text string, args ...any) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	require.NoError(t, err, text)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var lines []string
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		require.NoError(t, rows.Scan(into...))
		var texts []string
		for _, c := range cells {
			texts = append(texts, c.String)
		}
		lines = append(lines, strings.Join(texts, "|"))
	}
	require.NoError(t, rows.Err())
	return strings.Join(lines, "\n")
}

func testColumns(t *testing.T, name string) {
	order := func(id int64, extra string) pmpsmarttest.Order {
		o := pmpsmarttest.Order{Order: pmpsmart.Order{ID: id, Code: fmt.Sprint("PMP-", id), Date: lastDay}}
		require.NoError(t, json.Unmarshal([]byte(extra), &o.Order.Extra))
		return o
	}
	w := newWorld(t, name, pmpsmarttest.WithEmpty())
	w.plan.Kinds = []mirrordb.Kind{mirrordb.Orders}
	w.srv.AddOrders(
		order(1, `{"total":145000.50,"Total":1,"TOTAL":"x","paid":true,"sum":12345678901234567890.25,"note":"a \"note\"","items":[{"qty":1}],"none":null,"status ":"s","extra":"e","digest":"d","ID":77}`),
		order(2, `{"paid":false,"drop table \"orders\"; --":1,"first_seen":"f","`+strings.Repeat("panjang", 20)+`":1}`),
	)
	w.mustRun()
	db := openSQL(t, name)
	require.Equal(t, "0", query(t, db, "SELECT count(*) FROM mirror_fields"), "only when asked")

	// Asked for, they are made and filled, also of rows that are as they were.
	w.columns = true
	w.mustRun()
	require.Empty(t, w.events)
	require.Equal(t, "1|145000.5|x|1|12345678901234567890.25|1|a \"note\"\n2|0||||0|", strings.NewReplacer("true", "1", "false", "0").
		Replace(query(t, db, `SELECT id, total, total_2, total_3, sum, paid, note FROM orders ORDER BY id`)))
	require.Equal(t, `ID|id_2
TOTAL|total_2
Total|total_3
digest|digest_2
drop table "orders"; --|drop table _orders_; --
extra|extra_2
first_seen|first_seen_2
note|note
paid|paid
`+strings.Repeat("panjang", 20)+`|`+strings.Repeat("panjang", 20)[:60]+`
status |status_2
sum|sum
total|total`, query(t, db, `SELECT field, column_name FROM mirror_fields ORDER BY field COLLATE "`+map[bool]string{true: "C", false: "BINARY"}[mirrordb.IsURL(name)]+`"`))

	// A number that becomes a text, and a field that comes later; an order that is new.
	w.srv.AddOrders(order(1, `{"sum":"dua ribu","paid":"ya","baru":7}`), order(2, `{"sum":12345678901234567890.25,"paid":false}`), order(3, `{"sum":5,"baru":8,"paid":true}`))
	w.columns = false
	w.mustRun()
	require.Equal(t, "1|dua ribu|ya|\n2|12345678901234567890.25|0|\n3|5|1|", strings.NewReplacer("true", "1", "false", "0").
		Replace(query(t, db, "SELECT id, sum, paid, note FROM orders ORDER BY id")), "those that there are, are kept")
	w.columns = true
	w.mustRun()
	require.Equal(t, "1|7\n2|\n3|8", query(t, db, "SELECT id, baru FROM orders ORDER BY id"))

	// There is an end to it.
	var many []string
	for i := range 400 {
		many = append(many, fmt.Sprintf(`"f%d":%d`, i, i))
	}
	w.srv.AddOrders(order(4, "{"+strings.Join(many, ",")+"}"))
	w.mustRun()
	w.requireEqualOrders()
	require.Equal(t, "200", query(t, db, "SELECT count(*) FROM mirror_fields"))
}
