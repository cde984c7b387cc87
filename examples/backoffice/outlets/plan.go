package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/examples/backoffice/internal/tool"
)

// plan says for each row whether the server has its code.
func plan(ctx context.Context, client *pmpsmart.Client, rows []*row) error {
	now, err := codes(ctx, client, rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		code, known := now[r.ID]
		r.Now = code
		switch {
		case r.State == refused:
		case !known:
			r.refuse("the server knows no outlet of this id")
		case code == r.Code:
			r.State = same
		default:
			r.State = toUpdate
		}
	}
	return nil
}

// codes asks the server for the codes of the rows' outlets.
func codes(ctx context.Context, client *pmpsmart.Client, rows []*row) (map[int64]string, error) {
	wanted := map[int64]bool{}
	for _, r := range rows {
		wanted[r.ID] = true
	}
	now := map[int64]string{}
	for outlet, err := range client.ListOutletsSeq(ctx) {
		if err != nil {
			return nil, err
		}
		if wanted[outlet.ID] {
			now[outlet.ID] = outlet.Code
		}
	}
	return now, nil
}

// apply makes the changes, one after the other, and then looks whether they are
// there. A change that is refused does not stop the others; an error does.
func apply(ctx context.Context, t *tool.Tool, client *pmpsmart.Client, rows []*row) error {
	for _, r := range rows {
		if r.State == refused {
			tell(t, r)
		}
	}
	progress := t.Progress("outlet", int64(count(rows, toUpdate)))
	defer progress.Done()
	for _, r := range rows {
		if r.State != toUpdate {
			continue
		}
		_, err := client.UpdateOutletCode(ctx, r.ID, r.Code)
		switch {
		case err == nil:
			r.State = updated
		case isRefusal(err):
			r.refuse("%v", err)
			tell(t, r)
		default:
			what := fmt.Sprintf("stopped at line %d; run it again for the rest", r.Line)
			return interrupted(ctx, fmt.Errorf("%s: %w", what, err), what)
		}
		progress.Add(1)
	}
	return verify(ctx, t, client, rows)
}

func tell(t *tool.Tool, r *row) { t.Problem("line %d, id %s: %s", r.Line, r.id, r.Problem) }

// isRefusal tells an answer that is about this row from trouble that the next
// row would meet too.
func isRefusal(err error) bool {
	for _, trouble := range []error{pmpsmart.ErrUnauthorized, pmpsmart.ErrRateLimited, pmpsmart.ErrMaintenance} {
		if errors.Is(err, trouble) {
			return false
		}
	}
	var answer *pmpsmart.APIError
	var unreadable *pmpsmart.DecodeError
	return errors.As(err, &answer) || errors.As(err, &unreadable) || errors.Is(err, pmpsmart.ErrInvalidInput)
}

// verify refuses the rows that the server said to have changed and has not.
func verify(ctx context.Context, t *tool.Tool, client *pmpsmart.Client, rows []*row) error {
	if count(rows, updated) == 0 {
		return nil
	}
	now, err := codes(ctx, client, rows)
	if err != nil {
		return interrupted(ctx, fmt.Errorf("can't look whether the changes are there: %w", err), "stopped before looking whether the changes are there")
	}
	for _, r := range rows {
		if r.State == updated && now[r.ID] != r.Code {
			r.refuse("the server said yes, and has the code %q", now[r.ID])
			tell(t, r)
		}
	}
	return nil
}

func count(rows []*row, s state) (n int) {
	for _, r := range rows {
		if r.State == s {
			n++
		}
	}
	return n
}

// outcome is what -json prints.
type outcome struct {
	Applied bool   `json:"applied"`
	Update  int    `json:"update"`  // still to be updated
	Updated int    `json:"updated"` // by this run
	Same    int    `json:"same"`
	Refused int    `json:"refused"`
	Rows    []*row `json:"rows"`
}

func newOutcome(applied bool, rows []*row) outcome {
	return outcome{applied, count(rows, toUpdate), count(rows, updated), count(rows, same), count(rows, refused), rows}
}

// printPlan prints what would be done: a table of the rows that are not right
// already.
func printPlan(t *tool.Tool, rows []*row) error {
	o := newOutcome(false, rows)
	table := tool.NewTable(">line", ">id", "now", "new", "what happens")
	for _, r := range rows {
		what := string(r.State)
		if r.State == refused {
			what += ": " + r.Problem
		}
		if r.State != same {
			table.Row(fmt.Sprint(r.Line), r.id, r.Now, r.Code, what)
		}
	}
	text := fmt.Sprintf("%d to update, %d right already, %d refused", o.Update, o.Same, o.Refused)
	if o.Update+o.Refused > 0 {
		text = table.String() + "\n" + text
	}
	if o.Update > 0 {
		text += "; -apply does it"
	}
	return errors.Join(t.Result(o, text), refusals(rows, nil))
}

func printOutcome(t *tool.Tool, rows []*row) error {
	o := newOutcome(true, rows)
	text := fmt.Sprintf("%d updated, %d right already, %d refused", o.Updated, o.Same, o.Refused)
	if o.Update > 0 {
		text += fmt.Sprintf(", %d left", o.Update)
	}
	return t.Result(o, text)
}

// refusals is the error of a run that would otherwise end well.
func refusals(rows []*row, err error) error {
	if n := count(rows, refused); n > 0 && err == nil {
		return fmt.Errorf("%s of %d refused", tool.Count(int64(n), "row"), len(rows))
	}
	return nil
}
