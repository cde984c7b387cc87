package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An exchange is one request and its response. It goes the way of Laravel's
// kernel, and each step may end it:
//
//	ServeHTTP   reads the request (serve.go); a fault may end it here (fault.go)
//	handle      maintenance → size → route → token → rate limit → permission
//	endpoint    validates the input, reads or changes the store (routes.go, orders.go, …)
//	view        shapes what was found (package shape)
//	send        writes it, as far as a fault allows (fault.go)
type exchange struct {
	s        *state
	r        *http.Request
	w        *wire.Writer
	began    time.Time
	recorded bool
	body     []byte
	tooLarge bool // the body was too large to read
	route    route
	known    bool // route is one of the twelve
	fault    *fault.Fault
	view     shape.View

	input   illuminate.Input // of one of the twelve
	token   string
	account seed.Account
	limits  http.Header // state the rate limit
	secret  string      // a token in the response
	note    string      // why the response is what it is, for a person
}

// notKept returns the response to a change that the data file does not take.
func (x *exchange) notKept(err error) shape.Response {
	x.note = "data file: " + err.Error()
	return x.view.Fail(illuminate.ServerError)
}

// fail returns the response of a failure, and says why it may surprise.
func (x *exchange) fail(why illuminate.Failure) shape.Response {
	switch {
	case x.view.WantsJSON:
	case why.IsUnauthenticated():
		x.note = `no "Accept: application/json": Laravel redirects to a route "login" that isn't there`
	case why.Fields != nil:
		x.note = `no "Accept: application/json": Laravel redirects back to the form`
	}
	return x.view.Fail(why)
}

// listPage returns the number of the page of a list that was asked for, whatever
// the style; 0 if the request is for no list or states its position by a cursor.
func (x *exchange) listPage() int64 {
	if !x.route.list || x.input["cursor"] != nil {
		return 0
	}
	return shape.PageNumber(x.input["page"])
}

// path returns the request's path under the prefix: "order/detail".
func (x *exchange) path() string {
	_, path, found := strings.Cut(x.r.URL.Path, Prefix+"/")
	if !found {
		return ""
	}
	return strings.Trim(path, "/")
}

// url returns the request's URL without its query.
func (x *exchange) url() string {
	return x.origin() + strings.TrimRight((&url.URL{Path: x.r.URL.Path}).EscapedPath(), "/")
}

func (x *exchange) origin() string {
	scheme := "http"
	if x.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + x.r.Host
}

// A route is one of the twelve endpoints of the vendor's page.
type route struct {
	op       string // the client's method
	open     bool   // needs no token
	writes   bool   // is not for a viewer
	list     bool   // may have pages
	endpoint func(*exchange) shape.Response
}
