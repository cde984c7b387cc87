package pmpsmart_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
)

func TestDates(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 2)
	require.Equal(t, "2026-02-02", day.String())
	require.Equal(t, "2026-02-02", fmt.Sprint(day))
	require.Equal(t, pmpsmart.NewDate(2026, time.February, 1), pmpsmart.NewDate(2026, time.January, 32), "normalized")
	require.False(t, day.IsZero())
	require.True(t, pmpsmart.Date{}.IsZero())
	require.Empty(t, pmpsmart.Date{}.String())
	require.Equal(t, time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC), day.Time(nil))
	wit := time.FixedZone("WIT", 9*3600)
	require.Equal(t, time.Date(2026, 2, 2, 0, 0, 0, 0, wit), day.Time(wit))
	require.True(t, pmpsmart.Date{}.Time(wit).IsZero())
	for _, year := range []int{0, -1, 10000, 100000, math.MaxInt32} {
		require.True(t, pmpsmart.NewDate(year, 1, 1).IsZero(), year)
	}
	require.Equal(t, "0001-01-01", pmpsmart.NewDate(1, 1, 1).String())
	require.True(t, pmpsmart.DateOf(time.Time{}).IsZero())
	require.Equal(t, day, pmpsmart.DateOf(evening))
	require.Equal(t, "9999-12-31", pmpsmart.NewDate(9999, 12, 31).String())
	for _, later := range []pmpsmart.Date{pmpsmart.NewDate(2026, 2, 3), pmpsmart.NewDate(2026, 3, 1), pmpsmart.NewDate(2027, 1, 1)} {
		require.True(t, day.Before(later))
		require.False(t, later.Before(day))
	}
	require.False(t, day.Before(day))
	require.Equal(t, map[pmpsmart.Date]int{day: 2}, map[pmpsmart.Date]int{pmpsmart.NewDate(2026, 2, 2): 2}, "comparable")
}

func TestAddDays(t *testing.T) {
	t.Parallel()
	day := pmpsmart.NewDate(2026, time.February, 27)
	for n, want := range map[int]string{0: "2026-02-27", 1: "2026-02-28", 2: "2026-03-01", -27: "2026-01-31", 365: "2027-02-27", 2_912_385: "9999-12-31", -739_673: "0001-01-01"} {
		require.Equal(t, want, day.AddDays(n).String(), n)
	}
	for _, n := range []int{2_912_386, -739_674, math.MaxInt, math.MinInt} {
		require.True(t, day.AddDays(n).IsZero(), n)
	}
	require.True(t, pmpsmart.Date{}.AddDays(1).IsZero())
}

func TestToday(t *testing.T) {
	t.Parallel()
	require.Equal(t, "WIB", pmpsmart.WIB.String())
	for _, loc := range []*time.Location{pmpsmart.WIB, time.UTC, time.FixedZone("far", 14*3600), time.FixedZone("far", -12*3600), nil} {
		in := loc
		if in == nil {
			in = time.UTC
		}
		before, today := pmpsmart.DateOf(time.Now().In(in)), pmpsmart.Today(loc)
		require.Contains(t, []pmpsmart.Date{before, pmpsmart.DateOf(time.Now().In(in))}, today)
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]pmpsmart.Date{"2026-02-02": pmpsmart.NewDate(2026, 2, 2), "2024-02-29": pmpsmart.NewDate(2024, 2, 29), "0001-01-01": pmpsmart.NewDate(1, 1, 1)} {
		got, err := pmpsmart.ParseDate(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "2026-2-2", "2026-02-30", "2025-02-29", "2026-13-01", "02-02-2026", "2026-02-02T00:00:00Z", " 2026-02-02", "0000-01-01", "hari ini"} {
		got, err := pmpsmart.ParseDate(text)
		require.EqualError(t, err, fmt.Sprintf("pmpsmart: ParseDate: want a date like 2026-02-02, got %q", text))
		require.Equal(t, pmpsmart.Date{}, got)
	}
}

func TestDatesInJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`"2026-02-02"`: "2026-02-02", `null`: "", `""`: "", `"0000-00-00"`: "", `"2026-02-01T17:00:00Z"`: "2026-02-02", `"2026-02-02 23:59:59"`: "2026-02-02", `1769994000`: "2026-02-02"} {
		var got pmpsmart.Date
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, got.String(), text)
	}
	for _, text := range []string{`"besok"`, `"2026-02-30"`, `{}`, `[]`, `true`} {
		got := pmpsmart.NewDate(2026, 1, 1)
		require.EqualError(t, json.Unmarshal([]byte(text), &got), `pmpsmart: Date: want a date like "2026-02-02", got `+text)
	}
	text, err := json.Marshal([]pmpsmart.Date{pmpsmart.NewDate(2026, 2, 2), {}})
	require.NoError(t, err)
	require.Equal(t, `["2026-02-02",null]`, string(text))
}
