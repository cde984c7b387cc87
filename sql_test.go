package pmpsmart_test

import (
	"database/sql"
	"database/sql/driver"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

var (
	_ sql.Scanner   = (*pmpsmart.Date)(nil)
	_ driver.Valuer = pmpsmart.Date{}
	_ sql.Scanner   = (*pmpsmart.Extra)(nil)
	_ driver.Valuer = pmpsmart.Extra{}
)

func TestDateInADatabase(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	value, err := day.Value()
	require.NoError(t, err)
	require.Equal(t, "2026-02-02", value)
	value, err = pmpsmart.Date{}.Value()
	require.NoError(t, err)
	require.Nil(t, value)
	require.True(t, driver.IsValue(value))

	for _, src := range []any{
		"2026-02-02", []byte("2026-02-02"), "2026-02-02 00:00:00", "2026-02-02T23:59:59Z", " 2026-02-02 ",
		time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 2, 23, 0, 0, 0, pmpsmart.WIB),
	} {
		var got pmpsmart.Date
		require.NoError(t, got.Scan(src), src)
		require.Equal(t, day, got, src)
	}
	for _, src := range []any{nil, "", []byte{}, []byte(nil), "0000-00-00", "0000-00-00 00:00:00", time.Time{}} {
		got := day
		require.NoError(t, got.Scan(src), src)
		require.True(t, got.IsZero(), src)
	}
	for _, src := range []any{"besok", "2026-02-30", "2026-02-02x", int64(20260202), true, 1.5, time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)} {
		got := day
		require.ErrorContains(t, got.Scan(src), "pmpsmart: Date: ", src)
		require.Equal(t, day, got, "as it was")
	}
}

func TestExtraInADatabase(t *testing.T) {
	t.Parallel()
	e := extra(t, `{"total":1000.50,"api_token":"abc","nama":"é"}`)
	value, err := e.Value()
	require.NoError(t, err)
	require.Equal(t, `{"total":1000.50,"api_token":"abc","nama":"é"}`, value)
	value, err = pmpsmart.Extra{}.Value()
	require.NoError(t, err)
	require.Equal(t, `{}`, value)

	for _, src := range []any{`{"total":1000.50,"api_token":"abc","nama":"é"}`, []byte(`{"total":1000.50,"api_token":"abc","nama":"é"}`)} {
		var got pmpsmart.Extra
		require.NoError(t, got.Scan(src))
		require.Equal(t, e, got)
	}
	for _, src := range []any{nil, "", []byte{}, "null", "{}"} {
		got := e
		require.NoError(t, got.Scan(src))
		require.Equal(t, pmpsmart.Extra{}, got)
	}
	for _, src := range []any{"[]", "x", `{"a":`, int64(7), time.Time{}} {
		got := e
		require.ErrorContains(t, got.Scan(src), "pmpsmart: Extra: ", src)
		require.Equal(t, e, got, "as it was")
	}
}

// What a driver scans into is kept, and the driver's bytes are not.
func TestExtraOwnsWhatItScans(t *testing.T) {
	t.Parallel()
	b := []byte(`{"a":1}`)
	var got pmpsmart.Extra
	require.NoError(t, got.Scan(b))
	copy(b, `{"b":2}`)
	require.Equal(t, extra(t, `{"a":1}`), got)
}
