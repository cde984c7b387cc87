// Pmpsmart is the tool for the back office of PMP Smart.
//
//	go install github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart@latest
//	pmpsmart export -sandbox -o orders.csv
//
// See pmpsmart -h and the README beside this file.
package main

import (
	"os"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/app"
)

func main() { os.Exit(app.Main()) }
