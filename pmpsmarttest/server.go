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
// the API can be read through the API and by the server's methods.
//
// It behaves as a Laravel application does: its validation, tokens and errors, and
// the vendor's messages in Indonesian. Nobody outside knows how the vendor's
// application shapes its responses, so the server can answer in many styles
// ([WithStyle]). It also simulates what goes wrong in networks and on servers
// ([WithFaults]).
//
// The program pmpsmart-sandbox serves the same to programs in any language.
package pmpsmarttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/apispec"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/control"
	"github.com/pmpsmart/pmpsmart-go/internal/sandbox/page"
)

// The account of a new server, unless [WithAccount] names another.
const (
	Email    = "sandbox@pmpsmart.test"
	Password = "bukan-rahasia"
)

// StyleHeader is a request header that names a [Style], or several with commas
// between them, for the response to that request alone.
const StyleHeader = "X-Style"

// A Server is a PMP Smart server. It is safe for concurrent use, and there can
// be any number of them.
type Server struct {
	// URL is the base URL of the API, "http://127.0.0.1:40123/api/v1".
	URL string

	email, password string
	sandbox         *sandbox.Sandbox
	control         *control.Server // nil without WithControl
	listener        *sandbox.Listener
	closeOnce       func() error

	mu      sync.Mutex
	clients []*pmpsmart.Client
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
	c, err := newConfig(opts)
	if err != nil {
		return nil, fmt.Errorf("pmpsmarttest: %w", err)
	}
	box, err := sandbox.New(c.Config)
	if err != nil {
		return nil, fmt.Errorf("pmpsmarttest: %w", err)
	}
	s := &Server{email: c.Email, password: c.Password, sandbox: box}
	if c.control {
		s.control = control.New(control.Config{
			Sandbox: box, Start: c.Config, AllowHosts: c.allowHosts,
			Page: page.Handler(), OpenAPI: apispec.Handler(sandbox.Prefix, control.Prefix),
		})
	}
	if s.listener, err = sandbox.Listen(addr, s); err != nil {
		return nil, fmt.Errorf("pmpsmarttest: %w", errors.Join(err, box.Close()))
	}
	s.URL = s.listener.URL
	s.closeOnce = sync.OnceValue(s.close)
	return s, nil
}

// ServeHTTP answers one request, wherever it came from: a Server listens on an
// address of its own and can be served elsewhere too, behind a path that ends
// in /api/v1.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.control != nil {
		s.control.ServeHTTP(w, r)
		return
	}
	s.sandbox.ServeHTTP(w, r)
}

// ControlURL returns the URL of the control API, "http://127.0.0.1:40123/_sandbox", or
// "" without [WithControl].
func (s *Server) ControlURL() string {
	if s.control == nil {
		return ""
	}
	return strings.TrimSuffix(s.URL, sandbox.Prefix) + control.Prefix
}

// Client returns a client connected to this server, with its account; opts come
// after the options for these two. [Server.Close] closes the client too. It
// panics if an option is invalid.
func (s *Server) Client(opts ...pmpsmart.Option) *pmpsmart.Client {
	base := []pmpsmart.Option{pmpsmart.WithBaseURL(s.URL), pmpsmart.WithCredentials(s.email, s.password)}
	if !s.listener.Loopback {
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

// Shutdown takes no more requests, ends waiting on purpose, and returns when the
// requests that the server is answering have been answered, those that waited too, or
// when ctx ends. Close must follow.
func (s *Server) Shutdown(ctx context.Context) error {
	s.sandbox.Finish()
	if s.control != nil {
		s.control.Finish()
	}
	return s.listener.Shutdown(ctx)
}

// stop takes no more requests.
func (s *Server) stop() {
	s.sandbox.Stop()
	if s.control != nil {
		_ = s.control.Close() // it has nothing to lose
	}
}

// Close ends the server, its connections and the requests that it is answering,
// and returns when they have ended. Its state stays readable. A fault of
// [WithFaults] or [Server.Fail] that no request has met is an error. Closing
// again returns the same error.
func (s *Server) Close() error { return s.closeOnce() }

func (s *Server) close() error {
	s.stop()
	err := errors.Join(s.listener.Close(), s.sandbox.Close())
	s.mu.Lock()
	clients := s.clients
	s.mu.Unlock()
	for _, client := range clients {
		err = errors.Join(err, client.Close())
	}
	return errors.Join(err, s.unmet())
}

// unmet returns an error that names each fault that no request has met.
func (s *Server) unmet() error {
	var errs []error
	for _, f := range s.sandbox.Unmet() {
		errs = append(errs, fmt.Errorf("pmpsmarttest: no request met the fault: %s", f))
	}
	return errors.Join(errs...)
}

// must panics if setting up a test fails.
func must(what string, err error) {
	if err != nil {
		panic("pmpsmarttest: " + what + ": " + err.Error())
	}
}
