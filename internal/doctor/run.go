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
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/internal/gogen"
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
	insecure bool
	quiet    bool
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

The exit status is 0 when every endpoint gave a good answer, 1 for bad input or an
endpoint that failed, 2 when -diff found a change, 130 after Ctrl-C.

Usage: %s [flags]
`

// Run is the command: it parses, asks, prints, and returns the exit status.
func Run(ctx context.Context, env command.Env) int {
	o, err := parseFlags(env)
	if errors.Is(err, flag.ErrHelp) {
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
		err = tell(o, old, now, problems, env.Stdout, env.Stderr)
	}
	switch {
	case err != nil:
		env.Problem("%v", err)
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

// tell saves the report and prints it.
func tell(o options, old, now *report.Report, problems map[string]string, stdout, stderr io.Writer) error {
	if o.out != "" {
		if err := save(now, o.out); err != nil {
			return fmt.Errorf("can't save the report: %w", err)
		}
		fmt.Fprintf(stderr, "saved %s, values left out\n", o.out)
	}
	if old != nil {
		now.Changes = report.Changes(old, now)
		if old.MaxRecords != now.MaxRecords {
			fmt.Fprintf(stderr, "%s was made with -max-records %d, this one with %d: a field that few records have may seem lost or new\n", o.diff, old.MaxRecords, now.MaxRecords)
		}
	}
	switch {
	case o.goName != "":
		return printGo(stdout, now, o.goName)
	case o.json:
		return now.Write(stdout)
	}
	return printReport(plain{stdout}, now, problems, o.diff)
}

// parseFlags reads the flags and refuses what can't be right, before anything is
// sent.
func parseFlags(env command.Env) (o options, err error) {
	f := flag.NewFlagSet(env.Name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&o.sandbox, "sandbox", false, "ask a sandbox in this process, whatever the environment says")
	f.BoolVar(&o.json, "json", false, "print the report as JSON, values left out, and nothing else")
	f.StringVar(&o.out, "o", "", "save the report, values left out, to this `file`")
	f.StringVar(&o.diff, "diff", "", "say what changed since the report in this `file`")
	f.StringVar(&o.in, "in", "", "ask no server; print the report in this `file`")
	f.StringVar(&o.goName, "go", "", "print a Go file of package `name`, with types for all fields, and nothing else")
	f.BoolVar(&o.docs, "docs", false, "ask the host, too, for descriptions of its API that are open to anybody, without a token: "+strings.Join(docPaths, ", "))
	f.IntVar(&o.max, "max-records", 2000, "read at most `n` records of a list")
	f.Float64Var(&o.rate, "rate", 10, "send at most `n` requests a second")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "how long the server may stay silent")
	f.BoolVar(&o.quiet, "quiet", false, "print no progress")
	f.BoolVar(&o.insecure, "insecure", false, "allow http:// to another machine: whoever listens reads the password")
	if err := f.Parse(env.Args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(env.Stdout, usage, env.Name)
		f.SetOutput(env.Stdout)
		f.PrintDefaults()
		return o, err
	} else if err != nil {
		return o, fmt.Errorf("%w; -h lists the flags", err)
	}
	return o, o.check(f.Args())
}

func (o options) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q; -h lists the flags", rest[0])
	case o.max < 1:
		return fmt.Errorf("-max-records is %d; want 1 or more", o.max)
	case !(o.rate > 0):
		return fmt.Errorf("-rate is %v; want more than 0", o.rate)
	case o.timeout <= 0:
		return fmt.Errorf("-timeout is %s; want a positive duration", o.timeout)
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
	return checkOut(o.out)
}

// checkOut refuses a place where no report can be saved: what stands there and
// is no file of a report's kind, a folder or a device, is not to be replaced.
func checkOut(name string) error {
	switch name {
	case "":
		return nil
	case "-":
		return errors.New("-o - is no file; for the report on the standard output give -json in its place")
	}
	if folder, err := os.Stat(filepath.Dir(name)); err != nil || !folder.IsDir() {
		return fmt.Errorf("-o %s: there is no folder %s", name, filepath.Dir(name))
	}
	there, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkFolder(name)
	case err != nil:
		return fmt.Errorf("-o %w", err)
	case there.IsDir():
		return fmt.Errorf("-o %s: it is a folder; name a file in it", name)
	case !there.Mode().IsRegular():
		return fmt.Errorf("-o %s: it is no regular file; name one, or one that is not there yet", name)
	}
	return checkFolder(name)
}

// checkFolder tries whether a file can be made where the report is to be saved: a
// long run should not end in that it can't.
func checkFolder(name string) error {
	trial, err := os.CreateTemp(filepath.Dir(linkTarget(name)), partPattern)
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err // the trial's own name would only puzzle
		}
		return fmt.Errorf("-o %s: can't make a file in the folder %s: %w", name, filepath.Dir(linkTarget(name)), err)
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}
