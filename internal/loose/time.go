package loose

import (
	"math"
	"strings"
	"time"
)

// Time reads an instant: RFC 3339, the SQL form "2026-02-02 09:00:00", a date
// alone, Unix seconds (milliseconds from 10^11 on) and Carbon's object. A time
// that names no zone is in loc. Dates below year 1, as MySQL's zero date, and 0
// are the zero time.
func (z *Zones) Time(raw []byte, loc *time.Location) (time.Time, bool) {
	switch Kind(raw) {
	case '"':
		if t, ok := z.plain(raw[1:len(raw)-1], loc); ok {
			return t, true
		}
		text, _ := scalar(raw)
		return z.parse(text, loc)
	case '0':
		return instant(raw)
	case '{':
		return z.carbon(raw, loc)
	case 'n', 'f':
		return time.Time{}, true
	default:
		return time.Time{}, false
	}
}

// Day reads a civil date: a date alone, or an instant's day in loc.
func (z *Zones) Day(raw []byte, loc *time.Location) (year int, month time.Month, day int, ok bool) {
	if year, month, day, length := PlainDay(raw); length == len(raw) && length > 0 {
		return year, month, day, true
	}
	t, ok := z.Time(raw, loc)
	if !ok || t.IsZero() {
		return 0, 0, 0, ok
	}
	if year, month, day = t.In(loc).Date(); year < 1 || year > 9999 {
		return 0, 0, 0, false
	}
	return year, month, day, true
}

// PlainDay reads the string at the start of b if it is a date alone, and returns its
// length, quotes included; else that is 0, and Day may read it.
func PlainDay(b []byte) (year int, month time.Month, day, length int) {
	const last = len(`"2026-02-02`)
	if len(b) <= last || b[0] != '"' || b[5] != '-' || b[8] != '-' || b[last] != '"' {
		return 0, 0, 0, 0
	}
	y, m, d := 100*two(b, 1)+two(b, 3), two(b, 6), two(b, 9)
	if y < 1 || !isDay(y, m, d) {
		return 0, 0, 0, 0
	}
	return y, time.Month(m), d, last + 1
}

// PlainTime reads the string at the start of b if it is one of the forms that nearly
// every time has, and returns its length, quotes included; else that is 0, and Time may
// read it.
func (z *Zones) PlainTime(b []byte, loc *time.Location) (t time.Time, length int) {
	const longest = len(`"2026-02-02T01:15:30.000000Z"`)
	if len(b) < longest || b[0] != '"' {
		return time.Time{}, 0
	}
	for _, last := range [...]int{longest - 1, len(`"2026-02-02 08:15:30`), len(`"2026-02-02T01:15:30Z`)} {
		if b[last] == '"' {
			if t, ok := z.plain(b[1:last], loc); ok {
				return t, last + 1
			}
			return time.Time{}, 0
		}
	}
	return time.Time{}, 0
}

// plain is parse's way for the two forms that nearly every time has:
// 2026-02-02T01:15:30.000000Z and 2026-02-02 08:15:30.
func (z *Zones) plain(b []byte, loc *time.Location) (time.Time, bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[13] != ':' || b[16] != ':' || (b[10] != 'T' && b[10] != ' ') {
		return time.Time{}, false
	}
	nanos := 0
	switch {
	case len(b) == 19:
	case len(b) == 27 && b[19] == '.' && b[26] == 'Z':
		high, middle, low := two(b, 20), two(b, 22), two(b, 24)
		if high|middle|low < 0 {
			return time.Time{}, false
		}
		nanos, loc = 1000*(10_000*high+100*middle+low), time.UTC
	case len(b) == 20 && b[19] == 'Z':
		loc = time.UTC
	default:
		return time.Time{}, false
	}
	hour, minute, second := two(b, 11), two(b, 14), two(b, 17)
	if hour|minute|second < 0 {
		return time.Time{}, false
	}
	offset, fixed := z.offsetOf(loc)
	if fixed && string(b[:10]) == string(z.day[:]) && isTimeOfDay(hour, minute, second) { // the day of the time before
		return instantOf(z.days, hour, minute, second-offset, nanos, loc), true
	}
	year, month, day := 100*two(b, 0)+two(b, 2), two(b, 5), two(b, 8)
	if year < 1 {
		return time.Time{}, false
	}
	t, ok := z.date(year, month, day, hour, minute, second, nanos, loc)
	if ok && fixed {
		copy(z.day[:], b)
		z.days = daysSince1970(year, month, day)
	}
	return t, ok
}

// instantOf returns a time of a day in a zone that never changes. second may be any number.
func instantOf(days int64, hour, minute, second, nanos int, loc *time.Location) time.Time {
	return time.Unix(86400*days+int64(3600*hour+60*minute+second), int64(nanos)).In(loc)
}

func isTimeOfDay(hour, minute, second int) bool { return hour <= 23 && minute <= 59 && second <= 60 }

// two returns the number of two digits at i, or one so far below 0 that a year made of
// it is as well.
func two(b []byte, i int) int {
	tens, ones := b[i]-'0', b[i+1]-'0'
	if tens > 9 || ones > 9 {
		return -1 << 14
	}
	return int(tens)*10 + int(ones)
}

// date is time.Date that refuses what time.Date would normalize.
func (z *Zones) date(year, month, day, hour, minute, second, nanos int, loc *time.Location) (time.Time, bool) {
	if !isDay(year, month, day) || !isTimeOfDay(hour, minute, second) {
		return time.Time{}, false
	}
	if offset, fixed := z.offsetOf(loc); fixed {
		return instantOf(daysSince1970(year, month, day), hour, minute, second-offset, nanos, loc), true
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, loc)
	if second < 60 && t.Day() != day {
		t = afterGap(t)
	}
	return t, true
}

// daysSince1970 counts the days from January 1, 1970 to a day of the years from 1 on. Its
// years begin in March, so that a leap day is a year's last.
func daysSince1970(year, month, day int) int64 {
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	const before1970 = 719468 // days from March 1, 0
	return int64(365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - before1970)
}

func isDay(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// parse reads every written form.
func (z *Zones) parse(text string, loc *time.Location) (time.Time, bool) {
	if text == "" || text == "false" {
		return time.Time{}, true
	}
	if n := len(text); n > 64 {
		return time.Time{}, false
	}
	if t, ok := instant([]byte(text)); ok {
		return t, true
	}
	negative := text[0] == '-'
	p := scanner{rest: strings.TrimPrefix(text, "-")}
	year, digits := p.number(4, 6)
	p.byte('-')
	month, _ := p.number(1, 2)
	p.byte('-')
	day, _ := p.number(1, 2)
	if p.failed {
		return time.Time{}, false
	}
	hour, minute, second, nanos := p.clock()
	if zone := strings.TrimSpace(p.rest); zone != "" {
		loc = z.find(zone)
	}
	switch {
	case p.failed || loc == nil:
		return time.Time{}, false
	case negative || year == 0:
		return time.Time{}, true // MySQL's zero date, or what Carbon makes of it
	case digits > 4:
		return time.Time{}, false
	}
	return z.date(year, month, day, hour, minute, second, nanos, loc)
}

// instant reads a number as an instant. A small one is none: 2026 is a year,
// 20260202 a day.
func instant(number []byte) (time.Time, bool) {
	const least = 1e8 // March 1973
	if t, ok := unix(number); ok && (t.IsZero() || t.Unix() >= least) {
		return t, true
	}
	return time.Time{}, false
}

// unix reads seconds since 1970, or milliseconds where that many seconds would be
// the year 5138 and later.
func unix(number []byte) (time.Time, bool) {
	f, ok := parseFloat(string(number))
	const latest = 1e10 // the year 2286: 20260202101500 is a day and a time
	if ok && f >= 1e11 {
		f /= 1000
	}
	if !ok || f < 0 || f >= latest {
		return time.Time{}, false
	}
	if f == 0 {
		return time.Time{}, true
	}
	seconds := math.Floor(f)
	micros := math.Round((f - seconds) * 1e6) // as fine as a float64 of today is
	return time.Unix(int64(seconds), int64(micros)*1000).UTC(), true
}

// carbon reads what json_encode makes of a PHP DateTime, or a date and a time apart.
func (z *Zones) carbon(object []byte, loc *time.Location) (time.Time, bool) {
	var text, clock string
	found := false
	for name, value := range Members(object) {
		switch {
		case NameIs(name, "date"):
			text, found = scalar(value)
		case NameIs(name, "time"):
			clock, _ = scalar(value)
		case NameIs(name, "timezone"):
			zone, ok := scalar(value)
			if ok && zone != "" {
				loc = z.find(zone)
			}
		}
	}
	if !found || loc == nil {
		return time.Time{}, false
	}
	if clock != "" && text != "" && len(text) <= len(time.DateOnly) {
		text += " " + clock
	}
	return z.parse(text, loc)
}
