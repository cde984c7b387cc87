package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
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

	Duration time.Duration
}

// How much is kept of requests: as many of the latest as fit.
const (
	maxRequests = 10_000
	maxKept     = 16 << 20
	maxBody     = 64 << 10
	maxAnswer   = 4 << 10
)

// A requestLog keeps the latest requests.
type requestLog struct {
	mu       sync.Mutex
	requests []Request
	bytes    int
	observe  func(Request)
}

// Requests returns the latest requests in the order in which they were answered.
func (s *Sandbox) Requests() []Request {
	l := &s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	requests := slices.Clone(l.requests)
	for i := range requests {
		requests[i].Header = requests[i].Header.Clone()
	}
	return requests
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	l.requests = append(l.requests, r)
	l.bytes += r.size()
	drop := 0
	for len(l.requests)-drop > maxRequests || l.bytes > maxKept && drop < len(l.requests)-1 {
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
	size := 256 + len(r.Body) + len(r.Answer) + len(r.Path) + len(r.Query)
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
	header := x.r.Header.Clone()
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie"} {
		header.Del(name)
	}
	body, answer := x.body[:min(len(x.body), maxBody)], x.w.Head
	query := redactQuery(x.r.URL.RawQuery)
	if x.route.op == "Login" {
		password := redact.New(x.input.Text("password"))
		body, query = password.Head(body, maxBody), password.Text(query)
		answer = redact.New(x.secret).Head(answer, maxAnswer)
	}
	r := Request{
		Op: x.route.op, Method: x.r.Method, Path: x.r.URL.Path, Query: query, Header: header, Body: string(body),
		Status: x.w.Status, Answer: string(answer), Sent: x.w.Sent, Duration: time.Since(x.began),
	}
	if x.fault != nil {
		r.Fault = x.fault.Kind
	}
	x.s.log.add(r)
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
