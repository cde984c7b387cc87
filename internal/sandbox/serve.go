package sandbox

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

// ServeHTTP answers one request whose path ends in that of an endpoint under
// [Prefix].
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if answersPreflight(w, r) {
		return
	}
	state := s.enter()
	if state == nil {
		wire.HangUp(w, true)
		return
	}
	defer s.leave()
	_ = state.followClock() // or the sample data ends on the day before

	x := &exchange{s: state, r: r, w: wire.NewWriter(w, MaxAnswer), began: time.Now()}
	defer x.record()
	x.route, x.known = routes[x.path()]
	if !x.readBody() {
		return
	}
	if x.known {
		x.input = illuminate.ReadInput(r, x.body)
	}
	x.fault = state.faults.Next(x.route.op, x.listPage())
	if x.proceed() {
		x.send(x.respond())
	}
}

// readBody reads the request's body, and reports whether it came whole: what a web
// server does not get whole never reaches PHP. PHP drops a body that is too large.
func (x *exchange) readBody() bool {
	most := x.s.config.MaxBody
	body := wire.NewBody(x.w.ResponseWriter, x.r, x.s.config.BodyTimeout)
	if x.r.ContentLength > most {
		x.tooLarge = true
		return true
	}
	var err error
	x.body, err = io.ReadAll(io.LimitReader(body, most+1))
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		x.note = "the request's body brought nothing for " + x.s.config.BodyTimeout.String()
		x.w.Header().Set("Connection", "close")
		x.w.WriteHeader(http.StatusRequestTimeout)
		return false
	default:
		x.note = "the request's body ended too early"
		x.hangUp(true)
		return false
	}
	if int64(len(x.body)) > most {
		x.body, x.tooLarge = nil, true
	}
	return true
}

// respond returns the response to the request.
func (x *exchange) respond() shape.Response {
	styles := x.r.Header.Get(StyleHeader)
	form, err := x.s.formOf(x.route.op, styles)
	if err != nil {
		return shape.Response{Status: http.StatusBadRequest, Page: err.Error() + "\n"}
	}
	x.view = shape.View{
		Form: form, URL: x.url(), Origin: x.origin(), WantsJSON: illuminate.WantsJSON(x.r),
		PerPage: x.s.config.PerPage, Page: shape.PageNumber(x.input["page"]), Cursor: x.input.Text("cursor"),
	}
	if styles == "" {
		x.view.Like = x.s.likenessOf(x.route.op)
	}
	if x.is(fault.Answer) {
		return x.faultResponse()
	}
	resp := x.handle()
	if err := x.s.store.Sync(); err != nil {
		return x.notKept(err) // what was changed may not last
	}
	return resp
}

// handle does what the request asks for, if nothing speaks against it.
func (x *exchange) handle() shape.Response {
	s := x.s
	switch why, down := s.maintenance(); {
	case down:
		return x.fail(why)
	case x.tooLarge:
		return x.fail(illuminate.TooLarge)
	case !x.known:
		return x.fail(illuminate.UnknownRoute)
	case x.r.Method == http.MethodOptions:
		return shape.Response{Status: http.StatusOK, Header: http.Header{"Allow": {http.MethodPost}}}
	case x.r.Method != http.MethodPost:
		return x.fail(illuminate.WrongMethod(x.r.Method))
	}
	x.token = illuminate.BearerToken(x.r)
	var known bool
	if x.account, known = s.store.Authenticate(x.token); !known && !x.route.open {
		return x.fail(illuminate.Unauthenticated)
	}
	if refused := x.limit(); refused != nil {
		return x.fail(*refused)
	}
	if x.route.writes && x.account.Role == viewerRole {
		return x.fail(illuminate.Forbidden)
	}
	return x.route.endpoint(x)
}

// limit counts the request against the rate limit of its account, or of its
// address if it has none.
func (x *exchange) limit() *illuminate.Failure {
	client := x.account.Email
	if client == "" {
		client, _, _ = net.SplitHostPort(x.r.RemoteAddr)
	}
	var refused *illuminate.Failure
	x.limits, refused = x.s.throttle.Hit(client, x.s.config.Now().UTC())
	return refused
}
