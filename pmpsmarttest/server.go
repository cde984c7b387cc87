// Package pmpsmarttest is a PMP Smart server for tests: all twelve endpoints, in
// the process, with a state that lasts as long as the server. It is to the
// PMP Smart API what net/http/httptest is to HTTP.
//
//	srv := pmpsmarttest.NewServer()
//	defer srv.Close()
//	orders, err := srv.Client().ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderOpen})
//
// A new server holds sample data (see [WithSeed]) and one account, [Email] and
// [Password], which its [Server.Client] logs in with. What is written through
// the API is there to read, through the API and through the server's own methods
// alike.
//
// It behaves as the Laravel application that it stands for: the same messages in
// Indonesian, validation, tokens and errors. How the vendor's application shapes
// its answers nobody outside knows, so it can answer in many styles
// ([WithStyle]); and what a network and a server can do to a request it can do
// as well ([WithFaults]).
//
// The program pmpsmart-sandbox serves the same to programs in any language.
package pmpsmarttest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
)

// The account of a new server, unless [WithAccount] names another.
const (
	Email    = "sandbox@pmpsmart.test"
	Password = "bukan-rahasia"
)

// StyleHeader is a request header that names a [Style], or several with commas
// between them, for the answer to that request alone.
const StyleHeader = "X-Style"

// viewerRole is the role of an account that may only read.
const viewerRole = "viewer"

// A Server is a PMP Smart server. It is safe for concurrent use, and there can
// be any number of them.
type Server struct {
	// URL is the base URL of the API, "http://127.0.0.1:40123/api/v1".
	URL string

	config
	insecure bool // URL is no loopback address
	state    *state
	faults   faults
	throttle throttle
	log      requestLog
	http     *http.Server
	closing  chan struct{}

	mu         sync.Mutex
	active     sync.WaitGroup // requests, connections and the listener
	closed     bool
	down       bool
	retryAfter time.Duration
	clients    []*pmpsmart.Client
	closeOnce  func() error
}

// NewServer starts a server on a free port of the loopback interface. It panics
// if an option is invalid or no port is free; an option that is nil is skipped.
// [Server.Close] ends it.
func NewServer(opts ...Option) *Server {
	s, err := Open("127.0.0.1:0", opts...)
	if err != nil {
		panic(err.Error())
	}
	return s
}

// Open starts a server on the address addr, such as "127.0.0.1:8089", and returns
// an error where [NewServer] panics.
func Open(addr string, opts ...Option) (*Server, error) {
	s, err := newServer(opts)
	if err != nil {
		return nil, fmt.Errorf("pmpsmarttest: %w", err)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("pmpsmarttest: %w", errors.Join(err, s.state.journal.close()))
	}
	s.setURL(listener.Addr())
	s.active.Add(1)
	go func() {
		defer s.active.Done()
		_ = s.http.Serve(listener) // until Close
	}()
	return s, nil
}

// setURL notes where to reach the server. An address that is all of the
// machine's is reached by loopback.
func (s *Server) setURL(addr net.Addr) {
	host := addr.String()
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	} else if ok {
		s.insecure = !tcp.IP.IsLoopback()
	}
	s.URL = "http://" + host + prefix
}

// newServer makes a server that does not listen yet.
func newServer(opts []Option) (*Server, error) {
	s := &Server{config: defaults(), closing: make(chan struct{})}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&s.config); err != nil {
			return nil, err
		}
	}
	if err := s.setForms(); err != nil {
		return nil, err
	}
	s.faults.calls, s.faults.seed, s.faults.chances = map[string]int{}, s.randomSeed, s.chances
	if err := s.faults.add(s.script...); err != nil {
		return nil, err
	}
	s.throttle = throttle{perMinute: s.perMinute, minutes: map[string]*minute{}}
	s.log.observe = s.observe
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute, ConnState: s.countConnections}
	s.closeOnce = sync.OnceValue(s.close)

	s.state = newState(s.data)
	s.state.now, s.state.single, s.state.unique, s.state.uniqueOutlets = s.now, !s.many, s.unique, s.uniqueOutlets
	s.state.addAccount("Sandbox", s.email, s.password, "")
	if s.dataFile == "" {
		return s, nil
	}
	var err error
	s.state.journal, err = openJournal(s.dataFile, s.state)
	return s, err
}

// setForms gives each op the form of its answers. Styles that nobody can log in
// with are Login's only where they are said to be.
func (s *Server) setForms() (err error) {
	s.forms = map[string]form{"": s.form}
	for _, op := range ops() {
		f := s.form
		if op == "Login" {
			f.body, f.fields = "json", "all"
		}
		s.forms[op] = f
	}
	for _, extra := range s.styles {
		if s.forms[extra.op], err = s.forms[extra.op].with(extra.styles...); err != nil {
			return err
		}
	}
	return nil
}

// formOf is the form of one answer: the op's, or the one that the request's
// header asks for.
func (s *Server) formOf(op, styles string) (form, error) {
	if styles == "" {
		return s.forms[op], nil
	}
	f := defaultForm()
	for style := range strings.SplitSeq(styles, ",") {
		if err := f.apply(Style(strings.TrimSpace(style))); err != nil {
			return f, err
		}
	}
	return f, nil
}

// Client returns a client connected to this server, with its account; opts come
// after the options for these two. [Server.Close] closes the client too. It
// panics if an option is invalid.
func (s *Server) Client(opts ...pmpsmart.Option) *pmpsmart.Client {
	base := []pmpsmart.Option{pmpsmart.WithBaseURL(s.URL), pmpsmart.WithCredentials(s.email, s.password)}
	if s.insecure {
		base = append(base, pmpsmart.AllowInsecureHTTP())
	}
	client, err := pmpsmart.New(append(base, opts...)...)
	if err != nil {
		panic("pmpsmarttest: Client: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = append(s.clients, client)
	return client
}

// Close ends the server, its connections and the requests that it is answering,
// and returns when they have ended. Its state stays readable. A fault of
// [WithFaults] or [Server.Fail] that no request has met is an error. Closing
// again returns the same error.
func (s *Server) Close() error { return s.closeOnce() }

func (s *Server) close() error {
	s.mu.Lock()
	s.closed = true
	clients := s.clients
	s.mu.Unlock()
	close(s.closing)
	err := s.http.Close()
	s.active.Wait()
	for _, client := range clients {
		err = errors.Join(err, client.Close())
	}
	return errors.Join(err, s.state.journal.close(), s.faults.unused())
}

// countConnections lets Close wait for the goroutines of net/http.
func (s *Server) countConnections(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.active.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.active.Done()
	}
}

// enter lets a request in, unless the server is closed; leave must follow.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.active.Add(1)
	return true
}

func (s *Server) leave() { s.active.Done() }

// wait waits that long, or until the client or the server gives up: false then.
func (s *Server) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}

// ExpireTokens ends all tokens, as if each had run out. It panics if the file of
// [WithDataFile] can't be written.
func (s *Server) ExpireTokens() { s.must("ExpireTokens", s.state.expire()) }

// Logins is how many logins have succeeded.
func (s *Server) Logins() int {
	s.state.lock.RLock()
	defer s.state.lock.RUnlock()
	return s.state.logins
}

// Fail makes coming requests go wrong. It panics if a fault is invalid.
func (s *Server) Fail(faults ...Fault) { s.must("Fail", s.faults.add(faults...)) }

// AddAccount lets somebody log in with that email and password; the account of
// an email that is there gets the password.
func (s *Server) AddAccount(email, password string) {
	s.state.addAccount(email, email, password, "")
}

// AddViewer adds an account that may only read: what it writes is a 403.
func (s *Server) AddViewer(email, password string) {
	s.state.addAccount(email, email, password, viewerRole)
}

// must panics if setting up a test fails.
func (s *Server) must(what string, err error) {
	if err != nil {
		panic("pmpsmarttest: " + what + ": " + err.Error())
	}
}
