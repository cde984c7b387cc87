package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// This file is for those who watch a sandbox: what was asked since they last looked,
// and how it stands now.

// News are the requests since a cursor.
type News struct {
	Cursor   string // for the next look
	Fresh    bool   // the log is another than the cursor's: earlier requests are forgotten
	Skipped  int64  // requests that are left out, before the others
	Requests []Request
}

// Since returns the requests since a cursor, at first "": the latest of them, at most so
// many and, but for the last, so many bytes.
func (s *Sandbox) Since(cursor string, most, bytes int) News {
	l := &s.current().log
	l.mu.Lock()
	defer l.mu.Unlock()
	news := News{Cursor: fmt.Sprintf("%s-%d", l.id, l.added)}
	id, number, _ := strings.Cut(cursor, "-")
	seen, err := strconv.ParseInt(number, 10, 64)
	if id != l.id || err != nil || seen < 0 || seen > l.added {
		seen, news.Fresh = 0, true
	}
	since := l.requests[max(0, len(l.requests)-int(l.added-seen)):]
	first := len(since)
	for first > 0 && len(since)-first < most {
		if bytes -= since[first-1].size(); bytes < 0 && first < len(since) {
			break
		}
		first--
	}
	news.Requests = slices.Clone(since[first:])
	for i := range news.Requests {
		news.Requests[i].Header = news.Requests[i].Header.Clone()
	}
	news.Skipped = l.added - seen - int64(len(news.Requests))
	return news
}

// A Status is how a sandbox stands.
type Status struct {
	Now        time.Time
	Stopped    bool          // the clock stands
	Ahead      time.Duration // of the clock that it had at the start or was given
	Down       bool
	RetryAfter time.Duration
	Logins     int
	Style      string            // of all endpoints
	Styles     map[string]string // of those that differ, by op
	Unmet      []fault.Fault
	Data       string // differs whenever a record may have changed
}

// Status returns how the sandbox stands.
func (s *Sandbox) Status() Status {
	state := s.current()
	status := Status{
		Now: s.clock.Now(), Logins: state.store.Logins(), Unmet: state.faults.Unmet(),
		Data: fmt.Sprintf("%s-%d", state.id, state.store.Changes()),
	}
	status.Stopped, status.Ahead = s.clock.reading()
	state.mu.RLock()
	defer state.mu.RUnlock()
	status.Down, status.RetryAfter = state.down, state.retryAfter
	status.Style, status.Styles = state.styles()
	return status
}

// styles returns the style of all endpoints, and those of the ones that differ; the lock
// is held.
func (s *state) styles() (style string, differ map[string]string) {
	form := s.forms[""]
	usual, err := newForms(s.ops, form, nil)
	for op, form := range s.forms {
		if err == nil && form != usual[op] {
			if differ == nil {
				differ = map[string]string{}
			}
			differ[op] = form.Style()
		}
	}
	return form.Style(), differ
}

// Requests returns the latest requests in the order in which they were answered.
func (s *Sandbox) Requests() []Request {
	l := &s.current().log
	l.mu.Lock()
	defer l.mu.Unlock()
	requests := slices.Clone(l.requests)
	for i := range requests {
		requests[i].Header = requests[i].Header.Clone()
	}
	return requests
}

// ClearRequests forgets the requests so far of an op, or of all if it is "".
func (s *Sandbox) ClearRequests(op string) {
	l := &s.current().log
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = slices.DeleteFunc(l.requests, func(r Request) bool { return op == "" || r.Op == op })
	l.bytes, l.id, l.added = 0, newID(), int64(len(l.requests)) // who reads on reads all again
	for _, r := range l.requests {
		l.bytes += r.size()
	}
}
