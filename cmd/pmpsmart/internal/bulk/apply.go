package bulk

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// apply makes the changes, one after the other, and then looks whether they are there. A
// change that is refused does not stop the others; trouble that the next one would meet
// too does.
func (j *job) apply(ctx context.Context) error {
	for _, r := range j.rows {
		if r.State == Refused {
			j.tell(r)
		}
	}
	trouble := j.change(ctx)
	err := j.verify(context.WithoutCancel(ctx), ctx.Err() != nil)
	return errors.Join(trouble, err)
}

func (j *job) change(ctx context.Context) error {
	progress := j.tool.Progress(j.kind.Noun, int64(j.count(Update)))
	defer progress.Done()
	for _, r := range j.list.inTurn(j.rows) {
		if j.kind.Unique && j.list.refuseIfTaken(r) {
			j.tell(r)
			continue
		}
		err := ctx.Err()
		if err == nil {
			err = j.kind.Set(ctx, j.client, r.ID, r.Want)
		}
		switch {
		case err == nil:
			r.State = Updated
		case isRefusal(err):
			r.tried = err
			r.refuse(err)
			j.tell(r)
		case isOfRow(err):
			r.tried, r.State = err, Updated // or not: verify looks
		default:
			r.tried = err
			return stopped(ctx, lang.Errorf("stopped at line %d; run it again for the rest: %w", r.Line, err),
				lang.T("stopped at line %d; run it again for the rest", r.Line))
		}
		progress.Add(1)
	}
	return nil
}

// isOfRow reports whether an error is about one row. Others, such as a refused login,
// the next row would meet as well.
func isOfRow(err error) bool {
	for _, trouble := range []error{pmpsmart.ErrUnauthorized, pmpsmart.ErrRateLimited, pmpsmart.ErrMaintenance, pmpsmart.ErrNoAnswer, context.Canceled} {
		if errors.Is(err, trouble) {
			return false
		}
	}
	return true
}

// isRefusal reports whether the server, or the library before it, said no to this row.
func isRefusal(err error) bool {
	if errors.Is(err, pmpsmart.ErrInvalidInput) {
		return true
	}
	answer, ok := errors.AsType[*pmpsmart.APIError](err)
	return ok && isOfRow(err) && answer.HTTPStatus < 500
}

// verify looks at every row that was tried, whatever the server said of it. After an
// interruption it does not wait for a server that is away.
func (j *job) verify(ctx context.Context, interrupted bool) error {
	tried := 0
	for _, r := range j.rows {
		if r.State == Updated || r.tried != nil {
			tried++
		}
	}
	if tried == 0 {
		return nil
	}
	if interrupted {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, lookAfterInterrupt)
		defer cancel()
	}
	after, err := j.ask(ctx)
	if err != nil {
		return lang.Errorf("can't look whether the changes are there: %w", err)
	}
	for _, r := range j.rows {
		if r.State != Updated && r.tried == nil {
			continue
		}
		j.judge(r, after.now[r.ID])
	}
	return nil
}

// judge says what became of a row that was tried, by what the server has now.
func (j *job) judge(r *Row, now string) {
	said := r.tried
	switch {
	case now == r.Want:
		r.State, r.problem, r.tried = Updated, nil, nil
		return
	case r.State == Refused && now == r.Now:
		return // and was told
	case said == nil:
		r.refuse(lang.Errorf("the server said yes, and has the %s %q", lang.T(j.kind.Column.Name), now))
	case now == r.Now && isOfRow(said):
		r.refuse(said)
	case now == r.Now:
		r.State = Update // the run ended with it
		return
	default:
		r.refuse(lang.Errorf("%w; the server now has %q", said, now))
	}
	j.tell(r)
}

func (j *job) tell(r *Row) {
	if r.id == "" {
		j.tool.Problem("line %d: %s", r.Line, r.problem)
		return
	}
	j.tool.Problem("line %d, id %s: %s", r.Line, r.id, r.problem)
}

func (j *job) count(s State) (n int) {
	for _, r := range j.rows {
		if r.State == s {
			n++
		}
	}
	return n
}
