// Service is a small HTTP service that serves the orders of PMP Smart, made to
// run as several replicas: they share one login through Redis, are traced by
// OpenTelemetry, answer errors as JSON, and end without cutting a request off.
//
//	go run ./examples/service
//
// As it stands it serves a sandbox in its own process. With PMPSMART_EMAIL and
// PMPSMART_PASSWORD, or PMPSMART_TOKEN, it serves that account's orders.
//
// The exit status is 1 for an error, and 2 for flags that can't be used.
//
// To read the code: main.go starts and shuts down the service, config.go has the
// flags, client.go the PMP Smart client, tokens.go its token store, server.go the
// routes and their middleware, orders.go the handlers, response.go the types of
// the responses, problem.go the error responses, telemetry.go the exporters of
// traces and metrics, memory.go one that keeps them in memory, log.go the logger.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/otel"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintf(os.Stderr, "service: %v\n", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintf(os.Stderr, "service: %v\n", err)
		os.Exit(1)
	}
}

// run runs the service until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	cfg, err := parseConfig(args, stdout)
	if err != nil {
		return err
	}
	logger := newLogger(stderr, cfg.json)
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { logger.Warn("telemetry", "error", err) }))
	telemetry, err := newTelemetry(cfg.telemetry, cfg.metrics != "", stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, telemetry.close()) }()
	upstream, err := newUpstream(cfg, logger, telemetry)
	if err != nil {
		return err
	}
	defer upstream.close()
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	metrics, err := serveMetrics(cfg.metrics, telemetry)
	if err != nil {
		return err
	}
	defer metrics.Close()
	s := newService(cfg, upstream.client, logger, telemetry)
	logger.Info("listening", "url", "http://"+listener.Addr().String(), "metrics", metrics.Addr, "api", upstream.where, "tokens", upstream.tokens)
	if !cfg.json {
		greet(stdout, listener.Addr().String(), metrics.Addr, upstream, cfg.telemetry == inMemory)
	}
	return serve(ctx, cfg, s, listener)
}

// serve serves HTTP until ctx ends, and then shuts down: requests under way may
// finish.
func serve(ctx context.Context, cfg config, s *service, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      cfg.timeout + 10*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	go s.warmUp(ctx)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.state.Store(draining) // /readyz tells the load balancer to send no more requests
	s.logger.Info("draining", "delay", cfg.drainDelay, "at_most", cfg.drain)
	time.Sleep(cfg.drainDelay)
	ending, cancel := context.WithTimeout(context.Background(), cfg.drain)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", cfg.drain, errors.Join(err, server.Close()))
	}
	s.logger.Info("ended", "served", s.served.Load(), "failed", s.failed.Load())
	return nil
}

// serveMetrics serves /metrics on an address of its own until the server that it
// returns is closed. Without an address it serves nothing.
func serveMetrics(addr string, t *telemetry) (*http.Server, error) {
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	if addr == "" {
		return server, nil
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", t.scrape)
	server.Handler, server.Addr = mux, "http://"+listener.Addr().String()+"/metrics"
	go server.Serve(listener) //nolint:errcheck // it ends when it is closed
	return server, nil
}

// greet prints how to use the service.
func greet(w io.Writer, addr, metrics string, u *upstream, showsTelemetry bool) {
	debug := ""
	if showsTelemetry {
		debug = "\n  curl http://" + addr + "/debug/telemetry                its latest spans, its metrics"
	}
	if metrics != "" {
		debug += fmt.Sprintf("\n  curl %-43s its metrics, for Prometheus", metrics)
	}
	fmt.Fprintf(w, `Serving the orders of %[2]s on http://%[1]s
Tokens are kept in %[3]s.

  curl 'http://%[1]s/orders?status=open&limit=3'   also date, user_id, outlet_id
  curl http://%[1]s/orders/7
  curl http://%[1]s/healthz                        the process is alive
  curl http://%[1]s/readyz                         it may be sent requests%[4]s

Ctrl-C ends it.
`, addr, u.where, u.tokens, debug)
}
