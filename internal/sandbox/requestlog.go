package sandbox

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
)

// newID returns a text that is never returned again.
func newID() string { return strings.ToLower(rand.Text()) }

// A Request is one that has been answered, without its secrets. The fields are
// those of pmpsmarttest.Request, which describes them.
type Request struct {
	Op     string
	Method string
	Path   string
	Query  string
	Header http.Header
	Body   string

	Status int
	Answer string
	Sent   int64
	Fault  fault.Kind
	Note   string

	Duration time.Duration

	Began    time.Time // by the real clock
	Received int       // length of the request's body
	Bearer   bool      // whether the request had a token in its Authorization header
}

// How much is kept of a request.
const (
	MaxBody   = 64 << 10
	MaxAnswer = 4 << 10
)

// A requestLog keeps the latest requests.
type requestLog struct {
	maxRequests, maxKept int
	observe              func(Request)

	mu       sync.Mutex
	requests []Request
	bytes    int
	id       string // of what was logged since it was last cleared
	added    int64  // requests since then
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	l.added++
	l.requests = append(l.requests, r)
	l.bytes += r.size()
	drop := 0
	for len(l.requests)-drop > l.maxRequests || l.bytes > l.maxKept && drop < len(l.requests)-1 {
		l.bytes -= l.requests[drop].size()
		l.requests[drop] = Request{} // append moves the rest to a new array in time
		drop++
	}
	l.requests = l.requests[drop:]
	l.mu.Unlock()
	if l.observe != nil {
		r.Header = r.Header.Clone()
		l.observe(r)
	}
}

// size returns about how much memory a request takes.
func (r Request) size() int {
	size := 256 + len(r.Body) + len(r.Answer) + len(r.Path) + len(r.Query) + len(r.Note)
	for name, values := range r.Header {
		size += 64 + len(name)
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}
