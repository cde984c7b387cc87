// Pmpsmart-sandbox serves a PMP Smart sandbox, for programs in any language. It
// is what the Go package pmpsmarttest gives to Go tests.
//
//	go run github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart-sandbox -addr 127.0.0.1:8089 -style loose -seed 1000
//
// It prints its address and the account that may log in, then a line for each
// request, until it is interrupted. A request's header X-Style asks for another
// style of one answer. Under /_sandbox it has an API that steers it: faults, styles,
// the clock, records, a sandbox of its own for each test. The flag -h tells all flags;
// the page docs/testing.md tells the rest.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

func main() {
	ignoreBrokenPipe() // who reads the log may go, as head -1 does
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "pmpsmart-sandbox:", redact.SingleLine(err.Error()))
		if errors.As(err, new(usageError)) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// A usageError is a mistake in the flags. The exit status 2 tells it from a server that
// can't serve.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }
