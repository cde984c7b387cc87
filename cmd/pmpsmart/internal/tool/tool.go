// Package tool has what the commands of the program share: how they are described,
// the server they talk to, what they print, their progress and their files.
package tool

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/internal/command"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// An Environment is what a program is started with.
type Environment struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// A Tool is the program while a command of it runs: its global flags, its output and
// its server.
type Tool struct {
	Environment
	Language lang.Language
	Global   Global

	name     string                    // of the command, before each line on stderr
	profiles func() (*Profiles, error) // the user's, read once
	profile  Profile
	mu       sync.Mutex // of writing to stderr
	progress *Progress  // running, nil where none is
	server   *pmpsmarttest.Server
	where    string
}

// Global has the flags that every command takes.
type Global struct {
	Profile       string
	Rate          float64       // requests a second; 0 for no limit
	Timeout       time.Duration // 0 for the library's default
	Patience      time.Duration
	Insecure      bool
	JSON          bool
	Quiet         bool
	Sandbox       bool
	SandboxOrders int
	Tokens        string
}

// New returns the program before its flags are read.
func New(env Environment, language lang.Language) *Tool {
	t := &Tool{Environment: env, Language: language, name: "pmpsmart"}
	t.profiles = sync.OnceValues(t.readProfiles)
	return t
}

// SetName sets what stands before each line on stderr: "pmpsmart export".
func (t *Tool) SetName(name string) { t.name = name }

// Name returns what stands before each line on stderr.
func (t *Tool) Name() string { return t.name }

// IsJSON reports whether the result is printed for machines.
func (t *Tool) IsJSON() bool { return t.Global.JSON }

// Sprintf formats a message in the user's language.
func (t *Tool) Sprintf(format string, args ...any) string { return t.Language.Sprintf(format, args...) }

// Result prints what a command did: value as JSON for machines, else text.
func (t *Tool) Result(value any, text string) error {
	if t.Global.JSON {
		encoder := json.NewEncoder(t.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return command.Printed(encoder.Encode(value))
	}
	for len(text) > 0 && text[len(text)-1] == '\n' {
		text = text[:len(text)-1]
	}
	_, err := io.WriteString(t.Stdout, text+"\n")
	return command.Printed(err)
}

// Note tells a person what is going on, unless -quiet is given.
func (t *Tool) Note(format string, args ...any) {
	if !t.Global.Quiet {
		t.Problem(format, args...)
	}
}

// Problem prints one line on stderr, after the program's name.
func (t *Tool) Problem(format string, args ...any) { t.line(t.Sprintf(format, args...)) }

func (t *Tool) line(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.progress != nil {
		t.progress.clear()
	}
	fmt.Fprintf(t.Stderr, "%s: %s\n", t.name, Clean(text))
}

// Close ends what the program has started.
func (t *Tool) Close() {
	if t.server != nil {
		_ = t.server.Close() // nothing is kept
	}
}

// A Run does the work of a command.
type Run func(ctx context.Context, t *Tool, args []string) error

// A Command is one of the program's.
type Command struct {
	Name  string
	Usage string    // after its name: "[flags] FILE"
	Short lang.Text // one line, of the list of commands
	Long  lang.Text // of its help

	MinArgs, MaxArgs int // how many arguments it takes; -1 for any number
	Flags            func(f *Flags)
	Run              Run
	Commands         []Command // of a command that has others below it

	// MakesProfiles is set for a command whose -profile need not be there yet.
	MakesProfiles bool

	// Passthrough is set in place of Flags and Run for a program that reads its own
	// flags. It returns the exit status.
	Passthrough func(ctx context.Context, t *Tool, args []string) int
}

// Argument returns the i-th argument, "" where it is not given.
func Argument(args []string, i int) string {
	if i < len(args) {
		return args[i]
	}
	return ""
}
