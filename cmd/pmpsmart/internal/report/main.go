// Package report is the command report.
package report

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Report counts orders by day and status, and visits by salesperson. It prints both
as tables and draws both into files: orders-by-day.svg, visits-by-salesperson.svg.
With -by week or month, and -format png, they are named after these.`)

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

// mostPeriods is how many bars a picture can show; a mistyped year makes more.
const mostPeriods = 2000

// options are the program's flags.
type options struct {
	dir, format string
	by          string
	from, to    string
}

func (o *options) flags(f *tool.Flags) {
	f.String(&o.dir, "o", ".", "`FOLDER` for the pictures; made where it is missing")
	f.String(&o.format, "format", "svg", "format of the pictures: svg or png")
	f.String(&o.by, "by", "day", "what a bar stands for: a day, week or month")
	f.String(&o.from, "from", "", "only what is of this `DAY` or a later one")
	f.String(&o.to, "to", "", "only what is of this `DAY` or an earlier one")
}

func (o *options) run(ctx context.Context, t *tool.Tool, args []string) error {
	span, err := o.check()
	if err != nil {
		return err
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close()

	progress := t.Progress("record", 0)
	orders, visits, err := gather(ctx, client, period(o.by), span, progress)
	progress.Done()
	if ctx.Err() != nil {
		return errors.New("stopped; nothing was drawn")
	}
	if err != nil {
		return err
	}
	if n := len(orders.periods()); n > mostPeriods {
		return fmt.Errorf("the orders are spread over %s; choose fewer by -from and -to, or a longer one by -by", tool.Count(int64(n), o.by))
	}
	files, err := drawFiles(*o, orders, visits)
	if err != nil {
		return err
	}
	return t.Result(newResult(orders, visits, files), text(orders, visits, files))
}

// check refuses flags that can't be, and gives the days that are asked for.
func (o *options) check() (span, error) {
	var s span
	if o.format != "svg" && o.format != "png" {
		return s, fmt.Errorf("-format is %q; want svg or png", o.format)
	}
	if !slices.Contains([]period{day, week, month}, period(o.by)) {
		return s, fmt.Errorf("-by is %q; want day, week or month", o.by)
	}
	for _, end := range []struct {
		name, text string
		date       *pmpsmart.Date
	}{{"from", o.from, &s.from}, {"to", o.to, &s.to}} {
		var err error
		if end.text == "" {
			continue
		}
		if *end.date, err = pmpsmart.ParseDate(end.text); err != nil {
			return s, fmt.Errorf("-%s is %q; want a day like 2026-02-02", end.name, end.text)
		}
	}
	if !s.from.IsZero() && !s.to.IsZero() && s.to.Before(s.from) {
		return s, fmt.Errorf("-to %s is before -from %s", s.to, s.from)
	}
	return s, nil
}

// drawFiles makes the two files and gives their names.
func drawFiles(o options, orders *orderCounts, visits []visitCount) ([]string, error) {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return nil, err
	}
	files := []string{
		filepath.Join(o.dir, "orders-by-"+o.by+"."+o.format),
		filepath.Join(o.dir, "visits-by-salesperson."+o.format),
	}
	if err := drawOrders(orders).save(files[0], o.format); err != nil {
		return nil, err // the other would most likely meet the same
	}
	return files, drawVisits(visits).save(files[1], o.format)
}
