// Outbox is a service that takes JSON orders over HTTP, commits each with its own
// data in one transaction, answers 202, and brings it to PMP Smart exactly once,
// whatever fails meanwhile: PMP Smart, the network, or a process of its own.
//
//	go run ./examples/outbox
//
// As it stands it sends to a sandbox in its own process and keeps its orders in a
// temporary SQLite file. With PMPSMART_EMAIL and PMPSMART_PASSWORD, or
// PMPSMART_TOKEN, it sends to that account and keeps outbox.db in its folder. With
// -database postgres://… any number of machines share the work.
//
// The exit status is 1 for an error, and 2 for flags that can't be used.
//
// To read the code: main.go starts and shuts down the service, config.go has the
// flags, client.go the PMP Smart client. store.go has the orders' table and its
// statements, sqlite.go and postgres.go the two databases, queue.go River on them,
// tokens.go and lock.go what PostgreSQL keeps for all processes: the account's token,
// and the locks that keep two of them from sending one order at once. worker.go sends
// an order, hold.go keeps it while PMP Smart wants none, verdict.go decides what an
// attempt means, difference.go where another order differs, sweep.go finds orders that
// nobody works on. server.go has the routes, orders.go the handlers, problem.go the error
// responses, page.go the page for people, telemetry.go traces and metrics.
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
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintf(os.Stderr, "outbox: %v\n", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintf(os.Stderr, "outbox: %s\n", strings.Join(strings.Fields(err.Error()), " ")) // pgx has lines
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
	db, err := openDatabase(ctx, cfg, logger)
	if err != nil {
		return err
	}
	defer db.close()
	telemetry, err := newTelemetry(cfg.collect)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, telemetry.close()) }()
	remote, err := newRemote(cfg, logger, db, telemetry)
	if err != nil {
		return err
	}
	defer remote.close()
	send := newSender(cfg, db, remote.client, logger, telemetry)
	if err := db.open(ctx, send); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := telemetry.observe(db); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return err
	}
	s := &service{cfg: cfg, db: db, sender: send, logger: logger}
	logger.Info("listening", "url", "http://"+listener.Addr().String(), "api", remote.where, "database", db.where())
	if cfg.sandbox && cfg.database != "" {
		logger.Warn("orders of this database are sent to a sandbox alone, and then count as sent; for an account set PMPSMART_EMAIL and PMPSMART_PASSWORD")
	}
	if !cfg.json {
		greet(stdout, listener.Addr().String(), remote.where, db.where())
	}
	return serve(ctx, s, listener)
}

func newLogger(w io.Writer, asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// serve takes and sends orders until ctx ends. Then it takes no more, and the orders
// being sent may finish; what has not by the end of the drain is given back.
func serve(ctx context.Context, s *service, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
	if err := s.db.start(); err != nil {
		return errors.Join(fmt.Errorf("database: %w", err), listener.Close())
	}
	sweeping, endSweeps := context.WithCancel(context.WithoutCancel(ctx))
	swept := make(chan struct{})
	go func() { defer close(swept); s.sender.sweeps(sweeping) }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	s.logger.Info("draining", "at_most", s.cfg.drain)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.drain)
	defer cancel()
	if shut := server.Shutdown(ending); shut != nil {
		err = errors.Join(err, fmt.Errorf("requests were cut off after %s: %w", s.cfg.drain, shut), server.Close())
	}
	endSweeps()
	<-swept
	err = errors.Join(err, s.db.stop(ending))
	s.logger.Info("ended")
	return err
}

// greet prints how to use the service.
func greet(w io.Writer, addr, api, database string) {
	fmt.Fprintf(w, `Sending orders to %[2]s
Orders are kept in %[3]s

  http://%[1]s/                               what waits, what failed and why

  curl -d '{"code":"ORD-1","status":"completed","data":{"total":52500}}' \
       -H 'Content-Type: application/json' http://%[1]s/orders
  curl http://%[1]s/orders/ORD-1
  curl 'http://%[1]s/orders?state=parked'

Ctrl-C ends it.
`, addr, api, database)
}
