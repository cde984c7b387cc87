package main

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// A service takes orders over HTTP.
type service struct {
	cfg    config
	db     database
	sender *sender
	logger *slog.Logger
}

// A reply is a good response.
type reply struct {
	status   int
	location string
	body     any
}

// handler returns the handler of all routes. The page's own requests are those of
// everybody else; one that another site's page makes is refused.
func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	s.route(mux, "POST /orders", s.postOrder)
	s.route(mux, "GET /orders", s.listOrders)
	s.route(mux, "GET /orders/{code}", s.getOrder)
	s.route(mux, "PUT /orders/{code}", s.putOrder)
	s.route(mux, "POST /orders/{code}/retry", s.retryOrder)
	s.route(mux, "GET /stats", s.stats)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "live"})
	})
	mux.Handle("GET /metrics", s.sender.telemetry.scrape)
	addPage(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { notFound(mux, w, r) })
	foreign := http.NewCrossOriginProtection()
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, problemf(http.StatusForbidden, "a page of another site may not do this"))
	}))
	return s.ownHosts(foreign.Handler(mux))
}

// ownHosts refuses requests for another host, if the service listens on loopback: a
// name of another site that suddenly means this machine would make its page this one's.
func (s *service) ownHosts(next http.Handler) http.Handler {
	host, _, err := net.SplitHostPort(s.cfg.addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Host
		if host, _, err := net.SplitHostPort(name); err == nil {
			name = host
		}
		name = strings.Trim(name, "[]")
		if ip := net.ParseIP(name); name != "localhost" && name != s.cfg.host && (ip == nil || !ip.IsLoopback()) {
			writeProblem(w, problemf(http.StatusForbidden, "this is not "+quote(name)+"; if it is, start the service with -host"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// notFound responds to a path that is not there, or is there with another method.
func notFound(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		writeProblem(w, problemf(http.StatusNotFound, "there is no such path"))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeProblem(w, problemf(http.StatusMethodNotAllowed, "that path takes "+strings.Join(allowed, " or ")+", not "+r.Method))
}

// route adds a route that responds with JSON and is logged.
func (s *service) route(mux *http.ServeMux, pattern string, handle func(w http.ResponseWriter, r *http.Request) (reply, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		answer, err := handle(w, r)
		level, args := slog.LevelDebug, []any{"route", pattern, "took", time.Since(began)}
		if r.Method != http.MethodGet {
			level = slog.LevelInfo
		}
		if err != nil {
			p := problemOf(err)
			if args = append(args, "error", err); p.Status >= 500 {
				level = slog.LevelError
			}
			answer.status = p.Status
			writeProblem(w, p)
		} else {
			if answer.location != "" {
				w.Header().Set("Location", answer.location)
			}
			writeJSON(w, answer.status, answer.body)
		}
		s.logger.Log(r.Context(), level, "request", append(args, "status", answer.status)...)
	})
}
