package testserver

import (
	"context"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
)

// Bubble runs a test on a clock of its own, which stands still while anything of the
// test runs and jumps ahead when all of it waits. There a server is silent for as
// long as the test says, however slow the machine is, and a duration is exact. Its
// network is in memory, because to that clock waiting for the kernel is no waiting:
// a client has to dial by [Dial]. All that waits there has to use the t that test is
// passed: the Context of another would end the process.
func Bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		networks.Store(t, &network{listeners: make(map[string]*listener)})
		t.Cleanup(func() { networks.Delete(t) })
		test(t)
	})
}

// A Dialer is the function of a net.Dialer.
type Dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// Dial returns what dials on the network of a test that runs in a [Bubble], and nil
// outside of one.
func Dial(t testing.TB) Dialer {
	if n := networkOf(t); n != nil {
		return n.dial
	}
	return nil
}

// networks are those of the tests that run in a bubble, by their *testing.T: neither
// testing nor synctest has a place to keep one.
var networks sync.Map

func networkOf(t testing.TB) *network {
	n, _ := networks.Load(t)
	known, _ := n.(*network)
	return known
}

// A network is in memory. Its connections buffer nothing: a write ends when the
// other end has read it.
type network struct {
	mu        sync.Mutex
	listeners map[string]*listener // by address
}

// A listener accepts what is dialed at its address.
type listener struct {
	address *net.TCPAddr
	dialed  chan net.Conn
	closed  chan struct{}
	close   func()
}

func (n *network) listen() *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	closed := make(chan struct{})
	l := &listener{
		address: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: len(n.listeners) + 1},
		dialed:  make(chan net.Conn), closed: closed, close: sync.OnceFunc(func() { close(closed) }),
	}
	n.listeners[l.address.String()] = l
	return l
}

func (n *network) dial(ctx context.Context, name, address string) (net.Conn, error) {
	n.mu.Lock()
	l := n.listeners[address]
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: name, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	if l == nil {
		return nil, refused
	}
	here, there := net.Pipe()
	select {
	case l.dialed <- there:
		return here, nil
	case <-l.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialed:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error   { l.close(); return nil }
func (l *listener) Addr() net.Addr { return l.address }
