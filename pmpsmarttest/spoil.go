package pmpsmarttest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// What a fault does to the exchange that it meets.

func (x *exchange) is(kind FaultKind) bool { return x.fault != nil && x.fault.Kind == kind }

// pass waits as the fault wants, and reports whether the request gets through.
func (x *exchange) pass() bool {
	if x.fault == nil || x.is(FaultDrip) {
		return true
	}
	ctx := x.r.Context()
	if x.is(FaultLostAnswer) {
		ctx = context.WithoutCancel(ctx) // who has gone is not missed
	}
	if !x.s.wait(ctx, x.fault.Wait) || x.is(FaultReset) {
		x.hangUp(true)
		return false
	}
	return true
}

// spoil prepares the wire for a fault.
func (x *exchange) spoil() {
	switch {
	case x.is(FaultCut):
		x.w.cut, x.w.left = true, int64(x.fault.Bytes)
	case x.is(FaultDrip):
		x.w.piece = cmp.Or(x.fault.Bytes, 64)
		pause := cmp.Or(x.fault.Wait, 10*time.Millisecond)
		x.w.pause = func() bool { return x.s.wait(x.r.Context(), pause) }
	}
}

// faultAnswer is the answer of a FaultAnswer.
func (x *exchange) faultAnswer() answer {
	f := x.fault
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	switch {
	case f.Body != "":
		a := answer{status: status, header: f.Header, page: f.Body}
		if f.Header.Get("Content-Type") == "" && strings.ContainsAny(f.Body[:1], "{[") {
			a.header = a.header.Clone()
			if a.header == nil {
				a.header = http.Header{}
			}
			a.header.Set("Content-Type", jsonType)
		}
		return a
	case status < 300:
		return answer{status: status, header: f.Header}
	case status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		return answer{status: status, header: f.Header, page: nginxPage(status)}
	}
	refused := laravelFailure(status)
	refused.header = f.Header
	return x.fail(refused)
}

// laravelFailure is Laravel's own failure of a status.
func laravelFailure(status int) failure {
	switch status {
	case 401:
		return unauthenticated
	case 403:
		return forbidden
	case 404:
		return unknownRoute
	case 413:
		return tooLarge
	case 422:
		return invalid(object{{"kode_order", []any{say(requiredMessage, "kode_order", "")}}})
	case 429:
		return failure{status: status, message: "Too Many Attempts.", class: throttleClass}
	case 500:
		return serverError
	}
	return failure{status: status, message: http.StatusText(status), class: httpClass}
}

func nginxPage(status int) string {
	title := fmt.Sprintf("%d %s", status, strings.Replace(http.StatusText(status), "Gateway Timeout", "Gateway Time-out", 1))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}
