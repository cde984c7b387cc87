package loose_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

var wib = time.FixedZone("WIB", 7*3600)

// show writes a time in UTC, "zero" for the zero time.
func show(t time.Time) string {
	if t.IsZero() {
		return "zero"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func TestTime(t *testing.T) {
	t.Parallel()
	read := func(raw []byte) (string, bool) {
		var zones loose.Zones
		at, ok := zones.Time(raw, wib)
		return show(at), ok
	}
	check(t, read, []scalar[string]{
		// RFC 3339, as Laravel 7 and later writes it
		{`"2026-02-02T01:15:30.000000Z"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T01:15:30.123456Z"`, "2026-02-02T01:15:30.123456Z", true},
		{`"2026-02-02T01:15:30Z"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T01:15:30.5Z"`, "2026-02-02T01:15:30.5Z", true},
		{`"2026-02-02T01:15:30.123456789Z"`, "2026-02-02T01:15:30.123456789Z", true},
		{`"2026-02-02T01:15:30.1234567891234Z"`, "2026-02-02T01:15:30.123456789Z", true},
		{`"2026-02-02T08:15:30+07:00"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T08:15:30.000+07:00"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T08:15:30+0700"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T08:15:30+07"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-01T20:15:30-05:00"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02t01:15:30z"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T01:15:30\u002b00:00"`, "2026-02-02T01:15:30Z", true},
		// no zone: the client's location
		{`"2026-02-02 08:15:30"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02T08:15:30"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02 08:15:30.250000"`, "2026-02-02T01:15:30.25Z", true},
		{`"2026-02-02 08:15"`, "2026-02-02T01:15:00Z", true},
		{`"2026-2-2 8:15:30"`, "2026-02-02T01:15:30Z", true},
		{`" 2026-02-02 08:15:30 "`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02"`, "2026-02-01T17:00:00Z", true},
		{`"2024-02-29"`, "2024-02-28T17:00:00Z", true},
		// a zone by name
		{`"2026-02-02 08:15:30 WIB"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02 09:15:30 WITA"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02 08:15:30 Asia/Jakarta"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02 01:15:30 UTC"`, "2026-02-02T01:15:30Z", true},
		{`"2026-02-02 08:15:30 +0700"`, "2026-02-02T01:15:30Z", true},
		// Unix seconds, and milliseconds
		{`1769994930`, "2026-02-02T01:15:30Z", true},
		{`1769994930.25`, "2026-02-02T01:15:30.25Z", true},
		{`1769994930.123456`, "2026-02-02T01:15:30.123456Z", true},
		{`1769994930000`, "2026-02-02T01:15:30Z", true},
		{`1769994930123`, "2026-02-02T01:15:30.123Z", true},
		{`"1769994930"`, "2026-02-02T01:15:30Z", true},
		{`1.769994930e9`, "2026-02-02T01:15:30Z", true},
		// Carbon, as json_encode writes a DateTime
		{`{"date":"2026-02-02 08:15:30.000000","timezone_type":3,"timezone":"Asia/Jakarta"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02 08:15:30.000000","timezone_type":1,"timezone":"+07:00"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02 08:15:30.000000","timezone_type":2,"timezone":"WIB"}`, "2026-02-02T01:15:30Z", true},
		{`{"timezone":"UTC","timezone_type":3,"date":"2026-02-02 01:15:30.000000"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02 08:15:30"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"-0001-11-30 00:00:00.000000","timezone_type":3,"timezone":"UTC"}`, "zero", true},
		{`{"date":null,"timezone":"UTC"}`, "zero", true},
		{`{"date":"2026-02-02","time":"08:15:30"}`, "2026-02-02T01:15:30Z", true},
		{`{"time":"08:15","date":"2026-02-02"}`, "2026-02-02T01:15:00Z", true},
		{`{"date":"2026-02-02","time":"01:15:30","timezone":"UTC"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02","time":"01:15:30Z"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02 08:15:30","time":"09:00"}`, "2026-02-02T01:15:30Z", true},
		{`{"date":"2026-02-02","time":null}`, "2026-02-01T17:00:00Z", true},
		{`{"date":null,"time":"08:15:30"}`, "zero", true},
		// nothing, and MySQL's zero date in each of its guises
		{`null`, "zero", true},
		{`""`, "zero", true},
		{`" "`, "zero", true},
		{`false`, "zero", true},
		{`"false"`, "zero", true},
		{`0`, "zero", true},
		{`"0"`, "zero", true},
		{`"0000-00-00 00:00:00"`, "zero", true},
		{`"0000-00-00"`, "zero", true},
		{`"-0001-11-30T00:00:00.000000Z"`, "zero", true},
		{`"-0001-11-30 00:00:00"`, "zero", true},
		{`"-000001-11-29T16:52:48.000000Z"`, "zero", true},
		{`"-000001-11-30T00:00:00.000000Z"`, "zero", true},
		{`"0000-12-31T17:00:00Z"`, "zero", true},

		{`"0000-00-00T00:00:00.000Z"`, "zero", true},
		{`"0000-00-00 00:00"`, "zero", true},
		{`"0000-00-00 or later"`, "zero", false},
		{`"0000-00-0\u0013\u00e9 00:00:00"`, "zero", false},
		{`"2026-02-30 08:15:30"`, "zero", false},
		{`"2026-02-29"`, "zero", false},
		{`"2026-13-01"`, "zero", false},
		{`"2026-00-10"`, "zero", false},
		{`"2026-02-02 24:00:00"`, "zero", false},
		{`"2026-02-02 08:60:00"`, "zero", false},
		{`"2026-02-02 08"`, "zero", false},
		{`"2026-02-02 08:15:30 NOWHERE"`, "zero", false},
		{`"2026-02-02 08:15:30 No/Where"`, "zero", false},
		{`"2026-02-02 08:15:30 ../etc/passwd"`, "zero", false},
		{`"2026-02-02 08:15:30+25:00"`, "zero", false},
		{`"0726-02-02T08:15:30+24:00"`, "zero", false},
		{`"2026-02-02T08:15:30-24:00"`, "zero", false},
		{`"2026-02-02T08:15:30+23:59"`, "2026-02-01T08:16:30Z", true},
		{`"12026-02-02"`, "zero", false},
		{`"02/02/2026"`, "zero", false},
		{`"2026"`, "zero", false},
		{`"20260202"`, "zero", false},
		{`2026`, "zero", false},
		{`20260202`, "zero", false},
		{`20260202101500`, "zero", false},
		{`"20260202101500"`, "zero", false},
		{`"kemarin"`, "zero", false},
		{`-1`, "zero", false},
		{`1e300`, "zero", false},
		{`true`, "zero", false},
		{`{}`, "zero", false},
		{`{"date":{}}`, "zero", false},
		{`{"date":"2026-02-02 08:15:30","timezone":"No/Where"}`, "zero", false},
		{`{"date":"2026-02-02","time":"pagi"}`, "zero", false},
		{`[]`, "zero", false},
		{`["2026-02-02"]`, "zero", false},
	})
}

func TestTimeKeepsItsZone(t *testing.T) {
	t.Parallel()
	var zones loose.Zones
	for raw, want := range map[string]string{
		`"2026-02-02T01:15:30.000000Z"`: "2026-02-02 01:15:30 +0000 UTC",
		`"2026-02-02 08:15:30"`:         "2026-02-02 08:15:30 +0700 WIB",
		`"2026-02-02T08:15:30+07:00"`:   "2026-02-02 08:15:30 +0700 +0700",
		`1769994930`:                    "2026-02-02 01:15:30 +0000 UTC",
	} {
		at, ok := zones.Time([]byte(raw), wib)
		assert.True(t, ok, raw)
		assert.Equal(t, want, at.String(), raw)
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	read := func(raw []byte) (string, bool) {
		var zones loose.Zones
		year, month, day, ok := zones.Day(raw, wib)
		return fmt.Sprintf("%d-%d-%d", year, month, day), ok
	}
	check(t, read, []scalar[string]{
		{`"2026-02-02"`, "2026-2-2", true},
		{`"0001-01-01"`, "1-1-1", true},
		{`"9999-12-31"`, "9999-12-31", true},
		{`"2026-02-02 23:59:59"`, "2026-2-2", true},
		{`"2026-02-02T00:00:00"`, "2026-2-2", true},
		// a DATE column that a datetime cast sends as the instant in UTC
		{`"2026-02-01T17:00:00.000000Z"`, "2026-2-2", true},
		{`"2026-02-01T16:59:59.000000Z"`, "2026-2-1", true},
		{`"2026-02-02T00:00:00+07:00"`, "2026-2-2", true},
		{`1769994930`, "2026-2-2", true},
		{`{"date":"2026-02-02 00:00:00.000000","timezone_type":3,"timezone":"Asia/Jakarta"}`, "2026-2-2", true},
		{`null`, "0-0-0", true},
		{`""`, "0-0-0", true},
		{`false`, "0-0-0", true},
		{`0`, "0-0-0", true},
		{`"0000-00-00"`, "0-0-0", true},
		{`"-0001-11-30T00:00:00.000000Z"`, "0-0-0", true},
		{`"2026-02-30"`, "0-0-0", false},
		{`"2026-00-00"`, "0-0-0", false},
		{`"2026/02/02"`, "0-0-0", false},
		{`"9999-12-31T20:00:00Z"`, "0-0-0", false},
		{`{}`, "0-0-0", false},
		{`[]`, "0-0-0", false},
		{`true`, "0-0-0", false},
	})
}

// A server that makes up the names of zones, more than any server has, makes this
// machine neither look for each nor remember them all.
func TestZonesAreBounded(t *testing.T) {
	t.Parallel()
	var zones loose.Zones
	at := func(zone string) bool {
		_, plain := zones.Time(fmt.Appendf(nil, `"2026-02-02 00:00:00 %s"`, zone), wib)
		_, carbon := zones.Time(fmt.Appendf(nil, `{"date":"2026-02-02 00:00:00","timezone":"%s"}`, zone), wib)
		assert.Equal(t, plain, carbon, zone)
		return plain
	}
	assert.True(t, at("Asia/Tokyo"))
	for i := range 10_000 {
		for _, form := range []string{"Zone%d", "A/%d", "Asia/%d"} {
			assert.False(t, at(fmt.Sprintf(form, i)))
		}
		assert.LessOrEqual(t, zones.Len(), 128)
	}
	for _, zone := range []string{"Asia/Tokyo", "Asia/Jakarta", "WIT", "+07:00", "-0330"} {
		assert.True(t, at(zone), zone)
	}
	assert.False(t, at("Asia/Seoul"), "nothing is looked up any more")
}

// Midnight does not exist where clocks are put forward over it, and exists twice where
// they are put back over it.
func TestMidnightInAGap(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		zone, day string
		want      string // the day's first moment
	}{
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // again an hour later
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"}, // an hour after 23:00 came again
		{"America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30"},  // a minute of it, then 59 of the day before again
		{"Asia/Beirut", "2022-03-27", "2022-03-27T01:00:00+03:00"},
		{"America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00"}, // from 23:30 on
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},    // there was none
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"Asia/Jakarta", "2026-02-02", "2026-02-02T00:00:00+07:00"},
	} {
		loc, err := time.LoadLocation(row.zone)
		require.NoError(t, err)
		at, err := time.Parse(time.DateOnly, row.day)
		require.NoError(t, err)
		assert.Equal(t, row.want, loose.StartOfDay(at.Year(), at.Month(), at.Day(), loc).Format(time.RFC3339), row)
		if row.zone == "Pacific/Apia" {
			continue
		}
		var zones loose.Zones
		for _, form := range []string{`"%s"`, `"%s 00:00:00"`, `"%s 00:30:00"`, `"%sT01:10:00.000"`, `"%s 23:59:60"`, `{"date":"%s 00:00:00.000000","timezone_type":3,"timezone":"` + row.zone + `"}`} {
			year, month, day, ok := zones.Day(fmt.Appendf(nil, form, row.day), loc)
			assert.True(t, ok)
			want := at
			if strings.HasSuffix(form, `:60"`) {
				want = at.AddDate(0, 0, 1)
			}
			assert.Equal(t, want, time.Date(year, month, day, 0, 0, 0, 0, time.UTC), form)
		}
	}
	loc, err := time.LoadLocation("America/Sao_Paulo")
	require.NoError(t, err)
	var zones loose.Zones
	got, ok := zones.Time([]byte(`"2018-11-04 00:30:00"`), loc)
	require.True(t, ok)
	require.Equal(t, "2018-11-04T01:30:00-02:00", got.Format(time.RFC3339), "as PHP has it")
}
