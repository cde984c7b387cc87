package outlets

import (
	"context"
	"errors"
	"fmt"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// plan says for each row whether the server has its code, and whether it can be
// given.
func plan(ctx context.Context, client *pmpsmart.Client, rows []*row) (listing, error) {
	list, err := list(ctx, client, rows)
	if err != nil {
		return list, err
	}
	for _, r := range rows {
		code, known := list.now[r.ID]
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
	list.refuseTaken(rows)
	return list, nil
}

// list asks the server for the codes of the rows' outlets, and who has the rows'
// codes.
func list(ctx context.Context, client *pmpsmart.Client, rows []*row) (listing, error) {
	l := listing{now: map[int64]string{}, held: map[string][]int64{}, rows: map[int64]*row{}}
	codes := map[string]bool{}
	for _, r := range rows {
		l.rows[r.ID], codes[r.Code] = r, true
	}
	for outlet, err := range client.ListOutletsSeq(ctx) {
		if err != nil {
			return l, err
		}
		if l.rows[outlet.ID] != nil {
			l.now[outlet.ID] = outlet.Code
		}
		if codes[outlet.Code] {
			l.held[outlet.Code] = append(l.held[outlet.Code], outlet.ID)
		}
	}
	return l, nil
}

// apply makes the changes, one after the other, and then looks whether they are
// there. A change that is refused does not stop the others; an error does.
func apply(ctx context.Context, t *tool.Tool, client *pmpsmart.Client, rows []*row, list listing) error {
	for _, r := range rows {
		if r.State == refused {
			tell(t, r)
		}
	}
	progress := t.Progress("outlet", int64(count(rows, toUpdate)))
	defer progress.Done()
	for _, r := range list.inTurn(rows) {
		err := list.applyOne(t, r, func(r *row) error {
			_, err := client.UpdateOutletCode(ctx, r.ID, r.Code)
			return err
		})
		if err != nil {
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
	after, err := list(ctx, client, rows)
	if err != nil {
		return interrupted(ctx, fmt.Errorf("can't look whether the changes are there: %w", err), "stopped before looking whether the changes are there")
	}
	for _, r := range rows {
		if r.State == updated && after.now[r.ID] != r.Code {
			r.refuse("the server said yes, and has the code %q", after.now[r.ID])
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
		text += "; run with -apply to do it"
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
