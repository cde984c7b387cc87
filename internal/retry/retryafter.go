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
// date. A date is counted from the header's own Date, since the server's clock may be
// wrong, or from now if there is none.
func ParseRetryAfter(h http.Header, now time.Time) Delay {
	text := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) { // then it is the largest there is
		return Delay{time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second, true}
	}
	if date, err := http.ParseTime(text); err == nil {
		if sent, err := http.ParseTime(strings.TrimSpace(h.Get("Date"))); err == nil {
			now = sent
		}
		return Delay{max(date.Sub(now), 0), true}
	}
	return Delay{}
}
