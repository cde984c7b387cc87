package loose_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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

// TestZonesAreBounded sends more zones than any server has: what is remembered
// must not grow with an endless list.
func TestZonesAreBounded(t *testing.T) {
	t.Parallel()
	var zones loose.Zones
	for i := range 10_000 {
		raw := fmt.Sprintf(`"2026-02-02 00:00:00 Zone%d"`, i)
		_, ok := zones.Time([]byte(raw), wib)
		assert.False(t, ok)
		assert.LessOrEqual(t, zones.Len(), 256)
	}
	at, ok := zones.Time([]byte(`"2026-02-02 00:00:00 WIT"`), wib)
	assert.True(t, ok)
	assert.Equal(t, "2026-02-01T15:00:00Z", show(at))
}

// TestDigitsOfTimes has a letter in the place of each digit of the usual forms.
func TestDigitsOfTimes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-02-02T01:15:30.000001Z", "2026-02-02 08:15:30", "2026-02-02"} {
		for i, c := range []byte(text) {
			for _, bad := range []byte("/:-x\x00\xff") {
				if c < '0' || c > '9' {
					continue
				}
				raw := []byte(`"` + text + `"`)
				raw[i+1] = bad
				var z loose.Zones
				_, ok := z.Time(raw, time.UTC)
				assert.False(t, ok, "%q", raw)
				_, _, _, ok = z.Day(raw, time.UTC)
				assert.False(t, ok, "%q", raw)
			}
		}
	}
}
