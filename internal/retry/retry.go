// Package retry decides whether and when a request is sent again. What it knows of
// a failure is a [Failure]; whoever knows the errors makes one of them.
package retry

import "net/http"

// A Class says what a request does, and so when it may be sent again: the API has
// nothing but POSTs.
type Class uint8

// The classes.
const (
	Read      Class = iota // changes nothing: retried after whatever may pass
	Overwrite              // sets something: setting it twice is setting it once
	Create                 // adds something: retried only if it surely was not processed
	Auth                   // logs in or out
)

// String returns the class's name, "read".
func (c Class) String() string {
	switch c {
	case Overwrite:
		return "overwrite"
	case Create:
		return "create"
	case Auth:
		return "auth"
	}
	return "read"
}

// A Kind says how a request failed.
type Kind uint8

// The kinds of failure.
const (
	Final      Kind = iota // was not sent, or for a reason that no retry changes
	Connection             // got no response, or not all of it
	Status                 // got an error response
	Unreadable             // got a response that can't be read
)

// A Failure is what is known of a request that failed. The zero Failure is never
// retried.
type Failure struct {
	Kind      Kind
	Sent      bool  // of a Connection: the server may have seen the request
	Status    int   // of a Status: the HTTP status
	Delay     Delay // of a Status: the response's Retry-After
	Truncated bool  // of an Unreadable: the body ends too soon
	Done      bool  // of an Unreadable: the server said that it did what it was asked
}

// MayRetry reports whether a request of the class may be sent again after f.
func (c Class) MayRetry(f Failure) bool {
	switch f.Kind {
	case Connection:
		return c != Create || !f.Sent
	case Status:
		return c.mayRetryStatus(f)
	case Unreadable:
		return c != Create && f.Truncated
	}
	return false
}

func (c Class) mayRetryStatus(f Failure) bool {
	switch {
	case f.Status == http.StatusTooManyRequests:
		return true
	case c == Create:
		return f.notProcessed()
	case f.Status == http.StatusRequestTimeout || f.Status == http.StatusTooEarly:
		return c != Auth
	default:
		return f.Status >= 500
	}
}

// MayPass reports whether a call of the class that ended in f may go well at some later
// time: what MayRetry says, and of a login or logout what it says of a read. They are
// sent again at once after less, since a server counts them.
func (c Class) MayPass(f Failure) bool {
	if c == Auth {
		c = Read
	}
	return c.MayRetry(f)
}

// OutcomeUnknown reports whether the server may or may not have done what it was
// asked.
func (f Failure) OutcomeUnknown() bool {
	switch f.Kind {
	case Connection:
		return f.Sent
	case Status:
		return f.Status < 200 || f.mayFollowSuccess() || f.Status >= 500 && !f.notProcessed()
	case Unreadable:
		return !f.Done
	}
	return false
}

// mayFollowSuccess reports whether f is a redirect that a web application may send after
// it has stored a form, as it may after refusing one. A redirect that only says that the
// address has moved means that the request was not processed.
func (f Failure) mayFollowSuccess() bool {
	switch f.Status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return false
	}
	return f.Status >= 300 && f.Status < 400
}

// notProcessed reports whether f is the one 5xx after which nothing surely was
// done: a server that says when to come back turned the request away.
func (f Failure) notProcessed() bool {
	return f.Status == http.StatusServiceUnavailable && f.Delay.Asked
}
