package sandbox

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/wire"
)

// A Listener serves HTTP on an address.
type Listener struct {
	// URL is the base URL of the API: "http://127.0.0.1:40123/api/v1".
	URL string
	// Loopback is whether the address is one of the machine's own.
	Loopback bool

	server *http.Server
	active sync.WaitGroup // connections and the goroutine that accepts them
}

// Listen serves a handler on the address addr. Close must follow.
func Listen(addr string, handler http.Handler) (*Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	l := &Listener{}
	l.URL, l.Loopback = reachable(listener.Addr())
	l.server = &http.Server{Handler: wire.Linger(handler, lingerTimeout), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, ConnState: l.count}
	l.active.Go(func() { _ = l.server.Serve(listener) }) // until Close
	return l, nil
}

// How long a client may take for a request's head, stay silent between requests, and
// pause in a body that is refused. How long in one that is read, [Config.BodyTimeout] says.
const (
	headerTimeout = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	lingerTimeout = time.Second
)

// reachable returns the base URL of the API at an address, and whether it is a
// loopback one. The address of all interfaces is reached by loopback.
func reachable(addr net.Addr) (url string, loopback bool) {
	host := addr.String()
	tcp, _ := addr.(*net.TCPAddr)
	switch {
	case tcp == nil:
		loopback = true
	case tcp.IP.IsUnspecified():
		host, loopback = net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port)), true
	default:
		loopback = tcp.IP.IsLoopback()
	}
	return "http://" + host + Prefix, loopback
}

// count lets Close wait for the goroutines of net/http.
func (l *Listener) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		l.active.Add(1)
	case http.StateClosed, http.StateHijacked:
		l.active.Done()
	}
}

// Shutdown closes the address and waits until the requests that are being answered
// have been, or ctx ends. Close must follow.
func (l *Listener) Shutdown(ctx context.Context) error { return l.server.Shutdown(ctx) }

// Close closes the address and all connections, and waits until the goroutines
// that serve them have ended.
func (l *Listener) Close() error {
	err := l.server.Close()
	l.active.Wait()
	return err
}
