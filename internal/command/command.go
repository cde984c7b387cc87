// Package command is what the programs in cmd have in common: what they are given, how
// they end, and how they speak.
package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/pmpsmart/pmpsmart-go/internal/redact"
)

// An Env is what a command is run with.
type Env struct {
	Name           string   // by which it was called, for messages: "pmpsmart-doctor", "pmpsmart doctor"
	Args           []string // without the name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	// Translate puts a text of the help, or that of an error, into the user's language; by
	// default they are in English.
	Translate func(text string) string
}

// In returns a text in the user's language.
func (e Env) In(text string) string {
	if e.Translate == nil {
		return text
	}
	return e.Translate(text)
}

// Problem prints what went wrong on one line of stderr, after the command's name.
func (e Env) Problem(format string, args ...any) {
	fmt.Fprintf(e.Stderr, "%s: %s\n", e.Name, redact.SingleLine(e.In(fmt.Sprintf(format, args...))))
}

// Main runs a command as a process of its own, which ends with the status that run
// returns. The context of run is that of [Context].
func Main(name string, run func(context.Context, Env) int) {
	ctx, stop := Context(context.Background())
	defer stop()
	os.Exit(run(ctx, Env{Name: name, Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv})) //nolint:gocritic // the process ends
}

// Context returns a context that ends by Ctrl-C, SIGTERM or, unless the process was
// started to survive it, SIGHUP. A second signal ends the process at once. Where who read the
// output has gone, as head does, or tee by Ctrl-C, writing is from now on an error and no
// end.
func Context(parent context.Context) (context.Context, context.CancelFunc) {
	ignoreBrokenPipe()
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(parent, signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// modulePath is the library's.
const modulePath = "github.com/pmpsmart/pmpsmart-go"

// Version returns the version of the program that is running.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// LibraryVersion returns the version of the library that the program is built with.
func LibraryVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	module := &info.Main
	for _, dep := range info.Deps {
		if dep.Path == modulePath {
			module = dep
		}
	}
	if module.Replace != nil && module.Replace.Version != "" {
		module = module.Replace
	}
	if module.Version == "" {
		return "unknown"
	}
	return module.Version
}
