package sandbox

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
)

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

// ClearRequests forgets the requests so far.
func (s *Sandbox) ClearRequests() {
	l := &s.current().log
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests, l.bytes, l.id, l.added = nil, 0, newID(), 0
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

// record adds the exchange to the log, once: before the client can know that it
// has ended.
func (x *exchange) record() {
	if x.recorded {
		return
	}
	x.recorded = true
	plain := x.secrets()
	secrets := redact.New(plain...)
	r := Request{
		Op: x.route.op, Method: x.r.Method, Path: secrets.Text(x.r.URL.Path), Query: secrets.Text(redactQuery(x.r.URL.RawQuery)),
		Header: redactHeader(x.r.Header, plain, secrets), Body: string(secrets.Head(x.body[:min(len(x.body), MaxBody)], MaxBody)),
		Status: x.w.Status, Answer: string(secrets.Head(x.w.Head, MaxAnswer)), Sent: x.w.Sent,
		Note: x.note, Duration: time.Since(x.began),
		Began: x.began, Received: len(x.body), Bearer: illuminate.BearerToken(x.r) != "",
	}
	if x.fault != nil {
		r.Fault = x.fault.Kind
	}
	x.s.log.add(r)
}

// secrets returns the request's and the response's tokens and passwords.
func (x *exchange) secrets() []string {
	secrets := []string{x.secret, illuminate.BearerToken(x.r)}
	input := x.input
	if input == nil && len(x.body) <= MaxBody {
		input = illuminate.ReadInput(x.r, x.body)
	}
	for name := range input {
		if redact.SecretName(name) {
			secrets = append(secrets, input.Text(name))
		}
	}
	return secrets
}

// redactHeader returns a header without those that are secrets, and without secrets in
// the others.
func redactHeader(header http.Header, plain []string, secrets *redact.Secrets) http.Header {
	shortest := math.MaxInt
	for _, secret := range plain {
		if secret != "" {
			shortest = min(shortest, len(secret))
		}
	}
	var none *redact.Secrets // looks for what looks like one
	blank := func(text string) string {
		if len(text) < shortest {
			return none.Text(text) // most are, and to look for secrets takes a while
		}
		return secrets.Text(text)
	}
	clean := make(http.Header, len(header))
	for name, values := range header {
		if name == "Proxy-Authorization" || name == "Cookie" || redact.SecretName(name) {
			continue
		}
		name = blank(name)
		for _, value := range values {
			clean[name] = append(clean[name], blank(value))
		}
	}
	return clean
}

// redactQuery blanks the values that have a secret's name. All else stays as it
// came.
func redactQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, _, found := strings.Cut(pair, "=")
		plain, _ := url.QueryUnescape(name) // "" if it is malformed
		if found && (redact.SecretName(name) || redact.SecretName(plain)) {
			pairs[i] = name + "=" + redact.Mark
		}
	}
	return strings.Join(pairs, "&")
}
