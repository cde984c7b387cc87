package illuminate

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A Throttle limits how many requests a minute each client may make. It counts
// as Laravel does: the minute begins with the first request. It is safe for
// concurrent use.
type Throttle struct {
	perMinute int
	mu        sync.Mutex
	minutes   map[string]*minute // by client
}

type minute struct {
	ends     int64 // Unix seconds
	requests int
}

// NewThrottle returns a Throttle of so many requests a minute; 0 is no limit.
func NewThrottle(perMinute int) *Throttle {
	return &Throttle{perMinute: perMinute, minutes: map[string]*minute{}}
}

// Hit counts a client's request. It returns the headers that state the limit, or
// the failure of a request over it.
func (t *Throttle) Hit(client string, now time.Time) (http.Header, *Failure) {
	if t.perMinute == 0 {
		return nil, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.minutes[client]
	if m == nil || now.Unix() >= m.ends {
		m = &minute{ends: now.Unix() + 60}
		t.minutes[client] = m
	}
	header := http.Header{}
	header.Set("X-RateLimit-Limit", strconv.Itoa(t.perMinute))
	if m.requests < t.perMinute {
		m.requests++
		header.Set("X-RateLimit-Remaining", strconv.Itoa(t.perMinute-m.requests))
		return header, nil
	}
	header.Set("X-RateLimit-Remaining", "0")
	header.Set("Retry-After", strconv.FormatInt(m.ends-now.Unix(), 10))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(m.ends, 10))
	failure := TooManyRequests(nil)
	return header, &failure
}
