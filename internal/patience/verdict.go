package patience

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/retry"
)

// A verdict is what an answer, or none, says of the server and of the request.
type verdict struct {
	kind  kind
	why   Why
	asked time.Duration // the wait that the server asks for
	// unsent says that the server has surely not begun with the request, so that an insert
	// may be sent again too.
	unsent bool
}

type kind uint8

const (
	fine     kind = iota // the server answers, be it by a refusal; no later attempt would do better
	refused              // nobody may send for a while: it is busy or in maintenance
	hiccup               // it may have been this connection, or all is down
	alone                // this request failed, and others may do well: a plain 500
	hopeless             // no answer, for a reason that no wait changes
)

// judge returns the verdict on what came of a request.
func judge(resp *http.Response, err error) verdict {
	if err != nil {
		return judgeError(err)
	}
	delay := retry.ParseRetryAfter(resp.Header, time.Now())
	v := verdict{why: Why{Status: resp.StatusCode, Asked: delay.Asked}, asked: delay.Wait}
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		v.kind, v.unsent = refused, true
	case status == http.StatusServiceUnavailable:
		v.kind, v.unsent = refused, delay.Asked // without it a gateway may have lost the answer
	case status >= 500 && delay.Wait > 0:
		v.kind = refused
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout, status >= 520 && status <= 530: // the last are Cloudflare's
		v.kind = hiccup
	case status >= 500:
		v.kind = alone
	}
	return v
}

func judgeError(err error) verdict {
	v := verdict{kind: hiccup, why: Why{Err: err}}
	var (
		untrusted *tls.CertificateVerificationError
		unknownCA x509.UnknownAuthorityError
		hostname  x509.HostnameError
		dial      *net.OpError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.Is(err, context.Canceled),
		errors.As(err, &untrusted), errors.As(err, &unknownCA), errors.As(err, &hostname), errors.As(err, &record):
		v.kind = hopeless
	case errors.As(err, &dial) && dial.Op == "dial":
		v.unsent = true
	}
	return v
}

// mayRepeat reports whether a request of the class may be sent again after the verdict.
// The rules are the client's own; what a class is nobody has named is an insert.
func (v verdict) mayRepeat(class string) bool {
	switch class {
	case "read", "auth":
		return v.kind == refused || v.kind == hiccup || v.kind == alone
	case "overwrite": // of many, the one that the server can't do must not hold up the others
		return v.kind == refused || v.kind == hiccup
	}
	return (v.kind == refused || v.kind == hiccup) && v.unsent
}
