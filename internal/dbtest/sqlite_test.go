package dbtest

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

func TestSQLite(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "orders.db"))
	require.NoError(t, err)
	defer db.Close()
	for _, dayType := range []string{"TEXT", "DATE", "DATETIME", ""} {
		for _, extraType := range []string{"TEXT", "JSON", "BLOB", ""} {
			roundTrip(t, db, dayType, extraType)
		}
	}
	// SQLite's own functions read what was stored.
	var total float64
	var next string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT extra->>'total', date(day, '+1 day') FROM stored_text_json WHERE id = 1").Scan(&total, &next))
	require.Equal(t, 1000.5, total)
	require.Equal(t, "2026-02-03", next)
}
