// Pmpsmart-doctor tells what a PMP Smart server really answers: it logs in, calls
// every endpoint that only reads, and prints what came, field by field. It never
// writes. See docs/doctor.md.
package main

import (
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/doctor"
)

func main() { command.Main("pmpsmart-doctor", doctor.Run) }
