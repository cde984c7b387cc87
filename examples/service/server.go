package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/pmpsmart/pmpsmart-go"
)

// The states of a service.
const (
	starting int32 = iota
	ready
	draining
)

// A service serves HTTP.
type service struct {
	client    *pmpsmart.Client
	logger    *slog.Logger
	telemetry *telemetry
	timeout   time.Duration // of a request

	state          atomic.Int32
	becameReady    chan struct{} // closed when the state leaves starting for ready
	served, failed atomic.Int64
}

func newService(cfg config, client *pmpsmart.Client, logger *slog.Logger, t *telemetry) *service {
	return &service{client: client, logger: logger, telemetry: t, timeout: cfg.timeout, becameReady: make(chan struct{})}
}

// markReady makes a service ready that is starting. PMP Smart has given it a good
// answer.
func (s *service) markReady() {
	if s.state.CompareAndSwap(starting, ready) {
		close(s.becameReady)
		s.logger.Info("ready")
	}
}

// handler returns the handler of all routes. Those for probes and for debugging
// are neither traced nor logged.
func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	onlyRead := s.route("another method", func(r *http.Request) (any, error) { return nil, wrongMethod(r) })
	get := func(path string, h http.Handler) {
		mux.Handle("GET "+path, h)
		mux.Handle(path, onlyRead)
	}
	get("/orders", s.route("GET /orders", s.listOrders))
	get("/orders/{id}", s.route("GET /orders/{id}", s.getOrder))
	get("/healthz", http.HandlerFunc(s.live))
	get("/readyz", http.HandlerFunc(s.ready))
	if s.telemetry.reader != nil {
		get("/debug/telemetry", http.HandlerFunc(s.telemetry.show))
	}
	mux.Handle("/", s.route("no such page", func(*http.Request) (any, error) {
		return nil, problem{status: http.StatusNotFound, Code: "no_such_page", Message: "there is no such path"}
	}))
	return mux
}

func wrongMethod(r *http.Request) error {
	return problem{status: http.StatusMethodNotAllowed, Code: "wrong_method", Message: "that path takes GET, not " + r.Method}
}

// A handlerFunc handles a request. It returns the value to respond with as JSON,
// or an error.
type handlerFunc func(r *http.Request) (any, error)

// route returns a handler that calls handle with a span and a timeout, responds
// with JSON and logs the request. If handle succeeds, PMP Smart has given it a
// good answer, and the service is ready.
func (s *service) route(name string, handle handlerFunc) http.Handler {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), s.timeout)
		defer cancel()
		value, err := handle(r.WithContext(ctx))
		if err == nil {
			s.markReady()
		}
		text, err := asJSON(value, err)
		status := http.StatusOK
		if err == nil {
			write(w, status, text)
		} else {
			p := problemOf(ctx, err)
			status = p.status
			writeProblem(w, p)
		}
		s.logRequest(ctx, status, err, "route", name, "query", r.URL.RawQuery, "status", status, "took", time.Since(began))
	})
	return otelhttp.NewHandler(h, name,
		otelhttp.WithTracerProvider(s.telemetry.tracers),
		otelhttp.WithMeterProvider(s.telemetry.meters),
		otelhttp.WithPropagators(s.telemetry.propagator))
}

// logRequest counts and logs a request. The log has the whole error; the response
// has its kind alone.
func (s *service) logRequest(ctx context.Context, status int, err error, args ...any) {
	s.served.Add(1)
	level := slog.LevelInfo
	if err != nil {
		s.failed.Add(1)
		args = append(args, "error", err)
	}
	if status >= 500 {
		level = slog.LevelWarn // not the caller's mistake
	}
	s.logger.Log(ctx, level, "request", args...)
}

// live responds 200 while the process is alive. It checks no dependency, which a
// restart of the process would not mend.
func (s *service) live(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "live"})
}

// ready responds 200 from the first good answer of PMP Smart until the shutdown
// begins. It does not check PMP Smart or Redis each time: if they are away, they
// are away for every replica, and an error in JSON is better than no response.
func (s *service) ready(w http.ResponseWriter, _ *http.Request) {
	switch s.state.Load() {
	case ready:
		writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
	case draining:
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "draining"})
	default:
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "starting"})
	}
}

// asJSON encodes a response before the status is sent, so that a value that can't
// be encoded does not become a 200.
func asJSON(value any, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", problem{status: http.StatusInternalServerError, Code: "internal", Message: "the answer can't be written"}, err)
	}
	return text, nil
}

// writeJSON responds with a value that can be encoded.
func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := asJSON(value, nil)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"the answer can't be written"}}`)
	}
	write(w, status, text)
}

func write(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller that left is nobody's error
}
