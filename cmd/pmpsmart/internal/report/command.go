// Package report is the command report: it counts orders by day and status, and visits
// by salesperson, and shows both as tables, pictures and files of numbers.
package report

import (
	"context"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/picture"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Report counts orders by day and status, and visits by salesperson, and prints both as
tables. With -o it also draws them, or writes the numbers into files:

  -o FOLDER             two pictures: orders-by-day.svg, visits-by-salesperson.svg
  -o FOLDER -format png the same as PNG; csv, xlsx and jsonl give the numbers
  -o report.png         both in one picture; .svg too
  -o report.csv         the numbers: report.csv and report-visits.csv; .xlsx, .jsonl too

-o can be given several times. In its names {date} is today, and {from} and {to} are the
days that are asked for. An order without a date counts on the day it was made. Where no
-from and -to ask for it, what is dated more than a year ahead, or alone before 2000, is
left out and named: its date is mistyped.`)

// Command returns the command report.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:    "report",
		Usage:   "[flags]",
		Short:   lang.T("count orders and visits, as tables and pictures"),
		Long:    about,
		MaxArgs: 0,
		Flags:   o.flags,
		Run:     o.run,
	}
}

// options are the command's flags.
type options struct {
	out        []string
	format, by string
	mirror     string
	excel      bool
	days       tool.Days
}

func (o *options) flags(f *tool.Flags) {
	f.Func("o", "`FILE` or folder for pictures or numbers, by the name's end; can be given several times", func(name string) error {
		o.out = append(o.out, name)
		return nil
	})
	f.String(&o.format, "format", "", "`FORMAT` of what goes into the folder of -o, or into this one without -o: svg, png, csv, xlsx or jsonl")
	f.String(&o.by, "by", "day", "`PERIOD` that a row and a bar stand for: day, week, month, quarter or year")
	f.String(&o.mirror, "mirror", "", "count what a mirror has, in place of the server: a `FILE` of SQLite, or a postgres:// URL")
	f.Bool(&o.excel, "excel", false, "CSV as Excel in Indonesia opens it by a double click")
	o.days.Flags(f)
}

// periods are the values of -by.
var periods = map[string]picture.Period{
	"day": picture.Day, "week": picture.Week, "month": picture.Month, "quarter": picture.Quarter, "year": picture.Year,
}

func (o *options) run(ctx context.Context, t *tool.Tool, _ []string) error {
	now := time.Now()
	asked, err := o.days.Range(now)
	if err != nil {
		return err
	}
	if _, ok := periods[o.by]; !ok {
		return tool.Usagef("-by is %q; want day, week, month, quarter or year", o.by)
	}
	targets, err := o.targets(asked, now)
	if err != nil {
		return err
	}
	from, err := o.source(ctx, t)
	if err != nil {
		return err
	}
	defer from.Close()

	progress := t.Progress("record", 0)
	r := newReport(o.by, asked, now)
	err = r.gather(ctx, from, progress)
	progress.Done()
	if ctx.Err() != nil {
		return lang.Errorf("stopped; nothing was drawn")
	}
	if err != nil {
		return err
	}
	return o.show(t, r, targets)
}

// show prints the numbers, then draws them: what can't be drawn costs no numbers. For
// machines the files' names are part of what is printed.
func (o *options) show(t *tool.Tool, r *report, targets []target) error {
	if !t.IsJSON() {
		if err := t.Result(nil, r.text(t.Language)); err != nil {
			return err
		}
	}
	files, err := r.write(t, targets, o.excel)
	problems := r.problems()
	if err != nil {
		problems = append([]error{err}, problems...)
	}
	if t.IsJSON() {
		err = t.Result(r.result(files), "")
	} else if err = nil; len(files) > 0 {
		err = t.Result(nil, "\n"+t.Sprintf("Written: %s", strings.Join(files, ", ")))
	}
	if err != nil {
		return err
	}
	return tell(t, problems)
}

// tell prints what is wrong with the report, a line each, and returns the last of it for
// the exit status.
func tell(t *tool.Tool, problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	last := len(problems) - 1
	for _, problem := range problems[:last] {
		t.Problem("%w", problem)
	}
	return problems[last]
}
