package pmpsmarttest

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

// An exchange is one request on its way to its answer. The way is that of
// Laravel's kernel, and each step below may end it:
//
//	ServeHTTP   reads the request; a fault may end it here (fault.go)
//	handle      maintenance → size → route → token → rate limit → permission
//	endpoint    validates the input, reads or writes the state (routes.go, orders.go, …)
//	form        shapes what was found (answer.go, pages.go, failure.go)
//	send        writes it, as far as a fault lets it (send.go)
type exchange struct {
	s        *Server
	r        *http.Request
	w        *wire
	began    time.Time
	recorded bool
	body     []byte
	large    bool // the body was too large to read
	route    route
	known    bool // route is one of the twelve
	fault    *Fault
	form     form

	wantsJSON bool
	token     string
	account   seed.Account
	input     input       // of one of the twelve
	limits    http.Header // what the answer tells of the rate limit
}

// prefix is where the API is.
const prefix = "/api/v1"

// ServeHTTP answers one request, wherever it came from: a Server listens on an
// address of its own and can be served elsewhere too, behind a path that ends
// in /api/v1.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		hangUp(w, true)
		return
	}
	defer s.leave()

	x := &exchange{s: s, r: r, w: &wire{ResponseWriter: w}, began: time.Now()}
	defer x.record()
	x.route, x.known = routes[x.path()]
	x.wantsJSON = wantsJSON(r)
	x.readBody()
	if x.known {
		x.input = readInput(r, x.body)
	}
	x.fault = s.faults.next(x.route.op, x.listPage())
	if x.pass() {
		x.send(x.answer())
	}
}

// answer gives the answer to the request.
func (x *exchange) answer() answer {
	var err error
	if x.form, err = x.s.formOf(x.route.op, x.r.Header.Get(StyleHeader)); err != nil {
		return answer{status: http.StatusBadRequest, page: err.Error() + "\n"}
	}
	if x.is(FaultAnswer) {
		return x.faultAnswer()
	}
	a := x.handle()
	if err := x.s.state.journal.sync(); err != nil {
		return x.fail(serverError) // what was changed may not last
	}
	return a
}

// handle does what the request asks for, if nothing speaks against it.
func (x *exchange) handle() answer {
	s := x.s
	switch retry, down := s.maintenance(); {
	case down:
		return x.fail(retry)
	case x.large:
		return x.fail(tooLarge)
	case !x.known:
		return x.fail(unknownRoute)
	case x.r.Method == http.MethodOptions:
		return answer{status: http.StatusOK, header: http.Header{"Allow": {http.MethodPost}}}
	case x.r.Method != http.MethodPost:
		return x.fail(wrongMethod(x.r.Method))
	}
	x.token = bearerToken(x.r)
	var known bool
	if x.account, known = s.state.authenticate(x.token); !known && !x.route.open {
		return x.fail(unauthenticated)
	}
	if refused := x.limit(); refused != nil {
		return x.fail(*refused)
	}
	if x.route.writes && x.account.Role == viewerRole {
		return x.fail(forbidden)
	}
	return x.route.endpoint(x)
}

// limit counts the request against the rate limit of its account, or of its
// address where it has none.
func (x *exchange) limit() *failure {
	who := x.account.Email
	if who == "" {
		who, _, _ = net.SplitHostPort(x.r.RemoteAddr)
	}
	var refused *failure
	x.limits, refused = x.s.throttle.hit(who, x.s.state.now())
	return refused
}

// readBody reads what the request brings. PHP drops a body that is too large.
func (x *exchange) readBody() {
	most := x.s.maxBody
	if x.r.ContentLength > most {
		x.large = true
		return
	}
	x.body, _ = io.ReadAll(io.LimitReader(x.r.Body, most+1))
	if int64(len(x.body)) > most {
		x.body, x.large = nil, true
	}
}

// path is the request's under the prefix: "order/detail".
func (x *exchange) path() string {
	_, path, found := strings.Cut(x.r.URL.Path, prefix+"/")
	if !found {
		return ""
	}
	return strings.Trim(path, "/")
}

// url is the address that the request came to, without its query.
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

// wantsJSON tells whether an error is answered in JSON: where the Accept header
// asks for JSON first, or the request is a script's that takes anything.
func wantsJSON(r *http.Request) bool {
	first, best := "", -1.0
	for entry := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, params, _ := strings.Cut(entry, ";")
		if q := quality(params); q > best {
			first, best = strings.TrimSpace(kind), q
		}
	}
	if strings.Contains(first, "/json") || strings.Contains(first, "+json") {
		return true
	}
	anything := first == "" || first == "*/*" || first == "*"
	return anything && r.Header.Get("X-Requested-With") == "XMLHttpRequest" && r.Header.Get("X-PJAX") == ""
}

// quality is the q of an Accept header's entry, 1 where it has none.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		if value, found := strings.CutPrefix(strings.TrimSpace(param), "q="); found {
			q, _ := strconv.ParseFloat(value, 64)
			return q
		}
	}
	return 1
}
