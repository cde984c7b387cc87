package mirror

import (
	"context"
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/mirrordb"
)

// A reading is a pass over the list of a kind.
type reading struct {
	*Mirror
	list   list
	pass   *mirrordb.Pass
	counts *Counts

	without []string // fields that are not kept
	whole   bool     // every list was, as far as the client can tell
	pages   int      // that the whole list has, where the server numbers them
}

// pass reads a list, whole or by days, and marks what is no longer in it.
func (m *Mirror) pass(ctx context.Context, plan Plan, kind mirrordb.Kind, days window, counts *Counts) error {
	counts.Full = days.isWhole()
	for anew := false; ; anew = true {
		p, err := m.DB.StartPass(ctx, kind, days.from, days.to, anew)
		if err != nil {
			return err
		}
		r := &reading{Mirror: m, list: listOf(m.Client, kind), pass: p, counts: counts, without: plan.Without, whole: true}
		if p.Resumed {
			m.Notes.Note("%s: going on with the run of %s", lang.T(string(kind)), lang.Time(p.At.In(pmpsmart.WIB)))
		}
		if days.isWhole() {
			err = r.window(ctx, days, pmpsmart.Date{})
		} else {
			err = r.windows(ctx, days)
		}
		if errors.Is(err, errMoved) {
			m.Notes.Note("%s: the list has changed meanwhile and is read from its start", lang.T(string(kind)))
			continue
		}
		if err != nil {
			return err
		}
		return r.finish(ctx, plan.AllowVanish)
	}
}

// windows reads the days that the pass has not yet read, a list for each window.
func (r *reading) windows(ctx context.Context, days window) error {
	for from := r.pass.Next; !from.After(days.to); {
		w := window{from, from.AddDays(r.list.days - 1)}
		if w.to.After(days.to) {
			w.to = days.to
		}
		from = w.to.AddDays(1)
		if from.IsZero() { // after the last day of all
			break
		}
		if err := r.window(ctx, w, from); err != nil {
			return err
		}
	}
	return nil
}

// window reads one list and stores it; next is the day that is read then.
func (r *reading) window(ctx context.Context, w window, next pmpsmart.Date) error {
	r.counts.Windows++
	var response pmpsmart.Response
	drift, err := r.store(ctx, w, next, &response)
	r.counts.Requests += int64(response.Attempts)
	if drift != nil && err == nil {
		r.whole = false
		r.Notes.Problem("%s: the list was not whole: want %s, got %s", lang.T(string(r.pass.Kind)), drift.Want, string(drift.Got))
	}
	return err
}

// save stores rows, counts what is new of them and tells of it.
func (r *reading) save(ctx context.Context, rows []mirrordb.Row, to mirrordb.Cursor) error {
	changes, err := r.pass.Store(ctx, rows, to, r.Changes != nil)
	if err != nil {
		return err
	}
	for _, c := range changes {
		switch c.What {
		case mirrordb.New:
			r.counts.New++
		case mirrordb.Changed:
			r.counts.Changed++
		case mirrordb.Back:
			r.counts.Back++
		}
		if c.Repeat {
			r.counts.Conflicts++
			r.Notes.Problem("the server listed %s twice, with different fields (id %d); the later one is kept", c.Code, c.ID)
		}
	}
	return r.tell(changes)
}

func (r *reading) tell(changes []mirrordb.Change) error {
	if r.Changes == nil || len(changes) == 0 {
		return nil
	}
	return r.Changes(changes)
}

// finish ends a pass that was read to its end. What is missing is marked as vanished,
// unless so much is that the server is more likely to be at fault.
func (r *reading) finish(ctx context.Context, allow bool) error {
	kind, counts := r.pass.Kind, r.counts
	if counts.WithoutID > 0 {
		r.Notes.Problem("%s have no id, or one that is no number, and are not in the mirror", lang.Count(counts.WithoutID, kind.Noun()))
	}
	if err := r.confirm(ctx); err != nil {
		return err
	}
	missing, before, err := r.pass.Missing(ctx)
	if err != nil {
		return err
	}
	vanish := true
	switch {
	case missing == 0:
	case !r.whole || counts.WithoutID > 0:
		vanish = false
		r.Notes.Problem("%s are missing in a list that was not whole, and are not marked as vanished", lang.Count(missing, kind.Noun()))
	case !allow && isSuspicious(missing, before):
		vanish = false
		r.Notes.Problem("%s of %s are not in the server's list any more: too many to believe it, and none is marked as vanished; -allow-vanish marks them", lang.Number(missing), lang.Count(before, kind.Noun()))
	}
	if !vanish {
		counts.NotMarked = missing
	}
	changes, err := r.pass.Finish(ctx, vanish)
	if err != nil {
		return err
	}
	counts.Vanished += int64(len(changes))
	return r.tell(changes)
}

// isSuspicious reports whether more than half of the records are missing, or all of
// them where there were several.
func isSuspicious(missing, before int64) bool {
	return missing*2 > before && (missing > 3 || missing == before && missing > 1)
}
