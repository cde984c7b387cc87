package report

import (
	"context"
	"iter"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// A mirror is the source that needs no server: it is as of the last run of pmpsmart
// mirror.
type mirror struct{ reader *mirrordb.Reader }

func openMirror(ctx context.Context, t *tool.Tool, name string) (source, error) {
	reader, err := mirrordb.OpenReader(ctx, name)
	if err != nil {
		return nil, lang.Errorf("-mirror: %w", mirrordb.Mark(err))
	}
	if state, err := reader.State(ctx, mirrordb.Orders); err == nil && !state.FinishedAt.IsZero() {
		t.Note("from the mirror of %s, as of %s", reader.Source(), lang.Time(state.FinishedAt.In(pmpsmart.WIB)))
	}
	return mirror{reader}, nil
}

// Orders returns the orders of a range, and those without a date.
func (m mirror) Orders(ctx context.Context, of tool.Range) iter.Seq2[pmpsmart.Order, error] {
	return whole(ctx, m, mirrordb.Orders, m.reader.Orders(ctx, mirrordb.Range{From: of.From, To: of.To, Undated: true}))
}

// Visits returns the visits of a range, and those without a time.
func (m mirror) Visits(ctx context.Context, of tool.Range) iter.Seq2[pmpsmart.Visit, error] {
	return whole(ctx, m, mirrordb.Visits, m.reader.Visits(ctx, mirrordb.Range{From: of.From, To: of.To, Undated: true}))
}

// Salespeople returns all salespeople.
func (m mirror) Salespeople(ctx context.Context) iter.Seq2[pmpsmart.User, error] {
	return whole(ctx, m, mirrordb.Salespeople, m.reader.Salespeople(ctx))
}

// Close ends the connection.
func (m mirror) Close() error { return m.reader.Close() }

// whole returns a list that the mirror has read to its end at least once, or an error:
// part of a list would be taken for all of it.
func whole[T any](ctx context.Context, m mirror, kind mirrordb.Kind, list iter.Seq2[T, error]) iter.Seq2[T, error] {
	state, err := m.reader.State(ctx, kind)
	if err == nil && state.FinishedAt.IsZero() {
		err = lang.Errorf("the mirror has not read them to the end; run pmpsmart mirror")
	}
	if err == nil {
		return list
	}
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}
