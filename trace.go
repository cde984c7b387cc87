package pmpsmart

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// A connTrace learns from net/http whether anything of a request left the
// machine.
type connTrace struct {
	silence *silence
	foreign bool        // the transport is the caller's, and may send a request again by itself
	asked   atomic.Bool // for a connection
	got     atomic.Bool // one
}

func (t *connTrace) hooks(bigBody bool) httptrace.ClientTrace {
	hooks := httptrace.ClientTrace{
		GetConn: func(string) {
			t.asked.Store(true)
			// Asked again, net/http repeats by itself, which it does only when
			// nothing was written. When a caller's transport does is not known.
			if !t.foreign {
				t.got.Store(false)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true); t.silence.sent() },
	}
	if bigBody { // a small one leaves as soon as the connection is there
		hooks.WroteRequest = func(httptrace.WroteRequestInfo) { t.silence.sent() }
	}
	return hooks
}

// sent reports whether the server may have seen a request that ended in err. A
// transport that fires no trace tells nothing: then only a failed dial or
// handshake is sure.
func (t *connTrace) sent(err error) bool {
	if t.asked.Load() {
		return t.got.Load()
	}
	var op *net.OpError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	handshake := errors.As(err, &record) || errors.As(err, &certificate)
	return !handshake && (!errors.As(err, &op) || op.Op != "dial")
}
