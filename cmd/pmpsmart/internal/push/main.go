// Package push is the command push.
package push

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Push sends JSON orders to the server, each exactly once. A line of the file is

  {"code": "PMP-3903001", "status": "completed", "data": {"any": "JSON"}}

or it is a row of a table, CSV or a workbook (.xlsx), with a column "code" and a
column "status": the data is the JSON of a column "data", or an object of the other
columns, where "items.0.qty" is a field of a field. "-" is the standard input.

FILE.journal says what is done: start a run that broke off again, with the same
command, and it does the rest. One that is stopped by Ctrl-C finishes the orders that
are under way; a second Ctrl-C does not wait. With -sandbox and no FILE it takes a
sample.`)

//go:embed sample.jsonl
var sample []byte

// Command returns the command push.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:    "push",
		Usage:   "[flags] FILE",
		Short:   lang.T("send JSON orders, each exactly once"),
		Long:    about,
		MaxArgs: 1,
		Flags:   o.flags,
		Run:     o.run,
	}
}

// options are the program's flags.
type options struct {
	n       int
	journal string
	settle  time.Duration

	columns, sheet, status string
	text                   []string
	dataText               string
	results, rejects       string
	excel                  bool
}

func (o *options) flags(f *tool.Flags) {
	f.Int(&o.n, "n", 8, "how many orders are under way at once")
	f.String(&o.journal, "journal", "", "`FILE` that says what is done; by default FILE.journal beside the input")
	f.Duration(&o.settle, "settle", 30*time.Second, "how long after a kill the server may still be at work on an order")
	f.String(&o.columns, "columns", "", "which `HEADS` of a table are the code, the status and the data: code=Kode,status=Status")
	f.String(&o.sheet, "sheet", "", "`NAME` of the sheet of a workbook, by default the first")
	f.String(&o.status, "status", "", "`STATUS` of all orders of a table: completed or draft")
	f.Strings(&o.text, "text", "`HEADS` of a CSV file whose cells stay texts, though they look like numbers")
	f.String(&o.dataText, "data-text", "", "what to do with data that is a text which holds JSON: `keep` or unwrap")
	f.String(&o.results, "results", "", "write what became of each order to `FILE`: .csv, .jsonl or .xlsx")
	f.String(&o.rejects, "rejects", "", "write the orders that were refused or failed to `FILE`, as they were")
	f.Bool(&o.excel, "excel", false, "write CSV for Excel in Indonesian")
}

// mostAtOnce bounds -n: no server is faster for more.
const mostAtOnce = 256

func (o *options) check() error {
	switch {
	case o.n < 1 || o.n > mostAtOnce:
		return tool.Usagef("-n is %d; want 1 to %d", o.n, mostAtOnce)
	case o.dataText != "" && o.dataText != "keep" && o.dataText != "unwrap":
		return tool.Usagef("-data-text is %q; want keep or unwrap", o.dataText)
	}
	return nil
}

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	name := tool.Argument(args, 0)
	if err := o.check(); err != nil {
		return err
	}
	if err := tool.CheckOutputs(name, tool.Output{Flag: "results", Name: o.results}, tool.Output{Flag: "rejects", Name: o.rejects}); err != nil {
		return err
	}
	in, err := o.open(t, name)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // never fails

	path, forget, err := journalPath(t, *o, name)
	if err != nil {
		return tool.Usage(err)
	}
	defer forget()
	journal, known, err := openJournal(path, t.Where())
	if err != nil {
		return err
	}
	defer journal.close()
	results, err := openResults(t, *o, in)
	if err != nil {
		return err
	}
	progress := t.Progress("order", countLines(name))
	p := newPusher(t, client, journal, known, *o, results, progress)
	err = p.run(ctx, in)
	progress.Done()
	return errors.Join(t.Result(p.counts, p.counts.text(t)), results.close(), p.explain(ctx, err))
}

// journalPath returns where the journal is, and what to do with it in the end: that of
// a sandbox is of no use once the sandbox is gone.
func journalPath(t *tool.Tool, o options, input string) (path string, forget func(), err error) {
	keep := func() {}
	switch {
	case o.journal != "":
		path, err := checkJournal(o.journal, input)
		return path, keep, err
	case t.IsSandbox():
		dir, err := os.MkdirTemp("", "push")
		return filepath.Join(dir, "journal"), func() { os.RemoveAll(dir) }, err
	case input == "-":
		return "", keep, lang.Errorf("orders from the standard input need a -journal")
	}
	path, err = checkJournal(input+".journal", input)
	return path, keep, err
}

// checkJournal refuses a place that can't hold a journal, and the input's own.
func checkJournal(name, input string) (string, error) {
	path, err := tool.Place(name)
	if err != nil {
		return "", lang.Errorf("the journal can't be there: %w", err)
	}
	a, errA := os.Stat(path)
	b, errB := os.Stat(input)
	if errA == nil && errB == nil && os.SameFile(a, b) {
		return "", lang.Errorf("-journal %s is the input itself; name another file", name)
	}
	return path, nil
}
