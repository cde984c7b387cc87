package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/fault"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/illuminate"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

func (x *exchange) is(kind fault.Kind) bool { return x.fault != nil && x.fault.Kind == kind }

// proceed waits as the fault demands, and reports whether the request gets
// through.
func (x *exchange) proceed() bool {
	if !x.s.wait(x.r.Context(), x.s.config.Delay) {
		x.hangUp(true)
		return false
	}
	if x.fault == nil || x.is(fault.Drip) {
		return true
	}
	ctx := x.r.Context()
	if x.is(fault.LostAnswer) {
		ctx = context.WithoutCancel(ctx) // PHP does not notice that the client has gone
	}
	if !x.s.wait(ctx, x.fault.Wait) || x.is(fault.Reset) {
		x.hangUp(true)
		return false
	}
	return true
}

// faultResponse returns the response of a fault.Answer.
func (x *exchange) faultResponse() shape.Response {
	f := x.fault
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	switch {
	case f.Body != "":
		resp := shape.Response{Status: status, Header: f.Header, Page: f.Body}
		if f.Header.Get("Content-Type") == "" && strings.ContainsAny(f.Body[:1], "{[") {
			resp.Header = f.Header.Clone()
			if resp.Header == nil {
				resp.Header = http.Header{}
			}
			resp.Header.Set("Content-Type", shape.JSONType)
		}
		return resp
	case status < 300:
		return shape.Response{Status: status, Header: f.Header}
	case status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		return shape.Response{Status: status, Header: f.Header, Page: nginxPage(status)}
	}
	why := illuminate.Aborted(status)
	why.Header = f.Header
	return x.view.Fail(why)
}

// nginxPage returns the error page of the web server before PHP.
func nginxPage(status int) string {
	title := fmt.Sprintf("%d %s", status, strings.Replace(http.StatusText(status), "Gateway Timeout", "Gateway Time-out", 1))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
}

// send writes a response, as far as the fault allows.
func (x *exchange) send(resp shape.Response) {
	if x.is(fault.LostAnswer) {
		x.hangUp(true)
		return
	}
	header := x.w.Header()
	header.Set("Cache-Control", "no-cache, private")
	maps.Copy(header, x.limits)
	maps.Copy(header, resp.Header)
	x.secret = resp.Token
	x.spoil()
	x.setContentType(x.view.Form.ContentType(resp))
	x.w.WriteHeader(resp.Status)
	err := x.view.Form.Write(x.w, resp)
	if errors.Is(err, wire.ErrCut) || x.is(fault.Cut) {
		x.hangUp(false)
	}
}

// spoil prepares the writer for a fault.
func (x *exchange) spoil() {
	switch {
	case x.is(fault.Cut):
		x.w.CutAfter(x.fault.Bytes)
	case x.is(fault.Drip):
		pause := cmp.Or(x.fault.Wait, 10*time.Millisecond)
		x.w.Drip(cmp.Or(x.fault.Bytes, 64), func() bool { return x.s.wait(x.r.Context(), pause) })
	}
}

// setContentType sets the type of a response that states none of its own; ""
// keeps net/http from guessing one.
func (x *exchange) setContentType(contentType string) {
	if x.is(fault.WrongType) {
		contentType = wrongType(contentType)
	}
	header := x.w.Header()
	switch _, given := header["Content-Type"]; {
	case given:
	case contentType == "":
		header["Content-Type"] = nil
	default:
		header.Set("Content-Type", contentType)
	}
}

func wrongType(contentType string) string {
	if contentType == shape.JSONType {
		return shape.HTMLType
	}
	return shape.JSONType
}

// hangUp ends the connection, and with it the exchange: by a reset if hard, else
// once what was written has been sent.
func (x *exchange) hangUp(hard bool) {
	if hard {
		x.w.Status = 0
	} else {
		x.w.Flush()
	}
	x.record() // before the client learns of it
	wire.HangUp(x.w.ResponseWriter, hard)
}
