package bulk

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
)

// compare says for each row whether the server has its value, and whether it can be
// given.
func (j *job) compare(ctx context.Context) error {
	list, err := j.ask(ctx)
	if err != nil {
		return err
	}
	j.list = list
	for _, r := range j.rows {
		r.Now, r.known = list.now[r.ID]
		if r.State == Refused || r.State == Same {
			continue
		}
		if problem := j.obstacle(r); problem != nil {
			r.refuse(problem)
			continue
		}
		r.State = Update
		if r.Now == r.Want {
			r.State = Same
		}
	}
	if j.kind.Unique {
		list.refuseTaken(j.rows)
	}
	return nil
}

// obstacle returns why a row can't be done, or hardly is meant.
func (j *job) obstacle(r *Row) error {
	if !r.known {
		return lang.Errorf("the server knows no %s of this id", lang.T(j.kind.Noun))
	}
	if r.Now == r.Want {
		return nil
	}
	if j.plan != nil {
		if was := j.plan.was[r.ID]; was != r.Now {
			return lang.Errorf("changed since the plan: the server has %q in place of %q", r.Now, was)
		}
	}
	if err := j.kind.Check(j.client, r.ID, r.Want); err != nil {
		return err
	}
	if j.kind.Doubt != nil && !j.options.Force {
		return j.kind.Doubt(r.Now, r.Want)
	}
	return nil
}

// ask asks the server for the values of the rows' records, and who has the rows' values.
func (j *job) ask(ctx context.Context) (listing, error) {
	l := listing{now: map[int64]string{}, held: map[string][]int64{}, rows: map[int64]*Row{}, kind: j.kind}
	wanted := map[string]bool{}
	var ids []int64
	for _, r := range j.rows {
		if r.ID == 0 {
			continue
		}
		if l.rows[r.ID] == nil {
			ids = append(ids, r.ID)
			l.rows[r.ID] = r
		}
		wanted[r.Want] = true
	}
	err := j.kind.List(ctx, j.client, ids, func(id int64, value string) {
		if l.rows[id] != nil {
			l.now[id] = value
		}
		if wanted[value] {
			l.held[value] = append(l.held[value], id)
		}
	})
	return l, err
}
