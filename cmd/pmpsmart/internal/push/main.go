// Package push is the command push.
package push

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Push sends JSON orders to the server, each exactly once. A line of the file is

  {"code": "PMP-3903001", "status": "completed", "data": {"any": "JSON"}}

and "-" is the standard input. FILE.journal says what is done: start a run that
broke off again, with the same command, and it does the rest. One that is stopped
by Ctrl-C finishes the orders that are under way; a second Ctrl-C does not wait.
With -sandbox and no FILE it takes a sample.`)

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
}

func (o *options) flags(f *tool.Flags) {
	f.Int(&o.n, "n", 8, "how many orders are under way at once")
	f.String(&o.journal, "journal", "", "`FILE` that says what is done; by default FILE.journal beside the input")
	f.Duration(&o.settle, "settle", 30*time.Second, "how long after a kill the server may still be at work on an order")
}

// mostAtOnce bounds -n: no server is faster for more.
const mostAtOnce = 256

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	switch {
	case o.n < 1 || o.n > mostAtOnce:
		return fmt.Errorf("-n is %d; want 1 to %d", o.n, mostAtOnce)
	case o.settle < 0:
		return fmt.Errorf("-settle is %s; want 0 or more", o.settle)
	}
	in, total, err := open(t, tool.Argument(args, 0))
	if err != nil {
		return err
	}
	defer in.Close()
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close()

	path, forget, err := journalPath(t, *o, tool.Argument(args, 0))
	if err != nil {
		return err
	}
	defer forget()
	journal, known, err := openJournal(path, t.Where())
	if err != nil {
		return err
	}
	defer journal.close()
	p := newPusher(t, client, journal, known, *o)
	p.progress = t.Progress("order", total)
	err = p.run(ctx, in)
	p.progress.Done()
	return errors.Join(t.Result(p.counts, p.counts.String()), p.explain(ctx, err))
}

// open gives the input and how many lines it has, 0 where nobody knows.
func open(t *tool.Tool, name string) (io.ReadCloser, int64, error) {
	switch {
	case name == "-":
		return io.NopCloser(os.Stdin), 0, nil
	case name == "" && t.IsSandbox():
		return io.NopCloser(bytes.NewReader(sample)), int64(bytes.Count(sample, []byte("\n"))), nil
	case name == "":
		return nil, 0, errors.New("which FILE? pmpsmart push -h tells more")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	lines, err := countLines(file)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, 0, fmt.Errorf("%s: %w", name, err)
	}
	return file, lines, nil
}

// countLines counts the lines of a file, before anything is made for it. One that
// holds no orders is refused: it is hardly the one that was meant.
func countLines(file io.Reader) (lines int64, err error) {
	in, err := tool.Text(file)
	if err != nil {
		return 0, err
	}
	buffer, isEmpty := make([]byte, 64<<10), true
	for {
		n, err := in.Read(buffer)
		lines += int64(bytes.Count(buffer[:n], []byte("\n")))
		isEmpty = isEmpty && len(bytes.TrimSpace(buffer[:n])) == 0
		switch {
		case errors.Is(err, io.EOF) && isEmpty:
			return 0, errors.New("holds no orders")
		case errors.Is(err, io.EOF):
			return lines, nil
		case err != nil:
			return 0, err
		}
	}
}

// journalPath is where the journal is, and what to do with it in the end: that of
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
		return "", keep, errors.New("orders from the standard input need a -journal")
	}
	path, err = checkJournal(input+".journal", input)
	return path, keep, err
}

// checkJournal refuses a place that can't hold a journal, and the input's own.
func checkJournal(name, input string) (string, error) {
	path, err := tool.Place(name)
	if err != nil {
		return "", fmt.Errorf("the journal can't be there: %w", err)
	}
	a, errA := os.Stat(path)
	b, errB := os.Stat(input)
	if errA == nil && errB == nil && os.SameFile(a, b) {
		return "", fmt.Errorf("-journal %s is the input itself; name another file", name)
	}
	return path, nil
}
