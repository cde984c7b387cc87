package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A query says which orders are exported: those of one list, or of one a day.
type query struct {
	filterAll pmpsmart.OrderFilter
	from, to  pmpsmart.Date // zero for all days in one list
}

// mostDays bounds -from and -to: each day is a request.
const mostDays = 3660

func (o *options) query() (query, error) {
	q := query{filterAll: pmpsmart.OrderFilter{Status: pmpsmart.OrderStatus(o.status), UserID: o.user, OutletID: o.outlet}}
	if o.status != "" && !isKnown(o.status) && !o.anyStatus {
		return q, fmt.Errorf("-status is %q; want open, pending, complete or cancel, or give -any-status too", o.status)
	}
	from, to := o.from, o.to
	if o.date != "" {
		if from+to != "" {
			return q, errors.New("-date is one day, -from and -to are many; give the one or the others")
		}
		from, to = o.date, o.date
	}
	if from == "" && to == "" {
		return q, nil
	}
	if from == "" || to == "" {
		return q, errors.New("-from and -to go together")
	}
	var err error
	if q.from, err = day(from); err != nil {
		return q, err
	}
	if q.to, err = day(to); err != nil {
		return q, err
	}
	switch {
	case q.to.Before(q.from):
		return q, fmt.Errorf("-to %s is before -from %s", q.to, q.from)
	case q.lists() > mostDays:
		return q, fmt.Errorf("-from %s is %s before -to %s, and each is a request; leave them out to export everything in one", q.from, tool.Count(int64(q.lists()-1), "day"), q.to)
	}
	return q, nil
}

func day(text string) (pmpsmart.Date, error) {
	d, err := pmpsmart.ParseDate(text)
	if err != nil {
		return d, fmt.Errorf("%q is not a day; want one like 2026-02-02", text)
	}
	return d, nil
}

// id reads a flag that is an id. To the library 0 is a filter that is not given: it
// would export everything.
func id(to *int64) func(string) error {
	return func(text string) (err error) {
		if *to, err = strconv.ParseInt(text, 10, 64); err != nil || *to < 1 {
			return errors.New("want a whole number of at least 1")
		}
		return nil
	}
}

// lists is how many lists the query takes.
func (q query) lists() int {
	if q.from.IsZero() {
		return 1
	}
	return 1 + int(q.to.Time(nil).Sub(q.from.Time(nil))/(24*time.Hour))
}

// filter is that of the i-th list.
func (q query) filter(i int) pmpsmart.OrderFilter {
	f := q.filterAll
	if !q.from.IsZero() {
		f.Date = pmpsmart.DateOf(q.from.Time(nil).AddDate(0, 0, i))
	}
	return f
}

func isKnown(status string) bool {
	return slices.Contains([]pmpsmart.OrderStatus{
		pmpsmart.OrderOpen, pmpsmart.OrderPending, pmpsmart.OrderComplete, pmpsmart.OrderCancel,
	}, pmpsmart.OrderStatus(status))
}

// isStream reports whether the orders go to the standard output.
func (o *options) isStream() bool { return o.out == "-" || o.out == "/dev/stdout" }

// checkPlace refuses flags that don't go with each other.
func (o *options) checkPlace(t *tool.Tool) error {
	switch {
	case o.resume && o.restart:
		return errors.New("-resume goes on and -restart begins anew; give one of them")
	case o.isStream() && (o.resume || o.restart):
		return errors.New("the standard output can't be resumed; name a FILE by -o")
	case o.isStream() && t.IsJSON():
		return errors.New("-json prints the result where -o - writes the orders; leave out one of them")
	}
	return nil
}

// rows gives the form of the file's rows.
func (o *options) rows() (rows, error) {
	o.format = strings.ToLower(o.format)
	if o.format == "" && o.isStream() {
		o.format = "csv"
	}
	if o.format == "" {
		o.format = strings.TrimPrefix(strings.ToLower(filepath.Ext(o.out)), ".")
	}
	switch o.format {
	case "":
		return nil, fmt.Errorf("-o %s ends in neither .csv nor .jsonl; name it so, or give -format csv or -format jsonl", o.out)
	case "csv":
		return o.csv()
	case "jsonl", "ndjson":
		if o.extra != "" || o.raw || o.separator != "," {
			return nil, errors.New("-extra, -raw and -separator are for CSV; JSON Lines hold every field as it came")
		}
		return jsonRows{}, nil
	}
	return nil, fmt.Errorf("can't write %q: -format is csv or jsonl", o.format)
}

func (o *options) csv() (rows, error) {
	separator, size := utf8.DecodeRuneInString(o.separator)
	check := csv.NewWriter(io.Discard)
	check.Comma = separator
	if size == 0 || size != len(o.separator) || check.Write(nil) != nil {
		return nil, fmt.Errorf("-separator is %q; want one character such as ; that is no quote", o.separator)
	}
	var extra []string
	for name := range strings.SplitSeq(o.extra, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if slices.Contains(columns, name) || slices.Contains(extra, name) {
			return nil, fmt.Errorf("-extra %s: there is such a column already", name)
		}
		extra = append(extra, name)
	}
	return newCSVRows(separator, extra, o.raw), nil
}

// identity says what a partial file holds: a run goes on only with its own.
func identity(t *tool.Tool, q query, o options) string {
	f := q.filterAll
	return fmt.Sprintf("%s | status %q, user %d, outlet %d, from %q to %q | %s, extra %q, separator %q, raw %t",
		t.Where(), f.Status, f.UserID, f.OutletID, q.from, q.to, o.format, o.extra, o.separator, o.raw)
}
