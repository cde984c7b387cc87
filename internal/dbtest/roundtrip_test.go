package dbtest

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

// A stored is a row of a table.
type stored struct {
	id    int64
	day   pmpsmart.Date
	extra pmpsmart.Extra
}

func storedRows(t *testing.T) []stored {
	extra := func(text string) (e pmpsmart.Extra) {
		require.NoError(t, json.Unmarshal([]byte(text), &e))
		return e
	}
	return []stored{
		{1, pmpsmart.NewDate(2026, time.February, 2), extra(`{"total":1000.5,"items":[{"qty":"2"}],"nama":"Kopi \"é\"","kosong":null}`)},
		{2, pmpsmart.NewDate(1, time.January, 2), pmpsmart.Extra{}},
		{3, pmpsmart.NewDate(9999, time.December, 31), extra(`{"api_token":"rahasia"}`)},
		{4, pmpsmart.Date{}, extra(`{"<x>":"&"}`)},
	}
}

// roundTrip stores rows in a table with columns of those types, and reads them back.
func roundTrip(t *testing.T, db *sql.DB, dayType, extraType string) {
	t.Helper()
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), query, args...)
		require.NoError(t, err)
	}
	table := "stored_" + strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r
		}
		return '_'
	}, strings.ToLower(dayType+"_"+extraType))
	exec("CREATE TABLE " + table + " (id bigint PRIMARY KEY, day " + dayType + ", extra " + extraType + ")")
	rows := storedRows(t)
	for _, row := range rows {
		exec("INSERT INTO "+table+" VALUES ($1, $2, $3)", row.id, row.day, row.extra)
	}
	exec("INSERT INTO "+table+" VALUES ($1, $2, $3)", 5, nil, nil)
	rows = append(rows, stored{id: 5})

	got, err := db.QueryContext(t.Context(), "SELECT id, day, extra FROM "+table+" ORDER BY id")
	require.NoError(t, err)
	defer got.Close()
	for _, want := range rows {
		require.True(t, got.Next(), "row %d", want.id)
		row := stored{day: pmpsmart.NewDate(2000, 1, 1), extra: rows[0].extra} // which must not stay
		require.NoError(t, got.Scan(&row.id, &row.day, &row.extra))
		require.Equal(t, want.id, row.id)
		require.Equal(t, want.day, row.day, "row %d", want.id)
		require.True(t, want.extra.Equal(row.extra), "row %d: want %s, got %s", want.id, want.extra, row.extra)
	}
	require.False(t, got.Next())

	ids := func(where string, args ...any) (ids []int64) {
		t.Helper()
		got, err := db.QueryContext(t.Context(), "SELECT id FROM "+table+" WHERE "+where+" ORDER BY id", args...)
		require.NoError(t, err)
		defer got.Close()
		for got.Next() {
			var id int64
			require.NoError(t, got.Scan(&id))
			ids = append(ids, id)
		}
		require.NoError(t, got.Err())
		return ids
	}
	require.Equal(t, []int64{4, 5}, ids("day IS NULL"), "the zero Date is NULL")
	require.Equal(t, []int64{1}, ids("day = $1", rows[0].day))
	require.Equal(t, []int64{1, 2}, ids("day < $1", rows[0].day.AddDays(1)), "dates are in their order")

	var null sql.Null[pmpsmart.Date]
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT day FROM "+table+" WHERE id = 4").Scan(&null))
	require.False(t, null.Valid)
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT day FROM "+table+" WHERE id = 1").Scan(&null))
	require.Equal(t, sql.Null[pmpsmart.Date]{V: rows[0].day, Valid: true}, null)
}
