package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

var about = lang.T(`Mirror reads PMP Smart's data into a database of your own, which any program can read
by SQL: a table for orders, visits, outlets, salespeople and json_orders each. The first
run reads everything, a later one the days that may have changed. What the server has no
more is marked (vanished_at), not deleted. A run that was stopped goes on where it was.
The password of PostgreSQL comes from PGPASSWORD or ~/.pgpass. docs/mirror.md describes
the tables.`)

// Command returns the command mirror.
func Command() tool.Command {
	var o options
	return tool.Command{
		Name:  "mirror",
		Usage: "[flags]",
		Short: lang.T("keep the data in a database of your own"),
		Long:  about,
		Flags: o.flags,
		Run:   o.run,
	}
}

// options are the command's flags.
type options struct {
	db                string
	kinds             []string
	lookback          time.Duration
	days              tool.Days
	full              bool
	columns           bool
	without           []string
	allowVanish       bool
	changes           bool
	watch             bool
	every, listsEvery time.Duration
}

func (o *options) flags(f *tool.Flags) {
	f.String(&o.db, "db", "pmpsmart.db", "`FILE` of SQLite, or the postgres:// URL of a database; made where it is missing")
	f.String(&o.db, "o", "pmpsmart.db", "`FILE`, the same as -db")
	f.Strings(&o.kinds, "kinds", "`KINDS` to read, with commas: outlets, salespeople, orders, visits, json_orders; by default all")
	f.Duration(&o.lookback, "lookback", 7*24*time.Hour, "how far back a later run reads the days again")
	o.days.Flags(f)
	f.Bool(&o.full, "full", false, "read everything again")
	f.Bool(&o.columns, "columns", false, "make columns of the server's other fields too")
	f.Strings(&o.without, "without", "other `FIELDS` of the server that are not kept, with commas, since they change all the time")
	f.Bool(&o.allowVanish, "allow-vanish", false, "mark what the server has no more, even if it is more than half")
	f.Bool(&o.changes, "changes", false, "print what changed, as JSON Lines")
	f.Bool(&o.watch, "watch", false, "go on for ever, and print what changes, as JSON Lines")
	f.Duration(&o.every, "every", time.Minute, "how often -watch looks")
	f.Duration(&o.listsEvery, "lists-every", 15*time.Minute, "how often -watch reads outlets, salespeople and visits, which the server gives only whole")
}

// plan returns what the flags say is read.
func (o *options) plan(now time.Time) (p Plan, err error) {
	p = Plan{Full: o.full, AllowVanish: o.allowVanish, Lookback: days(o.lookback), Without: o.without}
	if p.Kinds, err = kinds(o.kinds); err != nil {
		return p, err
	}
	asked, err := o.days.Range(now)
	if err != nil {
		return p, err
	}
	p.From, p.To = asked.From, asked.To
	today := pmpsmart.DateOf(now.In(pmpsmart.WIB))
	switch {
	case p.From.IsZero() && !p.To.IsZero():
		return p, tool.Usagef("-to needs -from")
	case o.watch && p.To.Before(today) && !p.To.IsZero():
		return p, tool.Usagef("-watch never ends, and -to is a last day; give one of them")
	case o.watch && o.every < time.Second:
		return p, tool.Usagef("-every is %s; want at least 1s", lang.Duration(o.every))
	case p.To == today: // and tomorrow it is tomorrow
		p.To = pmpsmart.Date{}
	}
	return p, nil
}

// days returns a duration in days, those begun included.
func days(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }

func kinds(names []string) (all []mirrordb.Kind, err error) {
	asked := map[mirrordb.Kind]bool{}
	for _, name := range names {
		asked[mirrordb.Kind(strings.ToLower(strings.TrimSpace(name)))] = true
	}
	for _, k := range mirrordb.Kinds() {
		if len(names) == 0 || asked[k] {
			all = append(all, k)
		}
		delete(asked, k)
	}
	for name := range asked {
		return nil, tool.Usagef("-kinds has %q; want some of outlets, salespeople, orders, visits, json_orders", string(name))
	}
	return all, nil
}

func (o *options) run(ctx context.Context, t *tool.Tool, _ []string) error {
	plan, err := o.plan(time.Now())
	if err != nil {
		return err
	}
	client, err := t.Client(ClientOptions()...)
	if err != nil {
		return err
	}
	defer client.Close()
	source := mirrordb.Source{}
	source.Server, source.Account, _ = strings.Cut(t.Where(), " as ")
	open := func(ctx context.Context) (*mirrordb.DB, error) {
		return mirrordb.Open(ctx, o.db, mirrordb.Options{Source: source, Columns: o.columns})
	}
	db, err := open(ctx)
	if err != nil {
		return status(ctx, err)
	}
	m := &Mirror{Client: client, DB: db, Notes: t}
	defer func() {
		if m.DB != nil {
			_ = m.DB.Close() // every transaction has ended
		}
	}()
	if o.changes || o.watch {
		m.Changes = func(changes []mirrordb.Change) error { return printChanges(t, changes) }
	}
	if o.watch {
		err = m.Watch(ctx, plan, Watch{Every: o.every, ListsEvery: o.listsEvery, Reopen: open, Done: func(r *Result) error { return o.printRun(t, r) }})
		return status(ctx, err)
	}
	return o.once(ctx, t, m, plan)
}

// once reads everything once and prints what was done.
func (o *options) once(ctx context.Context, t *tool.Tool, m *Mirror, plan Plan) error {
	progress := t.Progress("record", 0)
	m.Progress = progress.Add
	result, err := m.Run(ctx, plan)
	progress.Done()
	result.Source = t.Where()
	if err == nil || ctx.Err() == nil {
		if o.changes {
			err = errors.Join(err, o.printRun(t, result))
		} else {
			err = errors.Join(err, t.Result(result, result.text(t, err == nil && result.OK())))
		}
	}
	if err == nil && !result.OK() {
		err = lang.Errorf("the mirror is not as the server's lists in all; the lines above say in what")
	}
	return status(ctx, err)
}

// status marks an error for the exit status.
func status(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return lang.Errorf("stopped; what was read is kept")
	}
	return mirrordb.Mark(err)
}

// printChanges prints a line of JSON for each change.
func printChanges(t *tool.Tool, changes []mirrordb.Change) error {
	var lines strings.Builder
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, c := range changes {
		if err := encoder.Encode(c); err != nil {
			return err
		}
	}
	_, err := t.Stdout.Write([]byte(lines.String()))
	return err
}

// printRun tells of a run between changes: as a line of JSON, or as a note.
func (o *options) printRun(t *tool.Tool, r *Result) error {
	r.Source = t.Where()
	if !t.IsJSON() {
		if o.changes || r.changes() > 0 {
			t.Note("%s in %s", lang.Count(r.changes(), "change"), lang.Duration(time.Duration(r.Seconds*float64(time.Second))))
		}
		return nil
	}
	line, err := json.Marshal(struct {
		Kind   string    `json:"kind"`
		Change string    `json:"change"`
		At     time.Time `json:"at"`
		Result *Result   `json:"result"`
	}{"run", "done", time.Now().UTC().Truncate(time.Microsecond), r})
	if err != nil {
		return err
	}
	_, err = t.Stdout.Write(append(line, '\n'))
	return err
}

// changes returns how many records are not as they were.
func (r *Result) changes() (n int64) {
	for _, c := range r.Kinds {
		n += c.New + c.Changed + c.Vanished + c.Back
	}
	return n
}

// text returns the result for people. isWhole says that nothing failed or was left out.
func (r *Result) text(t *tool.Tool, isWhole bool) string {
	number := func(n int64) string { return lang.Number(n).In(t.Language) }
	table := tool.NewTable(t.Sprintf("table"), ">"+t.Sprintf("read"), ">"+t.Sprintf("new"), ">"+t.Sprintf("changed"), ">"+t.Sprintf("vanished"), ">"+t.Sprintf("back"), ">"+t.Sprintf("requests"))
	for _, k := range mirrordb.Kinds() {
		if c := r.Kinds[k]; c != nil {
			table.Row(string(k), number(c.Read), number(c.New), number(c.Changed), number(c.Vanished), number(c.Back), number(c.Requests))
		}
	}
	took := lang.Duration(time.Duration(r.Seconds * float64(time.Second)))
	if !isWhole {
		return table.String() + "\n" + t.Sprintf("%s is not up to date (%s)", r.Database, took)
	}
	return table.String() + "\n" + t.Sprintf("%s is up to date (%s)", r.Database, took)
}
