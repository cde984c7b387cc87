package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// A trace learns from net/http whether anything of a request may have left the
// machine.
type trace struct {
	idle            *idleTimer
	callerTransport bool        // which may send a request again by itself
	asked           atomic.Bool // for a connection
	got             atomic.Bool // a connection
}

func (t *trace) hooks(large bool) httptrace.ClientTrace {
	hooks := httptrace.ClientTrace{
		GetConn: func(string) {
			t.asked.Store(true)
			// Where a connection is asked for again, net/http retries by itself,
			// which it does only when nothing was written. When a caller's
			// transport does so is not known.
			if !t.callerTransport {
				t.got.Store(false)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true); t.idle.wrote() },
	}
	if large { // a small body leaves as soon as the connection is there
		hooks.WroteRequest = func(httptrace.WroteRequestInfo) { t.idle.wrote() }
	}
	return hooks
}

// mayHaveSent reports whether the server may have seen a request that ended in
// err. Of a transport that calls no hooks, only a failed dial or handshake is sure.
func (t *trace) mayHaveSent(err error) bool {
	if t.asked.Load() {
		return t.got.Load()
	}
	var op *net.OpError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	handshake := errors.As(err, &record) || errors.As(err, &certificate)
	return !handshake && (!errors.As(err, &op) || op.Op != "dial")
}
