package export

import (
	"context"
	"iter"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// mirrored is how a kind is read from a mirror.
type mirrored struct {
	kind mirrordb.Kind
	read func(ctx context.Context, r *mirrordb.Reader, of mirrordb.Range) iter.Seq2[record, error]
}

// mirrors are the kinds by their names.
var mirrors = map[string]mirrored{
	"orders": {mirrordb.Orders, func(ctx context.Context, r *mirrordb.Reader, of mirrordb.Range) iter.Seq2[record, error] {
		return records(r.Orders(ctx, of), orderRecord)
	}},
	"visits": {mirrordb.Visits, func(ctx context.Context, r *mirrordb.Reader, of mirrordb.Range) iter.Seq2[record, error] {
		return records(r.Visits(ctx, of), visitRecord)
	}},
	"outlets": {mirrordb.Outlets, func(ctx context.Context, r *mirrordb.Reader, _ mirrordb.Range) iter.Seq2[record, error] {
		return records(r.Outlets(ctx), outletRecord)
	}},
	"salespeople": {mirrordb.Salespeople, func(ctx context.Context, r *mirrordb.Reader, _ mirrordb.Range) iter.Seq2[record, error] {
		return records(r.Salespeople(ctx), userRecord)
	}},
	"json-orders": {mirrordb.JSONOrders, func(ctx context.Context, r *mirrordb.Reader, of mirrordb.Range) iter.Seq2[record, error] {
		return records(r.JSONOrders(ctx, of), jsonOrderRecord)
	}},
}

// runMirror exports what a mirror has.
func (j *job) runMirror(ctx context.Context, o *options) error {
	r, err := mirrordb.OpenReader(ctx, o.mirror)
	if err != nil {
		return lang.Errorf("-mirror: %w", mirrordb.Mark(err))
	}
	defer r.Close()
	m := mirrors[j.query.kind.name]
	state, err := r.State(ctx, m.kind)
	switch {
	case err != nil:
		return err
	case state.FinishedAt.IsZero():
		return lang.Errorf("the mirror %s has not yet read all %s; run pmpsmart mirror first", o.mirror, j.query.kind.name)
	}
	j.where = "the mirror of " + r.Source().String()
	j.tool.Note("from the mirror %s of %s, as it was at %s", o.mirror, r.Source(), lang.Time(state.FinishedAt.In(pmpsmart.WIB)))
	j.query.split, j.query.local = false, true
	of := mirrordb.Range{From: j.query.days.From, To: j.query.days.To, Undated: true} // so that they are told of
	return j.run(ctx, func(ctx context.Context, a asked, _ int) iter.Seq2[record, error] {
		return a.finds(m.read(ctx, r, of))
	}, o)
}

// finds returns the records in which a server would find the name or text that is asked
// for.
func (a asked) finds(all iter.Seq2[record, error]) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for r, err := range all {
			if err == nil && !(contains(r.name, a.name) && contains(string(r.line), a.search)) {
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
