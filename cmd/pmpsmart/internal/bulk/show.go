package bulk

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// outcome is what -json prints.
type outcome struct {
	Applied bool              `json:"applied"`
	Update  int               `json:"update"`  // still to be updated
	Updated int               `json:"updated"` // by this run
	Same    int               `json:"same"`
	Refused int               `json:"refused"`
	Plan    string            `json:"plan,omitempty"` // the file that -save-plan has written
	Undo    string            `json:"undo,omitempty"` // the file that takes the changes back
	Rows    []json.RawMessage `json:"rows"`
}

func (j *job) outcome() outcome {
	o := outcome{
		Applied: j.options.Apply,
		Update:  j.count(Update), Updated: j.count(Updated), Same: j.count(Same), Refused: j.count(Refused),
		Rows: []json.RawMessage{},
	}
	for _, r := range j.rows {
		o.Rows = append(o.Rows, j.kind.json(j.tool.Language, r))
	}
	return o
}

// showPlan prints what would be done: a table of the rows that are not right already.
func (j *job) showPlan() error {
	t, o := j.tool, j.outcome()
	if err := j.savePlan(); err != nil {
		return lang.Errorf("the plan can't be saved: %w", err)
	}
	o.Plan = j.options.SavePlan
	table := tool.NewTable(">"+t.Sprintf("line"), ">id", t.Sprintf("now"), t.Sprintf("new"), t.Sprintf("what happens"))
	for _, r := range j.rows {
		what := t.Sprintf("update")
		if r.State == Refused {
			what = t.Sprintf("refused: %s", r.problem)
		}
		if r.State != Same {
			table.Row(fmt.Sprint(r.Line), r.id, visible(r.Now), visible(r.Want), what)
		}
	}
	text := t.Sprintf("%d to update, %d right already, %d refused", o.Update, o.Same, o.Refused)
	if o.Update+o.Refused > 0 {
		text = table.String() + "\n" + text
	}
	switch {
	case o.Plan != "":
		text += t.Sprintf("; the plan is in %s: run with -apply -plan %s to do it", o.Plan, tool.Word(o.Plan))
	case o.Update > 0:
		text += t.Sprintf("; run with -apply to do it")
	}
	return errors.Join(t.Result(o, text), j.writeResults(), j.refusals())
}

// visible shows a value as it is, in quotes where that could not be seen.
func visible(value string) string {
	if quoted := fmt.Sprintf("%+q", value); tool.Clean(value) != value {
		return quoted
	}
	return value
}

// finish prints what was done.
func (j *job) finish(undo string, err error) error {
	t, o := j.tool, j.outcome()
	o.Undo = undo
	text := t.Sprintf("%d updated, %d right already, %d refused", o.Updated, o.Same, o.Refused)
	if o.Update > 0 {
		text += t.Sprintf(", %d left", o.Update)
	}
	if undo != "" && o.Updated > 0 {
		t.Note("%s -apply %s takes the changes back", t.Name(), tool.Word(undo))
	}
	printed := errors.Join(t.Result(o, text), j.writeResults())
	if err == nil {
		err = j.refusals()
	}
	return errors.Join(printed, err)
}

// refusals returns the error of a run that would otherwise end well.
func (j *job) refusals() error {
	if n := j.count(Refused); n > 0 {
		return lang.Errorf("%s of %d refused", lang.Count(int64(n), "row"), len(j.rows))
	}
	return nil
}
