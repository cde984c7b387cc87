package pmpsmarttest

import (
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// A Request is one that the server has answered, without its secrets: the
// Authorization header is gone, tokens and passwords are redacted, and so are the
// values of a query that have a secret's name.
type Request struct {
	Op     string      // the client's method, "GetOrder"; "" if the path is none of the twelve
	Method string      // "POST"
	Path   string      // "/api/v1/order/detail"
	Query  string      // "page=2"
	Header http.Header // of the request
	Body   string      // of the request, its first 64 KiB

	Status int       // of the response, 0 if none was sent
	Answer string    // the response's body as it was sent, its first 4 KiB
	Sent   int64     // length of the response's body
	Fault  FaultKind // what went wrong on purpose, "" if nothing did
	Note   string    // why it was answered so, where that may surprise: a body that never came whole, a full disk

	Duration time.Duration // from the request's head to the response's end
}

// Requests returns the latest requests in the order in which they were answered,
// at most 10,000 of them and 16 MiB.
func (s *Server) Requests() []Request {
	var requests []Request
	for _, r := range s.sandbox.Requests() {
		requests = append(requests, request(r))
	}
	return requests
}

// ClearRequests forgets the requests so far.
func (s *Server) ClearRequests() { s.sandbox.ClearRequests("") }

func request(r sandbox.Request) Request {
	return Request{
		Op: r.Op, Method: r.Method, Path: r.Path, Query: r.Query, Header: r.Header, Body: r.Body,
		Status: r.Status, Answer: r.Answer, Sent: r.Sent, Fault: FaultKind(r.Fault), Note: r.Note, Duration: r.Duration,
	}
}
