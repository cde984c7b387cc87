// Package export is the command export.
package export

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Export writes orders to a CSV file or to JSON Lines. The file appears when it is
complete; until then it is FILE.partial, and after a break -resume goes on with
it. The server can't be asked for the middle of a list: a resumed list is read
anew, and what the file has is left out. With -from and -to each day is a list of
its own, and the days that are complete are not asked for again. -o - writes to
the standard output instead, which can't be resumed.`)

// Command returns the command export.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:    "export",
		Usage:   "[flags]",
		Short:   lang.T("write orders to a file, resumable"),
		Long:    about,
		MaxArgs: 0,
		Flags:   o.flags,
		Run:     o.run,
	}
}

// options are the program's flags.
type options struct {
	out, format, separator string
	status, date, from, to string
	user, outlet           int64 // 0 for all
	extra                  string
	resume, restart        bool
	raw, anyStatus         bool
}

func (o *options) flags(f *tool.Flags) {
	f.String(&o.out, "o", "orders.csv", "`FILE` to write; one that is there is replaced; - is the standard output")
	f.String(&o.format, "format", "", "csv or jsonl; by default what FILE's name ends with, csv for -")
	f.String(&o.separator, "separator", ",", "`CHARACTER` between the cells of CSV; Excel in Indonesian wants ;")
	f.String(&o.status, "status", "", "only orders of this status: open, pending, complete or cancel")
	f.String(&o.date, "date", "", "only orders of this `DAY`, such as 2026-02-02")
	f.String(&o.from, "from", "", "only orders of this `DAY` or a later one; needs -to; %s at most", tool.Count(mostDays, "day"))
	f.String(&o.to, "to", "", "only orders of this `DAY` or an earlier one; needs -from")
	f.Func("user", "only orders of the salesperson of this `ID`", id(&o.user))
	f.Func("outlet", "only orders of the outlet of this `ID`", id(&o.outlet))
	f.Bool(&o.anyStatus, "any-status", false, "take a -status that the vendor does not document")
	f.String(&o.extra, "extra", "", "more columns of CSV, by the server's `NAMES`: total,note")
	f.Bool(&o.raw, "raw", false, "don't put ' before cells that a spreadsheet would run as a formula")
	f.Bool(&o.resume, "resume", false, "go on with the file of a run that broke off, if there is one")
	f.Bool(&o.restart, "restart", false, "begin anew, and throw away what a run that broke off has left")
}

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	query, err := o.query()
	if err != nil {
		return err
	}
	if err := o.checkPlace(t); err != nil {
		return err
	}
	rows, err := o.rows()
	if err != nil {
		return err
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close()

	file, err := o.open(t, query, rows)
	if err != nil {
		return err
	}
	defer file.close()
	before := file.Orders
	if before > 0 {
		t.Note("going on after %s", tool.Count(before, "order"))
	}
	began := time.Now()
	if err := export(ctx, t, client, query, file); err != nil {
		return keep(ctx, file, err)
	}
	if err := file.finish(); err != nil {
		return err
	}
	if unmet := rows.unmet(); len(unmet) > 0 && file.Orders > 0 {
		t.Problem("no order has a field %s: the column is empty", strings.Join(unmet, ", "))
	}
	return report(t, *o, file, before, began)
}

// open begins the file, or goes on with it.
func (o *options) open(t *tool.Tool, q query, r rows) (*partial, error) {
	if o.isStream() {
		return newStream(os.Stdout, r)
	}
	place, err := tool.Place(o.out)
	if err != nil {
		return nil, err
	}
	return openPartial(place, r, identity(t, q, *o), leftover{o.resume, o.restart})
}

// export writes the orders of each list that is not yet complete.
func export(ctx context.Context, t *tool.Tool, client *pmpsmart.Client, q query, file *partial) error {
	var progress *tool.Progress
	if !file.isStream() { // whose rows a bar would stand between
		progress = t.Progress("order", 0)
		defer progress.Done()
	}
	progress.Add(file.Orders)
	for ; file.Lists < q.lists(); file.Lists++ {
		for order, err := range client.ListOrdersSeq(ctx, q.filter(file.Lists)) {
			if err != nil {
				return err
			}
			added, err := file.add(&order)
			if err != nil {
				return err
			}
			if added {
				progress.Add(1)
			}
		}
	}
	return nil
}

// keep saves what is there and tells how to go on from it.
func keep(ctx context.Context, file *partial, cause error) error {
	if err := file.checkpoint(); err != nil {
		return errors.Join(cause, err)
	}
	if file.isStream() {
		cut := tool.Count(file.Orders, "order").String() + " were written, and not all"
		if ctx.Err() != nil {
			return errors.New("stopped: " + cut)
		}
		return fmt.Errorf("%w; %s", cause, cut)
	}
	kept := fmt.Sprintf("%s are in %s; -resume goes on from there", tool.Count(file.Orders, "order"), filepath.Base(file.path))
	if ctx.Err() != nil {
		return fmt.Errorf("stopped: %s", kept)
	}
	return fmt.Errorf("%w; %s", cause, kept)
}

// result is what -json prints.
type result struct {
	File    string  `json:"file"`
	Orders  int64   `json:"orders"`  // in the file
	Resumed int64   `json:"resumed"` // of them from earlier runs
	Repeats int64   `json:"repeats"` // listed again and left out
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

func report(t *tool.Tool, o options, file *partial, before int64, began time.Time) error {
	place := o.out
	if file.isStream() {
		place = "the standard output"
	}
	r := result{place, file.Orders, before, file.repeats, file.Size, time.Since(began).Seconds()}
	text := fmt.Sprintf("%s in %s (%s), %s", tool.Count(r.Orders, "order"), r.File, tool.Size(r.Bytes), tool.Took(began))
	if r.Resumed > 0 {
		text += fmt.Sprintf(", %s of them from before", tool.Number(r.Resumed))
	} else if r.Repeats > 0 {
		text += fmt.Sprintf("; %s that the server listed twice are there once", tool.Number(r.Repeats))
	}
	if file.isStream() {
		t.Note("%s", text)
		return nil
	}
	return t.Result(r, text)
}
