// Pmpsmart-sandbox serves a PMP Smart sandbox, for programs in any language. It
// is what the Go package pmpsmarttest gives to Go tests.
//
//	go run github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart-sandbox -addr 127.0.0.1:8089 -style loose -seed 1000
//
// It prints its address and the account that may log in, then a line for each
// request, until it is interrupted. A request's header X-Style asks for another
// style of one answer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "pmpsmart-sandbox:", err)
		os.Exit(1)
	}
}
