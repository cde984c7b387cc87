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
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/sandboxcmd"
)

func main() { command.Main("pmpsmart-sandbox", sandboxcmd.Run) }
