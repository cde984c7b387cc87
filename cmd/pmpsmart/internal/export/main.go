// Package export is the command export.
package export

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Export writes a list of the server's to a file: orders (that is the default), visits,
outlets, salespeople or json-orders, as CSV, JSON Lines or an Excel workbook.

The file appears when it is complete. Until then FILE.partial keeps what has come, and
after a break -resume goes on with it: with -from and -to, -date or -last after the days
that are complete, else after the last page. Days are asked for one by one, several at a
time; orders without a day are in an export of all days only. With -mirror all is read from
a mirror that pmpsmart mirror keeps, and nothing from the server. What the server sends
without having been asked for it is left out and counted, and the exit status is 1; so it
is if a record comes twice and differs.`)

// Command returns the command export.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:    "export",
		Usage:   "[orders|visits|outlets|salespeople|json-orders] [flags]",
		Short:   lang.T("write orders, visits, outlets, salespeople or JSON orders to a file"),
		Long:    about,
		MaxArgs: 1,
		Flags:   o.flags,
		Run:     o.run,
	}
}

// options are the command's flags.
type options struct {
	what, out, format, separator            string
	days                                    tool.Days
	status, statusOrder, name, code, search string
	user, outlet                            int64 // 0 for all
	columns, extra                          []string
	items, mirror                           string
	resume, restart                         bool
	within                                  time.Duration
	parallel                                int
	raw, excel, anyStatus                   bool
}

const mostParallel = 16

func (o *options) flags(f *tool.Flags) {
	f.String(&o.what, "what", "", "`LIST` to export, as the argument: orders, visits, outlets, salespeople or json-orders")
	f.String(&o.out, "o", "", "`FILE` to write, by default orders.csv and the like; one that is there is replaced; - is the standard output; {date}, {from} and {to} in it stand for days")
	f.String(&o.format, "format", "", "csv, jsonl or xlsx; by default what FILE's name ends with, csv for -")
	o.days.Flags(f)
	f.String(&o.status, "status", "", "only what has this status: of orders open, pending, complete or cancel")
	f.Bool(&o.anyStatus, "any-status", false, "take a -status of orders that the vendor does not document")
	f.ID(&o.user, "user", "only orders or visits of the salesperson of this `ID`")
	f.ID(&o.outlet, "outlet", "only orders or visits of the outlet of this `ID`")
	f.String(&o.name, "name", "", "only salespeople, or visits, with this in their `NAME`")
	f.String(&o.code, "code", "", "only the JSON orders of this `CODE`")
	f.String(&o.search, "search", "", "only JSON orders in which the server finds this `TEXT`")
	f.String(&o.statusOrder, "status-order", "", "only JSON orders of this `STATUS` of the order")
	f.Strings(&o.columns, "columns", "the columns by the server's `NAMES`, in this order: id,kode_order,items.0.qty")
	f.Strings(&o.extra, "extra", "more columns by the server's `NAMES`, behind the usual ones: total,customer.name; all is every field")
	f.String(&o.items, "items", "", "a row for each item of this `LIST` in a record, with columns like items.qty")
	f.Bool(&o.excel, "excel", false, "write CSV that Excel in Indonesia opens by a double click")
	f.String(&o.separator, "separator", "", "`CHARACTER` between the cells of CSV; by default a comma, with -excel a semicolon")
	f.Bool(&o.raw, "raw", false, "don't put ' before cells that a spreadsheet would run as a formula")
	f.Bool(&o.resume, "resume", false, "go on with the file of a run that broke off, if there is one")
	f.Duration(&o.within, "resume-within", 24*time.Hour, "with -resume: read anew what is older")
	f.Bool(&o.restart, "restart", false, "begin anew, and throw away what a run that broke off has left")
	f.String(&o.mirror, "mirror", "", "`FILE`, or postgres:// URL, of a mirror to read in place of the server")
	f.Int(&o.parallel, "parallel", 4, "how many days, or pages, to read at a time")
}

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	now := time.Now()
	j, err := o.job(t, args, now)
	if err != nil {
		return err
	}
	if j.target, err = o.place(j, now); err != nil {
		return err
	}
	if o.mirror != "" {
		return j.runMirror(ctx, o)
	}
	client, err := t.Client(pmpsmart.WithHooks(pageHooks), pmpsmart.WithPagesAhead(o.parallel-1), pmpsmart.WithDriftHandler(j.drift))
	if err != nil {
		return err
	}
	defer client.Close()
	j.where = t.Where()
	return j.run(ctx, j.query.kind.ofServer(client), o)
}

// A job is an export that is under way.
type job struct {
	tool   *tool.Tool
	query  *query
	form   *form
	target *target
	began  time.Time
	where  string // the records are from

	mu    sync.Mutex
	short *pmpsmart.Drift // of a list that was not all of it
}

// drift notes that a list ends before it should.
func (j *job) drift(ctx context.Context, d pmpsmart.Drift) {
	if isShort(ctx, d) {
		j.mu.Lock()
		j.short = &d
		j.mu.Unlock()
	}
}

func (j *job) run(ctx context.Context, from source, o *options) error {
	s, direct, err := j.openSpool(o)
	if err != nil {
		return err
	}
	defer s.close()
	resumed := s.Rows
	if err := j.read(ctx, from, s, o.parallel); err != nil {
		return j.keep(ctx, s, direct, err)
	}
	table, err := j.finish(s, direct)
	if err != nil {
		return j.keep(ctx, s, direct, err)
	}
	return j.report(s, table, resumed)
}

// read reads all records, and shows how far that is.
func (j *job) read(ctx context.Context, from source, s *spool, parallel int) error {
	var progress *tool.Progress
	if !j.target.isStream() { // whose rows a bar would stand between
		progress = j.tool.Progress(j.query.kind.noun, 0)
		defer progress.Done()
	}
	progress.Add(s.Rows)
	e := &exporter{query: j.query, source: from, spool: s, progress: progress}
	return e.run(ctx, parallel)
}

// openSpool begins what the records go into: a file, or at once a table on the standard
// output.
func (j *job) openSpool(o *options) (*spool, *table, error) {
	if !j.target.isStream() {
		left := leftover{o.resume, o.restart, o.within}
		s, err := openSpool(j.target.path, j.query.kind.noun, j.asked(), left, j.tool.Note)
		return s, nil, err
	}
	if j.form.learns() || j.form.write.Format == "xlsx" {
		dir, err := os.MkdirTemp("", "pmpsmart-export")
		if err != nil {
			return nil, nil, err
		}
		s, err := openSpool(filepath.Join(dir, "records"), j.query.kind.noun, j.asked(), leftover{}, j.tool.Note)
		if err != nil {
			return nil, nil, errors.Join(err, os.RemoveAll(dir))
		}
		release := s.unlock
		s.unlock = func() {
			release()
			os.RemoveAll(dir)
		}
		return s, nil, nil
	}
	table, err := j.form.newTable(j.target.stream, j.form.heads())
	if err != nil {
		return nil, nil, err
	}
	s := newDirectSpool(table.record)
	return s, table, nil
}

// asked says what a partial file holds: a run goes on only with its own.
func (j *job) asked() string {
	q := j.query
	return lang.T("%s of %s on %s; status %q %q, user %d, outlet %d, name %q, code %q, search %q",
		q.kind.name, q.days.Text(), j.where, q.status, q.statusOrder, q.user, q.outlet, q.name, q.code, q.search).String()
}

// finish makes the file of the records.
func (j *job) finish(s *spool, direct *table) (*table, error) {
	if direct != nil {
		return direct, direct.close()
	}
	heads, err := j.form.learn(s.each)
	if err != nil {
		return nil, err
	}
	var made *table
	write := func(w io.Writer) error {
		if made, err = j.form.newTable(w, heads); err != nil {
			return err
		}
		if err := s.each(made.record); err != nil {
			return err
		}
		return made.close()
	}
	if j.target.isStream() { // whose spool goes with its folder
		err := write(j.target.stream)
		return made, err
	}
	if err := j.target.write(write); err != nil {
		return nil, err
	}
	return made, s.remove()
}

// keep saves what is there and tells how to go on from it.
func (j *job) keep(ctx context.Context, s *spool, direct *table, cause error) error {
	stopped := ctx.Err() != nil
	if j.target.isStream() {
		if direct != nil {
			cause = errors.Join(cause, direct.flush())
		}
		written := lang.T("%s were written, and not all", j.count(s.Rows))
		switch {
		case direct == nil && stopped:
			return lang.Errorf("stopped")
		case direct == nil:
			return cause
		case stopped:
			return lang.Errorf("stopped: %s", written)
		}
		return lang.Errorf("%w; %s", cause, written)
	}
	if err := s.checkpoint(); err != nil {
		cause = errors.Join(cause, err)
	}
	kept := s.kept
	if kept.Rows == 0 && kept.Lists == 0 {
		if err := s.remove(); err != nil {
			cause = errors.Join(cause, err)
		}
		if stopped {
			return lang.Errorf("stopped; nothing had come yet")
		}
		return cause
	}
	left := lang.T("%s are in %s; -resume goes on from there", j.count(kept.Rows), filepath.Base(s.path))
	if kept.FromRows == 0 && kept.Lists == 0 {
		left = lang.T("%s are in %s; the server can't be asked for the rest alone, and -resume reads the list anew", j.count(kept.Rows), filepath.Base(s.path))
	}
	if stopped {
		return lang.Errorf("stopped: %s", left)
	}
	return lang.Errorf("%w; %s", cause, left)
}

func (j *job) count(n int64) lang.Text { return lang.Count(n, j.query.kind.noun) }
