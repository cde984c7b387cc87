package loose

import (
	"strings"
	"time"
)

// Zones finds time zones by name and remembers them, so that a list of a
// million times reads a zone's file once. The zero value is ready. It is not
// safe for concurrent use: each reading of an answer has its own.
type Zones struct {
	found map[string]*time.Location

	last       *time.Location // that offsetOf was asked for
	lastOffset int            // its offset
	lastFixed  bool           // it has no other

	day  [len(time.DateOnly)]byte // of the last plain time, as it was written
	days int64                    // from January 1, 1970 to then
}

// offsetOf returns how many seconds a zone is ahead of UTC if it never changes: then no
// table of its changes has to be searched for each time.
func (z *Zones) offsetOf(loc *time.Location) (seconds int, fixed bool) {
	if loc == time.UTC {
		return 0, true
	}
	if loc != z.last {
		epoch := time.Unix(0, 0).In(loc)
		start, end := epoch.ZoneBounds()
		z.last, z.lastFixed = loc, start.IsZero() && end.IsZero()
		_, z.lastOffset = epoch.Zone()
	}
	return z.lastOffset, z.lastFixed
}

// The zones that this API's server is likely to name, known without a zone
// database. None of them has changed its offset since 1988.
var offsets = map[string]int{
	"WIB": 7, "WITA": 8, "WIT": 9,
	"Asia/Jakarta": 7, "Asia/Pontianak": 7, "Asia/Makassar": 8, "Asia/Ujung_Pandang": 8, "Asia/Jayapura": 9,
	"UTC": 0, "Z": 0, "z": 0, "GMT": 0, "Etc/UTC": 0, "Etc/GMT": 0,
}

// maxLookups is how many names are looked up in the zone database: more than any
// server uses, and few enough that a server which makes names up does not keep this
// machine busy with looking for files.
const maxLookups = 128

// find returns the zone of that name, or nil.
func (z *Zones) find(name string) *time.Location {
	if hours, ok := offsets[name]; ok {
		return fixed(hours * 3600)
	}
	if seconds, rest, ok := parseOffset(name); ok && rest == "" {
		return fixed(seconds)
	}
	if !strings.Contains(name, "/") {
		return nil
	}
	loc, known := z.found[name]
	if known || len(z.found) == maxLookups {
		return loc
	}
	if z.found == nil {
		z.found = make(map[string]*time.Location)
	}
	loc, _ = time.LoadLocation(name) // nil where this machine does not know it
	z.found[name] = loc
	return loc
}

func fixed(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	return time.FixedZone("", seconds)
}

// afterGap returns the time that time.Date moved to the day before, since clocks were
// put forward over midnight and it does not exist, as late after the gap as it was
// to be after the gap's start.
func afterGap(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if gap := offset(end) - offset(t); gap > 0 {
		return t.Add(gap)
	}
	return t
}

// offset returns how far the clocks at t are ahead of UTC.
func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// StartOfDay returns the first moment of a day in loc: midnight, or the earlier one
// where clocks are put back over it, or the end of the gap where they are put forward
// over it. Of a day that was skipped as a whole it is the start of the next one.
func StartOfDay(year int, month time.Month, day int, loc *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, loc)
	if loc == time.UTC {
		return midnight
	}
	before, after := offset(midnight.Add(-24*time.Hour)), offset(midnight.Add(24*time.Hour))
	if before == after {
		return midnight
	}
	wall := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	early, late := wall.Add(-max(before, after)).In(loc), wall.Add(-min(before, after)).In(loc)
	for _, t := range []time.Time{early, late} {
		if t.Add(offset(t)).Equal(wall) {
			return t
		}
	}
	if _, end := early.ZoneBounds(); !end.IsZero() {
		return end
	}
	return midnight
}
