// Package bulk changes one field of many records as a file says: the codes of outlets,
// the statuses of orders. The changes are planned and shown first, and can be saved as a
// plan. When they are made, a file that undoes them is written before the first one, and
// in the end the server is asked whether they are there.
package bulk

import (
	"context"
	"encoding/json"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A Kind is a field of a kind of record.
type Kind struct {
	Name   string       // of the command, in plans: "outlets"
	Noun   string       // "outlet"
	ID     sheet.Column // how a file calls the record
	Column sheet.Column // how a file calls the field; its name is that in JSON
	Unique bool         // no two records have the same value
	All    string       // the value of every row; a file need not have its column then

	// Spell returns a value of a file as the server spells it. It may be nil.
	Spell func(value string) string
	// Check returns what is wrong with a value, before the server is asked.
	Check func(client *pmpsmart.Client, id int64, value string) error
	// Doubt returns why a change is hardly meant; -force makes it all the same. It may be
	// nil.
	Doubt func(now, want string) error
	// List gives the value of every record, or of those of the ids where that is fewer
	// requests. A record that the server does not have is left out.
	List func(ctx context.Context, client *pmpsmart.Client, ids []int64, each func(id int64, value string)) error
	// Set changes a value.
	Set func(ctx context.Context, client *pmpsmart.Client, id int64, value string) error
}

// A Row is one line of the file: what a value should be, and what becomes of it.
type Row struct {
	Line  int
	ID    int64
	Now   string // what the server has
	Want  string
	State State

	problem error // of a row that is refused
	id      string
	known   bool         // the server has the record
	tried   error        // of a change that was sent and not confirmed
	cells   []sheet.Cell // as the file has them
}

// A State is what has become of a row.
type State string

// The states.
const (
	Update  State = "update" // the server has another value
	Same    State = "same"   // the server has this value
	Updated State = "updated"
	Refused State = "refused" // by the server, or by us
)

func (r *Row) refuse(err error) { r.State, r.problem = Refused, err }

// json returns the row with the field under its name.
func (k Kind) json(l lang.Language, r *Row) json.RawMessage {
	problem := ""
	if r.problem != nil {
		problem = l.Error(r.problem)
	}
	text, _ := json.Marshal(struct {
		Line    int    `json:"line"`
		ID      int64  `json:"id"`
		Now     string `json:"now"`
		Want    string `json:"want"`
		State   State  `json:"state"`
		Problem string `json:"problem,omitempty"`
	}{r.Line, r.ID, r.Now, r.Want, r.State, problem}) // texts and numbers
	name, _ := json.Marshal(k.Column.Name)
	value, _ := json.Marshal(r.Want)
	return append(text[:len(text)-1], []byte(","+string(name)+":"+string(value)+"}")...)
}

// Options are the flags of a command that changes in bulk.
type Options struct {
	Apply, DryRun, Force bool
	Plan, SavePlan, Undo string
	Results, Rejects     string
	Columns, Sheet       string
	Excel                bool
}

// Flags declares the flags.
func (o *Options) Flags(f *tool.Flags) {
	f.Bool(&o.Apply, "apply", false, "make the changes")
	f.Bool(&o.DryRun, "dry-run", false, "print the plan and change nothing; so it is without -apply")
	f.String(&o.SavePlan, "save-plan", "", "save the plan as `FILE`, for -apply -plan FILE")
	f.String(&o.Plan, "plan", "", "with -apply, make exactly the changes of the plan in `FILE`")
	f.String(&o.Undo, "undo", "", "`FILE` that takes the changes back when it is applied; by default the input's name with .undo.csv; none for no file")
	f.String(&o.Results, "results", "", "write what became of each row to `FILE`: .csv, .jsonl or .xlsx")
	f.String(&o.Rejects, "rejects", "", "write the rows that were refused to `FILE`, as they were and with what is wrong")
	f.Bool(&o.Force, "force", false, "make changes that are hardly meant, such as of leading zeros alone")
	f.String(&o.Columns, "columns", "", "which `HEADS` of the file are which column: id=No,code=\"Kode, baru\"")
	f.String(&o.Sheet, "sheet", "", "`NAME` of the sheet of a workbook, by default the first")
	f.Bool(&o.Excel, "excel", false, "write CSV for Excel in Indonesian")
}

func (o *Options) check(input string) error {
	switch {
	case o.Apply && o.DryRun:
		return tool.Usagef("-apply makes the changes and -dry-run does not; give one of them")
	case o.Plan != "" && !o.Apply:
		return tool.Usagef("-plan is for -apply; the plan can be read in its file")
	case o.Plan != "" && (input != "" || o.SavePlan != ""):
		return tool.Usagef("-plan is in place of a FILE and of -save-plan")
	case o.SavePlan != "" && o.Apply:
		return tool.Usagef("-save-plan saves what -apply makes later; give one of them")
	}
	return nil
}

// checkOutputs refuses files that could not be written once the changes are made.
func (o *Options) checkOutputs(input string) error {
	undo := o.Undo
	if undo == "none" {
		undo = ""
	}
	if o.Plan != "" {
		input = o.Plan
	}
	return tool.CheckOutputs(input, tool.Output{Flag: "save-plan", Name: o.SavePlan}, tool.Output{Flag: "undo", Name: undo},
		tool.Output{Flag: "results", Name: o.Results}, tool.Output{Flag: "rejects", Name: o.Rejects})
}

// Input is where the rows come from.
type Input struct {
	Name string // a file, "-" for the standard input, "" for none
	Rows []*Row // in place of a file
	// Sample is what the sandbox takes where there is no file.
	Sample []byte
}

// Run plans the changes and, with -apply, makes them.
func Run(ctx context.Context, t *tool.Tool, k Kind, o Options, in Input) error {
	if err := o.check(in.Name); err != nil {
		return err
	}
	if err := o.checkOutputs(in.Name); err != nil {
		return err
	}
	j := &job{tool: t, kind: k, options: o, input: in}
	if err := j.read(); err != nil {
		return err
	}
	client, err := t.Client()
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // never fails
	j.client = client
	if err := j.checkPlan(); err != nil {
		return err
	}
	return j.run(ctx)
}

// A job is a run of a command.
type job struct {
	tool    *tool.Tool
	kind    Kind
	options Options
	input   Input
	client  *pmpsmart.Client

	heads []string // of the file
	rows  []*Row
	plan  *plan // that is applied, or nil
	list  listing
}

func (j *job) run(ctx context.Context) error {
	if err := j.compare(ctx); err != nil {
		return stopped(ctx, err, lang.T("stopped before anything was changed"))
	}
	if !j.options.Apply {
		return j.showPlan()
	}
	undo, err := j.writeUndo()
	if err != nil {
		return err
	}
	err = j.apply(ctx)
	return j.finish(undo, err)
}

// stopped returns what a signal did in place of the error that it made.
func stopped(ctx context.Context, err error, what lang.Text) error {
	if err != nil && ctx.Err() != nil {
		return lang.Errorf("%s", what)
	}
	return err
}
