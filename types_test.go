package pmpsmart_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert/yaml"
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

func TestDatesCompare(t *testing.T) {
	t.Parallel()
	days := []pmpsmart.Date{{}, pmpsmart.NewDate(1, 1, 1), pmpsmart.NewDate(2025, 12, 31), pmpsmart.NewDate(2026, 1, 30), pmpsmart.NewDate(2026, 2, 1), pmpsmart.NewDate(2026, 2, 2), pmpsmart.NewDate(9999, 12, 31)}
	for i, d := range days {
		for j, e := range days {
			require.Equal(t, i < j, d.Before(e))
			require.Equal(t, i > j, d.After(e))
			require.Equal(t, i == j, d.Equal(e))
			require.Equal(t, max(-1, min(1, i-j)), d.Compare(e))
		}
	}
	require.Equal(t, time.Monday, pmpsmart.NewDate(2026, 2, 2).Weekday())
	require.Equal(t, time.Sunday, pmpsmart.NewDate(2026, 2, 1).Weekday())
	require.Equal(t, time.Monday, pmpsmart.Date{}.Weekday())
}

// The first moment of a day is not the day before where clocks are put forward over
// midnight.
func TestTheFirstMomentOfADate(t *testing.T) {
	t.Parallel()
	for zone, day := range map[string]pmpsmart.Date{
		"America/Havana":    pmpsmart.NewDate(2026, 3, 8),
		"America/Sao_Paulo": pmpsmart.NewDate(2018, 11, 4),
		"Asia/Beirut":       pmpsmart.NewDate(2022, 3, 27),
	} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		first := day.Time(loc)
		require.Equal(t, day.String()+" 01:00:00", first.Format(time.DateTime))
		require.Equal(t, day, pmpsmart.DateOf(first))
		require.Equal(t, day.AddDays(-1), pmpsmart.DateOf(first.Add(-1)))
	}
}

// What is written by other packages than encoding/json is read by them again.
func TestDatesAsText(t *testing.T) {
	t.Parallel()
	type row struct {
		Day  pmpsmart.Date
		None pmpsmart.Date
		Attr pmpsmart.Date         `xml:",attr"`
		Days map[pmpsmart.Date]int `xml:"-"`
	}
	day := pmpsmart.NewDate(2026, time.February, 2)
	want := row{day, pmpsmart.Date{}, day, map[pmpsmart.Date]int{day: 2, {}: 1}}

	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.Equal(t, `{"Day":"2026-02-02","None":null,"Attr":"2026-02-02","Days":{"":1,"2026-02-02":2}}`, string(text))
	var got row
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)

	var b bytes.Buffer
	require.NoError(t, gob.NewEncoder(&b).Encode(want))
	got = row{}
	require.NoError(t, gob.NewDecoder(&b).Decode(&got))
	require.Equal(t, want, got)

	want.Days = nil
	text, err = xml.Marshal(want)
	require.NoError(t, err)
	require.Equal(t, `<row Attr="2026-02-02"><Day>2026-02-02</Day><None></None></row>`, string(text))
	got = row{}
	require.NoError(t, xml.Unmarshal(text, &got))
	require.Equal(t, want, got)

	var settings struct{ From, To, None pmpsmart.Date }
	require.NoError(t, yaml.Unmarshal([]byte("from: 2026-02-02\nto: \"2026-02-03\"\nnone: \"\"\n"), &settings))
	require.Equal(t, [3]pmpsmart.Date{day, day.AddDays(1)}, [3]pmpsmart.Date{settings.From, settings.To, settings.None})

	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var from, to pmpsmart.Date
	flags.TextVar(&from, "from", day, "")
	flags.TextVar(&to, "to", pmpsmart.Date{}, "")
	require.NoError(t, flags.Parse([]string{"-to", "2026-02-03"}))
	require.Equal(t, [2]pmpsmart.Date{day, day.AddDays(1)}, [2]pmpsmart.Date{from, to})
	require.ErrorContains(t, flags.Parse([]string{"-to", "besok"}), `pmpsmart: Date: want a date like 2026-02-02, got besok`)

	b.Reset()
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "day", day)
	require.Contains(t, b.String(), "day=2026-02-02")
}

func TestUnmarshalText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-02-02": "2026-02-02", " 2026-02-02\n": "2026-02-02", "": "", " ": "",
		"2026-02-02T00:00:00+09:00": "2026-02-02", "2026-02-02T23:30:00Z": "2026-02-02", // as TOML's packages hand on a date
	} {
		got := pmpsmart.NewDate(2026, 1, 1)
		require.NoError(t, got.UnmarshalText([]byte(text)), text)
		require.Equal(t, want, got.String(), text)
	}
	for _, text := range []string{"besok", "2026-02-30", "2026-2-2", "0000-01-01", "0000-01-01T00:00:00Z", "1769994000", "null"} {
		got := pmpsmart.NewDate(2026, 1, 1)
		require.Error(t, got.UnmarshalText([]byte(text)), text)
		require.Equal(t, pmpsmart.NewDate(2026, 1, 1), got)
	}
}
