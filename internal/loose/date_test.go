package loose_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// TestTimesAreTimeDates: a time is what time.Date makes of it, to the bit, in zones that
// never change and in one that does, by Time and by PlainTime.
func TestTimesAreTimeDates(t *testing.T) {
	t.Parallel()
	jakarta, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for _, loc := range []*time.Location{time.UTC, wib, jakarta, time.FixedZone("", -3*3600-1800)} {
		var zones loose.Zones
		for i := range 20_000 {
			year, month, day := 1+i%9999, 1+random.IntN(12), 1+random.IntN(31)
			hour, minute, second := random.IntN(24), random.IntN(60), random.IntN(61)
			text := fmt.Sprintf(`"%04d-%02d-%02d %02d:%02d:%02d"`, year, month, day, hour, minute, second)
			want := time.Date(year, time.Month(month), day, hour, minute, second, 0, loc)
			got, ok := zones.Time([]byte(text), loc)
			exists := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day
			if ok != exists || exists && got != want {
				t.Fatalf("%s in %s: got %v %t, want %v", text, loc, got, ok, want)
			}
			padded := text + `,"next":0}`
			plain, length := zones.PlainTime([]byte(padded), loc)
			if exists != (length == len(text)) || plain != got {
				t.Fatalf("%s: PlainTime %v %d, Time %v", text, plain, length, got)
			}
		}
	}
}

// TestPlainTime has texts around the forms that it knows.
func TestPlainTime(t *testing.T) {
	t.Parallel()
	var zones loose.Zones
	for text, length := range map[string]int{
		`"2026-02-02T01:15:30.000000Z"`: 29, `"2026-02-02T01:15:30Z"       ,`: 22, `"2026-02-02 08:15:30"         `: 21, `"2026-02-02T08:15:30+07:00"    `: 0,
		`"2026-02-02 08:15:30","x":"abc"`: 21, `"2026-02-02","x":"2026-02-02 "`: 0, `"2026-02-02 08:15:30"`: 0, `"2026-02-02T01:15:30.00000"Z"`: 0, `"2026-02-02 08:15:"0"          `: 0,
		`"2026-02-30T01:15:30.000000Z"`: 0, ` 2026-02-02T01:15:30.000000Z"`: 0, "\x022026-02-02 08:15:30\"         ": 0,
		`"2026-02-02 24:15:30","x":"abc"`: 0, `"2026-02-02 08:60:30","x":"abc"`: 0, `"2026-02-02 08:15:61","x":"abc"`: 0, `"0000-00-00 00:00:00"         `: 0, ``: 0,
	} {
		_, _ = zones.PlainTime([]byte(`"2026-02-02 00:00:00","x":"abc"`), wib) // the day before is remembered
		got, n := zones.PlainTime([]byte(text), wib)
		if n != length {
			t.Errorf("%s: got %d, want %d", text, n, length)
		}
		if want, ok := zones.Time([]byte(text[:n]), wib); n > 0 && (!ok || got != want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// TestPlainDay has texts around the form that it knows.
func TestPlainDay(t *testing.T) {
	t.Parallel()
	for text, length := range map[string]int{
		`"2026-02-02"`: 12, `"2026-02-28","x":1`: 12, `"2026-02-29"`: 0, `"0000-00-00"`: 0, `"2026-13-01"`: 0, `"2026-02-0a"`: 0, `"2026-02-02`: 0, ``: 0,
		` 2026-02-02"`: 0, `"2026-02-02 08:15:30"`: 0, `"2026/02/02"`: 0, "\"2026-02-0\x00\"": 0,
	} {
		year, month, day, n := loose.PlainDay([]byte(text))
		if n != length {
			t.Errorf("%s: got %d, want %d", text, n, length)
		}
		if n > 0 && fmt.Sprintf(`"%04d-%02d-%02d"`, year, month, day) != text[:n] {
			t.Errorf("%s: got %d-%d-%d", text, year, month, day)
		}
	}
}
