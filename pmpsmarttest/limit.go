package pmpsmarttest

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A throttle lets an account make so many requests a minute, counted as Laravel
// counts: the minute begins with the first request.
type throttle struct {
	perMinute int // 0 is any number
	mu        sync.Mutex
	minutes   map[string]*minute
}

type minute struct {
	ends     int64 // Unix seconds
	requests int
}

// hit counts a request. It gives the headers that tell of the limit, or the
// failure of a request too many.
func (t *throttle) hit(who string, now time.Time) (http.Header, *failure) {
	if t.perMinute == 0 {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.minutes[who]
	if m == nil || now.Unix() >= m.ends {
		m = &minute{ends: now.Unix() + 60}
		t.minutes[who] = m
	}
	headers := http.Header{"X-Ratelimit-Limit": {strconv.Itoa(t.perMinute)}}
	if m.requests < t.perMinute {
		m.requests++
		headers.Set("X-RateLimit-Remaining", strconv.Itoa(t.perMinute-m.requests))
		return headers, nil
	}
	headers.Set("X-RateLimit-Remaining", "0")
	headers.Set("Retry-After", strconv.FormatInt(m.ends-now.Unix(), 10))
	headers.Set("X-RateLimit-Reset", strconv.FormatInt(m.ends, 10))
	return headers, &failure{status: http.StatusTooManyRequests, message: "Too Many Attempts.", class: throttleClass}
}
