package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/textproto"
	"sync/atomic"
)

// A trace learns from net/http whether anything of a request may have left the
// machine.
type trace struct {
	idle      *idleTimer
	keepAlive *keepAlive
	// direct says that an *http.Transport sends the request. If nothing between it and
	// this package sends it twice, it asks for another connection only when nothing was
	// written to the one before, or the server said that it did not process the
	// request. (It would also do so, with an Idempotency-Key in the header, after
	// a lost response.) Any other transport may send a request again by itself.
	direct bool
	// always says that the transport asks for a connection before it sends
	// anything: it is this package's own.
	always bool

	// limited says that requests may have to wait for each other's connections.
	limited bool
	// wrapped says that something of the caller's is between the transport and this
	// package.
	wrapped bool
	// held counts the connections that the Transport's requests have.
	held *atomic.Int64

	passed        atomic.Int32 // how often the transport was given the request; 0 unless wrapped
	asked         atomic.Int32 // how often a connection was asked for
	got           atomic.Bool  // a connection
	dialing       atomic.Bool  // for the request; only seen if direct and limited
	informational atomic.Int64 // size of the 1xx responses
}

// hooks returns the hooks of a request, whose body may be large.
func (t *trace) hooks(large bool) httptrace.ClientTrace {
	hooks := httptrace.ClientTrace{
		GetConn: func(string) {
			t.asked.Add(1)
			if t.direct && t.passed.Load() <= 1 {
				t.release()
			}
		},
		GotConn:        t.gotConn,
		Got1xxResponse: t.got1xx,
	}
	if large { // a small body leaves as soon as the connection is there
		hooks.WroteRequest = func(httptrace.WroteRequestInfo) { t.idle.wrote() }
	}
	if t.direct && t.limited { // they cost some, and others have no limit or are not known to
		hooks.DNSStart = func(httptrace.DNSStartInfo) { t.dialing.Store(true) }
		hooks.ConnectStart = func(string, string) { t.dialing.Store(true) }
	}
	return hooks
}

// gotConn closes a connection that the server may be closing as well: net/http then
// finds that it can't be written to, and takes another.
func (t *trace) gotConn(info httptrace.GotConnInfo) {
	if !t.got.Swap(true) {
		t.held.Add(1)
	}
	t.idle.wrote()
	if t.direct && info.WasIdle && t.keepAlive.isOver(info.IdleTime) && !isHTTP2(info.Conn) {
		_ = info.Conn.Close()
	}
}

// release says that the request no longer has a connection.
func (t *trace) release() {
	if t.got.Swap(false) {
		t.held.Add(-1)
	}
}

// isHTTP2 reports whether a connection is one that other requests are on.
func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// got1xx takes an informational response for a sign of life. A flood of them, which
// net/http no longer limits once they are watched, is an error.
func (t *trace) got1xx(_ int, header textproto.MIMEHeader) error {
	const each, most = 64, 4 << 20
	size := each
	for name, values := range header {
		size += len(name)
		for _, value := range values {
			size += len(value)
		}
	}
	if t.informational.Add(int64(size)) > most {
		return errors.New("there was no end to its informational (1xx) responses")
	}
	t.idle.wrote()
	return nil
}

// isQueued reports whether the request is still waiting for a connection that
// another one has. Of a transport that doesn't say whether it limits them, this is
// likely if other requests have some.
func (t *trace) isQueued() bool {
	if !t.limited || t.asked.Load() == 0 || t.got.Load() {
		return false
	}
	return t.direct && !t.dialing.Load() || !t.direct && t.held.Load() > 0
}

// mayHaveSent reports whether the server may have seen a request that ended in err.
// unread says that it has a body of which nothing was read.
func (t *trace) mayHaveSent(err error, unread bool) bool {
	asked, passed := t.asked.Load(), t.passed.Load()
	direct := t.direct && passed <= 1
	switch {
	case isUnprocessed(err):
		return !direct && asked > 1
	case asked > 0:
		return t.got.Load()
	case t.wrapped && passed != 1: // what wraps the transport may have sent it by another
	case t.always:
		return false
	case t.direct: // a protocol that the program registered may call no hooks
		return !unread
	}
	return !isFailedDial(err)
}

// isFailedDial reports whether err is that of a dial or handshake, which of a
// transport that calls no hooks is the only one that is sure.
func isFailedDial(err error) bool {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || isUntrusted(err) {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect")
}
