// Package tool holds what the back office's programs share: how they read their
// flags, find the server, stop on Ctrl-C, show progress and print what they did.
package tool

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// The exit statuses.
const (
	statusOK          = 0
	statusFailed      = 1
	statusInterrupted = 130 // 128 and the number of SIGINT, as a shell has it
)

// A Tool is a program that is running: its flags, its output and its server.
type Tool struct {
	Flags *flag.FlagSet // for the program's own flags, before Parse

	name, about    string
	stdout, stderr io.Writer

	sandbox bool
	orders  int
	tokens  string
	json    bool
	quiet   bool

	mu       sync.Mutex // of writing to stderr
	progress *Progress  // running, nil where none is
	server   *pmpsmarttest.Server
	where    string
}

// Main runs a program and exits with its status. Its context ends with the first
// Ctrl-C or SIGTERM; a second one ends the program at once. about is what -h
// prints before the flags.
func Main(name, about string, run func(context.Context, *Tool) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	t := newTool(name, about, os.Stdout, os.Stderr)
	err := run(ctx, t)
	t.close()
	os.Exit(t.exit(ctx, err))
}

func newTool(name, about string, stdout, stderr io.Writer) *Tool {
	t := &Tool{name: name, about: about, stdout: stdout, stderr: stderr}
	t.Flags = flag.NewFlagSet(name, flag.ContinueOnError)
	t.Flags.SetOutput(io.Discard) // errors are printed in one place, exit
	t.Flags.BoolVar(&t.sandbox, "sandbox", false, "talk to a made-up server inside this program")
	t.Flags.IntVar(&t.orders, "sandbox-orders", 240, "how many orders the sandbox starts with")
	t.Flags.StringVar(&t.tokens, "tokens", "", "`FOLDER` for the account's token: programs that share it do not log in each time, nor log each other out; \"none\" keeps it in memory (default pmpsmart in the user's cache folder)")
	t.Flags.BoolVar(&t.json, "json", false, "print the result as JSON, for machines")
	t.Flags.BoolVar(&t.quiet, "quiet", false, "print no notes and no progress, only problems and the result")
	return t
}

// exit prints what went wrong, on one line, and gives the exit status.
func (t *Tool) exit(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(t.stdout, t.help())
		return statusOK
	}
	t.Problem("%s", strings.ReplaceAll(err.Error(), "\n", "; ")) // joined errors stand on a line each
	if ctx.Err() != nil {
		return statusInterrupted
	}
	return statusFailed
}

// Parse reads the command line. The program takes at most that many arguments
// after its flags; those that are not there are "".
func (t *Tool) Parse(arguments int) ([]string, error) {
	return t.parse(os.Args[1:], arguments)
}

func (t *Tool) parse(line []string, arguments int) ([]string, error) {
	if err := t.Flags.Parse(line); err != nil {
		return nil, fmt.Errorf("%w; %s -h tells more", err, t.name)
	}
	if t.sandbox && t.tokens != "" {
		return nil, errors.New("-tokens is for a real account; the sandbox's tokens end with it")
	}
	rest := t.Flags.Args()
	if len(rest) > arguments {
		extra := rest[arguments]
		if strings.HasPrefix(extra, "-") && arguments > 0 {
			return nil, fmt.Errorf("flags go before the file's name, and %s stands after it", extra)
		}
		return nil, fmt.Errorf("unexpected argument %q; %s -h tells more", extra, t.name)
	}
	return append(rest, make([]string, arguments-len(rest))...), nil
}

const environment = `
The server and the account come from the environment: PMPSMART_EMAIL and
PMPSMART_PASSWORD or PMPSMART_PASSWORD_FILE, or PMPSMART_TOKEN;
PMPSMART_BASE_URL where it is not
` + defaultBaseURL + `.

Flags:
`

func (t *Tool) help() string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(t.about) + "\n" + environment)
	t.Flags.SetOutput(&b)
	t.Flags.PrintDefaults()
	return b.String()
}

// Result prints what the program did: value as JSON for machines, else text.
func (t *Tool) Result(value any, text string) error {
	if t.json {
		encoder := json.NewEncoder(t.stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(value)
	}
	_, err := io.WriteString(t.stdout, strings.TrimRight(text, "\n")+"\n")
	return err
}

// Note tells a person what is going on, unless -quiet is given.
func (t *Tool) Note(format string, args ...any) {
	if !t.quiet {
		t.Problem(format, args...)
	}
}

// Problem prints one line on stderr, after the program's name.
func (t *Tool) Problem(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.progress != nil {
		t.progress.clear()
	}
	fmt.Fprintf(t.stderr, "%s: %s\n", t.name, Clean(fmt.Sprintf(format, args...)))
}

func (t *Tool) close() {
	if t.server != nil {
		t.server.Close()
	}
}
