package pmpsmarttest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// A Request is one that the server has answered, without its secrets: the
// Authorization header is gone, a login's password and token are blanked out,
// and so are the values of a query that have a secret's name.
type Request struct {
	Op     string      // the client's method, "GetOrder"; "" where the path is none of the twelve
	Method string      // "POST"
	Path   string      // "/api/v1/order/detail"
	Query  string      // "page=2"
	Header http.Header // of the request
	Body   string      // of the request, its first 64 KiB

	Status int       // of the answer, 0 where none was sent
	Answer string    // the answer's body as it was sent, its first 4 KiB
	Sent   int64     // how long the answer's body was
	Fault  FaultKind // what went wrong on purpose, "" where nothing did

	Duration time.Duration // from the request's head to the answer's end
}

// How much is kept of requests: as many of the latest as fit.
const (
	mostRequests = 10_000
	mostKept     = 16 << 20
	mostBody     = 64 << 10
	mostAnswer   = 4 << 10
)

// requestLog keeps the latest requests.
type requestLog struct {
	mu       sync.Mutex
	requests []Request
	bytes    int
	observe  func(Request)
}

// Requests gives the latest requests in the order in which they were answered,
// at most 10,000 of them and 16 MiB.
func (s *Server) Requests() []Request {
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
	for len(l.requests)-drop > mostRequests || l.bytes > mostKept && drop < len(l.requests)-1 {
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

// size is about how much memory a request takes.
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
	body, answer := x.body[:min(len(x.body), mostBody)], x.w.head
	query := cleanQuery(x.r.URL.RawQuery)
	if x.route.op == "Login" {
		password := redact.Secrets{x.input.text("password")}
		body, query = password.Head(body, mostBody), password.Text(query)
		answer = redact.Secrets{x.w.secret}.Head(answer, mostAnswer)
	}
	r := Request{
		Op: x.route.op, Method: x.r.Method, Path: x.r.URL.Path, Query: query, Header: header, Body: string(body),
		Status: x.w.status, Answer: string(answer), Sent: x.w.sent, Duration: time.Since(x.began),
	}
	if x.fault != nil {
		r.Fault = x.fault.Kind
	}
	x.s.log.add(r)
}

// cleanQuery blanks out the values that have a secret's name. All else stays as
// it came.
func cleanQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, _, found := strings.Cut(pair, "=")
		plain, _ := url.QueryUnescape(name) // "" where it can not be read
		if found && (redact.SecretName(name) || redact.SecretName(plain)) {
			pairs[i] = name + "=" + redact.Mark
		}
	}
	return strings.Join(pairs, "&")
}
