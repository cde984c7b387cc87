package retry

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Delay is how long a server asks to wait.
type Delay struct {
	Wait  time.Duration
	Asked bool // the header was there, be it for 0 s
}

// maxRetryAfter is more than any wait needs, and little enough to reckon with.
const maxRetryAfter = 365 * 24 * time.Hour

// ParseRetryAfter reads the Retry-After of a response's header, in seconds or as a
// date, also in forms that no standard has: a fraction, the first of several, a date with
// a zone of its own. A date is counted from the header's own Date, since the server's
// clock may be wrong, or from now if there is none. A wait of more than a year is a year.
func ParseRetryAfter(h http.Header, now time.Time) Delay {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, ok := parseSeconds(text); ok {
		return Delay{time.Duration(seconds * float64(time.Second)), true}
	}
	if date, ok := parseDate(text); ok {
		if sent, ok := parseDate(strings.TrimSpace(h.Get("Date"))); ok {
			now = sent
		}
		return Delay{min(max(date.Sub(now), 0), maxRetryAfter), true}
	}
	return Delay{}
}

// parseSeconds parses the first of the numbers in text, none of which is a name.
func parseSeconds(text string) (seconds float64, ok bool) {
	first, _, _ := strings.Cut(text, ",")
	first = strings.TrimSpace(first)
	seconds, err := strconv.ParseFloat(first, 64)
	if strings.ContainsAny(first, "nN_xX") || err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return min(max(seconds, 0), maxRetryAfter.Seconds()), true
}

func parseDate(text string) (date time.Time, ok bool) {
	if date, err := http.ParseTime(text); err == nil {
		return date, true
	}
	for _, layout := range [...]string{time.RFC1123Z, time.RFC3339} {
		if date, err := time.Parse(layout, text); err == nil {
			return date, true
		}
	}
	return time.Time{}, false
}
