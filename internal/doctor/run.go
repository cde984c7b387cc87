// Package doctor is the command that tells what a PMP Smart server really answers: it
// logs in, calls every endpoint that only reads, and prints what came, field by field. It
// never writes. See docs/doctor.md.
//
// To read the code: run.go is the command, probes.go what is asked, tap.go how
// the wire is seen, body.go, shape.go, kind.go, census.go and keys.go what is made
// of an answer, report.go and print.go what is told. Package report is the file.
package doctor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/gogen"
	"github.com/pmpsmart/pmpsmart-go/internal/patience"
	"github.com/pmpsmart/pmpsmart-go/internal/report"
)

// The exit statuses.
const (
	exitDone        = 0
	exitFailed      = 1   // bad input, or an endpoint that gave no good answer
	exitChanged     = 2   // with -diff, and something has changed
	exitInterrupted = 130 // as shells have it for Ctrl-C
)

// options are what the flags say.
type options struct {
	sandbox  bool
	json     bool
	out      string
	diff     string
	in       string
	goName   string
	docs     bool
	max      int
	rate     float64
	timeout  time.Duration
	patience time.Duration
	password string // the file of it
	insecure bool
	quiet    bool
	version  bool
}

const usage = `Tells what a PMP Smart server really answers. It logs in, calls
every endpoint that only reads, and prints a row an endpoint and every field that
came, with a star where the library's structs do not name it. It never writes:
what would is refused before it is sent. A login of its own may end the token of
other programs that use the account; give it theirs by PMPSMART_TOKEN.

  PMPSMART_EMAIL, PMPSMART_PASSWORD   the account to log in with (or
  PMPSMART_PASSWORD_FILE              the file of its password), or
  PMPSMART_TOKEN                      a token that is good already
  PMPSMART_BASE_URL                   another server than the vendor's

A server that allows few requests a minute, or is in maintenance for some minutes, is
waited for: -patience says how long, -rate sends fewer.

The exit status is 0 when every endpoint gave a good answer, 1 for bad input or an
endpoint that failed, 2 when -diff found a change, 130 after Ctrl-C.

Usage: %s [flags]
`

// Run is the command: it parses, asks, prints, and returns the exit status. The process
// has to survive that nobody reads its output any more, as command.Main sees to.
func Run(ctx context.Context, env command.Env) int {
	o, err := parseFlags(env)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err == nil && o.version:
		fmt.Fprintln(env.Stdout, env.Name, command.Version(), runtime.Version())
		return exitDone
	}
	var old, now *report.Report
	var problems map[string]string
	if err == nil {
		old, err = readReport(o.diff)
	}
	if err == nil {
		now, problems, err = newReport(ctx, o, env)
	}
	if err == nil {
		err = tell(o, old, now, problems, env)
	}
	switch {
	case err != nil:
		env.Problem("%s", command.Explain(err))
		return exitFailed
	case now.Interrupted:
		env.Problem("interrupted; %d of %d endpoints gave a good answer, nothing was written to the server", now.Answered(), len(now.Endpoints))
		return exitInterrupted
	case o.in != "" && o.goName != "":
		return exitDone // the types are there, whatever the report tells of the server
	case now.Failed():
		return exitFailed
	case len(now.Changes) > 0:
		return exitChanged
	}
	return exitDone
}

// NeedsAccount reports whether the command asks a server with these arguments: for help, with
// the sandbox, with a saved report, and with a mistake in them it does not.
func NeedsAccount(args []string) bool {
	o, err := parseFlags(command.Env{Args: args, Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }})
	return err == nil && !o.sandbox && o.in == "" && !o.version
}

// newReport returns a saved report, or what a server answers now and the errors by
// endpoint.
func newReport(ctx context.Context, o options, env command.Env) (r *report.Report, problems map[string]string, err error) {
	if o.in != "" {
		r, err = readReport(o.in)
		return r, nil, err
	}
	d, err := newDoctor(o, env)
	if err != nil {
		return nil, nil, err
	}
	defer d.close()
	r = d.examine(ctx)
	if o.docs {
		d.readDocs(ctx, o)
	}
	d.progress.end()
	return r, d.problems(), nil
}

// tell prints the report and saves it. The one is done though the other can't be, and
// what can't be saved is printed: the run is not lost.
func tell(o options, old, now *report.Report, problems map[string]string, env command.Env) error {
	if old != nil {
		now.Changes = report.Changes(old, now)
		if old.MaxRecords != now.MaxRecords {
			fmt.Fprintf(env.Stderr, "%s was made with -max-records %d, this one with %d: a field that few records have may seem lost or new\n", o.diff, old.MaxRecords, now.MaxRecords)
		}
	}
	err := command.Printed(print(o, now, problems, env.Stdout))
	if err != nil {
		err = fmt.Errorf("can't print the report: %w", err)
	}
	if o.out == "" {
		return err
	}
	if problem := save(now, o.out); problem != nil {
		return errors.Join(err, notSaved(o, now, problem, env))
	}
	fmt.Fprintf(env.Stderr, "saved %s, values left out\n", o.out)
	return err
}

// print prints a report in the form that the flags ask for.
func print(o options, r *report.Report, problems map[string]string, stdout io.Writer) error {
	switch {
	case o.goName != "":
		return printGo(stdout, r, o.goName)
	case o.json:
		return r.Write(stdout)
	}
	return printReport(plain{stdout}, r, problems, o.diff)
}

// notSaved prints a report that can't be saved, unless -json has, and returns the error.
func notSaved(o options, r *report.Report, problem error, env command.Env) error {
	where := "the standard output has it"
	if !o.json {
		out := env.Stdout
		if o.goName != "" { // there is a Go file
			out, where = env.Stderr, "here it is"
		}
		if err := errors.Join(writeString(out, "\n"), r.Write(out)); err != nil {
			return fmt.Errorf("can't save the report: %w; nor print it: %w", problem, err)
		}
	}
	return fmt.Errorf("can't save the report: %w; %s", problem, where)
}

func writeString(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}

// parseFlags reads the flags and refuses what can't be right, before anything is
// sent.
func parseFlags(env command.Env) (o options, err error) {
	f := flag.NewFlagSet(env.Name, flag.ContinueOnError)
	f.BoolVar(&o.sandbox, "sandbox", false, "ask a sandbox in this process, whatever the environment says")
	f.BoolVar(&o.json, "json", false, "print the report as JSON, values left out, and nothing else")
	f.StringVar(&o.out, "o", "", "save the report, values left out, to this `file`")
	f.StringVar(&o.diff, "diff", "", "say what changed since the report in this `file`")
	f.StringVar(&o.in, "in", "", "ask no server; print the report in this `file`")
	f.StringVar(&o.goName, "go", "", "print a Go file of package `name`, with types for all fields, and nothing else")
	f.BoolVar(&o.docs, "docs", false, "ask the host, too, for descriptions of its API that are open to anybody, without a token: "+strings.Join(docPaths, ", "))
	f.IntVar(&o.max, "max-records", 2000, "read at most `n` records of a list")
	f.Float64Var(&o.rate, "rate", 10, "send at most `n` requests a second; 1 for a server that allows 60 a minute")
	command.DurationVar(f, &o.timeout, "timeout", 30*time.Second, "`how long` the server may stay silent: 30s, 2m, or a number of seconds")
	command.DurationVar(f, &o.patience, "patience", patience.Default, "`how long` to wait, in a row, for a server that says that it is busy or in maintenance; 0 not at all")
	f.StringVar(&o.password, "password-file", "", "the `file` of the account's password, in place of PMPSMART_PASSWORD_FILE and PMPSMART_PASSWORD")
	f.BoolVar(&o.version, "version", false, "print the version and end")
	f.BoolVar(&o.quiet, "quiet", false, "print no progress")
	f.BoolVar(&o.insecure, "insecure", false, "allow http:// to another machine: whoever listens reads the password")
	if err := command.ParseFlags(f, env.Args); errors.Is(err, flag.ErrHelp) {
		env.PrintHelp(usage, f)
		return o, err
	} else if err != nil {
		return o, fmt.Errorf("%w; -h lists the flags", err)
	}
	return o, o.check(f.Args(), env.Stdout)
}

func (o options) check(rest []string, stdout io.Writer) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q; -h lists the flags", rest[0])
	case o.max < 1:
		return fmt.Errorf("-max-records is %d; want 1 or more", o.max)
	case !(o.rate > 0):
		return fmt.Errorf("-rate is %v; want more than 0", o.rate)
	case o.timeout <= 0:
		return fmt.Errorf("-timeout is %s; want more than 0", o.timeout)
	case o.patience < 0:
		return fmt.Errorf("-patience is %s; want 0 or more", o.patience)
	case o.in != "" && o.sandbox:
		return errors.New("-in and -sandbox exclude each other")
	case o.in != "" && o.docs:
		return errors.New("-in and -docs exclude each other: -in asks no server")
	case o.goName != "" && o.json:
		return errors.New("-go and -json exclude each other")
	case o.goName != "":
		if err := gogen.CheckPackage(o.goName); err != nil {
			return fmt.Errorf("-go: %w", err)
		}
	}
	return checkOut(o.out, stdout)
}
