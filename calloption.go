package pmpsmart

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
	"github.com/pmpsmart/pmpsmart-go/internal/session"
	"github.com/pmpsmart/pmpsmart-go/internal/transport"
)

// CallOption is a choice made for one call.
type CallOption func(*callConfig)

type callConfig struct {
	response *Response
	header   http.Header // of WithHeader
	problem  *InputError // of WithHeader
	noRetry  bool
	inner    *innerOperations // of the operation that this one is a part of
	onlyIf   func(context.Context) error
	renewal  *renewal // filled in place of sending a rejected request again; nil for that
}

// WithResponse fills dst with what is known of the call's last response, on
// success and on failure alike; for a Seq when the range ends. Default none.
func WithResponse(dst *Response) CallOption {
	return func(c *callConfig) { c.response = dst }
}

// WithHeader sends one header more with every request of the call, its pages, retries
// and inner calls, but not with a login that the call makes. Of several of the same name
// the last counts, also in place of the library's own User-Agent or Accept. A header that
// the client sets itself, such as Authorization, Content-Type, Content-Length, Host,
// Accept-Encoding or one of the connection, and a name or value that is not valid in a
// header, are an [*InputError] of the call. The value of a header whose name says that it
// is a secret is redacted wherever the server sends it back. Default none.
func WithHeader(name, value string) CallOption {
	return func(c *callConfig) {
		if problem := transport.HeaderProblem(name, value); problem != "" {
			c.problem = firstOf(c.problem, &InputError{Field: "WithHeader", Problem: fmt.Sprintf("can't send %.80q, since %s", name, problem)})
			return
		}
		if c.header == nil {
			c.header = make(http.Header)
		}
		transport.SetHeader(c.header, name, value)
	}
}

// ResponseOf returns where the options of a call want its [Response], or nil if they
// don't. It is for a fake of the client's methods, which fills in what it returns.
func ResponseOf(opts ...CallOption) *Response {
	var c callConfig
	c.apply(opts)
	return c.response
}

func (c *callConfig) apply(opts []CallOption) {
	for _, option := range opts {
		if option != nil {
			option(c)
		}
	}
}

// within returns the option of a call inside another, which reports what came of it and whose
// headers it sends.
func within(inner *innerOperations) CallOption {
	return func(c *callConfig) { c.inner, c.header = inner, inner.header }
}

// withoutRetry is the option of a call that its caller retries.
func withoutRetry(c *callConfig) { c.noRetry = true }

// renewing returns the option of a call whose requests are not sent again with another token:
// it fills r with that one, and the call returns the rejection.
func renewing(r *renewal) CallOption {
	return func(c *callConfig) { c.renewal = r }
}

// onlyIf returns the option of a call of which no request is sent once ok returns an error.
func onlyIf(ok func(context.Context) error) CallOption {
	return func(c *callConfig) { c.onlyIf = ok }
}

// A Response describes the last response to a call. The fields of a call that got none
// are zero.
//
// Printing a Response, in any form of fmt or as JSON, leaves out cookies and what else in
// its Header looks like a secret.
type Response struct {
	HTTPStatus int         // of the last response
	Header     http.Header // of the last response, as it came but for the token and password of the request
	Status     string      // the envelope's status as the server wrote it, "success", "true", "200"
	Message    string      // the envelope's message, a readable line
	// Attempts counts all requests of the call, pages and retries included,
	// logins not.
	Attempts int
	Duration time.Duration // from the call to its end
}

// A shownResponse is a Response as it is printed.
type shownResponse Response

// shown returns the response without secrets.
func (r Response) shown() shownResponse {
	if r.Header != nil {
		r.Header = redact.New().Header(r.Header)
	}
	return shownResponse(r)
}

// Format prints the response without secrets, whatever the verb.
func (r Response) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), r.shown())
}

// innerOperations gathers what came of the operations that another consists of,
// which run one after the other.
type innerOperations struct {
	header       http.Header // of WithHeader, for each
	lastResponse Response
	attempts     int // of all
	drifts       []Drift
	short        *Drift // of the last that ended before it should
	single       bool   // the last, a list, was an object by itself
}

// MarshalJSON writes the response without secrets, as a handler of slog's does.
func (r Response) MarshalJSON() ([]byte, error) { return json.Marshal(r.shown()) }

// A renewal is that of a token, of a call whose caller looks before a request that was
// rejected is sent again. A nil one is of any other call.
type renewal struct {
	lease   session.Lease
	count   int  // of those before it too
	pending bool // the request was not sent again since
}

// before returns how many renewals there were before the call.
func (r *renewal) before() int {
	if r == nil {
		return 0
	}
	return r.count
}

// isOf reports whether the lease is of the token of a login that was made after the
// rejection; another one is not.
func (r *renewal) isOf(lease session.Lease) bool {
	return r != nil && r.lease.Fresh && r.lease.Token == lease.Token
}
