// Package outlets is the command outlets.
package outlets

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Outlets gives outlets the codes that a CSV file says. The file has a column "id"
(or "id_outlet", "outlet_id") and a column "code" (or "kode", "kode_outlet"), and
others that are not read; without a line of heads the first two columns are the id
and the code. "-" is the standard input. A code that two lines give, or that
another outlet has and keeps, is refused; a swap is fine.
Without -apply it changes nothing and prints what it would do. It can be run
again: what is right already is left alone. With -sandbox and no FILE it takes a
sample.`)

//go:embed sample.csv
var sample []byte

// Command returns the command outlets.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:    "outlets",
		Usage:   "[flags] FILE",
		Short:   lang.T("give outlets the codes that a file says"),
		Long:    about,
		MaxArgs: 1,
		Flags:   o.flags,
		Run:     o.run,
	}
}

// options are the program's flags.
type options struct {
	dryRun, apply bool
}

func (o *options) flags(f *tool.Flags) {
	f.Bool(&o.dryRun, "dry-run", false, "print the plan and change nothing; so it is without -apply")
	f.Bool(&o.apply, "apply", false, "make the changes")
}

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	switch {
	case o.apply && o.dryRun:
		return errors.New("-apply makes the changes and -dry-run does not; give one of them")
	}
	name, file, err := open(t, tool.Argument(args, 0))
	if err != nil {
		return err
	}
	rows, err := readRows(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close()

	list, err := plan(ctx, client, rows)
	if err != nil {
		return interrupted(ctx, err, "stopped before anything was changed")
	}
	if !o.apply {
		return printPlan(t, rows)
	}
	err = apply(ctx, t, client, rows, list)
	return errors.Join(printOutcome(t, rows), err, refusals(rows, err))
}

// open gives the file that the command line names, whole: it is the work of
// people, and short.
func open(t *tool.Tool, name string) (string, io.Reader, error) {
	switch {
	case name == "-":
		return "standard input", os.Stdin, nil
	case name == "" && t.IsSandbox():
		return "sample.csv", bytes.NewReader(sample), nil
	case name == "":
		return "", nil, errors.New("which FILE? pmpsmart outlets -h tells more")
	}
	text, err := os.ReadFile(name)
	return name, bytes.NewReader(text), err
}

// interrupted gives what Ctrl-C did in place of the error that it made.
func interrupted(ctx context.Context, err error, what string) error {
	if ctx.Err() != nil {
		return errors.New(what)
	}
	return err
}
